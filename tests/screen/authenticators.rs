//! How the authenticators of every recorded step are drawn: the screen, its title, what is in front, and the main button.
//!
//! The table was read line by line. A recording with a form of an authenticator that is not in it fails the test, and so
//! does a line for a recording that is drawn in another way.

use std::collections::HashMap;

use interaction_code::{
    idx::Step,
    screen::{ChoiceElement, ElementKind, Role, Screen},
};

use crate::ways::recorded;

/// The areas of names that are about authenticators.
const AREAS: [&str; 7] = ["verify", "enroll", "select", "reset", "renew", "expiring", "device"];

struct Row {
    name: &'static str,
    title: &'static str,
    /// The kinds of the elements in front; of a list with the number of its options.
    front: &'static str,
    /// The key of the label of the primary way; empty where there is none.
    button: &'static str,
    files: &'static [&'static str],
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { name: "enroll.link.okta_verify.email", title: "enroll.link_to.title", front: "input", button: "enroll.link_to.button", files: &[
        "okta-idx-java/scenario_10_3_3/enroll-email-response.json",
    ] },
    Row { name: "enroll.link.okta_verify.sms", title: "enroll.link_to.title", front: "input", button: "enroll.link_to.button", files: &[
        "okta-idx-java/scenario_10_3_2/enroll-sms-response.json",
    ] },
    Row { name: "enroll.okta_email.email", title: "enroll.email.title", front: "text text input waiting", button: "verify.code.button", files: &[
        "okta-idx-java/scenario_4_1_1/credential-enroll-email-response.json",
        "okta-idx-java/scenario_4_1_2/credential-enroll-email-response.json",
        "okta-idx-java/scenario_4_1_4/credential-enroll-email-response.json",
        "okta-mobile-swift/invalid-password-response.json",
    ] },
    Row { name: "enroll.okta_password.password", title: "enroll.password.title", front: "requirements input", button: "way.save.button", files: &[
        "okta-idx-java/scenario_10_2_1/credential-enroll-password-response.json",
        "okta-idx-java/scenario_10_3_1/credential-enroll-password-response.json",
        "okta-idx-java/scenario_10_3_2/credential-enroll-password-response.json",
        "okta-idx-java/scenario_10_3_3/credential-enroll-password-response.json",
        "okta-idx-java/scenario_4_1_1/credential-enroll-password-response.json",
        "okta-idx-java/scenario_4_1_2/credential-enroll-password-response.json",
        "okta-idx-java/scenario_4_1_4/credential-enroll-password-response.json",
    ] },
    Row { name: "enroll.okta_verify.email", title: "enroll.named.title", front: "text waiting", button: "", files: &[
        "okta-idx-java/scenario_10_3_3/challenge-response.json",
    ] },
    Row { name: "enroll.okta_verify.qrcode", title: "enroll.named.title", front: "text text text picture waiting", button: "", files: &[
        "okta-idx-java/scenario_10_3_1/enroll-response.json",
        "okta-mobile-swift/enroll-poll-response.json",
    ] },
    Row { name: "enroll.okta_verify.sms", title: "enroll.named.title", front: "text waiting", button: "", files: &[
        "okta-idx-java/scenario_10_3_2/challenge-response.json",
    ] },
    Row { name: "enroll.phone_number", title: "enroll.phone.title", front: "text input", button: "verify.sms.button", files: &[
        "okta-idx-java/scenario_4_1_2/credential-enroll-sms-response.json",
        "okta-idx-java/scenario_4_1_4/credential-enroll-sms-response.json",
        "okta-idx-java/scenario_6_2_1/challenge-response.json",
        "okta-idx-java/scenario_6_2_3/challenge-response.json",
        "okta-idx-java/scenario_6_2_4/challenge-response.json",
    ] },
    Row { name: "enroll.phone_number", title: "enroll.phone.title", front: "text input input", button: "way.next.button", files: &[
        "okta-idx-java/scenario_4_1_2/credential-enroll-phone-response.json",
    ] },
    Row { name: "enroll.phone_number.sms", title: "enroll.phone.title", front: "text input", button: "verify.code.button", files: &[
        "okta-idx-java/scenario_10_2_2/enroll-response.json",
        "okta-idx-java/scenario_4_1_2/credential-enroll-phone-number-response.json",
        "okta-idx-java/scenario_6_2_1/enroll-response.json",
        "okta-idx-java/scenario_6_2_4/answer-challenge-sms-invalid-response.json",
        "okta-idx-java/scenario_6_2_4/enroll-response.json",
    ] },
    Row { name: "enroll.security_question.security_question", title: "enroll.question.title", front: "choice:2", button: "way.save.button", files: &[
        "okta-auth-js/support/mocks/data/error-authenticator-enroll-security-question.json",
        "okta-idx-java/enroll-response.json",
        "okta-mobile-swift/MFA-SOP/08-enroll.json",
    ] },
    Row { name: "enroll.webauthn.webauthn", title: "enroll.passkey.title", front: "text input", button: "enroll.passkey.button", files: &[
        "okta-idx-java/scenario_10_2_1/credential-enroll-webauthn-response.json",
        "okta-mobile-swift/webauthn-enrolment-challenge-response.json",
    ] },
    Row { name: "select.enroll", title: "select.enroll.title", front: "text choice:1", button: "way.next.button", files: &[
        "okta-idx-java/enroll-registration-response.json",
        "okta-idx-java/introspect-with-activation-token-response.json",
        "okta-idx-java/scenario_10_2_1/enroll-new-response.json",
        "okta-idx-java/scenario_4_1_1/challenge-answer-email-response.json",
        "okta-idx-java/scenario_4_1_1/enroll-new-response.json",
        "okta-idx-java/scenario_4_1_2/challenge-answer-email-response.json",
        "okta-idx-java/scenario_4_1_2/enroll-new-response.json",
        "okta-idx-java/scenario_4_1_4/challenge-answer-email-response.json",
        "okta-idx-java/scenario_4_1_4/credential-enroll-phone-number-response.json",
        "okta-idx-java/scenario_4_1_4/enroll-new-response.json",
        "okta-idx-java/scenario_6_2_1/identify-response.json",
        "okta-idx-java/scenario_6_2_3/enroll-invalid-response.json",
        "okta-idx-java/scenario_6_2_3/identify-response.json",
        "okta-idx-java/scenario_6_2_4/identify-response.json",
        "okta-mobile-swift/MFA-SOP/07-challenge-answer.json",
    ] },
    Row { name: "select.enroll", title: "select.enroll.title", front: "text choice:2", button: "way.next.button", files: &[
        "okta-idx-java/answer-authenticator-enrollment-challenge-response.json",
        "okta-idx-java/answer-challenge-identify-first-response.json",
        "okta-idx-java/scenario_10_2_1/challenge-answer-password-response.json",
        "okta-idx-java/scenario_4_1_1/challenge-answer-password-response.json",
        "okta-idx-java/scenario_4_1_2/challenge-answer-password-response.json",
        "okta-idx-java/scenario_4_1_4/challenge-answer-password-response.json",
        "okta-mobile-swift/MFA-SOP/09-challenge-answer.json",
        "okta-mobile-swift/MFA-SOP/10-credential-enroll.json",
    ] },
    Row { name: "select.enroll", title: "select.enroll.title", front: "text choice:3", button: "way.next.button", files: &[
        "okta-idx-java/enroll-profile-response.json",
    ] },
    Row { name: "select.enroll", title: "select.enroll.title", front: "text choice:5", button: "way.next.button", files: &[
        "okta-idx-java/scenario_10_3_1/challenge-answer-password-response.json",
        "okta-idx-java/scenario_10_3_2/challenge-answer-password-response.json",
        "okta-idx-java/scenario_10_3_3/challenge-answer-password-response.json",
    ] },
    Row { name: "select.recover", title: "select.recover.title", front: "choice:1", button: "way.next.button", files: &[
        "okta-idx-java/recover-identify-first-response.json",
        "okta-mobile-swift/account-recovery.json",
    ] },
    Row { name: "select.verify", title: "select.verify.title", front: "choice:1", button: "way.next.button", files: &[
        "okta-idx-java/answer-challenge-response.json",
        "okta-idx-java/challenge-identify-first-factor-response.json",
        "okta-mobile-swift/MFA-SOP/05-challenge-answer.json",
        "okta-mobile-swift/RestartTransaction/05-challenge-answer-response.json",
        "okta-mobile-swift/answer-challenge-response.json",
    ] },
    Row { name: "select.verify", title: "select.verify.title", front: "choice:2", button: "way.next.button", files: &[
        "okta-idx-java/identify-first-factor-password-response.json",
        "okta-mobile-swift/MFA-SOP/03-identify-response.json",
        "okta-mobile-swift/multiple-select-authenticator-authenticate.json",
    ] },
    Row { name: "select.verify", title: "select.verify.title", front: "choice:3", button: "way.next.button", files: &[
        "okta-idx-java/identify-response.json",
        "okta-idx-java/scenario_10_2_2/identify-response.json",
        "okta-idx-java/scenario_6_1_2/identify-response.json",
        "okta-idx-java/scenario_6_1_3/identify-response.json",
        "okta-mobile-swift/MFA-Email/03-identify-response.json",
        "okta-mobile-swift/RestartTransaction/03-identify-response.json",
        "okta-mobile-swift/identify-response.json",
    ] },
    Row { name: "select.verify", title: "select.verify.title", front: "choice:5", button: "way.next.button", files: &[
        "okta-auth-js/idxState/mocks/authenticator-verification-select-authenticator.json",
    ] },
    Row { name: "verify.external_idp.idp", title: "verify.named.title", front: "text", button: "verify.idp.button", files: &[
        "okta-auth-js/idxState/mocks/error-authenticator-enroll.json",
    ] },
    Row { name: "verify.okta_email.email", title: "verify.email.title", front: "text text input waiting", button: "verify.code.button", files: &[
        "okta-idx-java/poll-response.json",
        "okta-idx-java/scenario_6_1_2/challenge-response.json",
        "okta-idx-java/scenario_6_1_3/challenge-answer-response.json",
        "okta-idx-java/scenario_6_1_3/challenge-response.json",
        "okta-mobile-swift/MFA-SOP/06-idx-challenge.json",
    ] },
    Row { name: "verify.okta_password.password", title: "verify.password.title", front: "input", button: "verify.code.button", files: &[
        "okta-auth-js/idxState/mocks/authenticator-verification-password.json",
        "okta-idx-java/challenge-error-response.json",
        "okta-idx-java/challenge-response.json",
        "okta-idx-java/identify-first-error-response.json",
        "okta-idx-java/identify-first-success-response.json",
        "okta-idx-java/scenario_1_1_1/identify-response.json",
        "okta-idx-java/scenario_1_1_2/identify-response.json",
        "okta-idx-java/scenario_1_1_3/identify-response.json",
        "okta-idx-java/scenario_1_1_4/identify-response.json",
        "okta-idx-java/scenario_1_1_5/identify-response.json",
        "okta-idx-java/scenario_1_1_6/identify-response.json",
        "okta-idx-java/scenario_1_1_7/identify-response.json",
        "okta-mobile-swift/MFA-SOP/04-challenge.json",
        "okta-mobile-swift/Passcode/03-identify-response.json",
        "okta-mobile-swift/RestartTransaction/04-challenge-response.json",
        "okta-mobile-swift/challenge-response.json",
    ] },
    Row { name: "verify.phone_number", title: "verify.phone.title", front: "text", button: "verify.sms.button", files: &[
        "okta-idx-java/scenario_6_2_2/identify-response.json",
    ] },
    Row { name: "verify.phone_number.sms", title: "verify.phone.title", front: "text input", button: "verify.code.button", files: &[
        "okta-idx-java/scenario_6_2_2/challenge-response.json",
    ] },
    Row { name: "verify.security_question.security_question", title: "verify.question.title", front: "input", button: "verify.code.button", files: &[
        "okta-idx-java/challenge-security-question-response.json",
        "okta-idx-java/recover-response.json",
        "okta-mobile-swift/MFA-Email/04-challenge-authenticator.json",
        "okta-mobile-swift/MFA-Email/05-challenge-answer-invalid.json",
    ] },
    Row { name: "verify.webauthn.webauthn", title: "verify.passkey.title", front: "text input", button: "verify.passkey.button", files: &[
        "okta-idx-java/scenario_10_2_2/challenge-response.json",
        "okta-mobile-swift/webauthn-authentication-challenge-response.json",
    ] },
];

