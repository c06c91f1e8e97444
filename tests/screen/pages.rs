//! The sandbox's own pages as the command line draws them: golden texts, read by a person, and what every other renderer is
//! compared with.
//!
//! `IC_BLESS=1 cargo test --test screen pages` rewrites `pages.txt`; read the change before you commit it. `IC_PAGES` is a folder
//! to write the pages into as they came, for the renderers of other languages.

use std::{collections::HashSet, fs, path::Path};

use interaction_code::{
    idx::{AuthenticatorKey, RemediationKind, Step},
    screen::{Ending, Screen},
};

use crate::{
    common::{CLIENTS, Person, USERS, call, client, email, sandbox, start_flow},
    draw,
};

/// What the sandbox makes anew each time: keys, numbers to choose.
fn lines(step: &Step) -> String {
    let drawn = draw::lines(&Screen::of(step)).into_iter();
    drawn.map(|line| if line.trim_start().starts_with("= ") { "= …\n".to_owned() } else { line + "\n" }).collect()
}

#[test]
fn the_sandboxs_pages_are_drawn_as_a_person_has_read_them() {
    let sandbox = sandbox();
    let folder = std::env::var_os("IC_PAGES");
    let mut seen = HashSet::new();
    let mut pages = String::from(
        "The sandbox's own pages, by client and user, as `interaction-code inspect --screen` draws them. Made by\n\
         IC_BLESS=1 cargo test --test screen pages; read by a person. What is new each time is left out.\n",
    );
    for app in CLIENTS {
        for user in USERS {
            let client = client(&sandbox, app);
            for (prefers, password) in
                [(AuthenticatorKey::Email, None), (AuthenticatorKey::OktaVerify, Some("Wrong-Horse-1"))]
            {
                let mut person = Person { prefers, ..Person::new(&sandbox, user) };
                person.password = password.unwrap_or(person.password);
                let mut flow = start_flow(&client);
                for _ in 0..8 {
                    let Ok(step) = flow.step().cloned() else { break };
                    let page = lines(&step);
                    // The same page for another person is not read twice.
                    let what: Vec<_> = page.lines().filter(|line| !line.starts_with('@')).map(str::to_owned).collect();
                    if seen.insert(what) {
                        pages.push_str(&format!("\n== {app}, {user}\n{page}"));
                        if let Some(folder) = &folder {
                            let file = Path::new(folder).join(format!("page-{:02}.json", seen.len()));
                            fs::write(file, step.raw()).expect("a folder for the pages");
                        }
                    }
                    let waits = step.remediations().any(|form| form.kind() == RemediationKind::ChallengePoll);
                    if flow.is_complete() || Ending::at(&step).is_some() || waits || step.has_error() {
                        break;
                    }
                    let Some(Ok(answer)) = person.answer(&step) else { break };
                    if flow.proceed(answer, &call()).is_err() {
                        break;
                    }
                }
            }
        }
    }
    assert!(seen.len() >= 20 && USERS.iter().any(|user| pages.contains(&email(user))), "only {} pages", seen.len());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screen/pages.txt");
    if std::env::var_os("IC_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &pages).expect("the pages are writable");
    }
    let is = fs::read_to_string(&path).unwrap_or_default();
    let differs = is.lines().zip(pages.lines()).enumerate().find(|(_, (is, wanted))| is != wanted);
    assert!(is == pages, "{differs:?}");
}
