//! Authenticators and enrolments: what a person proves with who they are (idx.md section 6).

use std::{borrow::Cow, ffi::c_char};

use super::{
    handles::{ic_node, ic_step},
    lists::List,
    text::{ic_str, text},
    view,
};
use crate::idx::{Authenticator, Json, Remediation};

fn text_of(
    step: ic_step,
    node: ic_node,
    read: impl for<'a> FnOnce(Authenticator<'a>) -> Option<Cow<'a, str>>,
) -> ic_str {
    view::text(step, |object| read(object.authenticator(node)?))
}

fn node_of(step: ic_step, node: ic_node, read: impl FnOnce(Authenticator<'_>) -> Option<ic_node>) -> ic_node {
    view::node(step, |object| read(object.authenticator(node)?))
}

/// The id of an authenticator (`aut...`) or an enrolment. It may repeat: the node is what is unique.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_id(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |authenticator| authenticator.id())
}

/// The key as it came, for example `okta_email` (idx.md section 6.2). NULL on some enrolments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_key(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |authenticator| authenticator.key())
}

/// The key to decide by: as it came, an alias in its usual spelling; where it is missing, inferred from the type where
/// that is certain (`phone` is `phone_number`), else NULL. An open set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_known_key(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |authenticator| authenticator.known_key().map(|key| Cow::Owned(key.as_str().to_owned())))
}

/// The category, for example `phone`, `app`, `security_key`; an open set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_type(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |authenticator| authenticator.authenticator_type())
}

/// The name to show: text of the server. May be empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_display_name(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |authenticator| authenticator.display_name())
}

/// What it is doing in this step: `available` (offered by the policy), `enrolled` (the person has it), `enrolling`
/// (being set up now), `authenticating` (being verified now), `recovering` (being recovered or reset now).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_state(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |authenticator| Some(Cow::Borrowed(authenticator.state().as_str())))
}

/// For an enrolment the id of the authenticator behind it. NULL where the server does not say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_authenticator_id(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |authenticator| authenticator.authenticator_id())
}

/// The number that the person must choose in their app (number challenge). Always show it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_correct_answer(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |authenticator| authenticator.correct_answer())
}

/// The picture to scan when an app is set up: as a rule a `data:image/png;base64,` URL. A secret.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_qr_code(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |authenticator| authenticator.qr_code())
}

/// The secret to type in where a picture cannot be scanned, in Base32. Do not log it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_shared_secret(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |authenticator| authenticator.shared_secret())
}

/// How many methods it has (idx.md section 6.2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_method_count(step: ic_step, node: ic_node) -> usize {
    view::list_count(step, List::Methods, node)
}

/// A method, as it came: `sms`, `voice`, `push`, `totp` and others. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_method(step: ic_step, node: ic_node, index: usize) -> ic_str {
    view::text(step, |object| Authenticator::method_name(object.listed(List::Methods, node, index)?))
}

/// A member of its profile as text, masked by the server where it is personal: `email`, `phoneNumber`, `deviceName`.
/// NULL where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_profile(step: ic_step, node: ic_node, name: *const c_char) -> ic_str {
    text_of(step, node, |authenticator| {
        // SAFETY: by the conventions of the header.
        authenticator.profile(unsafe { text(name, "name") }.ok()?)
    })
}

/// Its policy (password rules, days to expiry), as it came: an object to be read with the `ic_node_...` functions.
/// `IC_NO_NODE` where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_settings(step: ic_step, node: ic_node) -> ic_node {
    node_of(step, node, |authenticator| authenticator.settings().map(Json::node))
}

/// Its data in this step (QR code, number to match, WebAuthn challenge), as it came: an object to be read with the
/// `ic_node_...` functions. `IC_NO_NODE` where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_contextual_data(step: ic_step, node: ic_node) -> ic_node {
    node_of(step, node, |authenticator| authenticator.contextual_data().map(Json::node))
}

/// How many actions it has: `resend`, `poll`, `send`, `recover`, `cancel`, and any other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_action_count(step: ic_step, node: ic_node) -> usize {
    view::list_count(step, List::AuthenticatorActions, node)
}

/// An action: what the `ic_remediation_...` functions and `ic_answer_new` take. `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_action(step: ic_step, node: ic_node, index: usize) -> ic_node {
    view::list_node(step, List::AuthenticatorActions, node, index)
}

/// The name of the member that an action stands under, for example `resend`. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_action_name(step: ic_step, node: ic_node, index: usize) -> ic_str {
    view::text(step, |object| {
        // The name of a member stands right before its value.
        let action = object.listed(List::AuthenticatorActions, node, index)?;
        object.step().node(action.node().checked_sub(1)?)?.as_str()
    })
}

/// The action of this name: that of the member it stands under, or its wire name. `IC_NO_NODE` when there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_authenticator_action_named(step: ic_step, node: ic_node, name: *const c_char) -> ic_node {
    node_of(step, node, |authenticator| {
        // SAFETY: by the conventions of the header.
        authenticator.action(unsafe { text(name, "name") }.ok()?).map(Remediation::node)
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::node::storm::{self, Getter::*},
        *,
    };

    #[test]
    fn any_number_is_an_authenticator_or_nothing() {
        storm::check(
            include_str!("authenticator.rs"),
            |object, node| object.authenticator(node).is_some(),
            &[
                Text(ic_authenticator_id),
                Text(ic_authenticator_key),
                Text(ic_authenticator_known_key),
                Text(ic_authenticator_type),
                Text(ic_authenticator_display_name),
                Text(ic_authenticator_state),
                Text(ic_authenticator_authenticator_id),
                Text(ic_authenticator_correct_answer),
                Text(ic_authenticator_qr_code),
                Text(ic_authenticator_shared_secret),
                Count(ic_authenticator_method_count),
                TextAt(ic_authenticator_method),
                TextNamed(ic_authenticator_profile),
                Node(ic_authenticator_settings),
                Node(ic_authenticator_contextual_data),
                Count(ic_authenticator_action_count),
                NodeAt(ic_authenticator_action),
                TextAt(ic_authenticator_action_name),
                NodeNamed(ic_authenticator_action_named),
            ],
        );
    }
}
