//! The inputs of a form: which of its fields a person decides, and what each asks for.

use super::{
    context::{Context, Form},
    element::{Element, Input},
    way::Preset,
};
use crate::idx::{Field, FieldOption};

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
pub(super) fn of<'s>(_context: &Context<'s>, _form: &Form<'s>) -> FormInputs<'s> {
    FormInputs { elements: Vec::new(), paths: Vec::new(), sets: vec![Vec::new()], list: None }
}

/// The inputs of the form that an option brings.
pub(super) fn of_option<'s>(_context: &Context<'s>, _form: &Form<'s>, _option: &FieldOption<'s>) -> OptionInputs {
    OptionInputs::default()
}
