//! Drives one recorded scenario with the public API: each step of each call becomes the call of [`Flow`] that leads there.

use std::sync::Arc;

use interaction_code::{
    Call, Client, ClientAuthentication, Error, Flow, Secret, StartOptions,
    http::Transport,
    idx::{Answer, Remediation, Step, StepStatus},
};
use serde_json::{Value, json};

use super::{
    fixtures::{Fixtures, text},
    replay::{Demand, Exchange, ORIGIN, Replay, demanded, fields_of, filled, form_for, mapped, path_of},
};

const TEST: &str = "scenarios";

/// One scenario under way.
pub struct Run<'f> {
    pub fixtures: &'f Fixtures,
    pub scenario: &'f Value,
    pub replay: Arc<Replay>,
    pub client: Client,
    pub flow: Option<Flow>,
    /// The status before the code was redeemed, and the error of the last call.
    pub status: Option<StepStatus>,
    pub error: Option<Error>,
    /// In what the library is driven in another way than the test drove its SDK.
    pub notes: Vec<String>,
    steps: Vec<(Value, Vec<u8>)>,
}

/// A prelude that some low-level tests leave out: they begin in the middle.
fn prelude(first: &str) -> &'static [&'static str] {
    match first {
        "interact" | "openid-configuration" => &[],
        "introspect" => &["interact"],
        _ => &["interact", "introspect"],
    }
}

