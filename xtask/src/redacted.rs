//! Records that may hold secrets print only what they are, in every language.
//!
//! The core could say that: but each of them would then be sent back over the border, whole, to have its name printed, and what
//! reads all of them on the other side is a tenth of the library. So the generated sources say it. Which ones they are is
//! written once, beside each type: `redacted!(…)` in the room `mobile`.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::run::root;

/// The types that print only their names.
pub fn names() -> Result<Vec<String>> {
    let mut names = Vec::new();
    read(&root().join("src/mobile"), &mut names)?;
    names.sort();
    Ok(names)
}

fn read(folder: &Path, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(&path, names)?;
            continue;
        }
        let source = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let listed = source.lines().filter_map(|line| line.strip_prefix("redacted!(")?.strip_suffix(");"));
        names.extend(listed.flat_map(|names| names.split(", ")).map(str::to_owned));
    }
    Ok(())
}

/// Kotlin: a method of a data class; of a sealed class a final one, so that no case of it makes its own.
pub fn kotlin(mut source: String, names: &[String]) -> Result<String> {
    for name in names {
        let says = format!("override fun toString(): String = \"{name} [redacted]\"\n");
        let (record, cases) = (format!("\ndata class {name} "), format!("\nsealed class {name}"));
        if let Some(at) = once(&source, &record)? {
            let end = "\n    companion object\n}";
            let body = source[at..].find(end).with_context(|| format!("the end of {name}"))?;
            source.insert_str(at + body, &format!("\n    {says}"));
        } else if let Some(at) = once(&source, &format!("{cases} "))?.or(once(&source, &format!("{cases}:"))?) {
            let body = source[at..].find("{\n").with_context(|| format!("the cases of {name}"))? + 2;
            source.insert_str(at + body, &format!("\n    final {says}"));
        } else {
            object(&source, &format!("\nopen class {name}:"))?;
        }
    }
    Ok(source)
}

/// Swift: the protocol `Redacted`, which is written by hand. It also keeps `dump` and debuggers from showing the members.
pub fn swift(mut source: String, names: &[String]) -> Result<String> {
    for name in names {
        let types = ["struct", "enum"].map(|kind| format!("\npublic {kind} {name}"));
        let ends = [": ", " {", "{"];
        let mut heads = types.iter().flat_map(|head| ends.map(|end| format!("{head}{end}")));
        let found = heads.find_map(|head| source.find(&head));
        let Some(at) = found else {
            object(&source, &format!("\nopen class {name}: "))?;
            continue;
        };
        let brace = at + source[at..].find('{').context("a type has a body")?;
        let head = source[at..brace].trim_end().to_owned();
        let joined = if head.contains(':') { ", " } else { ": " };
        source.replace_range(at..brace, &format!("{head}{joined}Redacted "));
    }
    Ok(source)
}

/// Python: both ways to print an object, for a record and for each case of an enum.
pub fn python(source: &str, names: &[String]) -> Result<String> {
    let mut lines = source.lines();
    let (mut made, mut of, mut mended) = (String::with_capacity(source.len()), None, Vec::new());
    while let Some(line) = lines.next() {
        if let Some(class) = line.strip_prefix("class ") {
            let class = class.split([':', '(']).next().unwrap_or(class);
            of = names.iter().find(|name| *name == class);
        }
        made.push_str(line);
        made.push('\n');
        if let (Some(name), Some(indent)) = (of, line.strip_suffix("def __str__(self):")) {
            lines.next().filter(|line| line.trim_start().starts_with("return ")).context("what __str__ gives")?;
            made += &format!("{indent}    return \"{name} [redacted]\"\n{indent}__repr__ = __str__\n");
            mended.push(name);
        }
    }
    for name in names.iter().filter(|name| !mended.contains(name)) {
        object(source, &format!("\nclass {name}({name}Protocol):"))?;
    }
    Ok(made)
}

/// Where `head` is, if it is there; twice is an error.
fn once(source: &str, head: &str) -> Result<Option<usize>> {
    if source.matches(head).count() > 1 {
        bail!("UniFFI generates `{head}` twice: look at xtask/src/redacted.rs");
    }
    Ok(source.find(head))
}

/// Objects cross as a number: they are printed by the core.
fn object(source: &str, head: &str) -> Result<()> {
    if once(source, head)?.is_none() {
        bail!("UniFFI generates no `{head}`: look at xtask/src/redacted.rs");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{kotlin, names, python, swift};

    fn both() -> Vec<String> {
        ["Key", "Value"].map(str::to_owned).to_vec()
    }

    #[test]
    fn what_may_hold_secrets_is_read_from_the_source() {
        let names = names().unwrap();
        for name in ["Tokens", "Screen", "JsonValue", "TransportRequest", "Answer"] {
            assert!(names.iter().any(|own| own == name), "{name} of {names:?}");
        }
    }

    #[test]
    fn a_record_and_the_cases_of_an_enum_print_their_name() {
        let source = "\ndata class Key (\n    val `a`: Int\n){\n\n    companion object\n}\n\nsealed class Value {\n    data class \
                      Text(val a: Int) : Value()\n    companion object\n}\n";
        let made = kotlin(source.to_owned(), &both()).unwrap();
        assert!(made.contains("){\n\n    override fun toString(): String = \"Key [redacted]\"\n"), "{made}");
        assert!(
            made.contains("Value {\n\n    final override fun toString(): String = \"Value [redacted]\"\n"),
            "{made}"
        );

        let source = "\npublic struct Key: Equatable, Hashable {\n}\n\npublic enum Value {\n}\n";
        let made = swift(source.to_owned(), &both()).unwrap();
        assert!(made.contains("Key: Equatable, Hashable, Redacted {\n"), "{made}");
        assert!(made.contains("enum Value: Redacted {\n"), "{made}");

        let source = "class Key:\n    def __str__(self):\n        return \"Key(a={})\".format(self.a)\nclass Value:\n    class TEXT:\n        \
                      def __str__(self):\n            return f\"Value.TEXT{self.a!r}\"\nclass Other:\n    def __str__(self):\n        return self.a\n";
        let made = python(source, &both()).unwrap();
        assert_eq!(made.matches("[redacted]").count(), 2);
        assert!(made.contains("            return \"Value [redacted]\"\n        __repr__ = __str__\n"), "{made}");
        assert!(made.ends_with("return self.a\n"), "{made}");
    }

    #[test]
    fn a_type_that_is_not_there_is_an_error() {
        let names = ["Gone".to_owned()];
        assert!(kotlin(String::new(), &names).is_err());
        assert!(swift(String::new(), &names).is_err());
        assert!(python("", &names).is_err());
    }
}
