//! Device challenges (screen.md 3.5).

use super::{drawn::Drawn, form};
use crate::{
    idx::Json,
    screen::context::{Context, Form},
};

/// Whether a poll waits for an app on this device: there is a challenge for it.
pub(super) fn is_device_challenge(form: &Form<'_>) -> bool {
    challenge(form).is_some()
}

fn challenge<'s>(form: &Form<'s>) -> Option<Json<'s>> {
    form.authenticator?.contextual_data()?.present("challenge").map(Json::unwrap_ion)
}

/// Draws the form.
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    form::other(context, form)
}
