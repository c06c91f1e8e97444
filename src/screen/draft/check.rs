//! What can be told to be wrong before anything is sent.
//!
//! A check that the server would not make stops people who could sign in, so there are few: what is missing, too short or too
//! long, not among the options, not as the rules of a password say, or plainly another kind of thing.

use super::{Draft, form::WayForm, input_of};
use crate::{
    error::Problem,
    idx::AnswerValue,
    limits::MAX_DRAWN_OPTIONS,
    screen::{
        ask::{Ask, RuleKind},
        element::{ChoiceElement, Input},
        input::rules::Known,
        phrase::Phrase,
    },
};

/// One thing that is wrong with what was typed. Without the value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// The path of the input, or of the choice.
    pub path: String,
    /// What to say at it.
    pub text: Phrase,
    /// The rule that is broken, when it is one.
    pub rule: Option<RuleKind>,
}

impl From<Check> for Problem {
    fn from(check: Check) -> Problem {
        Problem { path: check.path, what: check.text.text }
    }
}

/// Everything that is wrong with a way.
pub(super) fn all(draft: &Draft<'_>, form: &WayForm<'_>) -> Vec<Check> {
    let mut found = Vec::new();
    for (choice, option) in &form.choices {
        if option.is_none() && (form.picks || must_choose(draft, choice)) {
            found.push(check(&choice.path, Phrase::ours("check.choice.text", &[])));
        }
    }
    for input in form.inputs() {
        one(draft, input, &mut found);
    }
    found
}

/// A list of authenticators mostly lacks the flag, and sending it without a choice is pointless.
fn must_choose(draft: &Draft<'_>, choice: &ChoiceElement) -> bool {
    let flag = draft.screen.step().node(choice.node).and_then(|field| field.get("required")?.as_bool());
    let pointless = ["authenticator", "credentials"].contains(&choice.path.as_str());
    flag == Some(true) || pointless
}

fn one(draft: &Draft<'_>, input: &Input, found: &mut Vec<Check>) {
    let path = &input.path;
    let ours = |key: &'static str| check(path, Phrase::ours(key, &[]));
    let choice = matches!(input.ask, Ask::Toggle | Ask::Consent { .. } | Ask::Choice { .. });
    let value = match draft.values.get(&input.node) {
        // What the server put there goes back as it came.
        None if input.preset.is_some() => return,
        None => None,
        Some(AnswerValue::Text(text)) if text.is_empty() => None,
        value => value,
    };
    let Some(value) = value else {
        if input.required {
            found.push(ours(if choice { "check.choice.text" } else { "check.required.text" }));
        }
        return;
    };
    if !input.options.is_empty() {
        // Where not all are drawn, the form itself says which there are.
        if input.options.len() < MAX_DRAWN_OPTIONS && input.options.iter().all(|option| option.value != *value) {
            found.push(ours("check.choice.text"));
        }
        return;
    }
    match (&input.ask, value) {
        (Ask::Toggle | Ask::Consent { .. }, AnswerValue::Bool(_)) => {}
        (Ask::Toggle | Ask::Consent { .. }, _) => found.push(ours("check.choice.text")),
        (Ask::Number { .. }, AnswerValue::Integer(_) | AnswerValue::Json(_)) => {}
        (Ask::Number { .. }, _) => found.push(ours("check.number.text")),
        (Ask::NewPassword { rules, .. }, AnswerValue::Text(_)) => {
            for rule in rules.iter().filter(|rule| draft.meets(input, rule) == Some(false)) {
                let confirm = rule.kind == RuleKind::Confirm;
                let text = if confirm { Phrase::ours("check.differs.text", &[]) } else { rule.text.clone() };
                found.push(Check { path: path.clone(), text, rule: Some(rule.kind.clone()) });
            }
        }
        // Attributes of a profile may hold anything that the organization lets in.
        (Ask::Phone { .. }, AnswerValue::Text(text)) if !path.starts_with("userProfile.") => {
            let number = text.expose().strip_prefix('+');
            if !number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit())) {
                found.push(ours("check.phone.text"));
            }
        }
        (Ask::Email, AnswerValue::Text(text)) => {
            let parts = text.expose().rsplit_once('@');
            let whole = parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
            if !whole || text.expose().contains(char::is_whitespace) {
                found.push(ours("check.email.text"));
            }
        }
        _ => {}
    }
    length(input, value, found);
}

fn length(input: &Input, value: &AnswerValue, found: &mut Vec<Check>) {
    let AnswerValue::Text(text) = value else { return };
    let length = text.expose().chars().count() as u64;
    let mut add = |key, limit: u64| {
        found.push(check(&input.path, Phrase::ours(key, &[("limit", &limit.to_string())])));
    };
    if let Some(least) = input.min.filter(|least| length < *least) {
        add("check.too_short.text", least);
    }
    if let Some(most) = input.max.filter(|most| length > *most) {
        add("check.too_long.text", most);
    }
}

fn check(path: &str, text: Phrase) -> Check {
    Check { path: path.to_owned(), text, rule: None }
}

impl Draft<'_> {
    /// What is known about the person, from the step and from what was typed.
    pub(super) fn known(&self) -> Known {
        let mut known = Known::default();
        if let Some(user) = self.screen.step().member("user") {
            known.username = user.text("identifier").map(std::borrow::Cow::into_owned);
            let profile = user.present("profile");
            let members = profile.into_iter().flat_map(|profile| profile.members());
            known.attributes.extend(
                members.filter_map(|(name, value)| Some((name.as_str()?.into_owned(), value.as_str()?.into_owned()))),
            );
        }
        let inputs = self.screen.elements.iter().filter_map(input_of);
        let typed = inputs.filter_map(|input| match self.values.get(&input.node)? {
            AnswerValue::Text(text) if !text.is_empty() => Some((input.path.as_str(), text.expose())),
            _ => None,
        });
        for (path, text) in typed {
            if path == "identifier" {
                known.username.get_or_insert_with(|| text.to_owned());
            }
            // What is typed now is newer than what the step says.
            if let Some(name) = path.strip_prefix("userProfile.") {
                known.attributes.insert(0, (name.to_owned(), text.to_owned()));
            }
        }
        let attribute = |name: &str| known.attributes.iter().find(|(own, _)| own == name).map(|(_, text)| text.clone());
        known.username = known.username.or_else(|| attribute("login")).or_else(|| attribute("email"));
        known
    }
}
