//! The rules of an answer, one by one (idx.md section 4.5): what goes into the body, what is refused, and with which path.

use interaction_code::{
    Error, ErrorKind, Secret, Sent,
    idx::{Answer, AnswerValue, Step},
};
use serde_json::{Value, json};

use super::compose::{self, HANDLE, composed, form, step_of};

fn one(name: &str, fields: Vec<Value>) -> Step {
    step_of(json!([form(name, fields)]))
}

fn answer(step: &Step) -> Answer {
    step.remediations().next().expect("a remediation").answer().expect("a form")
}

fn raw(answer: &Answer) -> String {
    String::from_utf8(answer.body().unwrap_or_else(|error| panic!("{error}")).to_vec()).unwrap()
}

/// The body without the form's own `stateHandle`, which must be there.
fn body(answer: &Answer) -> Value {
    let mut value: Value = serde_json::from_str(&raw(answer)).unwrap();
    assert_eq!(value.as_object_mut().unwrap().remove("stateHandle"), Some(json!(HANDLE)));
    value
}

fn paths(answer: &Answer) -> Vec<String> {
    let error = answer.body().map(drop).expect_err("there must be problems");
    assert_eq!((error.kind(), error.sent()), (ErrorKind::InvalidAnswer, Sent::No));
    assert_eq!(error.problems(), answer.problems());
    let mut paths: Vec<_> = error.problems().iter().map(|problem| problem.path.clone()).collect();
    paths.sort();
    paths
}

fn refused(result: Result<Answer, Error>) -> String {
    let error = result.map(drop).expect_err("it must be refused");
    assert_eq!((error.kind(), error.sent()), (ErrorKind::InvalidAnswer, Sent::No), "{error}");
    assert_eq!(error.problems().len(), 1);
    error.problems()[0].path.clone()
}

#[test]
fn names_with_dots_are_found_and_never_split() {
    let step = Step::read(composed(4).to_string().as_bytes()).unwrap();
    let given = || answer(&step).set("userProfile.firstName", "Ada").unwrap();
    for path in [
        given().set("optedScopes.custom1.custom2", true),
        given().set(["optedScopes", "custom1.custom2"], true),
        given().set("optedScopes", json!({"custom1.custom2": true})),
    ] {
        let body = body(&path.unwrap());
        assert_eq!(body["optedScopes"], json!({"custom1.custom2": true, "openid": true}));
    }
    // Nothing chosen: the presets stand, the fixed one with them.
    assert_eq!(body(&given())["optedScopes"], json!({"custom1.custom2": false, "openid": true}));
    refused(given().set(["optedScopes", "custom1", "custom2"], true));
    refused(given().set("optedScopes.openid", false));
    refused(given().set("optedScopes", json!({"openid": false})));
}

#[test]
fn of_several_readings_the_one_that_exists_is_taken() {
    let step = one(
        "x",
        vec![
            json!({"name": "a", "form": {"value": [{"name": "b.c"}, {"name": "b", "form": {"value": [{"name": "d"}]}}]}}),
            json!({"name": "a.b", "form": {"value": [{"name": "c"}]}}),
        ],
    );
    assert_eq!(body(&answer(&step).set("a.b.d", "1").unwrap()), json!({"a": {"b": {"d": "1"}}}));
    assert_eq!(body(&answer(&step).set("a.b.c", "1").unwrap()), json!({"a.b": {"c": "1"}}));
    assert_eq!(body(&answer(&step).set(["a", "b.c"], "1").unwrap()), json!({"a": {"b.c": "1"}}));
    refused(answer(&step).set("a.b.e", "1"));
    refused(answer(&step).set("", "1"));
}

