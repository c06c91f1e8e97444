//! Every state of a redemption with every event, against one written table: a grant is offered once.

use interaction_code::{
    Secret, Sent,
    flow::{Redemption, RedemptionEffect, RedemptionEvent},
    oauth::{Endpoint, Grant, TokenResponse},
};

use super::build::{json_response, tokens};

/// | cell | meaning |
/// |---|---|
/// | `.` | not taken |
/// | `S` | sends the form |
/// | `=` `r` `t` `v` `x` | rests: as it is, ready, redeemed, verified, spent |
/// | `F` | fails, and is spent |
#[rustfmt::skip]
const TABLE: &[(&str, &str)] = &[
    //            redeem, tokens, refusal, other JSON, not sent, maybe sent, verified, not verified
    ("ready",    "S . . . . . . ."),
    ("sent",     ". t F F r x . ."),
    ("redeemed", "= . . . . . v x"),
    ("verified", ". . . . . . . ."),
    ("spent",    ". . . . . . . ."),
];

fn grant() -> Grant {
    let (code, verifier) = (Secret::from("code-1"), Secret::from("verifier-1"));
    Grant::InteractionCode { code, verifier, redirect_uri: "com.example.app:/callback".to_owned() }
}

fn named(name: &str) -> Redemption {
    match name {
        "ready" => Redemption::Ready(grant()),
        "sent" => Redemption::Sent(grant()),
        "redeemed" => {
            Redemption::Redeemed(Box::new(TokenResponse::parse(&json_response(200, &tokens()), &["openid"]).unwrap()))
        }
        "verified" => Redemption::Verified,
        _ => Redemption::Spent,
    }
}

#[test]
fn every_redemption_takes_every_event_as_the_table_says() {
    let reply = |status, body: &str| RedemptionEvent::Reply(Box::new(json_response(status, body)));
    let events = [
        RedemptionEvent::Redeem,
        reply(200, &tokens()),
        reply(400, r#"{"error":"invalid_grant"}"#),
        reply(200, r#"{"hello":"world"}"#),
        RedemptionEvent::Failed(Sent::No),
        RedemptionEvent::Failed(Sent::Maybe),
        RedemptionEvent::Verified(true),
        RedemptionEvent::Verified(false),
    ];
    let mut pairs = 0;
    for (name, row) in TABLE {
        let cells: Vec<char> = row.chars().filter(|cell| *cell != ' ').collect();
        assert_eq!(cells.len(), events.len());
        for (event, cell) in events.iter().zip(cells) {
            pairs += 1;
            let what = format!("{name} + {event:?}");
            let before = named(name);
            let after = before.after(&["openid".to_owned()], event);
            let printed = format!("{after:?}");
            assert!(!printed.contains("code-1") && !printed.contains("verifier-1"), "{what}: {printed}");
            let Some((next, effect)) = after else {
                assert_eq!(cell, '.', "{what}");
                continue;
            };
            match (cell, &effect) {
                ('S', RedemptionEffect::Send(form)) => {
                    let names: Vec<_> = form.pairs.iter().map(|(name, _)| name.as_str()).collect();
                    assert_eq!(form.endpoint, Endpoint::Token);
                    assert_eq!(names, ["grant_type", "interaction_code", "redirect_uri", "code_verifier"]);
                }
                ('F', RedemptionEffect::Fail(error)) => assert_eq!(error.sent(), Sent::Maybe, "{what}"),
                ('=' | 'r' | 't' | 'v' | 'x', RedemptionEffect::Rest) => {}
                other => panic!("{what}: {other:?}"),
            }
            let expected = match cell {
                'S' => "waiting",
                'r' => "succeeded",
                't' => "redeemed",
                'v' => "finished",
                'x' | 'F' => "spent",
                _ => before.as_str(),
            };
            assert_eq!(next.as_str(), expected, "{what}");
            assert_eq!(next.grant().is_some(), cell == 'r', "{what}: a grant that was offered is not there again");
        }
    }
    assert_eq!(pairs, 5 * 8);
}
