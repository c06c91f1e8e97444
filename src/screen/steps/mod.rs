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
    let ending = ending::of(&context);
    // An ending is drawn instead of what it still offers.
    let drawn = match &ending {
        Some(ending) => vec![ending::draw(&context, ending)],
        None => context.forms.iter().map(|form| drawn::draw(&context, form)).collect(),
    };
    for mut drawn in drawn {
        drawn.shift(ways.len());
        elements.extend(drawn.elements);
        ways.extend(drawn.ways);
    }
    let notices = notice::of(&context, &mut elements);
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
