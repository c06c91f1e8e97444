//! The rules of a new password or PIN: read from the policy that the server sends with it, and checked as it is typed.
//!
//! Every member of the policy is optional, and the policy itself may be missing: then only both entries are compared. What
//! the server alone knows (the last passwords, the age of this one) is a rule to read that cannot be checked here.

use crate::{
    idx::{Authenticator, Json},
    limits::MAX_POLICY_ATTRIBUTES,
    screen::{
        ask::{Rule, RuleKind},
        phrase::Phrase,
    },
};

/// The rules of a policy, in the order to draw them; that both entries are the same is always the last.
pub(super) fn of(policy: Option<Authenticator<'_>>, pin: bool) -> Vec<Rule> {
    let settings = policy.and_then(Authenticator::settings);
    let mut rules = settings.map(|settings| listed(settings, pin)).unwrap_or_default();
    if pin {
        rules.push(rule(RuleKind::PinDigits, None));
    }
    rules.push(rule(RuleKind::Confirm, None));
    rules
}

fn listed(settings: Json<'_>, pin: bool) -> Vec<Rule> {
    // A PIN has its lengths in the settings themselves.
    let complexity = settings.present("complexity");
    let of = complexity.or(pin.then_some(settings));
    let number = |owner: Option<Json<'_>>, name: &str| owner?.get(name)?.as_u64().filter(|number| *number > 0);
    let flag = |name: &str| of.and_then(|owner| owner.get(name)?.as_bool()) == Some(true);
    let mut rules = Vec::new();
    match (number(of, "minLength"), number(of, "maxLength")) {
        (Some(least), Some(most)) if least == most => rules.push(rule(RuleKind::ExactLength, Some(least))),
        (least, most) => {
            rules.extend(least.map(|least| rule(RuleKind::MinLength, Some(least))));
            rules.extend(most.map(|most| rule(RuleKind::MaxLength, Some(most))));
        }
    }
    let counted = [
        ("minLowerCase", RuleKind::LowerCase),
        ("minUpperCase", RuleKind::UpperCase),
        ("minNumber", RuleKind::Digit),
        ("minSymbol", RuleKind::Symbol),
    ];
    rules.extend(counted.into_iter().filter_map(|(name, kind)| Some(rule(kind, Some(number(of, name)?)))));
    if flag("useADComplexityRequirements") {
        rules.push(rule(RuleKind::Directory, None));
    }
    rules.extend(number(of, "maxConsecutiveRepeatingCharacters").map(|most| rule(RuleKind::Repeat, Some(most))));
    let flagged = [
        ("excludeUsername", RuleKind::Username),
        ("excludeFirstName", RuleKind::FirstName),
        ("excludeLastName", RuleKind::LastName),
    ];
    let flagged = flagged.into_iter().filter(|(name, _)| flag(name)).map(|(_, kind)| kind);
    let attributes = of.and_then(|owner| owner.present("excludeAttributes")).map(Json::unwrap_ion);
    let named = attributes.into_iter().flat_map(Json::items).take(MAX_POLICY_ATTRIBUTES).filter_map(|name| {
        Some(match name.as_str()?.as_ref() {
            "firstName" => RuleKind::FirstName,
            "lastName" => RuleKind::LastName,
            "login" | "username" => RuleKind::Username,
            "" => return None,
            other => RuleKind::Attribute(other.to_owned()),
        })
    });
    for kind in flagged.chain(named) {
        if rules.iter().all(|known| known.kind != kind) {
            rules.push(rule(kind, None));
        }
    }
    let age = settings.present("age");
    rules.extend(number(age, "historyCount").map(|count| rule(RuleKind::History, Some(count))));
    rules.extend(number(age, "minAgeMinutes").map(|minutes| rule(RuleKind::Age, Some(minutes))));
    rules
}

