//! Remediations and actions: the ways to go on from a step (idx.md section 4.1).
//!
//! A remediation is a form with an address. Names are not unique (several `redirect-idp`), so a step has a list of them.
//! Actions (`cancel`, `resend`, `poll`, `recover`, `send`) have the same shape and live beside the list; they are the same
//! type here. A GET is not a form but an address for the user's browser: see [`Remediation::navigation`].

use std::{borrow::Cow, collections::HashSet, time::Duration};

use super::{
    answer::Answer,
    authenticator::Authenticator,
    document::{Json, JsonKind},
    field::{Field, fields_of},
    names::RemediationKind,
    relates,
};
use crate::{
    error::{Error, ErrorKind, Result},
    limits::{DEFAULT_POLL_INTERVAL, MAX_FORM_FIELDS, MAX_POINTERS, MAX_POLL_INTERVAL, MIN_POLL_INTERVAL},
};

/// The remediations of a response, in the server's order.
pub(super) fn remediations_of<'a>(root: Json<'a>) -> impl Iterator<Item = Remediation<'a>> {
    let list = root.get("remediation").map(Json::unwrap_ion);
    list.into_iter().flat_map(Json::items).filter_map(Remediation::at)
}

/// One way to go on. A view: valid as long as its step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Remediation<'a> {
    json: Json<'a>,
}

impl<'a> Remediation<'a> {
    pub(super) fn at(json: Json<'a>) -> Option<Self> {
        (json.kind() == JsonKind::Object).then_some(Remediation { json })
    }