#[test]
fn every_recorded_form_of_an_authenticator_is_drawn_by_its_row() {
    let Some(steps) = recorded("every recorded form of an authenticator is drawn by its row") else { return };
    let mut rows: HashMap<&str, &Row> = HashMap::new();
    for row in ROWS {
        for file in row.files {
            assert!(rows.insert(*file, row).is_none(), "{file} is there twice");
        }
    }
    for (file, step) in &steps {
        let screen = Screen::of(step);
        let is_one = screen.name.split('.').next().is_some_and(|area| AREAS.contains(&area));
        let Some(row) = rows.remove(file.as_str()) else {
            assert!(!is_one, "{file} is drawn as {} and has no row", screen.name);
            continue;
        };
        let primary = screen.ways.iter().position(|way| way.role == Role::Primary);
        let front = screen.elements.iter().filter(|element| element.way.is_none() || element.way == primary);
        let kinds = front.map(|element| match &element.kind {
            ElementKind::Choice(choice) => format!("choice:{}", choice.options.len()),
            kind => kind.as_str().to_owned(),
        });
        let front = kinds.collect::<Vec<_>>().join(" ");
        let button = primary.map_or("", |way| &*screen.ways[way].label.key);
        let found = (&*screen.name, &*screen.title.key, &*front, button);
        assert_eq!(found, (row.name, row.title, row.front, row.button), "{file}");
    }
    assert!(rows.is_empty(), "rows for what is not recorded: {:?}", rows.keys());
}

