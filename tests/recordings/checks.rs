//! A small interpreter for the asserted facts of the index: each member of `asserted` is one fact about one response.
//! A member that it does not know is a failure, never ignored. Where the library answers on purpose in another way than
//! the SDK whose test it was, [`DIFFERENCES`] says why, and the arm of that member asserts what it does instead.

use interaction_code::{
    ErrorKind, Sent,
    flow::{Effect, Phase},
    http::Response,
    idx::{Authenticator, AuthenticatorState, Field, Json, Remediation, Step},
    oauth::TokenResponse,
};
use serde_json::{Value, json};

use super::{fixtures::text, requests::replied};

/// Check, member, and why the library does not do what that SDK does.
pub const DIFFERENCES: &[(&str, &str, &str)] = &[
    (
        "swift/status-classification",
        "429",
        "the app decides about a retry: a 429 with a form is a step, without one RateLimited",
    ),
    (
        "swift/status-classification",
        "500",
        "the body comes first (idx.md section 3.3): with a form in it a 5xx is a step too",
    ),
    (
        "auth-js/request-identifier-params",
        "content_type",
        "the form is sent as what it accepts, not always application/json",
    ),
    (
        "auth-js/request-identifier-params",
        "immutable_field_overridden_by_caller",
        "an attempt to override is refused, not ignored",
    ),
    (
        "auth-js/request-identifier-params",
        "http_401_with_WWW-Authenticate_Oktadevicejwt",
        "a 401 with a step in it is that step",
    ),
    ("auth-js/request-identifier-params", "body", "the identifier is required, so a body without it is never sent"),
    ("auth-js/verify-password", "dangling_relatesTo", "a pointer to nothing is reported, never an error"),
    (
        "auth-js/relatesTo-dangling",
        "relatesTo",
        "kept in the document and reported as unresolved; as if absent otherwise",
    ),
];

pub struct Done {
    pub facts: usize,
    pub wrong: Vec<String>,
}

/// Checks every asserted fact of one check against its recording.
pub fn run(check: &Value, bytes: &[u8]) -> Done {
    let mut run =
        Run { id: text(check, "id"), asserted: &check["asserted"], used: Vec::new(), facts: 0, wrong: Vec::new() };
    if run.asserted.get("access_token_present").is_some() {
        run.token(bytes);
    } else {
        match Step::read(bytes) {
            Ok(step) => run.step(&step),
            Err(error) => run.wrong.push(error.to_string()),
        }
    }
    for (_, member, _) in DIFFERENCES.iter().filter(|(id, _, _)| *id == run.id) {
        if !run.used.contains(member) {
            run.wrong.push(format!("the difference `{member}` is written down, and nothing differs"));
        }
    }
    Done { facts: run.facts, wrong: run.wrong }
}

pub struct Run<'c> {
    pub id: &'c str,
    pub asserted: &'c Value,
    used: Vec<&'static str>,
    facts: usize,
    wrong: Vec<String>,
}

pub fn owned(text: Option<std::borrow::Cow<'_, str>>) -> Value {
    text.map_or(Value::Null, |text| Value::String(text.into_owned()))
}

pub fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

impl<'c> Run<'c> {
    pub fn same(&mut self, what: &str, found: Value, expected: &Value) {
        self.facts += 1;
        if found != *expected {
            self.wrong.push(format!("{what}: {found} instead of {expected}"));
        }
    }

    pub fn holds(&mut self, what: &str, holds: bool) {
        self.same(what, json!(holds), &json!(true));
    }

    pub fn unknown(&mut self, what: &str) {
        self.wrong.push(format!("no rule for the asserted member {what}"));
    }

    /// Notes that a written difference is met.
    pub fn differs(&mut self, member: &'static str) {
        let known = DIFFERENCES.iter().any(|(id, own, _)| *id == self.id && *own == member);
        assert!(known, "{}: {member} differs and is not in the list", self.id);
        self.used.push(member);
    }

    fn token(&mut self, bytes: &[u8]) {
        let response = Response::new(200, bytes).header("Content-Type", "application/json");
        let tokens = TokenResponse::parse(&response, &["openid"]).expect("a token response");
        for (name, want) in members(self.asserted) {
            let found = match name {
                // Any other type is refused by `parse`.
                "token_type" => json!("Bearer"),
                "expires_in" => json!(tokens.expires_in.map(|lifetime| lifetime.as_secs())),
                "scope" => json!(tokens.scopes.join(" ")),
                "access_token_present" => json!(!tokens.access_token.is_empty()),
                "refresh_token_present" => json!(tokens.refresh_token.is_some()),
                "id_token_present" => json!(tokens.id_token.is_some()),
                other => return self.unknown(other),
            };
            self.same(name, found, want);
        }
    }