    /// The wire name; empty when the server sent none.
    pub fn name(self) -> Cow<'a, str> {
        self.json.text("name").unwrap_or_default()
    }

    /// The name as one of the known ones.
    pub fn kind(self) -> RemediationKind {
        RemediationKind::from(self.name().as_ref())
    }

    /// The address, as it came. It is checked against the org's origin when something is sent there.
    pub fn href(self) -> Option<Cow<'a, str>> {
        self.json.text("href")
    }

    /// `POST` or `GET`; a missing one is `POST`.
    pub fn method(self) -> Cow<'a, str> {
        self.json.text("method").unwrap_or(Cow::Borrowed("POST"))
    }

    /// The media type the server wants the form in, as it came.
    pub fn accepts(self) -> Option<Cow<'a, str>> {
        self.json.text("accepts")
    }

    /// The media type of the answer, as it came.
    pub fn produces(self) -> Option<Cow<'a, str>> {
        self.json.text("produces")
    }

    /// The address to open in the user's browser, when this is a navigation and no form (social sign-in, smart card,
    /// redirect success). It is never fetched by the library.
    pub fn navigation(self) -> Option<Cow<'a, str>> {
        if self.method().eq_ignore_ascii_case("GET") { self.href() } else { None }
    }

    /// Whether a form can be sent: it has an address and is no navigation.
    pub fn is_form(self) -> bool {
        self.href().is_some() && !self.method().eq_ignore_ascii_case("GET")
    }

    /// The poll interval as the server wrote it, in milliseconds. Its presence marks a pollable step.
    pub fn refresh_ms(self) -> Option<f64> {
        self.json.get("refresh")?.as_f64()
    }

    /// How long to wait before polling: the server's interval, kept between 500 ms and 30 s; 4 s when it names none.
    pub fn poll_interval(self) -> Duration {
        match self.refresh_ms() {
            Some(ms) if ms.is_finite() => {
                Duration::from_millis(ms.clamp(0.0, 1e9) as u64).clamp(MIN_POLL_INTERVAL, MAX_POLL_INTERVAL)
            }
            _ => DEFAULT_POLL_INTERVAL,
        }
    }

    /// Whether this is polled: an interval, or a name that says so.
    pub fn is_pollable(self) -> bool {
        let named = matches!(
            self.kind(),
            RemediationKind::ChallengePoll
                | RemediationKind::EnrollPoll
                | RemediationKind::DeviceChallengePoll
                | RemediationKind::Poll
        );
        self.is_form() && (named || self.refresh_ms().is_some())
    }

    /// The fields of the form, in order. Empty for a navigation.
    pub fn fields(self) -> impl Iterator<Item = Field<'a>> + use<'a> {
        fields_of(self.json.get("value").map(Json::unwrap_ion), Vec::new())
    }

    /// All fields, each followed by those of its nested form and of its options.
    pub fn all_fields(self) -> Vec<Field<'a>> {
        fn add<'a>(fields: impl Iterator<Item = Field<'a>>, all: &mut Vec<Field<'a>>) {
            for field in fields {
                if all.len() == MAX_FORM_FIELDS {
                    return;
                }
                let nested: Vec<_> = field.fields().collect();
                let options: Vec<_> = field.options().collect();
                all.push(field);
                add(nested.into_iter(), all);
                options.into_iter().for_each(|option| add(option.fields(), all));
            }
        }
        let mut all = Vec::new();
        add(self.fields(), &mut all);
        all
    }

    /// The field at this dotted path, also inside options. Errors: [`ErrorKind::NotFound`].
    pub fn field(self, path: &str) -> Result<Field<'a>> {
        self.all_fields().into_iter().find(|field| field.dotted_path() == path).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("{} has no field of this path", self.name()))
                .with_advice("List the fields of the remediation: their paths are wire names joined by dots")
        })
    }

    /// What the remediation is about, by its own `relatesTo`.
    pub fn related(self) -> impl Iterator<Item = Json<'a>> + use<'a> {
        relates::pointers(self.json).filter_map(|pointer| pointer.target)
    }

    /// The authenticators it is about: by its own `relatesTo` and by those of its fields and options, each once. Where
    /// `identify`, `enroll-poll` or `challenge-poll` names none, the current one (idx.md section 4.4).
    pub fn authenticators(self) -> Vec<Authenticator<'a>> {
        let mut targets: Vec<_> = self.related().take(MAX_POINTERS).collect();
        for field in self.all_fields() {
            targets.extend(field.related().take(MAX_POINTERS));
            for option in field.options().take(MAX_POINTERS) {
                targets
                    .extend(relates::pointers(option.json()).filter_map(|pointer| pointer.target).take(MAX_POINTERS));
            }
            if targets.len() >= MAX_POINTERS {
                break;
            }
        }
        let silent = self.json.get("relatesTo").is_none();
        let inferred = matches!(
            self.kind(),
            RemediationKind::Identify | RemediationKind::EnrollPoll | RemediationKind::ChallengePoll
        );
        if silent && inferred {
            let document = self.json.document();
            targets.extend(document.places().current.first().and_then(|node| document.node(*node)));
        }
        let mut known = HashSet::new();
        targets.retain(|target| known.insert(target.node()));
        targets.into_iter().filter_map(Authenticator::at).collect()
    }

    /// The identity provider of a redirect: id, name.
    pub fn idp(self) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
        let idp = self.json.get("idp")?;
        Some((idp.text("id")?, idp.text("name").unwrap_or_default()))
    }

    /// The type of the identity provider, for example `GOOGLE`; an open set (idx.md section 10.1).
    pub fn idp_type(self) -> Option<Cow<'a, str>> {
        self.json.text("type")
    }

    /// Starts an answer to this form. Errors: [`ErrorKind::InvalidState`] when it is a navigation.
    pub fn answer(self) -> Result<Answer> {
        if self.is_form() {
            return Ok(Answer::new(self.json));
        }
        Err(Error::new(
            ErrorKind::InvalidState,
            format!("{} is an address for the user's browser, not a form", self.name()),
        )
        .with_advice("Open its navigation address in the user's browser, and hand the callback URL to the flow"))
    }

    /// The number of this remediation: stable for the life of the step, unique where names are not.
    pub fn node(self) -> u32 {
        self.json.node()
    }

    /// The remediation as it came: `scopes`, `requestInfo`, `idvMetadata` and whatever else the server adds.
    pub fn json(self) -> Json<'a> {
        self.json
    }
}
