//! Unattended sign-in: credentials in, one honest answer out. For device management, login windows, PAM, and jobs.
//!
//! [`Client::verify_password`] asks one question: is this password right? It goes as far as the password and no further: no
//! push is sent, no code is redeemed, and the transaction is cancelled at the server. [`Client::authenticate`] signs in, with
//! codes and a new password from [`Prompts`] and with a push that somebody approves. Both are the same call whatever the
//! org's policy wants first, and both give a [`Report`], never an error: an [`Outcome`], which is an
//! exit code and a PAM code, and a [`PasswordFact`](crate::screen::PasswordFact), which says whether the password was looked
//! at. One password is sent per call, once.
//!
//! ```no_run
//! # let client = interaction_code::Client::builder("https://acme.okta.com/oauth2/default", "0oa1", "com.acme:/callback").build()?;
//! use interaction_code::{Call, Credentials, screen::PasswordFact};
//! use std::time::Duration;
//!
//! let call = Call::new().timeout(Duration::from_secs(20));
//! let report = client.verify_password(&Credentials::new("ada@acme.com", "correct horse"), &call);
//! match report.password {
//!     PasswordFact::Verified => println!("keep it; the sign-in itself: {}", report.outcome.as_str()),
//!     PasswordFact::Wrong => println!("ask again"),
//!     _ => println!("nobody said: {}", report.to_json()), // one line, without a secret in it
//! }
//! # Ok::<(), interaction_code::Error>(())
//! ```

mod credentials;
mod factor;
mod prompts;
mod report;
mod run;

pub use credentials::{Credentials, FactorChoice};
pub use factor::Factor;
pub use prompts::{CodeRequest, NewPasswordRequest, NoPrompts, Prompts};
pub use report::{PasswordExpiry, Report};

use self::{
    report::Facts,
    run::{Goal, Run},
};
use super::{Client, Flow};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Sent},
    limits::{DEFAULT_DEADLINE, DEFAULT_WAIT_DEADLINE, GOODBYE_DEADLINE},
    screen::Outcome,
};

impl Client {
    /// Asks the org whether a password is right, and stops there: nothing is sent to the person, no code is redeemed, and
    /// the transaction is cancelled at the server.
    ///
    /// The outcome is what a sign-in would have come to next: [`Success`](Outcome::Success) when nothing mandatory stands
    /// after the password, [`MfaRequired`](Outcome::MfaRequired) when another proof does. Whether the password is right is in
    /// [`Report::password`], whatever the outcome. An empty password is not sent. Without a deadline in `call`: 30 s for
    /// everything, and two seconds more at most to cancel.
    pub fn verify_password(&self, credentials: &Credentials, call: &Call) -> Report {
        let call = call.started(DEFAULT_DEADLINE);
        self.unattended(credentials, &NoPrompts, Goal::Password, &call)
    }

    /// Signs in with what `credentials` say and `prompts` bring; [`Report::tokens`] are there when it succeeded. Otherwise the
    /// transaction is cancelled at the server. Use [`Flow::authenticate`] to keep it, for a web view or for the next run.
    ///
    /// Without a deadline in `call`: five minutes, and two seconds more at most to cancel. Give the deadline of the host: sshd
    /// drops a login after 120 s, and a push lives for 300.
    pub fn authenticate(&self, credentials: &Credentials, prompts: &dyn Prompts, call: &Call) -> Report {
        let call = call.started(DEFAULT_WAIT_DEADLINE);
        self.unattended(credentials, prompts, Goal::Tokens, &call)
    }

    fn unattended(&self, credentials: &Credentials, prompts: &dyn Prompts, goal: Goal, call: &Call) -> Report {
        if let Some(report) = credentials.refused() {
            return report;
        }
        let mut flow = match self.start(credentials.start.clone(), call) {
            Ok(flow) => flow,
            Err(error) => return Report::of_start(credentials, error),
        };
        let report = flow.unattended(credentials, prompts, goal, call);
        if report.tokens.is_none() && can_hear(report.error.as_ref()) {
            // Whatever became of the call: the server need not keep what nobody goes on with, nor a phone its push.
            let goodbye = Call::new().timeout(GOODBYE_DEADLINE);
            let _ = flow.cancel(&goodbye);
        }
        flow.forget();
        report
    }
}

impl Flow {
    /// As [`Client::authenticate`], from where the flow is, which may be one that was restored. It is not cancelled: the app
    /// can go on with it, show it ([`Flow::screen`]) or save it.
    pub fn authenticate(&mut self, credentials: &Credentials, prompts: &dyn Prompts, call: &Call) -> Report {
        let call = call.started(DEFAULT_WAIT_DEADLINE);
        credentials.refused().unwrap_or_else(|| self.unattended(credentials, prompts, Goal::Tokens, &call))
    }

    fn unattended(&mut self, credentials: &Credentials, prompts: &dyn Prompts, goal: Goal, call: &Call) -> Report {
        let (ended, facts) = Run::new(self, credentials, prompts, goal, call).finish();
        Report::of_run(self, credentials, ended, facts)
    }
}

/// Whether the server is there to hear that a sign-in was given up.
fn can_hear(error: Option<&Error>) -> bool {
    let answers = |error: &Error| {
        let stopped = matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Cancelled);
        error.http_status().is_some() || (stopped && error.sent() == Sent::No)
    };
    error.is_none_or(answers)
}

/// What ended a run: an outcome, with the error that says so where there is one.
#[derive(Debug)]
struct Ended {
    outcome: Outcome,
    error: Option<Error>,
    tokens: Option<Box<super::Tokens>>,
}

impl Ended {
    fn of(outcome: Outcome) -> Ended {
        Ended { outcome, error: None, tokens: None }
    }

    fn by(error: Error) -> Ended {
        Ended { outcome: Outcome::of_error(&error, false), error: Some(error), tokens: None }
    }
}
