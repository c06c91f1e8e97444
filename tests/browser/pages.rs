//! What the authorization endpoint of the sandbox does with a browser: sessions, prompts, errors, forms from elsewhere.

use interaction_code::{AuthorizeOptions, Client};
use interaction_code_sandbox::Sandbox;

use crate::{
    agent::{Agent, End},
    common::*,
};

fn client(sandbox: &Sandbox, client_id: &str) -> Client {
    Client::builder(&sandbox.issuer(), client_id, REDIRECT_URI).build().unwrap()
}

fn sign_in(
    client: &Client,
    agent: &mut Agent,
    options: AuthorizeOptions,
) -> interaction_code::Result<interaction_code::Tokens> {
    let authorization = client.authorize(options, &call())?;
    let callback = agent.walk(authorization.url(), REDIRECT_URI).callback();
    authorization.finish(&callback, &call())
}

fn prompt(word: &str) -> AuthorizeOptions {
    AuthorizeOptions { prompt: vec![word.into()], ..AuthorizeOptions::default() }
}

#[test]
fn a_browser_that_has_signed_in_is_not_asked_again() {
    let sandbox = sandbox();
    let (client, mut agent) = (client(&sandbox, "app-password"), Agent::ada());
    let error = sign_in(&client, &mut agent, prompt("none")).unwrap_err();
    assert_eq!(error.oauth_error(), Some("login_required"));
    let first = sign_in(&client, &mut agent, AuthorizeOptions::default()).unwrap();
    let pages = agent.pages;
    let second = sign_in(&client, &mut agent, prompt("none")).unwrap();
    // The page with the button, which a private scheme needs, and no other.
    assert_eq!(agent.pages, pages + 1);
    let time = |tokens: &interaction_code::Tokens| tokens.claims.as_ref().unwrap().auth_time();
    assert_eq!(time(&first), time(&second));
    sign_in(&client, &mut agent, prompt("login")).unwrap();
    assert_eq!(agent.pages, pages + 4, "asked again: name, password, button");
    let old = AuthorizeOptions { max_age: Some(0), ..AuthorizeOptions::default() };
    sign_in(&client, &mut agent, old).unwrap();
    assert_eq!(agent.pages, pages + 7);
    // Another app of the same browser wants more than was proved.
    let email = super::pages::client(&sandbox, "app-email");
    let error = sign_in(&email, &mut agent, prompt("none")).unwrap_err();
    assert_eq!(error.oauth_error(), Some("interaction_required"));
}

#[test]
fn a_second_factor_is_asked_for_on_the_pages_too() {
    let sandbox = sandbox();
    let (client, mut agent) = (client(&sandbox, "app-email"), Agent::ada());
    let hinted = AuthorizeOptions { login_hint: Some("ada@example.com".into()), ..AuthorizeOptions::default() };
    let authorization = client.authorize(hinted, &call()).unwrap();
    let End::Page(200, page) = agent.walk(authorization.url(), REDIRECT_URI) else { panic!("the choice of a factor") };
    assert!(page.contains("Email"), "{page}");
    let sandbox = std::rc::Rc::new(sandbox);
    let inbox = sandbox.clone();
    agent.reads_mail(move || inbox.last_code("ada@example.com"));
    agent.types("_choice", "0");
    let callback = agent.walk(authorization.url(), REDIRECT_URI).callback();
    let tokens = authorization.finish(&callback, &call()).unwrap();
    let amr = tokens.claims.as_ref().unwrap().amr().join(" ");
    assert!(amr.contains("mfa"), "{amr}");
}

#[test]
fn wrong_words_are_told_on_the_page_and_nobody_is_sent_to_a_stranger() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    let authorization = client.authorize(AuthorizeOptions::default(), &call()).unwrap();
    let mut agent = Agent::new(&[("identifier", "ada@example.com")]);
    let End::Page(200, page) = agent.walk(authorization.url(), REDIRECT_URI) else { panic!("the password page") };
    assert!(page.contains("type=\"password\""));
    let cancel = page.split("<a href=\"").nth(1).unwrap().split('"').next().unwrap();
    let End::Callback(url) =
        agent.walk(&format!("{}{cancel}", sandbox.issuer().strip_suffix("/oauth2/default").unwrap()), REDIRECT_URI)
    else {
        panic!("back to the app")
    };
    assert_eq!(authorization.finish(&url, &call()).unwrap_err().oauth_error(), Some("access_denied"));

    let evil = Client::builder(&sandbox.issuer(), "app-password", "https://evil.example/cb").build().unwrap();
    let authorization = evil.authorize(AuthorizeOptions::default(), &call()).unwrap();
    assert!(matches!(Agent::ada().walk(authorization.url(), "https://evil.example"), End::Page(400, _)));
}

#[test]
fn forms_from_elsewhere_and_other_browsers_are_refused() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    let authorization = client.authorize(AuthorizeOptions::default(), &call()).unwrap();
    let mut agent = Agent::ada();
    let (status, location, _) = agent.load(authorization.url(), None);
    let page = location.unwrap();
    assert_eq!(status, 302);
    let (status, _, text) = Agent::ada().load(&page, None);
    assert!(status == 400 && text.contains("another browser"), "{text}");
    let (status, _, text) = agent.load_from("https://evil.example", &page, "_form=r0&identifier=ada%40example.com");
    assert!(status == 400 && text.contains("not sent from this page"), "{text}");
    let (status, _, _) = agent.load(&page, Some("_form=r0&identifier=ada%40example.com"));
    assert_eq!(status, 200);
}
