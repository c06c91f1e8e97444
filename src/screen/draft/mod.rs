//! What a person typed for one screen, and the answer made of it.
//!
//! Values are kept by input, so nothing is lost when the person looks at another way first, and what was typed for an option
//! that is not chosen is not sent. What can be checked here is, before anything is sent: see [`Draft::problems`].

mod check;
mod fit;
mod form;
mod moved;
mod parts;

use std::{collections::HashMap, fmt};

pub use check::Check;
pub use parts::Part;

use self::form::WayForm;
use super::{
    Screen,
    ask::{Ask, Rule, RuleKind},
    element::{ChoiceElement, ChoiceOption, Element, ElementKind, Input},
    input::rules,
    way::{Does, Preset, Way},
};
use crate::{
    error::{Error, ErrorKind, Problem, Result},
    idx::{Answer, AnswerValue},
    secret::Secret,
};

/// What was typed for one screen. It dies with the screen; texts in it are wiped, and printing it shows none.
pub struct Draft<'s> {
    screen: &'s Screen,
    /// By the node of the input.
    values: HashMap<u32, AnswerValue>,
    /// The second entries of new passwords, by the node of the input.
    confirmed: HashMap<u32, Secret>,
    /// By the node of the choice.
    chosen: HashMap<u32, &'s ChoiceOption>,
    extras: Vec<(String, AnswerValue)>,
}

impl<'s> Draft<'s> {
    pub(super) fn new(screen: &'s Screen) -> Self {
        let (values, confirmed) = (HashMap::new(), HashMap::new());
        Draft { screen, values, confirmed, chosen: HashMap::new(), extras: Vec::new() }
    }

