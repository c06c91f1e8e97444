//! The walk over the fields of a form, each met once: left out, set by a way, or an input.

use std::collections::HashSet;

use super::{
    decide::{self, Place},
    fill, label, of_option,
};
use crate::{
    idx::{AnswerValue, Authenticator, Choice, Field, FieldOption, FieldType, Json, RemediationKind as Kind},
    limits::{MAX_DRAWN_OPTIONS, MAX_FORM_FIELDS},
    screen::{
        ask::{Ask, CodeSource, Rule},
        context::{Context, Form},
        element::{
            ChoiceElement, ChoiceOption, Element, ElementKind, Input, InputOption, ListStyle, Requirements, Scope,
        },
        markup,
        phrase::Phrase,
        way::Preset,
    },
};

/// What stands at the end of a form, whatever the server's order: 0 is everything else.
const RANKS: [(&str, u8); 4] = [("rememberMe", 1), ("revokeSessions", 1), ("autoChallenge", 1), ("captchaToken", 2)];

/// Names that are ids: with a value they are nobody's to decide.
const IDS: [&str; 4] = ["id", "enrollmentId", "authenticatorId", "captchaId"];

/// What is found, in the server's order.
#[allow(clippy::large_enum_variant, reason = "nearly all are the large one")]
pub(super) enum Found<'s> {
    Element(Element),
    List(Field<'s>),
}

pub(super) struct Walk<'w, 's> {
    context: &'w Context<'s>,
    form: &'w Form<'s>,
    pub found: Vec<(u8, Found<'s>)>,
    /// What every way of the form sets.
    pub sets: Vec<Preset>,
    /// What tells the ways of the form apart, one entry a way.
    pub variants: Vec<Preset>,
    pub fixed_scopes: Vec<Scope>,
    seen: HashSet<String>,
    passkey: bool,
    in_option: bool,
    left: usize,
}

/// What is around a field that its nested fields need to know.
#[derive(Clone, Copy)]
struct Around<'s> {
    authenticator: Option<Authenticator<'s>>,
    /// The object that holds the fields.
    parent: Option<u32>,
    /// A text that is not flagged is wanted all the same: a form of credentials without any is pointless.
    unflagged: bool,
}

impl<'w, 's> Walk<'w, 's> {
    pub fn new(context: &'w Context<'s>, form: &'w Form<'s>) -> Self {
        Walk {
            context,
            form,
            found: Vec::new(),
            sets: Vec::new(),
            variants: Vec::new(),
            fixed_scopes: Vec::new(),
            seen: HashSet::new(),
            passkey: false,
            in_option: false,
            left: MAX_FORM_FIELDS,
        }
    }

    /// The whole form.
    pub fn form(&mut self) {
        let asks = !matches!(self.form.kind, Kind::SelectIdentify | Kind::DeviceAppleSsoExtension);
        if asks && self.form.remediation.is_form() {
            let around = Around { authenticator: self.form.authenticator, parent: None, unflagged: false };
            let fields: Vec<_> = self.form.remediation.fields().take(MAX_FORM_FIELDS).collect();
            self.level(&fields, around);
        }
    }

    /// The form that an option brings.
    pub fn option(&mut self, option: &FieldOption<'s>) {
        self.in_option = true;
        let credentials = option.field_path().last().is_some_and(|name| name == "credentials");
        let authenticator = option.authenticators().next().or(self.form.authenticator);
        let fields: Vec<_> = option.fields().take(MAX_FORM_FIELDS).collect();
        self.level(&fields, Around { authenticator, parent: None, unflagged: credentials });
    }

