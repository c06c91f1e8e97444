//! Drafts: what a person types for one screen, checked before anything is sent.

use std::{
    collections::{HashMap, HashSet},
    ffi::c_char,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    answer::AnswerObject,
    cancel::ic_call,
    drive::stepped,
    guard::{free, guard, value},
    handles::{IC_NO_NODE, ic_answer, ic_draft, ic_error, ic_flow, ic_node, ic_screen, ic_status, ic_step},
    screen::{Control, Shared},
    table::{self, kind},
    text::{Kept, Out, ic_str, text},
};
use crate::{
    error::{Error, ErrorKind, Result},
    idx::AnswerValue,
    screen::Draft,
    secret::Secret,
};

/// What lies behind an `ic_draft`.
pub struct DraftObject {
    screen: Arc<Shared>,
    given: Mutex<Given>,
    kept: Kept,
}
kind!(ic_draft_handle, "ic_draft", DraftObject);

/// What was given, by number; texts are wiped with it.
#[derive(Default)]
struct Given {
    values: HashMap<ic_node, AnswerValue>,
    confirmed: HashMap<ic_node, Secret>,
    /// By the number of the choice, the index of the option.
    chosen: HashMap<ic_node, usize>,
    /// What `ic_draft_next` gave, by way.
    asked: HashSet<(usize, ic_node)>,
}

impl DraftObject {
    fn given(&self) -> MutexGuard<'_, Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the draft that was made of what was given.
    fn with<T>(&self, look: impl FnOnce(&Draft<'_>) -> Result<T>) -> Result<T> {
        let mut draft = self.screen.screen.draft();
        {
            let given = self.given();
            for (node, index) in &given.chosen {
                if let Some(Control::Choice(choice)) = self.screen.control(*node)
                    && let Some(option) = choice.options.get(*index)
                {
                    draft.choose(option)?;
                }
            }
            for (node, value) in &given.values {
                if let Some(Control::Input(input)) = self.screen.control(*node) {
                    draft.set(input, value.clone())?;
                }
            }
            for (node, second) in &given.confirmed {
                if let Some(Control::Input(input)) = self.screen.control(*node) {
                    draft.confirm(input, second.clone())?;
                }
            }
        }
        look(&draft)
    }

    fn set(&self, control: ic_node, value: AnswerValue) -> Result<()> {
        match self.screen.control(control) {
            Some(Control::Input(input)) => {
                self.screen.screen.draft().set(input, value.clone())?;
                self.given().values.insert(input.node, value);
                Ok(())
            }
            Some(Control::Choice(_)) => {
                Err(Error::new(ErrorKind::InvalidArgument, "this control is chosen, not typed")
                    .with_advice("Give the index of one of its options to ic_draft_choose"))
            }
            None => Err(no_control()),
        }
    }

    fn choose(&self, control: ic_node, index: usize) -> Result<()> {
        let none = || {
            Error::new(ErrorKind::NotFound, "the control has no such option")
                .with_advice("ic_screen_control_option_count says how many there are")
        };
        match self.screen.control(control).ok_or_else(no_control)? {
            Control::Input(input) => self.set(control, input.options.get(index).ok_or_else(none)?.value.clone()),
            Control::Choice(choice) => {
                choice.options.get(index).ok_or_else(none)?;
                self.given().chosen.insert(choice.node, index);
                Ok(())
            }
        }
    }
}

fn no_control() -> Error {
    Error::new(ErrorKind::NotFound, "the screen has no such control")
        .with_advice("Take the number from ic_screen_element_control, ic_screen_control or ic_draft_next")
}

/// Changes a draft; on an error it is as it was.
unsafe fn change(draft: ic_draft, error: *mut ic_error, change: impl FnOnce(&DraftObject) -> Result<()>) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { guard(error, || change(&*table::get(draft)?)) }
}

/// An empty draft for a screen; what the server filled in stands in it. Free it with `ic_draft_free`, which wipes what was
/// typed; it outlives the handle of its screen.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_new(screen: ic_screen, out: *mut ic_draft, error: *mut ic_error) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let screen = Arc::clone(&table::get(screen)?.shared);
            out.set(table::insert(DraftObject { screen, given: Mutex::default(), kept: Kept::default() })?);
            Ok(())
        })
    }
}

