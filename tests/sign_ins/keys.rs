//! Keys of the app's own: `private_key_jwt`, and DPoP, against the sandbox, which checks every signature, address, time, nonce
//! and single use.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use interaction_code::{
    Call, Client, ClientAuthentication, ClientBuilder, ErrorKind, Flow, KeySigner, PrivateKeyJwt, Result, Secret,
    SignFailure, SoftwareKey, TokenType, Tokens,
    http::{Request, Response, Transport},
    jose::base64url,
    oauth::AssertionAudience,
    transport::UreqTransport,
};
use interaction_code_sandbox::{Fault, FaultKind, Sandbox};
use serde_json::Value;

use crate::common::*;

const PEM: &str = include_str!("../../sandbox/world/app-key.pem");

fn app_key() -> SoftwareKey {
    SoftwareKey::from_pem(PEM).unwrap().with_key_id("sandbox-key")
}

/// The built-in transport, and what went through it.
struct Seen {
    inner: UreqTransport,
    requests: Mutex<Vec<Request>>,
}

impl Seen {
    fn new() -> Arc<Seen> {
        let inner = UreqTransport::builder().allow_loopback_http(true).no_proxy().build().unwrap();
        Arc::new(Seen { inner, requests: Mutex::default() })
    }

    /// The requests to this endpoint.
    fn to(&self, endpoint: &str) -> Vec<Request> {
        self.requests.lock().unwrap().iter().filter(|request| request.url.ends_with(endpoint)).cloned().collect()
    }
}

impl Transport for Seen {
    fn send(&self, request: &Request, call: &Call) -> Result<Response> {
        self.requests.lock().unwrap().push(request.clone());
        self.inner.send(request, call)
    }
}

/// A member of a request's form, decoded.
fn member(request: &Request, name: &str) -> Option<String> {
    let pairs: Vec<_> = url::form_urlencoded::parse(&request.body).filter(|(known, _)| known == name).collect();
    assert!(pairs.len() <= 1, "{name} is there twice");
    pairs.first().map(|(_, value)| value.to_string())
}

