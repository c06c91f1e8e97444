//! The asserted facts that need a request: what an answer is sent as, and what becomes of the flow when it is replied to.

use std::sync::Arc;

use interaction_code::{
    ClientAuthentication, ErrorKind, Secret, StartOptions,
    flow::{Config, Effect, Event, Phase, State, Transaction, transition},
    http::{Request, Response},
    idx::{Answer, Remediation, Step},
    oauth::Issuer,
};
use serde_json::{Value, json};

use super::checks::{Run, members, options, owned};

impl Run<'_> {
    /// The answer that `set` and `select_option` describe; options are named by label there.
    pub fn answer(&mut self, form: Remediation<'_>) -> Answer {
        let mut answer = form.answer().expect("a form");
        for (path, label) in members(&self.asserted["select_option"]) {
            let field = form.field(path).expect("the field");
            let option =
                field.options().find(|option| option.label().is_some_and(|own| own == label.as_str().unwrap()));
            answer.choose(&option.expect("the option")).expect("chosen");
        }
        for (path, value) in members(&self.asserted["set"]) {
            answer.put(path, value.clone()).expect("set");
        }
        answer
    }

    pub fn request(&mut self, step: &Step, form: Remediation<'_>, want: &Value) {
        let mut answer = self.answer(form);
        let mut body = want["body"].clone();
        if self.id == "auth-js/request-identifier-params" {
            self.differs("body");
            answer = answer.set("identifier", "somebody").unwrap();
            body["identifier"] = json!("somebody");
        }
        let (_, effect) = transition(&config(form), &active(step), Event::Submit(answer)).expect("sent");
        let Effect::Send(request) = effect else { panic!("nothing is sent") };
        let request: Request = *request;
        for (name, want) in members(want) {
            let found = match name {
                "method" => json!(request.method.as_str()),
                "url" => json!(request.url),
                "accept" => json!(request.header_value("Accept")),
                "content_type" if self.id == "auth-js/request-identifier-params" => {
                    self.differs("content_type");
                    self.same(name, json!(request.header_value("Content-Type")), &owned(form.accepts()));
                    continue;
                }
                "content_type" => json!(request.header_value("Content-Type")),
                "body" => {
                    self.same(name, serde_json::from_slice(&request.body).unwrap(), &body);
                    continue;
                }
                other => return self.unknown(&format!("request.{other}")),
            };
            self.same(name, found, want);
        }
    }

    pub fn statuses(&mut self, step: &Step, form: Remediation<'_>, want: &Value) {
        for case in want.as_array().unwrap() {
            let status = case["status"].as_u64().unwrap() as u16;
            let (state, effect) = replied(step, form, Response::new(status, step.raw()));
            let is_step = matches!((&state.phase, &effect), (Phase::Active { .. }, Effect::Rest));
            self.same("http status", json!(state.step().unwrap().http_status()), &json!(status));
            match (case["treated_as"].as_str().unwrap(), status) {
                ("response", _) => self.holds("a step", is_step),
                ("retry", 429) => {
                    self.differs("429");
                    self.holds("a step", is_step);
                    let bare = br#"{"version":"1.0.0","messages":{"type":"array","value":[]}}"#;
                    let (_, effect) = replied(step, form, Response::new(429, *bare));
                    let Effect::Fail(error) = effect else { panic!("a 429 without a form is an error") };
                    self.holds("rate limited", error.kind() == ErrorKind::RateLimited && error.retry_after().is_some());
                }
                ("error", 500) => {
                    self.differs("500");
                    self.holds("a step", is_step);
                    let (_, effect) = replied(step, form, Response::new(500, *b"oops"));
                    self.holds("an error", matches!(effect, Effect::Fail(error) if error.kind() == ErrorKind::Http));
                }
                (other, _) => self.unknown(&format!("treated_as {other}")),
            }
        }
    }

    /// A form with a preset, changeable value: sent when nothing is given, replaced when something is.
    pub fn default_value(&mut self, step: &Step) {
        let mut changed: Value = serde_json::from_str(step.raw()).unwrap();
        changed["remediation"]["value"][0]["value"][0]["value"] = json!("preset");
        let changed = Step::read(changed.to_string().as_bytes()).unwrap();
        let form = changed.remediations().next().unwrap();
        let body = |answer: Answer| serde_json::from_slice::<Value>(&answer.body().unwrap()).unwrap();
        self.same("default", body(form.answer().unwrap())["identifier"].clone(), &json!("preset"));
        let given = form.answer().unwrap().set("identifier", "given").unwrap();
        self.same("override", body(given)["identifier"].clone(), &json!("given"));
    }

    pub fn redirects(&mut self, step: &Step, want: &Value) {
        let found: Vec<_> = step.remediations_named("redirect-idp").collect();
        let want = want.as_array().unwrap();
        self.same("redirects", json!(found.len()), &json!(want.len()));
        for (redirect, want) in found.iter().zip(want) {
            let (id, name) = redirect.idp().expect("idp");
            self.same("idp", json!({"id": id, "name": name}), &want["idp"]);
            self.same("type", owned(redirect.idp_type()), &want["type"]);
            self.same("method", json!(redirect.method()), &want["method"]);
            self.same("href", owned(redirect.href()), &want["href"]);
            self.same("navigation", owned(redirect.navigation()), &want["href"]);
            self.holds("no form", redirect.answer().is_err() && redirect.fields().next().is_none());
        }
    }

    pub fn relates(&mut self, step: &Step, want: &str) {
        if want.starts_with("dropped because authenticatorChallenge is missing") {
            self.differs("relatesTo");
            self.same("unresolved", json!(step.unresolved().len()), &json!(1));
            self.same("related", json!(step.remediations().nth(1).unwrap().related().count()), &json!(0));
        } else if want.starts_with("each option is resolved to the enrolment object it points at") {
            let list = options(step.remediations().next().unwrap());
            self.holds("each resolves", list.iter().all(Option::is_some) && step.unresolved().is_empty());
            let first = list[0].unwrap();
            self.same(
                "first",
                json!([owned(first.display_name()), owned(first.authenticator_type())]),
                &json!(["Okta Password", "password"]),
            );
        } else {
            self.unknown(want);
        }
    }

    pub fn webauthn(&mut self, step: &Step, want: &Value) {
        let current = step.current_authenticator().expect("an authenticator");
        let user = current.contextual_data().and_then(|data| data.get("activationData")?.get("user")).expect("user");
        for (name, want) in members(want) {
            let found = match name {
                "display_name" => owned(user.text("displayName")),
                "name" => owned(user.text("name")),
                "user_id_base64" => {
                    use base64::{Engine, engine::general_purpose::STANDARD};
                    json!(STANDARD.encode(user.text("id").unwrap().as_bytes()))
                }
                other => return self.unknown(other),
            };
            self.same(name, found, want);
        }
    }
}

