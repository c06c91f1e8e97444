//! What there is to ask for a way, in the order to ask it.

use std::collections::HashSet;

use super::{Draft, choice_of, form::WayForm, input_of};
use crate::screen::element::{ChoiceElement, Input};

/// One thing to ask the person for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Part<'s> {
    /// A value: [`Draft::set`].
    Input(&'s Input),
    /// One of several: [`Draft::choose`].
    Choice(&'s ChoiceElement),
}

impl Part<'_> {
    /// The number of the field.
    pub fn node(self) -> u32 {
        match self {
            Part::Input(input) => input.node,
            Part::Choice(choice) => choice.node,
        }
    }
}

impl<'s> Draft<'s> {
    /// Everything to ask for a way, in the order to ask it; empty for no way. What an option brings comes after its choice,
    /// once it is chosen: look again after [`Draft::choose`].
    pub fn parts(&self, way: usize) -> Vec<Part<'s>> {
        let Some(way) = self.screen.ways.get(way) else { return Vec::new() };
        let form = WayForm::of(self, way);
        let mine: HashSet<u32> = form.inputs().map(|input| input.node).collect();
        let mut parts = Vec::new();
        for element in &self.screen.elements {
            if let Some(input) = input_of(element).filter(|input| mine.contains(&input.node)) {
                parts.push(Part::Input(input));
            }
            let choice =
                choice_of(element).and_then(|own| form.choices.iter().find(|(choice, _)| choice.node == own.node));
            if let Some((choice, option)) = choice {
                parts.push(Part::Choice(choice));
                parts.extend(option.iter().flat_map(|option| &option.fields).map(Part::Input));
            }
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{idx::Step, screen::Screen};

    #[test]
    fn what_an_option_brings_comes_after_it_is_chosen() {
        let body = br#"{"version":"1.0.0","remediation":{"value":[{"name":"enroll-authenticator","href":"https://a.example/x","value":[
            {"name":"credentials","type":"object","options":[
                {"label":"One","value":{"form":{"value":[{"name":"answer","label":"Answer","required":true}]}}},
                {"label":"Two","value":{"form":{"value":[{"name":"question","label":"Question","required":true},
                    {"name":"answer","label":"Answer","required":true}]}}}]}]}]}}"#;
        let screen = Screen::of(&Step::read(body).unwrap());
        let way = screen.suggested.way.unwrap();
        let mut draft = screen.draft();
        let Some(Part::Choice(choice)) = draft.parts(way).first().copied() else { panic!("{:?}", screen.elements) };
        assert_eq!(draft.parts(way).len(), 1);
        draft.choose(&choice.options[1]).unwrap();
        let nodes: Vec<u32> = draft.parts(way).into_iter().map(Part::node).collect();
        let brought = choice.options[1].fields.iter().map(|input| input.node);
        assert_eq!(nodes, [choice.node].into_iter().chain(brought).collect::<Vec<_>>());
        assert!(draft.parts(usize::MAX).is_empty());
    }
}