fn rule(kind: RuleKind, limit: Option<u64>) -> Rule {
    let checkable = !matches!(kind, RuleKind::History | RuleKind::Age);
    let text = |key: &'static str| match limit {
        Some(limit) => Phrase::ours(key, &[("limit", &limit.to_string())]),
        None => Phrase::ours(key, &[]),
    };
    let text = match &kind {
        RuleKind::MinLength => text("rule.min_length.label"),
        RuleKind::MaxLength => text("rule.max_length.label"),
        RuleKind::ExactLength => text("rule.exact_length.label"),
        RuleKind::LowerCase => text("rule.lower_case.label"),
        RuleKind::UpperCase => text("rule.upper_case.label"),
        RuleKind::Digit => text("rule.digit.label"),
        RuleKind::Symbol => text("rule.symbol.label"),
        RuleKind::Username => text("rule.username.label"),
        RuleKind::FirstName => text("rule.first_name.label"),
        RuleKind::LastName => text("rule.last_name.label"),
        RuleKind::Attribute(name) => Phrase::ours("rule.attribute.label", &[("attribute", name)]),
        RuleKind::Repeat => text("rule.repeat.label"),
        RuleKind::Directory => text("rule.directory.label"),
        RuleKind::History => text("rule.history.label"),
        RuleKind::Age => text("rule.age.label"),
        RuleKind::PinDigits => text("rule.pin_digits.label"),
        RuleKind::Confirm => text("rule.confirm.label"),
    };
    Rule { kind, text, limit, checkable }
}

/// What is known about the person, for the rules that leave something out.
#[derive(Default)]
pub(in crate::screen) struct Known {
    pub username: Option<String>,
    /// By wire name, `firstName` among them.
    pub attributes: Vec<(String, String)>,
}

impl Known {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Whether a value keeps a rule; `None` where only the server can tell. Both entries are compared by the draft, which has
/// them.
pub(in crate::screen) fn meets(rule: &Rule, value: &str, known: &Known) -> Option<bool> {
    let limit = rule.limit.unwrap_or_default();
    let count = |test: fn(char) -> bool| value.chars().filter(|c| test(*c)).count() as u64;
    let without = |name: Option<&str>| name.filter(|name| name.chars().count() > 2).map(|name| !holds(value, name));
    match &rule.kind {
        RuleKind::MinLength => Some(count(|_| true) >= limit),
        RuleKind::MaxLength => Some(count(|_| true) <= limit),
        RuleKind::ExactLength => Some(count(|_| true) == limit),
        RuleKind::LowerCase => Some(count(char::is_lowercase) >= limit),
        RuleKind::UpperCase => Some(count(char::is_uppercase) >= limit),
        RuleKind::Digit => Some(count(char::is_numeric) >= limit),
        RuleKind::Symbol => Some(count(is_symbol) >= limit),
        RuleKind::Directory => {
            let kinds: [fn(char) -> bool; 4] = [char::is_lowercase, char::is_uppercase, char::is_numeric, is_symbol];
            Some(kinds.into_iter().filter(|kind| value.chars().any(kind)).count() >= 3)
        }
        RuleKind::PinDigits => Some(value.chars().all(|c| c.is_ascii_digit())),
        RuleKind::Repeat => Some(longest_run(value) <= limit),
        RuleKind::Username => known.username.as_deref().map(|name| !holds_username(value, name)),
        RuleKind::FirstName => without(known.attribute("firstName")),
        RuleKind::LastName => without(known.attribute("lastName")),
        RuleKind::Attribute(name) => without(known.attribute(name)),
        RuleKind::History | RuleKind::Age | RuleKind::Confirm => None,
    }
}

fn is_symbol(c: char) -> bool {
    !c.is_alphanumeric()
}

fn holds(value: &str, part: &str) -> bool {
    !part.is_empty() && value.to_lowercase().contains(&part.to_lowercase())
}

/// The name as a whole, what stands before its `@`, and its pieces of four characters or more.
fn holds_username(value: &str, name: &str) -> bool {
    let local = name.split('@').next().unwrap_or_default();
    let long = |part: &&str| part.chars().count() >= 4;
    let pieces = name.split(|c: char| !c.is_alphanumeric());
    holds(value, name) || pieces.chain([local]).filter(long).any(|part| holds(value, part))
}

fn longest_run(value: &str) -> u64 {
    let mut before = None;
    let mut run = 0;
    let runs = value.chars().map(|c| {
        run = if before == Some(c) { run + 1 } else { 1 };
        before = Some(c);
        run
    });
    runs.max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idx::Step;

    fn rules(settings: &str, pin: bool) -> Vec<Rule> {
        let body =
            format!(r#"{{"version":"1.0.0","currentAuthenticator":{{"id":"a","key":"x","settings":{settings}}}}}"#);
        let step = Step::read(body.as_bytes()).unwrap();
        of(step.current_authenticator(), pin)
    }

    fn texts(rules: &[Rule]) -> Vec<&str> {
        rules.iter().map(|rule| rule.text.text.as_str()).collect()
    }

    #[test]
    fn a_whole_policy_is_listed_in_order() {
        let all = rules(
            r#"{"complexity":{"minLength":8,"minLowerCase":1,"minUpperCase":2,"minNumber":1,"minSymbol":0,"excludeUsername":true,
            "excludeAttributes":["firstName","lastName","city"],"excludeFirstName":true,"maxConsecutiveRepeatingCharacters":3,
            "useADComplexityRequirements":false},"age":{"minAgeMinutes":120,"historyCount":4}}"#,
            false,
        );
        let expected = [
            "Length: 8 or more",
            "Lower-case letters: at least 1",
            "Upper-case letters: at least 2",
            "Digits: at least 1",
            "Same character in a row: 3 at most",
            "Leaves out your username",
            "Leaves out your first name",
            "Leaves out your last name",
            "Leaves out: city",
            "Not one of your last passwords (remembered: 4)",
            "Minutes between two changes: 120",
            "Both entries are the same",
        ];
        assert_eq!(texts(&all), expected);
        let unchecked: Vec<_> = all.iter().filter(|rule| !rule.checkable).map(|rule| rule.kind.clone()).collect();
        assert_eq!(unchecked, [RuleKind::History, RuleKind::Age]);
    }

