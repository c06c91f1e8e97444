//! Authenticators and enrolments as the wire shows them, addresses and numbers masked.

use crate::account::{Detail, Enrollment};
use crate::factor::{Key, Method};
use crate::world::{Limits, PasswordRules};
use serde_json::{Value, json};

fn methods(list: &[Method]) -> Value {
    list.iter().map(|method| json!({"type": method.wire()})).collect()
}

/// An authenticator of the org.
pub fn authenticator(key: Key, usable: &[Method]) -> Value {
    json!({
        "type": key.kind(), "key": key.wire(), "id": key.id(), "displayName": key.label(),
        "methods": methods(usable), "allowedFor": "any",
    })
}

/// Something that the person has set up.
pub fn enrollment(enrollment: &Enrollment, usable: &[Method]) -> Value {
    let key = enrollment.key();
    let mut value = json!({
        "type": key.kind(), "key": key.wire(), "id": enrollment.id, "displayName": key.label(),
        "methods": methods(usable),
    });
    match &enrollment.detail {
        Detail::Email(address) => value["profile"] = json!({"email": masked_email(address)}),
        Detail::Phone(number) => value["profile"] = json!({"phoneNumber": masked_phone(number)}),
        Detail::OktaVerify(..) => value["profile"] = json!({"deviceName": "Sandbox phone"}),
        Detail::Question { key, question, .. } => {
            value["profile"] = json!({"questionKey": key, "question": question});
        }
        Detail::Password | Detail::GoogleOtp(_) => {}
    }
    value
}

/// `settings` of a password.
pub fn password_settings(rules: &PasswordRules, limits: &Limits, expiring: bool) -> Value {
    let mut settings = json!({
        "complexity": {
            "minLength": rules.min_length, "minLowerCase": rules.min_lower, "minUpperCase": rules.min_upper,
            "minNumber": rules.min_number, "minSymbol": rules.min_symbol,
            "excludeUsername": rules.exclude_username, "excludeAttributes": [],
        },
        "age": {"minAgeMinutes": 0, "historyCount": 1},
    });
    if expiring {
        settings["daysToExpiry"] = limits.days_to_expiry.into();
    }
    settings
}

/// `a***a@example.com`
pub fn masked_email(address: &str) -> String {
    let (local, host) = address.split_once('@').unwrap_or((address, ""));
    let mut letters = local.chars();
    let first = letters.next().map(String::from).unwrap_or_default();
    let last = letters.next_back().map(String::from).unwrap_or_default();
    format!("{first}***{last}@{host}")
}

/// `+1 XXX-XXX-0100`
pub fn masked_phone(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let tail: String = digits[digits.len().saturating_sub(4)..].iter().collect();
    let country = if number.starts_with("+1") { "+1 " } else { "" };
    format!("{country}XXX-XXX-{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks() {
        assert_eq!(masked_email("ada@example.com"), "a***a@example.com");
        assert_eq!(masked_email("é"), "é***@");
        assert_eq!(masked_phone("+1 555 0100"), "+1 XXX-XXX-0100");
        assert_eq!(masked_phone("12"), "XXX-XXX-12");
    }
}