/// A client of the org that the form belongs to.
fn config(form: Remediation<'_>) -> Config {
    let href = form.href().expect("an address").into_owned();
    let origin: Vec<_> = href.splitn(4, '/').take(3).collect();
    Config {
        issuer: Issuer::parse(&origin.join("/")).expect("an issuer"),
        client_id: "0oa1".to_owned(),
        redirect_uri: "com.example.app:/callback".to_owned(),
        scopes: vec!["openid".to_owned()],
        authentication: ClientAuthentication::None,
    }
}

/// A flow at this step.
fn active(step: &Step) -> State {
    let transaction = Transaction::new(StartOptions::default(), &[[1; 32], [2; 32], [3; 32]]);
    let phase = Phase::Active { handle: Secret::from("handle"), step: step.clone(), form: None };
    State { transaction: Arc::new(transaction), phase }
}

/// What becomes of a flow at `step` when its answer is replied to like this.
pub fn replied(step: &Step, form: Remediation<'_>, response: Response) -> (State, Effect) {
    let mut answer = form.answer().expect("a form");
    for field in form.all_fields().into_iter().filter(|field| field.is_required() && field.is_mutable()) {
        if !field.has_form() && field.options().next().is_none() && field.value().is_none() {
            answer.put(&field, "x").expect("set");
        }
    }
    for field in form.all_fields().into_iter().filter(|field| field.name() == "passcode") {
        answer.put(&field, "x").expect("set");
    }
    let config = config(form);
    let (waiting, _) = transition(&config, &active(step), Event::Submit(answer)).expect("sent");
    transition(&config, &waiting, Event::Reply(Box::new(response))).expect("read")
}
