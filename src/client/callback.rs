//! The way back into the app: the URL that it was opened with after a redirect, or by a link in a mail (idx.md sections 10.2
//! and 10.3).

use super::Flow;
use crate::{
    call::Call,
    error::Result,
    flow::Event,
    idx::{AuthenticatorKey, Remediation, Step},
    limits::DEFAULT_DEADLINE,
    secret::Secret,
};

/// What became of the URL that the app was opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a code to show is shown to nobody otherwise"]
pub enum Callback {
    /// The sign-in is complete: [`Flow::finish`].
    Complete,
    /// The flow is at its next step.
    Step,
    /// A link in a mail brought this code, and the step that the flow is at does not wait for a code from a mail. Show it:
    /// the person types it where the sign-in was begun. The flow is at its current step.
    ShowCode(Secret),
}

impl Flow {
    /// Takes the URL that the app was opened with after a redirect or by a link in a mail (idx.md section 10.2). Address
    /// and `state` are checked first. Afterwards the flow is complete, or at its next step. A one-time code from a mail goes
    /// into a challenge or an enrolment of that mail address, and nowhere else.
    ///
    /// Errors: [`ErrorKind::InvalidCallback`](crate::ErrorKind) when the URL is not the answer to this flow,
    /// [`ErrorKind::OAuth`](crate::ErrorKind) when it reports a failure. In both cases the flow is where it was; after a
    /// failure no callback is believed any more, until [`Flow::restart`] made another `state`.
    pub fn handle_callback(&mut self, url: &str, call: &Call) -> Result<Callback> {
        // It was tried: `next` gives the step again.
        self.given = None;
        let call = call.started(DEFAULT_DEADLINE);
        if let Some(code) = self.drive(Event::Callback(Secret::from(url)), &call)? {
            let step = self.refresh(&call)?;
            let Some(form) = mail_form(step) else { return Ok(Callback::ShowCode(code)) };
            let answer = form.answer()?.set(["credentials", "passcode"], code)?;
            self.proceed(answer, &call)?;
        }
        Ok(if self.is_complete() { Callback::Complete } else { Callback::Step })
    }
}

/// The form that waits for the code of a mail: a link that comes late must not try its code at another factor.
fn mail_form(step: &Step) -> Option<Remediation<'_>> {
    let waiting = ["challenge-authenticator", "enroll-authenticator"];
    let form = waiting.iter().find_map(|name| step.remediation(name).ok())?;
    let of_form = form.authenticators().into_iter().find_map(|authenticator| authenticator.known_key());
    let key = of_form.or_else(|| step.current_authenticator()?.known_key());
    (key == Some(AuthenticatorKey::Email) && form.field("credentials.passcode").is_ok()).then_some(form)
}
