//! Fields: what a form wants (idx.md section 4.2).

use std::borrow::Cow;

use super::{
    handles::{ic_node, ic_step},
    lists::List,
    text::ic_str,
    view,
};
use crate::idx::{Field, Json, Part};

fn text_of(step: ic_step, node: ic_node, read: impl for<'a> FnOnce(&Field<'a>) -> Option<Cow<'a, str>>) -> ic_str {
    view::text(step, |object| read(&object.field(node)?))
}

fn flag_of(step: ic_step, node: ic_node, read: impl FnOnce(&Field<'_>) -> bool) -> bool {
    view::flag(step, |object| object.field(node).map(|field| read(&field)))
}

/// A choice is an option itself, or an entry of a display hint among the options.
fn choice_of(
    step: ic_step,
    node: ic_node,
    index: usize,
    read: impl for<'a> FnOnce(Json<'a>) -> Option<Cow<'a, str>>,
) -> ic_str {
    view::text(step, |object| {
        let choice = object.listed(List::Choices, node, index)?;
        match object.option(choice.node()) {
            Some(option) => read(option.value()?),
            None => read(choice.get("value")?),
        }
    })
}

/// The wire name of a field: its key in the body, for example `passcode`. It may contain dots. Empty when the server
/// sent none; NULL for a node that is no field.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_name(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |field| field.path().last().cloned())
}

/// The names that lead to the field, its own last, joined by dots: `credentials.passcode`. What `ic_answer_set_string`
/// takes; two fields may have the same path (each option of `authenticator` has an `authenticator.id`): then use
/// `ic_answer_set_string_at`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_path(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |field| Some(Cow::Owned(field.dotted_path())))
}

/// The caption, in the user's language: text of the server. NULL where it has none: hidden fields, nested forms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_label(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |field| field.label())
}

/// The type of the value: `string`, `boolean`, `integer`, `number`, `object` (a nested form), or another as it came.
/// Inferred where the server leaves it out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_type(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |field| Some(Cow::Owned(field.field_type().as_str().to_owned())))
}

/// The preset value as text: a string without quotes, a number or a boolean as written. NULL where there is none, and
/// for an array or object (`ic_field_value_json`). It may be a secret: the value of `stateHandle` is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_value(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |field| field.value()?.scalar_text())
}

/// The preset value as JSON, as it came. NULL where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_value_json(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |field| field.value().map(|value| Cow::Borrowed(value.raw())))
}

/// How to show the choices, where the server says so: `select`, `radio`, `checkbox`, `text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_input_type(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |field| field.input_type())
}

/// Which facility of the browser fills it: `webauthn`, `captcha`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_hint(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |field| field.hint())
}

/// The format of the text: `alphanumeric` for a code that may have letters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_format(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |field| field.format())
}

/// Whether the server flags it as required. A passcode mostly has no flag although the form around it is required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_is_required(step: ic_step, node: ic_node) -> bool {
    flag_of(step, node, |field| field.is_required())
}

/// Whether to hide what is typed: a password, a code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_is_secret(step: ic_step, node: ic_node) -> bool {
    flag_of(step, node, |field| field.is_secret())
}

/// Whether to show it. A hidden one is filled by the program, or has its value already. False for a node that is no
/// field.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_is_visible(step: ic_step, node: ic_node) -> bool {
    flag_of(step, node, |field| field.is_visible())
}

/// Whether it may be set. What is immutable and has a value goes back as it came; what is immutable and has options
/// wants one of them chosen all the same. `stateHandle` never is mutable. False for a node that is no field.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_is_mutable(step: ic_step, node: ic_node) -> bool {
    flag_of(step, node, |field| field.is_mutable())
}

/// The least number of characters. False, and 0, when the server sets none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_min_length(step: ic_step, node: ic_node, out: *mut u64) -> bool {
    // SAFETY: by the conventions of the header.
    unsafe { view::number(step, out, |object| object.field(node)?.min_length()) }
}

