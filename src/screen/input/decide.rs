//! What a field asks for: the first line that fits. Never decided by a label or a language.

use std::borrow::Cow;

use super::{rules, shared::Shared};
use crate::{
    idx::{Authenticator, AuthenticatorKey as Key, Field, FieldType, MethodType, RemediationKind as Kind},
    screen::{
        ask::{Ask, CaptchaKind, ChoiceStyle, CodeSource},
        context::Form,
        element::InputOption,
        phrase::Phrase,
    },
};

/// The members of a form that a platform's passkey fills.
pub(super) const PASSKEY: [&str; 7] =
    ["clientData", "authenticatorData", "signatureData", "userHandle", "attestation", "transports", "clientExtensions"];

/// At most so many are buttons side by side, where the server does not say how to draw them.
const MOST_BUTTONS: usize = 5;

/// A field and what is around it.
pub(super) struct Place<'w, 's> {
    pub shared: &'w Shared<'s>,
    pub form: &'w Form<'s>,
    /// What the field is about.
    pub authenticator: Option<Authenticator<'s>>,
    /// The fields beside it, itself among them.
    pub siblings: &'w [Field<'s>],
    pub options: &'w [InputOption],
}

impl Place<'_, '_> {
    fn key(&self) -> Option<Key> {
        self.authenticator?.known_key()
    }

    fn method(&self) -> Option<MethodType> {
        let methods = self.authenticator?.json().get("methods")?.unwrap_ion();
        let first = methods.items().next()?;
        let name = first.text("type").or_else(|| first.text("methodType")).or_else(|| first.as_str())?;
        Some(MethodType::from(name.as_ref()))
    }

    /// Whether something new is set up or set again, and not proved.
    fn sets_up(&self) -> bool {
        let name = self.form.remediation.name();
        ["enroll-", "reset-", "reenroll-"].iter().any(|start| name.starts_with(start))
    }
}

/// Whether a platform's passkey fills this field: one input stands for all of them.
pub(super) fn is_passkey(field: &Field<'_>, place: &Place<'_, '_>) -> bool {
    if field.hint().as_deref() == Some("webauthn") {
        return true;
    }
    let beside = |name: &str| place.siblings.iter().any(|other| other.name() == name);
    let named = |name: Cow<'_, str>| name.contains("-passkeys-") || name.contains("-webauthn-");
    PASSKEY.contains(&field.name())
        && (place.key() == Some(Key::Webauthn)
            || named(place.form.remediation.name())
            || (beside("clientData") && (beside("attestation") || beside("authenticatorData"))))
}

/// Whether it is the token of a captcha.
pub(super) fn is_captcha(field: &Field<'_>) -> bool {
    let path = field.path();
    let hinted = field.hint().as_deref() == Some("captcha") && field.name() != "captchaId";
    hinted || (path.len() == 2 && path[0] == "captchaVerify" && path[1] == "captchaToken")
}

/// What a field asks for that is none of a passkey's.
pub(super) fn ask(field: &Field<'_>, place: &Place<'_, '_>) -> Ask {
    let path = field.path();
    let top = path.first().map(Cow::as_ref).unwrap_or_default();
    let profile = top == "userProfile";
    let own_type = field.field_type();
    if is_captcha(field) {
        return captcha(place);
    }
    if place.key() == Some(Key::Duo) && field.name() == "signatureData" {
        return Ask::Frame;
    }
    if top == "optedScopes" && path.len() > 1 && own_type == FieldType::Boolean {
        let detail = field.json().text("desc").map(Cow::into_owned);
        return Ask::Consent { scope: field.name().to_owned(), detail };
    }
    if !place.options.is_empty() {
        return Ask::Choice { style: style(field, &own_type, place.options.len()) };
    }
    if wants_country(field) {
        return Ask::Country;
    }
    match own_type {
        FieldType::Boolean => return Ask::Toggle,
        FieldType::Integer => return Ask::Number { whole: true },
        FieldType::Number => return Ask::Number { whole: false },
        _ if field.input_type().as_deref() == Some("checkbox") => return Ask::Toggle,
        _ => {}
    }
    match field.name() {
        "identifier" if path.len() == 1 => Ask::Username,
        "passcode" => passcode(field, place),
        "totp" | "nextPasscode" => code(field, place),
        "answer" => Ask::Answer { question: question(place) },
        "userCode" if path.len() == 1 => {
            Ask::Code { source: CodeSource::Device, digits: false, length: Some(8), group: Some(4) }
        }
        "phoneNumber" => Ask::Phone { method: phone_method(place) },
        "mobilePhone" | "primaryPhone" if profile => Ask::Phone { method: None },
        "email" if profile || path.len() == 1 => Ask::Email,
        "secondEmail" if profile => Ask::Email,
        "login" if profile && field.format().as_deref() == Some("email") => Ask::Email,
        attribute if profile => Ask::Profile { attribute: attribute.to_owned() },
        _ => Ask::Value { json: own_type.as_str().to_owned() },
    }
}

