//! A sign-in as a sequence of steps, and the ways of a screen taken: what a window or a terminal is made of.
//!
//! ```no_run
//! # use interaction_code::{Call, Client, Flow, Next, Result, screen::{Draft, Screen}};
//! # fn show(screen: &Screen) {}
//! # fn wait_for_the_person(draft: &mut Draft) -> Option<usize> { None }
//! # fn sign_in(mut flow: Flow, call: &Call) -> Result<()> {
//! loop {
//!     match flow.next(call)? {
//!         Next::Step(_) => {
//!             let screen = flow.screen()?;
//!             show(&screen);
//!             let mut draft = screen.draft();
//!             if let Some(way) = wait_for_the_person(&mut draft) {
//!                 flow.take(&draft, way, call)?; // left as it is, the step is polled where it can be
//!             }
//!         }
//!         Next::Complete => break drop(flow.finish(call)?),
//!         Next::Ended(ending) => break println!("{}", ending.text.text),
//!     }
//! }
//! # Ok(())
//! # }
//! ```

use super::Flow;
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    flow::{Phase, Redemption},
    idx::{RemediationKind, Step},
    screen::{Does, Draft, Ending, EndingKind, Screen},
};

/// Where a flow is, as [`Flow::next`] tells it.
#[derive(Clone, Debug)]
pub enum Next {
    /// A step: answer it, or leave it as it is to wait.
    Step(Step),
    /// The interaction code is here: [`Flow::finish`].
    Complete,
    /// The sign-in ended without tokens, well or not. [`Flow::restart`] begins anew.
    Ended(Ending),
}

/// What [`Flow::next`] gave last, and how many requests there were then.
pub(super) type Given = Option<(Step, u64)>;

impl Flow {
    /// The current step, and after that each one that follows. Call it in a loop whose body answers the step
    /// ([`Flow::take`], [`Flow::proceed`], [`Flow::resend`] …). A step that the body left as it is, and that can be polled, is
    /// polled until it changes, by default for five minutes. After a call that failed, the same step comes again.
    ///
    /// Errors: those of [`Flow::poll`]; [`ErrorKind::InvalidState`] when a step that wants an answer got none.
    pub fn next(&mut self, call: &Call) -> Result<Next> {
        if let Some(now) = self.unless_at_a_step() {
            return Ok(now);
        }
        let same = |(given, requests): &(Step, u64)| {
            *requests == self.requests() && self.step().is_ok_and(|step| step.is(given))
        };
        if self.given.as_ref().is_some_and(same) {
            if self.step()?.poll().is_none() {
                return Err(Error::new(ErrorKind::InvalidState, "the step got no answer")
                    .with_advice("Answer each step, or leave the loop"));
            }
            self.poll(call)?;
            if let Some(now) = self.unless_at_a_step() {
                return Ok(now);
            }
        }
        let step = self.step()?.clone();
        self.given = Some((step.clone(), self.requests()));
        Ok(Next::Step(step))
    }

    fn unless_at_a_step(&self) -> Option<Next> {
        if self.is_complete() {
            return Some(Next::Complete);
        }
        self.ended().map(Next::Ended)
    }

    /// What a person sees and can do now: [`Screen::of`] the current step, and what only the flow knows beside it, that
    /// a challenge was polled before it ended. Errors: as [`Flow::step`].
    pub fn screen(&self) -> Result<Screen> {
        Ok(screen_at(self.step()?, self.polled))
    }

    /// Whether a screen is still to be shown: it is that of the current step, or of one that was only polled since and asks
    /// the same. What was typed for it can be taken; who draws [`Flow::screen`] anew shows it empty.
    pub fn is_at(&self, screen: &Screen) -> bool {
        is_at(screen, self.step().ok(), self.form_step(), self.polled)
    }

    /// How the sign-in ended; `None` while it goes on. A code that is used up without tokens is an ending, too.
    pub fn ending(&self) -> Option<Ending> {
        match &self.state.phase {
            Phase::Active { step, .. } => {
                let ending = Ending::at(step)?;
                Some(if self.polled { ending.after_poll() } else { ending })
            }
            Phase::Complete { redemption: Redemption::Spent, .. } => Some(Ending::of_kind(EndingKind::Failed)),
            Phase::Complete { .. } => Some(Ending::of_kind(EndingKind::SignedIn)),
            Phase::New | Phase::Waiting { .. } => None,
        }
    }

    /// The ending of a flow that nothing leads on from. A step that can be left out is not one.
    pub(super) fn ended(&self) -> Option<Ending> {
        let skips = || self.step().is_ok_and(can_skip);
        self.ending().filter(|_| !skips())
    }

    /// Takes a way of the current screen, with what the person typed. A form is sent, an action taken; a way that waits is
    /// polled until the step changes; `restart` begins anew. Returns the next step.
    ///
    /// Errors: those of [`Draft::answer`] before anything is sent; [`ErrorKind::InvalidArgument`] for a way that opens or
    /// launches an address, which is the app's to do; [`ErrorKind::InvalidAnswer`] when the flow is not at the screen
    /// ([`Flow::is_at`]); then as [`Flow::proceed`].
    pub fn take(&mut self, draft: &Draft<'_>, way: usize, call: &Call) -> Result<&Step> {
        // It was answered, though perhaps not well enough to be sent: `next` gives it again.
        self.given = None;
        let screen = draft.screen();
        let taken = screen.ways.get(way).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "the screen has no such way")
                .with_advice("Take the index of one of its ways")
        })?;
        if taken.action.as_deref() == Some("restart") {
            return self.restart(call);
        }
        if !self.is_at(screen) {
            return Err(Error::new(ErrorKind::InvalidAnswer, "the screen is not that of the current step")
                .with_advice("Draw the screen of the flow again"));
        }
        let polled = ![self.step().ok(), self.form_step()].iter().flatten().any(|step| step.is(screen.step()));
        let now = self.screen()?;
        let moved = polled.then(|| draft.on(&now));
        let draft = moved.as_ref().unwrap_or(draft);
        match taken.does {
            Does::Open | Does::Launch => {
                Err(Error::new(ErrorKind::InvalidArgument, "this way opens an address, which the app does")
                    .with_advice("Hand the address of the way to the browser or to the operating system"))
            }
            Does::Wait => self.poll(call),
            Does::Submit | Does::Act | Does::Choose | Does::Passkey => self.proceed(draft.answer(way)?, call),
        }
    }
}

/// See [`Flow::is_at`].
pub(crate) fn is_at(screen: &Screen, step: Option<&Step>, form: Option<&Step>, polled: bool) -> bool {
    let is_same = |step: &Step| step.is(screen.step());
    let asks_the_same = |step: &Step| polled && step.asks_the_same_as(screen.step());
    step.is_some_and(is_same) || form.is_some_and(is_same) || step.is_some_and(asks_the_same)
}

/// The screen of a step that a flow came to, by polling or otherwise.
pub(crate) fn screen_at(step: &Step, polled: bool) -> Screen {
    let mut screen = Screen::of(step);
    if let Some(ending) = screen.ending.take() {
        let kind = ending.kind;
        let ending = if polled { ending.after_poll() } else { ending };
        if ending.kind != kind {
            screen.name = format!("ended.{}", ending.kind.as_str());
            screen.title = ending.text.clone();
        }
        screen.ending = Some(ending);
    }
    screen
}

/// Whether a step without anything else can be left out.
pub(super) fn can_skip(step: &Step) -> bool {
    step.remediations().any(|remediation| remediation.kind() == RemediationKind::Skip)
}
