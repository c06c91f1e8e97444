//! What a refusal means: one reader for every kind of answer that is not the expected one (idx.md sections 8.1, 8.4, 8.5).
//!
//! | the answer | kind of the error |
//! |---|---|
//! | 429, or an API error of the rate limits | [`RateLimited`](ErrorKind::RateLimited), always with `retry_after` |
//! | `{"error": ..., "error_description": ...}` | [`OAuth`](ErrorKind::OAuth), with advice for each known code |
//! | `{"errorCode": "invalid_client", ...}`: no `E` and digits | [`OAuth`](ErrorKind::OAuth), the same |
//! | `{"errorCode": ..., "errorSummary": ...}` | [`Api`](ErrorKind::Api), its causes as messages |
//! | a redirect | [`Http`](ErrorKind::Http): none is followed |
//! | 407 | [`Proxy`](ErrorKind::Proxy) |
//! | HTML, nothing, anything else | [`Http`](ErrorKind::Http), saying who may have answered instead of the org |
//!
//! Every error has the HTTP status and Okta's request id, and says `sent: maybe` except for 407 and 429, where nobody
//! looked at the request. Texts of the server are cleaned and cut by
//! [`Error`] itself.

use serde_json::{Map, Value};
use url::Url;

use super::{
    advice::{api_advice, is_rate_limit, oauth_advice},
    rate_limit::retry_after,
};
use crate::{
    error::{Error, ErrorKind, ErrorMessage, Result, Sent},
    http::Response,
    jose::json,
    limits::MAX_NAME_CHARS,
};

/// The error that `response` stands for. `what` is the request, as the subject of a sentence: `the token request`.
///
/// Does not look for ION: a 4xx with an ION body is a step, which the caller has tried before.
pub fn error_from_response(response: &Response, what: &str) -> Error {
    let body = if is_json(response) || looks_like_object(&response.body) {
        serde_json::from_slice(&response.body).unwrap_or(Value::Null)
    } else {
        Value::Null
    };
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let wait = retry_after(response);
    let error = if let Some(code) = text("error").filter(|_| !is_proxy_shape(&body)) {
        // One endpoint is known to spell it the other way (idx.md 8.1).
        let description = text("error_description").or_else(|| text("errorDescription"));
        Error::new(kind_or_rate_limited(ErrorKind::OAuth, response, code), format!("{what} was refused"))
            .with_oauth(code, description)
            .with_advice(oauth_advice(code))
    } else if let Some(code) = text("errorCode").filter(|code| !is_api_code(code)) {
        // One endpoint puts an OAuth error into the shape of an API error (idx.md 8.4).
        Error::new(kind_or_rate_limited(ErrorKind::OAuth, response, code), format!("{what} was refused"))
            .with_oauth(code, text("errorSummary"))
            .with_advice(oauth_advice(code))
    } else if let Some(code) = text("errorCode") {
        let summary = text("errorSummary").map(|text| message(Some(code), text));
        Error::new(kind_or_rate_limited(ErrorKind::Api, response, code), format!("{what} was refused"))
            .with_api_code(code)
            .with_messages(summary.into_iter().chain(causes(&body)))
            .with_advice(api_advice(code))
    } else if let Some(code) = text("error") {
        plain_http(response, what).with_oauth(code, None)
    } else {
        plain_http(response, what)
    };
    let wait = match error.kind() {
        ErrorKind::RateLimited => Some(wait.unwrap_or(crate::limits::DEFAULT_RATE_LIMIT_WAIT)),
        _ => wait,
    };
    error
        .with_http_status(response.status)
        .with_request_id(response.request_id())
        .with_retry_after(wait)
        .with_sent(sent(response))
}

/// Whether the answer is the OAuth error of this code, and strict JSON.
pub fn is_oauth_error(response: &Response, code: &str) -> bool {
    is_json(response)
        && json::parse_object(&response.body).is_ok_and(|body| body.get("error").is_some_and(|error| error == code))
}

/// The strict JSON object of a successful answer.
///
/// # Errors
/// As [`error_from_response`] when the answer is not a 200 with a JSON body, or has a member `error` beside whatever else;
/// [`Protocol`](ErrorKind::Protocol) when that body is not one strict JSON object.
pub fn json_reply(response: &Response, what: &str) -> Result<Map<String, Value>> {
    json_reply_of(200, response, what)
}