fn captcha(place: &Place<'_, '_>) -> Ask {
    let text = |name| place.shared.captcha.and_then(|captcha| captcha.text(name)).map(Cow::into_owned);
    let kind = match text("type").as_deref() {
        Some("HCAPTCHA") => CaptchaKind::Hcaptcha,
        Some("RECAPTCHA_V2") => CaptchaKind::RecaptchaV2,
        _ => CaptchaKind::Other,
    };
    Ask::Captcha { id: text("id"), site_key: text("siteKey"), kind }
}

fn style(field: &Field<'_>, own_type: &FieldType, options: usize) -> ChoiceStyle {
    match field.input_type().as_deref() {
        Some("radio") => ChoiceStyle::Radio,
        Some("checkbox") => ChoiceStyle::Checkbox,
        None if *own_type == FieldType::Boolean || options <= MOST_BUTTONS => ChoiceStyle::Radio,
        _ => ChoiceStyle::Select,
    }
}

fn wants_country(field: &Field<'_>) -> bool {
    let format = field.options().next().and_then(|option| option.json().get("value")?.get("value")?.text("format"));
    format.as_deref() == Some("country-code")
}

fn passcode(field: &Field<'_>, place: &Place<'_, '_>) -> Ask {
    let secret_of_nobody = place.authenticator.is_none() && field.is_secret();
    if place.sets_up() {
        let pin = place.key() == Some(Key::NfcPin);
        let sign_up = place.form.kind == Kind::EnrollProfile;
        if pin || sign_up || secret_of_nobody || place.key() == Some(Key::Password) {
            let rules = rules::of(place.shared.policy(place.authenticator), pin);
            let confirm = if pin { "field.confirm_pin.label" } else { "field.confirm.label" };
            return Ask::NewPassword { rules, confirm: Some(Phrase::ours(confirm, &[])), pin };
        }
    } else if place.form.kind == Kind::Identify || secret_of_nobody || place.key() == Some(Key::Password) {
        return Ask::Password;
    }
    code(field, place)
}

fn code(field: &Field<'_>, place: &Place<'_, '_>) -> Ask {
    let source = match place.key() {
        Some(Key::Email) => CodeSource::Email,
        Some(Key::Phone) if place.method() == Some(MethodType::Voice) => CodeSource::Voice,
        Some(Key::Phone) => CodeSource::Sms,
        Some(Key::OktaVerify | Key::GoogleOtp | Key::SymantecVip | Key::CustomApp) => CodeSource::App,
        Some(Key::RsaToken | Key::OnpremMfa | Key::CustomOtp) => CodeSource::Token,
        Some(Key::YubikeyToken) => CodeSource::Key,
        Some(Key::TemporaryAccessCode) => CodeSource::Temporary,
        Some(Key::NfcPin) => CodeSource::Card,
        _ if field.name() == "totp" => CodeSource::App,
        _ => CodeSource::Unknown,
    };
    let numeric =
        matches!(source, CodeSource::Email | CodeSource::Sms | CodeSource::Voice | CodeSource::App | CodeSource::Card);
    let settings = place.authenticator.filter(|_| source == CodeSource::Card).and_then(Authenticator::settings);
    let limit = |name: &str| settings.and_then(|settings| settings.get(name)?.as_u64());
    let fixed = limit("maxLength").filter(|most| limit("minLength") == Some(*most));
    Ask::Code {
        source,
        digits: numeric && field.format().as_deref() != Some("alphanumeric"),
        length: field.max_length().or(fixed),
        group: None,
    }
}

/// The question of an answer: what the hidden field beside it is called, else what the authenticator says.
fn question(place: &Place<'_, '_>) -> Option<String> {
    let beside = place.siblings.iter().find(|field| field.name() == "questionKey" && !field.is_mutable());
    let label = beside.and_then(Field::label);
    let enrolled = || place.authenticator?.contextual_data()?.present("enrolledQuestion")?.text("question");
    let profile = || place.authenticator?.profile("question");
    let found = label.filter(|text| !text.trim().is_empty()).or_else(enrolled).or_else(profile);
    let found = found.map(|text| text.trim().to_owned());
    // An own question has a box of its own beside this one.
    found.filter(|text| !text.is_empty() && place.siblings.iter().all(|field| field.name() != "question"))
}

/// By what a phone is reached, where nothing is left to choose.
fn phone_method(place: &Place<'_, '_>) -> Option<String> {
    let method = place.siblings.iter().find(|field| field.name() == "methodType")?;
    if let Some(value) = method.value() {
        return value.scalar_text().map(Cow::into_owned);
    }
    match method.choices().as_slice() {
        [only] => only.value.scalar_text().map(Cow::into_owned),
        _ => None,
    }
}
