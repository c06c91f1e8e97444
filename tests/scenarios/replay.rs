//! The server of a recorded scenario: a transport that serves its steps in order and checks every request.
//!
//! The recordings are spread over several hosts and the library never leaves its org, so every recorded origin becomes
//! the issuer's before a body is served. Java's mocks answer with `application/ion+json` and Swift's with
//! `application/x-www-form-urlencoded` even for tokens, which is no server's behaviour (the recordings' README): the
//! OAuth endpoints answer with `application/json` here, the others as ION.
//!
//! What a request must contain is computed from the recorded JSON alone: the values that the test submitted, and every
//! value that the form of the step before presets, its `stateHandle` first of all.

use std::{collections::VecDeque, sync::Mutex};

use interaction_code::{
    Call, Error, ErrorKind, Result, Sent,
    http::{Request, Response, Transport},
};
use serde_json::{Map, Value, json};

/// The one origin of every replay.
pub const ORIGIN: &str = "https://sign-in.example";

/// Every recorded origin that an answer could be sent to.
const RECORDED: [&str; 8] = [
    "https://foo.oktapreview.com",
    "https://foo.oktapreview.co/",
    "https://example.com",
    "https://auth.example.com",
    "https://dev-550580.okta.com",
    "https://dev-61971003.okta.com",
    "https://ios-idx-sdk.okta.com",
    "https://qa-st-cda1.sigmanetcorp.us",
];

/// A recorded body as it is served: its origins are the issuer's, nothing else is touched.
pub fn mapped(bytes: &[u8]) -> Vec<u8> {
    let mut text = String::from_utf8(bytes.to_vec()).expect("the recordings are UTF-8");
    for origin in RECORDED {
        let own = if origin.ends_with('/') { format!("{ORIGIN}/") } else { ORIGIN.to_owned() };
        text = text.replace(origin, &own);
    }
    text.into_bytes()
}

/// The path of an endpoint's word. `base` is the path of the authorization server.
pub fn path_of(endpoint: &str, base: &str) -> String {
    match endpoint {
        "interact" | "token" | "keys" => format!("{base}/v1/{endpoint}"),
        "answer" => "/idp/idx/challenge/answer".to_owned(),
        "poll" | "send" => format!("/idp/idx/challenge/{endpoint}"),
        "enroll-new" => "/idp/idx/enroll/new".to_owned(),
        "credential-enroll" => "/idp/idx/credential/enroll".to_owned(),
        other => format!("/idp/idx/{other}"),
    }
}

/// What a request has to be.
pub enum Demand {
    /// A form with exactly these pairs; an empty value stands for any but an empty one.
    Pairs(Vec<(String, String)>),
    /// This JSON body.
    Body(Value),
}

/// One exchange.
pub struct Exchange {
    pub n: u64,
    pub path: String,
    pub demand: Demand,
    /// `None` when the connection is lost.
    pub answer: Option<(u16, Vec<u8>)>,
}

/// The transport. The keys are served whenever they are asked for; how often is counted.
#[derive(Default)]
pub struct Replay {
    pub exchanges: Mutex<VecDeque<Exchange>>,
    pub keys: Vec<u8>,
    pub base: String,
    pub keys_served: Mutex<usize>,
    pub served: Mutex<usize>,
}

impl Replay {
    pub fn left(&self) -> usize {
        self.exchanges.lock().unwrap().len()
    }
}

impl Transport for Replay {
    fn send(&self, request: &Request, call: &Call) -> Result<Response> {
        call.check()?;
        let path = request.url.strip_prefix(ORIGIN).unwrap_or_else(|| panic!("off origin: {}", request.url));
        if path == path_of("keys", &self.base) {
            *self.keys_served.lock().unwrap() += 1;
            return Ok(Response::new(200, self.keys.as_slice()).header("Content-Type", "application/json"));
        }
        let exchange = self.exchanges.lock().unwrap().pop_front().unwrap_or_else(|| panic!("unexpected: {path}"));
        let n = exchange.n;
        assert_eq!((path, request.method.as_str()), (exchange.path.as_str(), "POST"), "request {n}");
        *self.served.lock().unwrap() += 1;
        let oauth = match exchange.demand {
            Demand::Pairs(pairs) => {
                pairs_match(n, &request.body, &pairs);
                true
            }
            Demand::Body(expected) => {
                let found: Value = serde_json::from_slice(&request.body).unwrap();
                assert_eq!(found, expected, "body of request {n}");
                assert_eq!(request.header_value("Accept"), Some("application/ion+json; okta-version=1.0.0"));
                assert!(request.header_value("Content-Type").is_some_and(|kind| kind.contains("json")));
                false
            }
        };
        match exchange.answer {
            None => Err(Error::new(ErrorKind::Network, "the connection was lost").with_sent(Sent::Maybe)),
            Some((status, body)) => {
                let kind = if oauth { "application/json" } else { "application/ion+json; okta-version=1.0.0" };
                Ok(Response::new(status, body).header("Content-Type", kind))
            }
        }
    }
}

fn pairs_match(n: u64, body: &[u8], expected: &[(String, String)]) {
    let found: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
    let mut names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    let mut wanted: Vec<_> = expected.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(names, wanted, "parameters of request {n}");
    for (name, value) in expected {
        let own = &found.iter().find(|(other, _)| other == name).unwrap().1;
        assert!(if value.is_empty() { !own.is_empty() } else { own == value }, "{name} of request {n}: {own}");
    }
}