/// The recorded step of this file, when the recordings are there.
fn step(file: &str) -> Option<Step> {
    let steps = recorded(file)?;
    let found = steps.into_iter().find(|(name, _)| name.ends_with(file));
    Some(found.unwrap_or_else(|| panic!("{file} is not recorded")).1)
}

fn lists(screen: &Screen) -> Vec<&ChoiceElement> {
    let all = screen.elements.iter().filter_map(|element| match &element.kind {
        ElementKind::Choice(choice) => Some(choice),
        _ => None,
    });
    all.collect()
}

#[test]
fn two_keys_without_a_name_are_one_passkey() {
    let Some(step) = step("mocks/authenticator-verification-select-authenticator.json") else { return };
    let screen = Screen::of(&step);
    let options = &lists(&screen)[0].options;
    let passkeys: Vec<_> = options.iter().filter(|option| option.label.key == "option.passkey.label").collect();
    assert_eq!((options.len(), passkeys.len(), passkeys[0].nodes.len()), (5, 1, 2));
}

#[test]
fn an_error_of_both_kinds_of_question_leaves_one_choice() {
    let Some(step) = step("error-authenticator-enroll-security-question.json") else { return };
    let screen = Screen::of(&step);
    let front: Vec<_> = screen.elements.iter().filter(|element| element.way == Some(0)).collect();
    assert_eq!(front.len(), 1);
    let fields: Vec<_> = lists(&screen)[0].options.iter().map(|option| option.fields.len()).collect();
    assert_eq!(fields, [2, 2]);
}

#[test]
fn a_phone_that_can_be_texted_and_called_is_two_things_to_do() {
    let Some(step) = step("scenario_6_1_3/identify-response.json") else { return };
    let screen = Screen::of(&step);
    let labels: Vec<_> = lists(&screen)[0].options.iter().map(|option| &*option.label.key).collect();
    assert_eq!(labels, ["option.email.label", "option.sms.label", "option.voice.label"]);
}

#[test]
fn an_app_is_set_up_by_picture_and_the_channel_in_use_is_the_last_of_the_others() {
    let Some(step) = step("scenario_10_3_1/enroll-response.json") else { return };
    let screen = Screen::of(&step);
    let picture = screen.elements.iter().find_map(|element| match &element.kind {
        ElementKind::Picture(picture) => Some(picture),
        _ => None,
    });
    let picture = picture.expect("a picture");
    assert!(picture.bytes.starts_with(b"\x89PNG") && picture.alt.text.contains("Okta Verify"));
    let channels = lists(&screen).into_iter().find(|list| list.path == "authenticator.channel").expect("channels");
    let labels: Vec<_> = channels.options.iter().map(|option| &*option.label.key).collect();
    assert_eq!(labels, ["channel.email.label", "channel.sms.label", "channel.qrcode.label"]);
}
