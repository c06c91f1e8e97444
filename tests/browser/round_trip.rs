//! The round trip as an app sees it: what is sent, what is kept, what burns it, and what a lost reply means.

use std::sync::Arc;

use interaction_code::{
    Authorization, AuthorizeOptions, Client, ClientAuthentication, ClientBuilder, Discovery, Error, ErrorKind, Push,
    SavedAuthorization, Sent,
};
use interaction_code_sandbox::{Fault, FaultKind, Sandbox};

use crate::{
    agent::Agent,
    common::{storage::Memory, *},
};

fn builder(issuer: &str, client_id: &str) -> ClientBuilder {
    Client::builder(issuer, client_id, REDIRECT_URI).scopes(["openid", "profile", "email", "offline_access"])
}

fn begin(client: &Client) -> Authorization {
    client.authorize(AuthorizeOptions::default(), &call()).unwrap()
}

fn paths(sandbox: &Sandbox) -> Vec<String> {
    sandbox.requests().into_iter().map(|seen| seen.path).collect()
}

/// The callback of Ada's sign-in.
fn back(authorization: &Authorization) -> String {
    Agent::ada().walk(authorization.url(), REDIRECT_URI).callback()
}

#[test]
fn ada_signs_in_and_nothing_is_discovered_at_okta() {
    let sandbox = sandbox();
    let client = builder(&sandbox.issuer(), "app-password").build().unwrap();
    let authorization = begin(&client);
    assert!(paths(&sandbox).is_empty(), "nothing is asked before the browser is open");
    let callback = back(&authorization);
    let before = paths(&sandbox).len();
    let tokens = authorization.finish(&callback, &call()).unwrap();
    assert_eq!(paths(&sandbox)[before..], ["/oauth2/default/v1/token", "/oauth2/default/v1/keys"]);
    assert_eq!(tokens.claims.as_ref().unwrap().preferred_username(), Some("ada@example.com"));
    assert!(tokens.refresh_token.is_some() && tokens.scopes.len() == 4);

    let again = authorization.finish(&callback, &call()).unwrap_err();
    assert_eq!((again.kind(), again.rule()), (ErrorKind::InvalidCallback, Some("state_used")));
    assert_eq!(authorization.save().unwrap_err().kind(), ErrorKind::InvalidState);
}

#[test]
fn a_server_without_okta_paths_is_discovered_once() {
    let sandbox = sandbox();
    let origin = sandbox.issuer().strip_suffix("/oauth2/default").unwrap().to_owned();
    let client = builder(&origin, "app-email").build().unwrap();
    for _ in 0..2 {
        let authorization =
            client.authorize(AuthorizeOptions { push: Push::Never, ..Default::default() }, &call()).unwrap();
        let mut agent = Agent::ada();
        // The password, then the way to the mail, then its code.
        let page = match agent.walk(authorization.url(), REDIRECT_URI) {
            crate::agent::End::Page(200, page) => page,
            other => panic!("{other:?}"),
        };
        assert!(page.contains("Email") && !page.contains("<script"), "{page}");
        let _ = page;
        authorization.discard();
    }
    let discovered = paths(&sandbox).iter().filter(|path| path.contains(".well-known")).count();
    assert_eq!(discovered, 1);
    // The name that the server gives itself is taken as it is.
    let wrong = builder(&format!("{origin}/"), "app-password").build().unwrap();
    let error = wrong.authorize(AuthorizeOptions::default(), &call()).unwrap_err();
    assert!(error.text().contains("another issuer"), "{error}");
    // Pushed by itself where the metadata has it; the discovered keys verify.
    let client = builder(&origin, "app-password").build().unwrap();
    let authorization = begin(&client);
    assert!(authorization.url().contains("request_uri=") && !authorization.url().contains("nonce="));
    let callback = back(&authorization);
    assert!(callback.contains("iss="), "{callback}");
    authorization.finish(&callback, &call()).unwrap();
    // It names itself always, so a callback that does not is no callback of its.
    let authorization = begin(&client);
    let unnamed: String = back(&authorization).split("&iss=").next().unwrap().to_owned();
    assert_eq!(authorization.finish(&unnamed, &call()).unwrap_err().rule(), Some("iss"));
    // Without discovery, its endpoints are derived.
    let derived = builder(&origin, "app-password").discovery(Discovery::Never).build().unwrap();
    let authorization = begin(&derived);
    authorization.finish(&back(&authorization), &call()).unwrap();
}

