//! What a person types, what is wrong with it, and what is sent: by small forms.

use interaction_code::{
    Error, ErrorKind,
    idx::{AnswerValue, Step},
    screen::{Ask, ChoiceElement, Does, Element, ElementKind, Input, RuleKind, Screen},
};
use serde_json::{Value, json};

pub const TYPED: &str = "Gr8-Umbrella!47";

fn step(remediations: Value, more: Value) -> Step {
    let mut body =
        json!({"version": "1.0.0", "stateHandle": "02.h", "remediation": {"type": "array", "value": remediations}});
    for (name, value) in more.as_object().expect("members") {
        body[name] = value.clone();
    }
    Step::read(body.to_string().as_bytes()).expect("a step")
}

fn form(name: &str, mut fields: Value) -> Value {
    let handle = json!({"name": "stateHandle", "required": true, "value": "02.h", "visible": false, "mutable": false});
    fields.as_array_mut().expect("fields").push(handle);
    json!({"name": name, "href": format!("https://a.example/idp/idx/{name}"), "method": "POST", "value": fields})
}

fn screen(name: &str, fields: Value, more: Value) -> Screen {
    Screen::of(&step(json!([form(name, fields)]), more))
}

/// Every input of a screen, those of options included.
pub fn inputs(screen: &Screen) -> Vec<&Input> {
    screen
        .elements
        .iter()
        .flat_map(|element| match &element.kind {
            ElementKind::Input(input) => vec![input],
            ElementKind::Choice(choice) => choice.options.iter().flat_map(|option| &option.fields).collect(),
            _ => Vec::new(),
        })
        .collect()
}

fn input<'s>(screen: &'s Screen, path: &str) -> &'s Input {
    inputs(screen).into_iter().find(|input| input.path == path).unwrap_or_else(|| panic!("no input {path}"))
}

fn choice(screen: &Screen) -> &ChoiceElement {
    let of = |element: &'_ Element| matches!(element.kind, ElementKind::Choice(_));
    match screen.elements.iter().find(|element| of(element)).map(|element| &element.kind) {
        Some(ElementKind::Choice(choice)) => choice,
        _ => panic!("no choice"),
    }
}

fn way(screen: &Screen, does: Does) -> usize {
    screen.ways.iter().position(|way| way.does == does).expect("a way")
}

fn body(answer: interaction_code::idx::Answer) -> Value {
    serde_json::from_slice(&answer.body().expect("a whole answer")).expect("JSON")
}

/// Path and text of each problem.
pub fn problems(error: &Error) -> Vec<(String, String)> {
    error.problems().iter().map(|problem| (problem.path.clone(), problem.what.clone())).collect()
}

fn new_password(settings: Value) -> Screen {
    let fields = json!([{"name": "credentials", "type": "object", "required": true, "form": {"value": [{"name": "passcode", "secret": true}]}}]);
    let user = json!({"type": "object", "value": {"identifier": "ada@example.com", "profile": {"firstName": "Ada", "lastName": null}}});
    let policy = json!({"type": "object", "value": {"id": "a", "type": "password", "key": "okta_password", "settings": settings}});
    screen("enroll-authenticator", fields, json!({"user": user, "currentAuthenticator": policy}))
}

#[test]
fn a_new_password_is_checked_rule_by_rule_before_anything_is_sent() {
    let screen = new_password(
        json!({"complexity": {"minLength": 8, "minNumber": 1, "excludeUsername": true, "excludeAttributes": ["firstName"]},
        "age": {"historyCount": 4}}),
    );
    let way = way(&screen, Does::Submit);
    let input = input(&screen, "credentials.passcode");
    let Ask::NewPassword { rules, confirm: Some(_), pin: false } = &input.ask else { panic!("{input:?}") };
    let mut draft = screen.draft();
    let error = draft.answer(way).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidAnswer);
    assert_eq!(problems(&error), [("credentials.passcode".to_owned(), "Fill this in, please.".to_owned())]);
    draft.set(input, "ada-hunter").unwrap();
    let kept: Vec<_> = rules.iter().map(|rule| (rule.kind.as_str(), draft.meets(input, rule))).collect();
    let expected = [
        ("min_length", Some(true)),
        ("digit", Some(false)),
        ("username", Some(true)),
        ("first_name", Some(false)),
        ("history", None),
        ("confirm", Some(false)),
    ];
    assert_eq!(kept, expected);
    let broken: Vec<_> = draft.problems(way).into_iter().filter_map(|check| check.rule).collect();
    assert_eq!(broken, [RuleKind::Digit, RuleKind::FirstName, RuleKind::Confirm]);
    let error = draft.answer(way).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter"), "{error:?}");
    draft.set(input, TYPED).unwrap();
    draft.confirm(input, "Gr8-Umbrella!48").unwrap();
    assert_eq!(draft.problems(way)[0].text.text, "The two entries differ.");
    draft.confirm(input, TYPED).unwrap();
    assert_eq!(body(draft.answer(way).unwrap()), json!({"credentials": {"passcode": TYPED}, "stateHandle": "02.h"}));
    assert!(!format!("{draft:?} {screen:?} {:?}", draft.problems(way)).contains(TYPED));
}

