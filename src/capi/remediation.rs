//! Remediations and actions: the ways to go on from a step (idx.md section 4.1). An action has the same shape, so these
//! functions take either.

use std::{borrow::Cow, ffi::c_char};

use super::{
    cancel::milliseconds,
    handles::{ic_node, ic_step},
    lists::List,
    text::{ic_str, text},
    view,
};
use crate::idx::{Part, Remediation};

fn text_of(step: ic_step, node: ic_node, read: impl for<'a> FnOnce(Remediation<'a>) -> Option<Cow<'a, str>>) -> ic_str {
    view::text(step, |object| read(object.remediation(node)?))
}

fn flag_of(step: ic_step, node: ic_node, read: impl FnOnce(Remediation<'_>) -> bool) -> bool {
    view::flag(step, |object| object.remediation(node).map(read))
}

/// The wire name of a remediation or action, for example `identify`; not unique, an open set (idx.md section 5). Empty
/// when the server sent none; NULL for a node that is no object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_name(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |remediation| Some(remediation.name()))
}

/// The address it is sent to, as it came. The library checks it against the org's origin before anything is sent there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_href(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |remediation| remediation.href())
}

/// The HTTP method as it came, `POST` or `GET`; `POST` when the server sent none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_method(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |remediation| Some(remediation.method()))
}

/// The media type the server wants the form in, as it came.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_accepts(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |remediation| remediation.accepts())
}

/// The media type of the server's answer, as it came.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_produces(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |remediation| remediation.produces())
}

/// The address to open in the user's browser, where this is a navigation and no form: social sign-in, smart card
/// (idx.md section 10.1). The library never fetches it; what the browser comes back with goes to
/// `ic_flow_handle_callback`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_navigation(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |remediation| remediation.navigation())
}

/// The id of the identity provider, where it leads to one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_idp_id(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |remediation| remediation.idp().map(|(id, _)| id))
}

/// The name of the identity provider, to show; empty when it has an id but no name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_idp_name(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |remediation| remediation.idp().map(|(_, name)| name))
}

/// The type of the identity provider, for example `GOOGLE`; an open set (idx.md section 10.1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_idp_type(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |remediation| remediation.idp_type())
}

/// What the platform is to do with passkeys, where the form wants what they make: `create` or `get`. NULL for other forms.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_passkey_kind(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |remediation| Some(Cow::Borrowed(remediation.passkey()?.kind.as_str())))
}

/// What to give the platform's passkeys: JSON in the words of Web Authentication Level 3 (idx.md section 6.9), which Credential
/// Manager and browsers take. What comes back goes to `ic_answer_passkey`. NULL where `ic_remediation_passkey_kind` is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_passkey_request(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |remediation| Some(Cow::Owned(remediation.passkey()?.json)))
}

/// Whether it is a form, to be answered with `ic_answer_new`: it has an address and is no navigation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_is_form(step: ic_step, node: ic_node) -> bool {
    flag_of(step, node, |remediation| remediation.is_form())
}

/// Whether it is polled: the server names an interval, or its name says so (idx.md section 5.7).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_is_pollable(step: ic_step, node: ic_node) -> bool {
    flag_of(step, node, |remediation| remediation.is_pollable())
}

/// How long to wait before polling, in milliseconds: the server's interval, kept between 500 and 30000; 4000 when it
/// names none. 0 for a node that is no object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_poll_interval_ms(step: ic_step, node: ic_node) -> u64 {
    view::read(step, 0, |object| Some(milliseconds(object.remediation(node)?.poll_interval())))
}

/// How many fields its form has, nested ones not counted. 0 for a navigation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_field_count(step: ic_step, node: ic_node) -> usize {
    view::count(step, |object| Some(object.step().parts().fields(Part::Form, node).len()))
}

/// A field of its form, in order; nested ones are `ic_field_field` and `ic_option_field`. `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_field(step: ic_step, node: ic_node, index: usize) -> ic_node {
    view::node(step, |object| object.step().parts().fields(Part::Form, node).get(index).copied())
}

/// The field at this path: wire names joined by dots, for example `credentials.passcode`, in nested forms and in
/// options, too. Where options have fields of the same path (`authenticator.id`) it is the first one. `IC_NO_NODE` when
/// there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_field_named(step: ic_step, node: ic_node, path: *const c_char) -> ic_node {
    view::node(step, |object| {
        // SAFETY: by the conventions of the header.
        let path = unsafe { text(path, "path") }.ok()?;
        let found = object.remediation(node)?.field(path).ok()?.json().node();
        // What is no form of this step may hold parts of one.
        object.field(found).filter(|field| field.dotted_path() == path).map(|field| field.json().node())
    })
}

/// How many authenticators it is about.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_authenticator_count(step: ic_step, node: ic_node) -> usize {
    view::list_count(step, List::FormAuthenticators, node)
}

/// An authenticator that it is about, by its own pointer (`relatesTo`, idx.md section 4.4) and by those of its fields
/// and options, each once; where an `identify`, `enroll-poll` or `challenge-poll` has no pointer, the current one.
/// `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_remediation_authenticator(step: ic_step, node: ic_node, index: usize) -> ic_node {
    view::list_node(step, List::FormAuthenticators, node, index)
}

#[cfg(test)]
mod tests {
    use super::{
        super::node::storm::{self, Getter::*},
        *,
    };

    #[test]
    fn any_number_is_a_remediation_or_nothing() {
        storm::check(
            include_str!("remediation.rs"),
            |object, node| object.remediation(node).is_some(),
            &[
                Text(ic_remediation_name),
                Text(ic_remediation_href),
                Text(ic_remediation_method),
                Text(ic_remediation_accepts),
                Text(ic_remediation_produces),
                Text(ic_remediation_navigation),
                Text(ic_remediation_idp_id),
                Text(ic_remediation_idp_name),
                Text(ic_remediation_idp_type),
                Text(ic_remediation_passkey_kind),
                Text(ic_remediation_passkey_request),
                Flag(ic_remediation_is_form),
                Flag(ic_remediation_is_pollable),
                Millis(ic_remediation_poll_interval_ms),
                Count(ic_remediation_field_count),
                NodeAt(ic_remediation_field),
                NodeNamed(ic_remediation_field_named),
                Count(ic_remediation_authenticator_count),
                NodeAt(ic_remediation_authenticator),
            ],
        );
    }
}
