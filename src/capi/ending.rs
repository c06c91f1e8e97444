//! Endings: how a sign-in ended. A number is never changed and never reused.

use std::borrow::Cow;

use super::{
    guard::value,
    handles::ic_screen,
    screen::{look, look_text},
    text::ic_str,
};
use crate::screen::EndingKind;

/// How it ended: an `IC_ENDING_...` number; 0 while it goes on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_ending(screen: ic_screen) -> i32 {
    look(screen, 0, |object| Some(object.shared.screen.ending.as_ref()?.kind.code()))
}

/// Whether the person got what they came for. False while it goes on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_ending_is_good(screen: ic_screen) -> bool {
    look(screen, false, |object| Some(object.shared.screen.ending.as_ref()?.good))
}

/// How it ended, for the person. NULL while it goes on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_ending_text(screen: ic_screen) -> ic_str {
    look_text(screen, |object| Some(Cow::Borrowed(&object.shared.screen.ending.as_ref()?.text.text)))
}

/// When it makes sense to begin again: `none`, `now`, `later`, `elsewhere`. NULL while it goes on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_ending_retry(screen: ic_screen) -> ic_str {
    look_text(screen, |object| Some(Cow::Borrowed(object.shared.screen.ending.as_ref()?.retry.as_str())))
}

/// The name of an ending as a stable word, for example `mail_sent`; NULL for a number that is none. Valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn ic_ending_name(ending: i32) -> ic_str {
    value(ic_str::NONE, || Some(ic_str::of(EndingKind::from_code(ending)?.as_str())))
}
