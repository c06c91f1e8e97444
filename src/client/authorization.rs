//! A sign-in that is in the browser, and its end: the callback is checked, the code redeemed once, the ID token verified.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Client, apart::Apart, finish::handed_over, tokens::Tokens};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result, Sent},
    flow::{Redemption, RedemptionEffect, RedemptionEvent},
    http::Response,
    limits::{DEFAULT_DEADLINE, REDEMPTION_DEADLINE},
    oauth::{Claims, CodeCallback, IdTokenRules, Pending, TokenResponse},
    secret::Secret,
};

/// A saved [`Authorization`]: JSON text with a version, bound to the issuer, client id and redirect URI it was made for.
///
/// **A secret.** With it and the callback's code, tokens can be had. Keep it like a password, and delete it when the sign-in
/// is over. It is good for half an hour.
#[derive(Clone, PartialEq, Eq)]
pub struct SavedAuthorization(Secret);

impl SavedAuthorization {
    /// One that was saved before, as text. It is checked when it is restored.
    pub fn from_text(text: impl Into<Secret>) -> Self {
        SavedAuthorization(text.into())
    }

    /// The text to save: JSON, UTF-8. A secret.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for SavedAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SavedAuthorization({} bytes)", self.0.len())
    }
}

/// A sign-in that is in the browser. Made by [`Client::authorize`], [`Client::restore_authorization`] or
/// [`Client::resume_authorization`].
///
/// Several threads may share it: [`Authorization::finish`] is one call at a time, the rest is never busy.
pub struct Authorization {
    client: Client,
    pending: Pending,
    url: String,
    phase: Mutex<Option<Phase>>,
}

/// How far it is.
enum Phase {
    /// The browser has not come back.
    Waiting,
    /// It came back with a code.
    Back(Back),
    /// It came back without one.
    Over,
}

/// The code's redemption. It is sent once and from a thread of its own, so that its answer is not lost to who gives up waiting.
struct Back {
    redemption: Redemption,
    under_way: Option<Apart<Result<Response>>>,
}

/// The phase while a call works on it; put back however the call ends.
struct Held<'a> {
    place: &'a Mutex<Option<Phase>>,
    phase: Phase,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *lock(self.place) = Some(std::mem::replace(&mut self.phase, Phase::Over));
    }
}