/// The claims of a signed token.
fn claims(token: &str) -> Value {
    serde_json::from_slice(&base64url::decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

fn builder(sandbox: &Sandbox, client_id: &str) -> ClientBuilder {
    Client::builder(&sandbox.issuer(), client_id, REDIRECT_URI).scopes(["openid", "offline_access"])
}

fn complete(sandbox: &Sandbox, client: &Client) -> Flow {
    let mut flow = start_flow(client);
    Person::new(sandbox, "ada").go(&mut flow).unwrap();
    assert!(flow.is_complete());
    flow
}

fn signed_in(sandbox: &Sandbox, client: &Client) -> Result<Tokens> {
    complete(sandbox, client).finish(&call())
}

#[test]
fn an_assertion_proves_the_app() {
    let sandbox = sandbox();
    let mut used = HashSet::new();
    for (audience, at_interact) in
        [(AssertionAudience::Endpoint, false), (AssertionAudience::Endpoint, true), (AssertionAudience::Issuer, true)]
    {
        let seen = Seen::new();
        let method = PrivateKeyJwt { audience, at_interact, ..PrivateKeyJwt::new(Arc::new(app_key())) };
        let client = builder(&sandbox, "app-key")
            .authentication(ClientAuthentication::PrivateKeyJwt(method))
            .transport(seen.clone())
            .build()
            .unwrap();
        assert!(signed_in(&sandbox, &client).unwrap().claims.is_some());
        for (endpoint, expected) in [("/v1/interact", at_interact), ("/v1/token", true)] {
            let [request] = &seen.to(endpoint)[..] else { panic!("one request to {endpoint}") };
            assert_eq!(member(request, "client_id").as_deref(), Some("app-key"));
            assert_eq!(member(request, "client_secret"), None);
            let assertion = member(request, "client_assertion");
            assert_eq!(assertion.is_some(), expected, "{endpoint}");
            let Some(assertion) = assertion else { continue };
            let claims = claims(&assertion);
            assert_eq!((&claims["iss"], &claims["sub"]), (&"app-key".into(), &"app-key".into()));
            let issuer = sandbox.issuer();
            let wanted = if audience == AssertionAudience::Issuer { &issuer } else { &request.url };
            assert_eq!(claims["aud"], wanted.as_str());
            assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 60);
            assert!(used.insert(claims["jti"].to_string()), "an id was used twice");
        }
    }
}

#[test]
fn settings_bring_the_key_of_the_app() {
    let sandbox = sandbox();
    let settings = |more: Value| {
        let mut settings = serde_json::json!({"issuer": sandbox.issuer(), "client_id": "app-key",
            "redirect_uri": REDIRECT_URI, "private_key_pem": PEM});
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ClientBuilder::from_json(&settings.to_string())
    };
    for more in [
        serde_json::json!({}),
        serde_json::json!({"client_authentication": "private_key_jwt", "private_key_id": "sandbox-key"}),
        serde_json::json!({"assertion_audience": "issuer", "assertion_at_interact": true}),
    ] {
        let client = settings(more).unwrap().build().unwrap();
        assert!(signed_in(&sandbox, &client).is_ok());
    }
    for wrong in [
        serde_json::json!({"client_secret": "s3cret"}),
        serde_json::json!({"client_authentication": "none"}),
        serde_json::json!({"client_authentication": "client_secret_basic", "client_secret": "s3cret"}),
        serde_json::json!({"assertion_audience": "both"}),
        serde_json::json!({"assertion_at_interact": 1}),
        serde_json::json!({"private_key_pem": "s3cret"}),
    ] {
        let error = settings(wrong.clone()).err().unwrap_or_else(|| panic!("{wrong} was taken"));
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

#[test]
fn another_key_is_refused_by_the_server() {
    let sandbox = sandbox();
    let method = PrivateKeyJwt::new(Arc::new(SoftwareKey::generate().unwrap().with_key_id("sandbox-key")));
    let client =
        builder(&sandbox, "app-key").authentication(ClientAuthentication::PrivateKeyJwt(method)).build().unwrap();
    let error = signed_in(&sandbox, &client).unwrap_err();
    assert_eq!((error.kind(), error.oauth_error()), (ErrorKind::OAuth, Some("invalid_client")));
}

/// Signs when it is time.
struct Patient {
    key: SoftwareKey,
    failures: AtomicU32,
    asked: AtomicU32,
}

impl KeySigner for Patient {
    fn public_jwk(&self) -> String {
        self.key.public_jwk()
    }

    fn key_ref(&self) -> Option<String> {
        Some("enclave-7".to_owned())
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) {
            Ok(_) => Err(SignFailure::Locked),
            Err(_) => self.key.sign(message),
        }
    }
}

#[test]
fn a_key_that_is_locked_costs_no_code() {
    let sandbox = sandbox();
    for dpop in [false, true] {
        let key = if dpop { SoftwareKey::generate().unwrap() } else { app_key() };
        let signer = Arc::new(Patient { key, failures: AtomicU32::new(1), asked: AtomicU32::new(0) });
        let client = match dpop {
            true => builder(&sandbox, "app-dpop").dpop(signer.clone()),
            false => builder(&sandbox, "app-key")
                .authentication(ClientAuthentication::PrivateKeyJwt(PrivateKeyJwt::new(signer.clone()))),
        };
        let mut flow = complete(&sandbox, &client.build().unwrap());
        let before = sandbox.requests().len();
        let error = flow.finish(&call()).unwrap_err();
        assert_eq!((error.kind(), error.rule()), (ErrorKind::Callback, Some("key_locked")));
        assert_eq!(sandbox.requests().len(), before, "nothing was sent");
        assert!(flow.is_complete(), "the code is still good");
        flow.finish(&call()).unwrap();
        // One that failed, and one for each request.
        assert_eq!(signer.asked.load(Ordering::SeqCst), if dpop { 3 } else { 2 });
    }
}

#[test]
fn tokens_are_bound_to_the_key_and_the_nonce_is_kept() {
    let (sandbox, seen) = (sandbox(), Seen::new());
    let key = Arc::new(SoftwareKey::generate().unwrap());
    let client = builder(&sandbox, "app-dpop").dpop(key.clone()).transport(seen.clone()).build().unwrap();
    let mut flow = complete(&sandbox, &client);
    let saved = flow.save().unwrap();
    assert!(!saved.expose().contains(&base64url::encode(&key.pkcs8()[40..60])), "no key in a snapshot");
    let tokens = flow.finish(&call()).unwrap();
    assert_eq!((tokens.token_type, tokens.token_type.as_str()), (TokenType::Dpop, "DPoP"));

    // The first proof had no nonce, and was asked for one; everything signed was made anew, the form is the same.
    let requests = seen.to("/v1/token");
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body.as_slice(), requests[1].body.as_slice());
    let proofs: Vec<Value> = requests.iter().map(|request| claims(request.header_value("DPoP").unwrap())).collect();
    assert!(proofs[0].get("nonce").is_none() && proofs[1]["nonce"].is_string());
    assert_ne!(proofs[0]["jti"], proofs[1]["jti"]);
    for proof in &proofs {
        assert_eq!((&proof["htm"], proof["htu"].as_str()), (&"POST".into(), Some(requests[0].url.as_str())));
        assert!(proof.get("ath").is_none());
    }
    // No proof where none belongs.
    let elsewhere = seen.requests.lock().unwrap().clone();
    assert!(elsewhere.iter().all(|request| request.url.ends_with("/token") == request.header_value("DPoP").is_some()));

    // The next sign-in has the nonce already.
    signed_in(&sandbox, &client).unwrap();
    assert_eq!(seen.to("/v1/token").len(), 3);

    // The access token says which key, and the API can ask for it.
    let mut rules = client.access_token_rules("api://default");
    let bound = tokens.key_ref.clone().unwrap();
    rules.key_thumbprint = Some(&bound);
    let claims = client.verify_access_token(tokens.access_token.expose(), &rules, &call()).unwrap();
    assert_eq!(claims.key_thumbprint(), Some(bound.as_str()));
    rules.key_thumbprint = None;
    let error = client.verify_access_token(tokens.access_token.expose(), &rules, &call()).unwrap_err();
    assert_eq!(error.rule(), Some("cnf"));
}

#[test]
fn the_apps_own_requests_carry_a_proof() {
    let sandbox = sandbox();
    let client = builder(&sandbox, "app-dpop").dpop(Arc::new(SoftwareKey::generate().unwrap())).build().unwrap();
    let token = signed_in(&sandbox, &client).unwrap().access_token;
    let url = format!("{}/v1/userinfo", sandbox.issuer());
    let transport = UreqTransport::builder().allow_loopback_http(true).no_proxy().build().unwrap();
    let ask = |scheme: &str, proof: Option<&Secret>| {
        let mut request = Request::get(&url).header("Authorization", format!("{scheme} {}", token.expose()));
        if let Some(proof) = proof {
            request = request.header("DPoP", proof.clone());
        }
        transport.send(&request, &call()).unwrap().status
    };
    let header = |method: &str, url: &str| client.dpop_header(method, url, &token).unwrap();
    let good = header("GET", &url);
    assert_eq!(ask("DPoP", Some(&good)), 200);
    assert_eq!(ask("DPoP", Some(&good)), 401, "a proof is good once");
    assert_eq!(ask("DPoP", Some(&header("GET", &format!("{url}?a=b#c")))), 200, "without query and fragment");
    assert_eq!(ask("DPoP", Some(&header("POST", &url))), 401);
    assert_eq!(ask("DPoP", Some(&header("GET", &format!("{url}/")))), 401);
    assert_eq!(ask("DPoP", Some(&client.dpop_header("GET", &url, &"another".into()).unwrap())), 401);
    assert_eq!(ask("DPoP", None), 401);
    assert_eq!(ask("Bearer", None), 401, "a bound token is no Bearer token");
    let other = builder(&sandbox, "app-dpop").dpop(Arc::new(SoftwareKey::generate().unwrap())).build().unwrap();
    assert_eq!(ask("DPoP", Some(&other.dpop_header("GET", &url, &token).unwrap())), 401, "another key");

    // A nonce of the API's goes into the next proof to it, and to no one else.
    client.dpop_nonce(&url, "n1");
    assert_eq!(claims(header("GET", &url).expose())["nonce"], "n1");
    assert!(claims(header("GET", "https://api.example/").expose()).get("nonce").is_none());
    assert_eq!(client.dpop_header("GET", "/v1/userinfo", &token).unwrap_err().kind(), ErrorKind::InvalidArgument);
    let without = builder(&sandbox, "app-password").build().unwrap();
    assert_eq!(without.dpop_header("GET", &url, &token).unwrap_err().kind(), ErrorKind::InvalidState);
}

#[test]
fn there_is_no_way_down_to_tokens_that_are_not_bound() {
    let sandbox = sandbox();
    let key = || Arc::new(SoftwareKey::generate().unwrap());
    let rewrite = |from: &str, to: &str| {
        let change = FaultKind::Rewrite { from: from.to_owned(), to: to.to_owned() };
        sandbox.faults(vec![Fault { times: 0, ..Fault::new("/oauth2/*/v1/token", change) }]);
    };
    rewrite(r#""DPoP""#, r#""Bearer""#);
    let client = builder(&sandbox, "app-dpop").dpop(key()).build().unwrap();
    let mut flow = complete(&sandbox, &client);
    let error = flow.finish(&call()).unwrap_err();
    assert_eq!((error.kind(), error.rule()), (ErrorKind::InvalidToken, Some("token_type")));
    assert!(!flow.is_complete(), "the code is used up");

    rewrite(r#""Bearer""#, r#""DPoP""#);
    let error = signed_in(&sandbox, &builder(&sandbox, "app-password").build().unwrap()).unwrap_err();
    assert_eq!((error.kind(), error.rule()), (ErrorKind::InvalidToken, Some("token_type")));
    sandbox.faults(Vec::new());

    // An app that needs a proof, and a client without a key.
    let error = signed_in(&sandbox, &builder(&sandbox, "app-dpop").build().unwrap()).unwrap_err();
    assert_eq!((error.kind(), error.oauth_error()), (ErrorKind::OAuth, Some("invalid_dpop_proof")));

    // The key of the app itself is not for its tokens.
    let method = PrivateKeyJwt::new(Arc::new(app_key()));
    let both = builder(&sandbox, "app-key").authentication(ClientAuthentication::PrivateKeyJwt(method));
    let error = both.clone().dpop(Arc::new(app_key())).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    // Each its own: assertion and proof in one request, both made anew for the nonce.
    let tokens = signed_in(&sandbox, &both.dpop(key()).build().unwrap()).unwrap();
    assert_eq!(tokens.token_type, TokenType::Dpop);
}

/// Carries everything to the sandbox, and answers token requests itself.
struct Asking {
    seen: Arc<Seen>,
    nonces: Box<dyn Fn(usize) -> Option<String> + Send + Sync>,
    status: u16,
    error: &'static str,
}

impl Transport for Asking {
    fn send(&self, request: &Request, call: &Call) -> Result<Response> {
        if !request.url.ends_with("/v1/token") {
            return self.seen.send(request, call);
        }
        let number = self.seen.to("/v1/token").len();
        self.seen.requests.lock().unwrap().push(request.clone());
        let body = format!(r#"{{"error":"{}"}}"#, self.error);
        let response = Response::new(self.status, body).header("Content-Type", "application/json");
        Ok(match (self.nonces)(number) {
            Some(nonce) => response.header("DPoP-Nonce", &nonce),
            None => response,
        })
    }
}

#[test]
fn a_form_goes_out_again_once_and_only_for_a_new_nonce() {
    let sandbox = sandbox();
    type Nonces = Box<dyn Fn(usize) -> Option<String> + Send + Sync>;
    let always: fn() -> Nonces = || Box::new(|number| Some(format!("n{number}")));
    let same: fn() -> Nonces = || Box::new(|_| Some("n".to_owned()));
    let none: fn() -> Nonces = || Box::new(|_| None);
    let nonsense: fn() -> Nonces = || Box::new(|number| Some(format!("a b{number}")));
    for (name, nonces, status, error, requests) in [
        ("it asks always", always, 400, "use_dpop_nonce", 2),
        ("the same nonce each time", same, 400, "use_dpop_nonce", 2),
        ("no nonce", none, 400, "use_dpop_nonce", 1),
        ("what is no nonce", nonsense, 400, "use_dpop_nonce", 1),
        ("another error", always, 400, "invalid_dpop_proof", 1),
        ("another status", always, 401, "use_dpop_nonce", 1),
        ("a failing server", always, 500, "use_dpop_nonce", 1),
        ("a success", always, 200, "use_dpop_nonce", 1),
    ] {
        let seen = Seen::new();
        let transport = Asking { seen: seen.clone(), nonces: nonces(), status, error };
        let key = Arc::new(SoftwareKey::generate().unwrap());
        let client = builder(&sandbox, "app-password").dpop(key).transport(Arc::new(transport)).build().unwrap();
        let mut flow = complete(&sandbox, &client);
        assert!(flow.finish(&call()).is_err(), "{name}");
        assert_eq!(seen.to("/v1/token").len(), requests, "{name}");
        assert!(!flow.is_complete(), "{name}: the code is not offered again");
    }
    // Without a key nothing goes out again, whatever the server asks.
    let seen = Seen::new();
    let transport = Asking { seen: seen.clone(), nonces: always(), status: 400, error: "use_dpop_nonce" };
    let client = builder(&sandbox, "app-password").transport(Arc::new(transport)).build().unwrap();
    assert!(signed_in(&sandbox, &client).is_err());
    assert_eq!(seen.to("/v1/token").len(), 1);
}
