//! The asserted facts of a scenario's calls against what the library says. A member without a rule is a failure.

use interaction_code::{
    ErrorKind, Sent,
    idx::{AuthenticatorState, Json, Remediation, Step, StepStatus},
    oauth::TokenResponse,
};
use serde_json::{Value, json};

use super::{
    drive::Run,
    fixtures::text,
    replay::{ORIGIN, mapped},
};

/// The Java SDK's names of statuses, and ours.
pub const STATUS: &[(&str, StepStatus)] = &[
    ("SUCCESS", StepStatus::Success),
    ("AWAITING_AUTHENTICATOR_SELECTION", StepStatus::AuthenticatorSelection),
    ("AWAITING_AUTHENTICATOR_ENROLLMENT_SELECTION", StepStatus::AuthenticatorEnrollmentSelection),
    ("AWAITING_AUTHENTICATOR_VERIFICATION", StepStatus::AuthenticatorVerification),
    ("AWAITING_AUTHENTICATOR_VERIFICATION_DATA", StepStatus::AuthenticatorVerificationData),
    ("AWAITING_AUTHENTICATOR_ENROLLMENT", StepStatus::AuthenticatorEnrollment),
    ("AWAITING_AUTHENTICATOR_ENROLLMENT_DATA", StepStatus::AuthenticatorEnrollmentData),
    ("AWAITING_POLL_ENROLLMENT", StepStatus::EnrollPoll),
    ("AWAITING_CHANNEL_DATA_ENROLLMENT", StepStatus::EnrollmentChannelData),
];

/// Members that are about the objects of those SDKs, which this library has no counterpart of, each with the reason.
const OF_THE_SDK: &[(&str, &str)] = &[
    ("client_context_unchanged_since", "the context is inside the flow; nobody can change it"),
    ("client_context_present", "the same: PKCE, state and handle are checked in the requests themselves"),
    ("form_values_count", "Java's wrapper of the sign-up form; the form's fields are compared in tests/recordings.rs"),
    ("form_values_present", "the same"),
    ("identifier_first", "Java's own word for a first form without a password field"),
];

/// A name, or a path inside the form of the first remediation, as the index gives it (`$.remediation.value[0]…`), turned
/// into the names of the fields that lead there.
fn names_at(step: &Step, at: &str) -> Vec<String> {
    let root: Value = serde_json::from_str(step.raw()).unwrap();
    let mut place = &root;
    let mut names = Vec::new();
    for part in at.trim_start_matches("$.").split('.') {
        let (name, index) = part.split_once('[').unwrap_or((part, ""));
        if name == "messages" {
            break;
        }
        place = &place[name];
        if let Ok(index) = index.trim_end_matches(']').parse::<usize>() {
            place = &place[index];
            if place["href"].is_null() && name == "value" {
                names.extend(place["name"].as_str().map(str::to_owned));
            }
        }
    }
    names
}

fn owned(text: Option<std::borrow::Cow<'_, str>>) -> Value {
    text.map_or(Value::Null, |text| Value::String(text.into_owned()))
}

