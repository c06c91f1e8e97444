//! Redemption: from a grant to tokens, as a machine of its own.
//!
//! ```text
//! Ready --Redeem--> Sent --tokens--> Redeemed --Verified(true)--> Verified
//!   ^                 |                   '-----Verified(false)--> Spent
//!   '--- not sent ----+---- sent, no tokens ---------------------> Spent
//! ```
//!
//! It knows nothing of a sign-in: an interaction code is redeemed by it now, and each other grant will be by the same. What
//! it wants sent is a [`Form`] for an endpoint; who authenticates the app, and how, is decided below it, by the driver.
//! Verifying is the driver's, too: it has the keys and the clock.

use std::fmt;

use crate::{
    error::{Error, Result, Sent},
    http::Response,
    oauth::{Form, Grant, TokenResponse},
};

/// How far a redemption is.
#[derive(Clone)]
pub enum Redemption {
    /// The grant is here: good once.
    Ready(Grant),
    /// The token request is under way.
    Sent(Grant),
    /// The tokens are here, the ID token is to be verified.
    Redeemed(Box<TokenResponse>),
    /// The tokens were handed over.
    Verified,
    /// The grant is used up without tokens.
    Spent,
}

/// What happens to a redemption.
#[derive(Clone, Debug)]
pub enum RedemptionEvent {
    /// Redeem the grant.
    Redeem,
    /// The token endpoint answered.
    Reply(Box<Response>),
    /// The request failed without an answer.
    Failed(Sent),
    /// The tokens passed verification, or did not.
    Verified(bool),
}

/// What the driver is to do.
#[derive(Debug)]
pub enum RedemptionEffect {
    /// Nothing: it is at rest.
    Rest,
    /// Send this form to its endpoint.
    Send(Form),
    /// The grant was refused; it is spent.
    Fail(Error),
}

impl Redemption {
    /// How far it is, as a word of the flow's phases.
    pub fn as_str(&self) -> &'static str {
        match self {
            Redemption::Ready(_) => "succeeded",
            Redemption::Sent(_) => "waiting",
            Redemption::Redeemed(_) => "redeemed",
            Redemption::Verified => "finished",
            Redemption::Spent => "spent",
        }
    }

    /// The grant, as long as it was not offered.
    pub fn grant(&self) -> Option<&Grant> {
        match self {
            Redemption::Ready(grant) => Some(grant),
            _ => None,
        }
    }

    /// One move of the machine; `None` for an event that this state does not take. `scopes` are those that were asked for.
    ///
    /// A grant is offered once: whatever the server did not like, and whatever is not known of an answer, it is used up.
    /// Only a request that certainly did not leave gives it back. That the tokens could not be verified for want of keys is
    /// no event: they are kept, and `Redeem` again changes nothing.
    pub fn after(&self, scopes: &[String], event: &RedemptionEvent) -> Option<(Redemption, RedemptionEffect)> {
        use RedemptionEffect::{Fail, Rest, Send};
        Some(match (self, event) {
            (Redemption::Ready(grant), RedemptionEvent::Redeem) => {
                let form = grant.form();
                (Redemption::Sent(grant.clone()), Send(form))
            }
            (Redemption::Sent(_), RedemptionEvent::Reply(response)) => match read(response, scopes) {
                Ok(tokens) => (Redemption::Redeemed(Box::new(tokens)), Rest),
                Err(error) => (Redemption::Spent, Fail(error)),
            },
            (Redemption::Sent(grant), RedemptionEvent::Failed(Sent::No)) => (Redemption::Ready(grant.clone()), Rest),
            (Redemption::Sent(_), RedemptionEvent::Failed(Sent::Maybe)) => (Redemption::Spent, Rest),
            (Redemption::Redeemed(_), RedemptionEvent::Redeem) => (self.clone(), Rest),
            (Redemption::Redeemed(_), RedemptionEvent::Verified(true)) => (Redemption::Verified, Rest),
            (Redemption::Redeemed(_), RedemptionEvent::Verified(false)) => (Redemption::Spent, Rest),
            _ => return None,
        })
    }
}

fn read(response: &Response, scopes: &[String]) -> Result<TokenResponse> {
    TokenResponse::parse(response, scopes).map_err(|error| error.with_sent(Sent::Maybe))
}

impl fmt::Debug for Redemption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
