//! A screen from a step: each remediation drawn by its own table, then one put in front, the others beside it, the actions
//! after them, and all of it in order.

mod about;
mod actions;
mod beside;
mod consent;
mod device;
pub(super) mod drawn;
mod elsewhere;
mod enroll;
mod form;
mod groups;
mod lists;
#[cfg(test)]
mod lists_tests;
mod methods;
mod options;
mod order;
mod passkey;
mod picture;
mod reset;
mod row;
#[cfg(test)]
mod rows_tests;
mod shares;
pub(super) mod stage;
mod verify;

use std::collections::HashSet;

use super::{
    Screen,
    context::{Context, Form},
    ending::{self, Ending},
    notice, subject, suggested,
};
use crate::idx::{RemediationKind, Step};
use drawn::Drawn;
use shares::Shares;
use stage::Stage;

/// A remediation and how it is drawn.
struct Piece<'c, 's> {
    form: &'c Form<'s>,
    drawn: Drawn,
}

/// The screen of a step.
pub(super) fn screen(step: &Step) -> Screen {
    let context = Context::of(step);
    let ending = ending::of(&context);
    let shares = Shares::of(&context);
    let mut stage = match &ending {
        Some(ending) => ended(&context, &shares, ending),
        None => going_on(&context, &shares),
    };
    add_actions(&context, &shares, &mut stage, ending.is_some());
    shares.give(stage.ways());
    let mut shown = stage.finish();
    let notices = notice::of(&context, &mut shown.elements);
    let suggested = suggested::of(&shown.ways, &shown.elements, ending.is_some());
    let subject = subject::of(&context, &shown.name);
    let (name, title, elements, ways) = (shown.name, shown.title, shown.elements, shown.ways);
    Screen { name, title, subject, notices, elements, ways, suggested, ending, step: step.clone() }
}

/// A step that can be answered: one form is in front, the others are beside it.
fn going_on(context: &Context<'_>, shares: &Shares) -> Stage {
    let mut pieces: Vec<_> =
        drawable(context, shares).map(|form| Piece { form, drawn: drawn::draw(context, form) }).collect();
    let front = order::front(context, &pieces);
    for (index, piece) in pieces.iter_mut().enumerate() {
        let leads = front.as_ref().is_some_and(|front| front.piece == index && front.leads);
        let has_answers =
            front.as_ref().is_some_and(|front| front.piece == index) && order::has_two_answers(&piece.form.kind);
        if !leads && !has_answers {
            beside::put(context, piece);
        }
    }
    let front = front.map(|front| front.piece);
    let mut stage = Stage::new(front.and_then(|front| pieces.get(front)).map(|piece| &piece.drawn));
    for (index, piece) in pieces.into_iter().enumerate() {
        stage.add(piece.drawn, Some(index) == front);
    }
    stage.name_skip();
    for way in notice::device_ways(context.step) {
        stage.add_way(way);
    }
    stage
}

/// A step that ended: what the end shows, and whatever else the server left there, by name.
fn ended(context: &Context<'_>, shares: &Shares, ending: &Ending) -> Stage {
    let drawn = ending::draw(context, ending);
    let mut stage = Stage::new(Some(&drawn));
    stage.add(drawn, true);
    for form in drawable(context, shares) {
        if !stage.has(form.remediation.node()) {
            let mut piece = Piece { form, drawn: drawn::draw(context, form) };
            beside::put(context, &mut piece);
            piece.drawn.ways.iter_mut().for_each(|way| way.quiet = true);
            stage.add(piece.drawn, false);
        }
    }
    stage
}

/// The actions that no table has drawn.
fn add_actions(context: &Context<'_>, shares: &Shares, stage: &mut Stage, has_ended: bool) {
    let mut seen = HashSet::new();
    for (path, action) in &context.actions {
        let is_repeated = !seen.insert(path);
        if stage.has(action.node()) || shares.stands_behind(action.node()) {
            continue;
        }
        let Some((mut way, waits)) = actions::draw(context, path, *action, is_repeated) else { continue };
        way.quiet |= has_ended && path != "cancel";
        let at = stage.add_way(way);
        if let Some(what) = waits.filter(|_| !has_ended) {
            stage.add_element(actions::waiting(what, at, *action));
        }
    }
}

/// The remediations that are ways: those that say how it ended are none, nor are those that another one stands for.
fn drawable<'c, 's>(context: &'c Context<'s>, shares: &'c Shares) -> impl Iterator<Item = &'c Form<'s>> {
    let ends =
        |kind: &RemediationKind| matches!(kind, RemediationKind::SuccessRedirect | RemediationKind::FailureRedirect);
    context.forms.iter().filter(move |form| !ends(&form.kind) && !shares.stands_behind(form.remediation.node()))
}
