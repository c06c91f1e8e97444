//! A sign-in answered by a person: each step is shown, each way it offers can be chosen.

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use interaction_code::{
    Action, Error, ErrorKind, Flow, RemediationHandler, RunEnd, Secret, Sent, Tokens, Wait, Waiting,
    idx::{Remediation, Step},
};

use super::{
    Desk, context,
    fill::{Form, Pick},
    labels,
    menu::{self, Way, WayKind},
};
use crate::{
    failure::Failure,
    term::{clean, style},
};

/// Runs it.
pub fn run(desk: &Desk<'_>, flow: &mut Flow) -> Result<Tokens, Failure> {
    let person = Person {
        desk,
        form: Form { screen: desk.screen, input: desk.input },
        shown: RefCell::new(None),
        noted: RefCell::new(None),
        failure: RefCell::new(None),
    };
    loop {
        let mut error = match flow.run(&person, desk.call).and_then(RunEnd::tokens) {
            Ok(tokens) => return Ok(tokens),
            Err(error) => error,
        };
        desk.screen.end_wait();
        if let Some(failure) = person.failure.take() {
            return Err(failure);
        }
        // What the person chooses to do about an error may fail in its turn.
        while let Err(next) = match person.after(flow, &error)? {
            After::Again => Ok(()),
            After::Refresh => flow.refresh(desk.call).map(drop),
            After::Restart => flow.restart(desk.call).map(drop),
        } {
            error = next;
        }
        person.shown.take();
    }
}

/// What to do after an error.
enum After {
    Again,
    Refresh,
    Restart,
}

struct Person<'a> {
    desk: &'a Desk<'a>,
    form: Form<'a>,
    /// What the person sees already.
    shown: RefCell<Option<Step>>,
    /// The trouble of the last poll that was told.
    noted: RefCell<Option<String>>,
    failure: RefCell<Option<Failure>>,
}

impl RemediationHandler for Person<'_> {
    fn remediate(&self, step: &Step) -> interaction_code::Result<Action> {
        self.desk.screen.end_wait();
        self.choose(step).map_err(|failure| {
            let error = failure.to_library();
            self.failure.replace(Some(failure));
            error
        })
    }

    fn waiting(&self, waiting: &Waiting<'_>) -> interaction_code::Result<Wait> {
        let Desk { screen, input, .. } = self.desk;
        self.show(waiting.step);
        if input.was_pressed() {
            return Ok(Wait::Ask);
        }
        input.listen();
        let trouble = waiting.trouble.map(ToString::to_string);
        if *self.noted.borrow() != trouble {
            if let Some(trouble) = &trouble {
                screen.note(&format!("Going on after: {trouble}"));
            }
            self.noted.replace(trouble);
        }
        let other_ways = if input.is_terminal() { ", Enter for other ways" } else { "" };
        let until = Instant::now() + waiting.remaining.min(Duration::from_secs(24 * 3600));
        screen.wait(&format!("{}{other_ways}", labels::waiting(waiting.step)), until);
        Ok(Wait::ContinueFor(Duration::from_millis(200)))
    }
}

impl Person<'_> {
    /// Shows a step, unless it stands there already.
    fn show(&self, step: &Step) {
        let known = self.shown.borrow().as_ref().is_some_and(|shown| shown.asks_the_same_as(step));
        if !known {
            self.desk.screen.end_wait();
            context::show(step, self.desk.screen);
        }
        self.shown.replace(Some(step.clone()));
    }

    fn choose(&self, step: &Step) -> Result<Action, Failure> {
        let ways = menu::ways(step);
        self.show(step);
        if ways.is_empty() {
            return Err(Failure::Library(Error::new(
                ErrorKind::Terminal,
                "the step offers nothing that can be done here",
            )));
        }
        let mut only = menu::only_way(&ways);
        loop {
            let way = match only.take() {
                Some(way) => way,
                None => self.pick(&ways)?,
            };
            let action = match &way.kind {
                WayKind::Wait => Some(Action::Poll),
                WayKind::Act(act) => Some(act.action()),
                WayKind::Form(remediation) => self.form.fill(step, *remediation)?.map(Action::Proceed),
                WayKind::Navigation(remediation) => self.navigate(*remediation)?,
            };
            if let Some(action) = action {
                // The answer may come with the same step and other words: everything is shown again then.
                if !matches!(action, Action::Poll) {
                    self.shown.take();
                }
                return Ok(action);
            }
        }
    }

    fn pick<'w, 's>(&self, ways: &'w [Way<'s>]) -> Result<&'w Way<'s>, Failure> {
        let labels: Vec<_> = ways.iter().map(|way| format!("{} — {}", way.label, way.name)).collect();
        loop {
            if let Pick::One(index) = self.form.pick("What next?", &labels, Some(0), false)? {
                return Ok(&ways[index]);
            }
        }
    }

    /// The browser goes on; what it comes back with is pasted.
    fn navigate(&self, remediation: Remediation<'_>) -> Result<Option<Action>, Failure> {
        let Desk { screen, input, options, .. } = self.desk;
        let href = remediation.navigation().unwrap_or_default();
        let Some(address) = context::address(&href) else {
            screen.error("The server names an address that a browser cannot be sent to.");
            return Ok(None);
        };
        screen.line("Open this address in a browser and sign in there:");
        screen.line(&format!("\n{}\n", style::paint(style::INFO, &address)));
        screen.line(&format!(
            "In the end the browser is sent to {} … Paste that whole address here.",
            clean(&options.redirect_uri)
        ));
        // It carries a code, but one that is of use to this sign-in only.
        let line = input.ask("Address (Enter: go back): ", false)?;
        let url = line.trim();
        Ok((!url.is_empty()).then(|| Action::Callback(Secret::from(url))))
    }

    /// Asks what to do about an error; `Err` to give up.
    fn after(&self, flow: &Flow, error: &Error) -> Result<After, Failure> {
        let Desk { screen, input, call, .. } = self.desk;
        let give_up = || Err(Failure::Library(error.clone()));
        let ends = matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::InvalidToken | ErrorKind::Internal);
        if ends || call.check().is_err() || !input.is_terminal() {
            return give_up();
        }
        if matches!(error.kind(), ErrorKind::Terminal | ErrorKind::Expired) {
            match flow.step() {
                Ok(step) => context::show(step, screen),
                Err(_) => screen.error(&error.to_string()),
            }
            let labels = ["Start again".to_owned(), "Give up".to_owned()];
            return match self.form.pick("What next?", &labels, Some(1), false)? {
                Pick::One(0) => Ok(After::Restart),
                _ => give_up(),
            };
        }
        screen.error(&error.to_string());
        let labels = ["Try again", "Ask the server where the sign-in stands", "Start again", "Give up"];
        let preset = usize::from(error.sent() == Sent::Maybe);
        match self.form.pick("What next?", &labels.map(str::to_owned), Some(preset), false)? {
            Pick::One(0) => Ok(After::Again),
            Pick::One(1) => Ok(After::Refresh),
            Pick::One(2) => Ok(After::Restart),
            _ => give_up(),
        }
    }
}
