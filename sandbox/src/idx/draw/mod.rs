//! Draws the step that a transaction stands at as an ION response: the envelope here, the pages beside it.

mod enroll;
mod verify;

use crate::clock::iso;
use crate::factor::{Key, Method};
use crate::idx::authenticator::authenticator;
use crate::idx::form::{self, Paper, fixed, required};
use crate::idx::message::{Message, list};
use crate::idx::options;
use crate::idx::transaction::{Purpose, Step};
use crate::idx::turn::Turn;
use enroll::new_password;
use serde_json::{Map, Value, json};

/// What a step adds to the envelope.
#[derive(Default)]
struct Page {
    remediations: Vec<Value>,
    members: Map<String, Value>,
    messages: Vec<Message>,
}

impl Page {
    fn object(&mut self, name: &str, value: Value) {
        self.members.insert(name.to_owned(), json!({"type": "object", "value": value}));
    }

    fn array(&mut self, name: &str, value: Vec<Value>) {
        self.members.insert(name.to_owned(), json!({"type": "array", "value": value}));
    }
}

/// The response: the current step under this state handle, with what is to be said.
pub fn step(turn: &Turn, state_handle: &str, messages: &[Message]) -> Value {
    let paper = Paper { origin: turn.origin, state_handle };
    let mut page = Page::default();
    turn.draw(&paper, &mut page);
    let said: Vec<Message> = page.messages.iter().chain(messages).cloned().collect();
    let top = form::attach(&mut page.remediations, &said);

    let mut response = json!({
        "version": "1.0.0", "stateHandle": state_handle, "expiresAt": iso(turn.tx.expires_at), "intent": "LOGIN",
        "cancel": paper.form("cancel", "cancel", Vec::new()),
        "app": {"type": "object", "value": {
            "name": "oidc_client", "id": turn.client.id,
            "label": turn.client.label.as_deref().unwrap_or(&turn.client.id),
        }},
        "authentication": authentication(turn),
    });
    if !page.remediations.is_empty() {
        response["remediation"] = json!({"type": "array", "value": page.remediations});
    }
    if !top.is_empty() {
        response["messages"] = list(&top);
    }
    if let Some(account) = turn.account() {
        let mut user = json!({"id": account.id, "identifier": account.login});
        if !turn.tx.proofs.is_empty() {
            // Names are for those who have proved something; before that anyone could ask for anyone's.
            user["profile"] = json!({"firstName": account.first_name, "lastName": account.last_name, "timeZone": "UTC", "locale": "en_US"});
        }
        response["user"] = json!({"type": "object", "value": user});
    }
    if let Some(members) = response.as_object_mut() {
        members.extend(page.members);
    }
    if let Some(code) = &turn.tx.code {
        response["successWithInteractionCode"] = success(turn, code);
    }
    response
}

/// What the client asked for, as the org repeats it.
fn authentication(turn: &Turn) -> Value {
    let asked = &turn.tx.asked;
    let mut request = json!({
        "scope": asked.scopes.join(" "), "response_type": "code", "redirect_uri": asked.redirect_uri,
        "state": asked.state, "code_challenge": asked.challenge, "code_challenge_method": "S256",
    });
    if let Some(nonce) = &asked.nonce {
        request["nonce"] = nonce.clone().into();
    }
    if let Some(age) = asked.max_age {
        request["max_age"] = age.into();
    }
    let issuer = json!({"name": turn.engine.world.org.name, "uri": asked.server.issuer(turn.origin)});
    json!({"type": "object", "value": {"protocol": "OAUTH2.0", "issuer": issuer, "request": request}})
}

fn success(turn: &Turn, code: &str) -> Value {
    let value = |name: &str, value: &str| json!({"name": name, "required": true, "value": value});
    let mut fields = vec![
        value("grant_type", "interaction_code"),
        value("interaction_code", code),
        value("client_id", &turn.client.id),
    ];
    if turn.client.secret.is_some() {
        fields.push(json!({"name": "client_secret", "required": true}));
    }
    fields.push(json!({"name": "code_verifier", "required": true}));
    json!({
        "rel": ["create-form"], "name": "issue", "method": "POST",
        "href": format!("{}/v1/token", turn.tx.asked.server.base(turn.origin)),
        "accepts": "application/x-www-form-urlencoded", "value": fields,
    })
}