/// What to ask for next to take this way: the number of an input or a choice, each once and in the order to ask it; what an
/// option brings comes after it was chosen. `IC_NO_NODE` when everything was asked. A window that shows all at once does not
/// need this.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_next(draft: ic_draft, way: usize) -> ic_node {
    value(IC_NO_NODE, || {
        let object = table::look(draft)?;
        let nodes = |draft: &Draft<'_>| draft.parts(way).into_iter().map(|part| part.node()).collect::<Vec<_>>();
        let parts = object.with(|draft| Ok(nodes(draft))).ok()?;
        let mut given = object.given();
        parts.into_iter().find(|node| given.asked.insert((way, *node)))
    })
}

/// Puts a text into an input; an empty one empties it. It is taken for what the input wants: `true` for a toggle, `17` for a
/// number, the JSON of the platform for a passkey. What is wrong with it is said by the problems.
/// Errors: `IC_ERROR_NOT_FOUND` when the screen has no such input, `IC_ERROR_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_set_text(
    draft: ic_draft,
    control: ic_node,
    value: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(draft, error, |draft| draft.set(control, text(value, "value")?.into())) }
}

/// Answers an input with yes or no. Errors: as `ic_draft_set_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_set_bool(
    draft: ic_draft,
    control: ic_node,
    value: bool,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(draft, error, |draft| draft.set(control, value.into())) }
}

/// Puts any JSON value into an input. Errors: as `ic_draft_set_text`; `IC_ERROR_INVALID_ARGUMENT` when it is not JSON.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_set_json(
    draft: ic_draft,
    control: ic_node,
    value: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(draft, error, |draft| draft.set(control, AnswerValue::from_json(text(value, "value")?)?)) }
}

/// Chooses an option of a control, by index. What it brings can be filled afterwards.
/// Errors: `IC_ERROR_NOT_FOUND` when there is no such control or option.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_choose(
    draft: ic_draft,
    control: ic_node,
    option: usize,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe { change(draft, error, |draft| draft.choose(control, option)) }
}

/// The second entry of a new password. Errors: as `ic_draft_set_text`; `IC_ERROR_INVALID_ARGUMENT` when the input wants none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_confirm(
    draft: ic_draft,
    control: ic_node,
    value: *const c_char,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        change(draft, error, |draft| {
            let second = Secret::from(text(value, "value")?);
            let Some(Control::Input(input)) = draft.screen.control(control) else { return Err(no_control()) };
            draft.screen.screen.draft().confirm(input, second.clone())?;
            draft.given().confirmed.insert(input.node, second);
            Ok(())
        })
    }
}

/// How much is wrong with what was given for a way; 0 when it can be taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_problem_count(draft: ic_draft, way: usize) -> usize {
    value(0, || table::look(draft)?.with(|draft| Ok(draft.problems(way).len())).ok())
}

/// What is wrong, in words for the person. NULL past the end. Valid until the draft is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_problem(draft: ic_draft, way: usize, index: usize) -> ic_str {
    problem(draft, way, index, |check| check.text.text)
}

/// The path of the control that it is about. NULL past the end. Valid until the draft is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_problem_path(draft: ic_draft, way: usize, index: usize) -> ic_str {
    problem(draft, way, index, |check| check.path)
}

fn problem(draft: ic_draft, way: usize, index: usize, read: fn(crate::screen::Check) -> String) -> ic_str {
    value(ic_str::NONE, || {
        let object = table::look(draft)?;
        let check = object.with(|draft| Ok(draft.problems(way).into_iter().nth(index))).ok()??;
        Some(object.kept.keep(read(check).into()))
    })
}

/// The answer for a way, for `ic_flow_proceed`; `ic_flow_take` makes and sends it. Free it with `ic_answer_free`.
/// Errors: `IC_ERROR_INVALID_ANSWER` with the problems, `IC_ERROR_INVALID_STATE` for a way that sends nothing,
/// `IC_ERROR_NOT_FOUND`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_answer(
    draft: ic_draft,
    way: usize,
    out: *mut ic_answer,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        guard(error, || {
            let out = Out::new(out, std::ptr::null_mut(), "out")?;
            let answer = table::get(draft)?.with(|draft| draft.answer(way))?;
            out.set(table::insert(AnswerObject::new(answer))?);
            Ok(())
        })
    }
}

