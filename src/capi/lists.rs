//! The lists that getters with an index read: made at the first look and kept with the step, so that reading all of a list
//! takes as many looks as it has entries.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::idx::{Authenticator, Json, Remediation, Step};

/// A list of nodes. Where it says so, a list is of the step and its owner is any node.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum List {
    /// The remediations of the step.
    Remediations,
    /// The actions beside them.
    Actions,
    /// The authenticators of the step, each place one.
    Authenticators,
    /// The messages of the step without repetitions.
    Messages,
    /// The authenticators that a remediation is about.
    FormAuthenticators,
    /// The scalar choices of a field.
    Choices,
    /// The messages of a field.
    FieldMessages,
    /// The authenticators that an option stands for.
    OptionAuthenticators,
    /// The methods of an authenticator.
    Methods,
    /// The actions of an authenticator.
    AuthenticatorActions,
    /// The parameters of a message.
    Params,
    /// The links of a message.
    Links,
}

/// The numbers of what is listed, by what is asked for and whose it is.
type Known = HashMap<(List, u32), Arc<[u32]>>;

/// The lists of one step that were asked for.
#[derive(Default)]
pub(super) struct Lists(Mutex<Known>);

impl Lists {
    /// The list; `None` where the owner is nothing that has one.
    pub(super) fn get(&self, step: &Step, list: List, owner: u32) -> Option<Arc<[u32]>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(nodes) = known.get(&(list, owner)) {
            return Some(Arc::clone(nodes));
        }
        let nodes: Arc<[u32]> = find(step, list, owner)?.into();
        known.insert((list, owner), Arc::clone(&nodes));
        Some(nodes)
    }
}

fn find(step: &Step, list: List, owner: u32) -> Option<Vec<u32>> {
    Some(match list {
        List::Remediations => step.remediations().map(Remediation::node).collect(),
        List::Actions => step.actions().into_iter().map(|(_, action)| action.node()).collect(),
        List::Authenticators => nodes(step.authenticators()),
        List::Messages => step.distinct_messages().iter().map(|message| message.json().node()).collect(),
        List::FormAuthenticators => nodes(step.remediation_at(owner)?.authenticators()),
        List::Choices => step.field_at(owner)?.choices().iter().map(|choice| choice.json.node()).collect(),
        List::FieldMessages => {
            let own = step.field_at(owner)?.messages();
            own.iter().map(|one| one.json().node()).filter(|node| step.message_at(*node).is_some()).collect()
        }
        List::OptionAuthenticators => nodes(step.option_at(owner)?.authenticators()),
        List::Methods => {
            let methods = step.authenticator_at(owner)?.json().get("methods").map(Json::unwrap_ion);
            let listed = methods.into_iter().flat_map(Json::items);
            listed.filter(|method| Authenticator::method_name(*method).is_some()).map(Json::node).collect()
        }
        List::AuthenticatorActions => step.authenticator_at(owner)?.actions().map(|(_, one)| one.node()).collect(),
        List::Params => {
            let i18n = step.message_at(owner)?.json().get("i18n");
            let params = i18n.and_then(|i18n| i18n.get("params")).into_iter().flat_map(Json::items);
            params.filter(|param| param.scalar_text().is_some()).map(Json::node).collect()
        }
        List::Links => {
            let links = step.message_at(owner)?.json().get("links").map(Json::unwrap_ion);
            let links = links.into_iter().flat_map(Json::items);
            links.filter(|link| link.text("url").is_some()).map(Json::node).collect()
        }
    })
}

fn nodes<'a>(authenticators: impl IntoIterator<Item = Authenticator<'a>>) -> Vec<u32> {
    authenticators.into_iter().map(Authenticator::node).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        capi::{
            authenticator::*, field::*, handles::*, message::*, node::*, option::*, step::*, table, view::StepObject,
        },
        idx::costs::looks,
    };

    const MANY: usize = 8_000;

    fn many(make: impl Fn(usize) -> Value) -> Vec<Value> {
        (0..MANY).map(make).collect()
    }

    /// Each list of a step from its first entry to its last, as a program reads it.
    #[test]
    fn reading_all_of_a_list_takes_a_few_looks_for_each_entry() {
        let options = many(|n| json!({"label": n.to_string(), "value": n.to_string()}));
        let said = many(|n| json!({"message": "m", "i18n": {"key": n.to_string()}}));
        let params = json!({"message": "p", "i18n": {"key": "p", "params": many(|n| json!(n))},
            "links": {"value": many(|n| json!({"url": n.to_string()}))}});
        let about = many(|_| json!("$.currentAuthenticator"));
        let body = json!({"version": "1.0.0", "remediation": {"value": [{"name": "a", "href": "https://a.example", "value": [
                {"name": "country", "options": options, "messages": {"value": said}},
                {"name": "authenticator", "options": [{"relatesTo": about, "value": "x"}]}]}]},
            "messages": {"value": [params]},
            "currentAuthenticator": {"type": "object", "value": {"id": "a", "methods": many(|n| json!({"type": n.to_string()}))}}});
        let read = Step::read(body.to_string().as_bytes()).unwrap();
        let field = read.remediation("a").unwrap().fields().next().unwrap();
        let choice = read.remediation("a").unwrap().fields().nth(1).unwrap().options().next().unwrap();
        let (field, choice) = (field.json().node(), choice.json().node());
        let list = read.json().get("currentAuthenticator").unwrap().unwrap_ion();
        let (owner, list) = (list.node(), list.get("methods").unwrap().node());
        let message = read.messages().iter().find(|one| one.text() == "p").unwrap().json().node();
        let step = table::insert(StepObject::new(read.clone())).unwrap();
        let there = |text: crate::capi::text::ic_str| assert!(!text.data.is_null());
        let node = |node: ic_node| assert_ne!(node, IC_NO_NODE);
        // SAFETY: a live handle.
        let cost = looks(&read, || unsafe {
            assert_eq!((ic_field_choice_count(step, field), ic_field_message_count(step, field)), (MANY, MANY));
            assert_eq!((ic_node_count(step, list), ic_authenticator_method_count(step, owner)), (MANY, MANY));
            assert_eq!((ic_message_param_count(step, message), ic_message_link_count(step, message)), (MANY, MANY));
            assert_eq!((ic_option_authenticator_count(step, choice), ic_step_message_count(step)), (MANY, MANY + 1));
            for index in 0..MANY {
                there(ic_field_choice_label(step, field, index));
                there(ic_field_choice_value(step, field, index));
                there(ic_field_choice_json(step, field, index));
                node(ic_field_message(step, field, index));
                node(ic_field_option(step, field, index));
                node(ic_node_item(step, list, index));
                there(ic_authenticator_method(step, owner, index));
                there(ic_message_param(step, message, index));
                there(ic_message_link_url(step, message, index));
                node(ic_option_authenticator(step, choice, index));
                node(ic_step_message(step, index));
            }
        });
        assert!(cost < 100, "{cost}");
        table::remove(step).unwrap();
    }
}
