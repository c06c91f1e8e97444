//! Every recorded response is read with nothing dropped, and means what its index says.
//!
//! The recordings are Okta's own, of three of its SDKs; they are not part of the project (see `common/fixtures.rs` for
//! where they are, and what happens when they are not there). An independent walk over plain JSON finds every
//! remediation, action, field, option, authenticator and message; the library must find the same ones. The facts that
//! the tests of those SDKs assert are checked one by one in `recordings/checks.rs`.

#[path = "recordings/checks.rs"]
mod checks;
#[path = "common/fixtures.rs"]
mod fixtures;
#[path = "recordings/keys.rs"]
mod keys;
#[path = "recordings/requests.rs"]
mod requests;
#[path = "recordings/walk.rs"]
mod walk;

use fixtures::{Fixtures, text, texts};
use interaction_code::{
    ErrorKind,
    http::Response,
    idx::{BodyKind, PasskeyKind, Step, StepStatus},
    jose::KeySet,
    oauth::{TokenResponse, error_from_response, interaction_handle, keys_reply},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The recordings with a `relatesTo` that points nowhere, from their README.
const DANGLING: [&str; 5] = [
    "okta-auth-js/idxState/mocks/safari-relatesTo-response.json",
    "okta-idx-java/challenge-security-question-response.json",
    "okta-idx-java/scenario_6_2_1/identify-response.json",
    "okta-idx-java/scenario_6_2_3/identify-response.json",
    "okta-idx-java/scenario_6_2_4/identify-response.json",
];

/// What a remediation asks for, by the reference (idx.md section 11.1).
const STATUS: &[(&str, StepStatus)] = &[
    ("identify", StepStatus::Identification),
    ("identify-recovery", StepStatus::RecoveryIdentification),
    ("challenge-authenticator", StepStatus::AuthenticatorVerification),
    ("enroll-authenticator", StepStatus::AuthenticatorEnrollment),
    ("authenticator-verification-data", StepStatus::AuthenticatorVerificationData),
    ("authenticator-enrollment-data", StepStatus::AuthenticatorEnrollmentData),
    ("enrollment-channel-data", StepStatus::EnrollmentChannelData),
    ("select-authenticator-authenticate", StepStatus::AuthenticatorSelection),
    ("select-authenticator-enroll", StepStatus::AuthenticatorEnrollmentSelection),
    ("enroll-profile", StepStatus::ProfileEnrollment),
    ("enroll-poll", StepStatus::EnrollPoll),
    ("challenge-poll", StepStatus::ChallengePoll),
    ("redirect-idp", StepStatus::Redirect),
    ("reset-authenticator", StepStatus::PasswordReset),
    ("reenroll-authenticator", StepStatus::PasswordExpired),
];

/// Every file of the index with its bytes, or `None` when the recordings are absent.
fn files(fixtures: &Fixtures, test: &str) -> Option<Vec<(Value, Vec<u8>)>> {
    fixtures
        .list("files")
        .iter()
        .map(|entry| Some((entry.clone(), fixtures.bytes(test, text(entry, "file"))?)))
        .collect()
}

fn json_response(status: u16, body: &[u8]) -> Response {
    Response::new(status, body).header("Content-Type", "application/json")
}

#[test]
fn every_recorded_passkey_form_has_its_request() {
    let Some(fixtures) = Fixtures::open("recordings: passkeys") else { return };
    let Some(files) = files(&fixtures, "recordings: passkeys") else { return };
    let mut found = 0;
    for (entry, bytes) in files.iter().filter(|(entry, _)| entry["kind"] == "idx") {
        let file = text(entry, "file");
        let step = Step::read(bytes).unwrap_or_else(|error| panic!("{file}: {error}"));
        for form in step.remediations() {
            let wants = ["attestation", "authenticatorData"].map(|name| format!("credentials.{name}"));
            let wanted = wants.iter().any(|path| form.field(path).is_ok());
            let request = form.passkey();
            assert_eq!(request.is_some(), wanted, "{file}: {}", form.name());
            let Some(request) = request else { continue };
            let options: Value = serde_json::from_str(&request.json).expect(file);
            let challenge = options["challenge"].as_str().expect(file);
            assert!(step.raw().contains(challenge), "{file}: the challenge is the server's");
            let party = if request.kind == PasskeyKind::Create { &options["rp"]["id"] } else { &options["rpId"] };
            assert!(party.as_str().is_some_and(|host| host.contains('.')), "{file}: {party}");
            found += 1;
        }
    }
    assert!(found >= 5, "hardly any passkey was recorded: {found}");
}

#[test]
fn nothing_is_dropped() {
    let Some(fixtures) = Fixtures::open("recordings: nothing_is_dropped") else { return };
    let Some(files) = files(&fixtures, "recordings: nothing_is_dropped") else { return };
    let mut counted = [0; 6];
    let mut dangling = Vec::new();
    let mut wrong = Vec::new();
    for (entry, bytes) in files.iter().filter(|(entry, _)| entry["kind"] == "idx") {
        let file = text(entry, "file");
        let step = Step::read(bytes).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(step.raw().as_bytes(), bytes.as_slice(), "{file}: the text is not the one that was read");
        let value: Value = serde_json::from_slice(bytes).expect(file);
        assert_eq!(walk::rebuilt(step.json()), value, "{file}: the tree");
        let expected = walk::Walk::facts(&value);
        let found = walk::of_library(&step);
        if expected != found {
            wrong.push(format!("{file}:\n walk:    {expected:?}\n library: {found:?}"));
        }
        if expected.dangling > 0 {
            dangling.push(file);
        }
        let forms = || expected.remediations.iter().chain(expected.actions.iter().map(|(_, form)| form));
        let counts = [
            expected.remediations.len(),
            expected.actions.len(),
            forms().map(|form| form.fields.len()).sum(),
            forms().flat_map(|form| &form.fields).map(|field| field.options.len()).sum(),
            expected.authenticators.len(),
            expected.messages.len(),
        ];
        counted.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    assert!(wrong.is_empty(), "{} of {} files differ:\n{}", wrong.len(), files.len(), wrong.join("\n"));
    assert_eq!(dangling, DANGLING);
    // A walk that finds nothing proves nothing: remediations, actions, fields, options, authenticators, messages.
    assert_eq!(counted, [282, 253, 1_355, 374, 467, 25]);
}

#[test]
fn the_index_agrees() {
    let Some(fixtures) = Fixtures::open("recordings: the_index_agrees") else { return };
    let Some(files) = files(&fixtures, "recordings: the_index_agrees") else { return };
    assert_eq!(files.len(), 242);
    let mut wrong = Vec::new();
    for (entry, bytes) in &files {
        let file = text(entry, "file");
        let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            (bytes.len() as u64, sum.as_str()),
            (entry["bytes"].as_u64().unwrap(), text(entry, "sha256")),
            "{file}"
        );
        let kind = text(entry, "kind");
        let expected = match kind {
            "idx" => Some(BodyKind::Ion),
            "oauth-error" => Some(BodyKind::OAuthError),
            "empty" => None,
            _ => Some(BodyKind::Other),
        };
        match (BodyKind::of(bytes), expected) {
            (Ok(found), Some(expected)) => assert_eq!(found, expected, "{file}"),
            (Err(error), None) => assert_eq!(error.kind(), ErrorKind::Protocol, "{file}"),
            (found, _) => panic!("{file}: {found:?}"),
        }
        match kind {
            "idx" => wrong.extend(idx_facts(entry, bytes).err().map(|what| format!("{file}: {what}"))),
            "interact" => {
                let handle = interaction_handle(&json_response(200, bytes)).expect(file);
                let value: Value = serde_json::from_slice(bytes).unwrap();
                assert_eq!(handle.expose(), text(&value, "interaction_handle"), "{file}");
            }
            "token" => token_facts(file, bytes),
            "oauth-error" => {
                let value: Value = serde_json::from_slice(bytes).unwrap();
                let error = error_from_response(&json_response(400, bytes), "the request");
                assert_eq!(error.kind(), ErrorKind::OAuth, "{file}");
                assert_eq!(error.oauth_error(), value["error"].as_str(), "{file}");
                // Okta's own Java SDK reads both spellings.
                let text = value["error_description"].as_str().or(value["errorDescription"].as_str());
                assert!(text.is_some() && error.oauth_description() == text, "{file}");
            }
            "jwks" => {
                // One of them writes its modulus with a leading zero octet, as Java does.
                let value: Value = serde_json::from_slice(bytes).unwrap();
                let keys = keys_reply(&json_response(200, bytes)).expect(file);
                assert_eq!(keys.keys().len(), value["keys"].as_array().unwrap().len(), "{file}");
                assert_eq!(KeySet::parse(bytes).expect(file).keys().len(), keys.keys().len());
            }
            // Userinfo, discovery and the empty body are no input of this library.
            "userinfo" | "oidc-metadata" | "empty" => {}
            other => panic!("{file}: the index has a kind this test does not know: {other}"),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Names, keys, messages and outcome of a step against the index.
fn idx_facts(entry: &Value, bytes: &[u8]) -> Result<(), String> {
    let step = Step::read(bytes).map_err(|error| error.to_string())?;
    let names: Vec<_> = step.remediations().map(|remediation| remediation.name().into_owned()).collect();
    same("remediations", &names, &texts(entry, "remediations"))?;
    let mut keys: Vec<_> =
        step.authenticators().into_iter().filter_map(|one| one.key()).map(|key| key.into_owned()).collect();
    keys.sort();
    keys.dedup();
    same("authenticator keys", &keys, &texts(entry, "authenticator_keys"))?;

    let listed = entry["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let key = |key: &str| (!key.is_empty()).then(|| key.to_owned());
    let expected =
        listed.iter().map(|it| (key(text(it, "i18n_key")), text(it, "text").to_owned(), it["class"].as_str()));
    let mut expected: Vec<_> = expected.map(|(key, text, class)| (key, text, class.map(str::to_owned))).collect();
    let raw_class = |class: Option<std::borrow::Cow<'_, str>>| class.map(|class| class.into_owned());
    let mut found: Vec<_> = step
        .messages()
        .iter()
        .map(|it| (it.key().map(|key| key.into_owned()), it.text().into_owned(), raw_class(it.raw_class())))
        .collect();
    expected.sort();
    found.sort();
    same("messages", &found, &expected)?;

    let status = step.status();
    let success = status == StepStatus::Success || status == StepStatus::SuccessRedirect;
    let outcome = match (success, step.is_terminal()) {
        (true, false) => "success",
        (false, false) => "remediation",
        (false, true) => "terminal",
        (true, true) => "both",
    };
    same("outcome", &outcome, &text(entry, "outcome"))?;
    if success {
        let code = step.success_with_interaction_code();
        return same("code", &code.is_some(), &(status == StepStatus::Success));
    }
    // The status is that of one of the remediations; `Other` only where the reference has no word for any of them.
    let meant: Vec<_> = names.iter().filter_map(|name| STATUS.iter().find(|(known, _)| known == name)).collect();
    let fits = match status {
        StepStatus::Terminal => step.is_terminal(),
        StepStatus::Other => meant.is_empty(),
        status => meant.iter().any(|(_, own)| *own == status),
    };
    same("status fits", &fits, &true).map_err(|what| format!("{what}: {status:?} for {names:?}"))
}

fn same<T: PartialEq<U> + std::fmt::Debug, U: std::fmt::Debug>(
    what: &str,
    found: &T,
    expected: &U,
) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?} instead of {expected:?}")) }
}

fn token_facts(file: &str, bytes: &[u8]) {
    let value: Value = serde_json::from_slice(bytes).unwrap();
    let tokens =
        TokenResponse::parse(&json_response(200, bytes), &["openid"]).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert_eq!(tokens.access_token.expose(), text(&value, "access_token"), "{file}");
    assert_eq!(tokens.id_token.as_ref().map(|token| token.expose()), value["id_token"].as_str(), "{file}");
    assert_eq!(tokens.refresh_token.as_ref().map(|token| token.expose()), value["refresh_token"].as_str(), "{file}");
    assert_eq!(tokens.device_secret.as_ref().map(|token| token.expose()), value["device_secret"].as_str(), "{file}");
    assert_eq!(tokens.expires_in.map(|lifetime| lifetime.as_secs()), value["expires_in"].as_u64(), "{file}");
    assert_eq!(tokens.scopes.join(" "), text(&value, "scope"), "{file}");
}

#[test]
fn the_status_follows_the_first_remediation_but_for_these() {
    let test = "recordings: the_status_follows_the_first_remediation_but_for_these";
    let Some(fixtures) = Fixtures::open(test) else { return };
    let Some(files) = files(&fixtures, test) else { return };
    let mut differing = Vec::new();
    for (entry, bytes) in files.iter().filter(|(entry, _)| entry["outcome"] == "remediation") {
        let step = Step::read(bytes).unwrap();
        let first = step.remediations().next().map(|first| first.name().into_owned()).unwrap_or_default();
        let expected = STATUS.iter().find(|(name, _)| *name == first).map_or(StepStatus::Other, |(_, status)| *status);
        if step.status() != expected {
            differing.push((first, step.status(), text(entry, "file").to_owned()));
        }
    }
    differing.sort_by(|a, b| a.2.cmp(&b.2));
    let kinds: std::collections::BTreeSet<_> =
        differing.iter().map(|(first, status, _)| (first.as_str(), status.as_str())).collect();
    // What must be done now comes before what may be chosen instead, wherever the server lists it.
    let written = std::collections::BTreeSet::from(STATUS_DIFFERS);
    assert_eq!(kinds, written, "{differing:#?}");
}

/// First remediation, and the status that another remediation of the same step decides.
const STATUS_DIFFERS: [(&str, &str); 0] = [];

#[test]
fn every_response_check_holds() {
    let Some(fixtures) = Fixtures::open("recordings: every_response_check_holds") else { return };
    let list = fixtures.list("response_checks");
    assert_eq!(list.len(), 33);
    let mut wrong = Vec::new();
    let mut facts = 0;
    for check in list {
        let Some(bytes) = fixtures.bytes("recordings: every_response_check_holds", text(check, "file")) else { return };
        let done = checks::run(check, &bytes);
        facts += done.facts;
        wrong.extend(done.wrong.into_iter().map(|what| format!("{}: {what}", text(check, "id"))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{facts} asserted facts of {} checks", list.len());
    assert!(facts > 80, "{facts}");
}
