//! The pages: one style, no scripts, nothing from elsewhere.

use super::form::{draw, escape, forms};
use crate::server::message::Reply;
use serde_json::Value;
use std::fmt::Write as _;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:24rem;margin:3rem auto;padding:0 1rem}\
form{margin:0 0 1rem}label{display:block;margin:0 0 .75rem}input[type=text],input[type=password],select{display:block;\
width:100%;box-sizing:border-box;padding:.5rem;font:inherit}button,.button{font:inherit;padding:.5rem 1rem}\
.error{color:#a00}.button{display:inline-block;border:1px solid #888;border-radius:.25rem;text-decoration:none}";

/// A page. It is framed nowhere, kept nowhere, and leads nobody on by a referrer.
pub fn page(status: u16, title: &str, content: &str, refresh: Option<u64>) -> Reply {
    let again =
        refresh.map(|seconds| format!("<meta http-equiv=\"refresh\" content=\"{seconds}\">")).unwrap_or_default();
    let title = escape(title);
    let text = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">{again}<title>{title}</title><style>{STYLE}</style></head>\n\
         <body><h1>{title}</h1>\n{content}</body></html>\n"
    );
    Reply::typed(status, "text/html; charset=utf-8", text.into_bytes())
        .with("Cache-Control", "no-store")
        .with(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
        )
        .with("Referrer-Policy", "no-referrer")
        .with("X-Content-Type-Options", "nosniff")
}

/// What the browser's person can do nothing about but go back: the app is not known, or not trusted with an answer.
pub fn refused(description: &str) -> Reply {
    page(400, "400 Bad Request", &format!("<p>{}</p>\n", escape(description)), None)
}

/// A step of the sign-in. `leave` is the address that ends it.
pub fn step(status: u16, step: &Value, leave: &str) -> Reply {
    let mut content = String::new();
    let app = step["app"]["value"]["label"].as_str().unwrap_or_default();
    if let Some(who) = step["user"]["value"]["identifier"].as_str() {
        let _ = writeln!(content, "<p>{}</p>", escape(who));
    }
    for message in step["messages"]["value"].as_array().into_iter().flatten() {
        let class = if message["class"] == "ERROR" { "error" } else { "info" };
        let _ =
            writeln!(content, "<p class=\"{class}\">{}</p>", escape(message["message"].as_str().unwrap_or_default()));
    }
    let context = &step["currentAuthenticator"]["value"]["contextualData"];
    if let Some(number) = context["correctAnswer"].as_str() {
        let _ = writeln!(content, "<p>Pick <strong>{}</strong> on your phone.</p>", escape(number));
    }
    if let Some(picture) = context["qrcode"]["href"].as_str().filter(|picture| picture.starts_with("data:image/")) {
        let _ = writeln!(content, "<p><img alt=\"QR code\" src=\"{}\"></p>", escape(picture));
    }
    let state = step["stateHandle"].as_str().unwrap_or_default();
    let mut refresh = None;
    for (id, form) in forms(step) {
        match form["refresh"].as_u64() {
            Some(wait) => refresh = Some(wait.div_ceil(1000).max(1)),
            None => draw(&id, &form, state, &mut content),
        }
    }
    let _ = writeln!(content, "<p><a href=\"{}\">Cancel</a></p>", escape(leave));
    page(status, &format!("Sign in to {app}"), &content, refresh)
}

/// Sends the browser back to the app. A scheme of the app's own is not followed by every browser unless somebody taps on it:
/// there a page has a button.
pub fn back(location: &str) -> Reply {
    if location.starts_with("https://") || location.starts_with("http://") {
        return Reply::empty(302)
            .with("Location", location)
            .with("Cache-Control", "no-store")
            .with("Referrer-Policy", "no-referrer");
    }
    let content = format!("<p><a class=\"button\" href=\"{}\">Back to the app</a></p>\n", escape(location));
    page(200, "You can go back to the app", &content, None)
}