#[test]
fn without_a_policy_both_entries_are_compared() {
    let screen = new_password(json!({}));
    let way = way(&screen, Does::Submit);
    let mut draft = screen.draft();
    draft.set(input(&screen, "credentials.passcode"), "x").unwrap();
    assert_eq!(draft.problems(way).len(), 1);
    let answer = screen.answer(way, [("credentials.passcode", "x")]).unwrap();
    assert_eq!(body(answer)["credentials"]["passcode"], "x");
}

#[test]
fn what_people_type_is_sent_as_the_server_wants_it() {
    let sent = |name: &str, field: Value, typed: &str| {
        let path = field["name"].as_str().unwrap().to_owned();
        let screen = screen(name, json!([field]), json!({}));
        let answer = screen.answer(way(&screen, Does::Submit), [(path.as_str(), typed)]);
        answer.map(|answer| body(answer)[&path].clone()).map_err(|error| problems(&error)[0].1.clone())
    };
    let code = || json!({"name": "userCode", "required": true});
    assert_eq!(sent("user-code", code(), " ABCD-WXYZ "), Ok(json!("ABCDWXYZ")));
    let phone = || json!({"name": "phoneNumber", "required": true});
    assert_eq!(sent("enrollment-channel-data", phone(), "+49 170 123 x12"), Ok(json!("+49170123x12")));
    assert_eq!(sent("enrollment-channel-data", phone(), "0170 123"), Err("Start with + and the country code.".into()));
    let email = || json!({"name": "email", "required": true});
    assert_eq!(sent("enrollment-channel-data", email(), "ada@example.com"), Ok(json!("ada@example.com")));
    for wrong in ["ada", "@example.com", "ada@", "a da@example.com"] {
        assert_eq!(
            sent("enrollment-channel-data", email(), wrong),
            Err("This does not look like an email address.".into())
        );
    }
    let number = || json!({"name": "age", "type": "integer"});
    assert_eq!(sent("frobnicate", number(), " 17 "), Ok(json!(17)));
    assert_eq!(sent("frobnicate", number(), "x"), Err("This is not a number.".into()));
    assert_eq!(sent("frobnicate", json!({"name": "trusted", "type": "boolean"}), "true"), Ok(json!(true)));
    assert_eq!(sent("frobnicate", json!({"name": "trusted", "type": "boolean"}), "maybe"), Err("Choose one.".into()));
    let short = || json!({"name": "nick", "minLength": 2, "maxLength": 3});
    assert_eq!(sent("frobnicate", short(), "é"), Err("Too short: 2 or more.".into()));
    assert_eq!(sent("frobnicate", short(), "abcd"), Err("Too long: 3 at most.".into()));
    let list = || json!({"name": "size", "options": [{"label": "S", "value": 1}, {"label": "M", "value": 2}]});
    assert_eq!(sent("frobnicate", list(), "2"), Ok(json!(2)));
    assert_eq!(sent("frobnicate", list(), "3"), Err("Choose one.".into()));
}

#[test]
fn booleans_with_texts_for_options_go_as_booleans() {
    let options = json!([{"label": "display", "value": {"type": "object", "value": {"inputType": "radio",
        "options": [{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}]}}}]);
    let field = json!({"name": "news", "label": "News", "type": "boolean", "required": true, "options": options});
    let fields = json!([{"name": "userProfile", "form": {"value": [field, {"name": "agreed", "type": "boolean", "required": true}]}}]);
    let screen = screen("enroll-profile", fields, json!({}));
    let way = way(&screen, Does::Submit);
    let mut draft = screen.draft();
    let texts: Vec<_> = draft.problems(way).into_iter().map(|check| (check.path, check.text.key)).collect();
    let choose = "check.choice.text";
    assert_eq!(
        texts,
        [("userProfile.news".to_owned(), choose.into()), ("userProfile.agreed".to_owned(), choose.into())]
    );
    draft.set(input(&screen, "userProfile.news"), "false").unwrap();
    draft.set(input(&screen, "userProfile.agreed"), false).unwrap();
    let sent = body(draft.answer(way).unwrap());
    assert_eq!(sent["userProfile"], json!({"news": false, "agreed": false}));
}

