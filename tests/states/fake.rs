//! A server without a network: a closure that answers requests, behind a transport that counts them.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use interaction_code::{
    Call, Client, Error, ErrorKind, Flow, Result, Sent, StartOptions,
    http::{Request, Response, Transport},
};
use serde_json::Value;

use super::build::json_response;

type Answer = dyn Fn(&str, &Request, &Call) -> Result<Response> + Send + Sync;

/// Path, body, cookies.
type Logged = (String, Vec<u8>, Option<String>);

pub struct Fake {
    answer: Box<Answer>,
    log: Mutex<Vec<Logged>>,
    in_flight: AtomicUsize,
    most_in_flight: AtomicUsize,
}

impl Transport for Fake {
    fn send(&self, request: &Request, call: &Call) -> Result<Response> {
        let path = request.url.strip_prefix("https://a.example").expect("nothing leaves the org").to_owned();
        let cookie = request.header_value("Cookie").map(str::to_owned);
        self.log.lock().unwrap().push((path.clone(), request.body.to_vec(), cookie));
        let now = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_in_flight.fetch_max(now, Ordering::SeqCst);
        let answer = (self.answer)(&path, request, call);
        self.in_flight.fetch_sub(1, Ordering::SeqCst);
        answer
    }
}

impl Fake {
    pub fn new(answer: impl Fn(&str, &Request, &Call) -> Result<Response> + Send + Sync + 'static) -> Arc<Fake> {
        Arc::new(Fake {
            answer: Box::new(answer),
            log: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
        })
    }

    /// A server that starts every flow at `first` and answers each later request with what `then` says; the number is
    /// that of the request after the start, from 0.
    pub fn at(
        first: Value,
        then: impl Fn(usize, &str, &Call) -> Result<Response> + Send + Sync + 'static,
    ) -> Arc<Fake> {
        let later = AtomicUsize::new(0);
        let looks = AtomicUsize::new(0);
        Fake::new(move |path, _, call| match path {
            "/oauth2/default/v1/interact" => Ok(json_response(200, r#"{"interaction_handle":"handle-1"}"#)),
            "/idp/idx/introspect" if looks.fetch_add(1, Ordering::SeqCst) == 0 => {
                Ok(json_response(200, &first.to_string()).header("Set-Cookie", "DT=device-1; Path=/; Secure"))
            }
            path => then(later.fetch_add(1, Ordering::SeqCst), path, call),
        })
    }

    pub fn client(self: &Arc<Self>) -> Client {
        self.client_of("https://a.example/oauth2/default", "0oa1", "com.example.app:/callback")
    }

    pub fn client_of(self: &Arc<Self>, issuer: &str, id: &str, redirect_uri: &str) -> Client {
        Client::builder(issuer, id, redirect_uri).transport(Arc::clone(self) as _).build().expect("a client")
    }

    pub fn flow(self: &Arc<Self>) -> Flow {
        self.client().start(StartOptions::default(), &Call::new()).expect("a flow")
    }

    pub fn paths(&self) -> Vec<String> {
        self.log.lock().unwrap().iter().map(|(path, ..)| path.clone()).collect()
    }

    pub fn last(&self) -> (String, Value, Option<String>) {
        let (path, body, cookie) = self.log.lock().unwrap().last().cloned().expect("a request");
        (path, serde_json::from_slice(&body).unwrap_or_default(), cookie)
    }

    pub fn most_in_flight(&self) -> usize {
        self.most_in_flight.load(Ordering::SeqCst)
    }
}

pub fn ok(value: &Value) -> Result<Response> {
    Ok(json_response(200, &value.to_string()))
}

pub fn lost(sent: Sent) -> Error {
    Error::new(ErrorKind::Network, "the connection broke").with_sent(sent)
}
