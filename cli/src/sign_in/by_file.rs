//! A sign-in answered from a file: unattended, each entry for one step, everything told in a line on standard error.

use std::cell::{Cell, RefCell};

use interaction_code::{
    Action, Error, ErrorKind, Flow, RemediationHandler, RunEnd, Secret, Tokens, Wait, Waiting,
    idx::{Remediation, Step},
    screen::Screen,
};
use serde_json::Value;

use super::{
    Desk,
    answers::{Act, Answers, Entry, What},
    lookup, show,
};
use crate::{failure::Failure, term::clean};

/// Runs it. `answer` is the number of the entry that was used last.
pub fn run(
    desk: &Desk<'_>,
    flow: &mut Flow,
    answers: &mut Answers,
    answer: &mut Option<usize>,
) -> Result<Tokens, Failure> {
    let script = Script {
        desk,
        answers: RefCell::new(answers),
        answer: Cell::new(None),
        waiting_on: RefCell::new(None),
        polling: Cell::new(false),
        failure: RefCell::new(None),
    };
    loop {
        let ended = flow.run(&script, desk.call);
        *answer = script.answer.get();
        match ended {
            Ok(RunEnd::SignedIn(tokens)) => {
                let (left, total) = script.answers.borrow().left();
                if left > 0 {
                    desk.screen.note(&format!("{left} of {total} answers were not needed."));
                }
                // The sign-in did not end at an answer.
                *answer = None;
                return Ok(*tokens);
            }
            Ok(RunEnd::Ended { ending, .. }) => {
                flow.step().iter().for_each(|step| script.tell(step));
                if !script.next_restarts() {
                    return Err(Failure::Ended(Box::new(ending)));
                }
                *answer = script.answer.get();
                flow.restart(desk.call)?;
            }
            Err(error) => return Err(script.failure.take().unwrap_or(Failure::Library(error))),
        }
    }
}

/// Answers each step with the next entry.
struct Script<'a> {
    desk: &'a Desk<'a>,
    answers: RefCell<&'a mut Answers>,
    answer: Cell<Option<usize>>,
    /// The step that is waited on and was told already.
    waiting_on: RefCell<Option<Step>>,
    /// Whether an entry said to wait for it.
    polling: Cell<bool>,
    failure: RefCell<Option<Failure>>,
}

impl RemediationHandler for Script<'_> {
    fn remediate(&self, step: &Step) -> interaction_code::Result<Action> {
        self.waiting_on.take();
        self.polling.set(false);
        self.tell(step);
        self.next_action(step).map_err(|failure| {
            let error = failure.to_library();
            self.failure.replace(Some(failure));
            error
        })
    }

    fn waiting(&self, waiting: &Waiting<'_>) -> interaction_code::Result<Wait> {
        let known = self.waiting_on.borrow().as_ref().is_some_and(|step| step.asks_the_same_as(waiting.step));
        if !known {
            let explicit = self.polling.get() && self.waiting_on.borrow().is_none();
            self.polling.set(explicit);
            self.waiting_on.replace(Some(waiting.step.clone()));
            if !explicit {
                self.tell(waiting.step);
            }
            if let Some(number) = &waiting.number {
                self.desk.screen.number(number);
            }
        }
        if let Some(trouble) = waiting.trouble {
            self.desk.screen.note(&format!("Going on after: {trouble}"));
        }
        Ok(if self.polling.get() { Wait::Continue } else { self.unless_answered(waiting.step) })
    }
}

impl Script<'_> {
    fn tell(&self, step: &Step) {
        show::tell(&Screen::of(step), &names(step), self.desk.screen);
    }

    /// A step that only waits is waited for, unless the next entry is for it.
    fn unless_answered(&self, step: &Step) -> Wait {
        let polls = match self.answers.borrow().peek().map(|entry| &entry.what) {
            Some(What::Act(Act::Poll)) => true,
            Some(What::Act(_) | What::Callback(_)) => return Wait::Ask,
            Some(What::Fill { remediation, index, .. }) if find(step, remediation, *index).is_ok() => return Wait::Ask,
            _ => false,
        };
        if polls {
            self.take();
            self.polling.set(true);
        }
        Wait::Continue
    }

    fn take(&self) -> Option<Entry> {
        let entry = self.answers.borrow_mut().next()?;
        self.answer.set(Some(entry.number));
        Some(entry)
    }

    /// Takes the next entry if it begins anew.
    fn next_restarts(&self) -> bool {
        let restarts = matches!(self.answers.borrow().peek(), Some(Entry { what: What::Act(Act::Restart), .. }));
        if restarts {
            self.take();
        }
        restarts
    }

    fn next_action(&self, step: &Step) -> Result<Action, Failure> {
        let Some(entry) = self.take() else {
            let (_, total) = self.answers.borrow().left();
            return Err(Failure::InputEnded(format!(
                "the {total} answers were used up before the sign-in was complete; the step is {} and offers {:?}",
                step.status().as_str(),
                names(step)
            )));
        };
        Ok(match entry.what {
            What::Act(Act::Poll) => {
                self.polling.set(true);
                Action::Poll
            }
            What::Act(Act::Resend) => Action::Resend,
            What::Act(Act::Send) => Action::Send,
            What::Act(Act::Recover) => Action::Recover,
            What::Act(Act::Skip) => Action::Skip,
            What::Act(Act::Cancel) => Action::Cancel,
            What::Act(Act::Refresh) => Action::Refresh,
            What::Act(Act::Restart) => Action::Restart,
            What::Callback(url) => match lookup::resolve(&url, self.desk.input)? {
                Value::String(url) => Action::Callback(Secret::from(url)),
                _ => return Err(Failure::Data("the URL of a callback is not a text".to_owned())),
            },
            What::Fill { remediation, index, values, extra } => {
                let form = find(step, &remediation, index)?;
                let mut answer = form.answer()?;
                for (path, value) in values {
                    answer.put(path, lookup::resolve(&value, self.desk.input)?)?;
                }
                for (path, value) in extra {
                    answer.put_extra(path, lookup::resolve(&value, self.desk.input)?)?;
                }
                Action::Proceed(answer)
            }
        })
    }
}

/// The wire names of what a step offers, by which an entry names it.
fn names(step: &Step) -> Vec<String> {
    let actions = step.actions().into_iter().map(|(name, _)| name).filter(|name| name != "context");
    step.remediations().map(|remediation| clean(&remediation.name())).chain(actions.map(|name| clean(&name))).collect()
}

/// The `index`th form of this name: a remediation, or an action such as `authenticatorChallenge-cancel`.
fn find<'s>(step: &'s Step, name: &str, index: usize) -> Result<Remediation<'s>, Failure> {
    let by_name = step.remediations_named(name).nth(index);
    let found = by_name.or_else(|| step.actions().into_iter().find(|(path, _)| path == name).map(|(_, action)| action));
    found.filter(|_| index == 0 || by_name.is_some()).ok_or_else(|| {
        let which = if index > 0 { format!(" with index {index}") } else { String::new() };
        let text = format!("the step does not offer {}{which}; it offers {:?}", clean(name), names(step));
        Failure::Library(Error::new(ErrorKind::NotFound, text).with_advice("Nothing was sent for this answer"))
    })
}
