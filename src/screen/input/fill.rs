//! What a platform is told about an input: how it may fill it, which keyboard it shows, which way it is written.

use crate::screen::ask::{Ask, Autofill, CodeSource, Direction, Keyboard};

const fn words(ios: &'static str, android: &'static str, html: &'static str) -> Autofill {
    Autofill { ios: Some(ios), android: Some(android), html }
}

const OFF: Autofill = Autofill { ios: None, android: None, html: "off" };

/// The attributes of a profile that platforms know: wire name, `UITextContentType`, autofill hint of Android (some have
/// none), `autocomplete`.
#[rustfmt::skip]
const PROFILE: &[(&str, &str, Option<&str>, &str)] = &[
    ("firstName", "givenName", Some("personGivenName"), "given-name"),
    ("lastName", "familyName", Some("personFamilyName"), "family-name"),
    ("middleName", "middleName", Some("personMiddleName"), "additional-name"),
    ("honorificPrefix", "namePrefix", Some("personNamePrefix"), "honorific-prefix"),
    ("honorificSuffix", "nameSuffix", Some("personNameSuffix"), "honorific-suffix"),
    ("displayName", "name", Some("personName"), "name"),
    ("nickName", "nickname", None, "nickname"),
    ("streetAddress", "fullStreetAddress", Some("streetAddress"), "street-address"),
    ("city", "addressCity", Some("addressLocality"), "address-level2"),
    ("state", "addressState", Some("addressRegion"), "address-level1"),
    ("zipCode", "postalCode", Some("postalCode"), "postal-code"),
    ("title", "jobTitle", None, "organization-title"),
    ("organization", "organizationName", None, "organization"),
    ("profileUrl", "URL", None, "url"),
];

/// How a platform may fill it. `passkeys`: they may be offered in the box of the user name.
pub(super) fn autofill(ask: &Ask, passkeys: bool) -> Autofill {
    match ask {
        Ask::Username if passkeys => words("username", "username", "username webauthn"),
        Ask::Username => words("username", "username", "username"),
        Ask::Password => words("password", "password", "current-password"),
        Ask::NewPassword { pin: false, .. } => words("newPassword", "newPassword", "new-password"),
        Ask::Code { source, .. } => match source {
            CodeSource::Email => words("oneTimeCode", "emailOTPCode", "one-time-code"),
            CodeSource::Sms | CodeSource::Voice => words("oneTimeCode", "smsOTPCode", "one-time-code"),
            CodeSource::App => words("oneTimeCode", "2faAppOTPCode", "one-time-code"),
            _ => OFF,
        },
        Ask::Phone { .. } => words("telephoneNumber", "phoneNumber", "tel"),
        Ask::Email => words("emailAddress", "emailAddress", "email"),
        Ask::Country => words("countryName", "addressCountry", "country"),
        Ask::Profile { attribute } => PROFILE
            .iter()
            .find(|(name, ..)| name == attribute)
            .map_or(OFF, |(_, ios, android, html)| Autofill { ios: Some(ios), android: *android, html }),
        _ => OFF,
    }
}

/// Which keyboard to show.
pub(super) fn keyboard(ask: &Ask, secret: bool) -> Keyboard {
    match ask {
        Ask::Username | Ask::Email => Keyboard::Email,
        Ask::NewPassword { pin: true, .. } | Ask::Number { .. } => Keyboard::Digits,
        Ask::Password | Ask::NewPassword { .. } | Ask::Answer { .. } => Keyboard::Secret,
        Ask::Code { group: Some(_), .. } => Keyboard::Capitals,
        Ask::Code { digits: true, .. } => Keyboard::Digits,
        Ask::Phone { .. } => Keyboard::Phone,
        Ask::Country | Ask::Choice { .. } | Ask::Authenticator => Keyboard::List,
        Ask::Profile { attribute } => match attribute.as_str() {
            "zipCode" => Keyboard::Capitals,
            "profileUrl" => Keyboard::Url,
            known if PROFILE.iter().any(|(name, ..)| *name == known) => Keyboard::Words,
            _ => Keyboard::Text,
        },
        Ask::Toggle | Ask::Consent { .. } | Ask::Captcha { .. } | Ask::Passkey { .. } | Ask::Frame => Keyboard::None,
        Ask::Code { .. } | Ask::Value { .. } if secret => Keyboard::Secret,
        Ask::Code { .. } | Ask::Value { .. } => Keyboard::Text,
    }
}