/// The largest number of characters. False, and 0, when the server sets none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_max_length(step: ic_step, node: ic_node, out: *mut u64) -> bool {
    // SAFETY: by the conventions of the header.
    unsafe { view::number(step, out, |object| object.field(node)?.max_length()) }
}

/// Whether the field holds a nested form, with fields of its own. The forms of options are not meant.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_has_form(step: ic_step, node: ic_node) -> bool {
    flag_of(step, node, |field| field.has_form())
}

/// How many fields its nested form has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_field_count(step: ic_step, node: ic_node) -> usize {
    view::count(step, |object| Some(object.step().parts().fields(Part::Field, node).len()))
}

/// A field of its nested form. `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_field(step: ic_step, node: ic_node, index: usize) -> ic_node {
    view::node(step, |object| object.step().parts().fields(Part::Field, node).get(index).copied())
}

/// How many options it has (idx.md section 4.3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_option_count(step: ic_step, node: ic_node) -> usize {
    view::count(step, |object| Some(object.step().parts().options(node).len()))
}

/// An option, in the server's order: choose it with `ic_answer_choose`. `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_option(step: ic_step, node: ic_node, index: usize) -> ic_node {
    view::node(step, |object| object.step().parts().options(node).get(index).copied())
}

/// How many plain values can be chosen: those of the options, or those that a display hint among the options lists
/// (idx.md section 4.2). Options that bring a form are not among them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_choice_count(step: ic_step, node: ic_node) -> usize {
    view::list_count(step, List::Choices, node)
}

/// The caption of a choice: text of the server. NULL where it has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_choice_label(step: ic_step, node: ic_node, index: usize) -> ic_str {
    view::text(step, |object| object.listed(List::Choices, node, index)?.text("label"))
}

/// The value of a choice as text: for a field of type `string` what `ic_answer_set_string` takes. NULL for an array, an
/// object or `null` (`ic_field_choice_json`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_choice_value(step: ic_step, node: ic_node, index: usize) -> ic_str {
    choice_of(step, node, index, |value| value.scalar_text())
}

/// The value of a choice as JSON, as it came: what `ic_answer_set_json` takes, whatever its type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_choice_json(step: ic_step, node: ic_node, index: usize) -> ic_str {
    choice_of(step, node, index, |value| Some(Cow::Borrowed(value.raw())))
}

/// How many messages the server has for this field (idx.md section 7).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_message_count(step: ic_step, node: ic_node) -> usize {
    view::list_count(step, List::FieldMessages, node)
}

/// A message for this field. `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_field_message(step: ic_step, node: ic_node, index: usize) -> ic_node {
    view::list_node(step, List::FieldMessages, node, index)
}

#[cfg(test)]
mod tests {
    use super::{
        super::node::storm::{self, Getter::*},
        *,
    };

    #[test]
    fn any_number_is_a_field_or_nothing() {
        storm::check(
            include_str!("field.rs"),
            |object, node| object.field(node).is_some(),
            &[
                Text(ic_field_name),
                Text(ic_field_path),
                Text(ic_field_label),
                Text(ic_field_type),
                Text(ic_field_value),
                Text(ic_field_value_json),
                Text(ic_field_input_type),
                Text(ic_field_hint),
                Text(ic_field_format),
                Flag(ic_field_is_required),
                Flag(ic_field_is_secret),
                Flag(ic_field_is_visible),
                Flag(ic_field_is_mutable),
                Number(ic_field_min_length),
                Number(ic_field_max_length),
                Flag(ic_field_has_form),
                Count(ic_field_field_count),
                NodeAt(ic_field_field),
                Count(ic_field_option_count),
                NodeAt(ic_field_option),
                Count(ic_field_choice_count),
                TextAt(ic_field_choice_label),
                TextAt(ic_field_choice_value),
                TextAt(ic_field_choice_json),
                Count(ic_field_message_count),
                NodeAt(ic_field_message),
            ],
        );
    }
}
