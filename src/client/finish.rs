//! The end of a sign-in: the code is redeemed once, the ID token is verified, the tokens are handed over.

use super::{Flow, Inner, tokens::Tokens};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    flow::{Event, Phase, Redemption, Transaction},
    limits::DEFAULT_DEADLINE,
    oauth::{Claims, IdTokenRules, TokenResponse},
};

impl Flow {
    /// Redeems the interaction code and verifies the ID token (idx.md section 9, OpenID Connect Core 3.1.3.7).
    ///
    /// The code is sent once, on a thread of its own. A cancel or the deadline of `call` ends the wait and not the redemption: call
    /// `finish` again, and it gives what came meanwhile. When the connection was not even made, the code is still good. When
    /// only the keys could not be fetched, call `finish` again: the tokens are kept, and just their verification is repeated.
    /// When the reply was lost, or the server refused the code, it is used up: only [`Flow::refresh`] and [`Flow::restart`] lead
    /// on, and that is an ending ([`Flow::ending`]).
    ///
    /// Errors: [`ErrorKind::InvalidState`] when the sign-in is not complete, [`ErrorKind::Expired`] when the code is used up,
    /// [`ErrorKind::NoThread`], [`ErrorKind::OAuth`],
    /// [`ErrorKind::InvalidToken`] with [`Error::rule`], those of the transport.
    pub fn finish(&mut self, call: &Call) -> Result<Tokens> {
        let call = call.started(DEFAULT_DEADLINE);
        self.drive(Event::Redeem, &call)?;
        let Phase::Complete { redemption: Redemption::Redeemed(tokens), .. } = &self.state.phase else {
            return Err(Error::new(ErrorKind::Internal, "the code was redeemed and the tokens are not here"));
        };
        match self.verified(tokens, &call) {
            Ok(claims) => {
                let tokens = handed_over(tokens, claims, &self.client.0);
                self.drive(Event::Verified(true), &call)?;
                Ok(tokens)
            }
            Err(error) => {
                if error.kind() == ErrorKind::InvalidToken {
                    self.drive(Event::Verified(false), &call)?;
                }
                Err(error)
            }
        }
    }

    fn verified(&self, tokens: &TokenResponse, call: &Call) -> Result<Option<Claims>> {
        self.client.0.check_token_type(tokens)?;
        let Some(id_token) = &tokens.id_token else { return Ok(None) };
        let client = &self.client.0;
        let rules = rules(client, &self.state.transaction, tokens);
        let access_token = Some(tokens.access_token.expose());
        client.verify_id_token(id_token, &rules, access_token, call).map(Some)
    }
}

fn rules<'a>(client: &'a Inner, transaction: &'a Transaction, tokens: &'a TokenResponse) -> IdTokenRules<'a> {
    let Inner { config, verification, system, server_clock, .. } = client;
    let mut rules =
        IdTokenRules::new(config.issuer.as_str(), &config.client_id, Some(&transaction.nonce), system.now());
    rules.algorithms = &verification.algorithms;
    rules.leeway = verification.leeway;
    rules.server_ahead = server_clock.ahead();
    rules.max_age = transaction.options.max_age;
    rules.acr_values = &transaction.options.acr_values;
    rules.device_secret = tokens.device_secret.as_ref();
    rules
}

pub(super) fn handed_over(tokens: &TokenResponse, claims: Option<Claims>, client: &Inner) -> Tokens {
    let now = client.system.now();
    let lifetime = tokens.expires_in.map(|lifetime| i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX));
    Tokens {
        token_type: tokens.token_type,
        key_ref: client.dpop.as_ref().map(|dpop| dpop.key().key_ref().to_owned()),
        access_token: tokens.access_token.clone(),
        id_token: tokens.id_token.clone(),
        refresh_token: tokens.refresh_token.clone(),
        device_secret: tokens.device_secret.clone(),
        scopes: tokens.scopes.clone(),
        expires_in: tokens.expires_in,
        expires_at: lifetime.map(|lifetime| now.saturating_add(lifetime)),
        claims,
    }
}