    #[test]
    fn a_missing_policy_leaves_both_entries() {
        for settings in ["{}", "null", "[]", r#"{"complexity":null}"#, r#"{"minLength":4}"#] {
            assert_eq!(texts(&rules(settings, false)), ["Both entries are the same"], "{settings}");
        }
        assert_eq!(of(None, false).len(), 1);
    }

    #[test]
    fn a_pin_has_its_lengths_beside_the_rest() {
        let expected = ["Length: exactly 6", "Digits only", "Both entries are the same"];
        assert_eq!(texts(&rules(r#"{"minLength":6,"maxLength":6}"#, true)), expected);
        let expected = ["Length: 4 or more", "Length: 8 at most", "Digits only", "Both entries are the same"];
        assert_eq!(texts(&rules(r#"{"minLength":4,"maxLength":8}"#, true)), expected);
    }

    #[test]
    fn each_rule_knows_what_keeps_it_and_what_breaks_it() {
        let known = Known {
            username: Some("ada.lovelace@example.com".into()),
            attributes: vec![("firstName".into(), "Ada".into()), ("lastName".into(), "Li".into())],
        };
        let rows: &[(RuleKind, u64, &[&str], &[&str])] = &[
            (RuleKind::MinLength, 3, &["abc", "äöü"], &["", "ab"]),
            (RuleKind::MaxLength, 3, &["", "äöü"], &["abcd"]),
            (RuleKind::ExactLength, 3, &["abc"], &["ab", "abcd"]),
            (RuleKind::LowerCase, 2, &["aß"], &["aB"]),
            (RuleKind::UpperCase, 1, &["É"], &["é1"]),
            (RuleKind::Digit, 1, &["a1"], &["a"]),
            (RuleKind::Symbol, 1, &["a!", "a b"], &["a1É"]),
            (RuleKind::Directory, 0, &["aA1", "aA!", "a1!"], &["aA", "11!!"]),
            (RuleKind::PinDigits, 0, &["0123"], &["012a", "٣"]),
            (RuleKind::Repeat, 2, &["", "aabb"], &["aaab"]),
            (
                RuleKind::Username,
                0,
                &["com-ada-mple"],
                &["xLOVELACEx", "ADA.lovelace", "ada.lovelace@example.com1", "example"],
            ),
            (RuleKind::FirstName, 0, &["lovelace"], &["1aDa!"]),
            (RuleKind::Attribute("firstName".into()), 0, &["lovelace"], &["1aDa!"]),
        ];
        for (kind, limit, good, bad) in rows {
            let rule = rule(kind.clone(), Some(*limit).filter(|limit| *limit > 0));
            for value in *good {
                assert_eq!(meets(&rule, value, &known), Some(true), "{kind:?} {value}");
            }
            for value in *bad {
                assert_eq!(meets(&rule, value, &known), Some(false), "{kind:?} {value}");
            }
        }
        // Too short to be told from chance, not known at all, and what the server alone knows.
        for kind in [RuleKind::LastName, RuleKind::Attribute("city".into()), RuleKind::History, RuleKind::Age] {
            assert_eq!(meets(&rule(kind, None), "li", &known), None);
        }
        assert_eq!(meets(&rule(RuleKind::Username, None), "x", &Known::default()), None);
    }
}