/// Takes a way of the draft's screen, with what was given: sends its form or its action, or waits; the way `restart` begins
/// anew. The next step goes to `out`, which may be NULL. A refused answer is a step with notices, not an error. The draft is
/// not used up: free it.
/// Errors before anything is sent: `IC_ERROR_INVALID_ANSWER` with problems, or when the screen is not that of the current step;
/// `IC_ERROR_INVALID_ARGUMENT` for a way that opens or launches an address, which the program does; `IC_ERROR_NOT_FOUND`. Then
/// as `ic_flow_proceed` and `ic_flow_poll`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_flow_take(
    flow: ic_flow,
    draft: ic_draft,
    way: usize,
    call: *const ic_call,
    out: *mut ic_step,
    error: *mut ic_error,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    unsafe {
        stepped(flow, call, out, error, |flow, call| {
            table::get(draft)?.with(|draft| flow.take(draft, way, call).map(drop))
        })
    }
}

/// Wipes and frees a draft. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_draft_free(draft: ic_draft) -> ic_status {
    free(draft)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{control::*, element::*, ending::*, node::storm::read, screen::*, step::*, way::*},
        *,
    };
    use crate::capi::{answer::*, buffer::*};

    const BODY: &[u8] = br#"{"version": "1.0.0", "stateHandle": "02.id", "remediation": {"type": "array", "value": [
        {"name": "identify", "href": "https://a.example/i", "method": "POST", "value": [
            {"name": "identifier", "label": "Username", "required": true},
            {"name": "credentials", "type": "object", "required": true,
                "form": {"value": [{"name": "passcode", "label": "Password", "secret": true}]}}]},
        {"name": "select-authenticator-authenticate", "href": "https://a.example/s", "method": "POST", "value": [
            {"name": "authenticator", "type": "object", "options": [
                {"label": "Email", "relatesTo": "$.authenticators.value[0]", "value": {"form": {"value": [
                    {"name": "id", "value": "aut1", "mutable": false}]}}},
                {"label": "Phone", "relatesTo": "$.authenticators.value[1]", "value": {"form": {"value": [
                    {"name": "id", "value": "aut2", "mutable": false}]}}}]}]}]},
        "authenticators": {"type": "array", "value": [{"id": "aut1", "key": "okta_email", "type": "email"},
            {"id": "aut2", "key": "phone_number", "type": "phone"}]},
        "cancel": {"name": "cancel", "href": "https://a.example/c", "method": "POST"}}"#;

    fn screen() -> ic_screen {
        let (mut step, mut screen) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: good bytes and places.
        unsafe {
            assert_eq!(ic_step_read(BODY.as_ptr().cast(), BODY.len(), &mut step, std::ptr::null_mut()), 0);
            assert_eq!(ic_step_screen(step, &mut screen, std::ptr::null_mut()), 0);
            assert_eq!(ic_step_free(step), 0);
        }
        screen
    }

    fn is(text: ic_str, expected: &str) -> bool {
        read(text).as_deref() == Some(expected)
    }

    #[test]
    fn a_screen_is_drawn_by_index_and_by_path() {
        let screen = screen();
        // SAFETY: a live handle, good texts and places.
        unsafe {
            assert!(is(ic_screen_name(screen), "identify") && is(ic_screen_title(screen), "Sign in"));
            assert!(is(ic_screen_text(screen, c"title.text".as_ptr()), "Sign in"));
            assert!(is(ic_screen_text(screen, c"elements.0.ask".as_ptr()), "username"));
            assert!(ic_screen_bool(screen, c"elements.0.required".as_ptr()));
            let mut node = -1;
            assert!(ic_screen_number(screen, c"ways.0.nodes.0".as_ptr(), &mut node) && node > 0);
            assert!(!ic_screen_number(screen, c"ways.99".as_ptr(), &mut node) && node == 0);
            assert_eq!(ic_screen_count(screen, c"elements".as_ptr()), ic_screen_element_count(screen));
            let name = ic_screen_control(screen, c"identifier".as_ptr());
            assert_eq!(ic_screen_element_control(screen, 0), name);
            assert!(is(ic_screen_element_kind(screen, 0), "input") && ic_screen_element_is_front(screen, 0));
            assert!(is(ic_screen_control_ask(screen, name), "username") && !ic_screen_control_is_secret(screen, name));
            assert!(ic_screen_control_is_secret(screen, ic_screen_element_control(screen, 1)));
            assert!(is(ic_screen_suggested(screen), "answer") && is(ic_screen_way_role(screen, 0), "primary"));
            assert_eq!(ic_screen_suggested_way(screen), 0);
            assert_eq!((ic_screen_suggested_skip(screen), ic_screen_ending(screen)), (IC_NO_WAY, 0));
            let cancel = ic_screen_way_named(screen, c"cancel".as_ptr());
            assert!(is(ic_screen_way_does(screen, cancel), "act") && ic_screen_way_label(screen, 99).data.is_null());
            assert!(is(ic_ending_name(7), "mail_sent") && ic_ending_name(0).data.is_null());
            assert_eq!(ic_screen_free(screen), 0);
            assert!(ic_screen_name(screen).data.is_null() && ic_screen_way_count(screen) == 0);
        }
    }

    #[test]
    fn what_is_typed_is_checked_and_becomes_the_answer() {
        let screen = screen();
        let (mut draft, mut answer, mut body) = (std::ptr::null_mut(), std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: live handles, good texts and places.
        unsafe {
            assert_eq!(ic_draft_new(screen, &mut draft, std::ptr::null_mut()), 0);
            let (name, password) = (ic_draft_next(draft, 0), ic_draft_next(draft, 0));
            assert!(is(ic_screen_control_path(screen, name), "identifier"));
            assert_eq!(ic_draft_next(draft, 0), IC_NO_NODE);
            assert_eq!(ic_draft_problem_count(draft, 0), 2);
            assert!(is(ic_draft_problem_path(draft, 0, 1), "credentials.passcode"));
            assert!(read(ic_draft_problem(draft, 0, 0)).is_some_and(|text| !text.is_empty()));
            assert_ne!(ic_draft_answer(draft, 0, &mut answer, std::ptr::null_mut()), 0);
            assert_eq!(ic_draft_set_text(draft, name, c"ada".as_ptr(), std::ptr::null_mut()), 0);
            assert_eq!(ic_draft_set_json(draft, password, c"\"pw\"".as_ptr(), std::ptr::null_mut()), 0);
            assert_ne!(ic_draft_set_text(draft, 0, c"x".as_ptr(), std::ptr::null_mut()), 0);
            assert_ne!(ic_draft_confirm(draft, name, c"x".as_ptr(), std::ptr::null_mut()), 0);
            assert_eq!(ic_draft_problem_count(draft, 0), 0);

            let list = ic_screen_control(screen, c"authenticator".as_ptr());
            assert_eq!(ic_screen_control_option_count(screen, list), 2);
            assert!(read(ic_screen_control_option_name(screen, list, 1)).unwrap().starts_with("phone_number"));
            assert_ne!(ic_draft_choose(draft, list, 2, std::ptr::null_mut()), 0);
            assert_ne!(ic_draft_set_bool(draft, list, true, std::ptr::null_mut()), 0);
            assert_eq!(ic_draft_choose(draft, list, 1, std::ptr::null_mut()), 0);

            let choose = ic_screen_way_named(screen, c"select-authenticator-authenticate".as_ptr());
            assert_eq!(ic_screen_free(screen), 0, "the draft holds what it needs");
            for (way, expected) in [
                (0, r#"{"identifier":"ada","credentials":{"passcode":"pw"},"stateHandle":"02.id"}"#),
                (choose, r#"{"authenticator":{"id":"aut2"},"stateHandle":"02.id"}"#),
            ] {
                assert_eq!(ic_draft_answer(draft, way, &mut answer, std::ptr::null_mut()), 0);
                assert_eq!(ic_answer_body(answer, &mut body, std::ptr::null_mut()), 0);
                assert!(is(ic_buffer_text(body), expected));
                assert_eq!((ic_buffer_free(body), ic_answer_free(answer)), (0, 0));
            }
            assert_eq!(ic_draft_free(draft), 0);
            assert_eq!(ic_draft_next(draft, 0), IC_NO_NODE);
        }
    }
}
