//! `sign-in`: a whole sign-in from the terminal, or from a file of answers, ended by one JSON line.

mod answers;
mod ask;
mod browser;
mod by_file;
mod by_person;
mod lookup;
mod report;
mod setup;
mod show;
mod trace;

use std::{path::Path, sync::Arc, time::Duration};

use interaction_code::{Call, CancelToken, Client, Flow, Snapshot, Tokens};

use crate::{
    args::SignIn,
    exit,
    failure::Failure,
    files, result,
    term::{self, Input, Screen, signals, style},
};
use answers::Answers;
use trace::Meter;

/// How long a sign-in may take when every answer is at hand.
const BY_FILE: Duration = Duration::from_secs(300);
/// How long it may take when a person has to look for a phone.
const BY_PERSON: Duration = Duration::from_secs(900);

/// What a sign-in has at hand.
struct Desk<'a> {
    options: &'a SignIn,
    screen: &'a Screen,
    input: &'a Input,
    call: &'a Call,
}

/// Runs the command and returns its exit code.
pub fn command(options: &SignIn) -> u8 {
    let cancel = CancelToken::new();
    let screen = Arc::new(Screen::default());
    let meter = Arc::new(Meter::default());
    let mut flow = None;
    let mut answer = None;
    let usual = if options.answers.is_some() { BY_FILE } else { BY_PERSON };
    let limit = options.timeout.map_or(usual, Duration::from_secs);
    let call = Call::new().cancel(&cancel).timeout(limit).started(limit);
    let ended = match (signals::listen(&cancel), Input::new(&call)) {
        (Ok(()), Ok(input)) => {
            let desk = Desk { options, screen: &screen, input: &input, call: &call };
            match options.browser {
                true => browser::run(&desk, &screen, &meter),
                false => sign_in(&desk, &screen, &meter, &mut flow, &mut answer),
            }
        }
        (Err(failure), _) => Err(failure),
        (_, Err(error)) => Err(Failure::Usage(format!("standard input cannot be read: {error}"))),
    };
    screen.end_wait();
    let ended = ended.map_err(|failure| if cancel.is_cancelled() { Failure::told() } else { failure });
    let counts = report::Counts {
        requests: flow.as_ref().map_or(meter.requests(), Flow::requests),
        key_requests: meter.key_requests(),
    };
    let wanted = options.result.wants_line();
    match &ended {
        Ok(tokens) => {
            let who = tokens
                .claims
                .as_ref()
                .and_then(|claims| claims.preferred_username().or(claims.email()).or(claims.name()));
            let text = who.map_or("Signed in.".to_owned(), |who| format!("Signed in as {}.", term::clean(who)));
            screen.line(&style::paint(style::GOOD, &text));
            let wanted = wanted || options.show_tokens;
            if !wanted {
                screen.note(&report::summary(tokens));
            }
            result::write(&report::success(tokens, &counts, options.show_tokens), wanted, exit::SUCCESS)
        }
        Err(failure) => {
            // That the answers are used up is not the fault of the last one.
            let faulty = answer.filter(|_| !matches!(failure, Failure::InputEnded(_)));
            let place = faulty.map(|number| format!("answer {number}: ")).unwrap_or_default();
            match failure {
                Failure::Ended(ending) if ending.good => {
                    screen.line(&style::paint(style::GOOD, &term::clean(&ending.text.text)));
                }
                _ => term::error_line(&format!("{place}{failure}")),
            }
            keep(options, flow.as_ref());
            let line = report::failure(failure, flow.as_ref(), answer, &counts);
            result::write(&line, wanted, line.what.exit_code)
        }
    }
}

/// The sign-in. `flow` and `answer` are left behind for the report.
fn sign_in(
    desk: &Desk<'_>,
    screen: &Arc<Screen>,
    meter: &Arc<Meter>,
    flow: &mut Option<Flow>,
    answer: &mut Option<usize>,
) -> Result<Tokens, Failure> {
    let client = setup::client(desk, screen, meter)?;
    let start = setup::start_options(desk)?;
    let mut answers = desk.options.answers.as_deref().map(|path| read_answers(desk, path)).transpose()?;
    let flow = flow.insert(match &desk.options.resume {
        Some(path) => resume(desk, &client, path)?,
        None => client.start(start, desk.call)?,
    });
    let tokens = match &mut answers {
        Some(answers) => by_file::run(desk, flow, answers, answer)?,
        None => by_person::run(desk, flow)?,
    };
    if let Some(path) = &desk.options.resume {
        // What continued this sign-in is of no use any more, and still a secret.
        if let Err(error) = std::fs::remove_file(path) {
            screen.note(&format!("{} could not be deleted: {error}", path.display()));
        }
    }
    Ok(tokens)
}

fn read_answers(desk: &Desk<'_>, path: &Path) -> Result<Answers, Failure> {
    let (text, name) = if files::is_stdin(path) {
        (desk.input.read_all(files::MAX_FILE)?, "standard input".to_owned())
    } else {
        let (text, open_to_others) = files::read_secret(path)?;
        let name = path.display().to_string();
        if open_to_others && Answers::has_plain_values(&text) {
            warn_of_others(desk, &name);
        }
        (text, name)
    };
    let answers = Answers::read(&text);
    let checked = answers.and_then(|answers| answers.check_environment().map(|()| answers));
    checked.map_err(|failure| failure.within(&name))
}

fn warn_of_others(desk: &Desk<'_>, name: &str) {
    let text = format!(
        "{} others on this machine can read {}; chmod 600 keeps it yours",
        style::paint(style::WARNING, "WARNING"),
        term::clean(name)
    );
    desk.screen.line(&text);
}

fn resume(desk: &Desk<'_>, client: &Client, path: &Path) -> Result<Flow, Failure> {
    let (text, open_to_others) = files::read_secret(path)?;
    if open_to_others {
        warn_of_others(desk, &path.display().to_string());
    }
    let mut flow = client.restore(&Snapshot::from_text(text.as_str()))?;
    // Somebody may have gone on elsewhere; asking changes nothing.
    if !flow.is_complete() {
        flow.refresh(desk.call)?;
    }
    Ok(flow)
}

/// Saves what was broken off, where that was asked for and something can be continued.
fn keep(options: &SignIn, flow: Option<&Flow>) {
    let (Some(path), Some(flow)) = (&options.save_on_exit, flow) else { return };
    let saved = flow.save().map_err(Failure::from).and_then(|saved| files::write_secret(path, saved.expose()));
    match saved {
        Ok(()) => term::note(&format!("Saved to {} (a secret); go on with --resume.", path.display())),
        Err(failure) => term::error_line(&format!("the sign-in was not saved: {failure}")),
    }
}