fn questions() -> Screen {
    let answer = json!({"name": "answer", "label": "Answer", "required": true});
    let listed = json!([{"label": "Food?", "value": "food"}, {"label": "Pet?", "value": "pet"}]);
    let options = json!([
        {"label": "Listed", "value": {"form": {"value": [{"name": "questionKey", "type": "string", "required": true, "options": listed}, answer]}}},
        {"label": "Own", "value": {"form": {"value": [{"name": "questionKey", "required": true, "value": "custom", "mutable": false},
            {"name": "question", "label": "Your question", "required": true}, answer]}}}]);
    let more = json!({"currentAuthenticator": {"type": "object", "value": {"id": "a", "key": "security_question", "type": "security_question"}}});
    screen(
        "enroll-authenticator",
        json!([{"name": "credentials", "type": "object", "required": true, "options": options}]),
        more,
    )
}

#[test]
fn what_was_typed_for_an_option_that_is_not_chosen_stays_here() {
    let screen = questions();
    let way = way(&screen, Does::Submit);
    let [listed, own] = choice(&screen).options.as_slice() else { panic!("two options") };
    let mut draft = screen.draft();
    assert_eq!(draft.problems(way)[0].text.text, "Choose one.");
    draft.set(&listed.fields[0], "pet").unwrap();
    draft.set(&listed.fields[1], "Rex").unwrap();
    // What was typed says which option is meant, until the person says so.
    assert_eq!(body(draft.answer(way).unwrap())["credentials"], json!({"questionKey": "pet", "answer": "Rex"}));
    draft.choose(own).unwrap();
    assert_eq!(draft.problems(way).len(), 2);
    draft.set(&own.fields[0], "Which?").unwrap();
    draft.set(&own.fields[1], "That").unwrap();
    let expected = json!({"questionKey": "custom", "question": "Which?", "answer": "That"});
    assert_eq!(body(draft.answer(way).unwrap())["credentials"], expected);
    draft.choose(listed).unwrap();
    assert_eq!(body(draft.answer(way).unwrap())["credentials"], json!({"questionKey": "pet", "answer": "Rex"}));
}

#[test]
fn values_by_path_find_their_option() {
    let screen = questions();
    let way = way(&screen, Does::Submit);
    let own = screen.answer(way, [("credentials.question", "Which?"), ("credentials.answer", "That")]).unwrap();
    assert_eq!(body(own)["credentials"]["questionKey"], "custom");
    let listed = screen.answer(way, [("credentials.answer", "Rex"), ("credentials.questionKey", "food")]).unwrap();
    assert_eq!(body(listed)["credentials"], json!({"questionKey": "food", "answer": "Rex"}));
    let node = i64::from(choice(&screen).options[1].node);
    let values = [
        ("credentials", AnswerValue::Integer(node)),
        ("credentials.answer", "A".into()),
        ("credentials.question", "Q".into()),
    ];
    assert_eq!(body(screen.answer(way, values).unwrap())["credentials"]["question"], "Q");
    let error = screen.answer(way, [("credentials.nonsense", TYPED)]).unwrap_err();
    assert_eq!(problems(&error)[0].0, "credentials.nonsense");
    assert!(!format!("{error:?}").contains(TYPED));
    assert!(screen.answer(way, [("credentials", "nothing")]).is_err());
}

#[test]
fn saying_no_sends_the_scopes_as_they_came() {
    let scope = |name: &str, mutable: bool| json!({"name": name, "label": name, "type": "boolean", "value": true, "mutable": mutable});
    let fields = json!([{"name": "consent", "type": "boolean", "required": true, "visible": false},
        {"name": "optedScopes", "type": "object", "form": {"value": [scope("openid", false), scope("a.b", true)]}}]);
    let screen = screen("granular-consent", fields, json!({}));
    let answers: Vec<_> = screen.ways.iter().enumerate().filter(|(_, way)| !way.sets.is_empty()).collect();
    let [(yes, _), (no, _)] = answers.as_slice() else { panic!("two ways: {:?}", screen.ways) };
    let mut draft = screen.draft();
    draft.set(input(&screen, "optedScopes.a.b"), false).unwrap();
    let sent = body(draft.answer(*yes).unwrap());
    assert_eq!((&sent["consent"], &sent["optedScopes"]), (&json!(true), &json!({"openid": true, "a.b": false})));
    let sent = body(draft.answer(*no).unwrap());
    assert_eq!((&sent["consent"], &sent["optedScopes"]), (&json!(false), &json!({"openid": true, "a.b": true})));
}

