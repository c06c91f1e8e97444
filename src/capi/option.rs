//! Options: what can be chosen for a field (idx.md section 4.3). Captions change with the language and ids may repeat,
//! so keep the node, or the index.

use std::{borrow::Cow, ffi::c_char};

use super::{
    handles::{ic_node, ic_step},
    lists::List,
    text::{ic_str, text},
    view,
};
use crate::idx::{FieldOption, Part};

fn text_of(
    step: ic_step,
    node: ic_node,
    read: impl for<'a> FnOnce(&FieldOption<'a>) -> Option<Cow<'a, str>>,
) -> ic_str {
    view::text(step, |object| read(&object.option(node)?))
}

/// The caption, in the user's language: text of the server. Show it; never decide by it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_option_label(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |option| option.label())
}

/// The value that choosing it sends, as text: a string without quotes, a number or a boolean as written. NULL where the
/// option brings a form instead or has none, and for an array or object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_option_value(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |option| option.value()?.scalar_text())
}

/// The value that choosing it sends, as JSON, as it came. NULL where the option brings a form instead or has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_option_value_json(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |option| option.value().map(|value| Cow::Borrowed(value.raw())))
}

/// Its place among the options of its field, from 0. 0 also for a node that is no option.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_option_index(step: ic_step, node: ic_node) -> usize {
    view::count(step, |object| Some(object.option(node)?.index()))
}

/// Whether choosing it brings a form: fields that can be set after `ic_answer_choose`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_option_has_form(step: ic_step, node: ic_node) -> bool {
    view::flag(step, |object| Some(object.option(node)?.has_form()))
}

/// How many fields its form has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_option_field_count(step: ic_step, node: ic_node) -> usize {
    view::count(step, |object| Some(object.step().parts().fields(Part::Option, node).len()))
}

/// A field of its form; its path goes on from that of the field that the option belongs to. `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_option_field(step: ic_step, node: ic_node, index: usize) -> ic_node {
    view::node(step, |object| object.step().parts().fields(Part::Option, node).get(index).copied())
}

/// The preset value, as text, of the field of this name directly in its form: `id`, `enrollmentId`, `methodType`. NULL
/// where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_option_preset(step: ic_step, node: ic_node, name: *const c_char) -> ic_str {
    text_of(step, node, |option| {
        // SAFETY: by the conventions of the header.
        option.preset(unsafe { text(name, "name") }.ok()?)
    })
}

/// How many authenticators or enrolments it stands for; mostly one, or none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_option_authenticator_count(step: ic_step, node: ic_node) -> usize {
    view::list_count(step, List::OptionAuthenticators, node)
}

/// An authenticator or enrolment that it stands for, by its pointer (`relatesTo`, idx.md section 4.4). `IC_NO_NODE`
/// past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_option_authenticator(step: ic_step, node: ic_node, index: usize) -> ic_node {
    view::list_node(step, List::OptionAuthenticators, node, index)
}

#[cfg(test)]
mod tests {
    use super::{
        super::node::storm::{self, Getter::*},
        *,
    };

    #[test]
    fn any_number_is_an_option_or_nothing() {
        storm::check(
            include_str!("option.rs"),
            |object, node| object.option(node).is_some(),
            &[
                Text(ic_option_label),
                Text(ic_option_value),
                Text(ic_option_value_json),
                Count(ic_option_index),
                Flag(ic_option_has_form),
                Count(ic_option_field_count),
                NodeAt(ic_option_field),
                TextNamed(ic_option_preset),
                Count(ic_option_authenticator_count),
                NodeAt(ic_option_authenticator),
            ],
        );
    }
}
