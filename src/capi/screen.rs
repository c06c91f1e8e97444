//! Screens: what a person sees and can do at a step, decided by the library; a program only draws it (docs/screen.md).

use std::{
    borrow::Cow,
    collections::HashMap,
    ffi::c_char,
    sync::{Arc, OnceLock},
};

use super::{
    flow::no_step,
    guard::{free, guard, value},
    handles::{ic_error, ic_flow, ic_node, ic_screen, ic_status, ic_step},
    table::{self, kind},
    text::{Kept, Out, ic_str, text},
};
use crate::{
    idx::{Document, Json},
    screen::{ChoiceElement, Element, ElementKind, Input, Notice, Screen, Way},
};

/// What lies behind an `ic_screen`. A draft holds what is shared, so that it may outlive its screen's handle.
pub struct ScreenObject {
    pub(super) shared: Arc<Shared>,
    kept: Kept,
}
kind!(ic_screen_handle, "ic_screen", ScreenObject);

/// A screen, and what is found in it once.
pub(super) struct Shared {
    pub(super) screen: Screen,
    /// The screen as JSON, to be looked into by path.
    json: OnceLock<Option<Arc<Document>>>,
    controls: OnceLock<HashMap<ic_node, Place>>,
    /// Of each element, whether it is in front.
    front: OnceLock<Vec<bool>>,
}

/// Where an input or a choice stands: its element; for an input that an option brings, option and input, too.
#[derive(Clone, Copy)]
struct Place {
    element: usize,
    within: Option<(usize, usize)>,
}

/// What a person fills in.
#[derive(Clone, Copy)]
pub(super) enum Control<'s> {
    /// One value.
    Input(&'s Input),
    /// One of several things.
    Choice(&'s ChoiceElement),
}

impl ScreenObject {
    /// The screen itself.
    pub(super) fn core(&self) -> &Screen {
        &self.shared.screen
    }

    pub(super) fn new(screen: Screen) -> Self {
        let shared = Shared { screen, json: OnceLock::new(), controls: OnceLock::new(), front: OnceLock::new() };
        ScreenObject { shared: Arc::new(shared), kept: Kept::default() }
    }

    pub(super) fn way(&self, index: usize) -> Option<&Way> {
        self.shared.screen.ways.get(index)
    }

    pub(super) fn element(&self, index: usize) -> Option<&Element> {
        self.shared.screen.elements.get(index)
    }

    fn notice(&self, index: usize) -> Option<&Notice> {
        self.shared.screen.notices.get(index)
    }
}

impl Shared {
    /// The input or choice of this number.
    pub(super) fn control(&self, node: ic_node) -> Option<Control<'_>> {
        let place = self.controls.get_or_init(|| places(&self.screen)).get(&node)?;
        match (&self.screen.elements.get(place.element)?.kind, place.within) {
            (ElementKind::Input(input), _) => Some(Control::Input(input)),
            (ElementKind::Choice(choice), None) => Some(Control::Choice(choice)),
            (ElementKind::Choice(choice), Some((option, field))) => {
                Some(Control::Input(choice.options.get(option)?.fields.get(field)?))
            }
            _ => None,
        }
    }

    /// Of each element, whether it is drawn when the screen comes.
    pub(super) fn front(&self) -> &[bool] {
        self.front.get_or_init(|| {
            let mut front = vec![false; self.screen.elements.len()];
            for at in self.screen.front() {
                front.get_mut(at).into_iter().for_each(|front| *front = true);
            }
            front
        })
    }

    fn json(&self) -> Option<&Arc<Document>> {
        let read = || Document::read(self.screen.to_json().as_bytes()).ok().map(Arc::new);
        self.json.get_or_init(read).as_ref()
    }

    /// The value at a path of names and places: `elements.2.label.text`.
    fn at(&self, path: &str) -> Option<Json<'_>> {
        let mut parts = path.split('.').filter(|part| !part.is_empty());
        parts.try_fold(self.json()?.root(), |at, part| at.get(part).or_else(|| at.item(part.parse().ok()?)))
    }
}

/// Every input and choice of a screen by number; of one that is there twice the first.
fn places(screen: &Screen) -> HashMap<ic_node, Place> {
    let mut places = HashMap::new();
    for (element, at) in screen.elements.iter().enumerate() {
        match &at.kind {
            ElementKind::Input(input) => drop(places.entry(input.node).or_insert(Place { element, within: None })),
            ElementKind::Choice(choice) => {
                places.entry(choice.node).or_insert(Place { element, within: None });
                for (option, of) in choice.options.iter().enumerate() {
                    for (field, input) in of.fields.iter().enumerate() {
                        places.entry(input.node).or_insert(Place { element, within: Some((option, field)) });
                    }
                }
            }
            _ => {}
        }
    }
    places
}

/// The body of a getter of a screen.
pub(super) fn look<T>(screen: ic_screen, nothing: T, read: impl FnOnce(&ScreenObject) -> Option<T>) -> T {
    value(nothing, || read(&*table::look(screen)?))
}

/// As [`look`], for a text: what is not part of the screen is kept with it.
pub(super) fn look_text(
    screen: ic_screen,
    read: impl for<'a> FnOnce(&'a ScreenObject) -> Option<Cow<'a, str>>,
) -> ic_str {
    look(screen, ic_str::NONE, |object| Some(object.kept.keep(read(object)?)))
}

fn give(out: *mut ic_screen, error: *mut ic_error, make: impl FnOnce() -> crate::error::Result<Screen>) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            out.set(table::insert(ScreenObject::new(make()?))?);
            Ok(())
        })
    }
}

