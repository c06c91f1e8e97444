use super::{drawn::Drawn, form};
use crate::screen::context::{Context, Form};

pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    form::other(context, form)
}
