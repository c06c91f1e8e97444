//! What a step shows beside its forms: who signs in, messages, what the authenticator has to say.

use interaction_code::idx::{Authenticator, AuthenticatorKey, Json, Message, MessageClass, RemediationKind, Step};
use url::Url;

use super::labels;
use crate::term::{Screen, clean, read_qr, style};

/// The longest address that is shown.
const MAX_ADDRESS: usize = 8 * 1024;

/// The wire names of what a step offers.
pub fn names(step: &Step) -> Vec<String> {
    let actions = step.actions().into_iter().map(|(name, _)| name).filter(|name| name != "context");
    step.remediations().map(|remediation| clean(&remediation.name())).chain(actions.map(|name| clean(&name))).collect()
}

/// One line for a log, and the messages.
pub fn tell(step: &Step, screen: &Screen) {
    screen.note(&format!("step {}: {}", step.status().as_str(), names(step).join(", ")));
    messages(step, screen);
}

/// Everything a person needs to see.
pub fn show(step: &Step, screen: &Screen) {
    screen.title(&labels::title(step));
    let who = step.member("user").and_then(|user| user.text("identifier"));
    let app = step.member("app").and_then(|app| app.text("label"));
    match (who, app) {
        (Some(who), Some(app)) => screen.note(&format!("{who} at {app}")),
        (Some(one), None) | (None, Some(one)) => screen.note(&one),
        (None, None) => {}
    }
    messages(step, screen);
    if let Some(authenticator) = step.current_authenticator() {
        about(authenticator, screen);
    }
    for remediation in step.remediations() {
        for list in ["scopes", "requestInfo"] {
            facts(remediation.json().get(list), screen);
        }
        custom_expiry(remediation.json(), screen);
    }
    if let Some(number) = step.number_challenge() {
        screen.number(&number);
    }
    if let Some(device) = step.member("deviceEnrollment") {
        for name in ["orgName", "vendor", "signInUrl", "enrollmentLink"] {
            if let Some(text) = device.text(name) {
                screen.line(&format!("  {name}: {}", clean(&text)));
            }
        }
    }
}

/// The messages of a step, each once, in the colour of its class.
pub fn messages(step: &Step, screen: &Screen) {
    for message in step.distinct_messages() {
        screen.line(&painted(&message));
        for (url, label) in message.links() {
            if let Some(url) = address(&url) {
                screen.line(&format!("  {} {url}", clean(&label.unwrap_or_default())));
            }
        }
    }
}

fn painted(message: &Message<'_>) -> String {
    let class = match message.class() {
        MessageClass::Error => "ERROR",
        MessageClass::Warning => "WARNING",
        MessageClass::Info => "INFO",
    };
    let place = message.dotted_path().map(|path| format!(" ({})", clean(&path))).unwrap_or_default();
    let text = clean(&message.text());
    // The server may say it with a key only.
    let text = if text.trim().is_empty() { clean(&message.key().unwrap_or_default()) } else { text };
    format!("{} {text}{}", style::paint(style::of_class(class), class), style::paint(style::DIM, &place))
}

/// An address as it can be shown and copied: absolute, `https` or `http`, without anything a terminal would act on.
pub fn address(href: &str) -> Option<String> {
    let url = Url::parse(href).ok().filter(|url| matches!(url.scheme(), "https" | "http"))?;
    let text = url.as_str();
    (text.len() <= MAX_ADDRESS && text.bytes().all(|byte| byte.is_ascii_graphic())).then(|| text.to_owned())
}

