//! Messages: what the server tells the person (idx.md section 7). Show the text; decide by the key.

use std::borrow::Cow;

use super::{
    handles::{ic_node, ic_step},
    lists::List,
    text::ic_str,
    view,
};
use crate::idx::Message;

fn text_of(step: ic_step, node: ic_node, read: impl for<'a> FnOnce(&Message<'a>) -> Option<Cow<'a, str>>) -> ic_str {
    view::text(step, |object| read(&object.message(node)?))
}

/// The text, in the user's language: text of the server, which may contain markup and control characters. Show it as
/// text. Empty when the server sent none; NULL for a node that is no message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_message_text(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |message| Some(message.text()))
}

/// The i18n key as it came, for example `errors.E0000004` (idx.md section 7.2). Decide by it, never by the text. NULL
/// where it is missing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_message_key(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |message| message.key())
}

/// How serious it is: `ERROR`, `WARNING` or `INFO`. Where the server does not say: an error on a field, information
/// elsewhere. Even an `INFO` may say that the sign-in ended: see `ic_step_is_terminal`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_message_class(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |message| Some(Cow::Borrowed(message.class().as_str())))
}

/// The class as it came; NULL where the server does not say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_message_raw_class(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |message| message.raw_class())
}

/// The path of the field it belongs to, wire names joined by dots; NULL for a message of the step.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_message_path(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |message| message.dotted_path().map(Cow::Owned))
}

/// How many parameters the key has: what the server has put into the text, for programs with texts of their own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_message_param_count(step: ic_step, node: ic_node) -> usize {
    view::list_count(step, List::Params, node)
}

/// A parameter of the key, as text. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_message_param(step: ic_step, node: ic_node, index: usize) -> ic_str {
    view::text(step, |object| object.listed(List::Params, node, index)?.scalar_text())
}

/// How many help links it has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_message_link_count(step: ic_step, node: ic_node) -> usize {
    view::list_count(step, List::Links, node)
}

/// The address of a help link, as it came. Open only `https` ones. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_message_link_url(step: ic_step, node: ic_node, index: usize) -> ic_str {
    view::text(step, |object| object.listed(List::Links, node, index)?.text("url"))
}

/// The caption of a help link: text of the server. NULL where it has none, and past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_message_link_label(step: ic_step, node: ic_node, index: usize) -> ic_str {
    view::text(step, |object| object.listed(List::Links, node, index)?.text("label"))
}

#[cfg(test)]
mod tests {
    use super::{
        super::node::storm::{self, Getter::*},
        *,
    };

    #[test]
    fn any_number_is_a_message_or_nothing() {
        storm::check(
            include_str!("message.rs"),
            |object, node| object.message(node).is_some(),
            &[
                Text(ic_message_text),
                Text(ic_message_key),
                Text(ic_message_class),
                Text(ic_message_raw_class),
                Text(ic_message_path),
                Count(ic_message_param_count),
                TextAt(ic_message_param),
                Count(ic_message_link_count),
                TextAt(ic_message_link_url),
                TextAt(ic_message_link_label),
            ],
        );
    }
}
