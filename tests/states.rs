//! Every state of the flow machine with every event, against one written table; then what the driver makes of it through
//! the public API: saved flows (`states/snapshots.rs`), waiting (`states/waiting.rs`), whole runs (`states/running.rs`).
//!
//! On every error the machine is where it was: same phase, same step, same form. Every request it wants sent is looked
//! at: address, headers, body.

#[path = "states/build.rs"]
mod build;
#[path = "hostile_json/compose.rs"]
#[allow(dead_code)]
mod compose;
#[path = "states/ends.rs"]
mod ends;
#[path = "states/fake.rs"]
mod fake;
#[path = "states/redeeming.rs"]
mod redeeming;
#[path = "states/redemption.rs"]
mod redemption;
#[path = "states/running.rs"]
mod running;
#[path = "states/snapshots.rs"]
mod snapshots;
#[path = "states/waiting.rs"]
mod waiting;

use build::{config, event_named, state_named};
use interaction_code::{
    ClientAuthentication, Error, ErrorKind, Sent,
    flow::{Effect, Phase, Redemption, State, transition},
    http,
};
use serde_json::{Value, json};

/// The events of the first table, in the order of its columns.
const EVENTS: [&str; 24] = [
    "start",
    "submit",
    "submit, incomplete",
    "submit, another step's",
    "submit, elsewhere",
    "poll",
    "resend",
    "send",
    "recover",
    "skip",
    "cancel",
    "refresh",
    "restart",
    "redeem",
    "callback: code",
    "callback: required",
    "callback: otp",
    "callback: error",
    "callback: other state",
    "verified",
    "not verified",
    "failed, not sent",
    "failed, maybe sent",
    "step",
];

/// What each state makes of each event, one letter a cell:
///
/// | cell | meaning |
/// |---|---|
/// | `.` | refused: invalid_state |
/// | `a` `n` `o` `c` `x` | refused: invalid_answer, not_found, foreign_origin, invalid_callback, expired |
/// | `e` | fails: oauth, and stays, where no callback is believed any more |
/// | `I` `X` `S` `P` `T` | sends interact, introspect, a form, a poll, the token request |
/// | `=` | stays as it is |
/// | `b` | goes back to where it was before the request |
/// | `s` `f` `p` | is succeeded, finished, spent now |
/// | `O` | stays, and hands the code of a mail over |
/// | `+` | a reply: the second table |
#[rustfmt::skip]
const TABLE: &[(&str, &str)] = &[
    //              start, submit x4, actions x6, refresh, restart, redeem, callback x5, verified x2, failed x2, reply
    ("new",         "I .... ...... . . . ..... .. .. ."),
    ("active",      ". Saao PSSSSS X I . sXOec .. .. ."),
    ("terminal",    ". aaaa nnnnnn X I . sXOec .. .. ."),
    ("refused",     ". Saao PSSSSS X I . sXOec .. .. ."),
    ("succeeded",   ". .... ...... X I T ..... .. .. ."),
    ("code only",   ". .... ...... X I T ..... .. .. ."),
    ("redeemed",    ". .... ...... . I = ..... fp .. ."),
    ("spent",       ". .... ...... X I x ..... .. .. ."),
    ("spent, lost", ". .... ...... . I x ..... .. .. ."),
    ("finished",    ". .... ...... . I . ..... .. .. ."),
    ("starting",    ". .... ...... . . . ..... .. bb +"),
    ("restarting",  ". .... ...... . . . ..... .. bb +"),
    ("first look",  ". .... ...... . . . ..... .. bb +"),
    ("refreshing",  ". .... ...... . . . ..... .. bb +"),
    ("answering",   ". .... ...... . . . ..... .. bb +"),
    ("polling",     ". .... ...... . . . ..... .. bb +"),
    ("redeeming",   ". .... ...... . . . ..... .. bp +"),
];

