//! Controls: what a person fills in on a screen, by number: an input, or a choice among things that bring inputs of their own.

use std::{borrow::Cow, ffi::c_char};

use super::{
    handles::{IC_NO_NODE, ic_node, ic_screen},
    screen::{Control, look, look_text},
    text::{ic_str, text},
};
use crate::{
    idx::AnswerValue,
    screen::{Ask, ElementKind, Input},
};

fn text_of(
    screen: ic_screen,
    control: ic_node,
    read: impl for<'a> FnOnce(Control<'a>) -> Option<Cow<'a, str>>,
) -> ic_str {
    look_text(screen, |object| read(object.shared.control(control)?))
}

fn input_of<T>(screen: ic_screen, control: ic_node, nothing: T, read: impl FnOnce(&Input) -> Option<T>) -> T {
    look(screen, nothing, |object| match object.shared.control(control)? {
        Control::Input(input) => read(input),
        Control::Choice(_) => None,
    })
}

/// The control at the wire names joined by dots, for example `credentials.passcode`: the first element that has this path.
/// `IC_NO_NODE` where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control(screen: ic_screen, path: *const c_char) -> ic_node {
    look(screen, IC_NO_NODE, |object| {
        // SAFETY: by the conventions of the header.
        let path = unsafe { text(path, "path") }.ok()?;
        object.shared.screen.elements.iter().find_map(|element| match &element.kind {
            ElementKind::Input(input) => (input.path == path).then_some(input.node),
            ElementKind::Choice(choice) => (choice.path == path).then_some(choice.node),
            _ => None,
        })
    })
}

/// Its caption. NULL for a number that is no control.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_label(screen: ic_screen, control: ic_node) -> ic_str {
    text_of(screen, control, |control| {
        Some(Cow::Borrowed(match control {
            Control::Input(input) => &input.label.text,
            Control::Choice(choice) => &choice.label.text,
        }))
    })
}

/// What it wants: `username`, `password`, `new_password`, `code`, `answer`, `phone`, `country`, `email`, `profile`, `choice`,
/// `authenticator`, `toggle`, `consent`, `captcha`, `passkey`, `frame`, `number`, `value`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_ask(screen: ic_screen, control: ic_node) -> ic_str {
    text_of(screen, control, |control| {
        Some(Cow::Borrowed(match control {
            Control::Input(input) => input.ask.as_str(),
            Control::Choice(choice) if choice.path == "authenticator" => Ask::Authenticator.as_str(),
            Control::Choice(_) => "choice",
        }))
    })
}

/// The wire names that lead to it, joined by dots.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_path(screen: ic_screen, control: ic_node) -> ic_str {
    text_of(screen, control, |control| {
        Some(Cow::Borrowed(match control {
            Control::Input(input) => &input.path,
            Control::Choice(choice) => &choice.path,
        }))
    })
}

/// Whether it must be filled.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_is_required(screen: ic_screen, control: ic_node) -> bool {
    input_of(screen, control, false, |input| Some(input.required))
}

/// Whether to hide what is typed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_is_secret(screen: ic_screen, control: ic_node) -> bool {
    input_of(screen, control, false, |input| Some(input.secret))
}

/// Whether to ask for it twice; the second entry goes to `ic_draft_confirm`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_wants_confirm(screen: ic_screen, control: ic_node) -> bool {
    input_of(screen, control, false, |input| Some(matches!(input.ask, Ask::NewPassword { confirm: Some(_), .. })))
}

/// The caption of the second box, where it is asked for twice. NULL where it is not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_confirm_label(screen: ic_screen, control: ic_node) -> ic_str {
    text_of(screen, control, |control| match control {
        Control::Input(input) => match &input.ask {
            Ask::NewPassword { confirm: Some(caption), .. } => Some(Cow::Borrowed(&caption.text)),
            _ => None,
        },
        Control::Choice(_) => None,
    })
}

/// Which keyboard to show: `text`, `secret`, `email`, `digits`, `phone`, `words`, `capitals`, `url`, `list`, `none`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_keyboard(screen: ic_screen, control: ic_node) -> ic_str {
    text_of(screen, control, |control| match control {
        Control::Input(input) => Some(Cow::Borrowed(input.keyboard.as_str())),
        Control::Choice(_) => None,
    })
}

