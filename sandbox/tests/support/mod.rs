//! A client for the tests that knows nothing but JSON and HTTP: it takes hrefs and immutable values from the forms it is
//! shown, and leaves every judgement to the test.
#![allow(dead_code)] // each test file uses its own part of this

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use interaction_code_sandbox::{Options, Sandbox, World};
use serde_json::{Map, Value, json};
use std::time::Duration;

pub const PASSWORD: &str = "Correct-Horse-9";
pub const REDIRECT: &str = "com.example.app:/callback";
pub const VERIFIER: &str = "a-code-verifier-that-is-long-enough-for-rfc-7636-0123456789";

pub fn start() -> Sandbox {
    Sandbox::start(Options::default()).expect("the sandbox starts")
}

pub fn start_with(change: impl FnOnce(&mut World)) -> Sandbox {
    let mut world = World::default();
    change(&mut world);
    Sandbox::start(Options { world, ..Options::default() }).expect("the sandbox starts")
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(120)))
        .build()
        .into()
}

/// A reply with what the tests look at.
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

pub fn read(response: ureq::http::Response<ureq::Body>) -> Answer {
    let (head, mut body) = response.into_parts();
    let text = body.with_config().limit(20_000_000).read_to_string().expect("a body");
    let json = serde_json::from_str(&text).unwrap_or(Value::Null);
    Answer { status: head.status.as_u16(), headers: head.headers, text, json }
}

pub fn post_form(agent: &ureq::Agent, url: &str, form: &[(&str, &str)]) -> Answer {
    let response = agent.post(url).send_form(form.iter().copied()).unwrap_or_else(|error| panic!("{url}: {error}"));
    read(response)
}

pub fn post_json(agent: &ureq::Agent, url: &str, body: &Value) -> Answer {
    let response = agent
        .post(url)
        .content_type("application/ion+json; okta-version=1.0.0")
        .send(body.to_string())
        .unwrap_or_else(|error| panic!("{url}: {error}"));
    read(response)
}

pub fn get(agent: &ureq::Agent, url: &str) -> Answer {
    read(agent.get(url).call().unwrap_or_else(|error| panic!("{url}: {error}")))
}

pub fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, VERIFIER.as_bytes()))
}

pub fn interact_form<'a>(client: &'a str, challenge: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("client_id", client),
        ("scope", "openid profile email offline_access"),
        ("redirect_uri", REDIRECT),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
        ("state", "state-1"),
        ("nonce", "nonce-1"),
    ];
    if client == "app-web" {
        form.push(("client_secret", "sandbox-secret"));
    }
    form
}

/// A sign-in under way.
pub struct SignIn<'a> {
    pub sandbox: &'a Sandbox,
    pub agent: ureq::Agent,
    pub client: String,
    pub issuer: String,
    pub handle: String,
    pub now: Value,
    pub status: u16,
}