/// As [`json_reply`], for an endpoint whose only success is another status.
pub(super) fn json_reply_of(status: u16, response: &Response, what: &str) -> Result<Map<String, Value>> {
    expect_json_of(status, response, what)?;
    let object = json::parse_object(&response.body).map_err(|fault| {
        protocol(response, format!("{what} was answered with something that cannot be read: {fault}"))
    })?;
    match object.get("error") {
        None | Some(Value::Null) => Ok(object),
        Some(Value::String(_)) => Err(error_from_response(response, what)),
        Some(_) => Err(protocol(response, format!("{what} was answered with an `error` that is not a text"))),
    }
}

/// `Ok` when the answer is a 200 that says it is JSON: no other status is a success here (RFC 6749 section 5.1).
pub(super) fn expect_json(response: &Response, what: &str) -> Result<()> {
    expect_json_of(200, response, what)
}

fn expect_json_of(status: u16, response: &Response, what: &str) -> Result<()> {
    match response.status == status && is_json(response) {
        true => Ok(()),
        // The success of another endpoint.
        false if response.is_success() && status != 200 && !response.body.is_empty() => Err(protocol(
            response,
            format!("{what} was answered with status {}, and {status} is its only success", response.status),
        )),
        false => Err(error_from_response(response, what)),
    }
}

/// An answer that breaks the protocol.
pub(super) fn protocol(response: &Response, text: impl Into<String>) -> Error {
    Error::new(ErrorKind::Protocol, text)
        .with_http_status(response.status)
        .with_request_id(response.request_id())
        .with_sent(Sent::Maybe)
        .with_advice("Check the issuer; if it is right, give the request id to Okta's support")
}

/// Whoever answers has seen the request, except where the answer says that nobody looked at it.
fn sent(response: &Response) -> Sent {
    match response.status {
        407 | 429 => Sent::No,
        _ => Sent::Maybe,
    }
}

fn kind_or_rate_limited(kind: ErrorKind, response: &Response, code: &str) -> ErrorKind {
    match response.status == 429 || is_rate_limit(code) {
        true => ErrorKind::RateLimited,
        false => kind,
    }
}

/// The answers that say nothing in this protocol.
fn plain_http(response: &Response, what: &str) -> Error {
    let status = response.status;
    let http = |text: String, advice| Error::new(ErrorKind::Http, text).with_advice(advice);
    match status {
        429 => Error::new(ErrorKind::RateLimited, format!("{what} came too soon after others"))
            .with_advice("Wait before the next attempt"),
        407 => Error::new(ErrorKind::Proxy, format!("{what} was stopped by a proxy that wants authentication"))
            .with_advice("Give the proxy's user name and password"),
        300..400 => http(
            format!("{what} was answered with a redirect to {}, which is not followed", redirect_host(response)),
            "Check that the issuer uses the host name the org answers with, and that no portal of the network is in between",
        ),
        _ if is_html(response) => http(
            format!("{what} was answered with a web page"),
            "A proxy or the sign-in page of the network may have answered instead of the org; check the network and the issuer",
        ),
        500.. => http(format!("{what} failed on the server"), "Try again later; give the request id to Okta's support"),
        404 => http(
            format!("{what} went to an address that does not exist"),
            "Check the issuer: host name and authorization server id",
        ),
        _ if response.body.is_empty() => http(format!("{what} was answered with nothing"), CHECK),
        201..300 => http(format!("{what} was answered with status {status}, and 200 is its only success"), CHECK),
        _ => http(format!("{what} was answered with {}", content_type(response)), CHECK),
    }
}

const CHECK: &str = "Check the issuer, and that no proxy is in between";

/// The host of a redirect, never its path or query.
fn redirect_host(response: &Response) -> String {
    let host = response.header_value("Location").and_then(|to| match Url::parse(to) {
        Ok(url) => url.host_str().map(|host| host.chars().take(MAX_NAME_CHARS).collect()),
        Err(url::ParseError::RelativeUrlWithoutBase) if !to.starts_with("//") => Some("the same host".to_owned()),
        Err(_) => None,
    });
    host.unwrap_or_else(|| "an unknown host".to_owned())
}

/// The media type, in words.
fn content_type(response: &Response) -> String {
    match media_type(response) {
        "" => "a body of no declared type".to_owned(),
        _ if is_json(response) => "JSON that is not of this protocol".to_owned(),
        media_type => format!("a body of type {}", crate::error::sanitize(media_type)),
    }
}