impl<'f> Run<'f> {
    pub fn new(fixtures: &'f Fixtures, scenario: &'f Value) -> Option<Run<'f>> {
        let is_java = text(scenario, "id").starts_with("java");
        let mut steps = Vec::new();
        for step in scenario["steps"].as_array()? {
            let bytes = match step["file"].as_str() {
                Some(file) => mapped(&fixtures.bytes(TEST, file)?),
                None => Vec::new(),
            };
            steps.push((step.clone(), bytes));
        }
        let base = if is_java { "/oauth2" } else { "/oauth2/default" };
        let issuer = if is_java { ORIGIN.to_owned() } else { format!("{ORIGIN}/oauth2/default") };
        let keys = fixtures.bytes(TEST, "okta-mobile-swift/keys.json")?;
        let replay = Arc::new(Replay { keys, base: base.to_owned(), ..Replay::default() });
        let transport: Arc<dyn Transport> = Arc::clone(&replay) as _;
        let authentication = if is_java {
            ClientAuthentication::SecretPost(Secret::from("test-client-secret"))
        } else {
            ClientAuthentication::None
        };
        let client = Client::builder(&issuer, &client_id(&steps), &redirect_uri(scenario, is_java))
            .authentication(authentication)
            .transport(transport)
            .build()
            .expect("a client");
        Some(Run {
            fixtures,
            scenario,
            replay,
            client,
            flow: None,
            status: None,
            error: None,
            notes: Vec::new(),
            steps,
        })
    }

    pub fn id(&self) -> &'f str {
        text(self.scenario, "id")
    }

    pub fn step(&self) -> &Step {
        self.flow.as_ref().expect("a flow").step().expect("a step")
    }

    fn path(&self, endpoint: &str) -> String {
        path_of(endpoint, &self.replay.base)
    }

    fn expect(&self, n: u64, endpoint: &str, demand: Demand, answer: Option<(u16, Vec<u8>)>) {
        let exchange = Exchange { n, path: self.path(endpoint), demand, answer };
        self.replay.exchanges.lock().unwrap().push_back(exchange);
    }

    fn pairs(&self, pairs: &[(&str, &str)]) -> Demand {
        let mut all: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let config = self.client.config();
        all.push(("client_id".into(), config.client_id.clone()));
        all.push(("redirect_uri".into(), config.redirect_uri.clone()));
        if config.authentication.is_confidential() {
            all.push(("client_secret".into(), "test-client-secret".into()));
        }
        Demand::Pairs(all)
    }

    /// Performs the steps of one call, in order. `call` may say what was selected or which callback came.
    pub fn call(&mut self, call: &Value) {
        self.error = None;
        let ns: Vec<usize> = call["steps"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect();
        match text(call, "call") {
            "load_response" => {
                let bytes = mapped(&self.fixtures.bytes(TEST, text(call, "file")).expect("the file"));
                self.begin_at(bytes, 200);
            }
            "resume_with_redirect" => self.callback(call, &ns),
            "poll" if self.id() == "swift/poll-after-network-error" => self.poll_twice(&ns),
            _ => ns.iter().for_each(|n| self.perform(*n, call)),
        }
    }

    /// A flow whose first step is this response: `interact` and `introspect` are composed.
    pub fn begin_at(&mut self, body: Vec<u8>, status: u16) {
        self.expect_interact(0, &json!({}), 200, br#"{"interaction_handle":"composed"}"#.to_vec());
        self.expect(0, "introspect", Demand::Body(json!({"interactionHandle": "composed"})), Some((status, body)));
        self.start(StartOptions::default());
    }

    fn expect_interact(&self, n: usize, submitted: &Value, status: u16, body: Vec<u8>) {
        let mut pairs = vec![("code_challenge_method", "S256"), ("scope", "openid profile")];
        pairs.extend(["code_challenge", "state", "nonce"].map(|name| (name, "")));
        let extra = submitted.as_object().into_iter().flatten();
        pairs.extend(extra.map(|(name, value)| (name.as_str(), value.as_str().unwrap())));
        self.expect(n as u64, "interact", self.pairs(&pairs), Some((status, body)));
    }

    fn start(&mut self, options: StartOptions) {
        match self.client.start(options, &Call::new()) {
            Ok(flow) => self.flow = Some(flow),
            Err(error) => self.error = Some(error),
        }
        self.note();
    }

    fn note(&mut self) {
        self.status = self.flow.as_ref().and_then(|flow| Some(flow.step().ok()?.status()));
    }

    fn answer_of(&self, n: usize) -> (u16, Vec<u8>) {
        let (step, bytes) = &self.steps[n];
        // The inferred scenario does not know its statuses.
        (step["http_status"].as_u64().unwrap_or(200) as u16, bytes.clone())
    }

    fn perform(&mut self, n: usize, call: &Value) {
        let (step, _) = self.steps[n].clone();
        let endpoint = text(&step, "endpoint");
        self.recorded_path_agrees(&step, endpoint);
        let (status, body) = self.answer_of(n);
        let first = text(&self.steps[0].0, "endpoint").to_owned();
        if n == 0 && !prelude(&first).is_empty() {
            return self.begin_in_the_middle(&step, status, body);
        }
        match endpoint {
            // Everything is derived from the issuer: discovery is never asked for. Keys are served at any time.
            "openid-configuration" | "keys" => {}
            "interact" => {
                let submitted = &step["submitted"];
                self.expect_interact(n, submitted, status, body);
                if status == 200
                    && text(self.steps.get(n + 1).map_or(&Value::Null, |next| &next.0), "endpoint") == "introspect"
                {
                    let (status, body) = self.answer_of(n + 1);
                    let handle = self.steps[n + 1].0["submitted"].clone();
                    let handle = if handle.is_null() { self.recorded_handle(n) } else { handle };
                    self.expect((n + 1) as u64, "introspect", Demand::Body(handle), Some((status, body)));
                } else if status == 200 {
                    // A test of interact alone: the library goes on to its first step.
                    let body = br#"{"version":"1.0.0","stateHandle":"composed"}"#.to_vec();
                    self.expect((n + 1) as u64, "introspect", Demand::Body(self.recorded_handle(n)), Some((200, body)));
                }
                let token = |name: &str| submitted[name].as_str().map(Secret::from);
                self.start(StartOptions {
                    activation_token: token("activation_token"),
                    recovery_token: token("recovery_token"),
                    ..StartOptions::default()
                });
            }
            // Part of the start.
            "introspect" if n > 0 && text(&self.steps[n - 1].0, "endpoint") == "interact" => self.note(),
            "introspect" => {
                self.expect(n as u64, "introspect", Demand::Body(step["submitted"].clone()), Some((status, body)));
                self.with_flow(|flow| flow.refresh(&Call::new()).map(drop));
            }
            "token" => self.redeem(n, &step, status, body),
            _ => self.submit(n, &step, call, status, body),
        }
    }

    fn recorded_handle(&self, n: usize) -> Value {
        let value: Value = serde_json::from_slice(&self.steps[n].1).unwrap();
        json!({"interactionHandle": value["interaction_handle"]})
    }

    /// The recorded address has the path of its endpoint; tokens are always redeemed at the issuer's own.
    fn recorded_path_agrees(&self, step: &Value, endpoint: &str) {
        let url = step["url"].as_str().unwrap_or_default();
        let path = url.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap_or_default();
        if url.starts_with("http") && endpoint != "token" && !["keys", "openid-configuration"].contains(&endpoint) {
            assert_eq!(path, self.path(endpoint), "{}", self.id());
        }
    }

    /// A low-level test that begins with this exchange.
    fn begin_in_the_middle(&mut self, step: &Value, status: u16, body: Vec<u8>) {
        match text(step, "endpoint") {
            "introspect" => {
                let handle = step["submitted"]["interactionHandle"].as_str().unwrap();
                self.expect_interact(
                    0,
                    &json!({}),
                    200,
                    json!({"interaction_handle": handle}).to_string().into_bytes(),
                );
                self.expect(0, "introspect", Demand::Body(step["submitted"].clone()), Some((status, body)));
                self.start(StartOptions::default());
            }
            "token" => {
                let field = |name: &str, value: &str| json!({"name": name, "value": value});
                let code = text(&step["submitted"], "interaction_code");
                let fields = [field("grant_type", "interaction_code"), field("interaction_code", code)];
                let success =
                    json!({"version": "1.0.0", "successWithInteractionCode": {"name": "issue", "value": fields}});
                self.begin_at(success.to_string().into_bytes(), 200);
                self.redeem(0, step, status, body);
            }
            // No form leads to it: it is the first step.
            _ => self.begin_at(body, status),
        }
    }

    fn redeem(&mut self, n: usize, step: &Value, status: u16, body: Vec<u8>) {
        let code = text(&step["submitted"], "interaction_code");
        let own = text(step, "url").ends_with(&self.path("token")) || !text(step, "url").starts_with("http");
        self.notes.extend((!own).then(|| "token address".to_owned()));
        let pairs = [("grant_type", "interaction_code"), ("interaction_code", code), ("code_verifier", "")];
        self.expect(n as u64, "token", self.pairs(&pairs), Some((status, body)));
        let before = self.flow.as_ref().and_then(|flow| Some(flow.step().ok()?.status()));
        self.with_flow(|flow| flow.finish(&Call::new()).map(drop));
        self.status = before;
    }

    fn with_flow(&mut self, act: impl FnOnce(&mut Flow) -> Result<(), Error>) {
        self.error = act(self.flow.as_mut().expect("a flow")).err();
        self.note();
    }

    fn submit(&mut self, n: usize, step: &Value, call: &Value, status: u16, body: Vec<u8>) {
        let endpoint = text(step, "endpoint");
        let path = self.path(endpoint);
        let before: Value = serde_json::from_str(self.step().raw()).unwrap();
        let mut given = step["submitted"].clone();
        // Sent by the Java SDK whether or not the caller asked; another client need not.
        if self.id().starts_with("java") && given["rememberMe"] == false {
            given.as_object_mut().unwrap().remove("rememberMe");
        }
        let Some(form) = form_for(&before, &path, &given) else {
            // The test builds its request itself, although the step before has no such form. Here the answer is what
            // the server says when it is asked.
            self.notes.push("no form".to_owned());
            let handle = self.recorded_handle(0);
            self.expect(n as u64, "introspect", Demand::Body(handle), Some((status, body)));
            return self.with_flow(|flow| flow.refresh(&Call::new()).map(drop));
        };
        if step.get("submitted").is_none_or(Value::is_null) || (endpoint == "identify" && given == json!({})) {
            given = filled(form, call["selected_option"].as_str());
        }
        self.complete(&path, &before, &mut given);
        let form = form_for(&before, &path, &given).unwrap();
        // The form of the very step that the handle was taken from, where the recording says which.
        if let Some(from) = step["state_handle_from_step"].as_u64().filter(|_| step.get("state_handle_note").is_none())
        {
            let source: Value = serde_json::from_slice(&self.steps[from as usize].1).unwrap();
            assert_eq!(source, before, "{}: step {n} answers another response than {from}", self.id());
        }
        let expected = Value::Object(demanded(fields_of(form), &given));
        assert!(expected["stateHandle"].is_string(), "{}", self.id());
        self.expect(n as u64, endpoint, Demand::Body(expected), Some((status, body)));
        let name = text(form, "name");
        let flow = self.flow.as_mut().unwrap();
        let call = Call::new();
        let result = match endpoint {
            "recover" => flow.recover(&call).map(drop),
            "cancel" => flow.cancel(&call).map(drop),
            "skip" => flow.skip(&call).map(drop),
            // `Flow::poll` would wait for the server's four seconds; tests/states.rs proves it. One poll is this form.
            "poll" => {
                let (poll, _) = flow.step().unwrap().poll().expect("a poll");
                assert_eq!(poll.name(), name);
                let answer = poll.answer().unwrap();
                flow.proceed(answer, &call).map(drop)
            }
            _ => {
                let mut answer = find(flow.step().unwrap(), name, &path).answer().expect("a form");
                set_all(&mut answer, &mut Vec::new(), &given, &mut self.notes);
                flow.proceed(answer, &call).map(drop)
            }
        };
        self.error = result.err();
        self.note();
    }

    /// Some low-level tests send what no server takes: the library refuses to, so what is missing is filled in, and an
    /// empty id is left out.
    fn complete(&mut self, path: &str, before: &Value, given: &mut Value) {
        if given["authenticator"]["id"] == "" {
            given["authenticator"].as_object_mut().unwrap().remove("id");
            self.notes.push("left out: authenticator.id".to_owned());
        }
        let form = form_for(before, path, given).unwrap();
        let named = |form: &Remediation<'_>| form.href().is_some_and(|href| href.ends_with(path));
        let step = self.flow.as_ref().unwrap().step().unwrap();
        let Some(form) = step.remediations().find(|it| it.name() == text(form, "name") && named(it)) else { return };
        let mut answer = form.answer().unwrap();
        set_all(&mut answer, &mut Vec::new(), given, &mut Vec::new());
        for problem in answer.problems().into_iter().filter(|problem| problem.what == "is required") {
            let mut place = &mut *given;
            for name in problem.path.split('.') {
                place = &mut place[name];
            }
            *place = json!("12345678");
            self.notes.push(format!("filled in: {}", problem.path));
        }
    }

    fn callback(&mut self, call: &Value, ns: &[usize]) {
        let state = self.flow.as_ref().map(|flow| {
            let saved: Value = serde_json::from_str(flow.save().unwrap().expose()).unwrap();
            text(&saved, "state").to_owned()
        });
        let mine = state.unwrap_or_default();
        // The tests choose their own state, `state`; the library's is random.
        let url = text(call, "url").replace("<state of this transaction>", &mine);
        let url = if text(call, "url").contains("state=state&") || text(call, "url").contains("state=state#") {
            url.replace("state=state", &format!("state={mine}"))
        } else {
            url
        };
        if let Some(n) = ns.iter().find(|n| text(&self.steps[**n].0, "endpoint") == "introspect") {
            let (status, body) = self.answer_of(*n);
            let submitted = self.steps[*n].0["submitted"].clone();
            self.expect(*n as u64, "introspect", Demand::Body(submitted), Some((status, body)));
        }
        self.with_flow(|flow| flow.handle_callback(&url, &Call::new()).map(drop));
        let tokens: Vec<_> = ns.iter().filter(|n| text(&self.steps[**n].0, "endpoint") == "token").collect();
        for n in tokens {
            assert!(self.error.is_none() && self.flow.as_ref().unwrap().is_complete());
            let (status, body) = self.answer_of(*n);
            let step = self.steps[*n].0.clone();
            self.redeem(*n, &step, status, body);
        }
    }

    /// The real wait, of the 500 ms that this recording asks for: the first poll is lost, the second succeeds.
    fn poll_twice(&mut self, ns: &[usize]) {
        let before: Value = serde_json::from_str(self.step().raw()).unwrap();
        let form = form_for(&before, &self.path("poll"), &json!({})).expect("a poll form");
        let expected = Value::Object(demanded(fields_of(form), &json!({})));
        for n in ns {
            let answer = self.steps[*n].0["file"].as_str().map(|_| self.answer_of(*n));
            self.expect(*n as u64, "poll", Demand::Body(expected.clone()), answer);
        }
        self.with_flow(|flow| flow.poll(&Call::new()).map(drop));
    }
}

fn find<'a>(step: &'a Step, name: &str, path: &str) -> Remediation<'a> {
    let fits = |form: &Remediation<'a>| form.name() == name && form.href().is_some_and(|href| href.ends_with(path));
    step.remediations().find(fits).unwrap_or_else(|| panic!("no remediation {name} for {path}"))
}

