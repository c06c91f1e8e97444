//! What a person typed for one screen, and the answer made of it.

use super::{Screen, element::Input};
use crate::{
    error::{Error, ErrorKind, Result},
    idx::{Answer, AnswerValue},
};

/// What was typed for one screen. It dies with the screen; texts in it are wiped.
pub struct Draft<'s> {
    screen: &'s Screen,
    values: Vec<(u32, AnswerValue)>,
}

impl<'s> Draft<'s> {
    pub(super) fn new(screen: &'s Screen) -> Self {
        Draft { screen, values: Vec::new() }
    }

    /// Puts a value into an input; a later one replaces an earlier one.
    pub fn set(&mut self, input: &Input, value: impl Into<AnswerValue>) -> Result<()> {
        self.values.push((input.node, value.into()));
        Ok(())
    }

    /// The answer for a way.
    pub fn answer(&self, way: usize) -> Result<Answer> {
        let none = || Error::new(ErrorKind::NotFound, "the screen has no such way");
        let way = self.screen.ways.get(way).ok_or_else(none)?;
        let node = way.nodes.first().ok_or_else(none)?;
        let step = self.screen.step();
        let remediation = step.remediation_at(*node).ok_or_else(none)?;
        let mut answer = remediation.answer()?;
        for (node, value) in &self.values {
            answer.put_at(*node, value.clone())?;
        }
        Ok(answer)
    }
}
