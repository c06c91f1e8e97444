//! What belongs to one way: the inputs it sends, and what is chosen in its lists.

use std::collections::HashSet;

use super::{Draft, choice_of, fit, input_of, not_found};
use crate::{
    error::{Error, ErrorKind, Problem, Result},
    idx::AnswerValue,
    screen::{
        ask::Ask,
        element::{ChoiceElement, ChoiceOption, Input},
        way::{Does, Way},
    },
};

/// The inputs and choices of a way, in the order they are drawn.
pub(super) struct WayForm<'s> {
    plain: Vec<&'s Input>,
    /// Each choice with what is chosen, or can only be meant.
    pub choices: Vec<(&'s ChoiceElement, Option<&'s ChoiceOption>)>,
    /// Picking is what the way is for.
    pub picks: bool,
}

impl<'s> WayForm<'s> {
    pub fn of(draft: &Draft<'s>, way: &Way) -> WayForm<'s> {
        let screen = draft.screen;
        let paths: HashSet<&str> = way.inputs.iter().map(String::as_str).collect();
        // Ways of one form share its inputs.
        let node = way.nodes.first();
        let mine = |index: Option<usize>| {
            index.and_then(|index| screen.ways.get(index)).is_some_and(|owner| owner.nodes.first() == node)
        };
        let elements = || screen.elements.iter().filter(|element| node.is_some() && mine(element.way));
        // Who says no to everything says nothing about each.
        let denies = way.sets.iter().any(|preset| preset.path == "consent" && preset.value == false.into());
        let sent = |input: &&Input| {
            paths.contains(input.path.as_str()) && !(denies && matches!(input.ask, Ask::Consent { .. }))
        };
        let plain = elements().filter_map(input_of).filter(sent);
        let choices = elements().filter_map(choice_of).filter(|choice| paths.contains(choice.path.as_str()));
        let choices = choices.map(|choice| (choice, meant(draft, choice))).collect();
        WayForm { plain: plain.collect(), choices, picks: way.does == Does::Choose }
    }

    /// Every input of it, those of chosen options included.
    pub fn inputs(&self) -> impl Iterator<Item = &'s Input> {
        let chosen = self.choices.iter().filter_map(|(_, option)| *option).flat_map(|option| &option.fields);
        self.plain.iter().copied().chain(chosen)
    }

    /// Every input of it with this path, those of options that are not chosen included.
    pub fn named(&self, path: &str) -> Vec<&'s Input> {
        let options = self.choices.iter().flat_map(|(choice, _)| &choice.options).flat_map(|option| &option.fields);
        self.plain.iter().copied().chain(options).filter(|input| input.path == path).collect()
    }
}

/// The option that is chosen; else the only one; else the only one that has everything that was typed.
fn meant<'s>(draft: &Draft<'s>, choice: &'s ChoiceElement) -> Option<&'s ChoiceOption> {
    if let Some(chosen) = draft.chosen.get(&choice.node) {
        return Some(chosen);
    }
    if let [only] = choice.options.as_slice() {
        return Some(only);
    }
    let typed = |input: &&Input| match draft.values.get(&input.node) {
        Some(AnswerValue::Text(text)) => !text.is_empty(),
        other => other.is_some(),
    };
    let paths = |option: &'s ChoiceOption| -> HashSet<&'s str> {
        option.fields.iter().filter(typed).map(|input| input.path.as_str()).collect()
    };
    let all: HashSet<&str> = choice.options.iter().flat_map(paths).collect();
    let mut fitting = choice.options.iter().filter(|option| !all.is_empty() && paths(option).len() == all.len());
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

impl Draft<'_> {
    /// Sets values by the paths of a way.
    pub(in crate::screen) fn fill<P: AsRef<str>, V: Into<AnswerValue>>(
        &mut self,
        way: usize,
        values: impl IntoIterator<Item = (P, V)>,
    ) -> Result<()> {
        let screen = self.screen;
        let way = screen.ways.get(way).ok_or_else(|| not_found("the screen has no such way"))?;
        let form = WayForm::of(self, way);
        for (path, value) in values {
            let (path, value) = (path.as_ref(), value.into());
            let named = form.named(path);
            if let Some((choice, _)) = form.choices.iter().find(|(choice, _)| choice.path == path) {
                let option = by_name(choice, &value).ok_or_else(|| refused(path, "names no single option"))?;
                self.chosen.insert(choice.node, option);
            } else if named.is_empty() {
                return Err(refused(path, "this way has no such input"));
            }
            for input in named {
                if let (Ask::NewPassword { confirm: Some(_), .. }, AnswerValue::Text(text)) = (&input.ask, &value) {
                    self.confirmed.insert(input.node, text.clone());
                }
                self.values.insert(input.node, fit::value(input, value.clone()));
            }
        }
        Ok(())
    }
}

/// Whether an option is called so.
type Test = dyn Fn(&ChoiceOption, &str) -> bool;

/// The one option that is called so: by its number, its enrolment, its key, its method, or both of the last (`key.method`).
fn by_name<'s>(choice: &'s ChoiceElement, value: &AnswerValue) -> Option<&'s ChoiceOption> {
    let tests: [&Test; 5] = [
        &|option, name| name.parse() == Ok(option.node),
        &|option, name| option.enrollment.as_deref() == Some(name),
        &|option, name| option.key.as_deref() == Some(name),
        &|option, name| option.method.as_deref() == Some(name),
        &|option, name| {
            let both = option.key.as_deref().zip(option.method.as_deref());
            both.is_some_and(|(key, method)| name.split_once('.') == Some((key, method)))
        },
    ];
    let number;
    let name = match value {
        AnswerValue::Text(text) => text.expose(),
        AnswerValue::Integer(node) => {
            number = node.to_string();
            &number
        }
        _ => return None,
    };
    tests.iter().find_map(|test| {
        let mut fitting = choice.options.iter().filter(|option| test(option, name));
        fitting.next().filter(|_| fitting.next().is_none())
    })
}

fn refused(path: &str, what: &str) -> Error {
    Error::new(ErrorKind::InvalidAnswer, "the answer does not fit the screen")
        .with_problems(vec![Problem { path: path.to_owned(), what: what.to_owned() }])
        .with_advice("Take paths and options from the screen; nothing was sent")
}
