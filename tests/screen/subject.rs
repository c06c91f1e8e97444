//! Who signs in, and to what: said where it helps, addresses https only, and nothing personal in debug output.

use interaction_code::{idx::Step, screen::Screen};
use serde_json::json;

fn screen(remediation: &str, fields: &[&str]) -> Screen {
    let fields: Vec<_> = fields.iter().map(|name| json!({"name": name, "required": true})).collect();
    let body = json!({"version": "1.0.0",
        "remediation": {"type": "array", "value": [{"name": remediation, "href": "https://a.example/x", "method": "POST", "value": fields}]},
        "user": {"type": "object", "value": {"id": "u", "identifier": "ada@example.com",
            "profile": {"firstName": "Ada", "lastName": "Lovelace"}}},
        "app": {"type": "object", "value": {"label": "Shop", "logo": {"href": "https://a.example/logo.png"},
            "clientUri": {"href": "javascript:alert(1)"}, "privacyPolicy": {"href": "https://a.example/privacy"}}},
        "client": {"type": "object", "value": {"browser": "FIREFOX", "os": "Linux",
            "location": {"city": "Graz", "country": "Austria"}}}});
    Screen::of(&Step::read(body.to_string().as_bytes()).expect("a step"))
}

#[test]
fn a_step_says_who_signs_in_to_what_and_from_where() {
    let screen = screen("challenge-authenticator", &["passcode"]);
    let subject = screen.subject.expect("a subject");
    assert_eq!(
        (subject.identifier.as_deref(), subject.name.as_deref()),
        (Some("ada@example.com"), Some("Ada Lovelace"))
    );
    assert_eq!((subject.app.as_deref(), subject.logo.as_deref()), (Some("Shop"), Some("https://a.example/logo.png")));
    let links: Vec<_> = subject.links.iter().map(|link| (link.what, link.url.as_str())).collect();
    assert_eq!(links, [("privacy", "https://a.example/privacy")]);
    let client = subject.client.as_ref().expect("a client");
    assert_eq!((client.browser.as_deref(), client.place.as_deref()), (Some("FIREFOX"), Some("Graz, Austria")));
    let shown = format!("{subject:?}");
    assert!(shown.contains("Shop") && !shown.contains("ada@example.com") && !shown.contains("Lovelace"));
}

#[test]
fn a_page_that_asks_who_somebody_is_does_not_say_it() {
    for (name, fields) in
        [("identify", "identifier"), ("identify-recovery", "identifier"), ("unlock-account", "identifier")]
    {
        assert!(screen(name, &[fields]).subject.is_none(), "{name}");
    }
}