/// Which way it is written: names of people and answers follow their content, whatever has one spelling is left to right.
pub(super) fn direction(ask: &Ask, secret: bool) -> Direction {
    match ask {
        Ask::Username | Ask::Password | Ask::NewPassword { .. } | Ask::Code { .. } | Ask::Phone { .. } | Ask::Email => {
            Direction::Ltr
        }
        Ask::Profile { attribute } if attribute == "profileUrl" => Direction::Ltr,
        Ask::Value { .. } if secret => Direction::Ltr,
        _ => Direction::Auto,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(source: CodeSource, digits: bool) -> Ask {
        Ask::Code { source, digits, length: None, group: None }
    }

    fn profile(name: &str) -> Ask {
        Ask::Profile { attribute: name.to_owned() }
    }

    #[test]
    fn every_row_of_the_table_has_its_words() {
        let new = |pin| Ask::NewPassword { rules: Vec::new(), confirm: None, pin };
        let phone = Ask::Phone { method: None };
        let rows: &[(Ask, [&str; 3], Keyboard)] = &[
            (Ask::Username, ["username", "username", "username"], Keyboard::Email),
            (Ask::Password, ["password", "password", "current-password"], Keyboard::Secret),
            (new(false), ["newPassword", "newPassword", "new-password"], Keyboard::Secret),
            (new(true), ["", "", "off"], Keyboard::Digits),
            (code(CodeSource::Email, true), ["oneTimeCode", "emailOTPCode", "one-time-code"], Keyboard::Digits),
            (code(CodeSource::Email, false), ["oneTimeCode", "emailOTPCode", "one-time-code"], Keyboard::Text),
            (code(CodeSource::Voice, true), ["oneTimeCode", "smsOTPCode", "one-time-code"], Keyboard::Digits),
            (code(CodeSource::App, true), ["oneTimeCode", "2faAppOTPCode", "one-time-code"], Keyboard::Digits),
            (code(CodeSource::Token, false), ["", "", "off"], Keyboard::Text),
            (code(CodeSource::Card, true), ["", "", "off"], Keyboard::Digits),
            (phone, ["telephoneNumber", "phoneNumber", "tel"], Keyboard::Phone),
            (Ask::Email, ["emailAddress", "emailAddress", "email"], Keyboard::Email),
            (Ask::Country, ["countryName", "addressCountry", "country"], Keyboard::List),
            (profile("firstName"), ["givenName", "personGivenName", "given-name"], Keyboard::Words),
            (profile("nickName"), ["nickname", "", "nickname"], Keyboard::Words),
            (profile("zipCode"), ["postalCode", "postalCode", "postal-code"], Keyboard::Capitals),
            (profile("profileUrl"), ["URL", "", "url"], Keyboard::Url),
            (profile("shoeSize"), ["", "", "off"], Keyboard::Text),
            (Ask::Answer { question: None }, ["", "", "off"], Keyboard::Secret),
            (Ask::Toggle, ["", "", "off"], Keyboard::None),
            (Ask::Value { json: "string".into() }, ["", "", "off"], Keyboard::Text),
        ];
        for (ask, expected, keys) in rows {
            let found = autofill(ask, false);
            let found = [found.ios.unwrap_or_default(), found.android.unwrap_or_default(), found.html];
            assert_eq!((found, keyboard(ask, false)), (*expected, *keys), "{ask:?}");
        }
        assert_eq!(autofill(&Ask::Username, true).html, "username webauthn");
        let device = Ask::Code { source: CodeSource::Device, digits: false, length: Some(8), group: Some(4) };
        assert_eq!((keyboard(&device, false), autofill(&device, false)), (Keyboard::Capitals, OFF));
        assert_eq!(keyboard(&code(CodeSource::Key, false), true), Keyboard::Secret);
    }

    #[test]
    fn what_has_one_spelling_is_left_to_right() {
        for ask in [Ask::Username, Ask::Password, code(CodeSource::Sms, true), Ask::Email, profile("profileUrl")] {
            assert_eq!(direction(&ask, false), Direction::Ltr, "{ask:?}");
        }
        for ask in [profile("firstName"), Ask::Answer { question: None }, Ask::Toggle] {
            assert_eq!(direction(&ask, false), Direction::Auto, "{ask:?}");
        }
    }
}