impl<'a> SignIn<'a> {
    /// Interact and introspect.
    pub fn begin(sandbox: &'a Sandbox, client: &str) -> SignIn<'a> {
        SignIn::begin_at(sandbox, client, sandbox.issuer())
    }

    pub fn begin_at(sandbox: &'a Sandbox, client: &str, issuer: String) -> SignIn<'a> {
        let agent = agent();
        let base = if issuer.contains("/oauth2") { issuer.clone() } else { format!("{issuer}/oauth2") };
        let challenge = challenge();
        let answer = post_form(&agent, &format!("{base}/v1/interact"), &interact_form(client, &challenge));
        assert_eq!(answer.status, 200, "{}", answer.text);
        let handle = answer.json["interaction_handle"].as_str().expect("a handle").to_owned();
        let mut sign_in = SignIn { sandbox, agent, client: client.into(), issuer, handle, now: Value::Null, status: 0 };
        sign_in.introspect();
        assert_eq!(sign_in.status, 200);
        sign_in
    }

    pub fn introspect(&mut self) {
        let url = format!("{}/idp/idx/introspect", self.sandbox.origin());
        let answer = post_json(&self.agent, &url, &json!({"interactionHandle": self.handle}));
        self.see(answer);
    }

    fn see(&mut self, answer: Answer) {
        self.status = answer.status;
        self.now = answer.json;
        check_shape(&self.now, &self.sandbox.origin());
    }

    /// The names of the remediations on offer.
    pub fn names(&self) -> Vec<&str> {
        list(&self.now["remediation"]).iter().filter_map(|form| form["name"].as_str()).collect()
    }

    pub fn form(&self, name: &str) -> Value {
        let found = list(&self.now["remediation"]).iter().find(|form| form["name"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {:#}", self.now)).clone()
    }

    /// Submits a remediation with these values beside its immutable ones.
    pub fn submit(&mut self, name: &str, values: Value) -> &mut Self {
        let form = self.form(name);
        self.send(&form, values);
        self
    }

    /// Submits a form.
    pub fn send(&mut self, form: &Value, values: Value) {
        let mut body = Map::new();
        for field in list(&form["value"]) {
            if field["mutable"] == false && field.get("value").is_some() {
                body.insert(field["name"].as_str().unwrap().into(), field["value"].clone());
            }
        }
        body.extend(values.as_object().unwrap().clone());
        let answer = post_json(&self.agent, form["href"].as_str().unwrap(), &Value::Object(body));
        self.see(answer);
    }

    /// Submits an action such as `currentAuthenticatorEnrollment/resend`.
    pub fn action(&mut self, object: &str, name: &str) -> &mut Self {
        let form = if object.is_empty() { &self.now[name] } else { &self.now[object]["value"][name] }.clone();
        assert!(form.is_object(), "no {object}.{name} in {:#}", self.now);
        self.send(&form, json!({}));
        self
    }

    /// Chooses an authenticator by its key, sending its option's immutable values.
    pub fn choose(&mut self, remediation: &str, key: &str, extra: Value) -> &mut Self {
        let option = self.option(remediation, key, 0);
        self.choose_option(remediation, &option, extra)
    }

    /// The n-th option whose target has this key.
    pub fn option(&self, remediation: &str, key: &str, nth: usize) -> Value {
        let form = self.form(remediation);
        let field = list(&form["value"]).iter().find(|field| field["name"] == "authenticator").unwrap().clone();
        let mut options = list(&field["options"]).iter().filter(|option| self.target(option)["key"] == key);
        options.nth(nth).unwrap_or_else(|| panic!("no option {nth} for {key} in {form:#}")).clone()
    }

    pub fn choose_option(&mut self, remediation: &str, option: &Value, extra: Value) -> &mut Self {
        let mut chosen = Map::new();
        for field in list(&option["value"]["form"]) {
            if field["mutable"] == false {
                chosen.insert(field["name"].as_str().unwrap().into(), field["value"].clone());
            }
        }
        chosen.extend(extra.as_object().unwrap().clone());
        self.submit(remediation, json!({"authenticator": chosen}))
    }

    fn target(&self, option: &Value) -> Value {
        resolve(&self.now, option["relatesTo"].as_str().unwrap()).cloned().unwrap()
    }

    pub fn identify(&mut self, user: &str) -> &mut Self {
        self.submit("identify", json!({"identifier": format!("{user}@example.com")}))
    }

    pub fn password(&mut self, password: &str) -> &mut Self {
        self.submit("challenge-authenticator", json!({"credentials": {"passcode": password}}))
    }

    pub fn passcode(&mut self, code: &str) -> &mut Self {
        let name = if self.names().contains(&"enroll-authenticator") {
            "enroll-authenticator"
        } else {
            "challenge-authenticator"
        };
        self.submit(name, json!({"credentials": {"passcode": code}}))
    }

    /// The newest code in the outbox.
    pub fn mailed(&self) -> String {
        self.sandbox.outbox().iter().rev().find_map(|mail| mail.code.clone()).expect("a code was sent")
    }

    /// Keys of all messages, wherever they are.
    pub fn messages(&self) -> Vec<String> {
        let mut keys = Vec::new();
        collect(&self.now, &mut keys);
        keys
    }

    /// The messages of the step as a whole.
    pub fn top(&self) -> Vec<&str> {
        list(&self.now["messages"]).iter().filter_map(|message| message["i18n"]["key"].as_str()).collect()
    }

    pub fn code(&self) -> String {
        let fields = list(&self.now["successWithInteractionCode"]);
        let code = fields.iter().find(|field| field["name"] == "interaction_code");
        code.unwrap_or_else(|| panic!("no success: {:#}", self.now))["value"].as_str().unwrap().to_owned()
    }

    /// Redeems the code.
    pub fn tokens(&self) -> Answer {
        self.redeem(VERIFIER)
    }

    pub fn redeem(&self, verifier: &str) -> Answer {
        let code = self.code();
        let mut form = vec![
            ("grant_type", "interaction_code"),
            ("interaction_code", code.as_str()),
            ("client_id", self.client.as_str()),
            ("code_verifier", verifier),
        ];
        if self.client == "app-web" {
            form.push(("client_secret", "sandbox-secret"));
        }
        post_form(&self.agent, self.now["successWithInteractionCode"]["href"].as_str().unwrap(), &form)
    }

    /// Redeems the code and checks the tokens; returns the claims of the ID token.
    pub fn finish(&self) -> Value {
        let answer = self.tokens();
        assert_eq!(answer.status, 200, "{}", answer.text);
        let keys = get(&self.agent, discovery(&self.agent, &self.issuer)["jwks_uri"].as_str().unwrap()).json;
        let claims = verify(answer.json["id_token"].as_str().unwrap(), &keys);
        assert_eq!(claims["iss"], self.issuer.as_str());
        assert_eq!(claims["aud"], self.client.as_str());
        assert_eq!(claims["nonce"], "nonce-1");
        let hash =
            ring::digest::digest(&ring::digest::SHA256, answer.json["access_token"].as_str().unwrap().as_bytes());
        assert_eq!(claims["at_hash"], URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]));
        claims
    }
}

pub fn discovery(agent: &ureq::Agent, issuer: &str) -> Value {
    get(agent, &format!("{issuer}/.well-known/openid-configuration")).json
}

/// Checks the signature of a token against a key set, independently of the sandbox's own code.
pub fn verify(token: &str, keys: &Value) -> Value {
    let (input, signature) = token.rsplit_once('.').unwrap();
    let (header, claims) = input.split_once('.').unwrap();
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let header: Value = serde_json::from_slice(&decode(header)).unwrap();
    assert_eq!(header["alg"], "RS256");
    let key = list_of(&keys["keys"]).iter().find(|key| key["kid"] == header["kid"]).expect("a key with that id");
    let (n, e) = (decode(key["n"].as_str().unwrap()), decode(key["e"].as_str().unwrap()));
    ring::signature::RsaPublicKeyComponents { n: &n, e: &e }
        .verify(&ring::signature::RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &decode(signature))
        .expect("a good signature");
    serde_json::from_slice(&decode(claims)).unwrap()
}

fn list_of(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The entries of an array, wrapped or not.
pub fn list(value: &Value) -> &[Value] {
    let inner = if value.is_object() { &value["value"] } else { value };
    list_of(inner)
}

pub fn resolve<'v>(root: &'v Value, path: &str) -> Option<&'v Value> {
    let mut value = root;
    for step in path.trim_start_matches("$.").split('.') {
        let (name, index) =
            step.split_once('[').map_or((step, None), |(name, rest)| (name, Some(rest.trim_end_matches(']'))));
        value = value.get(name)?;
        if let Some(index) = index {
            value = value.get(index.parse::<usize>().ok()?)?;
        }
    }
    Some(if value.get("type").is_some() && value.get("value").is_some() { &value["value"] } else { value })
}

fn collect(value: &Value, keys: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for message in list(value.get("messages").unwrap_or(&Value::Null)) {
                keys.push(message["i18n"]["key"].as_str().unwrap_or_default().to_owned());
            }
            members.values().for_each(|member| collect(member, keys));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, keys)),
        _ => {}
    }
}