    fn level(&mut self, fields: &[Field<'s>], around: Around<'s>) {
        for field in fields {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            if field.has_form_options() {
                self.with_options(field, around);
            } else if field.has_form() {
                self.with_form(field, around);
            } else {
                self.leaf(field, fields, around);
            }
        }
    }

    fn with_form(&mut self, field: &Field<'s>, around: Around<'s>) {
        // Outside the first page a proof is what the form is for, flagged or not.
        let unflagged = field.name() == "credentials" && (field.is_required() || self.form.kind != Kind::Identify);
        let authenticator = field.related().find_map(related).or(around.authenticator);
        let fields: Vec<_> = field.fields().take(MAX_FORM_FIELDS).collect();
        self.level(&fields, Around { authenticator, parent: Some(field.json().node()), unflagged });
    }

    fn with_options(&mut self, field: &Field<'s>, around: Around<'s>) {
        let path = field.dotted_path();
        if !self.takes(&path) {
            return;
        }
        let options: Vec<_> = field.options().take(MAX_DRAWN_OPTIONS).collect();
        if self.in_option {
            let input = self.input(field, Ask::Value { json: "object".into() }, Vec::new(), around);
            return self.push(field.name(), Element::input(input));
        }
        if field.name() == "authenticator" {
            return self.found.push((0, Found::List(field.clone())));
        }
        if let ([only], true) = (options.as_slice(), field.is_required()) {
            let fields: Vec<_> = only.fields().take(MAX_FORM_FIELDS).collect();
            return self.level(&fields, Around { parent: None, unflagged: field.name() == "credentials", ..around });
        }
        let drawn = options.iter().enumerate().map(|(index, option)| self.choice_option(option, index)).collect();
        let caption = label::of(field, &Ask::Choice { style: crate::screen::ask::ChoiceStyle::Radio }, None);
        let choice = ChoiceElement {
            path,
            node: field.json().node(),
            label: caption,
            style: ListStyle::Radio,
            groups: Vec::new(),
            options: drawn,
        };
        self.push(field.name(), Element::choice(choice));
    }

    fn choice_option(&self, option: &FieldOption<'s>, index: usize) -> ChoiceOption {
        let inputs = of_option(self.context, self.form, option);
        let brings = |name: &str| inputs.fields.iter().any(|input| input.path.rsplit('.').next() == Some(name));
        let key = match () {
            () if brings("question") => Some("question.own.label"),
            () if brings("questionKey") => Some("question.listed.label"),
            () => None,
        };
        let said = option.label().filter(|text| label::says_something(text, ""));
        let label = match (said, key) {
            (Some(text), _) => Phrase::server(key.unwrap_or("option.other.label"), &markup::plain(&text)),
            (None, Some(key)) => Phrase::ours(key, &[]),
            (None, None) => Phrase::ours("option.nth.detail", &[("n", &(index + 1).to_string())]),
        };
        let node = option.json().node();
        ChoiceOption {
            label,
            detail: None,
            note: None,
            group: None,
            key: None,
            method: None,
            enrollment: None,
            logo: None,
            node,
            nodes: vec![node],
            sets: inputs.sets,
            picks_at_once: inputs.fields.iter().all(|input| !input.required),
            fields: inputs.fields,
        }
    }

    fn leaf(&mut self, field: &Field<'s>, siblings: &[Field<'s>], around: Around<'s>) {
        let name = field.name();
        let given = field.value();
        let choices = choices(field);
        if field.path().first().is_some_and(|top| top == "optedScopes") && !field.is_mutable() {
            return self.fixed_scope(field);
        }
        let has_options = field.options().next().is_some();
        let fixed = !field.is_mutable() && (given.is_some() || !has_options);
        if fixed || (given.is_some() && !has_options && IDS.contains(&name)) {
            return;
        }
        if self.is_answered_by_a_button(field, &choices) {
            return;
        }
        if given.is_some() && !field.is_visible() {
            return;
        }
        if let ([only], true) = (choices.as_slice(), field.is_required()) {
            let value = label::option(field, only).value;
            return self.sets.push(preset(field, value));
        }
        if !self.takes(&field.dotted_path()) {
            return;
        }
        let options: Vec<InputOption> = choices.iter().map(|choice| label::option(field, choice)).collect();
        let (form, shared) = (self.form, &self.context.inputs);
        let place = Place { shared, form, authenticator: around.authenticator, siblings, options: &options };
        if decide::is_passkey(field, &place) {
            let make = siblings.iter().any(|other| other.name() == "attestation");
            return self.passkey(field, make, around);
        }
        if name == "captchaId" {
            let id = shared.captcha.and_then(|captcha| captcha.text("id"));
            return self.sets.extend(id.map(|id| preset(field, AnswerValue::from(id.as_ref()))));
        }
        let ask = decide::ask(field, &place);
        let input = self.input(field, ask, options, around);
        self.beside(&input, around);
        self.push(name, Element::input(input));
    }