/// Sets every scalar of `given`; what the form does not declare goes in as an extra, and is noted.
fn set_all(answer: &mut Answer, at: &mut Vec<String>, given: &Value, notes: &mut Vec<String>) {
    match given {
        Value::Object(members) => {
            for (name, value) in members {
                at.push(name.clone());
                set_all(answer, at, value, notes);
                at.pop();
            }
        }
        scalar => {
            let field = answer.remediation().field(&at.join("."));
            let fixed = field.ok().filter(|field| !field.is_mutable()).and_then(|field| field.value());
            // Java repeats what the server fixed; here it goes back without being said.
            if fixed.is_some_and(|fixed| fixed.to_value() == *scalar)
                && at.first().is_none_or(|name| !chooses(answer, name))
            {
                return;
            }
            if answer.put(at.clone(), scalar.clone()).is_err() {
                notes.push(format!("undeclared: {}", at.join(".")));
                answer.put_extra(at.clone(), scalar.clone()).unwrap_or_else(|error| panic!("{error}"));
            }
        }
    }
}

/// Whether the field has options with forms, so that naming a fixed value chooses one.
fn chooses(answer: &Answer, name: &str) -> bool {
    answer.remediation().fields().any(|field| field.name() == name && field.has_form_options())
}

/// The client id that the recordings of the scenario end with.
fn client_id(steps: &[(Value, Vec<u8>)]) -> String {
    let values = steps.iter().filter_map(|(_, bytes)| serde_json::from_slice::<Value>(bytes).ok());
    let ids: Vec<String> = values
        .filter_map(|value| {
            let fields = value["successWithInteractionCode"]["value"].as_array()?.clone();
            Some(text(fields.iter().find(|field| field["name"] == "client_id")?, "value").to_owned())
        })
        .collect();
    ids.last().cloned().unwrap_or_else(|| "test-client-id".to_owned())
}

/// The library compares callbacks with the registered address as text, so a test whose callback is to be taken registers
/// just that: Swift takes `redirect:///uri` for `redirect:/uri`.
fn redirect_uri(scenario: &Value, is_java: bool) -> String {
    let calls = scenario["calls"].as_array().map(Vec::as_slice).unwrap_or_default();
    let long = calls.iter().any(|call| text(call, "url").starts_with("redirect:///uri"));
    let uri = if is_java { "https://example.com/login/callback" } else { "redirect:/uri" };
    if long { "redirect:///uri".to_owned() } else { uri.to_owned() }
}