#[test]
fn equal_ids_are_told_apart_by_the_enrolment() {
    let step = Step::read(composed(1).to_string().as_bytes()).unwrap();
    let second = json!({"authenticator": {"id": "autPhone", "methodType": "sms", "enrollmentId": "sms2"}});
    let ways = [
        answer(&step).set("authenticator.enrollmentId", "sms2"),
        answer(&step).set("authenticator", "sms2"),
        answer(&step).set("authenticator", json!({"id": "autPhone", "enrollmentId": "sms2"})),
        answer(&step).select_authenticator("authenticator", "sms2"),
        answer(&step).select_authenticator("authenticator", "phone_number"),
        answer(&step)
            .select(&step.remediations().next().unwrap().field("authenticator").unwrap().options().nth(1).unwrap()),
    ];
    for way in ways {
        assert_eq!(body(&way.unwrap()), second);
    }
    // The id alone fits two options, and says so.
    assert_eq!(paths(&answer(&step).set("authenticator.id", "autPhone").unwrap()), ["authenticator"]);
    refused(answer(&step).select_authenticator("authenticator", "autPhone"));
    refused(answer(&step).select_authenticator("authenticator", "autNobody"));
    // A method decides between the two as well: only the first can be called.
    let voice =
        answer(&step).set("authenticator.methodType", "voice").unwrap().set("authenticator.enrollmentId", "sms1");
    assert_eq!(body(&voice.unwrap())["authenticator"]["methodType"], "voice");
    // An option whose authenticator is not in the response can be chosen all the same.
    let gone = answer(&step).set("authenticator.id", "autGone").unwrap();
    assert_eq!(body(&gone), json!({"authenticator": {"id": "autGone"}}));
    // No choice is pointless although nothing is flagged as required.
    assert_eq!(paths(&answer(&step)), ["authenticator"]);
}

#[test]
fn an_option_of_another_step_is_refused() {
    let mine = Step::read(composed(1).to_string().as_bytes()).unwrap();
    let other = Step::read(composed(1).to_string().as_bytes()).unwrap();
    let foreign = other.remediations().next().unwrap().field("authenticator").unwrap().options().next().unwrap();
    assert_eq!(refused(answer(&mine).select(&foreign)), "authenticator");
}

#[test]
fn fields_of_one_name_are_merged() {
    let step = Step::read(composed(4).to_string().as_bytes()).unwrap();
    let given = answer(&step)
        .set("userProfile.firstName", "Ada")
        .unwrap()
        .set("userProfile.country", "AT")
        .unwrap()
        .set("userProfile.age", 36)
        .unwrap()
        .set("userProfile.weight", json!(61.5))
        .unwrap();
    let expected = json!({"firstName": "Ada", "country": "AT", "age": 36, "weight": 61.5});
    assert_eq!(body(&given)["userProfile"], expected);
    assert_eq!(paths(&answer(&step)), ["userProfile.firstName"]);
}

#[test]
fn what_the_server_fixed_goes_back_byte_for_byte() {
    let text = r#"{"version":"1.0.0","stateHandle":"02.id.top","remediation":{"value":[{"name":"x","href":"https://a.example/x",
        "value":[{"name":"number","value":1e2,"mutable":false},
        {"name":"escaped","value":"\u0041\/\ud83d\ude00","mutable":false},
        {"name":"object","value":{ "b" : [1.0, -0.0,  1E+2], "a":null, "a":1 },"mutable":false},
        {"name":"outer","form":{"value":[{"name":"inner","value":1.10,"mutable":false},{"name":"free","value":12345678901234567890}]}},
        {"name":"handle","value":"","mutable":false},
        {"name":"stateHandle","value":"02.id.form"}]}]}}"#;
    let step = Step::read(text.as_bytes()).unwrap();
    let expected = r#"{"number":1e2,"escaped":"\u0041\/\ud83d\ude00","object":{ "b" : [1.0, -0.0,  1E+2], "a":null, "a":1 },"outer":{"inner":1.10,"free":12345678901234567890},"handle":"","stateHandle":"02.id.form"}"#;
    assert_eq!(raw(&answer(&step)), expected);
    for fixed in ["number", "object", "outer.inner", "handle", "stateHandle"] {
        assert_eq!(refused(answer(&step).set(fixed, "evil")), fixed);
    }
}

