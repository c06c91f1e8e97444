//! What lies behind a step, and how getters look into it: a text or node of what is there, nothing for anything else.

use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

use super::{
    guard::value,
    handles::{IC_NO_NODE, ic_node, ic_step},
    lists::{List, Lists},
    table::{self, kind},
    text::{Kept, Out, ic_str},
};
use crate::idx::{Authenticator, Field, FieldOption, Json, Message, Remediation, Step};

/// What lies behind an `ic_step`.
pub struct StepObject {
    step: Step,
    kept: Kept,
    lists: Lists,
    action_paths: OnceLock<Vec<String>>,
}
kind!(ic_step_handle, "ic_step", StepObject);

impl StepObject {
    pub(super) fn new(step: Step) -> Self {
        StepObject { step, kept: Kept::default(), lists: Lists::default(), action_paths: OnceLock::new() }
    }

    pub(super) fn step(&self) -> &Step {
        &self.step
    }

    /// Where the actions stand.
    pub(super) fn action_paths(&self) -> &[String] {
        self.action_paths.get_or_init(|| self.step.actions().into_iter().map(|(path, _)| path).collect())
    }

    /// The nodes of a list; `owner` is what it is of.
    pub(super) fn list(&self, list: List, owner: ic_node) -> Option<Arc<[ic_node]>> {
        self.lists.get(&self.step, list, owner)
    }

    /// An entry of a list, as a value.
    pub(super) fn listed(&self, list: List, owner: ic_node, index: usize) -> Option<Json<'_>> {
        self.step.node(*self.list(list, owner)?.get(index)?)
    }

    pub(super) fn remediation(&self, node: ic_node) -> Option<Remediation<'_>> {
        self.step.remediation_at(node)
    }

    pub(super) fn field(&self, node: ic_node) -> Option<Field<'_>> {
        self.step.field_at(node)
    }

    pub(super) fn option(&self, node: ic_node) -> Option<FieldOption<'_>> {
        self.step.option_at(node)
    }

    pub(super) fn authenticator(&self, node: ic_node) -> Option<Authenticator<'_>> {
        self.step.authenticator_at(node)
    }

    pub(super) fn message(&self, node: ic_node) -> Option<Message<'_>> {
        self.step.message_at(node)
    }
}

/// The body of a getter of a step.
pub(super) fn read<T>(step: ic_step, nothing: T, read: impl FnOnce(&StepObject) -> Option<T>) -> T {
    value(nothing, || read(&*table::look(step)?))
}

/// As [`read`], for a text: what it does not borrow from the step is kept with it.
pub(super) fn text(step: ic_step, read: impl for<'a> FnOnce(&'a StepObject) -> Option<Cow<'a, str>>) -> ic_str {
    self::read(step, ic_str::NONE, |object| Some(object.kept.keep(read(object)?)))
}

/// As [`read`], for a node.
pub(super) fn node(step: ic_step, read: impl FnOnce(&StepObject) -> Option<ic_node>) -> ic_node {
    self::read(step, IC_NO_NODE, read)
}

/// How long a list is.
pub(super) fn list_count(step: ic_step, list: List, owner: ic_node) -> usize {
    count(step, |object| Some(object.list(list, owner)?.len()))
}

/// An entry of a list.
pub(super) fn list_node(step: ic_step, list: List, owner: ic_node, index: usize) -> ic_node {
    node(step, |object| object.list(list, owner)?.get(index).copied())
}

/// As [`read`], for a number of things.
pub(super) fn count(step: ic_step, read: impl FnOnce(&StepObject) -> Option<usize>) -> usize {
    self::read(step, 0, read)
}

/// As [`read`], for a yes or no.
pub(super) fn flag(step: ic_step, read: impl FnOnce(&StepObject) -> Option<bool>) -> bool {
    self::read(step, false, read)
}

/// As [`read`], for a number that may be absent: whether it is there.
///
/// # Safety
/// `out` is NULL or points to a writable number.
pub(super) unsafe fn number<T: Default>(
    step: ic_step,
    out: *mut T,
    read: impl FnOnce(&StepObject) -> Option<T>,
) -> bool {
    value(false, || {
        // SAFETY: by this function's contract.
        let out = unsafe { Out::new(out, T::default(), "out") }.ok()?;
        out.set(read(&*table::look(step)?)?);
        Some(true)
    })
}