fn mapped_text(value: &Value) -> Value {
    let text = String::from_utf8(mapped(value.to_string().as_bytes())).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Checks what is asserted after one call. `statuses` are the differences in status, by scenario and call.
pub fn check(
    run: &mut Run<'_>,
    asserted: &Value,
    call: usize,
    statuses: &mut dyn FnMut(&str, usize) -> Option<StepStatus>,
) {
    for (name, want) in asserted.as_object().into_iter().flatten() {
        fact(run, name, want, call, statuses);
    }
}

fn fact(
    run: &mut Run<'_>,
    name: &str,
    want: &Value,
    call: usize,
    statuses: &mut dyn FnMut(&str, usize) -> Option<StepStatus>,
) {
    let id = run.id();
    let what = format!("{id}, call {call}: {name}");
    let first = |step: &Step| step.remediations().next().map(|it| it.name().into_owned());
    match name {
        "status" => {
            let java = want.as_str().unwrap();
            let known = STATUS.iter().find(|(name, _)| *name == java).map(|(_, status)| *status);
            let expected = statuses(id, call).or(known);
            assert_eq!(run.status, Some(expected.unwrap_or_else(|| panic!("{what}: no status for {java}"))), "{what}");
        }
        "errors" => errors(run, want, &what),
        "authenticators" if want.is_null() => {}
        "authenticators" => {
            for (member, want) in want.as_object().unwrap() {
                let all = want.as_array().map(Vec::as_slice).unwrap_or_default();
                match member.as_str() {
                    "contains_labels" => {
                        let labels = option_labels(run.step());
                        assert!(all.iter().all(|one| labels.iter().any(|own| one == own)), "{what}: {labels:?}");
                    }
                    "contains_types" => {
                        let forms: Vec<_> = run.step().remediations().flat_map(Remediation::authenticators).collect();
                        let types: Vec<_> = forms.iter().filter_map(|one| one.authenticator_type()).collect();
                        assert!(all.iter().all(|one| types.iter().any(|own| one == own.as_ref())), "{what}: {types:?}");
                    }
                    "factor_labels_contain" => {
                        for (label, factors) in want.as_object().unwrap() {
                            let found = factor_labels(run.step(), Some(label));
                            let all = factors.as_array().unwrap();
                            assert!(all.iter().all(|one| found.iter().any(|own| one == own)), "{what}: {found:?}");
                        }
                    }
                    other => panic!("{what}: no rule for {other}"),
                }
            }
        }
        "factor_labels_contain" => {
            let found = factor_labels(run.step(), None);
            assert!(want.as_array().unwrap().iter().all(|one| found.iter().any(|own| one == own)), "{what}: {found:?}");
        }
        "token" => token(run, want, &what),
        "is_login_successful" => {
            assert_eq!(run.flow.as_ref().unwrap().is_complete(), want.as_bool().unwrap(), "{what}");
        }
        "interaction_handle" => {
            let saved = run.flow.as_ref().unwrap().save().unwrap();
            let saved: Value = serde_json::from_str(saved.expose()).unwrap();
            assert_eq!(&saved["interaction_handle"], want, "{what}");
        }
        "state_present" | "code_verifier_present" => {
            let saved = run.flow.as_ref().unwrap().save().unwrap();
            let saved: Value = serde_json::from_str(saved.expose()).unwrap();
            let member = name.trim_end_matches("_present");
            assert_eq!(saved[member].as_str().is_some_and(|text| text.len() == 43), want == true, "{what}");
        }
        // The transport has compared the whole body; that it was served says it was there.
        "form_body_contains" => {
            assert!(want.as_str().unwrap().starts_with("recovery_token=") && run.replay.left() == 0)
        }
        "first_remediation" if want.is_string() => assert_eq!(first(run.step()).as_deref(), want.as_str(), "{what}"),
        "first_remediation" => form(run.step().remediations().next().unwrap(), want, &what),
        "first_remediation_href" => {
            let href = run.step().remediations().next().unwrap().href();
            assert_eq!(owned(href), mapped_text(want), "{what}");
        }
        "contains_remediation" => assert!(run.step().offers(want.as_str().unwrap()), "{what}"),
        "other_remediation" => {
            assert!(run.step().remediations().skip(1).any(|it| want == it.name().as_ref()), "{what}")
        }
        "remediation" => assert_eq!(run.step().remediations().count(), usize::from(!want.is_null()), "{what}"),
        "can_cancel" => assert_eq!(run.step().action("cancel").is_some(), want.as_bool().unwrap(), "{what}"),
        "visible_fields" | "all_fields" | "required_fields" => {
            let fields: Vec<_> = run.step().remediations().next().unwrap().fields().collect();
            let wanted = |field: &&interaction_code::idx::Field<'_>| match name {
                "visible_fields" => field.is_visible() && field.name() != "stateHandle",
                "required_fields" => field.is_required() && field.name() != "stateHandle",
                _ => true,
            };
            let names: Vec<_> = fields.iter().filter(wanted).map(|field| field.name().to_owned()).collect();
            assert_eq!(json!(names), *want, "{what}");
        }
        "authenticator_field_type" => {
            let field = run.step().remediations().next().unwrap().field("authenticator").unwrap();
            assert_eq!(want, field.field_type().as_str(), "{what}");
        }
        "authenticator_options_count" => assert_eq!(json!(option_labels(run.step()).len()), *want, "{what}"),
        "contains_option_labels" => {
            let labels = option_labels(run.step());
            assert!(
                want.as_array().unwrap().iter().all(|one| labels.iter().any(|own| one == own)),
                "{what}: {labels:?}"
            );
        }
        "contains_option" => {
            let field = run.step().remediations().next().unwrap().field("authenticator").unwrap();
            let option =
                field.options().find(|it| it.label().is_some_and(|own| want["label"] == own.as_ref())).unwrap();
            let fields: Vec<_> = option.fields().collect();
            assert_eq!(json!(fields.len()), want["all_fields"], "{what}");
            // Fixed ones are for the program, not for a person.
            let seen = fields.iter().filter(|field| field.is_visible() && field.is_mutable()).count();
            assert_eq!(json!(seen), want["visible_fields"], "{what}");
        }
        "authenticator_options" => {
            let field =
                run.step().remediation("select-authenticator-authenticate").unwrap().field("authenticator").unwrap();
            let found: Vec<_> = field
                .options()
                .map(|it| json!({"label": it.label(), "id": it.preset("id"), "method_type": it.preset("methodType")}))
                .collect();
            assert_eq!(json!(found), *want, "{what}");
        }
        "option_authenticator" => {
            let field = run.step().remediations().next().unwrap().field("authenticator").unwrap();
            let email = field.options().find(|it| it.label().as_deref() == Some("Email")).unwrap();
            let enrolled = run.step().authenticators();
            let first = enrolled.into_iter().find(|one| one.state() == AuthenticatorState::Enrolled);
            assert_eq!(email.authenticators().next(), first, "{what}");
        }
        "remediation_authenticator" => {
            let about = run.step().remediations().next().unwrap().authenticators();
            assert_eq!(about.first().copied(), run.step().current_authenticator(), "{what}");
            assert!(!about.is_empty(), "{what}");
        }
        "current_authenticator_type" => {
            let current = run.step().current_authenticator();
            assert_eq!(owned(current.and_then(|one| one.authenticator_type())), *want, "{what}");
        }
        "authenticator_enrollments" => enrollments(run.step(), want, &what),
        "credentials_field" => {
            let field = run.step().remediations().next().unwrap().field("credentials").unwrap();
            assert_eq!(field.is_required(), want["required"], "{what}");
            let inner = field.fields().next().unwrap();
            let found = json!({"name": inner.name(), "label": inner.label(), "secret": inner.is_secret()});
            assert_eq!(found, want["form_field"], "{what}");
        }
        "state_handle_field" => {
            let field = run.step().remediations().next().unwrap().field("stateHandle").unwrap();
            let found = json!({"value": field.value().unwrap().to_value(), "required": field.is_required(),
                "visible": field.is_visible(), "mutable": field.is_mutable()});
            assert_eq!(found, *want, "{what}");
        }
        "expires_at" => assert_eq!(owned(run.step().expires_at_text()), *want, "{what}"),
        "intent" => assert_eq!(owned(run.step().json().text("intent")), *want, "{what}"),
        "user" => {
            let user = run.step().member("user").unwrap();
            for (member, want) in want.as_object().unwrap().iter().filter(|(member, _)| *member != "profile") {
                assert_eq!(owned(user.text(member)), *want, "{what}");
            }
            for (member, want) in want["profile"].as_object().unwrap() {
                assert_eq!(owned(user.get("profile").unwrap().text(member)), *want, "{what}");
            }
        }
        "idps" => {
            let found: Vec<_> = run.step().remediations_named("redirect-idp").collect();
            let want = want["exactly"].as_array().unwrap();
            assert_eq!(found.len(), want.len(), "{what}");
            for (found, want) in found.iter().zip(want) {
                assert_eq!(owned(found.idp_type()), want["type"], "{what}");
                assert_eq!(owned(found.navigation()), mapped_text(&want["href"]), "{what}");
            }
        }
        "redirect_href_present" => {
            let found = run.step().remediation("redirect-idp").unwrap().navigation().is_some();
            assert_eq!(found, want.as_bool().unwrap(), "{what}");
        }
        "poll_info" => {
            let (poll, interval) = run.step().poll().expect("a poll");
            assert_eq!(owned(poll.href()), mapped_text(&want["href"]), "{what}");
            assert_eq!(json!(interval.as_secs()), want["refresh_seconds"], "{what}");
        }
        "pollable" => assert_eq!(run.step().poll().is_some(), want.as_bool().unwrap(), "{what}"),
        "requests_sent" => assert_eq!((json!(2), run.replay.left()), (want.clone(), 0), "{what}"),
        "next_href" => {
            let href = run.step().remediations().next().and_then(Remediation::href);
            assert_eq!(owned(href), mapped_text(want), "{what}");
        }
        "qr_code_href_starts_with" => {
            let code = run.step().current_authenticator().and_then(|one| one.qr_code());
            assert!(code.is_some_and(|code| code.starts_with(want.as_str().unwrap())), "{what}");
        }
        "error" => {
            let error = run.error.as_ref().expect("an error");
            assert_eq!((error.kind(), error.oauth_error()), (ErrorKind::OAuth, want.as_str()), "{what}");
        }
        "http_status" => {
            let status = run.error.as_ref().map_or_else(|| Some(run.step().http_status()), |error| error.http_status());
            assert_eq!(json!(status), *want, "{what}");
        }
        "client_error" => client_error(run, want.as_str().unwrap(), &what),
        "outcome" => {
            assert_eq!(want, "interaction required", "{what}");
            assert!(run.error.is_none() && !run.flow.as_ref().unwrap().is_complete(), "{what}");
        }
        "webauthn" => webauthn(run.step(), want, &what),
        // What was sent; the transport has compared the whole body with what was submitted.
        _ if name.starts_with("credentials.") => {
            let step = run.scenario["steps"][0]["submitted"].pointer(&format!("/{}", name.replace('.', "/")));
            assert_eq!((step, run.replay.left()), (Some(want), 0), "{what}");
        }
        _ if OF_THE_SDK.iter().any(|(known, _)| *known == name) => {}
        _ => panic!("{what}: no rule for this member"),
    }
}