/// What the current authenticator is, where it sends to, what is to be scanned.
fn about(authenticator: Authenticator<'_>, screen: &Screen) {
    let name = authenticator.display_name().or_else(|| authenticator.key()).unwrap_or_default();
    let profile = profile(authenticator).map(|text| format!(" ({text})")).unwrap_or_default();
    if !name.is_empty() {
        screen.line(&style::paint(style::NAME, &clean(&format!("{name}{profile}"))));
    }
    password_rules(authenticator, screen);
    let Some(data) = authenticator.contextual_data() else { return };
    for (name, words) in
        [("email", "Sent to"), ("phoneNumber", "Sent to"), ("otp", "The code to enter where you began")]
    {
        if let Some(text) = data.get(name).and_then(Json::scalar_text) {
            screen.line(&format!("  {words}: {}", clean(&text)));
        }
    }
    if let Some(picture) = authenticator.qr_code() {
        match read_qr(&picture) {
            Some(code) => {
                screen.line("  Scan this with the app:");
                screen.qr_code(&code);
            }
            None => screen.note("There is a picture to scan, which cannot be shown here."),
        }
    }
    if let Some(secret) = authenticator.shared_secret() {
        screen.line(&format!("  Or type this secret into the app: {}", clean(&secret)));
    }
    if let Some(same) = data.get("samedevice") {
        for name in ["setupOVUrl", "downloadHref"] {
            if let Some(url) = same.text(name).and_then(|url| address(&url)) {
                screen.line(&format!("  Open on this device: {url}"));
            }
        }
    }
}

/// What tells one enrolment from another: a masked address or number, a device.
pub fn profile(authenticator: Authenticator<'_>) -> Option<String> {
    let names = ["email", "phoneNumber", "deviceName", "questionKey"];
    names.iter().find_map(|name| authenticator.profile(name)).map(|text| clean(&text))
}

/// The rules for a new password, where the server tells them and a new one is asked for.
fn password_rules(authenticator: Authenticator<'_>, screen: &Screen) {
    if authenticator.known_key() != Some(AuthenticatorKey::Password) {
        return;
    }
    let Some(rules) = authenticator.settings().and_then(|settings| settings.get("complexity")) else { return };
    let counted = [
        ("minLength", "characters"),
        ("minLowerCase", "lower-case letters"),
        ("minUpperCase", "upper-case letters"),
        ("minNumber", "digits"),
        ("minSymbol", "symbols"),
    ];
    let least = |(name, what): (&str, &str)| {
        let count = rules.get(name)?.as_u64().filter(|count| *count > 0)?;
        Some(format!("{count} {what}"))
    };
    let least: Vec<_> = counted.into_iter().filter_map(least).collect();
    if !least.is_empty() {
        screen.note(&format!("A new password has at least {}.", least.join(", ")));
    }
    if rules.get("excludeUsername").and_then(Json::as_bool) == Some(true) {
        screen.note("It does not contain the user name.");
    }
}

/// A list of things to know: what is consented to, what is being approved.
fn facts(list: Option<Json<'_>>, screen: &Screen) {
    let items = list.map(Json::unwrap_ion);
    for item in items.into_iter().flat_map(Json::items) {
        let label = item.text("label").or_else(|| item.text("name")).unwrap_or_default();
        let value = item.get("desc").or_else(|| item.get("value")).and_then(Json::scalar_text).unwrap_or_default();
        screen.line(&format!("  - {} {}", clean(&label), style::paint(style::DIM, &clean(&value))));
    }
}

/// Where a password that is managed elsewhere is changed (idx.md section 5.4).
fn custom_expiry(remediation: Json<'_>, screen: &Screen) {
    let name = remediation.text("name").map(|name| RemediationKind::from(name.as_ref()));
    let managed = [RemediationKind::ReenrollCustomPasswordExpiry, RemediationKind::ReenrollCustomPasswordExpiryWarning];
    if !name.is_some_and(|name| managed.contains(&name)) {
        return;
    }
    if let Some(url) = remediation.text("customExpiredPasswordURL").and_then(|url| address(&url)) {
        let site = remediation.text("customExpiredPasswordName").unwrap_or_default();
        screen.line(&format!("  Change the password at {} {url}", clean(&site)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_shown_and_nothing_in_them_acts() {
        assert_eq!(address("https://a.example/x?y=\u{1b}[31m").as_deref(), Some("https://a.example/x?y=%1B[31m"));
        for bad in ["javascript:alert(1)", "/relative", "", "file:///etc/passwd"] {
            assert_eq!(address(bad), None, "{bad}");
        }
    }
}
