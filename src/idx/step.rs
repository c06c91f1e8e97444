//! A step: what the server asks now, one response of the protocol as an immutable snapshot.
//!
//! A step is cheap to clone and safe to share. Everything found in it is a view that borrows the step. Nothing unknown
//! is an error and nothing is dropped: [`Step::json`] reaches whatever has no view of its own.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    fmt,
    sync::Arc,
    time::Duration,
};

use super::{
    authenticator::{Authenticator, AuthenticatorState},
    document::{Document, Json, JsonKind},
    message::{Message, MessageClass},
    message_keys::MessageKey,
    names::{AuthenticatorKey, Intent, RemediationKind},
    relates,
    remediation::Remediation,
    status::{self, StepStatus},
};
use crate::{
    error::{Error, ErrorKind, ErrorMessage, Result, sanitize},
    http::Response,
    limits::{MAX_LOGGED_NAMES, MAX_PATH_BYTES, MAX_POINTERS},
    secret::Secret,
};

/// What the server asks now: one response of the protocol, an immutable snapshot, cheap to clone and safe to share.
///
/// Everything found in it is a view that borrows the step. Nothing unknown is an error and nothing is dropped:
/// [`Step::json`] reaches whatever has no view of its own.
#[derive(Clone)]
pub struct Step(Arc<Inner>);

struct Inner {
    document: Arc<Document>,
    http_status: u16,
    request_id: Option<String>,
}

impl Step {
    /// Reads a response body of the protocol. Errors: [`ErrorKind::Protocol`], [`ErrorKind::LimitExceeded`].
    ///
    /// ```
    /// let body = br#"{"version": "1.0.0", "remediation": {"type": "array", "value": [{"name": "scan-iris",
    ///     "href": "https://acme.okta.com/idp/idx/iris", "method": "POST", "value": [{"name": "iris"}]}]}}"#;
    /// let step = interaction_code::idx::Step::read(body)?;
    /// let unknown = step.remediation("scan-iris")?; // never an error: it can be shown and answered
    /// assert_eq!(unknown.fields().next().unwrap().name(), "iris");
    /// # Ok::<(), interaction_code::Error>(())
    /// ```
    pub fn read(body: &[u8]) -> Result<Step> {
        Step::of(body, 200, None)
    }

    /// Reads an HTTP response of the protocol; the status is kept beside the body. Errors: as [`Step::read`].
    pub fn from_response(response: &Response) -> Result<Step> {
        Step::of(&response.body, response.status, response.request_id())
    }

    fn of(body: &[u8], http_status: u16, request_id: Option<&str>) -> Result<Step> {
        let document = Arc::new(Document::read(body)?);
        if !is_step(document.root()) {
            return Err(Error::new(ErrorKind::Protocol, "the response is JSON, but not a step of this protocol"));
        }
        let request_id = request_id.map(crate::error::sanitize);
        Ok(Step(Arc::new(Inner { document, http_status, request_id })))
    }

    /// Whether both are the same response, and not only equal ones.
    pub(crate) fn is(&self, other: &Step) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The HTTP status it came with. A 4xx is an ordinary step: read the messages.
    pub fn http_status(&self) -> u16 {
        self.0.http_status
    }

    /// Okta's request id of the response, for logs and for Okta's support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The response as it came. Holds handles: do not log it.
    pub fn raw(&self) -> &str {
        self.0.document.text()
    }

    /// The document that everything here is a view of.
    pub(crate) fn document(&self) -> &Arc<Document> {
        &self.0.document
    }

