//! Tokens of a whole sign-in, at the app and at an API.

use interaction_code::{Client, ErrorKind, Tokens};
use interaction_code_sandbox::{Fault, FaultKind, Sandbox};

use crate::common::*;

fn signed_in(sandbox: &Sandbox, client: &Client) -> Tokens {
    let mut flow = start_flow(client);
    Person::new(sandbox, "ada").go(&mut flow).unwrap();
    flow.finish(&call()).unwrap()
}

#[test]
fn an_api_verifies_the_access_token_of_a_custom_server() {
    let sandbox = sandbox();
    let app = client(&sandbox, "app-password");
    let tokens = signed_in(&sandbox, &app);
    // The API is another process, with a client of its own.
    let api = client(&sandbox, "app-web");
    let mut rules = api.access_token_rules("api://default");
    rules.clients = &["app-password"];
    rules.scopes = &["openid"];
    let claims = api.verify_access_token(tokens.access_token.expose(), &rules, &call()).unwrap();
    assert_eq!((claims.subject(), claims.client_id()), ("ada@example.com", "app-password"));
    assert!(claims.has_scope("offline_access"));

    let id_token = tokens.id_token.unwrap();
    for (token, rules, rule) in [
        (id_token.expose(), rules.clone(), "aud"),
        (tokens.access_token.expose(), api.access_token_rules("api://other"), "aud"),
        (tokens.refresh_token.as_ref().unwrap().expose(), rules.clone(), "parts"),
    ] {
        let error = api.verify_access_token(token, &rules, &call()).unwrap_err();
        assert_eq!((error.kind(), error.rule()), (ErrorKind::InvalidToken, Some(rule)));
    }
    let mut wants = rules.clone();
    wants.scopes = &["orders.read"];
    let error = api.verify_access_token(tokens.access_token.expose(), &wants, &call()).unwrap_err();
    assert_eq!(error.rule(), Some("scp"));
    // The keys were fetched once for all of that.
    assert_eq!(sandbox.requests().iter().filter(|request| request.path.ends_with("/v1/keys")).count(), 2);
}

#[test]
fn keys_that_cannot_be_had_say_nothing_of_the_token() {
    let sandbox = sandbox();
    let tokens = signed_in(&sandbox, &client(&sandbox, "app-password"));
    let api = client(&sandbox, "app-web");
    let status = FaultKind::Status { status: 503, retry_after: None, body: None, content_type: None };
    sandbox.faults(vec![Fault::new("/oauth2/*/v1/keys", status)]);
    let rules = api.access_token_rules("api://default");
    let error = api.verify_access_token(tokens.access_token.expose(), &rules, &call()).unwrap_err();
    assert_eq!((error.kind(), error.rule()), (ErrorKind::Api, None));
    assert!(api.verify_access_token(tokens.access_token.expose(), &rules, &call()).is_ok());
}
