//! A sign-in answered by a person: each screen is drawn, its default is asked for, and each way it has can be taken.

use std::time::{Duration, Instant};

use interaction_code::{
    Callback, Error, ErrorKind, Flow, Next, Sent, Tokens, Wait,
    screen::{Does, ElementKind, Ending, Screen, SuggestedKind, Way},
};

use super::{
    Desk,
    ask::{Form, Pick, Row},
    show,
};
use crate::{
    failure::Failure,
    term::{clean, style},
};

/// How often a wait looks whether the person wants another way.
const GLANCE: Duration = Duration::from_millis(200);

/// Runs it.
pub fn run(desk: &Desk<'_>, flow: &mut Flow) -> Result<Tokens, Failure> {
    let person = Person { desk };
    loop {
        let mut error = match person.sign_in(flow) {
            Err(Failure::Library(error)) => error,
            ended => return ended,
        };
        desk.screen.end_wait();
        // What the person chooses to do about an error may fail in its turn.
        while let Err(next) = match person.after(&error)? {
            After::Again => Ok(()),
            After::Refresh => flow.refresh(desk.call).map(drop),
            After::Restart => flow.restart(desk.call).map(drop),
        } {
            error = next;
        }
    }
}

/// What to do after an error.
#[derive(Clone, Copy)]
enum After {
    Again,
    Refresh,
    Restart,
}

/// What taking a way led to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// The server has answered.
    Answered,
    /// The person wants to see the ways.
    Ways,
}

struct Person<'a> {
    desk: &'a Desk<'a>,
}