/// The replies of the second table, in the order of its rows, and what each request makes of them. Columns: interact,
/// introspect, an answer, a poll, the token request. An error goes back to where the flow was, but for a code, which is
/// spent whatever the error.
///
/// | cell | meaning |
/// |---|---|
/// | `X` | sends introspect |
/// | `A` `F` `Y` `R` | active; active with the form before kept; succeeded; redeemed |
/// | `o` `i` `l` `h` `p` `L` `g` | fails: oauth, api, rate_limited, http, protocol, limit_exceeded, foreign_origin |
#[rustfmt::skip]
const REPLIES: &[(&str, &str)] = &[
    ("handle",                "X p p p p"),
    ("step",                  "p A A A p"),
    ("step, 400",             "h A A A h"),
    ("refusal, 403",          "h A F F h"),
    ("refusal, 200",          "p A A A p"),
    ("expired, 401",          "h A A A h"),
    ("success",               "p Y Y Y p"),
    ("success, other client", "p p p p p"),
    ("success, other grant",  "p p p p p"),
    ("success, no code",      "p p p p p"),
    ("success, elsewhere",    "p g g g p"),
    ("oauth error",           "o o o o o"),
    ("api error",             "i i i i i"),
    ("429, form",             "l A A l l"),
    ("429, no form",          "l l l l l"),
    ("429, api error",        "l l l l l"),
    ("too many, form",        "p A A l p"),
    ("503, no form",          "h h h h h"),
    ("500, form",             "h A A A h"),
    ("html",                  "h h h h h"),
    ("empty",                 "h h h h h"),
    ("redirect",              "h h h h h"),
    ("redirect, step",        "h h h h h"),
    ("3 MB",                  "p L L L p"), // the OAuth answers are kept short by the transport (Request::max_body)
    ("other json",            "p p p p p"),
    ("half json",             "p p p p p"),
    ("tokens",                "p p p p R"),
];

/// What a person would see of a state: if this is the same, the flow is where it was.
#[derive(Debug, PartialEq)]
struct Seen {
    phase: &'static str,
    step: Option<String>,
    form: Option<String>,
    status: Option<u16>,
    secrets: [String; 3],
}

fn seen(state: &State) -> Seen {
    let it = &state.transaction;
    let secrets = [&it.state, &it.nonce, it.pkce.verifier()].map(|secret| secret.expose().to_owned());
    Seen {
        phase: state.phase.as_str(),
        step: state.step().map(|step| step.raw().to_owned()),
        form: state.form().map(|step| step.raw().to_owned()),
        status: state.step().map(|step| step.http_status()),
        secrets,
    }
}

fn back_of(state: &State) -> State {
    match &state.phase {
        Phase::Waiting { back, .. } => (**back).clone(),
        Phase::Complete { handle, step, redemption: Redemption::Sent(grant) } => {
            let redemption = Redemption::Ready(grant.clone());
            let phase = Phase::Complete { handle: handle.clone(), step: step.clone(), redemption };
            State { transaction: state.transaction.clone(), phase }
        }
        _ => state.clone(),
    }
}

fn sent(effect: Effect, what: &str) -> http::Request {
    match effect {
        Effect::Send(request) => *request,
        Effect::Post(form) => ClientAuthentication::None.request(&config().issuer, &config().client_id, &form),
        other => panic!("{what}: nothing is sent: {other:?}"),
    }
}

#[test]
fn every_state_takes_every_event_as_the_table_says() {
    let mut pairs = 0;
    for (name, row) in TABLE {
        let cells: Vec<char> = row.chars().filter(|cell| *cell != ' ').collect();
        assert_eq!(cells.len(), EVENTS.len(), "{name}");
        for (event, cell) in EVENTS.iter().zip(cells) {
            pairs += 1;
            let state = state_named(name);
            let what = format!("{name} + {event}");
            let before = seen(&state);
            let result = transition(&config(), &state, event_named(event, &state));
            assert_eq!(seen(&state), before, "{what}: the state itself never changes");
            check(&what, cell, &state, result);
        }
    }
    assert_eq!(pairs, 17 * 24);
}

