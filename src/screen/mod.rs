//! The screen: what a person sees and can do at a step, decided once.
//!
//! [`Screen::of`] turns a [`Step`] into a description that anything can draw with one `match`: a title, notices, elements in
//! their order, and the **ways** on, one of which is [suggested](Screen::suggested). Every remediation and action of the step
//! is in a way, every field that a person decides is an input with what it asks for ([`Ask`]); what nobody has heard of is
//! drawn, too. It is pure, and equal steps give equal screens. A face that draws it contains no rule of the protocol.
//!
//! What a person typed goes into a [`Draft`], which checks what can be checked here and builds the
//! [`Answer`] for a way.
//!
//! ```
//! # let body = br#"{"version":"1.0.0","stateHandle":"02.id","remediation":{"value":[{"name":"identify","href":"https://a.example/idp/idx/identify",
//! #   "method":"POST","value":[{"name":"identifier","required":true},{"name":"stateHandle","required":true,"value":"02.id","mutable":false}]}]}}"#;
//! use interaction_code::{idx::Step, screen::{ElementKind, Screen}};
//!
//! let screen = Screen::of(&Step::read(body)?);
//! let mut draft = screen.draft();
//! for element in &screen.elements {
//!     if let ElementKind::Input(input) = &element.kind {
//!         draft.set(input, "ada@example.com")?; // what the person typed under input.label.text
//!     }
//! }
//! let way = screen.suggested.way.expect("a form to answer");
//! let answer = draft.answer(way)?; // for Flow::proceed
//! # Ok::<(), interaction_code::Error>(())
//! ```

mod address;
mod ask;
mod context;
mod draft;
mod element;
mod ending;
mod english;
mod failure;
mod input;
mod json;
mod known;
mod markup;
mod notice;
mod outcome;
mod password;
mod phrase;
mod steps;
mod subject;
mod suggested;
mod way;
mod words;

use std::{collections::HashSet, fmt};

pub use ask::{Ask, Autofill, CaptchaKind, ChoiceStyle, CodeSource, Direction, Keyboard, Rule, RuleKind};
pub use draft::{Check, Draft, Part};
pub use element::{
    ChoiceElement, ChoiceOption, Element, ElementKind, Fact, Group, Input, InputOption, ListStyle, Picture,
    PictureKind, Requirements, Scope, TextElement, TextRole, WaitingElement, WaitingFor,
};
pub use ending::{Ending, EndingKind, Retry};
pub use failure::Failure;
pub use notice::{Link, Notice, Place, Severity};
pub use outcome::Outcome;
pub use password::PasswordFact;
pub use phrase::{Phrase, PhraseSource};
pub use subject::{Subject, SubjectClient, SubjectLink};
pub use suggested::{Suggested, SuggestedKind};
pub use way::{Does, Preset, Role, Way};

use crate::{
    error::Result,
    idx::{Answer, AnswerValue, Step},
};

/// Every text of this library that a person may read: its key and its English, in the order of the keys. For an app that
/// brings its own words; `{name}` in a text is an argument.
pub fn phrases() -> impl Iterator<Item = (&'static str, &'static str)> {
    phrase::all()
}

/// What a person sees and can do at one step. A value without hidden state: equal steps give equal screens.
#[derive(Clone)]
#[non_exhaustive]
pub struct Screen {
    /// `area[.key[.method]]`: `identify`, `verify.okta_email.email`, `select.verify`, `ended.unlocked`, `other`. For an app
    /// that wants its own picture for one screen; never decide by a phrase.
    pub name: String,
    /// The heading.
    pub title: Phrase,
    /// Who signs in and to what, where there is something to say about it.
    pub subject: Option<Subject>,
    /// What the server says, each once.
    pub notices: Vec<Notice>,
    /// What to draw, in order.
    pub elements: Vec<Element>,
    /// Everything that can be done, cancel included.
    pub ways: Vec<Way>,
    /// The one default.
    pub suggested: Suggested,
    /// How it ended, when it ended.
    pub ending: Option<Ending>,
    step: Step,
}

impl Screen {
    /// The screen of a step. Never fails: what is unknown is drawn as a form, a button or an address.
    ///
    /// Linear in the bytes of the step.
    pub fn of(step: &Step) -> Screen {
        steps::screen(step)
    }

    /// The step that it was made of.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// The elements to draw when the screen comes, by index: those that belong to no way, those of the primary way, and
    /// without one those of every way that sets something by itself. The others are drawn when their way is taken.
    pub fn front(&self) -> Vec<usize> {
        let node = |way: &Way| way.nodes.first().copied();
        let primary = self.ways.iter().find(|way| way.role == Role::Primary);
        let shown: HashSet<Option<u32>> = match primary {
            Some(way) => HashSet::from([node(way)]),
            None => self.ways.iter().filter(|way| !way.sets.is_empty()).map(node).collect(),
        };
        let in_front = |element: &Element| {
            element.way.is_none_or(|way| self.ways.get(way).is_some_and(|way| shown.contains(&node(way))))
        };
        let elements = self.elements.iter().enumerate();
        elements.filter(|(_, element)| in_front(element)).map(|(index, _)| index).collect()
    }

    /// An empty draft of what the person types. Presets of the server are in it.
    pub fn draft(&self) -> Draft<'_> {
        Draft::new(self)
    }

    /// The answer for a way in one go: values by the path of their inputs. The path of a choice takes the number of an option
    /// ([`ChoiceOption::node`]), its key, its enrolment or its method, as far as one option alone has it. A new password needs
    /// no second entry here.
    ///
    /// Errors: as [`Draft::answer`], and [`ErrorKind::InvalidAnswer`](crate::ErrorKind::InvalidAnswer) for a path that the
    /// way does not have.
    pub fn answer<P: AsRef<str>, V: Into<AnswerValue>>(
        &self,
        way: usize,
        values: impl IntoIterator<Item = (P, V)>,
    ) -> Result<Answer> {
        let mut draft = self.draft();
        draft.fill(way, values)?;
        draft.answer(way)
    }

    /// The screen as JSON, snake case, for web views and other renderers. Holds what the person sees: the shared secret of
    /// an app being set up, the number to match. Do not log it.
    pub fn to_json(&self) -> String {
        json::text(self)
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen")
            .field("name", &self.name)
            .field("suggested", &self.suggested)
            .field("ending", &self.ending)
            .finish_non_exhaustive()
    }
}
