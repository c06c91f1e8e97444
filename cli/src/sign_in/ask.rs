//! Asking what a way wants: each part of its form in turn, checked as soon as it is typed. One match over what an input asks.

use interaction_code::{
    idx::AnswerValue,
    screen::{Ask, Check, ChoiceElement, Draft, Input, Part, Phrase},
};

use crate::{
    failure::Failure,
    term::{Input as Keyboard, Screen as Terminal, clean, style},
};

/// How often a form that does not fit is asked again before the ways of the screen are shown instead.
const TRIES: usize = 3;

/// Where the questions go.
#[derive(Clone, Copy)]
pub struct Form<'a> {
    pub terminal: &'a Terminal,
    pub keyboard: &'a Keyboard,
    /// Whether there is another way, which Enter alone leads to.
    pub others: bool,
}

/// What was picked from a list, or typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick<T> {
    One(T),
    Nothing,
    Back,
}

/// A line of a list, and the heading that begins with it.
pub struct Row {
    pub heading: Option<String>,
    pub text: String,
}

impl Form<'_> {
    /// Asks for every part of a way; false when the person wants another one.
    pub fn fill(self, draft: &mut Draft<'_>, way: usize) -> Result<bool, Failure> {
        let mut done: Vec<Part<'_>> = Vec::new();
        for _ in 0..TRIES {
            let is_done = |part: &Part<'_>, done: &[Part<'_>]| done.iter().any(|one| one.node() == part.node());
            while let Some(part) = draft.parts(way).into_iter().find(|part| !is_done(part, &done)) {
                let answered = match part {
                    Part::Choice(choice) => self.choice(draft, choice)?,
                    Part::Input(input) => self.input(draft, way, input)?,
                    _ => true,
                };
                if !answered {
                    return Ok(false);
                }
                done.push(part);
            }
            let problems = draft.problems(way);
            if problems.is_empty() {
                return Ok(true);
            }
            self.tell(&problems);
            done.retain(|part| problems.iter().all(|problem| problem.path != path(*part)));
        }
        Ok(false)
    }

    fn tell(self, problems: &[Check]) {
        problems.iter().for_each(|problem| self.terminal.error(&problem.text.text));
    }

    /// One of the things that a list offers.
    fn choice<'s>(self, draft: &mut Draft<'s>, choice: &'s ChoiceElement) -> Result<bool, Failure> {
        let mut group = None;
        let rows = choice.options.iter().map(|option| {
            let begins = option.group.filter(|name| group.replace(*name) != Some(*name));
            let heading = begins.and_then(|name| choice.groups.iter().find(|group| group.name == name));
            let more = [&option.detail, &option.note].into_iter().flatten().map(|phrase| phrase.text.as_str());
            let text: Vec<&str> = [option.label.text.as_str()].into_iter().chain(more).collect();
            Row { heading: heading.map(|group| group.label.text.clone()), text: text.join(" — ") }
        });
        let rows: Vec<Row> = rows.collect();
        let title = Some(&choice.label).filter(|label| label.key != draft.screen().title.key);
        let preset = (rows.len() == 1).then_some(0);
        match self.pick(title.map(|title| title.text.as_str()), &rows, preset, false)? {
            Pick::One(index) => draft.choose(&choice.options[index])?,
            Pick::Nothing => {}
            Pick::Back => return Ok(false),
        }
        Ok(true)
    }

    /// Asks for one input until it is right.
    fn input(self, draft: &mut Draft<'_>, way: usize, input: &Input) -> Result<bool, Failure> {
        // A line that is meant for a password must not answer anything else: where nobody is there to see what is asked, what
        // can be left out or has an answer already is left as it is.
        let is_answered = |value: &AnswerValue| *value != AnswerValue::from("");
        if !self.keyboard.is_terminal() && (!input.required || input.preset.as_ref().is_some_and(is_answered)) {
            return Ok(true);
        }
        let mut refused = false;
        loop {
            match self.value(input)? {
                Pick::One(value) => draft.set(input, value)?,
                Pick::Nothing if !refused => return Ok(true),
                Pick::Nothing => draft.set(input, input.preset.clone().unwrap_or_else(|| "".into()))?,
                Pick::Back if self.others => return Ok(false),
                Pick::Back => draft.set(input, "")?,
            }
            if matches!(input.ask, Ask::NewPassword { confirm: Some(_), .. }) && draft.value(input) != Some(&"".into())
            {
                let again = self.keyboard.ask(&prompt(&input.label, " (again)"), true)?;
                draft.confirm(input, again.as_str())?;
            }
            let problems: Vec<Check> =
                draft.problems(way).into_iter().filter(|problem| problem.path == input.path).collect();
            if problems.is_empty() {
                return Ok(true);
            }
            self.tell(&problems);
            refused = true;
        }
    }

    /// What the person gives for an input.
    fn value(self, input: &Input) -> Result<Pick<AnswerValue>, Failure> {
        let preset = input.preset.as_ref();
        if !input.options.is_empty() {
            let row = |label: &Phrase| Row { heading: None, text: label.text.clone() };
            let rows: Vec<Row> = input.options.iter().map(|option| row(&option.label)).collect();
            let preset = preset.and_then(|preset| input.options.iter().position(|option| option.value == *preset));
            let picked = self.pick(Some(&input.label.text), &rows, preset, !input.required)?;
            return Ok(match picked {
                Pick::One(index) => Pick::One(input.options[index].value.clone()),
                Pick::Nothing => Pick::Nothing,
                Pick::Back => Pick::Back,
            });
        }
        match &input.ask {
            Ask::Toggle => return self.decide(input, preset),
            Ask::Consent { detail, .. } => {
                detail.iter().for_each(|detail| self.terminal.note(detail));
                return self.decide(input, preset);
            }
            Ask::Answer { question: Some(question) } if *question != input.label.text => {
                self.terminal.line(&clean(question));
            }
            Ask::Captcha { .. } | Ask::Passkey { .. } | Ask::Frame => {
                self.terminal.note("This is filled in by a program, which a terminal does not have.");
            }
            Ask::Value { json } if json == "object" => self.terminal.note("As JSON, for example {\"a\": 1}."),
            Ask::Country => self.terminal.note("Two letters (ISO 3166)."),
            _ => {}
        }
        let shown = if input.secret { None } else { preset.and_then(shown) };
        let more = match shown {
            Some(preset) => format!(" [{}]", clean(&preset)),
            None if !input.required => " (optional)".to_owned(),
            None => String::new(),
        };
        let line = self.keyboard.ask(&prompt(&input.label, &more), input.secret)?;
        // A password may begin or end with a blank; what is read on a phone or in a mail does not.
        let text = if input.secret { line.as_str() } else { line.trim() };
        Ok(match text {
            "" if !input.required || input.preset.is_some() => Pick::Nothing,
            "" => Pick::Back,
            text => Pick::One(text.into()),
        })
    }

    /// Yes or no. What must be decided has no answer of its own.
    fn decide(self, input: &Input, preset: Option<&AnswerValue>) -> Result<Pick<AnswerValue>, Failure> {
        let choices = match preset {
            Some(AnswerValue::Bool(true)) => "Y/n",
            None if input.required => "y/n",
            _ => "y/N",
        };
        loop {
            let line = self.keyboard.ask(&prompt(&input.label, &format!(" [{choices}]")), false)?;
            return Ok(match line.trim().to_ascii_lowercase().as_str() {
                "y" | "yes" | "true" | "1" => Pick::One(true.into()),
                "n" | "no" | "false" | "0" => Pick::One(false.into()),
                "" if input.required && preset.is_none() => Pick::Back,
                "" => Pick::Nothing,
                _ => {
                    self.terminal.error("Type y or n.");
                    continue;
                }
            });
        }
    }

    /// A numbered list to pick from. `preset` is taken by Enter; `may_skip`: Enter takes nothing.
    pub fn pick(
        self,
        title: Option<&str>,
        rows: &[Row],
        preset: Option<usize>,
        may_skip: bool,
    ) -> Result<Pick<usize>, Failure> {
        title.iter().for_each(|title| self.terminal.line(&clean(title)));
        for (index, row) in rows.iter().enumerate() {
            row.heading.iter().for_each(|heading| self.terminal.note(heading));
            let number = style::paint(style::NAME, &format!("{})", index + 1));
            self.terminal.line(&format!("  {number} {}", clean(&row.text)));
        }
        let hint = match preset {
            Some(preset) => format!(" [{}]", preset + 1),
            None if may_skip => " (Enter: none)".to_owned(),
            None => String::new(),
        };
        let back = if self.others { ", 0 for other ways" } else { "" };
        loop {
            let line = self.keyboard.ask(&format!("Choose{hint}{back}: "), false)?;
            match (line.trim(), preset) {
                ("", Some(preset)) => return Ok(Pick::One(preset)),
                ("", None) if may_skip => return Ok(Pick::Nothing),
                ("0", _) if self.others => return Ok(Pick::Back),
                (text, _) => {
                    let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                    if let Some(index) = number.filter(|index| *index < rows.len()) {
                        return Ok(Pick::One(index));
                    }
                }
            }
            self.terminal.error(&format!("Type a number from 1 to {}.", rows.len()));
        }
    }
}

/// The label, and what there is to know about an answer; a question needs no colon.
fn prompt(label: &Phrase, more: &str) -> String {
    let label = clean(&label.text);
    let end = if more.is_empty() && label.ends_with(['?', ':']) { "" } else { ":" };
    format!("{label}{more}{end} ")
}

/// Where a part is.
fn path(part: Part<'_>) -> &str {
    match part {
        Part::Input(input) => &input.path,
        Part::Choice(choice) => &choice.path,
        _ => "",
    }
}

/// A value that stands in an input already, as a person reads it.
fn shown(value: &AnswerValue) -> Option<String> {
    match value {
        AnswerValue::Text(text) => Some(text.expose().to_owned()).filter(|text| !text.is_empty()),
        AnswerValue::Bool(value) => Some(value.to_string()),
        AnswerValue::Integer(value) => Some(value.to_string()),
        AnswerValue::Json(_) => None,
    }
}
