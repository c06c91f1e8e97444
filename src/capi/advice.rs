//! What to do about an error, in the words of this face: where the core's advice is to call something, a C program is told the
//! name of the function. Everything else is said in words that are good for every language, and goes through as it is.

use crate::error::Error;

/// The advice of the core, and what a C program is told in its place.
const ADVICE: [(&str, &str); 13] = [
    (
        "Call finish when it is complete, restart when it is over",
        "Call ic_flow_finish when it is complete, ic_flow_restart when it is over",
    ),
    (
        "The tokens are kept: call finish again to verify them",
        "The tokens are kept: call ic_flow_finish again to verify them",
    ),
    (
        "The flow is where it was; refresh asks the server again",
        "The flow is where it was; ic_flow_refresh asks the server again",
    ),
    (
        "Ask the server for the current step before sending anything again",
        "Call ic_flow_refresh before sending anything again: the server knows the current step",
    ),
    (
        "Restart the flow before the person is sent to the browser again",
        "Call ic_flow_restart before the person is sent to the browser again",
    ),
    (
        "Open its navigation address in the user's browser, and hand the callback URL to the flow",
        "Open its address (ic_remediation_href) in the user's browser, and give the callback URL to ic_flow_handle_callback",
    ),
    (
        "Hand the address of the way to the browser or to the operating system",
        "Give the address (ic_screen_way_url) to the browser or to the operating system",
    ),
    ("Answer each step, or leave the loop", "Take a way of each screen with ic_flow_take, or leave the loop"),
    ("Draw the screen of the flow again", "Draw the screen again: ic_flow_next gives the one of the current step"),
    ("Take the index of one of its ways", "Take an index below ic_screen_way_count"),
    (
        "Take ways, inputs and options from the screen that the draft was made of",
        "Take numbers and indexes from the ic_screen that the draft was made of",
    ),
    ("Answer it; the step says whether it can be polled", "Answer it; ic_step_poll says whether a step can be polled"),
    ("Set up the app's own transport instead", "Give the program's own transport to ic_config_set_transport instead"),
];

/// The error with its advice in the words of C.
pub(super) fn in_words_of_c(error: Error) -> Error {
    match ADVICE.iter().find(|(core, _)| *core == error.advice()) {
        Some((_, own)) => error.with_advice(own),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::error::ErrorKind;

    fn sources(folder: &Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, all);
            } else {
                all.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn what_is_replaced_is_said_by_the_core_and_what_is_told_exists() {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut core = String::new();
        for room in ["client", "flow", "idx", "screen", "transport"] {
            sources(&src.join(room), &mut core);
        }
        let exports = std::fs::read_to_string(src.with_file_name("tests/exports.txt")).unwrap();
        for (said, told) in ADVICE {
            assert!(core.contains(&format!("\"{said}\"")), "nobody says {said}");
            let names =
                told.split(|c: char| !c.is_ascii_lowercase() && c != '_').filter(|word| word.starts_with("ic_"));
            for name in names.filter(|name| *name != "ic_screen") {
                assert!(exports.lines().any(|line| line == name), "there is no {name}");
            }
        }
    }

    #[test]
    fn an_error_names_functions_of_c() {
        let error = |advice| in_words_of_c(Error::new(ErrorKind::InvalidState, "no step").with_advice(advice));
        let told = error("Call finish when it is complete, restart when it is over").to_string();
        assert_eq!(told, "no step. Call ic_flow_finish when it is complete, ic_flow_restart when it is over");
        assert_eq!(error("Check the network and try again").advice(), "Check the network and try again");
    }
}
