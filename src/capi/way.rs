//! Ways: everything that can be done on a screen, by index; cancel and "send again" are ways like any other.

use std::{borrow::Cow, ffi::c_char};

use super::{
    handles::ic_screen,
    screen::{look, look_text},
    text::{ic_str, text},
};
use crate::screen::Way;

/// No way.
pub const IC_NO_WAY: usize = usize::MAX;

fn text_of(screen: ic_screen, way: usize, read: impl for<'a> FnOnce(&'a Way) -> Option<&'a str>) -> ic_str {
    look_text(screen, |object| read(object.way(way)?).map(Cow::Borrowed))
}

/// How many ways there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_way_count(screen: ic_screen) -> usize {
    look(screen, 0, |object| Some(object.shared.screen.ways.len()))
}

/// What the button or link of a way says. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_way_label(screen: ic_screen, way: usize) -> ic_str {
    text_of(screen, way, |way| Some(&way.label.text))
}

/// How much it matters: `primary` (none or one), `alternative`, `link`, `cancel` (none or one).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_way_role(screen: ic_screen, way: usize) -> ic_str {
    text_of(screen, way, |way| Some(way.role.as_str()))
}

/// What taking it does: `submit`, `act`, `choose`, `passkey`, `wait` are `ic_flow_take`'s; `open` and `launch` are the program's:
/// it hands the address (`ic_screen_way_url`) to a browser or to the system.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_way_does(screen: ic_screen, way: usize) -> ic_str {
    text_of(screen, way, |way| Some(way.does.as_str()))
}

/// What to open or to launch. NULL where there is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_way_url(screen: ic_screen, way: usize) -> ic_str {
    text_of(screen, way, |way| way.url.as_deref())
}

/// Its wire name when it is a remediation, else the path of the action, else `restart`: for programs that take a way by name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_way_name(screen: ic_screen, way: usize) -> ic_str {
    text_of(screen, way, name)
}

/// The first way of this name (`ic_screen_way_name`), a quiet one, too. `IC_NO_WAY` where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_way_named(screen: ic_screen, wanted: *const c_char) -> usize {
    look(screen, IC_NO_WAY, |object| {
        // SAFETY: by the conventions of the header.
        let wanted = unsafe { text(wanted, "wanted") }.ok()?;
        object.shared.screen.ways.iter().position(|way| name(way) == Some(wanted))
    })
}

/// Whether it need not be drawn; it can be taken all the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_way_is_quiet(screen: ic_screen, way: usize) -> bool {
    look(screen, false, |object| Some(object.way(way)?.quiet))
}

/// When to show it, in milliseconds after the step came: "send again" is not for at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_way_after_ms(screen: ic_screen, way: usize) -> u64 {
    look(screen, 0, |object| Some(object.way(way)?.after_ms))
}

fn name(way: &Way) -> Option<&str> {
    way.remediation.as_deref().or(way.action.as_deref())
}