fn form(form: Remediation<'_>, want: &Value, what: &str) {
    for (name, want) in want.as_object().unwrap() {
        let found = match name.as_str() {
            "name" => json!(form.name()),
            "href" => json!(form.href()),
            "method" => json!(form.method()),
            "accepts" => json!(form.accepts()),
            "rel_contains" => {
                let rel = form.json().get("rel").expect("rel");
                owned(rel.items().find_map(|one| one.as_str().filter(|own| want == own.as_ref())))
            }
            other => panic!("{what}: no rule for {other}"),
        };
        assert_eq!(found, mapped_text(want), "{what}.{name}");
    }
}

fn errors(run: &Run<'_>, want: &Value, what: &str) {
    let items = want["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    match text(want, "match") {
        "not asserted" => {}
        "empty" if run.replay.left() == 0 && run.flow.as_ref().is_some_and(|flow| flow.step().is_err()) => {}
        "empty" => assert!(!run.step().has_error(), "{what}: {:?}", run.step().messages()),
        "contains" | "exactly" => {
            let messages = run.step().messages();
            if text(want, "match") == "exactly" {
                assert_eq!(messages.len(), items.len(), "{what}");
            }
            for item in items {
                let path = names_at(run.step(), text(item, "at"));
                let fits = |message: &&interaction_code::idx::Message<'_>| {
                    message.text() == text(item, "text")
                        && owned(message.key()) == item["i18n_key"]
                        && message.path() == path
                };
                let found = messages.iter().find(fits).unwrap_or_else(|| panic!("{what}: {item} in {messages:?}"));
                assert_eq!(owned(found.raw_class()), item["class"], "{what}");
            }
        }
        "oauth" => {
            let error = run.error.as_ref().expect("an error");
            assert_eq!(error.oauth_error(), items[0]["error"].as_str(), "{what}");
            assert_eq!(error.oauth_description(), items[0]["description"].as_str(), "{what}");
        }
        // Compared as `client_error`.
        "client-side" => assert!(run.error.is_some() || run.flow.is_none(), "{what}"),
        other => panic!("{what}: no rule for the match {other}"),
    }
}

