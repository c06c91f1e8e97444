//! Drafts: what a person types for one screen.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Screen, core};
use crate::{
    error::{Error, ErrorKind},
    idx::AnswerValue,
    mobile::{
        answer::{Answer, JsonValue},
        error::Result,
        field::node_of,
        redacted,
    },
};

/// What a person types for one screen; `Step.draft` and `SignIn.draft` make it. It dies with its screen; texts in it are
/// wiped. Errors of setting: `SignInError.WrongAnswer`, when the screen has no such input.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Draft {
    screen: core::Screen,
    given: Mutex<Vec<(u32, AnswerValue)>>,
}

redacted!(Draft);

#[uniffi::export]
impl Draft {
    /// The screen that it is for.
    pub fn screen(&self) -> Result<Screen> {
        Ok(Screen::of(&self.screen))
    }

    /// Puts a text into the input of this number (`Input.node`).
    pub fn set_text(&self, node: i32, text: String) -> Result<()> {
        self.put(node_of(node), text.into())
    }

    /// Answers the input of this number with yes or no.
    pub fn set_flag(&self, node: i32, value: bool) -> Result<()> {
        self.put(node_of(node), value.into())
    }

    /// Puts any value into the input of this number: that of one of its options, say.
    pub fn set_value(&self, node: i32, value: JsonValue) -> Result<()> {
        self.put(node_of(node), value.core()?)
    }

    /// The answer for the way of this index (`Way.index`).
    pub fn answer(&self, way: i32) -> Result<Arc<Answer>> {
        let way = usize::try_from(way).unwrap_or(usize::MAX);
        self.with(|draft| Ok(Answer::new(draft.answer(way)?)))
    }
}

impl Draft {
    pub(in crate::mobile) fn new(screen: core::Screen) -> Arc<Self> {
        Arc::new(Draft { screen, given: Mutex::default() })
    }

    fn given(&self) -> MutexGuard<'_, Vec<(u32, AnswerValue)>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, node: u32, value: AnswerValue) -> Result<()> {
        self.input(node)?;
        let mut given = self.given();
        given.retain(|(other, _)| *other != node);
        given.push((node, value));
        Ok(())
    }

    /// Lets `look` see what was given as the core's draft.
    fn with<T>(&self, look: impl FnOnce(&core::Draft<'_>) -> Result<T>) -> Result<T> {
        let mut draft = self.screen.draft();
        for (node, value) in self.given().iter() {
            draft.set(self.input(*node)?, value.clone())?;
        }
        look(&draft)
    }

    fn input(&self, node: u32) -> Result<&core::Input> {
        let inputs = self.screen.elements.iter().flat_map(|element| match &element.kind {
            core::ElementKind::Input(input) => vec![input],
            core::ElementKind::Choice(choice) => choice.options.iter().flat_map(|option| &option.fields).collect(),
            _ => Vec::new(),
        });
        let none = || Error::new(ErrorKind::NotFound, "the screen has no input with this number");
        Ok(inputs.into_iter().find(|input| input.node == node).ok_or_else(none)?)
    }
}
