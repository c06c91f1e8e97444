//! Whole sign-ins by the library, against a bare replay of the same requests by ureq to the same sandbox.
//!
//! Each side does 200 sign-ins of 5 requests at `app-password`, in batches that alternate. The replay sends the very
//! bodies and headers that a sign-in needs, with the handles and the code cut out of the answers by plain text search,
//! over one pooled agent: no form is read, nothing is verified. Budget: 1.05.

#[path = "paired/mod.rs"]
mod paired;

use interaction_code::{Call, Client, StartOptions, oauth::Pkce, transport::UreqTransport};
use interaction_code_sandbox::{Limits, Options, Sandbox, World};

const CLIENT: &str = "app-password";
const REDIRECT_URI: &str = "com.example.app:/callback";
const ION: &str = "application/ion+json; okta-version=1.0.0";
const JSON: &str = "application/json; okta-version=1.0.0";
const ROUNDS: usize = 20;
const BATCH: usize = 10;

fn main() {
    // The limit on requests would end the bench, not the sign-ins.
    let limits = Limits { requests_per_minute: 0, ..World::default().limits };
    let options = Options { world: World { limits, ..World::default() }, ..Options::default() };
    let sandbox = Sandbox::start(options).expect("the sandbox starts");
    let network = UreqTransport::builder().no_proxy();
    let client =
        Client::builder(&sandbox.issuer(), CLIENT, REDIRECT_URI).network(network).build().expect("good settings");
    let replay = Replay::new(&sandbox);
    let ours = || (0..BATCH).for_each(|_| sign_in(&client));
    let theirs = || (0..BATCH).for_each(|_| replay.sign_in());
    let compared = paired::compare(ROUNDS, ours, theirs);
    println!("each side {} sign-ins of 5 requests, in batches of {BATCH}", ROUNDS * BATCH);
    compared.print("a batch of sign-ins by the library against the bare replay", 1.05);
}

fn sign_in(client: &Client) {
    let call = Call::new();
    let mut flow = client.start(StartOptions::default(), &call).expect("it starts");
    let form = flow.step().expect("a step").remediation("identify").expect("identify");
    let answer = form.answer().and_then(|answer| answer.set("identifier", "ada@example.com")).expect("an answer");
    let step = flow.proceed(answer, &call).expect("identified");
    let form = step.remediation("challenge-authenticator").expect("the password");
    let answer =
        form.answer().and_then(|answer| answer.set("credentials.passcode", "Correct-Horse-9")).expect("an answer");
    flow.proceed(answer, &call).expect("proven");
    flow.finish(&call).expect("signed in");
}

struct Replay {
    agent: ureq::Agent,
    origin: String,
    user_agent: String,
}

impl Replay {
    fn new(sandbox: &Sandbox) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build();
        let user_agent = concat!("interaction-code/", env!("CARGO_PKG_VERSION")).to_owned();
        Replay { agent: config.new_agent(), origin: sandbox.origin(), user_agent }
    }

    fn post(&self, path: &str, accept: &str, content_type: &str, body: &str) -> String {
        let request = self.agent.post(format!("{}{path}", self.origin));
        let request = request.header("Accept", accept).header("Content-Type", content_type);
        let request = request.header("User-Agent", &self.user_agent);
        let mut response =
            request.header("X-Okta-User-Agent-Extended", &self.user_agent).send(body).expect("an answer");
        response.body_mut().read_to_string().expect("a body")
    }

    fn sign_in(&self) {
        let form = "application/x-www-form-urlencoded";
        let pkce = Pkce::from_random(&[7; 32]);
        let (verifier, challenge) = (pkce.verifier().expose().to_owned(), pkce.challenge());
        let body = format!(
            "client_id={CLIENT}&scope=openid%20profile&redirect_uri=com.example.app%3A%2Fcallback&code_challenge={challenge}\
             &code_challenge_method=S256&state=s&nonce=n"
        );
        let answer = self.post("/oauth2/default/v1/interact", "application/json", form, &body);
        let handle = cut(&answer, "\"interaction_handle\":\"");
        let body = format!("{{\"interactionHandle\":\"{handle}\"}}");
        let state = cut_state(&self.post("/idp/idx/introspect", ION, ION, &body));
        let body = format!("{{\"identifier\":\"ada@example.com\",\"stateHandle\":\"{state}\"}}");
        let state = cut_state(&self.post("/idp/idx/identify", ION, JSON, &body));
        let body = format!("{{\"credentials\":{{\"passcode\":\"Correct-Horse-9\"}},\"stateHandle\":\"{state}\"}}");
        let answer = self.post("/idp/idx/challenge/answer", ION, JSON, &body);
        let code = cut(&answer, "\"interaction_code\",\"required\":true,\"value\":\"");
        let body = format!(
            "client_id={CLIENT}&grant_type=interaction_code&interaction_code={code}\
             &redirect_uri=com.example.app%3A%2Fcallback&code_verifier={verifier}"
        );
        assert!(self.post("/oauth2/default/v1/token", "application/json", form, &body).contains("access_token"));
    }
}

fn cut_state(answer: &str) -> String {
    cut(answer, "\"stateHandle\":\"")
}

/// The text after `before`, up to the next quote.
fn cut(answer: &str, before: &str) -> String {
    let (_, rest) = answer.split_once(before).unwrap_or_else(|| panic!("the answer has no {before}: {answer}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}