/// What every response with a state handle has to be, or the vendor's own clients stumble.
fn check_shape(body: &Value, origin: &str) {
    if body.get("stateHandle").is_none() {
        return;
    }
    assert_eq!(body["version"], "1.0.0");
    assert!(body["expiresAt"].is_string() && body["intent"].is_string());
    let handle = &body["stateHandle"];
    walk(body, &mut |value| {
        assert!(!value.is_null(), "a null in {body:#}");
        if value.get("rel").is_some() && value["name"] != "issue" {
            assert_eq!(value["rel"], json!(["create-form"]));
            assert_eq!(value["method"], "POST");
            assert!(value["href"].as_str().unwrap().starts_with(&format!("{origin}/idp/idx/")), "{value:#}");
            assert!(value["accepts"].is_string() && value["produces"].is_string());
            let own = list(value).iter().find(|field| field["name"] == "stateHandle").expect("its state handle");
            assert_eq!(&own["value"], handle);
            assert_eq!(own["mutable"], false);
        }
        if let Some(target) = value.get("relatesTo") {
            let path = target.as_str().unwrap_or_else(|| target[0].as_str().unwrap());
            assert!(resolve(body, path).is_some(), "{path} does not resolve in {body:#}");
        }
    });
}

fn walk(value: &Value, look: &mut impl FnMut(&Value)) {
    look(value);
    match value {
        Value::Object(members) => members.values().for_each(|member| walk(member, look)),
        Value::Array(items) => items.iter().for_each(|item| walk(item, look)),
        _ => {}
    }
}