/// The screen of a step. Equal steps give equal screens. Free it with `ic_screen_free`; it outlives its step.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_step_screen(step: ic_step, out: *mut ic_screen, error: *mut ic_error) -> ic_status {
    give(out, error, || Ok(Screen::of(table::get(step)?.step())))
}

/// The screen of a flow's current step, and what only the flow knows beside it: that a challenge was polled before it
/// ended. Never busy: while a call is under way it is the screen of the step that the call has come to. Free it with
/// `ic_screen_free`.
/// Errors: `IC_ERROR_INVALID_STATE` when the flow has no step, `IC_ERROR_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_screen(flow: ic_flow, out: *mut ic_screen, error: *mut ic_error) -> ic_status {
    give(out, error, || table::get(flow)?.look(|seen| seen.screen()).ok_or_else(no_step))
}

/// The whole screen as JSON, for a web view or another renderer (docs/screen.md). It holds what the person sees, the
/// secret of an app being set up and the number to match among it: do not log it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_json(screen: ic_screen) -> ic_str {
    look_text(screen, |object| Some(Cow::Borrowed(object.shared.json()?.text())))
}

/// A text anywhere in the JSON of the screen, by a path of names and places: `elements.2.label.text`, `ways.0.url`,
/// `subject.app`. A number or a boolean as written. NULL where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_text(screen: ic_screen, path: *const c_char) -> ic_str {
    look_text(screen, |object| {
        // SAFETY: by the conventions of the header.
        object.shared.at(unsafe { text(path, "path") }.ok()?)?.scalar_text()
    })
}

/// A number anywhere in the JSON of the screen, by its path: `elements.1.interval_ms`. False, and 0, where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_number(screen: ic_screen, path: *const c_char, out: *mut i64) -> bool {
    value(false, || {
        // SAFETY: by the conventions of the header.
        let out = unsafe { Out::new(out, 0, "out") }.ok()?;
        let object = table::look(screen)?;
        // SAFETY: as above.
        let number = object.shared.at(unsafe { text(path, "path") }.ok()?)?.as_f64()?;
        out.set(number as i64);
        Some(true)
    })
}

/// Whether a boolean anywhere in the JSON of the screen is true, by its path: `elements.0.required`. What is absent is not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_bool(screen: ic_screen, path: *const c_char) -> bool {
    look(screen, false, |object| {
        // SAFETY: by the conventions of the header.
        object.shared.at(unsafe { text(path, "path") }.ok()?)?.as_bool()
    })
}

/// How many entries a list or members an object has, by its path: `elements.2.scopes`. 0 for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_count(screen: ic_screen, path: *const c_char) -> usize {
    look(screen, 0, |object| {
        // SAFETY: by the conventions of the header.
        Some(object.shared.at(unsafe { text(path, "path") }.ok()?)?.size())
    })
}

/// What screen it is, for a program that draws one of them in its own way: `identify`, `verify.okta_email.email`,
/// `select.verify`, `ended.unlocked`, `other`. An open set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_name(screen: ic_screen) -> ic_str {
    look_text(screen, |object| Some(Cow::Borrowed(object.shared.screen.name.as_str())))
}

/// The heading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_title(screen: ic_screen) -> ic_str {
    look_text(screen, |object| Some(Cow::Borrowed(object.shared.screen.title.text.as_str())))
}

/// Who signs in, where the server knows: the user name. NULL otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_identifier(screen: ic_screen) -> ic_str {
    look_text(screen, |object| object.shared.screen.subject.as_ref()?.identifier.as_deref().map(Cow::Borrowed))
}

/// What is signed in to: the name of the app. NULL where the server does not say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_app(screen: ic_screen) -> ic_str {
    look_text(screen, |object| object.shared.screen.subject.as_ref()?.app.as_deref().map(Cow::Borrowed))
}

/// How many things the server says to the person. Each is there once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_notice_count(screen: ic_screen) -> usize {
    look(screen, 0, |object| Some(object.shared.screen.notices.len()))
}

/// What the server says: a wrong password, a warning. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_notice(screen: ic_screen, index: usize) -> ic_str {
    look_text(screen, |object| Some(Cow::Borrowed(object.notice(index)?.text.text.as_str())))
}

/// How serious it is: `error`, `warning`, `info`, `success`. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_notice_severity(screen: ic_screen, index: usize) -> ic_str {
    look_text(screen, |object| Some(Cow::Borrowed(object.notice(index)?.severity.as_str())))
}

/// The one default, which may be followed blindly: `answer` (ask the person), `wait` (poll), `device`, `open` (an address, in a
/// browser), `submit` (nothing is asked), `end`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_suggested(screen: ic_screen) -> ic_str {
    look_text(screen, |object| Some(Cow::Borrowed(object.shared.screen.suggested.kind.as_str())))
}

/// The index of the suggested way; `IC_NO_WAY` where the person must pick one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_suggested_way(screen: ic_screen) -> usize {
    look(screen, super::way::IC_NO_WAY, |object| object.shared.screen.suggested.way)
}

/// The index of the way to take without a word of the person, where something else is waited for, a device challenge is given up
/// (ask the app first, when it can prove the device), or the form asks nothing; `IC_NO_WAY` where the person is asked.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_unasked_way(screen: ic_screen) -> usize {
    look(screen, super::way::IC_NO_WAY, |object| object.shared.screen.suggested.unasked())
}

/// The index of the way that leaves this step out; `IC_NO_WAY` where it cannot be. Offer it, never take it unasked.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_suggested_skip(screen: ic_screen) -> usize {
    look(screen, super::way::IC_NO_WAY, |object| object.shared.screen.suggested.skip)
}

/// Frees a screen. NULL is fine. Its texts end with it; drafts of it stay.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_screen_free(screen: ic_screen) -> ic_status {
    free(screen)
}
