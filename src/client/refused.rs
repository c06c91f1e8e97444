//! Credentials that the server has refused, so that a handler which gives the same one again is told instead of locking the
//! account.
//!
//! What is kept is a hash under a key that lives as long as the run: no password, and nothing that a password could be looked
//! up from. An answer is compared whole, since the same password for another user name is another try.

use super::system::System;
use crate::{
    error::{Error, ErrorKind, Result},
    idx::{Answer, Step},
    jose::sha256,
    secret::SecretBytes,
};

/// Where credentials are in a form (idx.md section 4.3).
const CREDENTIALS: &str = "credentials";

/// The refused credentials of one run, since the last step that came without an error.
pub(super) struct Refused {
    key: [u8; 32],
    known: Vec<[u8; 32]>,
    under_way: Option<[u8; 32]>,
}

impl Refused {
    pub(super) fn new(system: &System) -> Result<Self> {
        Ok(Refused { key: system.bytes()?, known: Vec::new(), under_way: None })
    }

    /// Before an answer is sent. Errors: [`ErrorKind::InvalidAnswer`] for one whose credentials were refused already.
    pub(super) fn offer(&mut self, answer: &Answer) -> Result<()> {
        self.under_way = self.hash(answer);
        match self.under_way.filter(|hash| self.known.contains(hash)) {
            None => Ok(()),
            Some(_) => {
                let name = answer.remediation().name().into_owned();
                let name = crate::error::sanitize(&name);
                Err(Error::new(
                    ErrorKind::InvalidAnswer,
                    format!("the handler gave the same refused credentials for `{name}` again"),
                )
                .with_advice("Nothing was sent. The messages of the step say what was wrong: ask the person again"))
            }
        }
    }

    /// After a call: the step that the flow is at now.
    pub(super) fn came_to(&mut self, step: Option<&Step>) {
        match (step.is_some_and(Step::has_error), self.under_way.take()) {
            (true, Some(hash)) => self.known.push(hash),
            (true, None) => {}
            (false, _) => self.known.clear(),
        }
    }

    /// `None` for an answer without credentials.
    fn hash(&self, answer: &Answer) -> Option<[u8; 32]> {
        let given = answer.given();
        if !given.iter().any(|(path, _)| path.split('.').next() == Some(CREDENTIALS)) {
            return None;
        }
        let name = answer.remediation().name();
        let room = self.key.len()
            + 8
            + name.len()
            + given.iter().map(|(path, value)| 16 + path.len() + value.len()).sum::<usize>();
        let mut text = SecretBytes::with_capacity(room);
        text.extend_from_slice(&self.key);
        text.extend_from_slice(&name.len().to_le_bytes());
        text.extend_from_slice(name.as_bytes());
        for (path, value) in given {
            for part in [path.len(), value.len()] {
                text.extend_from_slice(&part.to_le_bytes());
            }
            text.extend_from_slice(path.as_bytes());
            value.write(&mut text);
        }
        Some(sha256(&text))
    }
}