fn list(value: &Value) -> &[Value] {
    let inner = if value.is_array() { value } else { &value["value"] };
    inner.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn form_of(holder: &Value) -> Option<&[Value]> {
    let form = [&holder["form"], &holder["value"]["form"]].into_iter().find(|form| form.is_object())?;
    Some(list(form))
}

/// Every form of a recorded response with this path: remediations first, then actions, in the order of the text.
fn forms_at<'v>(value: &'v Value, path: &str, found: &mut Vec<&'v Value>) {
    let here = value["href"].as_str().and_then(|href| href.strip_prefix(ORIGIN)).is_some_and(|own| own == path);
    if here && value["rel"].is_array() {
        found.push(value);
    }
    match value {
        Value::Object(object) => object.values().for_each(|inner| forms_at(inner, path, found)),
        Value::Array(items) => items.iter().for_each(|inner| forms_at(inner, path, found)),
        _ => {}
    }
}

/// The form of `step` that takes `submitted` at `path`: the first that declares all of its members and choices.
pub fn form_for<'v>(step: &'v Value, path: &str, submitted: &Value) -> Option<&'v Value> {
    let mut forms = Vec::new();
    forms_at(&step["remediation"], path, &mut forms);
    let actions = step.as_object().into_iter().flatten().filter(|(key, _)| *key != "remediation");
    actions.for_each(|(_, value)| forms_at(value, path, &mut forms));
    let declares = |form: &&&Value| {
        submitted.as_object().into_iter().flatten().all(|(name, value)| {
            let field = list(&form["value"]).iter().find(|field| field["name"] == name.as_str());
            field.is_some_and(|field| !has_form_options(field) || fitting(field, value).is_some())
        })
    };
    forms.iter().find(declares).or(forms.first()).copied()
}

fn has_form_options(field: &Value) -> bool {
    list(&field["options"]).iter().any(|option| form_of(option).is_some())
}

/// The option whose fixed values are the given ones.
fn fitting<'v>(field: &'v Value, given: &Value) -> Option<&'v [Value]> {
    let agrees = |fields: &&[Value]| {
        let all_declared = given
            .as_object()
            .into_iter()
            .flatten()
            .all(|(name, _)| fields.iter().any(|field| field["name"] == name.as_str()));
        let fixed = fields.iter().filter(|field| field["mutable"] == false && field.get("value").is_some());
        all_declared
            && fixed.into_iter().all(|field| {
                let own = given.get(field["name"].as_str().unwrap_or_default());
                own.is_none_or(|own| *own == field["value"])
            })
    };
    list(&field["options"]).iter().filter_map(form_of).find(agrees)
}

/// The body that a form demands when `given` is submitted.
pub fn demanded(fields: &[Value], given: &Value) -> Map<String, Value> {
    let mut body = Map::new();
    for field in fields {
        let name = field["name"].as_str().unwrap_or_default();
        let own = given.get(name);
        let preset = field.get("value").filter(|value| value["form"].is_null());
        let value = if has_form_options(field) {
            own.and_then(|own| Some(Value::Object(demanded(fitting(field, own)?, own))))
        } else if let Some(nested) = form_of(field) {
            let fixed =
                |one: &Value| one["required"] == true || (one["mutable"] == false && one.get("value").is_some());
            let wanted = own.is_some() || field["required"] == true || nested.iter().any(fixed);
            wanted.then(|| Value::Object(demanded(nested, own.unwrap_or(&json!({})))))
        } else if field["mutable"] == false && preset.is_some() {
            preset.cloned()
        } else {
            own.or(preset).cloned()
        };
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    }
    // Members that the form does not declare are sent as they are.
    for (name, value) in given.as_object().into_iter().flatten() {
        body.entry(name.clone()).or_insert_with(|| value.clone());
    }
    body
}

/// Values for a form of which no test says what was filled in: something in each required text, the option of this label
/// or the first.
pub fn filled(form: &Value, label: Option<&str>) -> Value {
    let mut values = Map::new();
    for field in list(&form["value"]).iter().filter(|field| field["name"] != "stateHandle") {
        let name = field["name"].as_str().unwrap().to_owned();
        if has_form_options(field) {
            let options = list(&field["options"]);
            let option =
                options.iter().find(|option| label.is_none_or(|label| option["label"] == label)).expect("the option");
            values.insert(name, filled_fields(form_of(option).unwrap()));
        } else if let Some(nested) = form_of(field) {
            values.insert(name, filled_fields(nested));
        } else if field["required"] == true {
            values.insert(name, json!("user@example.com"));
        }
    }
    Value::Object(values)
}

fn filled_fields(fields: &[Value]) -> Value {
    let wanted = |field: &&Value| field["type"] != "boolean" && field["name"] != "autoChallenge";
    let value = |field: &Value| match (field.get("value"), list(&field["options"]).first()) {
        (Some(fixed), _) => fixed.clone(),
        (None, Some(option)) => option["value"].clone(),
        (None, None) => json!("12345678"),
    };
    fields.iter().filter(wanted).map(|field| (field["name"].as_str().unwrap().to_owned(), value(field))).collect()
}

pub fn fields_of(form: &Value) -> &[Value] {
    list(&form["value"])
}