#[test]
fn staying_signed_in_goes_with_the_button_beside_it() {
    let remember = json!({"name": "rememberMe", "type": "boolean"});
    let forms =
        json!([form("identify", json!([{"name": "identifier"}, remember])), form("launch-authenticator", json!([]))]);
    let screen = Screen::of(&step(forms, json!({})));
    let launch = screen.ways.iter().position(|way| way.remediation.as_deref() == Some("launch-authenticator")).unwrap();
    let mut draft = screen.draft();
    assert_eq!(body(draft.answer(launch).unwrap()), json!({"stateHandle": "02.h"}));
    draft.set(input(&screen, "rememberMe"), true).unwrap();
    assert_eq!(body(draft.answer(launch).unwrap()), json!({"stateHandle": "02.h", "rememberMe": true}));
}

#[test]
fn what_is_of_another_screen_is_refused() {
    let (one, other) = (questions(), new_password(json!({})));
    let mut draft = other.draft();
    assert_eq!(draft.set(input(&one, "credentials.answer"), "x").unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(draft.choose(&choice(&one).options[0]).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(draft.answer(99).unwrap_err().kind(), ErrorKind::NotFound);
    let mut draft = one.draft();
    assert!(draft.confirm(input(&one, "credentials.answer"), "x").is_err());
    assert!(draft.passkey(input(&one, "credentials.answer"), "{}").is_err());
    let idp = json!([{"name": "redirect-idp", "href": "https://a.example/sso", "method": "GET"}]);
    let away = Screen::of(&step(idp, json!({})));
    assert_eq!(away.draft().answer(way(&away, Does::Open)).unwrap_err().kind(), ErrorKind::InvalidState);
}

#[test]
fn members_that_no_form_declares_are_sent_as_they_are() {
    let screen = new_password(json!({}));
    let mut draft = screen.draft();
    let password = input(&screen, "credentials.passcode");
    draft.set(password, TYPED).unwrap();
    draft.confirm(password, TYPED).unwrap();
    draft.extra("reason", "TRIED");
    assert_eq!(body(draft.answer(way(&screen, Does::Submit)).unwrap())["reason"], "TRIED");
}

#[test]
fn a_list_is_sent_when_something_is_picked() {
    let option = |label: &str, id: &str| {
        json!({"label": label, "value": {"form": {"value": [{"name": "id", "required": true, "value": id, "mutable": false},
            {"name": "methodType", "value": "otp", "mutable": false}]}}})
    };
    let fields =
        json!([{"name": "authenticator", "type": "object", "options": [option("One", "aut1"), option("Two", "aut2")]}]);
    let screen = screen("select-authenticator-authenticate", fields, json!({}));
    let way = way(&screen, Does::Choose);
    let mut draft = screen.draft();
    assert_eq!(problems(&draft.answer(way).unwrap_err()), [("authenticator".to_owned(), "Choose one.".to_owned())]);
    draft.choose(&choice(&screen).options[1]).unwrap();
    assert_eq!(body(draft.answer(way).unwrap())["authenticator"], json!({"id": "aut2", "methodType": "otp"}));
}

#[test]
fn what_a_passkey_gives_is_spelled_as_the_server_wants_it_or_refused_without_a_word_of_it() {
    let member = |name: &str| json!({"name": name, "required": true, "visible": false});
    let fields = json!([{"name": "credentials", "type": "object", "required": true,
        "form": {"value": [member("authenticatorData"), member("clientData"), member("signatureData")]}}]);
    let more = json!({"currentAuthenticator": {"type": "object", "value": {"id": "a", "type": "security_key", "key": "webauthn",
        "contextualData": {"challengeData": {"challenge": "AAAA"}}}}});
    let screen = screen("challenge-authenticator", fields, more);
    let (way, input) = (way(&screen, Does::Passkey), input(&screen, "credentials"));
    let mut draft = screen.draft();
    assert_eq!(draft.problems(way).len(), 1);
    draft.passkey(input, r#"{"id":"a","response":{"clientDataJSON":"-_8","secret":"hunter2"}}"#).unwrap();
    let error = draft.answer(way).unwrap_err();
    assert!(error.kind() == ErrorKind::InvalidAnswer && !format!("{error:?}").contains("hunter2"), "{error:?}");
    let given = json!({"response": {"clientDataJSON": "-_8", "authenticatorData": "AAAA", "signature": "AAAA"}});
    draft.passkey(input, given.to_string()).unwrap();
    let expected = json!({"clientData": "+/8=", "authenticatorData": "AAAA", "signatureData": "AAAA"});
    assert_eq!(body(draft.answer(way).unwrap())["credentials"], expected);
}
