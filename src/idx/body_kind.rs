//! What kind of body a response has (idx.md section 8.1): the body decides, the HTTP status comes second.

use std::sync::Arc;

use super::{
    document::{Document, JsonKind},
    step::is_step,
};
use crate::error::Result;

/// The kinds of body that the server's endpoints answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BodyKind {
    /// A step of the protocol, whatever the HTTP status.
    Ion,
    /// `{"error": …}` (RFC 6749 section 5.2).
    OAuthError,
    /// `{"errorCode": …, "errorSummary": …}`.
    ApiError,
    /// JSON of another kind.
    Other,
}

impl BodyKind {
    /// The kind as a word, `snake_case`.
    pub fn as_str(self) -> &'static str {
        match self {
            BodyKind::Ion => "ion",
            BodyKind::OAuthError => "oauth_error",
            BodyKind::ApiError => "api_error",
            BodyKind::Other => "other",
        }
    }

    /// Reads the body and says what it is; where several tests match, a step wins. Errors: not JSON, over the limits.
    pub fn of(body: &[u8]) -> Result<BodyKind> {
        let document = Arc::new(Document::read(body)?);
        let root = document.root();
        Ok(if is_step(root) {
            BodyKind::Ion
        } else if root.get("error").is_some_and(|error| error.kind() == JsonKind::String) {
            BodyKind::OAuthError
        } else if root.text("errorCode").is_some() || root.text("errorSummary").is_some() {
            BodyKind::ApiError
        } else {
            BodyKind::Other
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_decides() {
        let kinds = [
            (r#"{"version":"1.0.0"}"#, BodyKind::Ion),
            (r#"{"messages":{"type":"array","value":[]},"error":"x"}"#, BodyKind::Ion),
            (r#"{"error":"invalid_grant"}"#, BodyKind::OAuthError),
            (r#"{"errorCode":"E0000047","errorSummary":"x"}"#, BodyKind::ApiError),
            (r#"{"error":{"code":1}}"#, BodyKind::Other),
            (r#"{"messages":"x"}"#, BodyKind::Other),
            ("[]", BodyKind::Other),
            ("null", BodyKind::Other),
        ];
        for (body, kind) in kinds {
            assert_eq!(BodyKind::of(body.as_bytes()).unwrap(), kind, "{body}");
        }
    }
}
