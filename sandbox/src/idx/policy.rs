//! The policy: what a sign-in still has to go through. One function, [`Turn::advance`], decides the next step from what
//! has been proved; handlers add proofs and enrolments and then ask it. They set a step themselves only within what a person
//! has begun: the code that was sent, the number still to type, the first page of signing up, recovering, unlocking.

use super::message::Message;
use super::transaction::{Purpose, Step};
use super::turn::Turn;
use crate::account::Enrollment;
use crate::factor::{Factor, Key, Method};
use crate::oauth::grant::{Code, Grant};
use crate::random;
use crate::world::{DenyAt, Enroll, PasswordState, Stage};
use std::time::SystemTime;

/// An enrolment that would do now, with the methods that count.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The enrolment.
    pub enrollment: Enrollment,
    /// Its methods that the policy takes.
    pub methods: Vec<Method>,
}

impl Turn<'_> {
    /// The stages of this sign-in: those of the app, and one more when the client asked for more assurance.
    pub fn stages(&self) -> Vec<Stage> {
        let mut stages = self.client.policy.stages.clone();
        let strict = ["urn:okta:loa:2fa:any", "phr", "phrh"];
        if stages.len() < 2 && self.tx.asked.acr_values.iter().any(|acr| strict.contains(&acr.as_str())) {
            let taken = |key: &Key| stages.iter().any(|stage| stage.any.iter().any(|factor| factor.key == *key));
            let any = Key::ALL.into_iter().filter(|key| !taken(key)).map(Factor::from).collect();
            stages.push(Stage { any, enroll: Enroll::Required, number_challenge: false });
        }
        stages
    }

    /// The stages that nothing proved so far satisfies, each proof counting for one stage.
    pub fn open_stages(&self) -> Vec<(usize, Stage)> {
        let mut spent = vec![false; self.tx.proofs.len()];
        let mut open = Vec::new();
        for (at, stage) in self.stages().into_iter().enumerate() {
            let proof = self.tx.proofs.iter().enumerate().position(|(index, proof)| {
                !spent[index] && stage.any.iter().any(|factor| factor.takes(proof.key, proof.method))
            });
            match proof {
                Some(index) => spent[index] = true,
                None if self.tx.skipped.contains(&at) => {}
                None => open.push((at, stage)),
            }
        }
        open
    }

    /// What the person could prove now.
    pub fn candidates(&self) -> Vec<Candidate> {
        let any: Vec<Factor> = match self.tx.purpose {
            Purpose::Recover if !self.recovered() => {
                self.client.policy.recovery.iter().copied().map(Factor::from).collect()
            }
            Purpose::Unlock => self.client.policy.unlock.iter().copied().map(Factor::from).collect(),
            _ => self.open_stages().into_iter().next().map(|(_, stage)| stage.any).unwrap_or_default(),
        };
        let Some(account) = self.account() else { return Vec::new() };
        let mut found = Vec::new();
        for enrollment in &account.enrollments {
            let methods: Vec<Method> = enrollment
                .methods()
                .into_iter()
                .filter(|method| any.iter().any(|factor| factor.takes(enrollment.key(), *method)))
                .collect();
            if !methods.is_empty() && !self.tx.has_proved(enrollment.key()) {
                found.push(Candidate { enrollment: enrollment.clone(), methods });
            }
        }
        found
    }

    /// What the person could set up now: for every open stage that they have nothing for.
    pub fn enrollable(&self) -> Vec<Key> {
        let Some(account) = self.account() else { return Vec::new() };
        let mut keys: Vec<Key> = Vec::new();
        for (_, stage) in self.open_stages() {
            let has_one = account.enrollments.iter().any(|enrollment| {
                let takes = |method: &Method| stage.any.iter().any(|factor| factor.takes(enrollment.key(), *method));
                !self.tx.has_proved(enrollment.key()) && enrollment.methods().iter().any(takes)
            });
            if !has_one && stage.enroll != Enroll::Never {
                keys.extend(stage.any.iter().map(|factor| factor.key).filter(|key| !account.has(*key)));
            }
        }
        if self.tx.proofs.is_empty() && self.tx.purpose != Purpose::Register {
            // Whoever has proved nothing may only set up what proves itself: mail to the address on file.
            keys.retain(|key| *key == Key::Email);
        }
        keys.sort();
        keys.dedup();
        keys
    }

    /// Whether what has to be set up now can be skipped.
    pub fn can_skip_enrollment(&self) -> bool {
        let open = self.open_stages();
        !open.is_empty() && open.iter().all(|(_, stage)| stage.enroll == Enroll::Optional)
    }

    /// Whether the current stage wants a number challenge with its push.
    pub fn number_challenge(&self) -> bool {
        self.open_stages().first().is_some_and(|(_, stage)| stage.number_challenge)
    }

    /// Whether a recovery authenticator has been proved.
    pub fn recovered(&self) -> bool {
        self.client.policy.recovery.iter().any(|key| self.tx.has_proved(*key))
    }

    /// Decides the next step.
    pub fn advance(&mut self) {
        self.tx.step = self.next_step();
        if matches!(self.tx.step, Step::Success) {
            self.succeed();
        }
    }

    fn next_step(&mut self) -> Step {
        let Some(account) = self.account().cloned() else { return Step::Identify };
        match self.tx.purpose {
            Purpose::Unlock => return self.unlock_step(),
            Purpose::Recover if self.recovered() && !self.tx.has_proved(Key::Password) => return Step::Reset,
            Purpose::Recover if !self.recovered() => {
                if self.candidates().is_empty() {
                    let text = "Reset password is not allowed at this time. Please contact support for assistance.";
                    return terminal(403, Message::error("oie.selfservice.reset.password.not.allowed", text));
                }
                return Step::Select;
            }
            _ => {}
        }
        let proved = !self.tx.proofs.is_empty();
        if let Some(deny) = &self.client.policy.deny
            && (proved || deny.at == DenyAt::Identified)
        {
            return terminal(deny.status, Message::error(deny.key.clone(), deny.text.clone()));
        }
        let candidates = self.candidates();
        if !account.assigned && (proved || candidates.is_empty()) {
            let text = "User is not assigned to this application.";
            return terminal(400, Message::error("idx.error.code.user_not_assigned", text));
        }
        if account.locked && !proved && candidates.is_empty() {
            return terminal(401, Message::authentication_failed());
        }
        if self.tx.has_proved(Key::Password) {
            match account.password_state {
                PasswordState::Expired | PasswordState::Elsewhere => return Step::Reenroll { warning: false },
                PasswordState::Expiring | PasswordState::ElsewhereSoon if !self.tx.warned => {
                    return Step::Reenroll { warning: true };
                }
                _ => {}
            }
        }
        if self.open_stages().is_empty() {
            return Step::Success;
        }
        match candidates.as_slice() {
            [] if !self.enrollable().is_empty() => Step::SelectEnroll,
            [] => {
                let text = "Unable to sign in: nothing that you have set up satisfies the policy of this app.";
                terminal(403, Message::error("oie.assurance.unsatisfiable", text))
            }
            // A password needs no sending, so being the only choice it is asked for at once.
            [only] if only.enrollment.key() == Key::Password => {
                Step::Challenge { enrollment: only.enrollment.id.clone(), method: Method::Password, code: None }
            }
            _ => Step::Select,
        }
    }

    fn unlock_step(&mut self) -> Step {
        let proved = self.client.policy.unlock.iter().any(|key| self.tx.has_proved(*key));
        if !proved {
            return Step::UnlockSelect;
        }
        if let Some(account) = self.account_mut() {
            account.locked = false;
            account.wrong_passwords = 0;
        }
        let text = "Account successfully unlocked! Verify your account with a security method to continue.";
        terminal(200, Message::info("oie.selfservice.unlock_user.success.message", text))
    }

    /// Makes the interaction code.
    fn succeed(&mut self) {
        let Some(user_id) = self.tx.user.clone() else { return };
        if let Some(account) = self.account_mut() {
            account.staged = false;
        }
        let code = random::token();
        let asked = &self.tx.asked;
        let grant = Grant {
            family: random::id("fam"),
            client_id: asked.client_id.clone(),
            server: asked.server,
            user_id,
            scopes: asked.scopes.clone(),
            nonce: asked.nonce.clone(),
            key: None,
            auth_time: self.tx.proofs.iter().map(|proof| proof.at).max().unwrap_or_else(SystemTime::now),
            methods: self.tx.proofs.iter().map(|proof| proof.method).collect(),
        };
        let entry = Code {
            grant,
            transaction: self.tx.handle.clone(),
            challenge: asked.challenge.clone(),
            redirect_uri: asked.redirect_uri.clone(),
            browser: asked.browser,
            expires_at: SystemTime::now() + self.engine.world.lifetimes.interaction_code,
            used: false,
        };
        self.state.grants.codes.insert(code.clone(), entry);
        self.tx.code = Some(code);
    }
}

/// A step that ends the transaction with a message.
pub fn terminal(status: u16, message: Message) -> Step {
    Step::Terminal { status, messages: vec![message] }
}