    /// The whole response as a value.
    pub fn json(&self) -> Json<'_> {
        self.0.document.root()
    }

    /// The value with this node number.
    pub fn node(&self, node: u32) -> Option<Json<'_>> {
        self.0.document.node(node)
    }

    /// The top-level member of this name, its wrapper taken off: `user`, `app`, `captcha`, `authenticatorChallenge`…
    pub fn member(&self, name: &str) -> Option<Json<'_>> {
        self.json().present(name).map(Json::unwrap_ion)
    }

    /// The protocol version, as it came.
    pub fn version(&self) -> Option<Cow<'_, str>> {
        self.json().text("version")
    }

    /// The opaque state of the transaction: a secret. Forms carry their own; this is only for what has none.
    pub fn state_handle(&self) -> Option<Secret> {
        self.json().text("stateHandle").map(|handle| Secret::new(handle.into_owned()))
    }

    /// When this state ends, as it came (ISO 8601).
    pub fn expires_at_text(&self) -> Option<Cow<'_, str>> {
        self.json().text("expiresAt")
    }

    /// When this state ends, in seconds since 1970; `None` when absent or not a date.
    pub fn expires_at(&self) -> Option<i64> {
        let text = self.expires_at_text()?;
        let at = time::OffsetDateTime::parse(&text, &time::format_description::well_known::Rfc3339).ok()?;
        Some(at.unix_timestamp())
    }

    /// What the transaction is for.
    pub fn intent(&self) -> Option<Intent> {
        self.json().text("intent").map(|intent| Intent::from_wire(&intent))
    }

    /// The ways to go on, in the server's order: the first is the one it suggests. Names may repeat.
    pub fn remediations(&self) -> impl Iterator<Item = Remediation<'_>> {
        self.document().places().remediations.iter().filter_map(|node| self.remediation_at(*node))
    }

    /// The remediation or action with this node number.
    pub fn remediation_at(&self, node: u32) -> Option<Remediation<'_>> {
        Remediation::at(self.node(node)?)
    }

    /// The first remediation of this wire name. Errors: [`ErrorKind::NotFound`], which lists what there is.
    pub fn remediation(&self, name: &str) -> Result<Remediation<'_>> {
        self.remediations().find(|remediation| remediation.name() == name).ok_or_else(|| {
            let names = self.remediations().take(MAX_LOGGED_NAMES).map(|remediation| remediation.name().into_owned());
            let offered = sanitize(&format!("{:?}", names.collect::<Vec<_>>()));
            Error::new(
                ErrorKind::NotFound,
                format!("this step does not offer the remediation asked for; it offers {offered}"),
            )
            .with_advice("Answer what the step offers: the server's policy decides it and may change")
        })
    }

    /// All remediations of this wire name, for names that repeat.
    pub fn remediations_named<'s>(&'s self, name: &str) -> impl Iterator<Item = Remediation<'s>> {
        self.remediations().filter(move |remediation| remediation.name() == name)
    }

    /// Whether a remediation of this wire name is offered.
    pub fn offers(&self, name: &str) -> bool {
        self.remediations().any(|remediation| remediation.name() == name)
    }

    /// Every action beside the remediations, with its path as other SDKs write it: `cancel`,
    /// `currentAuthenticator-resend`, `authenticatorChallenge-cancel`.
    pub fn actions(&self) -> Vec<(String, Remediation<'_>)> {
        const NOT_ACTIONS: [&str; 4] = ["remediation", "success", "failure", "successWithInteractionCode"];
        let mut actions = Vec::new();
        for (key, value) in self.json().members() {
            let name = key.as_str().unwrap_or_default();
            if NOT_ACTIONS.contains(&name.as_ref()) {
                continue;
            }
            if value.text("href").is_some() {
                actions.extend(Remediation::at(value).map(|action| (name.into_owned(), action)));
                continue;
            }
            let value = value.unwrap_ion();
            let elements: Vec<_> = if value.kind() == JsonKind::Array { value.items().collect() } else { vec![value] };
            for (inner, action) in elements.into_iter().flat_map(nested_actions) {
                actions.push((format!("{name}-{inner}"), action));
            }
        }
        actions
    }

    /// The first action of this name: a path as in [`Step::actions`], the member it stands under, or its wire name.
    pub fn action(&self, name: &str) -> Option<Remediation<'_>> {
        let actions = self.actions();
        let by_member = |path: &str| path == name || path.rsplit('-').next() == Some(name);
        let found = actions.iter().find(|(path, _)| by_member(path));
        found.or_else(|| actions.iter().find(|(_, action)| action.name() == name)).map(|(_, action)| *action)
    }

    /// Every authenticator and enrolment in the response, each place one entry.
    pub fn authenticators(&self) -> Vec<Authenticator<'_>> {
        self.document().places().authenticators.iter().filter_map(|node| self.authenticator_at(*node)).collect()
    }

    /// The authenticator or enrolment with this node number.
    pub fn authenticator_at(&self, node: u32) -> Option<Authenticator<'_>> {
        Authenticator::at(self.node(node)?)
    }

    /// The authenticator that this step is about, if it is about one.
    pub fn current_authenticator(&self) -> Option<Authenticator<'_>> {
        self.current().next()
    }

    /// That authenticator in each of its places; the first is the one that counts.
    fn current(&self) -> impl Iterator<Item = Authenticator<'_>> {
        self.document().places().current.iter().filter_map(|node| self.authenticator_at(*node))
    }

    /// Every message: those of the step and those of fields, with the path of the field. The same error may be there
    /// twice (at the top and on a field): [`Step::distinct_messages`] shows it once.
    pub fn messages(&self) -> Vec<Message<'_>> {
        let mut left = MAX_PATH_BYTES;
        let all = self.document().messages().all().iter().filter_map(|(node, names)| {
            let json = self.node(*node)?;
            let names: Vec<_> = names.iter().filter_map(|name| self.node(*name)).collect();
            left = left.saturating_sub(names.iter().map(|name| name.raw().len()).sum());
            // Without a path it is still on a field, though nobody can say which.
            let nameless = left == 0 && !names.is_empty();
            Some(if nameless { Message::of_field(json, Vec::new()) } else { Message::at(json, names) })
        });
        all.collect()
    }

    /// The message with this node number.
    pub fn message_at(&self, node: u32) -> Option<Message<'_>> {
        let names = self.document().messages().names(node)?;
        Some(Message::at(self.node(node)?, names.iter().filter_map(|name| self.node(*name))))
    }

    /// The messages without repetitions: of two with the same key and text, the one on a field stays.
    pub fn distinct_messages(&self) -> Vec<Message<'_>> {
        let mut distinct: Vec<Message<'_>> = Vec::new();
        let mut places = HashMap::new();
        for message in self.messages() {
            match places.entry((message.key(), message.text())) {
                Entry::Vacant(place) => {
                    place.insert(distinct.len());
                    distinct.push(message);
                }
                Entry::Occupied(place) => {
                    let known = &mut distinct[*place.get()];
                    if known.path().is_empty() {
                        *known = message;
                    }
                }
            }
        }
        distinct
    }

    /// Whether a message has this key.
    pub fn has_message(&self, key: &MessageKey) -> bool {
        self.messages().iter().any(|message| message.known_key().as_ref() == Some(key))
    }

    /// Whether there is a message of class ERROR.
    pub fn has_error(&self) -> bool {
        self.messages().iter().any(|message| message.class() == MessageClass::Error)
    }

    /// The messages as plain data, for an error.
    pub(crate) fn error_messages(&self) -> Vec<ErrorMessage> {
        let messages = self.distinct_messages();
        let plain = messages.iter().map(|message| ErrorMessage {
            key: message.key().map(Cow::into_owned),
            text: message.text().into_owned(),
            path: message.dotted_path(),
        });
        plain.collect()
    }

    /// What the step asks for, by all of its remediations.
    pub fn status(&self) -> StepStatus {
        status::of(self)
    }

    /// Whether there is nothing to answer: no success, and no remediation but perhaps `skip` (idx.md section 7.3). The
    /// messages say how it ended.
    pub fn is_terminal(&self) -> bool {
        let success = ["successWithInteractionCode", "success"].iter().any(|name| self.json().present(name).is_some());
        !success && self.remediations().all(|remediation| remediation.kind() == RemediationKind::Skip)
    }

    /// The final success: the interaction code is here and can be redeemed.
    pub fn success_with_interaction_code(&self) -> Option<Remediation<'_>> {
        self.json().present("successWithInteractionCode").and_then(Remediation::at)
    }

    /// Where a success that is not ours sends the browser: a `success` member or a `success-redirect` remediation. It
    /// is never a token success.
    pub fn success_redirect(&self) -> Option<Cow<'_, str>> {
        self.redirect("success", &RemediationKind::SuccessRedirect)
    }

    /// Where a failure sends the browser.
    pub fn failure_redirect(&self) -> Option<Cow<'_, str>> {
        self.redirect("failure", &RemediationKind::FailureRedirect)
    }

    fn redirect(&self, member: &str, kind: &RemediationKind) -> Option<Cow<'_, str>> {
        let member = self.member(member).and_then(|value| value.text("href"));
        member.or_else(|| self.remediations().find(|remediation| &remediation.kind() == kind)?.href())
    }

    /// What to poll, and how often: a remediation with an interval, or the `poll` action of the current authenticator.
    pub fn poll(&self) -> Option<(Remediation<'_>, Duration)> {
        let poll = self
            .remediations()
            .find(|remediation| remediation.is_pollable())
            .or_else(|| self.current().find_map(|authenticator| authenticator.action("poll")))?;
        Some((poll, poll.poll_interval()))
    }

    /// The number that the person must choose in their app, wherever this step carries one. Always show it.
    pub fn number_challenge(&self) -> Option<Cow<'_, str>> {
        self.authenticators().into_iter().find_map(Authenticator::correct_answer)
    }

    /// Whether the step wants a password, and nothing else, for a known user.
    pub fn is_password_challenge(&self) -> bool {
        let verifies = self.offers("challenge-authenticator");
        let current = self.current_authenticator();
        let password = |authenticator: Authenticator<'_>| {
            authenticator.known_key() == Some(AuthenticatorKey::Password)
                && authenticator.state() == AuthenticatorState::Authenticating
        };
        verifies && current.is_some_and(password)
    }

    /// What in the response points at nothing, each in words. Never fatal.
    pub fn unresolved(&self) -> Vec<String> {
        fn walk(json: Json<'_>, owner: &str, left: &mut usize, found: &mut Vec<String>) {
            let own = json.text("name").or_else(|| json.text("label")).filter(|_| json.get("relatesTo").is_some());
            let owner = own.as_deref().unwrap_or(owner);
            for pointer in relates::pointers(json).take(*left) {
                *left -= 1;
                if pointer.target.is_none() {
                    found.push(format!("{owner}: relatesTo {} points at nothing", sanitize(&pointer.text)));
                }
            }
            for child in json.members().map(|(_, value)| value).chain(json.items()) {
                if matches!(child.kind(), JsonKind::Object | JsonKind::Array) {
                    walk(child, owner, left, found);
                }
            }
        }
        let mut found = Vec::new();
        walk(self.json(), "step", &mut { MAX_POINTERS }, &mut found);
        found
    }
}

/// The actions directly in an authenticator, a device challenge, or any other top-level object.
fn nested_actions<'a>(owner: Json<'a>) -> Vec<(String, Remediation<'a>)> {
    let actions = owner.members().filter(|(_, value)| {
        // A logo or a link has an address too, but neither a form nor a method.
        value.text("href").is_some() && (value.get("method").is_some() || value.get("value").is_some())
    });
    actions.filter_map(|(key, value)| Some((key.as_str()?.into_owned(), Remediation::at(value)?))).collect()
}

/// Whether an object is a response of this protocol (idx.md section 8.1): an error of another kind never has these.
pub(super) fn is_step(root: Json<'_>) -> bool {
    let container =
        |name: &str| root.get(name).is_some_and(|value| matches!(value.kind(), JsonKind::Object | JsonKind::Array));
    root.kind() == JsonKind::Object
        && (root.text("version").is_some()
            || root.text("stateHandle").is_some()
            || ["remediation", "messages", "successWithInteractionCode"].iter().any(|name| container(name)))
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.remediations().map(|remediation| remediation.name().into_owned()).collect();
        f.debug_struct("Step")
            .field("status", &self.status())
            .field("http", &self.0.http_status)
            .field("remediations", &names)
            .finish()
    }
}