fn media_type(response: &Response) -> &str {
    response.header_value("Content-Type").unwrap_or_default().split(';').next().unwrap_or_default().trim()
}

/// `application/json`, or a type whose suffix says that it is JSON (RFC 6839).
fn is_json(response: &Response) -> bool {
    let media_type = media_type(response).to_ascii_lowercase();
    media_type == "application/json" || media_type.starts_with("application/") && media_type.ends_with("+json")
}

fn is_html(response: &Response) -> bool {
    let start = response.body.trim_ascii_start();
    media_type(response).to_ascii_lowercase().contains("html")
        || start.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"<html"))
        || start.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!doctype"))
}

fn looks_like_object(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{')
}

/// `{"error": "Forbidden", "message": ...}` is what a proxy says, not an OAuth error (RFC 6749 codes have no capitals
/// and no blanks).
fn is_proxy_shape(body: &Value) -> bool {
    let code = body.get("error").and_then(Value::as_str).unwrap_or_default();
    body.get("error_description").is_none() && code.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b' ')
}

/// `E` and digits. Any other `errorCode` is an OAuth code.
fn is_api_code(code: &str) -> bool {
    code.strip_prefix('E').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn causes(body: &Value) -> impl Iterator<Item = ErrorMessage> {
    let list = body.get("errorCauses").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|cause| cause.get("errorSummary").and_then(Value::as_str)).map(|text| message(None, text))
}

