//! Elements: what to draw on a screen, in order, by index. What is filled in is a control.

use std::borrow::Cow;

use super::{
    handles::{IC_NO_NODE, ic_node, ic_screen},
    screen::{look, look_text},
    text::{ic_bytes, ic_str},
    way::IC_NO_WAY,
};
use crate::screen::ElementKind;

/// How many elements there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_element_count(screen: ic_screen) -> usize {
    look(screen, 0, |object| Some(object.shared.screen.elements.len()))
}

/// What an element is: `text`, `input`, `choice`, `picture`, `secret`, `number`, `requirements`, `consent`, `waiting`, `frame`,
/// `facts`. An open set: of a kind that you do not know, draw the text. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_element_kind(screen: ic_screen, element: usize) -> ic_str {
    look_text(screen, |object| Some(Cow::Borrowed(object.element(element)?.kind.as_str())))
}

/// What it says: can be drawn whatever the kind is. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_element_text(screen: ic_screen, element: usize) -> ic_str {
    look_text(screen, |object| Some(Cow::Borrowed(object.element(element)?.text.text.as_str())))
}

/// Its literal value, to be shown as it is: the number to match, very large; the secret of an app being set up, in groups;
/// what a square picture says; an address to copy. NULL where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_element_value(screen: ic_screen, element: usize) -> ic_str {
    look_text(screen, |object| {
        let value = match &object.element(element)?.kind {
            ElementKind::Number { value } => Some(value),
            ElementKind::Secret { grouped, .. } => Some(grouped),
            ElementKind::Picture(picture) => picture.content.as_ref(),
            ElementKind::Text(text) => text.value.as_ref(),
            _ => None,
        };
        value.map(|value| Cow::Borrowed(value.as_str()))
    })
}

/// The bytes of a picture; `elements.N.media` says of which type. None for any other element.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_element_picture(screen: ic_screen, element: usize) -> ic_bytes {
    look(screen, ic_bytes::NONE, |object| match &object.element(element)?.kind {
        ElementKind::Picture(picture) => Some(ic_bytes::of(&picture.bytes)),
        _ => None,
    })
}

/// The control that an `input` or a `choice` is, for the `ic_screen_control_...` functions. `IC_NO_NODE` for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_element_control(screen: ic_screen, element: usize) -> ic_node {
    look(screen, IC_NO_NODE, |object| match &object.element(element)?.kind {
        ElementKind::Input(input) => Some(input.node),
        ElementKind::Choice(choice) => Some(choice.node),
        _ => None,
    })
}

/// The index of the way that it belongs to; `IC_NO_WAY` for what is always shown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_element_way(screen: ic_screen, element: usize) -> usize {
    look(screen, IC_NO_WAY, |object| object.element(element)?.way)
}

/// Whether it is drawn when the screen comes. The others are drawn when their way is taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_element_is_front(screen: ic_screen, element: usize) -> bool {
    look(screen, false, |object| object.shared.front().get(element).copied())
}
