//! Places of a response that send the same to the same address: one way stands for all of them.

use std::collections::{HashMap, HashSet};

use crate::{
    idx::{Remediation, RemediationKind as Kind},
    screen::{context::Context, way::Way},
};

/// Which remediations and actions are the same as an earlier one.
pub(super) struct Shares {
    /// The nodes of the later ones by that of the first.
    later: HashMap<u32, Vec<u32>>,
    is_later: HashSet<u32>,
}

impl Shares {
    pub fn of(context: &Context<'_>) -> Self {
        let mut shares = Shares { later: HashMap::new(), is_later: HashSet::new() };
        let mut first_of: HashMap<String, u32> = HashMap::new();
        // A passkey is offered as a button and inside the username box: the same bytes, two ways.
        let apart = |kind: &Kind| matches!(kind, Kind::ChallengeWebauthnAutofillui | Kind::LaunchPasskeysAuthenticator);
        let forms = context.forms.iter().filter(|form| !apart(&form.kind)).map(|form| form.remediation);
        for remediation in forms.chain(context.actions.iter().map(|(_, action)| *action)) {
            let node = remediation.node();
            let first = *first_of.entry(what_is_sent(remediation)).or_insert(node);
            if first != node {
                shares.later.entry(first).or_default().push(node);
                shares.is_later.insert(node);
            }
        }
        shares
    }

    /// Whether an earlier one stands for it.
    pub fn stands_behind(&self, node: u32) -> bool {
        self.is_later.contains(&node)
    }

    /// Gives the ways the nodes of all that they stand for.
    pub fn give<'w>(&self, ways: impl Iterator<Item = &'w mut Way>) {
        for way in ways {
            let later = way.nodes.iter().filter_map(|node| self.later.get(node)).flatten();
            let later: Vec<_> = later.copied().filter(|node| !way.nodes.contains(node)).collect();
            way.nodes.extend(later);
        }
    }
}

/// The method, the address and the values of a form, but for its handle.
fn what_is_sent(remediation: Remediation<'_>) -> String {
    let mut text = format!("{} {}", remediation.method(), remediation.href().unwrap_or_default());
    for field in remediation.fields().filter(|field| field.name() != "stateHandle") {
        text.push_str(field.json().raw());
    }
    text
}