impl Person<'_> {
    fn sign_in(&self, flow: &mut Flow) -> Result<Tokens, Failure> {
        loop {
            match flow.next(self.desk.call)? {
                Next::Complete => return Ok(flow.finish(self.desk.call)?),
                Next::Ended(ending) => self.end(flow, ending)?,
                Next::Step(_) => self.answer(flow)?,
            }
        }
    }

    /// Shows a step and takes ways until the server has answered.
    fn answer(&self, flow: &mut Flow) -> Result<(), Failure> {
        let screen = flow.screen()?;
        show::front(&screen, self.desk.screen);
        let mut way = by_itself(&screen);
        if way.is_some_and(|way| asks(&screen, way)) && self.desk.input.is_terminal() {
            let others: Vec<&str> = ways(&screen)
                .into_iter()
                .filter(|one| Some(*one) != way)
                .filter_map(|one| label(&screen, one))
                .collect();
            if !others.is_empty() {
                self.desk.screen.note(&format!("Enter alone for other ways: {}", others.join(", ")));
            }
        }
        loop {
            // A poll brings the same step anew.
            let screen = flow.screen()?;
            let taken = match way.take() {
                Some(way) => way,
                None => self.pick(&screen)?,
            };
            if self.take(flow, &screen, taken)? == Taken::Answered {
                return Ok(());
            }
        }
    }

    fn form(&self, others: bool) -> Form<'_> {
        Form { terminal: self.desk.screen, keyboard: self.desk.input, others }
    }

    /// The ways, numbered. Enter takes the default where that asks for more, or waits; everything else wants its number.
    fn pick(&self, screen: &Screen) -> Result<usize, Failure> {
        let mut ways = ways(screen);
        let poll = screen.elements.iter().find_map(|element| match &element.kind {
            ElementKind::Waiting(waiting) => Some(waiting.poll),
            _ => None,
        });
        ways.extend(poll.filter(|poll| !ways.contains(poll)));
        if ways.is_empty() {
            let error = Error::new(ErrorKind::Terminal, "the step offers nothing that can be done here");
            return Err(Failure::Library(error));
        }
        let rows: Vec<Row> = ways
            .iter()
            .map(|way| Row { heading: None, text: label(screen, *way).unwrap_or_default().to_owned() })
            .collect();
        let is_harmless = |way: &usize| asks(screen, *way) || Some(*way) == poll;
        let preset = screen.suggested.way.filter(is_harmless);
        let preset = preset.and_then(|preset| ways.iter().position(|way| *way == preset));
        loop {
            if let Pick::One(index) = self.form(false).pick(Some("How to go on?"), &rows, preset, false)? {
                return Ok(ways[index]);
            }
        }
    }

    fn take(&self, flow: &mut Flow, screen: &Screen, index: usize) -> Result<Taken, Failure> {
        let Some(way) = screen.ways.get(index) else { return Ok(Taken::Ways) };
        match way.does {
            Does::Wait => self.wait(flow, screen),
            Does::Open => self.open(flow, way),
            Does::Launch => {
                let address = way.url.as_deref().map(clean).unwrap_or_default();
                self.desk.screen.line(&format!("Open this address on the device that has the app:\n\n{address}\n"));
                if flow.step()?.poll().is_some() { self.wait(flow, screen) } else { Ok(Taken::Ways) }
            }
            Does::Passkey => {
                self.desk.screen.error("A terminal cannot use passkeys. Take another way.");
                Ok(Taken::Ways)
            }
            Does::Submit | Does::Act | Does::Choose => {
                show::rest(screen, index, self.desk.screen);
                let mut draft = screen.draft();
                let others = ways(screen).into_iter().any(|way| way != index);
                if !self.form(others).fill(&mut draft, index)? {
                    return Ok(Taken::Ways);
                }
                flow.take(&draft, index, self.desk.call)?;
                Ok(Taken::Answered)
            }
        }
    }

    /// Polls until the step changes or the person presses Enter.
    fn wait(&self, flow: &mut Flow, screen: &Screen) -> Result<Taken, Failure> {
        let Desk { screen: terminal, input, call, .. } = self.desk;
        let number = |element: &ElementKind| matches!(element, ElementKind::Number { .. });
        let mut shown = screen
            .elements
            .iter()
            .any(|element| number(&element.kind))
            .then(|| screen.step().number_challenge())
            .flatten()
            .map(|number| number.into_owned());
        let what = screen.elements.iter().find_map(|element| match &element.kind {
            ElementKind::Waiting(waiting) if !waiting.quiet => Some(element.text.text.clone()),
            _ => None,
        });
        let what = what.unwrap_or_else(|| screen.title.text.clone());
        let others = if input.is_terminal() { " — Enter for other ways" } else { "" };
        let mut noted = None;
        let mut pressed = false;
        let changed = {
            let step = flow.poll_while(call, &mut |waiting| {
                let now = waiting.number.as_deref().map(str::to_owned);
                if now.is_some() && now != shown {
                    now.iter().for_each(|number| terminal.number(number));
                    shown = now;
                }
                if input.was_pressed() {
                    pressed = true;
                    return Ok(Wait::Ask);
                }
                input.listen();
                let trouble = waiting.trouble.map(ToString::to_string);
                if noted != trouble {
                    trouble.iter().for_each(|trouble| terminal.note(&format!("Going on after: {trouble}")));
                    noted = trouble;
                }
                let until = Instant::now() + waiting.remaining.min(Duration::from_secs(24 * 3600));
                terminal.wait(&format!("{what}{others}"), until);
                Ok(Wait::ContinueFor(GLANCE))
            })?;
            !step.asks_the_same_as(screen.step())
        };
        terminal.end_wait();
        Ok(if changed || !pressed { Taken::Answered } else { Taken::Ways })
    }

    /// The browser goes on; what it comes back with is pasted.
    fn open(&self, flow: &mut Flow, way: &Way) -> Result<Taken, Failure> {
        let Desk { screen, input, options, call } = self.desk;
        let Some(address) = &way.url else {
            screen.error("The server names an address that a browser cannot be sent to.");
            return Ok(Taken::Ways);
        };
        screen.line("Open this address in a browser:");
        screen.line(&format!("\n{}\n", style::paint(style::INFO, &clean(address))));
        screen.line(&format!(
            "In the end the browser is sent to {} … Paste that whole address here.",
            clean(&options.redirect_uri)
        ));
        // It carries a code, but one that is of use to this sign-in only.
        let line = input.ask("Address (Enter for other ways): ", false)?;
        let url = line.trim();
        if url.is_empty() {
            return Ok(Taken::Ways);
        }
        if let Callback::ShowCode(code) = flow.handle_callback(url, call)? {
            screen.line(&format!("The code to type where you started: {}", clean(code.expose())));
        }
        Ok(Taken::Answered)
    }

    /// The end: shown, and what leads on from it can be taken where somebody is there to say so.
    fn end(&self, flow: &mut Flow, ending: Ending) -> Result<(), Failure> {
        let Ok(screen) = flow.screen() else { return Err(Failure::Ended(Box::new(ending))) };
        show::front(&screen, self.desk.screen);
        let can_send =
            |way: &usize| screen.ways.get(*way).is_some_and(|way| matches!(way.does, Does::Act | Does::Submit));
        let ways: Vec<usize> = ways(&screen).into_iter().filter(can_send).collect();
        if ways.is_empty() || !self.desk.input.is_terminal() {
            return Err(Failure::Ended(Box::new(ending)));
        }
        let label = |way: &usize| label(&screen, *way).unwrap_or_default().to_owned();
        let labels = ways.iter().map(label).chain(["Leave it at that".to_owned()]);
        let rows: Vec<Row> = labels.map(|text| Row { heading: None, text }).collect();
        match self.form(false).pick(Some("How to go on?"), &rows, Some(ways.len()), false)? {
            Pick::One(index) if index < ways.len() => {
                flow.take(&screen.draft(), ways[index], self.desk.call)?;
                Ok(())
            }
            _ => Err(Failure::Ended(Box::new(ending))),
        }
    }

    /// Asks what to do about an error; `Err` to give up.
    fn after(&self, error: &Error) -> Result<After, Failure> {
        let Desk { screen, input, call, .. } = self.desk;
        let give_up = || Err(Failure::Library(error.clone()));
        let ends = matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::InvalidToken | ErrorKind::Internal);
        if ends || call.check().is_err() || !input.is_terminal() {
            return give_up();
        }
        screen.error(&error.to_string());
        let labels = ["Try again", "Ask the server where the sign-in stands", "Start again", "Give up"];
        let rows = labels.map(|text| Row { heading: None, text: text.to_owned() });
        let preset = usize::from(error.sent() == Sent::Maybe);
        match self.form(false).pick(Some("How to go on?"), &rows, Some(preset), false)? {
            Pick::One(0) => Ok(After::Again),
            Pick::One(1) => Ok(After::Refresh),
            Pick::One(2) => Ok(After::Restart),
            _ => give_up(),
        }
    }
}

/// What is drawn of the ways, in order.
fn ways(screen: &Screen) -> Vec<usize> {
    let drawn = screen.ways.iter().enumerate().filter(|(_, way)| !way.quiet);
    drawn.map(|(index, _)| index).collect()
}

fn label(screen: &Screen, way: usize) -> Option<&str> {
    screen.ways.get(way).map(|way| way.label.text.as_str())
}

/// The default, where it is taken before the ways are shown: it asks something first, or asks nothing of anybody.
fn by_itself(screen: &Screen) -> Option<usize> {
    let suggested = &screen.suggested;
    match suggested.kind {
        SuggestedKind::Submit | SuggestedKind::Device | SuggestedKind::Wait | SuggestedKind::Open => suggested.way,
        SuggestedKind::Answer => suggested.way.filter(|way| asks(screen, *way)),
        SuggestedKind::End => None,
    }
}

/// Whether a way has something that must be typed or chosen before it is sent.
fn asks(screen: &Screen, way: usize) -> bool {
    screen.draft().parts(way).into_iter().any(|part| match part {
        interaction_code::screen::Part::Input(input) => input.required,
        _ => true,
    })
}