fn message(key: Option<&str>, text: &str) -> ErrorMessage {
    ErrorMessage { key: key.map(str::to_owned), text: text.to_owned(), path: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHAT: &str = "the token request";

    fn json(status: u16, body: &str) -> Response {
        Response::new(status, body).header("Content-Type", "application/json;charset=UTF-8")
    }

    #[test]
    fn oauth_errors_have_their_advice() {
        let response = json(400, r#"{"error":"invalid_grant","error_description":"PKCE verification failed."}"#)
            .header("X-Okta-Request-Id", "abc");
        let error = error_from_response(&response, WHAT);
        assert_eq!(error.kind(), ErrorKind::OAuth);
        assert_eq!((error.oauth_error(), error.http_status()), (Some("invalid_grant"), Some(400)));
        assert_eq!((error.oauth_description(), error.request_id()), (Some("PKCE verification failed."), Some("abc")));
        assert!(error.to_string().contains("Start the sign-in again"), "{error}");
        let misspelt = json(400, r#"{"error":"x","errorDescription":"y"}"#);
        assert_eq!(error_from_response(&misspelt, WHAT).oauth_description(), Some("y"));
        let unknown = error_from_response(&json(400, r#"{"error":"brand_new"}"#), WHAT);
        assert_eq!((unknown.kind(), unknown.advice()), (ErrorKind::OAuth, ""));
    }

    #[test]
    fn api_errors_bring_their_causes() {
        let body = r#"{"errorCode":"E0000001","errorSummary":"Api validation failed","errorLink":"E0000001",
            "errorId":"x","errorCauses":[{"errorSummary":"login: bad"},{"errorSummary":3},7]}"#;
        let error = error_from_response(&json(400, body), WHAT);
        assert_eq!((error.kind(), error.api_code()), (ErrorKind::Api, Some("E0000001")));
        let texts: Vec<_> = error.messages().iter().map(|message| message.text.as_str()).collect();
        assert_eq!(texts, ["Api validation failed", "login: bad"]);
    }

    #[test]
    fn an_oauth_code_in_the_shape_of_an_api_error_is_an_oauth_error() {
        let body = r#"{"errorCode":"invalid_client","errorSummary":"Invalid value for 'client_id' parameter."}"#;
        let error = error_from_response(&json(401, body), WHAT);
        assert_eq!(
            (error.kind(), error.oauth_error(), error.api_code()),
            (ErrorKind::OAuth, Some("invalid_client"), None)
        );
        assert!(error.oauth_description().is_some_and(|text| text.contains("client_id")));
        assert!(error.advice().contains("client id"), "{error}");
        for code in ["E", "Exx", "e0000001", "E00a"] {
            let body = format!(r#"{{"errorCode":"{code}","errorSummary":"x"}}"#);
            assert_eq!(error_from_response(&json(400, &body), WHAT).kind(), ErrorKind::OAuth, "{code}");
        }
    }

    #[test]
    fn rate_limits_are_seen_in_every_shape() {
        let api = r#"{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit"}"#;
        for (response, wait) in [
            (json(429, api), 60),
            (json(400, api), 60),
            (json(429, api).header("Retry-After", "5"), 5),
            (json(429, r#"{"error":"invalid_grant"}"#), 60),
            (Response::new(429, *b""), 60),
            (Response::new(429, *b"<html>slow down").header("Content-Type", "text/html"), 60),
        ] {
            let error = error_from_response(&response, WHAT);
            assert_eq!(error.kind(), ErrorKind::RateLimited);
            assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(wait));
            assert_eq!(error.sent() == Sent::No, response.status == 429);
        }
        let down = Response::new(503, *b"").header("Retry-After", "120");
        assert_eq!(error_from_response(&down, WHAT).retry_after().map(|wait| wait.as_secs()), Some(120));
    }

    #[test]
    fn other_answers_say_who_may_have_spoken() {
        let redirect = |to: &str| Response::new(302, *b"").header("Location", to);
        for (response, kind, part) in [
            (redirect("https://portal.example/login?token=s3cret"), ErrorKind::Http, "redirect to portal.example,"),
            (redirect("/login?token=s3cret"), ErrorKind::Http, "redirect to the same host,"),
            (redirect("//evil/x"), ErrorKind::Http, "redirect to an unknown host,"),
            (Response::new(301, *b""), ErrorKind::Http, "redirect to an unknown host,"),
            (Response::new(200, *b"<html>"), ErrorKind::Http, "web page"),
            (Response::new(200, *b"\n <!DOCTYPE html>s3cret"), ErrorKind::Http, "web page"),
            (Response::new(200, *b"x").header("Content-Type", "text/HTML; charset=x"), ErrorKind::Http, "web page"),
            (Response::new(200, *b""), ErrorKind::Http, "nothing"),
            (Response::new(200, *b"x").header("Content-Type", "text/plain"), ErrorKind::Http, "type text/plain"),
            (json(200, "s3cret"), ErrorKind::Http, "JSON that is not of this protocol"),
            (json(403, r#"{"error":"Forbidden","message":"s3cret"}"#), ErrorKind::Http, "JSON that is not"),
            (Response::new(404, *b""), ErrorKind::Http, "does not exist"),
            (Response::new(502, *b""), ErrorKind::Http, "failed on the server"),
            (Response::new(407, *b""), ErrorKind::Proxy, "proxy"),
        ] {
            let error = error_from_response(&response, WHAT);
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.text().contains(part), "{error}");
            assert!(!error.advice().is_empty() && !error.to_string().contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn the_host_of_a_redirect_is_cut() {
        let to = format!("https://{}.example/", "a".repeat(50_000));
        let error = error_from_response(&Response::new(302, *b"").header("Location", &to), WHAT);
        assert!(error.text().contains("redirect to aaa") && error.text().len() < 300, "{}", error.text().len());
    }

    #[test]
    fn a_good_answer_is_one_strict_object() {
        assert!(json_reply(&json(200, r#"{"a":1}"#), WHAT).is_ok());
        for bad in ["[]", "{", r#"{"a":1,"a":2}"#, ""] {
            assert_eq!(json_reply(&json(200, bad), WHAT).unwrap_err().kind(), ErrorKind::Protocol, "{bad}");
        }
        assert_eq!(json_reply(&json(500, "{}"), WHAT).unwrap_err().kind(), ErrorKind::Http);
        for status in [201, 202, 203, 206, 226] {
            let error = json_reply(&json(status, r#"{"a":1}"#), WHAT).unwrap_err();
            assert_eq!((error.kind(), error.http_status()), (ErrorKind::Http, Some(status)));
            assert!(error.text().contains("200 is its only success"), "{error}");
        }
        for beside in ["", r#","token_type":"Bearer","access_token":"s3cret""#] {
            let body = format!(r#"{{"error":"access_denied","error_description":"no"{beside}}}"#);
            let error = json_reply(&json(200, &body), WHAT).unwrap_err();
            assert_eq!((error.kind(), error.oauth_error()), (ErrorKind::OAuth, Some("access_denied")));
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
        let odd = json_reply(&json(200, r#"{"error":{"code":1}}"#), WHAT).unwrap_err();
        assert_eq!(odd.kind(), ErrorKind::Protocol);
        let plain = Response::new(200, *b"{}").header("Content-Type", "text/plain");
        assert!(json_reply(&plain, WHAT).unwrap_err().text().contains("type text/plain"));
    }
}
