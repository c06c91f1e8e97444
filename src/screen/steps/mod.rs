//! A screen from a step: each remediation and action drawn by its own table, then put in order.

mod consent;
mod device;
pub(super) mod drawn;
mod elsewhere;
mod enroll;
mod form;
mod lists;
mod passkey;
mod reset;
mod verify;

use super::{
    Screen,
    context::Context,
    ending, notice,
    phrase::Phrase,
    suggested::{Suggested, SuggestedKind},
};
use crate::idx::Step;

/// The screen of a step.
pub(super) fn screen(step: &Step) -> Screen {
    let context = Context::of(step);
    let mut elements = Vec::new();
    let mut ways = Vec::new();
    for form in &context.forms {
        let mut drawn = drawn::draw(&context, form);
        drawn.shift(ways.len());
        elements.extend(drawn.elements);
        ways.extend(drawn.ways);
    }
    let ending = ending::of(&context);
    if let Some(ending) = &ending {
        let mut drawn = ending::draw(&context, ending);
        drawn.shift(ways.len());
        elements.extend(drawn.elements);
        ways.extend(drawn.ways);
    }
    let notices = notice::of(&context, &ways, &elements);
    let way = (!ways.is_empty()).then_some(0);
    Screen {
        name: "other".to_owned(),
        title: Phrase::ours("other.form.title", &[]),
        subject: None,
        notices,
        elements,
        ways,
        suggested: Suggested { kind: SuggestedKind::Answer, way, skip: None, reason: None },
        ending,
        step: step.clone(),
    }
}
