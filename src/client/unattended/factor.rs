//! What a person could prove next, by the server's names.

use crate::{
    idx::{RemediationKind, Step},
    screen::{ChoiceOption, ElementKind, Screen},
};

/// One thing that the person could prove, or set up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Factor {
    /// The key of the authenticator, as it came: `okta_email`, `okta_verify` …
    pub key: Option<String>,
    /// The method, as it came: `push`, `totp`, `sms` …
    pub method: Option<String>,
    /// The caption, in the person's language.
    pub label: String,
}

/// The options of a screen's lists of one kind, each with the way that sends it.
pub(super) fn options<'s>(screen: &'s Screen, kind: &RemediationKind) -> Vec<(usize, &'s ChoiceOption)> {
    let mut found = Vec::new();
    for element in &screen.elements {
        let (ElementKind::Choice(choice), Some(index)) = (&element.kind, element.way) else { continue };
        let is_meant = screen.ways.get(index).is_some_and(|way| way.remediation.as_deref() == Some(kind.as_str()));
        if is_meant {
            found.extend(choice.options.iter().map(|option| (index, option)));
        }
    }
    found
}

/// What a step offers to prove, the password apart; where it offers nothing of the kind, what it asks for now, and else what
/// it offers to set up.
pub(super) fn offered(screen: &Screen) -> Vec<Factor> {
    let listed = |kind| -> Vec<Factor> {
        let factors = options(screen, &kind).into_iter().map(|(_, option)| Factor {
            key: option.key.clone(),
            method: option.method.clone(),
            label: option.label.text.clone(),
        });
        factors.filter(|factor| factor.key.as_deref() != Some("okta_password")).collect()
    };
    let mut factors = listed(RemediationKind::SelectAuthenticatorAuthenticate);
    if factors.is_empty() {
        factors.extend(current(screen.step()).filter(|factor| factor.key.as_deref() != Some("okta_password")));
    }
    if factors.is_empty() { listed(RemediationKind::SelectAuthenticatorEnroll) } else { factors }
}

/// What the step is about.
pub(super) fn current(step: &Step) -> Option<Factor> {
    let current = step.current_authenticator()?;
    let key = current.key().map(|key| key.into_owned());
    let methods = current.method_names();
    let method = if methods.len() == 1 { methods.first().map(|name| name.clone().into_owned()) } else { None };
    let label = current.display_name().map(|name| name.into_owned()).or_else(|| key.clone()).unwrap_or_default();
    Some(Factor { key, method, label })
}