impl Turn<'_> {
    fn draw(&self, paper: &Paper, page: &mut Page) {
        match &self.tx.step {
            Step::Identify => self.draw_identify(paper, page),
            Step::IdentifyRecovery => {
                let fields = vec![required("identifier", "Username")];
                page.remediations.push(paper.form("identify-recovery", "identify", fields));
                page.remediations.push(paper.form("select-identify", "identify/select", Vec::new()));
            }
            Step::UnlockSelect => {
                let keys = &self.client.policy.unlock;
                page.remediations.push(options::to_unlock(paper, keys));
                page.remediations.push(paper.form("select-identify", "identify/select", Vec::new()));
                page.array("authenticators", keys.iter().map(|key| authenticator(*key, key.methods())).collect());
            }
            Step::EnrollProfile => {
                page.remediations.push(options::profile(paper));
                page.remediations.push(paper.form("select-identify", "identify/select", Vec::new()));
            }
            Step::Select => self.draw_candidates(paper, page, true),
            Step::VerificationData { enrollment } => {
                if let Some(chosen) = self.candidate(enrollment) {
                    page.remediations.push(options::verification_data(paper, &chosen));
                    page.object("currentAuthenticatorEnrollment", self.current(&chosen.enrollment, &chosen.methods));
                }
                self.draw_candidates(paper, page, false);
            }
            Step::Challenge { enrollment, method, .. } => self.draw_challenge(paper, page, enrollment, *method),
            Step::Push { number, .. } => {
                let auto = json!({
                    "name": "autoChallenge", "type": "boolean", "label": "Send push automatically", "required": false,
                });
                let path = "authenticators/poll";
                let mut poll = paper.about("$.currentAuthenticator", "challenge-poll", path, vec![auto]);
                poll["refresh"] = self.engine.world.limits.poll_interval_ms.into();
                page.remediations.push(poll);
                let mut current = authenticator(Key::OktaVerify, &[Method::Push]);
                if let Some(number) = number {
                    current["contextualData"] = json!({"correctAnswer": number});
                }
                let again = json!({"methodType": "push", "id": Key::OktaVerify.id()});
                current["resend"] = paper.form("resend", "challenge", vec![fixed("authenticator", again)]);
                page.object("currentAuthenticator", current);
                self.draw_candidates(paper, page, false);
            }
            Step::PushRejected => {
                page.remediations.push(options::push_again(paper));
                page.object("currentAuthenticator", authenticator(Key::OktaVerify, &[Method::Push]));
                let text = "You have chosen to reject this login.";
                page.messages.push(Message::error("api.authn.poll.error.push_rejected", text));
                self.draw_candidates(paper, page, false);
            }
            Step::SelectEnroll => self.draw_enrollable(paper, page, true),
            Step::PhoneData => {
                page.remediations.push(options::phone_data(paper));
                page.object("currentAuthenticator", authenticator(Key::Phone, Key::Phone.methods()));
                self.draw_enrollable(paper, page, false);
            }
            Step::Enroll(enrolling) => self.draw_enroll(paper, page, enrolling),
            Step::ChannelData { channel } => {
                page.remediations.push(options::channel_data(paper, *channel));
                page.remediations.push(options::enrollment_channel(paper));
                let mut current = authenticator(Key::OktaVerify, Key::OktaVerify.methods());
                current["contextualData"] = json!({"selectedChannel": channel.wire()});
                page.object("currentAuthenticator", current);
                self.draw_enrollable(paper, page, false);
            }
            Step::EnrollPoll { channel, target, otp, .. } => {
                let secret = otp.base32();
                self.draw_enroll_poll(paper, page, *channel, target.as_deref(), &secret);
            }
            Step::Reenroll { warning } => self.draw_new_password(paper, page, *warning),
            Step::Reset => {
                let form = new_password(paper, "reset-authenticator", "$.currentAuthenticator");
                page.remediations.push(form);
                let mut current = authenticator(Key::Password, Key::Password.methods());
                current["settings"] = self.settings(false);
                page.object("recoveryAuthenticator", current.clone());
                page.object("currentAuthenticator", current);
                page.members.insert("intent".into(), "CREDENTIAL_RECOVERY".into());
            }
            Step::Terminal { messages, .. } => page.messages.extend(messages.iter().cloned()),
            Step::Success => {}
        }
        if self.tx.purpose == Purpose::Recover
            && matches!(self.tx.step, Step::Select | Step::VerificationData { .. } | Step::Challenge { .. })
        {
            let mut password = authenticator(Key::Password, Key::Password.methods());
            password["settings"] = self.settings(false);
            page.object("recoveryAuthenticator", password);
            page.members.insert("intent".into(), "CREDENTIAL_RECOVERY".into());
        }
    }
}
