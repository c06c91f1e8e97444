//! The two selection forms: which authenticator to verify with, and which to set up. Each option points by `relatesTo`
//! at an entry of `authenticatorEnrollments` or `authenticators`, in the order in which [`super::draw`] lists those.

use super::form::{self, Paper, field, fixed, required};
use super::policy::Candidate;
use super::transaction::Channel;
use crate::account::QUESTIONS;
use crate::factor::{Key, Method};
use serde_json::{Value, json};

/// A `methodType` field. In a list of authenticators it is fixed for those that know one method, and a choice for the
/// others even when only one of their methods is left; where it is asked for by itself (`needed`) it is a choice always.
/// Clients count on the options: the widget's pages for e-mail and Okta Verify show nothing without them.
pub fn method_type(key: Key, methods: &[Method], needed: bool) -> Value {
    match methods {
        [only] if !needed && key.methods().len() == 1 => {
            json!({"name": "methodType", "required": needed, "value": only.wire(), "mutable": false})
        }
        _ => {
            let options: Vec<Value> =
                methods.iter().map(|method| json!({"label": method.label(), "value": method.wire()})).collect();
            json!({"name": "methodType", "type": "string", "required": needed, "options": options})
        }
    }
}

/// The fields that name one candidate.
pub fn candidate(candidate: &Candidate, needed: bool) -> Vec<Value> {
    let key = candidate.enrollment.key();
    let mut fields = vec![fixed("id", key.id()), method_type(key, &candidate.methods, needed)];
    if key == Key::Phone {
        // The only authenticator that people have twice: the id alone does not say which.
        fields.push(fixed("enrollmentId", candidate.enrollment.id.clone()));
    }
    fields
}

fn selection(options: Vec<Value>) -> Value {
    json!({"name": "authenticator", "type": "object", "options": options})
}

/// `select-authenticator-authenticate`.
pub fn to_authenticate(paper: &Paper, candidates: &[Candidate]) -> Value {
    paper.form("select-authenticator-authenticate", "challenge", vec![selection(candidate_options(candidates))])
}

/// `select-authenticator-unlock-account`. Nobody is known yet, so the options are the org's authenticators.
pub fn to_unlock(paper: &Paper, keys: &[Key]) -> Value {
    let options = keys
        .iter()
        .enumerate()
        .map(|(at, key)| {
            let fields = vec![fixed("id", key.id()), method_type(*key, key.methods(), false)];
            form::option(key.label(), fields, Some(format!("$.authenticators.value[{at}]")))
        })
        .collect();
    let fields = vec![required("identifier", "Username"), selection(options)];
    paper.form("select-authenticator-unlock-account", "challenge", fields)
}

fn candidate_options(candidates: &[Candidate]) -> Vec<Value> {
    candidates
        .iter()
        .enumerate()
        .map(|(at, entry)| {
            let target = format!("$.authenticatorEnrollments.value[{at}]");
            form::option(entry.enrollment.key().label(), candidate(entry, false), Some(target))
        })
        .collect()
}

/// `select-authenticator-enroll`.
pub fn to_enroll(paper: &Paper, keys: &[Key]) -> Value {
    let options = keys
        .iter()
        .enumerate()
        .map(|(at, key)| form::option(key.label(), enroll_fields(*key), Some(format!("$.authenticators.value[{at}]"))))
        .collect();
    paper.form("select-authenticator-enroll", "credential/enroll", vec![selection(options)])
}

fn enroll_fields(key: Key) -> Vec<Value> {
    let mut fields = vec![fixed("id", key.id())];
    match key {
        Key::Phone => {
            fields.push(method_type(key, key.methods(), false));
            fields.push(json!({"name": "phoneNumber", "label": "Phone number", "required": false}));
        }
        Key::OktaVerify => {
            let mut channel = channel();
            channel["required"] = false.into();
            fields.push(channel);
        }
        _ => fields.push(method_type(key, key.methods(), false)),
    }
    fields
}

/// The `channel` field of Okta Verify.
fn channel() -> Value {
    let options: Vec<Value> = [(Channel::Qr, "QRCODE"), (Channel::Email, "EMAIL"), (Channel::Sms, "SMS")]
        .into_iter()
        .map(|(channel, label)| json!({"label": label, "value": channel.wire()}))
        .collect();
    json!({"name": "channel", "type": "string", "required": true, "options": options})
}