fn check(what: &str, cell: char, state: &State, result: Result<(State, Effect), Error>) {
    let refused = |kind: ErrorKind, result: Result<(State, Effect), Error>| {
        let error = result.map(|(next, effect)| format!("{next:?} {effect:?}")).expect_err(what);
        assert_eq!((error.kind(), error.sent()), (kind, Sent::No), "{what}: {error}");
        assert!(!error.advice().is_empty() || kind == ErrorKind::InvalidCallback, "{what}: {error}");
        assert!(!error.to_string().contains("hunter2"), "{what}");
    };
    match cell {
        '.' => refused(ErrorKind::InvalidState, result),
        'a' => refused(ErrorKind::InvalidAnswer, result),
        'n' => refused(ErrorKind::NotFound, result),
        'x' => refused(ErrorKind::Expired, result),
        'o' => refused(ErrorKind::ForeignOrigin, result),
        'c' => refused(ErrorKind::InvalidCallback, result),
        'e' => {
            let (next, effect) = result.expect(what);
            let Effect::Fail(error) = effect else { panic!("{what}: {effect:?}") };
            assert_eq!((error.kind(), error.sent()), (ErrorKind::OAuth, Sent::No), "{what}: {error}");
            assert_eq!(seen(&next), seen(state), "{what}");
            for event in ["callback: code", "callback: required", "callback: otp", "callback: error"] {
                let error = transition(&config(), &next, event_named(event, &next)).expect_err(what);
                assert_eq!((error.kind(), error.rule()), (ErrorKind::InvalidCallback, Some("state")), "{what}");
            }
        }
        'I' | 'X' | 'S' | 'P' | 'T' => {
            let (next, effect) = result.expect(what);
            assert_eq!(next.phase.as_str(), "waiting", "{what}");
            // While it waits, the person still sees the step; and a failure leads back here.
            assert_eq!(seen(&back_of(&next)), seen(state), "{what}");
            request(what, cell, &next, &sent(effect, what));
        }
        '=' | 's' | 'f' | 'p' | 'b' | 'O' => {
            let (next, effect) = result.expect(what);
            match (cell, effect) {
                ('O', Effect::Otp(code)) => assert_eq!(code.expose(), "123456"),
                ('O', other) => panic!("{what}: {other:?}"),
                (_, Effect::Rest) => {}
                (_, other) => panic!("{what}: {other:?}"),
            }
            match cell {
                's' => assert_eq!((next.phase.as_str(), next.step().is_none()), ("succeeded", true), "{what}"),
                'f' => assert_eq!(next.phase.as_str(), "finished", "{what}"),
                'p' => assert_eq!(next.phase.as_str(), "spent", "{what}"),
                'b' => assert_eq!(seen(&next), seen(&back_of(state)), "{what}"),
                _ => assert_eq!(seen(&next), seen(state), "{what}"),
            }
        }
        '+' => assert!(result.is_ok(), "{what}"),
        other => panic!("no cell {other}"),
    }
}

/// The requests themselves: where, how, what.
fn request(what: &str, cell: char, next: &State, request: &http::Request) {
    let form = "application/x-www-form-urlencoded";
    let ion = "application/ion+json; okta-version=1.0.0";
    let json_type = "application/json; okta-version=1.0.0";
    let transaction = &next.transaction;
    let (url, content_type, accept) = match cell {
        'I' => ("https://a.example/oauth2/default/v1/interact", form, "application/json"),
        'T' => ("https://a.example/oauth2/default/v1/token", form, "application/json"),
        'X' => ("https://a.example/idp/idx/introspect", ion, ion),
        _ => ("https://a.example/idp/idx/x", json_type, ion),
    };
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", url), "{what}");
    assert_eq!(request.header_value("Content-Type"), Some(content_type), "{what}");
    assert_eq!(request.header_value("Accept"), Some(accept), "{what}");
    let pairs = || -> Vec<(String, String)> { url::form_urlencoded::parse(&request.body).into_owned().collect() };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let body = || serde_json::from_slice::<Value>(&request.body).expect(what);
    match cell {
        'I' => {
            let challenge = transaction.pkce.challenge();
            let expected = [
                pair("client_id", "0oa1"),
                pair("scope", "openid profile"),
                pair("redirect_uri", "com.example.app:/callback"),
                pair("code_challenge", &challenge),
                pair("code_challenge_method", "S256"),
                pair("state", transaction.state.expose()),
                pair("nonce", transaction.nonce.expose()),
            ];
            assert_eq!(pairs(), expected, "{what}");
        }
        'T' => {
            let expected = [
                pair("client_id", "0oa1"),
                pair("grant_type", "interaction_code"),
                pair("interaction_code", "code-1"),
                pair("redirect_uri", "com.example.app:/callback"),
                pair("code_verifier", transaction.pkce.verifier().expose()),
            ];
            assert_eq!(pairs(), expected, "{what}");
        }
        'X' => {
            let handles = ["handle-1", "handle-2"].map(|handle| json!({"interactionHandle": handle}));
            assert!(handles.contains(&body()), "{what}");
        }
        'P' => assert_eq!(body(), json!({"stateHandle": compose::HANDLE}), "{what}"),
        _ => {
            let answered = json!({"credentials": {"passcode": "hunter2"}, "stateHandle": compose::HANDLE});
            let acted = json!({"stateHandle": compose::HANDLE});
            assert_eq!(body(), if what.ends_with("submit") { answered } else { acted }, "{what}");
        }
    }
    // Nothing that is logged shows what is in it.
    let printed = format!("{request:?} {next:?}");
    for secret in ["hunter2", "code-1", "handle-1", compose::HANDLE, transaction.state.expose()] {
        assert!(!printed.contains(secret), "{what}: {printed}");
    }
}