    /// The screen that it is for.
    pub fn screen(&self) -> &'s Screen {
        self.screen
    }

    /// Puts a value into an input; a later one replaces an earlier one, and an empty text empties it. A text is taken for
    /// what the input wants: `"true"` for a toggle, `"17"` for a number, the value of an option for a choice.
    ///
    /// Errors: [`ErrorKind::NotFound`] when the input is of another screen. What is wrong with the value is said by
    /// [`Draft::problems`].
    pub fn set(&mut self, input: &Input, value: impl Into<AnswerValue>) -> Result<()> {
        self.own(input)?;
        self.values.insert(input.node, fit::value(input, value.into()));
        Ok(())
    }

    /// The second entry of a new password. Errors: [`ErrorKind::InvalidArgument`] when the input wants none.
    pub fn confirm(&mut self, input: &Input, text: impl Into<Secret>) -> Result<()> {
        self.own(input)?;
        if !matches!(input.ask, Ask::NewPassword { confirm: Some(_), .. }) {
            return Err(Error::new(ErrorKind::InvalidArgument, "the input wants no second entry"));
        }
        self.confirmed.insert(input.node, text.into());
        Ok(())
    }

    /// Chooses an option; another one of the same choice is not chosen any more. Errors: [`ErrorKind::NotFound`] when the
    /// option is of another screen.
    pub fn choose(&mut self, option: &ChoiceOption) -> Result<()> {
        let choices = self.screen.elements.iter().filter_map(choice_of);
        let found = choices.flat_map(|choice| choice.options.iter().map(|own| (choice.node, own)));
        let (choice, own) = found
            .into_iter()
            .find(|(_, own)| own.node == option.node && same_sets(&own.sets, &option.sets))
            .ok_or_else(|| not_found("the screen has no such option"))?;
        self.chosen.insert(choice, own);
        Ok(())
    }

    /// What the platform's passkeys gave, as it is: see [`Answer::passkey`]. Errors: [`ErrorKind::InvalidArgument`] when the
    /// input wants no passkey.
    pub fn passkey(&mut self, input: &Input, json: impl Into<Secret>) -> Result<()> {
        if !matches!(input.ask, Ask::Passkey { .. }) {
            return Err(Error::new(ErrorKind::InvalidArgument, "the input wants no passkey"));
        }
        self.set(input, json.into())
    }

    /// Adds a member that no form declares: see [`Answer::extra`].
    pub fn extra(&mut self, path: impl Into<String>, value: impl Into<AnswerValue>) {
        self.extras.push((path.into(), value.into()));
    }

    /// What stands in an input: what was typed, else what the server put there.
    pub fn value<'d>(&'d self, input: &'d Input) -> Option<&'d AnswerValue> {
        self.values.get(&input.node).or(input.preset.as_ref())
    }

    /// Whether what was typed keeps a rule of a new password; `None` where only the server can tell.
    pub fn meets(&self, input: &Input, rule: &Rule) -> Option<bool> {
        let typed = match self.values.get(&input.node) {
            Some(AnswerValue::Text(text)) => text.expose(),
            _ => "",
        };
        if rule.kind == RuleKind::Confirm {
            let second = self.confirmed.get(&input.node).map_or("", Secret::expose);
            return Some(!typed.is_empty() && Secret::from(typed) == Secret::from(second));
        }
        rules::meets(rule, typed, &self.known())
    }

    /// What is wrong with the answer for a way, each with its place and a text for the person; empty when it can be sent.
    pub fn problems(&self, way: usize) -> Vec<Check> {
        self.screen.ways.get(way).map(|way| check::all(self, &WayForm::of(self, way))).unwrap_or_default()
    }

    /// The answer for a way, for [`Flow::proceed`](crate::Flow::proceed).
    ///
    /// Errors: [`ErrorKind::InvalidAnswer`] with [`Error::problems`] when something must be typed or chosen first (no value
    /// is in it), [`ErrorKind::InvalidState`] for a way that sends nothing, [`ErrorKind::NotFound`] for no way at all.
    pub fn answer(&self, way: usize) -> Result<Answer> {
        let index = way;
        let way = self.screen.ways.get(way).ok_or_else(|| not_found("the screen has no such way"))?;
        let sends = !matches!(way.does, Does::Open | Does::Launch);
        let form = way.nodes.first().filter(|_| sends).and_then(|node| self.screen.step().remediation_at(*node));
        let form = form.ok_or_else(|| sends_nothing(way))?;
        let problems: Vec<Problem> = self.problems(index).into_iter().map(Problem::from).collect();
        if !problems.is_empty() {
            return Err(Error::new(ErrorKind::InvalidAnswer, "the answer is not whole")
                .with_problems(problems)
                .with_advice("Nothing was sent; show each problem at its input and ask again"));
        }
        let mut answer = form.answer()?;
        for preset in &way.sets {
            put_preset(&mut answer, preset)?;
        }
        let parts = WayForm::of(self, way);
        for (_, option) in parts.choices.iter().filter_map(|(choice, option)| Some((choice, (*option)?))) {
            answer.choose_at(option.node)?;
            for preset in &option.sets {
                put_preset(&mut answer, preset)?;
            }
        }
        for input in parts.inputs() {
            match self.values.get(&input.node) {
                None => {}
                Some(AnswerValue::Text(json)) if matches!(input.ask, Ask::Passkey { .. }) => {
                    answer.put_passkey(json.expose())?;
                }
                Some(value) => answer.put_at(input.node, value.clone())?,
            }
        }
        self.remember(way, &mut answer)?;
        self.reason(index, &mut answer)?;
        for (path, value) in &self.extras {
            answer.put_extra(path.as_str(), value.clone())?;
        }
        Ok(answer)
    }

    /// Whether to stay signed in is asked beside the user name, and holds for the button next to it, too.
    fn remember(&self, way: &Way, answer: &mut Answer) -> Result<()> {
        if way.remediation.as_deref() != Some("launch-authenticator")
            || answer.remediation().field("rememberMe").is_ok()
        {
            return Ok(());
        }
        let beside = self.screen.elements.iter().filter_map(input_of).find(|input| input.path == "rememberMe");
        match beside.and_then(|input| self.values.get(&input.node)) {
            Some(AnswerValue::Bool(true)) => answer.put_extra("rememberMe", true),
            _ => Ok(()),
        }
    }

    /// Who gives up a device challenge says why.
    fn reason(&self, way: usize, answer: &mut Answer) -> Result<()> {
        let suggested = &self.screen.suggested;
        match suggested.reason.filter(|_| suggested.way == Some(way)) {
            Some(reason) if answer.remediation().field("reason").is_err() => answer.put_extra("reason", reason),
            _ => Ok(()),
        }
    }

    fn own(&self, input: &Input) -> Result<()> {
        let mine = |own: &Input| own.node == input.node && own.path == input.path;
        let found = self.screen.elements.iter().any(|element| match &element.kind {
            ElementKind::Input(own) => mine(own),
            ElementKind::Choice(choice) => choice.options.iter().any(|option| option.fields.iter().any(mine)),
            _ => false,
        });
        if found { Ok(()) } else { Err(not_found("the screen has no such input")) }
    }
}

fn input_of(element: &Element) -> Option<&Input> {
    match &element.kind {
        ElementKind::Input(input) => Some(input),
        _ => None,
    }
}

fn choice_of(element: &Element) -> Option<&ChoiceElement> {
    match &element.kind {
        ElementKind::Choice(choice) => Some(choice),
        _ => None,
    }
}

fn same_sets(one: &[Preset], other: &[Preset]) -> bool {
    let same = |(one, other): (&Preset, &Preset)| one.node == other.node && one.value == other.value;
    one.len() == other.len() && one.iter().zip(other).all(same)
}

/// Sets what a way or an option sets by itself: a field by its number, anything else as a member of its own.
fn put_preset(answer: &mut Answer, preset: &Preset) -> Result<()> {
    match preset.node {
        Some(node) => answer.put_at(node, preset.value.clone()),
        None => answer.put_extra(preset.path.as_str(), preset.value.clone()),
    }
}

fn not_found(what: &str) -> Error {
    Error::new(ErrorKind::NotFound, what)
        .with_advice("Take ways, inputs and options from the screen that the draft was made of")
}

fn sends_nothing(way: &Way) -> Error {
    let advice = match way.does {
        Does::Open | Does::Launch => "Open the address of the way; nothing is sent for it",
        _ => "Start a fresh sign-in; nothing is sent for this way",
    };
    Error::new(ErrorKind::InvalidState, "this way sends nothing").with_advice(advice)
}

impl fmt::Debug for Draft<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draft({} values)", self.values.len())
    }
}