#[test]
fn a_form_without_a_handle_gets_the_one_at_the_top() {
    let with = |field: Value| {
        let form = json!({"name": "x", "href": "https://a.example/x", "value": [field]});
        Step::read(compose::response(json!([form])).to_string().as_bytes()).unwrap()
    };
    for field in [
        json!({"name": "a"}),
        json!({"name": "stateHandle", "visible": false}),
        json!({"name": "stateHandle", "required": true}),
        json!({"name": "stateHandle", "value": null, "required": true, "mutable": false}),
    ] {
        let step = with(field.clone());
        assert_eq!(raw(&answer(&step)), r#"{"stateHandle":"02.id.top"}"#, "{field}");
        assert_eq!(refused(answer(&step).set("stateHandle", "evil")), "stateHandle", "{field}");
        assert_eq!(refused(answer(&step).extra("stateHandle", "evil")), "stateHandle", "{field}");
    }
    // Nowhere a handle: nothing is made up.
    let none = Step::read(br#"{"version":"1","remediation":{"value":[{"name":"x","href":"https://a.example/x"}]}}"#);
    assert_eq!(raw(&answer(&none.unwrap())), "{}");
}

#[test]
fn undeclared_members_are_added_and_override_nothing() {
    let step = one(
        "cancel-polling",
        vec![
            json!({"name": "fixed", "value": "f", "mutable": false}),
            json!({"name": "free"}),
            json!({"name": "nested", "required": true, "form": {"value": [{"name": "id", "value": "n", "mutable": false}]}}),
        ],
    );
    let given = answer(&step)
        .extra("reason", "OV_UNREACHABLE_BY_LOOPBACK")
        .unwrap()
        .extra("statusCode", AnswerValue::Json(Secret::from("null")))
        .unwrap()
        .extra("nested.more", 7)
        .unwrap()
        .extra(["dotted.name", "inner"], true)
        .unwrap();
    let expected = json!({"fixed": "f", "reason": "OV_UNREACHABLE_BY_LOOPBACK", "statusCode": null,
        "nested": {"id": "n", "more": 7}, "dotted.name": {"inner": true}});
    assert_eq!(body(&given), expected);
    for declared in ["stateHandle", "free", "nested", "nested.id", "fixed"] {
        let mut tried = answer(&step);
        let path = match tried.put_extra(declared, "evil") {
            Err(error) => error.problems()[0].path.clone(),
            Ok(()) => paths(&tried).remove(0),
        };
        assert_eq!(path, declared);
    }
    let deep = answer(&step).extra(["fixed", "deep"], "evil").unwrap();
    assert!(paths(&deep)[0].starts_with("fixed"));
    let handle = answer(&step).extra(["stateHandle", "deep"], "evil");
    assert!(handle.is_err() || !handle.unwrap().problems().is_empty());
}

/// A value that is given as JSON text is one JSON value, or a problem: it cannot bring members of its own along.
#[test]
fn json_text_cannot_break_out_of_its_place() {
    let step = one(
        "x",
        vec![
            json!({"name": "object", "type": "object"}),
            json!({"name": "number", "type": "number"}),
            json!({"name": "other", "type": "set"}),
        ],
    );
    let texts = [
        r#"{}, "stateHandle": "evil""#,
        r#"1, "stateHandle": "evil""#,
        r#"{}{}"#,
        "{",
        "NaN",
        "inf",
        "+1",
        ".5",
        "01",
        "",
        "'x'",
    ];
    for text in texts {
        for field in ["object", "number", "other"] {
            let given = answer(&step).set(field, AnswerValue::Json(Secret::from(text)));
            assert!(given.is_err() || paths(&given.unwrap()) == [field], "{field}: {text}");
        }
        let extra = answer(&step).extra("extra", AnswerValue::Json(Secret::from(text)));
        assert!(extra.is_err() || paths(&extra.unwrap()) == ["extra"], "extra: {text}");
    }
}

#[test]
fn everything_wrong_is_listed_with_its_path() {
    let step = one(
        "identify",
        vec![
            json!({"name": "identifier", "required": true}),
            json!({"name": "short", "minLength": 4}),
            json!({"name": "long", "maxLength": "3"}),
            json!({"name": "flag", "type": "boolean"}),
            json!({"name": "age", "type": "integer"}),
            json!({"name": "weight", "type": "number"}),
            json!({"name": "color", "options": [{"label": "Red", "value": "red"}, {"label": "One", "value": 1}]}),
            json!({"name": "credentials", "required": true, "form": {"value": [
            {"name": "passcode", "secret": true}, {"name": "note", "required": false}, {"name": "hidden", "visible": false}]}}),
            json!({"name": "captchaVerify", "form": {"value": [{"name": "captchaToken", "required": true}]}}),
        ],
    );
    let bad = answer(&step)
        .set("short", "abc")
        .unwrap()
        .set("long", "äöüß")
        .unwrap()
        .set("flag", "true")
        .unwrap()
        .set("age", "7")
        .unwrap()
        .set("weight", "7")
        .unwrap()
        .set("color", "blue")
        .unwrap();
    let all = [
        "age",
        "captchaVerify.captchaToken",
        "color",
        "credentials.passcode",
        "flag",
        "identifier",
        "long",
        "short",
        "weight",
    ];
    assert_eq!(paths(&bad), all);
    for problem in bad.problems() {
        assert!(
            !problem.what.is_empty() && !problem.what.contains("äöüß") && !problem.what.contains("abc"),
            "{problem}"
        );
    }
    let good = answer(&step)
        .set("identifier", "ada")
        .unwrap()
        .set("short", "äöüß")
        .unwrap()
        .set("long", "")
        .unwrap()
        .set("flag", true)
        .unwrap()
        .set("age", 7)
        .unwrap()
        .set("weight", json!(7.5))
        .unwrap()
        .set("color", 1)
        .unwrap()
        .set("credentials.passcode", "p")
        .unwrap()
        .set("captchaVerify", json!({"captchaToken": "t"}))
        .unwrap();
    // The optional empty text is left out.
    let expected = json!({"identifier": "ada", "short": "äöüß", "flag": true, "age": 7, "weight": 7.5, "color": 1,
        "credentials": {"passcode": "p"}, "captchaVerify": {"captchaToken": "t"}});
    assert_eq!(body(&good), expected);
    assert_eq!(paths(&good.clone().set("identifier", "").unwrap()), ["identifier"]);
    assert_eq!(paths(&good.clone().set("credentials", "p").unwrap()), ["credentials"]);
    for unknown in ["nobody", "credentials.nobody", "identifier.x", "Identifier", "credentials."] {
        assert_eq!(refused(good.clone().set(unknown, "x")), unknown);
        // And the answer is as it was.
        assert_eq!(body(&good), expected);
    }
    let half = good.clone().set("credentials", json!({"passcode": "new", "nobody": 1}));
    assert_eq!(refused(half), "credentials.nobody");
    let mut kept = good.clone();
    assert!(kept.put("credentials", json!({"passcode": "new", "nobody": 1})).is_err());
    assert_eq!(body(&kept), expected);
}

#[test]
fn options_take_their_own_values_and_hints_theirs() {
    let step = Step::read(composed(4).to_string().as_bytes()).unwrap();
    let form = step.remediations().next().unwrap();
    let country = form.field("userProfile.country").unwrap();
    assert_eq!(country.input_type().as_deref(), Some("select"));
    assert_eq!(country.choices().len(), 2);
    let given = || answer(&step).set("userProfile.firstName", "Ada").unwrap();
    assert_eq!(body(&given().set("userProfile.country", "BR").unwrap())["userProfile"]["country"], "BR");
    assert_eq!(paths(&given().set("userProfile.country", "XX").unwrap()), ["userProfile.country"]);

    let news = form.field("userProfile.news").unwrap().options().next().unwrap();
    assert_eq!(body(&given().select(&news).unwrap())["userProfile"]["news"], true);
    assert_eq!(body(&given().set("userProfile.news", true).unwrap())["userProfile"]["news"], true);

    // Booleans with options that are texts: the value of the option is what the server takes.
    let step = one(
        "x",
        vec![json!({"name": "b", "type": "boolean", "options": [
        {"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}]})],
    );
    let yes = step.remediations().next().unwrap().field("b").unwrap().options().next().unwrap();
    assert_eq!(body(&answer(&step).select(&yes).unwrap()), json!({"b": "true"}));
    assert_eq!(body(&answer(&step).set("b", "false").unwrap()), json!({"b": "false"}));
    assert_eq!(paths(&answer(&step).set("b", "maybe").unwrap()), ["b"]);
}

#[test]
fn the_fields_of_the_option_that_was_chosen_go_and_no_other() {
    let step = Step::read(composed(3).to_string().as_bytes()).unwrap();
    let own = json!({"questionKey": "custom", "question": "Where?", "answer": "Lisboa"});
    assert_eq!(body(&answer(&step).set("credentials", own.clone()).unwrap()), json!({"credentials": own}));
    let half = answer(&step).set("credentials", json!({"questionKey": "custom", "answer": "Lisboa"})).unwrap();
    assert_eq!(paths(&half), ["credentials.question"]);
    let food = answer(&step).set("credentials", json!({"questionKey": "food", "answer": "soup"})).unwrap();
    assert_eq!(body(&food), json!({"credentials": {"questionKey": "food", "answer": "soup"}}));
    assert_eq!(paths(&answer(&step)), ["credentials"]);
    let short = answer(&step).set("credentials.questionKey", "food").unwrap().set("credentials.answer", "a").unwrap();
    assert_eq!(paths(&short), ["credentials.answer"]);
    let bad = answer(&step).set("credentials.questionKey", "nope").unwrap().set("credentials.answer", "abcd").unwrap();
    assert!(!bad.problems().is_empty());
    // A member of another option is a problem, not lost.
    let step = one(
        "x",
        vec![json!({"name": "authenticator", "options": [
        {"value": {"form": {"value": [{"name": "id", "value": "a", "mutable": false}, {"name": "phoneNumber"}]}}},
        {"value": {"form": {"value": [{"name": "id", "value": "b", "mutable": false}]}}}]})],
    );
    let mixed = answer(&step).set("authenticator", "b").unwrap().set("authenticator.phoneNumber", "+1").unwrap();
    assert_eq!(paths(&mixed), ["authenticator.phoneNumber"]);
    // The only option of a required field needs no choice.
    let step = one(
        "x",
        vec![json!({"name": "authenticator", "required": true, "options": [
        {"value": {"form": {"value": [{"name": "id", "value": "a", "mutable": false}]}}}]})],
    );
    assert_eq!(body(&answer(&step)), json!({"authenticator": {"id": "a"}}));
}

#[test]
fn what_is_optional_can_be_left_out() {
    let option = json!({"label": "Mail", "value": {"form": {"value": [
        {"name": "id", "value": "aut1", "required": true, "mutable": false},
        {"name": "methodType", "value": "email", "required": false, "mutable": false}]}}});
    let step = one(
        "select-authenticator-authenticate",
        vec![
            json!({"name": "authenticator", "type": "object", "required": true, "options": [option]}),
            json!({"name": "rememberMe", "type": "boolean", "value": true}),
            json!({"name": "nested", "form": {"value": [{"name": "fixed", "value": 1, "mutable": false}]}}),
        ],
    );
    let whole =
        json!({"authenticator": {"id": "aut1", "methodType": "email"}, "rememberMe": true, "nested": {"fixed": 1}});
    assert_eq!(body(&answer(&step)), whole);
    let less = answer(&step).leave_out("authenticator.methodType").unwrap().leave_out("rememberMe").unwrap();
    let less = less.leave_out(["nested", "fixed"]).unwrap();
    assert_eq!(body(&less), json!({"authenticator": {"id": "aut1"}}));
    // What is set later goes, and what was chosen stays chosen.
    assert_eq!(body(&less.set("rememberMe", false).unwrap())["rememberMe"], json!(false));
    let chosen = answer(&step).set("authenticator.id", "aut1").unwrap().leave_out("authenticator.methodType").unwrap();
    assert_eq!(body(&chosen)["authenticator"], json!({"id": "aut1"}));
    for path in ["authenticator.id", "authenticator", "stateHandle", "nowhere"] {
        assert_eq!(refused(answer(&step).leave_out(path)), path);
    }
}

#[test]
fn a_required_choice_that_leaves_none_is_made() {
    let choice = |kind: &str, options: Value, required: bool| {
        one("x", vec![json!({"name": "a", "type": kind, "required": required, "options": options})])
    };
    assert_eq!(body(&answer(&choice("string", json!([{"value": "sms"}]), true))), json!({"a": "sms"}));
    assert_eq!(body(&answer(&choice("string", json!([{"value": "sms"}]), false))), json!({}));
    assert_eq!(paths(&answer(&choice("string", json!([{"value": "sms"}, {"value": "voice"}]), true))), ["a"]);
    // A yes is the person's.
    assert_eq!(paths(&answer(&choice("boolean", json!([{"value": true}]), true))), ["a"]);
    let form = json!([{"value": {"form": {"value": [{"name": "id", "value": "aut1", "mutable": false}]}}}]);
    let step = one("select-authenticator-enroll", vec![json!({"name": "authenticator", "options": form})]);
    assert_eq!(body(&answer(&step)), json!({"authenticator": {"id": "aut1"}}), "without the flag, too");
}
