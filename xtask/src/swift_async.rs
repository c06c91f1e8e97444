//! The waiting methods of the Swift package as `async` ones: made of the generated source, so that none is forgotten.

use anyhow::{Context, Result, bail};

/// What a method that may wait has as its last parameter.
const WAITS: &str = "call: CallOptions? = nil)";

/// How many methods wait. Another number is looked at, and written here.
const METHODS: usize = 17;

/// An overload for each method that waits: the same name, the same words about it, and `inBackground` behind it. In an
/// asynchronous function Swift takes the overload, so that nobody blocks a thread of its pool by mistake.
pub fn overloads(source: &str) -> Result<String> {
    let lines: Vec<&str> = source.lines().collect();
    let (mut class, mut made, mut count) = ("", String::new(), 0);
    for (number, line) in lines.iter().enumerate() {
        if let Some(name) = line.strip_prefix("open class ") {
            class = name.split(':').next().unwrap_or_default();
        }
        let Some(method) = line.strip_prefix("open func ").filter(|method| method.contains(WAITS)) else { continue };
        if made.is_empty() {
            made.push_str("\n// MARK: - The methods that wait, for async functions. Made by `cargo xtask`.\n");
        }
        made.push_str(&format!("\nextension {class} {{\n{}", words(&lines[..number])?));
        made.push_str(&overload(method)?);
        count += 1;
    }
    if count != METHODS {
        bail!("{count} methods of the Swift source wait, and not {METHODS}: look at them in xtask/src/swift_async.rs");
    }
    Ok(made)
}

/// The comment that stands before a method.
fn words(before: &[&str]) -> Result<String> {
    let begin = before.iter().rposition(|line| line.trim() == "/**").context("a method has a comment")?;
    Ok(before[begin..].iter().map(|line| format!("{line}\n")).collect())
}

/// `poll(call: CallOptions? = nil)throws  -> Step  {`
fn overload(method: &str) -> Result<String> {
    let (name, rest) = method.split_once('(').context("a method has parameters")?;
    let (parameters, result) = rest.split_once(")throws").context("a method that waits throws")?;
    let result = result.split_once("->").map(|(_, result)| result.trim_end_matches(['{', ' ']).trim());
    let names = parameters.split(", ").filter_map(|parameter| parameter.split_once(':')).map(|(name, _)| name);
    let passed: Vec<_> =
        names.map(|name| if name == "call" { "call: $0".to_owned() } else { format!("{name}: {name}") }).collect();
    let (discardable, arrow) = match result {
        Some("Step") => ("    @discardableResult\n", " -> Step".to_owned()),
        Some(result) => ("", format!(" -> {result}")),
        None => ("", String::new()),
    };
    Ok(format!(
        "{discardable}    public func {name}({parameters}) async throws{arrow} {{\n        \
         try await inBackground(call) {{ try self.{name}({}) }}\n    }}\n}}\n",
        passed.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_method_and_its_overload() {
        let made = super::overload("proceed(answer: Answer, call: CallOptions? = nil)throws  -> Step  {").unwrap();
        let wanted = "    @discardableResult\n    public func proceed(answer: Answer, call: CallOptions? = nil) async throws -> Step \
             {\n        try await inBackground(call) { try self.proceed(answer: answer, call: $0) }\n    }\n}\n";
        assert_eq!(made, wanted);
        let made = super::overload("handleCallback(url: String, call: CallOptions? = nil)throws   {try rust").unwrap();
        assert!(made.contains("async throws {\n"), "{made}");
    }
}
