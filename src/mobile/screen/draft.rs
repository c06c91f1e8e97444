//! Drafts: what a person types for one screen.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{Screen, ask::RuleKind, core, element::Element, phrase::Phrase};
use crate::{
    client::Action,
    error::{Error, ErrorKind},
    idx::AnswerValue,
    mobile::{
        answer::{Answer, JsonValue},
        error::Result,
        field::node_of,
        redacted,
    },
    secret::Secret,
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
    values: HashMap<u32, AnswerValue>,
    confirmed: HashMap<u32, Secret>,
    /// By the number of the choice, the index of the option.
    chosen: HashMap<u32, usize>,
    extras: Vec<(String, AnswerValue)>,
    /// What `next` gave, by way.
    asked: HashSet<(usize, u32)>,
}

/// One thing that is wrong with what was typed. Without the value.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Check {
    /// The path of the input, or of the choice.
    pub path: String,
    /// What to say at it.
    pub phrase: Phrase,
    /// The rule that is broken, when it is one.
    pub rule: Option<RuleKind>,
}

redacted!(Draft);

#[uniffi::export]
impl Draft {
    /// The screen that it is for.
    pub fn screen(&self) -> Result<Screen> {
        Ok(Screen::of(self.screen.clone()))
    }

    /// Puts a text into the input of this number (`Input.node`); an empty one empties it. It is taken for what the input
    /// wants: `"true"` for a toggle, `"17"` for a number, the value of an option.
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

    /// Puts what the platform's passkeys gave into the input of this number, as it is: see `Answer.setting_passkey`.
    pub fn set_passkey(&self, node: i32, response: String) -> Result<()> {
        self.put(node_of(node), response.into())
    }

    /// The second entry of a new password.
    pub fn confirm(&self, node: i32, text: String) -> Result<()> {
        let (node, text) = (node_of(node), Secret::from(text));
        self.screen.draft().confirm(self.input(node)?, text.clone())?;
        self.given().confirmed.insert(node, text);
        Ok(())
    }

    /// Chooses, in the choice of this number (`ChoiceElement.node`), the option of this index (`ChoiceOption.index`). Afterwards
    /// its own inputs can be filled.
    pub fn choose(&self, choice: i32, option: i32) -> Result<()> {
        let (choice, option) = (node_of(choice), usize::try_from(option).unwrap_or(usize::MAX));
        self.option(choice, option)?;
        self.given().chosen.insert(choice, option);
        Ok(())
    }

    /// Adds a member that no form declares: see `Answer.adding_extra`.
    pub fn add_extra(&self, path: String, value: JsonValue) -> Result<()> {
        let value = value.core()?;
        self.given().extras.push((path, value));
        Ok(())
    }

    /// What stands in the input of this number: what was typed, else what the server put there.
    pub fn value(&self, node: i32) -> Result<Option<JsonValue>> {
        let input = self.input(node_of(node))?;
        self.with(|draft| Ok(draft.value(input).cloned().map(JsonValue::from)))
    }

    /// Which option is chosen in the choice of this number, as its index.
    pub fn chosen(&self, choice: i32) -> Result<Option<i32>> {
        Ok(self.given().chosen.get(&node_of(choice)).copied().map(super::index))
    }

    /// Whether what was typed into the input of this number keeps a rule of it; none where only the server can tell.
    pub fn meets(&self, node: i32, rule: RuleKind) -> Result<Option<bool>> {
        let input = self.input(node_of(node))?;
        let rules = match &input.ask {
            core::Ask::NewPassword { rules, .. } => rules.as_slice(),
            _ => &[],
        };
        let own = rules.iter().find(|own| RuleKind::of(own.kind.clone()) == rule);
        self.with(|draft| Ok(own.and_then(|own| draft.meets(input, own))))
    }

    /// What to ask for next for the way of this index (`Way.index`), as an element of kind `Field` or `Choice`; each once, and
    /// the inputs of a chosen option after its choice. None when all was asked.
    pub fn next(&self, way: i32) -> Result<Option<Element>> {
        let way = way_of(way);
        let mut given = self.given();
        // What was typed does not matter to it, and putting it in again for each part would be quadratic.
        let mut draft = self.screen.draft();
        for (choice, option) in &given.chosen {
            draft.choose(self.option(*choice, *option)?)?;
        }
        let parts = draft.parts(way);
        let next = parts.into_iter().find(|part| given.asked.insert((way, part.node())));
        Ok(next.map(|part| Element::of_part(part, way)))
    }