#[test]
fn forged_callbacks_do_no_harm_and_the_right_one_is_taken_once() {
    let sandbox = sandbox();
    let client = builder(&sandbox.issuer(), "app-password").build().unwrap();
    let authorization = begin(&client);
    let callback = back(&authorization);
    let before = paths(&sandbox).len();
    for number in 0..100 {
        let forged = match number % 4 {
            0 => format!("{REDIRECT_URI}?error=access_denied"),
            1 => format!("{REDIRECT_URI}?code=x&state=guess{number}"),
            2 => callback.replace("state=", "state=x"),
            _ => format!("{callback}&state=again"),
        };
        let error = authorization.finish(&forged, &call()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidCallback, "{forged}");
    }
    assert_eq!(paths(&sandbox).len(), before, "nothing was sent for them");
    assert!(authorization.check_callback(&callback).is_ok());
    authorization.finish(&callback, &call()).unwrap();
    assert_eq!(authorization.finish(&callback, &call()).unwrap_err().rule(), Some("state_used"));

    // A refusal with the right state ends it.
    let authorization = begin(&client);
    let state = url::Url::parse(authorization.url()).unwrap();
    let state = state.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let error =
        authorization.finish(&format!("{REDIRECT_URI}?error=access_denied&state={state}"), &call()).unwrap_err();
    assert_eq!(error.oauth_error(), Some("access_denied"));
    let late = authorization.finish(&format!("{REDIRECT_URI}?code=x&state={state}"), &call()).unwrap_err();
    assert_eq!(late.rule(), Some("state_used"));
}

#[test]
fn another_process_finishes_what_one_began() {
    let sandbox = sandbox();
    let storage = Arc::new(Memory::default());
    let make = || builder(&sandbox.issuer(), "app-password").storage(storage.clone()).build().unwrap();
    let first = begin(&make());
    let url = first.url().to_owned();
    let saved = first.save().unwrap();
    drop(first);
    let callback = Agent::ada().walk(&url, REDIRECT_URI).callback();

    assert!(make().resume_authorization("com.example.app:/callback?code=x&state=forged").unwrap().is_none());
    assert!(make().resume_authorization("nonsense").unwrap().is_none());
    let other = builder(&sandbox.issuer(), "app-email").storage(storage.clone()).build().unwrap();
    assert!(other.resume_authorization(&callback).unwrap().is_none(), "another app's is not found");
    assert_eq!(other.restore_authorization(&saved).unwrap_err().kind(), ErrorKind::InvalidSnapshot);

    let second = make().resume_authorization(&callback).unwrap().expect("it was stored before the browser opened");
    assert_eq!(second.url(), "");
    second.finish(&callback, &call()).unwrap();
    let begun_twice = make().restore_authorization(&saved).unwrap();
    assert_eq!(begun_twice.finish(&callback, &call()).unwrap_err().rule(), Some("state_used"));
    let third = make().resume_authorization(&callback).unwrap_err();
    assert_eq!(third.rule(), Some("state_used"));
    let kept = storage
        .values
        .lock()
        .unwrap()
        .values()
        .map(|value| String::from_utf8_lossy(value).into_owned())
        .collect::<String>();
    assert!(!kept.contains("code_verifier"), "its secrets went with the return: {kept}");

    // From a text alone, and too late.
    let authorization = begin(&make());
    let text = authorization.save().unwrap().expose().to_owned();
    let at = text.find("\"created_at\":").unwrap() + "\"created_at\":".len();
    let digits = text[at..].chars().take_while(char::is_ascii_digit).count();
    let begun: i64 = text[at..at + digits].parse().unwrap();
    let late = SavedAuthorization::from_text(format!("{}{}{}", &text[..at], begun - 1801, &text[at + digits..]));
    let late = make().restore_authorization(&late).unwrap();
    let callback = back(&authorization);
    assert_eq!(late.finish(&callback, &call()).unwrap_err().kind(), ErrorKind::Expired);
}

#[test]
fn a_storage_keeps_sixteen_and_the_oldest_goes() {
    let storage = Arc::new(Memory::default());
    let client = builder("https://a.example/oauth2/default", "0oa1").storage(storage.clone()).build().unwrap();
    let begun: Vec<_> = (0..40).map(|_| begin(&client)).collect();
    let pending = |storage: &Memory| {
        storage.values.lock().unwrap().keys().filter(|key| key.starts_with("interaction-code.browser.")).count()
    };
    assert_eq!(pending(&storage), 16);
    assert!(storage.values.lock().unwrap().keys().all(|key| key.len() <= 64));
    let state = |authorization: &Authorization| {
        let url = url::Url::parse(authorization.url()).unwrap();
        format!(
            "{REDIRECT_URI}?{}",
            url.query_pairs().find(|(name, _)| name == "state").map(|(_, state)| format!("state={state}")).unwrap()
        )
    };
    let found = begun.iter().filter(|one| client.resume_authorization(&state(one)).unwrap().is_some()).count();
    assert_eq!(found, 16);
    assert!(client.resume_authorization(&state(&begun[39])).unwrap().is_some());
    begun[39].discard();
    assert!(client.resume_authorization(&state(&begun[39])).unwrap().is_none());
    // What is damaged goes first.
    let key = storage.others()[0].clone();
    storage.put(&key, b"[{]");
    begin(&client);
    begin(&client);
    assert!(!storage.others().contains(&key) && pending(&storage) == 16);
}

