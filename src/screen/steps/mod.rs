//! A screen from a step: each remediation and action drawn by its own table, then put in order.

use super::{
    Screen,
    context::Context,
    input,
    phrase::Phrase,
    suggested::{Suggested, SuggestedKind},
    way::{Does, Role, Way},
};
use crate::idx::Step;

/// The screen of a step.
pub(super) fn screen(step: &Step) -> Screen {
    let context = Context::of(step);
    let mut elements = Vec::new();
    let mut ways = Vec::new();
    for form in &context.forms {
        let inputs = input::of(form);
        let index = ways.len();
        elements.extend(inputs.elements.into_iter().map(|mut element| {
            element.way = Some(index);
            element
        }));
        ways.push(Way {
            role: Role::Alternative,
            label: Phrase::ours("way.continue.button", &[]),
            does: Does::Submit,
            nodes: vec![form.remediation.node()],
            remediation: Some(form.remediation.name().into_owned()),
            action: None,
            inputs: inputs.paths,
            sets: Vec::new(),
            url: None,
            after_ms: 0,
            quiet: false,
            hint: None,
        });
    }
    let way = (!ways.is_empty()).then_some(0);
    Screen {
        name: "other".to_owned(),
        title: Phrase::ours("other.form.title", &[]),
        subject: None,
        notices: Vec::new(),
        elements,
        ways,
        suggested: Suggested { kind: SuggestedKind::Answer, way, skip: None, reason: None },
        ending: None,
        step: step.clone(),
    }
}
