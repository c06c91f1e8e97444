//! Drafts: what a person types for one screen.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Screen, core};
use crate::{
    error::{Error, ErrorKind},
    idx::{self, AnswerValue},
    mobile::{
        answer::{Answer, JsonValue},
        error::{AnswerProblem, Result},
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
    given: Mutex<Given>,
}

#[derive(Default)]
struct Given {
    values: Vec<(u32, AnswerValue)>,
    /// By the number of the choice, the index of the option.
    chosen: Vec<(u32, usize)>,
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

    /// Chooses, in the choice of this number (`ChoiceElement.node`), the option of this index (`ChoiceOption.index`). Afterwards
    /// its own inputs can be filled.
    pub fn choose(&self, choice: i32, option: i32) -> Result<()> {
        let (choice, option) = (node_of(choice), usize::try_from(option).unwrap_or(usize::MAX));
        self.option(choice, option)?;
        let mut given = self.given();
        given.chosen.retain(|(other, _)| *other != choice);
        given.chosen.push((choice, option));
        Ok(())
    }

    /// What is wrong with what was given for the way of this index (`Way.index`); empty when it can be taken.
    pub fn problems(&self, way: i32) -> Result<Vec<AnswerProblem>> {
        Ok(self.made(way)?.problems().into_iter().map(AnswerProblem::from).collect())
    }

    /// The answer for the way of this index. `SignIn.proceed` sends it.
    pub fn answer(&self, way: i32) -> Result<Arc<Answer>> {
        Ok(Answer::new(self.made(way)?))
    }
}

/// What taking a way means for the sign-in.
pub enum Taken {
    /// Send this.
    Answer(Box<idx::Answer>),
    /// Begin anew.
    Restart,
    /// Poll.
    Wait,
}

impl Draft {
    /// What taking this way means.
    pub(in crate::mobile) fn does(&self, index: i32) -> Result<Taken> {
        let way = usize::try_from(index).ok().and_then(|index| self.screen.ways.get(index));
        let way = way.ok_or_else(|| none("way"))?;
        match way.does {
            core::Does::Wait => Ok(Taken::Wait),
            core::Does::Act if way.nodes.is_empty() => Ok(Taken::Restart),
            core::Does::Submit | core::Does::Act | core::Does::Choose | core::Does::Passkey => {
                Ok(Taken::Answer(Box::new(self.made(index)?)))
            }
            core::Does::Open | core::Does::Launch => {
                Err(Error::new(ErrorKind::InvalidState, "this way leads to a browser or to another app")
                    .with_advice("Open the url of the way; then handle_callback, or wait")
                    .into())
            }
        }
    }

    pub(in crate::mobile) fn new(screen: core::Screen) -> Arc<Self> {
        Arc::new(Draft { screen, given: Mutex::default() })
    }

    fn given(&self) -> MutexGuard<'_, Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, node: u32, value: AnswerValue) -> Result<()> {
        self.input(node)?;
        let mut given = self.given();
        given.values.retain(|(other, _)| *other != node);
        given.values.push((node, value));
        Ok(())
    }

    fn made(&self, way: i32) -> Result<idx::Answer> {
        let given = self.given();
        let mut draft = self.screen.draft();
        for (node, value) in &given.values {
            draft.set(self.input(*node)?, value.clone())?;
        }
        let mut answer = draft.answer(usize::try_from(way).unwrap_or(usize::MAX))?;
        for (choice, option) in &given.chosen {
            let option = self.option(*choice, *option)?;
            answer.choose_at(option.node)?;
            for preset in &option.sets {
                answer.put(preset.path.as_str(), preset.value.clone())?;
            }
        }
        Ok(answer)
    }

    fn input(&self, node: u32) -> Result<&core::Input> {
        let inputs = self.screen.elements.iter().flat_map(|element| match &element.kind {
            core::ElementKind::Input(input) => vec![input],
            core::ElementKind::Choice(choice) => choice.options.iter().flat_map(|option| &option.fields).collect(),
            _ => Vec::new(),
        });
        Ok(inputs.into_iter().find(|input| input.node == node).ok_or_else(|| none("input"))?)
    }

    fn option(&self, choice: u32, option: usize) -> Result<&core::ChoiceOption> {
        let choice = self.screen.elements.iter().find_map(|element| match &element.kind {
            core::ElementKind::Choice(own) if own.node == choice => Some(own),
            _ => None,
        });
        let choice = choice.ok_or_else(|| none("choice"))?;
        Ok(choice.options.get(option).ok_or_else(|| none("option"))?)
    }
}

fn none(what: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("the screen has no {what} with this number"))
        .with_advice("Take the number from the screen of this draft")
}