fn client_error(run: &mut Run<'_>, want: &str, what: &str) {
    let error = run.error.take().expect("an error");
    let (kind, rule) = match want.split(':').next().unwrap() {
        // A callback is taken by a flow, so without one there is nothing to take it: see `DIFFERENCES`.
        "no context" => (ErrorKind::InvalidSnapshot, None),
        "scheme missing" | "scheme mismatch" => (ErrorKind::InvalidCallback, Some("address")),
        "state mismatch" => (ErrorKind::InvalidCallback, Some("state")),
        other => panic!("{what}: no rule for {other}"),
    };
    assert_eq!((error.kind(), error.rule(), error.sent()), (kind, rule, Sent::No), "{what}: {error}");
    assert_eq!(run.replay.left(), 0, "nothing is sent");
    run.error = Some(error);
}

/// What the recorded token response says. The ID token cannot be verified: no key of it is in the recordings.
fn token(run: &Run<'_>, want: &Value, what: &str) {
    let steps = run.scenario["steps"].as_array().unwrap();
    let step = steps.iter().rfind(|step| step["endpoint"] == "token").expect("a token step");
    let bytes = run.fixtures.bytes("scenarios", text(step, "file")).expect("the file");
    let response = interaction_code::http::Response::new(200, bytes).header("Content-Type", "application/json");
    let tokens = TokenResponse::parse(&response, &run.client.config().scopes).unwrap();
    for (name, want) in want.as_object().unwrap() {
        let found = match name.as_str() {
            "scope" => json!(tokens.scopes.join(" ")),
            // Any other type is refused by `parse`.
            "token_type" => json!("Bearer"),
            "expires_in" => json!(tokens.expires_in.map(|lifetime| lifetime.as_secs())),
            "refresh_token" => json!(tokens.refresh_token.as_ref().map(|token| token.expose())),
            "access_token_present" => json!(!tokens.access_token.is_empty()),
            "refresh_token_present" => json!(tokens.refresh_token.is_some()),
            "id_token_present" => json!(tokens.id_token.is_some()),
            other => panic!("{what}: no rule for {other}"),
        };
        assert_eq!(found, *want, "{what}.{name}");
    }
}

