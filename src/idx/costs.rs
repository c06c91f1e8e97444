//! What reading costs, counted in looks at the table of a document: whatever a server sends, a pass over everything there is
//! takes a few looks for each value, and none of them is a walk over all the others.

use std::cell::Cell;

use serde_json::{Value, json};

use super::{AuthenticatorState, Step};

thread_local! {
    static LOOKS: Cell<usize> = const { Cell::new(0) };
}

/// Counts one look.
pub(super) fn count() {
    LOOKS.with(|looks| looks.set(looks.get() + 1));
}

/// How many looks it takes for each value of the response.
pub(crate) fn looks<T>(step: &Step, work: impl FnOnce() -> T) -> usize {
    let values = (0..).take_while(|node| step.node(*node).is_some()).count();
    LOOKS.with(|looks| looks.set(0));
    work();
    LOOKS.with(Cell::get) / values
}

fn step(members: Vec<(String, Value)>) -> Step {
    let mut body = json!({"version": "1.0.0"});
    let object = body.as_object_mut().unwrap();
    object.extend(members);
    Step::read(body.to_string().as_bytes()).unwrap()
}

fn many<T>(count: usize, make: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(make).collect()
}

fn form(name: &str, field: Value) -> Value {
    json!({"value": [{"name": name, "href": "https://a.example/x", "value": [field]}]})
}

/// The least of a few looks that a value is worth when everything is asked of everything.
const A_FEW: usize = 60;

#[test]
fn each_of_30_000_authenticators_beside_40_000_members_knows_its_state() {
    let mut members = many(40_000, |n| (format!("x{n}"), json!(0)));
    members.push(("authenticators".into(), json!({"value": many(30_000, |n| json!({"id": n}))})));
    let step = step(members);
    let cost = looks(&step, || {
        let all = step.authenticators();
        assert_eq!(all.len(), 30_000);
        assert!(all.iter().all(|one| one.state() == AuthenticatorState::Available));
        assert!(all.iter().all(|one| step.authenticator_at(one.node()) == Some(*one)));
        for _ in 0..30_000 {
            assert!(step.current_authenticator().is_none() && step.member("no").is_none());
        }
    });
    assert!(cost < A_FEW, "{cost}");
}

#[test]
fn ten_thousand_pointers_among_60_000_members_are_followed() {
    let mut members = many(60_000, |n| (format!("x{n}"), json!(0)));
    members.push(("authenticatorEnrollments".into(), json!({"value": [{"id": "e"}]})));
    let options = many(10_000, |_| json!({"label": "x", "relatesTo": "$.authenticatorEnrollments.value[0]"}));
    members.push(("remediation".into(), form("select", json!({"name": "authenticator", "options": options}))));
    let step = step(members);
    let cost = looks(&step, || {
        let form = step.remediation("select").unwrap();
        let options = form.fields().flat_map(|field| field.options().collect::<Vec<_>>());
        assert!(options.into_iter().all(|option| option.authenticators().count() == 1));
        assert_eq!(form.authenticators().len(), 1);
    });
    assert!(cost < A_FEW, "{cost}");
}

#[test]
fn pointers_into_a_large_object_and_at_the_end_of_a_long_list_are_followed() {
    let mut large: serde_json::Map<String, Value> = many(30_000, |n| (format!("x{n}"), json!(0))).into_iter().collect();
    large.insert("id".into(), "aut1".into());
    let list = many(20_001, |n| if n == 20_000 { json!(large) } else { json!(n) });
    let options = many(5_000, |_| json!({"relatesTo": "$.list.value[20000]", "value": "x"}));
    let step = step(vec![
        ("list".into(), json!({"type": "array", "value": list})),
        ("remediation".into(), form("select", json!({"name": "authenticator", "options": options}))),
    ]);
    let cost = looks(&step, || {
        let field = step.remediation("select").unwrap().fields().next().unwrap();
        let ids = field.options().filter_map(|option| Some(option.authenticators().next()?.id()?.into_owned()));
        assert!(ids.eq(many(5_000, |_| "aut1".to_owned())));
        assert!(step.unresolved().is_empty());
    });
    assert!(cost < A_FEW, "{cost}");
}

#[test]
fn every_option_is_found_by_its_number_and_the_last_of_25_000_is_chosen() {
    let nested = |n| json!({"form": [{"name": "id", "value": n, "mutable": false}]});
    for (options, body) in [
        (many(25_000, |n| json!({"value": n})), r#"{"authenticator":24999}"#),
        (many(15_000, nested), r#"{"authenticator":{"id":14999}}"#),
    ] {
        let field = json!({"name": "authenticator", "options": options});
        let step = step(vec![("remediation".into(), form("select", field))]);
        let cost = looks(&step, || {
            let form = step.remediation("select").unwrap();
            let field = form.fields().next().unwrap();
            let options: Vec<_> = field.options().map(|option| option.json().node()).collect();
            for (index, node) in options.iter().enumerate() {
                assert_eq!(step.option_at(*node).unwrap().index(), index);
            }
            let mut answer = form.answer().unwrap();
            answer.choose_at(*options.last().unwrap()).unwrap();
            assert_eq!(answer.body().unwrap().as_slice(), body.as_bytes());
        });
        assert!(cost < A_FEW, "{cost}");
    }
}

#[test]
fn as_many_fields_as_there_may_be_are_filled_by_number_and_sent() {
    let fields = many(4_000, |n| json!({"name": format!("f{n}")}));
    let nested = json!({"name": "profile", "form": {"value": fields}});
    let step = step(vec![("remediation".into(), form("enroll-profile", nested))]);
    let cost = looks(&step, || {
        let form = step.remediation("enroll-profile").unwrap();
        let nodes: Vec<_> = form.all_fields().iter().skip(1).map(|field| field.json().node()).collect();
        let mut answer = form.answer().unwrap();
        nodes.iter().for_each(|node| answer.put_at(*node, "x").unwrap());
        assert_eq!(answer.body().unwrap().iter().filter(|byte| **byte == b'x').count(), 4_000);
    });
    assert!(cost < A_FEW, "{cost}");
}

#[test]
fn messages_are_collected_once() {
    let messages = json!({"value": many(20_000, |n| json!({"message": n, "class": "ERROR"}))});
    let step = step(vec![("messages".into(), messages)]);
    let cost = looks(&step, || {
        let all = step.messages();
        assert!(all.iter().all(|message| step.message_at(message.json().node()).is_some()));
    });
    assert!(cost < A_FEW, "{cost}");
}