/// What stands in it already, as text. NULL where there is nothing, and for an array or object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_preset(screen: ic_screen, control: ic_node) -> ic_str {
    text_of(screen, control, |control| match control {
        Control::Input(input) => scalar(input.preset.as_ref()?),
        Control::Choice(_) => None,
    })
}

/// The options for the platform's passkeys, as JSON. NULL where it wants no passkey, or the server sent no challenge.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_passkey(screen: ic_screen, control: ic_node) -> ic_str {
    text_of(screen, control, |control| match control {
        Control::Input(input) => match &input.ask {
            Ask::Passkey { options, .. } => options.as_deref().map(Cow::Borrowed),
            _ => None,
        },
        Control::Choice(_) => None,
    })
}

/// How many things it can be set to with `ic_draft_choose`; 0 for what is typed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_option_count(screen: ic_screen, control: ic_node) -> usize {
    look(screen, 0, |object| {
        Some(match object.shared.control(control)? {
            Control::Input(input) => input.options.len(),
            Control::Choice(choice) => choice.options.len(),
        })
    })
}

/// The caption of an option. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_option_label(screen: ic_screen, control: ic_node, option: usize) -> ic_str {
    text_of(screen, control, |control| {
        Some(Cow::Borrowed(match control {
            Control::Input(input) => &input.options.get(option)?.label.text,
            Control::Choice(choice) => &choice.options.get(option)?.label.text,
        }))
    })
}

/// The second line of an option: a masked address, the name of a device. NULL where it has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_option_detail(screen: ic_screen, control: ic_node, option: usize) -> ic_str {
    text_of(screen, control, |control| match control {
        Control::Input(_) => None,
        Control::Choice(choice) => Some(Cow::Borrowed(&choice.options.get(option)?.detail.as_ref()?.text)),
    })
}

/// What to say below an option: until when it must be set up, what it is for. NULL where there is nothing to say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_option_note(screen: ic_screen, control: ic_node, option: usize) -> ic_str {
    text_of(screen, control, |control| match control {
        Control::Input(_) => None,
        Control::Choice(choice) => Some(Cow::Borrowed(&choice.options.get(option)?.note.as_ref()?.text)),
    })
}

/// How many inputs of its own an option brings, which are asked for once it is chosen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_option_input_count(
    screen: ic_screen,
    control: ic_node,
    option: usize,
) -> usize {
    look(screen, 0, |object| match object.shared.control(control)? {
        Control::Input(_) => None,
        Control::Choice(choice) => Some(choice.options.get(option)?.fields.len()),
    })
}

/// An input that an option brings, for the `ic_screen_control_...` functions. `IC_NO_NODE` past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_option_input(
    screen: ic_screen,
    control: ic_node,
    option: usize,
    index: usize,
) -> ic_node {
    look(screen, IC_NO_NODE, |object| match object.shared.control(control)? {
        Control::Input(_) => None,
        Control::Choice(choice) => Some(choice.options.get(option)?.fields.get(index)?.node),
    })
}

/// What tells an option from the others whatever the language is: the value that is sent, or the key of the authenticator
/// with its method (`phone_number.sms`). NULL where it has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_control_option_name(screen: ic_screen, control: ic_node, option: usize) -> ic_str {
    text_of(screen, control, |control| match control {
        Control::Input(input) => scalar(&input.options.get(option)?.value),
        Control::Choice(choice) => {
            let option = choice.options.get(option)?;
            let key = option.key.as_deref()?;
            match option.method.as_deref() {
                Some(method) => Some(Cow::Owned(format!("{key}.{method}"))),
                None => Some(Cow::Borrowed(key)),
            }
        }
    })
}

/// A value as text; none for an array or object.
fn scalar(value: &AnswerValue) -> Option<Cow<'_, str>> {
    match value {
        AnswerValue::Text(text) => Some(Cow::Borrowed(text.expose())),
        AnswerValue::Bool(value) => Some(Cow::Owned(value.to_string())),
        AnswerValue::Integer(value) => Some(Cow::Owned(value.to_string())),
        AnswerValue::Json(_) => None,
    }
}
