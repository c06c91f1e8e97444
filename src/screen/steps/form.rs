//! Forms that are one set of inputs and one button.

use super::drawn::Drawn;
use crate::screen::{
    context::{Context, Form},
    input,
    phrase::Phrase,
    way::{Role, Way},
};

/// Draws the form.
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    other(context, form)
}

/// A remediation that nobody has heard of: a form, a button, or an address to open.
pub(super) fn other(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    let inputs = input::of(context, form);
    let label = Phrase::ours("way.continue.button", &[]);
    let way = match form.remediation.navigation() {
        Some(url) => Way::open(form, label, &url),
        None => Way::submit(form, label, inputs.paths.clone()),
    };
    Drawn::new("other", Phrase::ours("other.form.title", &[])).way(way.role(Role::Primary)).inputs(inputs)
}