#[test]
fn a_code_is_sent_once() {
    let sandbox = sandbox();
    let client = builder(&sandbox.issuer(), "app-password").build().unwrap();
    let authorization = begin(&client);
    let callback = back(&authorization);
    sandbox.faults(vec![Fault::new("/oauth2/default/v1/token", FaultKind::Reset { after: true })]);
    let error = authorization.finish(&callback, &call()).unwrap_err();
    assert_eq!(error.sent(), Sent::Maybe);
    let again = authorization.finish(&callback, &call()).unwrap_err();
    assert_eq!(again.rule(), Some("state_used"));
    let tokens = || paths(&sandbox).iter().filter(|path| path.ends_with("/v1/token")).count();
    assert!(tokens() <= 1);

    // The keys could not be had: the tokens are kept, and only verifying is done again.
    let client = builder(&sandbox.issuer(), "app-password").build().unwrap();
    let authorization = begin(&client);
    let callback = back(&authorization);
    let before = tokens();
    sandbox.faults(vec![Fault::new("/oauth2/default/v1/keys", FaultKind::Reset { after: false })]);
    let error: Error = authorization.finish(&callback, &call()).unwrap_err();
    assert_ne!(error.kind(), ErrorKind::InvalidToken, "{error}");
    authorization.finish(&callback, &call()).unwrap();
    assert_eq!(tokens(), before + 1);

    // The code of another sign-in fits neither the verifier nor the nonce.
    let (mine, theirs) = (begin(&client), begin(&client));
    let (own, foreign) = (back(&mine), back(&theirs));
    let code = |url: &str| url.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let injected = own.replace(&code(&own), &code(&foreign));
    let error = mine.finish(&injected, &call()).unwrap_err();
    assert_eq!(error.oauth_error(), Some("invalid_grant"));
}

#[test]
fn requests_are_pushed_where_they_must_be() {
    let sandbox = sandbox();
    let client = builder(&sandbox.issuer(), "app-par").build().unwrap();
    let push = |push| AuthorizeOptions { push, ..AuthorizeOptions::default() };
    let authorization = client.authorize(push(Push::Always), &call()).unwrap();
    let query = authorization.url().split_once('?').unwrap().1;
    assert_eq!(query.split('&').count(), 2, "only the client and the name of what was pushed: {query}");
    let callback = back(&authorization);
    authorization.finish(&callback, &call()).unwrap();
    let second = Agent::ada().walk(authorization.url(), REDIRECT_URI);
    assert!(matches!(second, crate::agent::End::Page(400, _)), "a pushed request is good once");

    let unpushed = client.authorize(push(Push::Never), &call()).unwrap();
    let error = unpushed.finish(&back(&unpushed), &call()).unwrap_err();
    assert_eq!(error.oauth_error(), Some("invalid_request"));
    // What the server refuses is an error before a browser is opened, and nothing is tried another way.
    let wrong = Client::builder(&sandbox.issuer(), "app-par", "com.example.app:/elsewhere").build().unwrap();
    let error = wrong.authorize(push(Push::Always), &call()).unwrap_err();
    assert_eq!((error.kind(), error.oauth_error()), (ErrorKind::OAuth, Some("invalid_request")));
    // A confidential client proves itself there, too.
    let secret = ClientAuthentication::SecretBasic("sandbox-secret".into());
    let web = builder(&sandbox.issuer(), "app-web").authentication(secret).build().unwrap();
    let authorization = web.authorize(push(Push::Always), &call()).unwrap();
    authorization.finish(&back(&authorization), &call()).unwrap();
    let bad = builder(&sandbox.issuer(), "app-web").build().unwrap();
    assert_eq!(bad.authorize(push(Push::Always), &call()).unwrap_err().oauth_error(), Some("invalid_client"));
}

#[test]
fn a_redirect_uri_that_would_not_come_back_is_refused_at_once() {
    for uri in ["https://a.example", "http://a.example/cb", "myapp:/cb"] {
        let client = Client::builder("https://a.example/oauth2/default", "0oa1", uri).build().unwrap();
        let error = client.authorize(AuthorizeOptions::default(), &call()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{uri}");
    }
}