    fn step(&mut self, step: &Step) {
        let asserted = self.asserted;
        let named = asserted["remediation"].as_str().map(|name| step.remediation(name).expect("the remediation"));
        let first = || step.remediations().next().expect("a remediation");
        for (name, want) in members(asserted) {
            match name {
                "messages" => self.same(name, step.member("messages").map_or(Value::Null, Json::to_value), want),
                "expires_at" => self.same(name, owned(step.expires_at_text()), want),
                "intent" => self.same(name, owned(step.json().text("intent")), want),
                "version" => self.same(name, owned(step.version()), want),
                "state_handle" => {
                    self.same(name, json!(step.state_handle().map(|handle| handle.expose().to_owned())), want);
                }
                "remediation_type" => {
                    let list = step.json().get("remediation").expect("remediation");
                    self.same(name, owned(list.text("type")), want);
                }
                "remediation" if want.is_null() => self.same(name, json!(step.remediations().count()), &json!(0)),
                // A name says which remediation the other members are about.
                "remediation" => self.holds(name, step.offers(want.as_str().unwrap())),
                "contains_remediation" => self.holds(name, step.offers(want.as_str().unwrap())),
                "first_remediation" if want.is_string() => self.same(name, json!(first().name()), want),
                "first_remediation" => self.form(name, first(), want),
                "second_remediation" => self.same(name, json!(step.remediations().nth(1).unwrap().name()), want),
                "remediations" => {
                    let names: Vec<_> = step.remediations().map(|it| it.name().into_owned()).collect();
                    self.same(name, json!(names), want);
                }
                "cancel" => self.form(name, step.action("cancel").expect("cancel"), want),
                "success_with_interaction_code" => {
                    self.form(name, step.success_with_interaction_code().expect("success"), want);
                }
                "app" => {
                    for (inner, want) in members(want) {
                        self.same(inner, owned(step.member("app").unwrap().text(inner)), want);
                    }
                }
                "user" => self.same(name, json!(step.member("user").is_none()), &json!(want == "absent")),
                "fields" => {
                    let fields: Vec<_> = first().fields().collect();
                    for want in want.as_array().unwrap() {
                        let field = fields.iter().find(|field| field.name() == want["name"]).expect("the field");
                        self.field(field, want);
                    }
                }
                "credentials_options" => self.credentials_options(first(), want),
                "authenticator_enrollments_contain" => self.enrollment(step, want),
                "set" | "select_option" => {} // What `form_value` and `request` are about.
                "form_value" => {
                    let answer = self.answer(named.expect("a named remediation"));
                    let body: Value = serde_json::from_slice(&answer.body().expect("the body")).unwrap();
                    self.same(name, body, want);
                }
                "request" => self.request(step, named.unwrap_or_else(first), want),
                "http_status_handling" => self.statuses(step, named.unwrap_or_else(first), want),
                "authenticators_count" => self.same(name, json!(step.authenticators().len()), want),
                "first_authenticator_type" => {
                    self.same(name, owned(step.authenticators()[0].authenticator_type()), want);
                }
                "remediation_authenticators" => {
                    let list = named.unwrap().authenticators();
                    let types: Vec<_> = list.iter().map(|one| owned(one.authenticator_type())).collect();
                    self.same(name, json!(types), want);
                }
                "remediation_authenticator" => {
                    self.same(name, want.clone(), &json!("equals the current authenticator"));
                    let about = step.remediation(text(asserted, "contains_remediation")).unwrap().authenticators();
                    self.holds(name, about.first().copied() == step.current_authenticator() && !about.is_empty());
                }
                "pollable" => self.same(name, json!(step.poll().is_some()), want),
                "first_option" => self.first_option(named.unwrap(), want),
                "top_level_messages" => {
                    self.same(name, json!(step.messages().iter().filter(|it| it.path().is_empty()).count()), want);
                }
                "all_messages" => self.same(name, json!(step.messages().len()), want),
                "remediation_messages" => {
                    let own = named.unwrap().json().get("messages").map_or(0, |list| list.unwrap_ion().items().count());
                    self.same(name, json!(own), want);
                }
                "remediation_all_messages" => {
                    let fields = named.unwrap().all_fields();
                    self.same(name, json!(fields.iter().map(|field| field.messages().len()).sum::<usize>()), want);
                }
                "field" => {
                    self.same(name, json!(named.unwrap().field(want.as_str().unwrap()).unwrap().dotted_path()), want)
                }
                "field_messages" => {
                    let field = named.unwrap().field(text(asserted, "field")).unwrap();
                    self.same(name, json!(field.messages().len()), want);
                }
                "webauthn_registration" => self.webauthn(step, want),
                "select-authenticator-enroll_has_webauthn" => {
                    // It offers the authenticator; the challenge to register belongs to the current one only.
                    let offered = step.remediation("select-authenticator-enroll").unwrap().authenticators();
                    let has = |one: &Authenticator<'_>| {
                        one.contextual_data().is_some_and(|it| it.get("activationData").is_some())
                    };
                    self.same(name, json!(offered.iter().any(has)), want);
                    self.holds("offers it", offered.iter().any(|one| one.key().is_some_and(|key| key == "webauthn")));
                }
                "options" => {
                    let list = options(step.remediation(text(asserted, "contains_remediation")).unwrap());
                    for (option, want) in list.iter().zip(want.as_array().unwrap()) {
                        let email = option.and_then(|one| one.profile("email"));
                        self.same("profile.email", owned(email), &want["profile.email"]);
                    }
                }
                "authenticators_of_options" => {
                    let list = options(step.remediation(text(asserted, "contains_remediation")).unwrap());
                    self.same(name, json!(if list[0] == list[1] { "same" } else { "differ" }), want);
                }
                "actions" => {
                    let paths: Vec<_> = step.actions().into_iter().map(|(path, _)| path).collect();
                    let wanted: Vec<_> = want.as_array().unwrap().iter().filter_map(Value::as_str).collect();
                    self.holds(name, wanted.iter().all(|path| paths.iter().any(|own| own == path)));
                }
                "context_keeps" => {
                    let all = want.as_array().unwrap().iter().filter_map(Value::as_str);
                    let missing: Vec<_> = all.filter(|member| step.json().get(member).is_none()).collect();
                    self.same(name, json!(missing), &json!([]));
                }
                "factor" => {
                    for (inner, want) in members(want) {
                        let found = step.member("factor").unwrap().get(inner).map(Json::to_value);
                        self.same(inner, found.unwrap_or_default(), want);
                    }
                }
                "context.terminal" | "context.messages" | "context.success" => {
                    self.same(name, want.clone(), &json!("kept as in the file"));
                    let whole: Value = serde_json::from_str(step.raw()).unwrap();
                    let member = name.trim_start_matches("context.");
                    self.same(name, step.json().get(member).unwrap().to_value(), &whole[member]);
                }
                "unknown_remediation_name" => {
                    self.same(name, want.clone(), &json!("rejected with an error"));
                    self.holds(name, step.remediation("no-such").unwrap_err().kind() == ErrorKind::NotFound);
                }
                "immutable_field_overridden_by_caller" => {
                    self.differs("immutable_field_overridden_by_caller");
                    let error = first().answer().unwrap().set("stateHandle", "mine").unwrap_err();
                    self.holds(name, error.kind() == ErrorKind::InvalidAnswer && error.sent() == Sent::No);
                }
                "mutable_default_value" => {
                    self.same(name, want.clone(), &json!("sent unless the caller overrides it"));
                    self.default_value(step);
                }
                "http_401_with_WWW-Authenticate_Oktadevicejwt" => {
                    self.differs("http_401_with_WWW-Authenticate_Oktadevicejwt");
                    let response = Response::new(401, step.raw()).header("WWW-Authenticate", "Oktadevicejwt realm=x");
                    let (state, effect) = replied(step, first(), response);
                    self.holds(name, matches!(state.phase, Phase::Active { .. }) && matches!(effect, Effect::Rest));
                }
                "needed_params" => {
                    // One list per remediation: the visible fields that must be given.
                    let wanted: Vec<Vec<String>> = serde_json::from_value(want.clone()).unwrap();
                    let found: Vec<Vec<String>> = step.remediations().map(needed).collect();
                    self.same(name, json!(found), &json!(wanted));
                }
                "immutable_params" => {
                    let fixed: Vec<_> = first().fields().filter(|field| !field.is_mutable()).collect();
                    self.same(name, json!(fixed.iter().map(Field::name).collect::<Vec<_>>()), want);
                }
                "redirects" => self.redirects(step, want),
                "relatesTo" if want.is_object() => {
                    let related: Vec<_> = step.remediations().nth(1).unwrap().related().collect();
                    self.same(name, json!(related.len()), &json!(1));
                    self.same(name, related[0].to_value(), &want["value"]);
                }
                "relatesTo" => self.relates(step, want.as_str().unwrap()),
                "dangling_relatesTo" => {
                    self.differs("dangling_relatesTo");
                    let mut changed: Value = serde_json::from_str(step.raw()).unwrap();
                    changed["remediation"]["value"][0]["relatesTo"] = json!("$.authenticatorEnrollments.value[999]");
                    let changed = Step::read(changed.to_string().as_bytes()).unwrap();
                    self.same(name, json!(changed.unresolved().len()), &json!(1));
                }
                other => self.unknown(other),
            }
        }
    }

    fn form(&mut self, what: &str, form: Remediation<'_>, want: &Value) {
        let preset = |name: &str| form.fields().find(|field| field.name() == name).and_then(|field| field.value());
        for (name, want) in members(want) {
            let found = match name {
                "name" => json!(form.name()),
                "href" => owned(form.href()),
                "method" => json!(form.method()),
                "accepts" => owned(form.accepts()),
                "rel_contains" => {
                    let rel = form.json().get("rel").expect("rel");
                    owned(rel.items().find_map(|one| one.as_str().filter(|own| want == own.as_ref())))
                }
                "grant_type" | "interaction_code" => owned(preset(name).and_then(|value| value.as_str())),
                "fields" => json!(form.fields().map(|field| field.name().to_owned()).collect::<Vec<_>>()),
                other => return self.unknown(&format!("{what}.{other}")),
            };
            self.same(&format!("{what}.{name}"), found, want);
        }
    }

    fn field(&mut self, field: &Field<'_>, want: &Value) {
        for (name, want) in members(want) {
            let found = match name {
                "name" => json!(field.name()),
                "label" => owned(field.label()),
                "required" => json!(field.is_required()),
                "visible" => json!(field.is_visible()),
                "mutable" => json!(field.is_mutable()),
                "value" => field.value().map_or(Value::Null, Json::to_value),
                "type" => json!(field.field_type().as_str()),
                "options_count" => json!(field.options().count()),
                other => return self.unknown(&format!("field.{other}")),
            };
            self.same(&format!("{}.{name}", field.name()), found, want);
        }
    }

    fn credentials_options(&mut self, form: Remediation<'_>, want: &Value) {
        let credentials = form.field("credentials").expect("credentials");
        let want = want.as_array().unwrap();
        self.same("options", json!(credentials.options().count()), &json!(want.len()));
        for (option, want) in credentials.options().zip(want) {
            self.same("label", owned(option.label()), &want["label"]);
            let listed = want["fields"].as_array().unwrap();
            self.same("fields", json!(option.fields().count()), &json!(listed.len()));
            option.fields().zip(listed).for_each(|(field, want)| self.field(&field, want));
        }
    }

    fn enrollment(&mut self, step: &Step, want: &Value) {
        let all = step.authenticators();
        let found = all.iter().find(|one| one.id().is_some_and(|id| want["id"] == id.as_ref())).expect("the enrolment");
        for (name, want) in members(want) {
            let value = match name {
                "type" => owned(found.authenticator_type()),
                "id" => owned(found.id()),
                "display_name" => owned(found.display_name()),
                "methods" => json!(found.method_names()),
                other => return self.unknown(other),
            };
            self.same(name, value, want);
        }
        self.holds("enrolled", found.state() == AuthenticatorState::Enrolled);
    }

    fn first_option(&mut self, form: Remediation<'_>, want: &Value) {
        let option = form.field("authenticator").unwrap().options().next().expect("an option");
        let about = option.authenticators().next().expect("its authenticator");
        for (name, want) in members(want) {
            let found = match name {
                "label" => owned(option.label()),
                "authenticator_type" => owned(about.authenticator_type()),
                "authenticator_state" => json!(about.state().as_str()),
                other => return self.unknown(other),
            };
            self.same(name, found, want);
        }
    }
}

/// The authenticator of each option of `authenticator`.
pub fn options<'a>(form: Remediation<'a>) -> Vec<Option<Authenticator<'a>>> {
    form.field("authenticator").unwrap().options().map(|option| option.authenticators().next()).collect()
}

/// The visible top-level fields of a form that have to be given.
fn needed(form: Remediation<'_>) -> Vec<String> {
    let wanted = form.fields().filter(|field| field.is_visible() && field.is_mutable() && field.value().is_none());
    wanted.map(|field| field.name().to_owned()).collect()
}