#[test]
fn a_form_of_another_method_is_refused_before_it_is_sent() {
    for (method, goes) in
        [("POST", true), ("post", true), ("PUT", false), ("DELETE", false), ("TRACE", false), ("", false)]
    {
        let mut value = build::full();
        value["remediation"]["value"][0]["method"] = json!(method);
        let mut state = state_named("active");
        let Phase::Active { step, .. } = &mut state.phase else { unreachable!() };
        *step = build::step(&value, 200);
        let result = transition(&config(), &state, event_named("submit", &state));
        match result {
            Ok((_, effect)) => assert!(goes && matches!(effect, Effect::Send(_)), "{method}"),
            Err(error) => {
                assert_eq!((goes, error.kind(), error.sent()), (false, ErrorKind::Protocol, Sent::No), "{method}");
                assert!(error.text().contains("method") && !error.to_string().contains("hunter2"), "{error}");
            }
        }
    }
}

#[test]
fn every_request_reads_every_reply_as_the_table_says() {
    let requests: [(&str, usize); 7] = [
        ("starting", 0),
        ("restarting", 0),
        ("first look", 1),
        ("refreshing", 1),
        ("answering", 2),
        ("polling", 3),
        ("redeeming", 4),
    ];
    for (reply, row) in REPLIES {
        let cells: Vec<char> = row.chars().filter(|cell| *cell != ' ').collect();
        assert_eq!(cells.len(), 5, "{reply}");
        for (name, column) in requests {
            let state = state_named(name);
            let what = format!("{name} + {reply}");
            let (next, effect) = transition(&config(), &state, event_named(reply, &state)).expect(&what);
            let rest = matches!(effect, Effect::Rest);
            match cells[column] {
                'X' => request(&what, 'X', &next, &sent(effect, &what)),
                'A' => {
                    assert_eq!((next.phase.as_str(), rest, next.step().is_some()), ("active", true, true), "{what}");
                    let raw = String::from_utf8(build::reply_named(reply).body.to_vec()).unwrap();
                    assert_eq!(next.step().unwrap().raw(), raw, "{what}");
                    assert_eq!(next.form().map(|form| form.raw()), Some(raw.as_str()), "{what}");
                }
                'F' => {
                    assert_eq!((next.phase.as_str(), rest), ("active", true), "{what}");
                    assert!(next.step().unwrap().is_terminal(), "{what}");
                    // The form that was refused can be sent again, and is still the one that was there.
                    assert_eq!(next.form().map(|it| it.raw()), back_of(&state).form().map(|it| it.raw()), "{what}");
                    let again = event_named("submit", &next);
                    assert!(transition(&config(), &next, again).is_ok(), "{what}");
                }
                'Y' => {
                    assert_eq!((next.phase.as_str(), rest), ("succeeded", true), "{what}");
                    let (_, effect) = transition(&config(), &next, event_named("redeem", &next)).expect(&what);
                    let body = String::from_utf8(sent(effect, &what).body.to_vec()).unwrap();
                    assert!(body.contains("interaction_code=ic&"), "{what}: {body}");
                }
                'R' => assert_eq!((next.phase.as_str(), rest), ("redeemed", true), "{what}"),
                cell => {
                    let kind = match cell {
                        'o' => ErrorKind::OAuth,
                        'i' => ErrorKind::Api,
                        'l' => ErrorKind::RateLimited,
                        'h' => ErrorKind::Http,
                        'p' => ErrorKind::Protocol,
                        'L' => ErrorKind::LimitExceeded,
                        'g' => ErrorKind::ForeignOrigin,
                        other => panic!("no cell {other}"),
                    };
                    failed(&what, reply, kind, &state, &next, effect);
                }
            }
        }
    }
}

fn failed(what: &str, reply: &str, kind: ErrorKind, state: &State, next: &State, effect: Effect) {
    let Effect::Fail(error) = effect else { panic!("{what}: {effect:?}, {next:?}") };
    // The server answered, so the request had left. Only a rate limit says that nothing was evaluated; and a code is
    // never offered twice, whatever was said.
    let redeeming = matches!(&state.phase, Phase::Complete { redemption: Redemption::Sent(_), .. });
    let sent = if kind == ErrorKind::RateLimited && !redeeming { Sent::No } else { Sent::Maybe };
    assert_eq!((error.kind(), error.sent()), (kind, sent), "{what}: {error}");
    let response = build::reply_named(reply);
    assert_eq!(error.http_status(), Some(response.status), "{what}");
    assert_eq!(error.request_id(), response.request_id(), "{what}");
    assert_eq!(error.retry_after().is_some(), kind == ErrorKind::RateLimited, "{what}");
    if reply == "429, no form" {
        assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(7), "{what}");
    }
    assert!(error.to_string().len() < 600, "{what}: {error}");
    if redeeming {
        assert_eq!(next.phase.as_str(), "spent", "{what}");
    } else {
        assert_eq!(seen(next), seen(&back_of(state)), "{what}");
    }
}
