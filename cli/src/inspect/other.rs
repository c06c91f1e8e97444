//! JSON that is not of this protocol: what it seems to be, for a message that helps.

use serde_json::Value;

/// What tells a kind of JSON object: one of these members, and its name in words.
const KINDS: [(&[&str], &str); 9] = [
    (&["access_token", "id_token", "refresh_token"], "a token response"),
    (&["interaction_handle"], "the answer of the interact endpoint"),
    (&["keys"], "a key set (JWKS)"),
    (&["authorization_endpoint", "token_endpoint", "jwks_uri"], "the metadata of an authorization server"),
    (&["device_code"], "a device authorization response"),
    (&["active"], "a token introspection response"),
    (&["sub"], "a userinfo response or the claims of a token"),
    (&["stateToken", "sessionToken"], "a response of the classic authentication API, which is not Identity Engine"),
    (&["message"], "a message of a proxy or gateway"),
];

/// What `body`, which is JSON, seems to be.
pub fn seems_to_be(body: &[u8]) -> &'static str {
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(members)) => {
            let has = |names: &&[&str]| names.iter().any(|name| members.contains_key(*name));
            let known = KINDS.iter().find(|(names, _)| has(names)).map(|(_, kind)| *kind);
            known.unwrap_or(if members.is_empty() { "an empty object" } else { "an object of another kind" })
        }
        Ok(Value::Array(_)) => "a list, where an object is expected",
        Ok(Value::String(_)) => "a lone text, where an object is expected",
        Ok(_) => "a lone value, where an object is expected",
        Err(_) => "something that most readers of JSON refuse",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_named() {
        for (body, words) in [
            (r#"{"access_token":"x","token_type":"Bearer"}"#, "token response"),
            (r#"{"interaction_handle":"x"}"#, "interact"),
            (r#"{"keys":[]}"#, "JWKS"),
            (r#"{"issuer":"x","jwks_uri":"y"}"#, "metadata"),
            (r#"{"status":"MFA_REQUIRED","stateToken":"x"}"#, "classic"),
            (r#"{"sub":"x"}"#, "userinfo"),
            ("{}", "empty"),
            (r#"{"a":1}"#, "another kind"),
            ("[]", "list"),
            ("1", "value"),
        ] {
            assert!(seems_to_be(body.as_bytes()).contains(words), "{body}");
        }
    }
}
