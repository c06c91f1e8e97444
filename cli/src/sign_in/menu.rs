//! The ways to go on from a step, as a person sees them: what the server suggests first, then everything else it offers.

use interaction_code::{
    Action,
    idx::{Remediation, Step},
};

use super::{fill, labels};

/// One way to go on.
pub struct Way<'s> {
    /// What it means, not yet cleaned.
    pub label: String,
    /// The wire name.
    pub name: String,
    pub kind: WayKind<'s>,
}

/// What choosing a way does.
pub enum WayKind<'s> {
    /// A form to fill in; perhaps there is nothing to fill in.
    Form(Remediation<'s>),
    /// An address for the browser.
    Navigation(Remediation<'s>),
    /// Wait for what happens elsewhere.
    Wait,
    /// One of the flow's own actions.
    Act(Act),
}

/// The flow's own actions that a step may offer beside its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Resend,
    Send,
    Recover,
    Cancel,
}

impl Act {
    /// The same for the library.
    pub fn action(self) -> Action {
        match self {
            Act::Resend => Action::Resend,
            Act::Send => Action::Send,
            Act::Recover => Action::Recover,
            Act::Cancel => Action::Cancel,
        }
    }
}

/// The order in which actions are offered; others follow.
const ORDER: [&str; 4] = ["resend", "send", "recover", "poll"];

/// The ways of a step, the suggested one first, giving up last.
pub fn ways(step: &Step) -> Vec<Way<'_>> {
    let mut ways: Vec<Way<'_>> = Vec::new();
    for remediation in step.remediations() {
        let kind = if remediation.is_pollable() {
            if ways.iter().any(|way| matches!(way.kind, WayKind::Wait)) {
                continue;
            }
            WayKind::Wait
        } else if remediation.navigation().is_some() {
            WayKind::Navigation(remediation)
        } else if remediation.is_form() {
            WayKind::Form(remediation)
        } else {
            continue;
        };
        let label = labels::of_remediation(step, remediation);
        ways.push(Way { label, name: remediation.name().into_owned(), kind });
    }
    let mut cancel = None;
    let mut actions = step.actions();
    // The server's order of members says nothing.
    actions.sort_by_key(|(path, _)| {
        let last = path.rsplit('-').next().unwrap_or_default();
        ORDER.iter().position(|name| *name == last).unwrap_or(ORDER.len())
    });
    for (path, action) in actions {
        let last = path.rsplit('-').next().unwrap_or_default();
        let (label, kind) = match (path.as_str(), last) {
            ("context", _) => continue,
            ("cancel", _) => {
                cancel =
                    Some(Way { label: "Cancel the sign-in".to_owned(), name: path, kind: WayKind::Act(Act::Cancel) });
                continue;
            }
            (_, "resend") => ("Send it again".to_owned(), WayKind::Act(Act::Resend)),
            (_, "send") => ("Send it".to_owned(), WayKind::Act(Act::Send)),
            (_, "recover") => ("Forgot the password".to_owned(), WayKind::Act(Act::Recover)),
            (_, "poll") => (labels::waiting(step).to_owned(), WayKind::Wait),
            _ if action.is_form() => (labels::of_remediation(step, action), WayKind::Form(action)),
            _ => continue,
        };
        let known = ways.iter().any(|way| match (&way.kind, &kind) {
            (WayKind::Act(one), WayKind::Act(other)) => one == other,
            (WayKind::Wait, WayKind::Wait) => true,
            // The same thing is offered as a form already.
            (WayKind::Form(_), WayKind::Act(_)) => way.name == last,
            _ => false,
        });
        if !known {
            ways.push(Way { label, name: path, kind });
        }
    }
    ways.extend(cancel);
    ways
}

/// The one way there is, when nothing is to be chosen: a form with something to fill in, or an address, and beside it at
/// most giving up, which Ctrl-C does, too.
pub fn only_way<'w, 's>(ways: &'w [Way<'s>]) -> Option<&'w Way<'s>> {
    let mut serious = ways.iter().filter(|way| !matches!(way.kind, WayKind::Act(Act::Cancel)));
    let (Some(only), None) = (serious.next(), serious.next()) else { return None };
    match only.kind {
        WayKind::Form(form) => fill::asks_something(form).then_some(only),
        WayKind::Navigation(_) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(members: &str) -> Step {
        Step::read(format!(r#"{{"version":"1.0.0",{members}}}"#).as_bytes()).unwrap()
    }

    fn names(step: &Step) -> Vec<String> {
        ways(step).into_iter().map(|way| way.name).collect()
    }

    const CANCEL: &str = r#""cancel":{"name":"cancel","href":"https://a.example/c","value":[]}"#;

    #[test]
    fn everything_is_offered_once_and_giving_up_comes_last() {
        let step = step(&format!(
            r#"{CANCEL},"context":{{"name":"context","href":"https://a.example/x","value":[]}},
            "currentAuthenticator":{{"type":"object","value":{{"key":"okta_email","resend":{{"name":"resend","href":"https://a.example/r","method":"POST"}},
              "poll":{{"name":"poll","href":"https://a.example/p","method":"POST"}}}}}},
            "remediation":{{"value":[
              {{"name":"challenge-authenticator","href":"https://a.example/1","value":[{{"name":"x"}}]}},
              {{"name":"redirect-idp","href":"https://a.example/2","method":"GET"}},
              {{"name":"redirect-idp","href":"https://a.example/3","method":"GET"}},
              {{"name":"no-address"}},
              {{"name":"scan-iris","href":"https://a.example/4","value":[]}}]}}"#
        ));
        assert_eq!(
            names(&step),
            [
                "challenge-authenticator",
                "redirect-idp",
                "redirect-idp",
                "scan-iris",
                "currentAuthenticator-resend",
                "currentAuthenticator-poll",
                "cancel"
            ]
        );
        assert!(only_way(&ways(&step)).is_none());
    }

    #[test]
    fn one_form_is_shown_at_once() {
        let form = |value: &str| {
            format!(
                r#"{CANCEL},"remediation":{{"value":[{{"name":"identify","href":"https://a.example/1","value":[{value}]}}]}}"#
            )
        };
        let asks = step(&form(r#"{"name":"identifier"}"#));
        assert_eq!(only_way(&ways(&asks)).map(|way| way.name.clone()).as_deref(), Some("identify"));
        let silent = step(&form(r#"{"name":"stateHandle","value":"x"}"#));
        assert!(only_way(&ways(&silent)).is_none());
    }
}
