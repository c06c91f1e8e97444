//! The inputs of a form: which of its fields a person decides, and what each asks for.
//!
//! What the server decides is none: handles, ids, immutables, hidden presets. What the person decides by a button is none
//! either, but set by its way: yes or no of a consent, the method of a challenge. A choice that has one option and must be
//! made is made. The members that a passkey fills are one input, at the object that holds them.

mod decide;
mod fill;
mod label;
pub(super) mod rules;
mod shared;
mod walk;

pub(super) use label::says_something;
pub(super) use shared::Shared;

use self::walk::{Found, Walk};
use super::{
    ask::Ask,
    context::{Context, Form},
    element::{Element, ElementKind, Input, Scope},
    phrase::Phrase,
    way::Preset,
};
use crate::{
    idx::{Field, FieldOption},
    sort,
};

/// What a form asks for, in the order to draw it.
pub(super) struct FormInputs<'s> {
    /// Inputs, choices, and what stands beside them (requirements, a frame). `way` is not filled in.
    pub elements: Vec<Element>,
    /// The paths of the inputs and choices among them.
    pub paths: Vec<String>,
    /// One entry for each way that the form is, in order, with what that way sets by itself. One, mostly empty, for a form
    /// that is answered in one way; two for yes and no; one a method where the method is all there is to decide.
    pub sets: Vec<Vec<Preset>>,
    /// A list of authenticators, which is drawn by its own table, and its place among the elements.
    pub list: Option<(usize, Field<'s>)>,
}

/// What an option brings.
#[derive(Default)]
pub(super) struct OptionInputs {
    /// What is asked for when it is chosen.
    pub fields: Vec<Input>,
    /// What choosing it decides besides: a choice that has one option only.
    pub sets: Vec<Preset>,
}

/// The inputs of a form.
pub(super) fn of<'s>(context: &Context<'s>, form: &Form<'s>) -> FormInputs<'s> {
    let mut walk = Walk::new(context, form);
    walk.form();
    let (sets, variants, fixed) = (walk.sets, walk.variants, walk.fixed_scopes);
    let mut found = walk.found;
    sort::by_key(&mut found, |(rank, _)| *rank);
    method_before_phone(&mut found);
    if !fixed.is_empty() {
        let at = found.iter().take_while(|(rank, _)| *rank == 0).count();
        found.insert(at, (0, Found::Element(fixed_scopes(fixed))));
    }
    let mut inputs = FormInputs { elements: Vec::new(), paths: Vec::new(), sets: Vec::new(), list: None };
    for (_, one) in found {
        match one {
            Found::List(field) => {
                inputs.paths.push(field.dotted_path());
                inputs.list = Some((inputs.elements.len(), field));
            }
            Found::Element(element) => {
                inputs.paths.extend(path_of(&element));
                inputs.elements.push(element);
            }
        }
    }
    inputs.sets = match variants.is_empty() {
        true => vec![sets],
        false => variants.into_iter().map(|own| [own].into_iter().chain(sets.iter().cloned()).collect()).collect(),
    };
    inputs
}

/// The inputs of the form that an option brings.
pub(super) fn of_option<'s>(context: &Context<'s>, form: &Form<'s>, option: &FieldOption<'s>) -> OptionInputs {
    let mut walk = Walk::new(context, form);
    walk.option(option);
    let mut found = walk.found;
    sort::by_key(&mut found, |(rank, _)| *rank);
    method_before_phone(&mut found);
    let input = |one: Found<'s>| match one {
        Found::Element(Element { kind: ElementKind::Input(input), .. }) => Some(input),
        _ => None,
    };
    OptionInputs { fields: found.into_iter().filter_map(|(_, one)| input(one)).collect(), sets: walk.sets }
}

fn path_of(element: &Element) -> Option<String> {
    match &element.kind {
        ElementKind::Input(input) => Some(input.path.clone()),
        ElementKind::Choice(choice) => Some(choice.path.clone()),
        _ => None,
    }
}

/// How a phone is reached is chosen before its number is typed: a call may have an extension.
fn method_before_phone(found: &mut Vec<(u8, Found<'_>)>) {
    let place = |test: &dyn Fn(&Input) -> bool| {
        found.iter().position(
            |(_, one)| matches!(one, Found::Element(Element { kind: ElementKind::Input(input), .. }) if test(input)),
        )
    };
    let phone = place(&|input| matches!(input.ask, Ask::Phone { .. }) && input.path.ends_with("phoneNumber"));
    let method = place(&|input| input.path.ends_with("methodType"));
    if let (Some(phone), Some(method)) = (phone, method)
        && phone < method
    {
        let method = found.remove(method);
        found.insert(phone, method);
    }
}

/// The scopes that cannot be declined: ticked and fixed.
fn fixed_scopes(scopes: Vec<Scope>) -> Element {
    Element::new(ElementKind::Consent { scopes }, Phrase::ours("consent.fixed.note", &[]))
}

#[cfg(test)]
mod tests;
