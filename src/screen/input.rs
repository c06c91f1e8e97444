//! The inputs of a form: which of its fields a person decides, and what each asks for.

use super::{
    context::{Context, Form},
    element::Element,
};

/// What a form asks for, in the order to draw it.
#[derive(Default)]
pub(super) struct FormInputs {
    /// Inputs, choices, and what stands beside them (requirements, a frame). `way` is not filled in.
    pub elements: Vec<Element>,
    /// The paths of the inputs and choices among them.
    pub paths: Vec<String>,
}

/// The inputs of a form.
pub(super) fn of(_context: &Context<'_>, _form: &Form<'_>) -> FormInputs {
    FormInputs::default()
}
