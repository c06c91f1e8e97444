//! The server's signing keys: the request, the answer, and how long it may be kept.
//!
//! Fetch the set once per client. When [`verify_id_token`](super::verify_id_token()) answers
//! [`OtherKeys`](crate::jose::VerifyError::OtherKeys), fetch it once more, and then not again before
//! [`MIN_KEYS_LIFETIME`]: tokens with made-up keys must not become a storm of requests. A set that did not help is kept no
//! longer than that either; the last one that did is used when none can be fetched.

use std::time::Duration;

use super::errors;
use crate::{
    error::Result,
    http::{Request, Response},
    jose::KeySet,
    limits::{MAX_JWKS_BYTES, MAX_KEYS_LIFETIME, MIN_KEYS_LIFETIME},
};

/// The request for the key set, at `{oauthBase}/v1/keys` or where the server's metadata say.
pub fn keys_request(url: String) -> Request {
    let mut request = Request::get(url).header("Accept", "application/json");
    request.max_body = MAX_JWKS_BYTES;
    request
}

/// The key set in the answer.
///
/// # Errors
/// As [`error_from_response`](errors::error_from_response) for a refusal, as [`KeySet::parse`] for a bad set.
pub fn keys_reply(response: &Response) -> Result<KeySet> {
    errors::expect_json(response, "the request for the signing keys")?;
    KeySet::parse(&response.body)
}

/// How long the answer may be kept: its `Cache-Control: max-age`, five minutes at least, a day at most (the default).
/// `no-store` and `no-cache` are the least.
pub fn keys_lifetime(response: &Response) -> Duration {
    let directives = || response.header_values("Cache-Control").flat_map(|value| value.split(','));
    let forbids = |directive: &str| ["no-store", "no-cache"].iter().any(|word| directive.eq_ignore_ascii_case(word));
    if directives().any(|directive| forbids(directive.trim())) {
        return MIN_KEYS_LIFETIME;
    }
    let max_age = directives()
        .filter_map(|directive| directive.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("max-age"))
        .and_then(|(_, seconds)| seconds.trim().trim_matches('"').parse().ok());
    max_age.map_or(MAX_KEYS_LIFETIME, Duration::from_secs).clamp(MIN_KEYS_LIFETIME, MAX_KEYS_LIFETIME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn the_request_and_its_answer() {
        assert_eq!(keys_request("https://a.example/keys".to_owned()).max_body, MAX_JWKS_BYTES);
        let answer = Response::new(200, *b"{\"keys\":[]}").header("Content-Type", "application/json");
        assert!(keys_reply(&answer).unwrap().keys().is_empty());
        let page = Response::new(200, *b"<html>").header("Content-Type", "text/html");
        assert_eq!(keys_reply(&page).unwrap_err().kind(), ErrorKind::Http);
    }

    #[test]
    fn keys_are_kept_as_long_as_the_server_says_within_reason() {
        let lifetime = |value: &str| keys_lifetime(&Response::new(200, *b"").header("Cache-Control", value)).as_secs();
        assert_eq!(lifetime("public, Max-Age=3600, must-revalidate"), 3600);
        assert_eq!(lifetime("max-age=\"3600\""), 3600);
        assert_eq!(lifetime("max-age=0"), 300);
        assert_eq!(lifetime("max-age=99999999999"), 86_400);
        assert_eq!(lifetime("no-store"), 300);
        assert_eq!(lifetime("max-age=3600, No-Cache"), 300);
        assert_eq!(lifetime("max-age=-1"), 86_400);
    }
}