/// `select-enrollment-channel`: another way for Okta Verify to reach the phone. As recorded, it says nothing about what it
/// relates to (auth-js looks for the id elsewhere when it does).
pub fn enrollment_channel(paper: &Paper) -> Value {
    let mut id = fixed("id", Key::OktaVerify.id());
    id["visible"] = false.into();
    let nested = json!({
        "name": "authenticator", "type": "object", "label": Key::OktaVerify.label(), "required": true,
        "value": {"form": {"value": [id, channel()]}},
    });
    paper.form("select-enrollment-channel", "credential/enroll", vec![nested])
}

/// The two ways of setting up a security question.
pub fn questions() -> Value {
    let choices: Vec<Value> = QUESTIONS.iter().map(|(key, text)| json!({"label": text, "value": key})).collect();
    let answer = || json!({"name": "answer", "label": "Answer", "required": true, "secret": true, "minLength": 4});
    let question = json!({
        "name": "questionKey", "type": "string", "label": "Choose a security question", "required": true,
        "options": choices,
    });
    json!({"name": "credentials", "type": "object", "required": true, "options": [
        form::option("Choose a security question", vec![question, answer()], None),
        form::option("Create my own security question", vec![
            fixed("questionKey", "custom"),
            json!({"name": "question", "label": "Create my own security question", "required": true}),
            answer(),
        ], None),
    ]})
}

/// `authenticator-verification-data`: how, with the authenticator that was chosen?
pub fn verification_data(paper: &Paper, chosen: &Candidate) -> Value {
    let nested = json!({
        "name": "authenticator", "type": "object", "label": chosen.enrollment.key().label(), "required": true,
        "form": {"value": candidate(chosen, true)},
    });
    paper.about("$.currentAuthenticatorEnrollment", "authenticator-verification-data", "challenge", vec![nested])
}

/// `authenticator-enrollment-data`: which phone number?
pub fn phone_data(paper: &Paper) -> Value {
    let nested = json!({
        "name": "authenticator", "type": "object", "label": Key::Phone.label(), "required": true,
        "form": {"value": [
            fixed("id", Key::Phone.id()),
            method_type(Key::Phone, Key::Phone.methods(), true),
            required("phoneNumber", "Phone number"),
        ]},
    });
    paper.about("$.currentAuthenticator", "authenticator-enrollment-data", "credential/enroll", vec![nested])
}

/// `enrollment-channel-data`: where shall the link for Okta Verify go?
pub fn channel_data(paper: &Paper, channel: Channel) -> Value {
    let target = match channel {
        Channel::Sms => required("phoneNumber", "Phone number"),
        _ => required("email", "Email"),
    };
    paper.form("enrollment-channel-data", "challenge/send", vec![target])
}

/// `resend` after a rejected push, as the remediation that it is.
pub fn push_again(paper: &Paper) -> Value {
    let nested = json!({
        "name": "authenticator", "type": "object", "label": Key::OktaVerify.label(),
        "value": {"form": {"value": [
            fixed("id", Key::OktaVerify.id()),
            json!({"name": "methodType", "required": false, "value": "push", "mutable": false}),
        ]}},
    });
    paper.about("$.currentAuthenticator", "resend", "challenge", vec![nested])
}

/// The sign-up form.
pub fn profile(paper: &Paper) -> Value {
    use super::profile::{LONGEST_EMAIL, LONGEST_NAME};
    let text = |name: &str, label: &str, longest: usize| json!({"name": name, "label": label, "required": true, "minLength": 1, "maxLength": longest});
    let nested = json!({"name": "userProfile", "type": "object", "required": true, "form": {"value": [
        text("firstName", "First name", LONGEST_NAME),
        text("lastName", "Last name", LONGEST_NAME),
        text("email", "Email", LONGEST_EMAIL),
    ]}});
    paper.form("enroll-profile", "enroll/new", vec![nested])
}

/// The code field of an OTP form.
pub fn code_field(name: &str) -> Value {
    field(name, "Enter code")
}
