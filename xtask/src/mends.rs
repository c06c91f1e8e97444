//! What is mended in the sources that UniFFI generates, because an app would be hurt by it. Each mend must fit exactly as
//! often as it says, so that an update of UniFFI cannot undo one without a word.

use anyhow::{Result, bail};

use crate::swift_async;

/// A piece of generated text and what stands there instead.
struct Mend {
    was: &'static str,
    is: &'static str,
    times: usize,
}

/// The Kotlin source.
pub fn kotlin(source: &str) -> Result<String> {
    let source = mend(
        &without_futures(source)?,
        &[
            // A `java.lang.Error` in a callback (a failed assertion, `TODO()`) would become a success without a value.
            Mend { was: "catch(e: kotlin.Exception)", is: "catch(e: Throwable)", times: 2 },
            // The stack trace of an undeclared exception holds its text, and that may hold anything.
            Mend {
                was: r#"try { e.stackTraceToString() } catch(_: Throwable) { "" }"#,
                is: "e.javaClass.name",
                times: 2,
            },
            // A declared error that cannot cross (half a character in its text) would become a success without a value, too.
            Mend {
                was: "if (e is E) {\n            callStatus.code = UNIFFI_CALL_ERROR\n            callStatus.error_buf = lowerError(e)",
                is: "Thrown.keep(e)\n        val lowered = if (e is E) kotlin.runCatching { lowerError(e) }.getOrNull() else null\n        \
                     if (lowered != null) {\n            callStatus.code = UNIFFI_CALL_ERROR\n            \
                     callStatus.error_buf = lowered",
                times: 1,
            },
            // The very exception of a callback comes out of the call: `Thrown`, written by hand.
            Mend {
                was: "try {\n        writeReturn(makeCall())",
                is: "try {\n        Thrown.begin()\n        writeReturn(makeCall())",
                times: 2,
            },
            Mend {
                was: "var status = UniffiRustCallStatus()\n    val return_value = callback(status)\n    \
                      uniffiCheckCallStatus(errorHandler, status)",
                is: "val status = UniffiRustCallStatus()\n    val call = Thrown.enter()\n    \
                     val return_value = try { callback(status) } finally { Thrown.leave(call) }\n    \
                     uniffiCheckCallStatus(errorHandler, status, call)",
                times: 1,
            },
            Mend {
                was: "status: UniffiRustCallStatus) {",
                is: "status: UniffiRustCallStatus, call: Thrown) {",
                times: 1,
            },
            Mend {
                was: "throw errorHandler.lift(status.error_buf)",
                is: "throw call.out(errorHandler.lift(status.error_buf))",
                times: 1,
            },
            // Half a character: an error that says so, instead of `Input length = 1`.
            Mend {
                was: "encode(CharBuffer.wrap(value))",
                is: "try { encode(CharBuffer.wrap(value)) } catch (_: java.nio.charset.CharacterCodingException) {\n                \
                     throw IllegalArgumentException(\"a text has half a character: a surrogate without its other half\")\n            }",
                times: 1,
            },
            // The handle that was cloned for such a call belongs to nobody then.
            Mend {
                was: "return block(this.uniffiCloneHandle())",
                is: "val cloned = this.uniffiCloneHandle()\n            \
                     try { return block(cloned) } catch (e: IllegalArgumentException) { UniffiCleanAction(cloned).run(); throw e }",
                times: KOTLIN_OBJECTS,
            },
            // A closed object that is in use all the time would never end: each new call kept it.
            Mend { was: "if (c == 0L) {", is: "if (c == 0L || this.uniffiIsDestroyed) {", times: KOTLIN_OBJECTS },
            Mend {
                was: "private class UniffiCleanAction(",
                is: "internal class UniffiCleanAction(",
                times: KOTLIN_OBJECTS,
            },
            // What people read first.
            Mend { was: r#"get() = "details=${ `details` }""#, is: "get() = `details`.`text`", times: 12 },
            Mend {
                was: r#"get() = "reason=${ `reason` }, maybeSent=${ `maybeSent` }""#,
                is: "get() = `reason`",
                times: 5,
            },
            Mend { was: r#"get() = "reason=${ `reason` }""#, is: "get() = `reason`", times: 1 },
            Mend { was: r#"get() = """#, is: r#"get() = "the answer is larger than the request accepts""#, times: 1 },
            // The details without a `when`.
            Mend {
                was: "sealed class SignInException: kotlin.Exception() {",
                is: "sealed class SignInException: kotlin.Exception() {\n\n    /**\n     * What is known of the failure.\n     */\n    \
                     abstract val `details`: ErrorDetails",
                times: 1,
            },
            Mend {
                was: "        val `details`: ErrorDetails\n        ) : SignInException() {",
                is: "        override val `details`: ErrorDetails\n        ) : SignInException() {",
                times: 12,
            },
            // Java has no default arguments.
            Mend {
                was: "data class ClientConfig (",
                is: "data class ClientConfig @JvmOverloads constructor (",
                times: 1,
            },
            Mend {
                was: "data class CallOptions (",
                is: "data class CallOptions @JvmOverloads constructor (",
                times: 1,
            },
            Mend { was: "data class Hosts (", is: "data class Hosts @JvmOverloads constructor (", times: 1 },
            Mend {
                was: "data class StartOptions (",
                is: "data class StartOptions @JvmOverloads constructor (",
                times: 1,
            },
            Mend {
                was: "data class ErrorDetails (",
                is: "data class ErrorDetails @JvmOverloads constructor (",
                times: 1,
            },
            Mend {
                was: "    constructor(`config`: ClientConfig, `hosts`: Hosts? = null) :",
                is: "    @JvmOverloads constructor(`config`: ClientConfig, `hosts`: Hosts? = null) :",
                times: 1,
            },
            // Nor has it objects beside a class: what makes one is static there.
            Mend {
                was: "    @Throws(SignInException::class) fun `",
                is: "    @JvmStatic @Throws(SignInException::class) fun `",
                times: 3,
            },
            // Java people do not expect a checked exception of each call.
            Mend { was: "Exception: kotlin.Exception() {", is: "Exception: kotlin.RuntimeException() {", times: 3 },
            // A panic is a failure like any other, and no class of the generator's own.
            Mend {
                was: "throw InternalException(FfiConverterString.lift(status.error_buf))",
                is: "throw Thrown.bug(FfiConverterString.lift(status.error_buf))",
                times: 1,
            },
            Mend { was: "throw InternalException(\"Rust panic\")", is: "throw Thrown.bug(\"a panic\")", times: 1 },
            // `finally { token.close() }` beside a `cancel` of another thread.
            Mend {
                was: "    @Throws(SignInException::class)override fun `cancel`()\n        =",
                is: "    override fun `cancel`() {\n        try {\n            cancelOpen()\n        } catch (closed: IllegalStateException) {\n            \
                     if (!uniffiIsDestroyed) throw closed\n        }\n    }\n\n    private fun cancelOpen()\n        =",
                times: 1,
            },
            // What only the generated code needs is not for people.
            Mend { was: "\npublic interface FfiConverter", is: "\ninternal interface FfiConverter", times: 2 },
            Mend {
                was: "\npublic abstract class FfiConverterCallbackInterface",
                is: "\ninternal abstract class FfiConverterCallbackInterface",
                times: 1,
            },
            Mend { was: "\nopen class RustBuffer", is: "\ninternal open class RustBuffer", times: 1 },
            Mend { was: "\nclass InternalException(", is: "\ninternal class InternalException(", times: 1 },
            Mend {
                was: "\ninterface UniffiRustCallStatusErrorHandler",
                is: "\ninternal interface UniffiRustCallStatusErrorHandler",
                times: 1,
            },
            Mend {
                was: "\nobject UniffiNullRustCallStatusErrorHandler",
                is: "\ninternal object UniffiNullRustCallStatusErrorHandler",
                times: 1,
            },
            Mend {
                was: "    companion object ErrorHandler : Uniffi",
                is: "    internal companion object ErrorHandler : Uniffi",
                times: 3,
            },
            Mend {
                was: "\npublic fun uniffiEnsureInitialized",
                is: "\ninternal fun uniffiEnsureInitialized",
                times: 1,
            },
            // Generated code is not written for people; what is written by hand beside it is checked.
            Mend { was: r#"@file:Suppress("NAME_SHADOWING")"#, is: KOTLIN_SUPPRESSED, times: 1 },
        ],
    )?;
    let source = kotlin_cases(source)?;
    // The two cases that have nothing but the flag.
    let flag = r#"get() = "maybeSent=${ `maybeSent` }""#;
    let [start, cancelled, end] = source.splitn(3, flag).collect::<Vec<_>>()[..] else {
        bail!("UniFFI does not generate `{flag}` twice: look at the mend for it in xtask/src/mends.rs");
    };
    let (cancel, timeout) = ("the request was cancelled", "the time of the request was over");
    Ok(format!("{start}get() = \"{cancel}\"{cancelled}get() = \"{timeout}\"{end}"))
}

/// What waits for Rust's own futures, of which the library has none: JNA binds all that is declared, and these are not
/// exported (see `bindings::symbols`).
fn without_futures(source: &str) -> Result<String> {
    const DECLARED: &str = "    external fun ffi_interaction_code_rust_future_";
    let (mut kept, mut declared) = (String::with_capacity(source.len()), 0);
    let mut lines = source.split_inclusive('\n');
    while let Some(line) = lines.next() {
        if !line.starts_with(DECLARED) {
            kept.push_str(line);
            continue;
        }
        declared += 1;
        // A declaration ends where its parameters do.
        let end = lines.next().unwrap_or_default();
        if !end.trim_start().starts_with("):") {
            bail!("UniFFI declares what waits for futures in another way: look at xtask/src/mends.rs");
        }
    }
    if declared != FUTURES || kept.contains("rust_future_") {
        bail!("UniFFI declares {declared} functions that wait for futures: look at xtask/src/mends.rs");
    }
    Ok(kept)
}

/// Four for each of twelve types.
const FUTURES: usize = 48;

/// A case without members says its name in a log, and is equal to itself: a `data object`.
fn kotlin_cases(mut source: String) -> Result<String> {
    for indent in ["\n    object ", "\n        object "] {
        source = source.replace(indent, &indent.replace("object", "data object"));
    }
    let found = source.matches("    data object ").count();
    if found < 200 {
        bail!("UniFFI generates only {found} cases as objects: look at them in xtask/src/mends.rs");
    }
    // Everything that crosses has a converter.
    source = source.replace("\npublic object FfiConverter", "\ninternal object FfiConverter");
    for hook in ["CancelListener", "LogSink", "RemediationHandler", "Storage", "Transport"] {
        let (was, is) = (format!("\nopen class {hook}Impl:"), format!("\ninternal open class {hook}Impl:"));
        if !source.contains(&was) {
            bail!("UniFFI does not generate `{was}`: look at it in xtask/src/mends.rs");
        }
        source = source.replace(&was, &is);
    }
    Ok(source)
}

/// Objects that are used through a handle, the library's own and those that stand for a callback.
const KOTLIN_OBJECTS: usize = 12;

/// What the compiler would warn of in the generated source.
const KOTLIN_SUPPRESSED: &str = r#"@file:Suppress(
    "NAME_SHADOWING",
    "NO_EXPLICIT_VISIBILITY_IN_API_MODE_WARNING",
    "NO_EXPLICIT_RETURN_TYPE_IN_API_MODE_WARNING",
)"#;

/// The Swift source.
pub fn swift(source: &str) -> Result<String> {
    let mended = mend(
        source,
        &[
            // The description of an undeclared error may hold anything.
            Mend {
                was: "FfiConverterString.lower(String(describing: error))",
                is: "FfiConverterString.lower(String(reflecting: type(of: error)))",
                times: 2,
            },
            // What SwiftUI and UIKit show to the person, not what the developer reads: both are written by hand.
            Mend { was: "String(reflecting: self)", is: "forThePerson", times: 3 },
            // What is printed redacted would still be shown by `dump` and in a debugger, member by member.
            Mend { was: "CustomDebugStringConvertible, CustomStringConvertible {", is: "Redacted {", times: 3 },
        ],
    )?;
    let mended = swift_cases(mended)?;
    let overloads = swift_async::overloads(&mended)?;
    Ok(mended + &overloads)
}

/// The cases of the errors, and how often each is named: a case begins with a small letter in Swift.
const SWIFT_CASES: [(&str, usize); 18] = [
    ("Cancelled", 7),
    ("TimedOut", 6),
    ("Unreachable", 3),
    ("RetryLater", 3),
    ("WrongAnswer", 15),
    ("Ended", 5),
    ("Refused", 3),
    ("Untrusted", 3),
    ("Busy", 5),
    ("Misuse", 5),
    ("App", 5),
    ("Internal", 3),
    ("Offline", 3),
    ("Tls", 3),
    ("Proxy", 3),
    ("Network", 3),
    ("TooLarge", 3),
    ("Failed", 6),
];

fn swift_cases(mut source: String) -> Result<String> {
    for (name, times) in SWIFT_CASES {
        let small = name[..1].to_lowercase() + &name[1..];
        let mut found = 0;
        for before in ["case ", "."] {
            for after in ["(", ":", "\n", "`"] {
                let was = format!("{before}{name}{after}");
                found += source.matches(&was).count();
                // A word of the language is a name between backticks.
                let quoted = small == "internal" && before == "case ";
                let small = if quoted { format!("`{small}`") } else { small.clone() };
                source = source.replace(&was, &format!("{before}{small}{after}"));
            }
        }
        if found != times {
            bail!("UniFFI names the case `{name}` {found} times and not {times}: look at it in xtask/src/mends.rs");
        }
    }
    Ok(source)
}

fn mend(source: &str, mends: &[Mend]) -> Result<String> {
    let mut mended = source.to_owned();
    for Mend { was, is, times } in mends {
        let found = mended.matches(was).count();
        if found != *times {
            bail!(
                "UniFFI generates `{was}` {found} times and not {times}: look at the mend for it in xtask/src/mends.rs"
            );
        }
        mended = mended.replace(was, is);
    }
    Ok(mended)
}

#[cfg(test)]
mod tests {
    use super::{Mend, mend};

    #[test]
    fn a_mend_that_does_not_fit_is_an_error() {
        assert_eq!(mend("a b a", &[Mend { was: "a", is: "c", times: 2 }]).unwrap(), "c b c");
        for times in [0, 1, 3] {
            assert!(mend("a b a", &[Mend { was: "a", is: "c", times }]).is_err());
        }
    }
}