fn option_labels(step: &Step) -> Vec<String> {
    let fields = step.remediations().filter_map(|form| form.field("authenticator").ok()).collect::<Vec<_>>();
    fields.iter().flat_map(|field| field.options()).filter_map(|it| it.label().map(Into::into)).collect()
}

/// The labels of what can be chosen inside the options: methods, channels.
fn factor_labels(step: &Step, label: Option<&str>) -> Vec<String> {
    let fields: Vec<_> = step.remediations().filter_map(|form| form.field("authenticator").ok()).collect();
    let options = fields.iter().flat_map(|field| field.options());
    let options = options.filter(|option| label.is_none_or(|label| option.label().as_deref() == Some(label)));
    let inner: Vec<_> =
        options.flat_map(|option| option.fields()).chain(fields.iter().flat_map(|field| field.fields())).collect();
    inner.iter().flat_map(|field| field.options()).filter_map(|it| it.label().map(Into::into)).collect()
}

fn enrollments(step: &Step, want: &Value, what: &str) {
    let all = step.authenticators();
    let enrolled: Vec<_> = all.iter().filter(|one| one.state() == AuthenticatorState::Enrolled).collect();
    let want = want.as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(enrolled.is_empty(), want.is_empty(), "{what}");
    for want in want {
        let one = enrolled.iter().find(|one| owned(one.authenticator_type()) == want["type"]).expect(what);
        for (name, want) in want.as_object().unwrap() {
            let found = match name.as_str() {
                "type" => owned(one.authenticator_type()),
                "id" => owned(one.id()),
                "display_name" => owned(one.display_name()),
                "methods" => json!(one.method_names()),
                "methods_count" => json!(one.methods().len()),
                "profile" => one.json().get("profile").map_or(Value::Null, Json::to_value),
                "profile.email" => owned(one.profile("email")),
                "profile.phoneNumber" => owned(one.profile("phoneNumber")),
                other => panic!("{what}: no rule for {other}"),
            };
            assert_eq!(found, *want, "{what}.{name}");
        }
    }
}

fn webauthn(step: &Step, want: &Value, what: &str) {
    let current = step.current_authenticator().and_then(|one| one.contextual_data());
    let data = match text(want, "kind") {
        "registration" => current.and_then(|data| data.get("activationData")),
        _ => current.or_else(|| step.member("webauthnAutofillUIChallenge")).and_then(|data| data.get("challengeData")),
    };
    let data = data.expect(what);
    let user = data.get("user");
    for (name, want) in want.as_object().unwrap() {
        let found = match name.as_str() {
            "kind" => want.clone(),
            "display_name" => owned(user.and_then(|user| user.text("displayName"))),
            "name" => owned(user.and_then(|user| user.text("name"))),
            "user_id_bytes_as_text" => owned(user.and_then(|user| user.text("id"))),
            "challenge_base64url" => owned(data.text("challenge")),
            "attestation" => owned(data.text("attestation")),
            "user_verification" => {
                let selection = data.get("authenticatorSelection").unwrap_or(data);
                owned(selection.text("userVerification"))
            }
            // The host of the application id, or of the issuer when there is none (idx.md 6.9).
            "relying_party" => {
                let own = data.get("rp").and_then(|rp| rp.text("id")).or_else(|| data.text("rpId"));
                let id = |name: &str| data.get(name).and_then(|it| it.text("appid"));
                let app = id("u2fParams").or_else(|| id("extensions")).map(|id| id.replace("https://", ""));
                let found = own.map(Into::into).or(app).unwrap_or_else(|| ORIGIN.replace("https://", ""));
                assert_eq!(found, ORIGIN.replace("https://", ""), "{what}");
                want.clone()
            }
            other => panic!("{what}: no rule for {other}"),
        };
        assert_eq!(found, *want, "{what}.{name}");
    }
}