    /// What is wrong with what was given for the way of this index; empty when it can be taken.
    pub fn problems(&self, way: i32) -> Result<Vec<Check>> {
        self.with(|draft| Ok(draft.problems(way_of(way)).into_iter().map(Check::from).collect()))
    }

    /// The answer for the way of this index. `SignIn.proceed` sends it, `SignIn.take` makes and sends it.
    pub fn answer(&self, way: i32) -> Result<Arc<Answer>> {
        self.with(|draft| Ok(Answer::new(draft.answer(way_of(way))?)))
    }
}

impl Draft {
    pub(in crate::mobile) fn new(screen: core::Screen) -> Arc<Self> {
        Arc::new(Draft { screen, given: Mutex::default() })
    }

    /// The screen of the core that it is for.
    pub(in crate::mobile) fn shown(&self) -> &core::Screen {
        &self.screen
    }

    /// What taking a way means to a run.
    pub(in crate::mobile) fn action(&self, way: i32) -> crate::Result<Action> {
        let taken = self.screen.ways.get(way_of(way)).ok_or_else(|| none("way"))?;
        match taken.does {
            core::Does::Wait => Ok(Action::Poll),
            core::Does::Act if taken.action.as_deref() == Some("restart") => Ok(Action::Restart),
            // Of a way that opens or launches an address it says that nothing is sent for it.
            _ => self.with(|draft| Ok(Action::Proceed(draft.answer(way_of(way))?))),
        }
    }

    /// Lets `look` see what was given as the core's draft.
    pub(in crate::mobile) fn with<'s, T, E: From<Error>>(
        &'s self,
        look: impl FnOnce(&core::Draft<'s>) -> Result<T, E>,
    ) -> Result<T, E> {
        look(&self.filled()?)
    }

    /// The core's draft, with what was given.
    fn filled(&self) -> crate::Result<core::Draft<'_>> {
        let mut draft = self.screen.draft();
        let given = self.given();
        for (choice, option) in &given.chosen {
            draft.choose(self.option(*choice, *option)?)?;
        }
        for (node, value) in &given.values {
            draft.set(self.input(*node)?, value.clone())?;
        }
        for (node, text) in &given.confirmed {
            draft.confirm(self.input(*node)?, text.clone())?;
        }
        for (path, value) in &given.extras {
            draft.extra(path, value.clone());
        }
        Ok(draft)
    }

    fn given(&self) -> MutexGuard<'_, Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, node: u32, value: AnswerValue) -> Result<()> {
        self.input(node)?;
        self.given().values.insert(node, value);
        Ok(())
    }

    fn input(&self, node: u32) -> crate::Result<&core::Input> {
        let own = |input: &&core::Input| input.node == node;
        let mut inputs = self.screen.elements.iter().filter_map(|element| match &element.kind {
            core::ElementKind::Input(input) => Some(input).filter(own),
            core::ElementKind::Choice(choice) => choice.options.iter().flat_map(|option| &option.fields).find(own),
            _ => None,
        });
        inputs.next().ok_or_else(|| none("input"))
    }

    fn option(&self, choice: u32, option: usize) -> crate::Result<&core::ChoiceOption> {
        let choice = self.screen.elements.iter().find_map(|element| match &element.kind {
            core::ElementKind::Choice(own) if own.node == choice => Some(own),
            _ => None,
        });
        let choice = choice.ok_or_else(|| none("choice"))?;
        choice.options.get(option).ok_or_else(|| none("option"))
    }
}

impl Element {
    fn of_part(part: core::Part<'_>, way: usize) -> Self {
        let (kind, label) = match part {
            core::Part::Input(input) => (core::ElementKind::Input(input.clone()), &input.label),
            core::Part::Choice(choice) => (core::ElementKind::Choice(choice.clone()), &choice.label),
        };
        Element::of(core::Element { kind, text: label.clone(), way: Some(way) }, true)
    }
}

impl From<core::Check> for Check {
    fn from(check: core::Check) -> Self {
        Check { path: check.path, phrase: Phrase::of(check.text), rule: check.rule.map(RuleKind::of) }
    }
}

/// The index of a way that came back; one that is none names nothing.
pub(in crate::mobile) fn way_of(index: i32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

fn none(what: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("the screen has no {what} with this number"))
        .with_advice("Take the number from the screen of this draft")
}