    /// Yes and no, or the method of a challenge that is about to be sent: one way for each value.
    fn is_answered_by_a_button(&mut self, field: &Field<'s>, choices: &[Choice<'s>]) -> bool {
        let kind = &self.form.kind;
        let top = field.path().len() == 1 && !self.in_option;
        let says_yes = top && matches!(field.name(), "consent" | "keepMeSignedIn");
        let is_method = field.name() == "methodType" && *kind == Kind::AuthenticatorVerificationData && !self.in_option;
        if !self.variants.is_empty() || !(says_yes || (is_method && !choices.is_empty())) {
            return false;
        }
        self.variants = match says_yes {
            true => [true, false].into_iter().map(|value| preset(field, value.into())).collect(),
            false => choices.iter().map(|choice| preset(field, label::option(field, choice).value)).collect(),
        };
        true
    }

    fn fixed_scope(&mut self, field: &Field<'s>) {
        if field.field_type() == FieldType::Boolean && self.takes(&field.dotted_path()) {
            let name = field.name().to_owned();
            let ask = Ask::Consent { scope: name.clone(), detail: None };
            let detail = field.json().text("desc").map(std::borrow::Cow::into_owned);
            self.fixed_scopes.push(Scope { label: label::of(field, &ask, None), name, detail });
        }
    }

    /// One input for all members that a platform's passkey fills.
    fn passkey(&mut self, field: &Field<'s>, make: bool, around: Around<'s>) {
        if std::mem::replace(&mut self.passkey, true) {
            return;
        }
        let options = self.context.inputs.challenge(self.form.remediation);
        let autofill = self.form.kind == Kind::ChallengeWebauthnAutofillui;
        let mut input = self.input(field, Ask::Passkey { make, autofill, options }, Vec::new(), around);
        if let Some(parent) = around.parent {
            input.node = parent;
            input.path.truncate(input.path.len().saturating_sub(field.name().len() + 1));
        }
        (input.required, input.min, input.max) = (true, None, None);
        self.push(field.name(), Element::input(input));
    }

    fn input(&self, field: &Field<'s>, ask: Ask, options: Vec<InputOption>, around: Around<'s>) -> Input {
        let secret = field.is_secret()
            || match &ask {
                Ask::Password | Ask::NewPassword { .. } | Ask::Answer { .. } => true,
                Ask::Code { source, .. } => {
                    matches!(source, CodeSource::Key | CodeSource::Temporary | CodeSource::Card)
                }
                _ => false,
            };
        let unflagged = around.unflagged
            && field.required_flag().is_none()
            && field.is_visible()
            && field.field_type() == FieldType::String
            && field.options().next().is_none();
        let vendor = around.authenticator.and_then(Authenticator::display_name);
        let vendor = vendor.as_deref().filter(|name| !name.trim().is_empty());
        Input {
            path: field.dotted_path(),
            node: field.json().node(),
            label: label::of(field, &ask, vendor),
            required: field.is_required() || unflagged || ask == Ask::Username,
            secret,
            preset: field.value().map(|value| typed(field, value)),
            min: field.min_length(),
            max: field.max_length(),
            autofill: fill::autofill(&ask, self.context.inputs.passkeys_in_username),
            keyboard: fill::keyboard(&ask, secret),
            direction: fill::direction(&ask, secret),
            options,
            messages: Vec::new(),
            ask,
        }
    }

    /// What stands before an input: the rules of a password, the page that fills it.
    fn beside(&mut self, input: &Input, around: Around<'s>) {
        match &input.ask {
            Ask::NewPassword { rules, .. } if rules.len() > 1 => {
                let rules: Vec<Rule> = rules.clone();
                let requirements = Requirements { input: input.path.clone(), rules };
                let element = Element::new(ElementKind::Requirements(requirements), input.label.clone());
                self.found.push((0, Found::Element(element)));
            }
            Ask::Frame => {
                let data = around.authenticator.and_then(Authenticator::contextual_data);
                let text = |name: &str| data.and_then(|data| data.text(name)).map(std::borrow::Cow::into_owned);
                let script = text("script").filter(|script| crate::screen::address::opens(script));
                let name = around.authenticator.and_then(Authenticator::display_name).unwrap_or_default();
                let vendor = if name.trim().is_empty() { "Duo".to_owned() } else { name.into_owned() };
                let hint = Phrase::ours("verify.frame.hint", &[("authenticator", &vendor)]);
                let (host, token, fills) = (text("host"), text("signedToken"), input.path.clone());
                let frame = ElementKind::Frame { vendor, host, token, script, fills };
                self.found.push((0, Found::Element(Element::new(frame, hint))));
            }
            _ => {}
        }
    }

    fn push(&mut self, name: &str, element: Element) {
        let rank = RANKS.iter().find(|(known, _)| *known == name).map_or(0, |(_, rank)| *rank);
        self.found.push((rank, Found::Element(element)));
    }

    /// Whether a path is met for the first time, and there is room for it.
    fn takes(&mut self, path: &str) -> bool {
        self.context.inputs.has_room(path.len()) && self.seen.insert(path.to_owned())
    }
}

fn related(target: Json<'_>) -> Option<Authenticator<'_>> {
    Authenticator::at(target)
}

/// What can be chosen, each value once, in the server's order.
fn choices<'s>(field: &Field<'s>) -> Vec<Choice<'s>> {
    let mut known = HashSet::new();
    let all = field.choices().into_iter().filter(|choice| known.insert(choice.value.raw()));
    all.take(MAX_DRAWN_OPTIONS).collect()
}

/// A value of the form in the type of its field.
fn typed(field: &Field<'_>, value: Json<'_>) -> AnswerValue {
    match value.as_bool().filter(|_| field.field_type() == FieldType::Boolean) {
        Some(boolean) => boolean.into(),
        None => value.to_value().into(),
    }
}

fn preset(field: &Field<'_>, value: AnswerValue) -> Preset {
    Preset { path: field.dotted_path(), node: Some(field.json().node()), value }
}