fn lock(place: &Mutex<Option<Phase>>) -> MutexGuard<'_, Option<Phase>> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Authorization {
    pub(super) fn new(client: Client, pending: Pending, url: String) -> Self {
        Authorization { client, pending, url, phase: Mutex::new(Some(Phase::Waiting)) }
    }

    /// The URL to open in the system's browser, never in a web view of the app (RFC 8252 section 8.12). Empty for a sign-in
    /// that was restored: its browser is open already.
    ///
    /// It holds no secret, but the `login_hint` and whatever else was asked for; when the request was pushed, only a name for it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The redirect URI that the browser comes back to.
    pub fn redirect_uri(&self) -> &str {
        &self.pending.redirect_uri
    }

    /// The client it belongs to.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Saves it, to be continued by [`Client::restore_authorization`]. The result is a secret. A client with a storage does
    /// that by itself.
    ///
    /// Errors: [`ErrorKind::InvalidState`] when the browser has come back already.
    pub fn save(&self) -> Result<SavedAuthorization> {
        match *lock(&self.phase) {
            Some(Phase::Waiting) => self.pending.write().map(SavedAuthorization),
            _ => Err(Error::new(ErrorKind::InvalidState, "the browser has come back already")
                .with_advice("There is nothing to save; finish it, or start again")),
        }
    }

    /// Whether this URL is the browser's return to this sign-in: the redirect URI, and the right `state`. Nothing is used up by
    /// asking.
    ///
    /// Errors: [`ErrorKind::InvalidCallback`] with what is wrong in it.
    pub fn check_callback(&self, url: &str) -> Result<()> {
        self.pending.callback(url, self.client.0.issuer_name()).map(drop)
    }

    /// Takes the URL that the browser came back with, redeems the code and verifies the ID token.
    ///
    /// A URL with another `state`, or none, changes nothing: anybody can open such a URL. The right `state` ends the sign-in,
    /// whatever comes with it, and the code is sent once, on a thread of its own. When it certainly did not leave, when only the
    /// keys could not be had, or when a cancel or the deadline of `call` ended the wait, call it again with the same URL.
    ///
    /// Errors: [`ErrorKind::InvalidCallback`], with the rule `state_used` for a second return; [`ErrorKind::Expired`] after half
    /// an hour; [`ErrorKind::OAuth`] when the server said no; [`ErrorKind::InvalidToken`] with [`Error::rule`];
    /// [`ErrorKind::Busy`] while another thread finishes it; those of the transport.
    pub fn finish(&self, callback_url: &str, call: &Call) -> Result<Tokens> {
        let call = call.started(DEFAULT_DEADLINE);
        let mut held = self.take()?;
        self.came_back(&mut held.phase, callback_url)?;
        let Phase::Back(back) = &mut held.phase else { return Err(used()) };
        self.redeem(back, &call)?;
        let Redemption::Redeemed(tokens) = &back.redemption else {
            return Err(Error::new(ErrorKind::Internal, "the code was redeemed and the tokens are not here"));
        };
        let verified = self.verified(tokens, &call);
        let good = verified.is_ok();
        if let Err(error) = &verified
            && error.kind() != ErrorKind::InvalidToken
        {
            return Err(error.clone());
        }
        let tokens = verified.map(|claims| handed_over(tokens, claims, &self.client.0));
        if let Some((next, _)) = back.redemption.after(&self.pending.scopes, &RedemptionEvent::Verified(good)) {
            back.redemption = next;
        }
        tokens
    }

    /// Gives it up: what the client stored of it is removed, and no callback is taken any more.
    pub fn discard(&self) {
        if let Ok(mut held) = self.take() {
            held.phase = Phase::Over;
        }
        self.client.0.forget_authorization(&self.pending);
    }

    fn take(&self) -> Result<Held<'_>> {
        let phase = lock(&self.phase).take().ok_or_else(|| {
            Error::new(ErrorKind::Busy, "the authorization is in a call already")
                .with_advice("It is finished by one call at a time; wait for the other one, or cancel it")
        })?;
        Ok(Held { place: &self.phase, phase })
    }

    /// The callback, held against what is pending.
    fn came_back(&self, phase: &mut Phase, url: &str) -> Result<()> {
        let client = &self.client.0;
        let callback = self.pending.callback(url, client.issuer_name())?;
        match phase {
            Phase::Waiting => {}
            Phase::Back(Back { redemption: Redemption::Verified | Redemption::Spent, .. }) | Phase::Over => {
                return Err(used());
            }
            Phase::Back(_) => return Ok(()),
        }
        if self.pending.is_expired(client.system.now()) {
            *phase = Phase::Over;
            client.forget_authorization(&self.pending);
            return Err(Error::new(
                ErrorKind::Expired,
                "the browser came back after the time of this sign-in was over",
            )
            .with_advice("Start a new sign-in"));
        }
        client.burn_authorization(&self.pending)?;
        match callback {
            CodeCallback::Code(code) => {
                let redemption = Redemption::Ready(self.pending.grant(code));
                *phase = Phase::Back(Back { redemption, under_way: None });
                Ok(())
            }
            CodeCallback::Failed(error) => {
                *phase = Phase::Over;
                Err(error)
            }
        }
    }

    fn redeem(&self, back: &mut Back, call: &Call) -> Result<()> {
        let (client, scopes) = (&self.client.0, &self.pending.scopes);
        if back.under_way.is_none() {
            // Before the code is offered: without the metadata nothing has left.
            let metadata = client.metadata(call)?;
            let (sent, effect) = back.redemption.after(scopes, &RedemptionEvent::Redeem).ok_or_else(used)?;
            let RedemptionEffect::Send(form) = effect else { return Ok(()) };
            let url = metadata.endpoint(form.endpoint, &client.config.issuer)?;
            call.check()?;
            let own = Call::new().timeout(REDEMPTION_DEADLINE.max(call.remaining())).started(REDEMPTION_DEADLINE);
            let client = std::sync::Arc::clone(client);
            back.under_way =
                Some(Apart::begin("interaction-code-redeem", move || client.post_to(&url, &form, None, &own))?);
            back.redemption = sent;
        }
        let Some(under_way) = &back.under_way else { return Ok(()) };
        let outcome = match under_way.wait(call) {
            Ok(outcome) => outcome,
            Err(error) if error.kind() == ErrorKind::Internal => Err(error.with_sent(Sent::Maybe)),
            Err(error) => {
                return Err(Error::new(error.kind(), error.text())
                    .with_sent(Sent::Maybe)
                    .with_advice("The code is being redeemed, and the answer will be kept: call finish again"));
            }
        };
        back.under_way = None;
        let (event, failed) = match outcome {
            Ok(response) => (RedemptionEvent::Reply(Box::new(response)), None),
            Err(error) => (RedemptionEvent::Failed(error.sent()), Some(error)),
        };
        let (next, effect) = back.redemption.after(scopes, &event).ok_or_else(used)?;
        back.redemption = next;
        match (effect, failed) {
            (RedemptionEffect::Fail(error), _) | (_, Some(error)) => Err(error),
            _ => Ok(()),
        }
    }

    fn verified(&self, tokens: &TokenResponse, call: &Call) -> Result<Option<Claims>> {
        self.client.0.check_token_type(tokens)?;
        let Some(id_token) = &tokens.id_token else { return Ok(None) };
        let (client, pending) = (&self.client.0, &self.pending);
        let mut rules =
            IdTokenRules::new(client.issuer_name(), &pending.client_id, Some(&pending.nonce), client.system.now());
        rules.algorithms = &client.verification.algorithms;
        rules.leeway = client.verification.leeway;
        rules.server_ahead = client.server_clock.ahead();
        rules.max_age = pending.max_age;
        rules.acr_values = &pending.acr_values;
        rules.device_secret = tokens.device_secret.as_ref();
        client.verify_id_token(id_token, &rules, Some(tokens.access_token.expose()), call).map(Some)
    }
}

pub(super) fn used() -> Error {
    Error::new(ErrorKind::InvalidCallback, "the browser has come back to this sign-in before")
        .with_rule("state_used")
        .with_advice("Ignore it: the first return was taken, and the tokens that it brought are good")
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization").field("pending", &self.pending).finish_non_exhaustive()
    }
}
