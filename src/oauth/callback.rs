//! The way back from a browser: the URL that the app is opened with (idx.md section 10.2, RFC 6749 section 4.1.2).
//!
//! Anybody can open such a URL. So the address is compared with the registered one as text, then `state` with the one of
//! this transaction; only then is anything else in it believed. A callback that fails either is
//! [`InvalidCallback`](ErrorKind::InvalidCallback) with rule `address` or `state`: it says nothing about the sign-in
//! under way, which goes on.

use url::form_urlencoded;

use super::{advice::oauth_advice, issuer::Issuer};
use crate::{
    error::{Error, ErrorKind, Result},
    limits::MAX_HANDLE_BYTES,
    secret::Secret,
};

/// What the callback brought, its address and `state` checked.
#[derive(Clone, Debug)]
pub enum Callback {
    /// The sign-in is complete: redeem the code at once.
    InteractionCode(Secret),
    /// The server wants more steps: introspect with the saved interaction handle and go on.
    InteractionRequired,
    /// A link in a mail was opened: the code goes into the step that waits for it.
    Otp(Secret),
    /// The server or the identity provider ended the sign-in; the error is of kind [`OAuth`](ErrorKind::OAuth).
    Failed(Error),
}

/// The parameters that may be there once only (RFC 6749 section 3.1).
const ONCE: [&str; 7] = ["code", "error", "error_description", "interaction_code", "iss", "otp", "state"];

impl Callback {
    /// Reads the URL that the app was opened with. `redirect_uri` is the registered one, `expected_state` the one of
    /// this transaction.
    ///
    /// # Errors
    /// [`InvalidCallback`](ErrorKind::InvalidCallback), with one of the rules
    ///
    /// | rule | the callback |
    /// |---|---|
    /// | `size` | is longer than [`MAX_HANDLE_BYTES`] |
    /// | `address` | is not for the redirect URI: scheme, host, port and path are compared as text |
    /// | `fragment` | has its answer, or anything else, behind a `#` |
    /// | `duplicate` | has a parameter twice |
    /// | `state` | has no `state`, or another one: **unverified**, the transaction goes on |
    /// | `ambiguous` | has two answers: a code and an error, for example |
    /// | `code` | answers another flow (`code`), or has an empty or misshapen value |
    /// | `empty` | has no answer |
    pub fn parse(url: &str, redirect_uri: &str, expected_state: &Secret) -> Result<Callback> {
        Callback::parse_from(None, url, redirect_uri, expected_state)
    }

    /// As [`Callback::parse`], for an app that signs in at several issuers: where the callback names its issuer
    /// (RFC 9207), it must be this one. Okta does not name it, so give each issuer a redirect URI of its own too.
    ///
    /// # Errors
    /// As [`Callback::parse`], and rule `iss` when the callback comes from another issuer.
    pub fn parse_from(
        issuer: Option<&Issuer>,
        url: &str,
        redirect_uri: &str,
        expected_state: &Secret,
    ) -> Result<Callback> {
        if url.len() > MAX_HANDLE_BYTES {
            return Err(invalid("size", format!("the callback is longer than {MAX_HANDLE_BYTES} bytes")));
        }
        let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
        let query = own_query(url, redirect_uri)?;
        // Facebook adds `#_=_` to whatever it returns to.
        if !matches!(fragment, "" | "_=_") {
            return Err(invalid("fragment", "the callback has a fragment, where no answer may be"));
        }
        let parameters = Parameters::read(query)?;
        if !parameters.get("state").is_some_and(|state| state == expected_state) {
            return Err(invalid("state", "the callback is unverified: its `state` is missing or not this sign-in's")
                .with_advice("Ignore it; the sign-in goes on"));
        }
        match (issuer, parameters.get("iss")) {
            (Some(issuer), Some(named)) if named.expose() != issuer.as_str() => {
                Err(invalid("iss", "the callback comes from another issuer than the one of this sign-in")
                    .with_advice("Ignore it; the sign-in goes on"))
            }
            _ => parameters.answer(),
        }
    }
}

/// What a callback brought a sign-in that waits for an authorization code. Its `state` was the right one, so it is used up
/// whatever came with it: nobody else can know it, and nobody gets a second try.
#[derive(Clone, Debug)]
pub enum CodeCallback {
    /// Redeem the code at once.
    Code(Secret),
    /// The sign-in is over: the server said no (kind [`OAuth`](ErrorKind::OAuth)), or what came with the right `state` cannot be
    /// an answer (kind [`InvalidCallback`](ErrorKind::InvalidCallback)).
    Failed(Error),
}

/// The URL that the browser came back with, held against address and `state` (oauth.md A6; only the right `state` burns it).
pub(super) fn parse_code(
    url: &str,
    redirect_uri: &str,
    expected_state: &Secret,
    issuer: &str,
    names_issuer: bool,
) -> Result<CodeCallback> {
    if url.len() > MAX_HANDLE_BYTES {
        return Err(invalid("size", format!("the callback is longer than {MAX_HANDLE_BYTES} bytes")));
    }
    let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
    let query = own_query(url, redirect_uri)?;
    let mut states = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "state");
    let own = match (states.next(), states.next()) {
        (Some((_, state)), None) => Secret::new(state.into_owned()) == *expected_state,
        (Some(_), Some(_)) => return Err(invalid("duplicate", "the callback has `state` twice")),
        _ => false,
    };
    if !own {
        return Err(invalid("state", "the callback is unverified: its `state` is missing or not this sign-in's")
            .with_advice("Ignore it; the sign-in goes on"));
    }
    let code = || {
        if !matches!(fragment, "" | "_=_") {
            return Err(invalid("fragment", "the callback has a fragment, where no answer may be"));
        }
        let parameters = Parameters::read(query)?;
        match parameters.get("iss") {
            Some(named) if named.expose() != issuer => {
                return Err(invalid("iss", "the callback comes from another issuer than the one of this sign-in"));
            }
            None if names_issuer => {
                return Err(invalid("iss", "the callback does not name its issuer, and this server always does"));
            }
            _ => {}
        }
        parameters.code()
    };
    const OVER: &str = "Start a new sign-in; tell the server's people if it happens again";
    Ok(match code() {
        Ok(code) => CodeCallback::Code(code),
        Err(error) if error.advice().is_empty() => CodeCallback::Failed(error.with_advice(OVER)),
        Err(error) => CodeCallback::Failed(error),
    })
}

/// The `state` of a callback, to find the sign-in that it belongs to; nothing is believed by that.
pub fn state_of(url: &str) -> Option<Secret> {
    let query = url.split('#').next()?.split_once('?')?.1;
    let state = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state")?.1;
    (url.len() <= MAX_HANDLE_BYTES).then(|| Secret::new(state.into_owned()))
}

/// The query of `url`, when what is before it is the registered URI, byte for byte.
fn own_query<'a>(url: &'a str, redirect_uri: &str) -> Result<&'a str> {
    let foreign = || {
        invalid("address", "the callback is not for the redirect URI of this client")
            .with_advice("Pass only URLs that begin with the redirect URI, exactly as it is registered")
    };
    let (registered, fixed) = redirect_uri.split_once('?').unwrap_or((redirect_uri, ""));
    let rest = url.strip_prefix(registered).ok_or_else(foreign)?;
    let query = match rest.strip_prefix('?') {
        Some(query) => query,
        None if rest.is_empty() => "",
        None => return Err(foreign()),
    };
    // A registered query comes first and stays (RFC 6749 section 3.1.2).
    match query.strip_prefix(fixed) {
        Some(answer) if fixed.is_empty() || answer.is_empty() => Ok(answer),
        Some(answer) => answer.strip_prefix('&').ok_or_else(foreign),
        None => Err(foreign()),
    }
}

/// The known parameters of the query, decoded.
struct Parameters(Vec<(&'static str, Secret)>);

impl Parameters {
    fn read(query: &str) -> Result<Parameters> {
        let mut found: Vec<(&str, Secret)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = Secret::new(value.into_owned());
            let Some(known) = ONCE.into_iter().find(|known| *known == name) else { continue };
            if found.iter().any(|(other, _)| *other == known) {
                return Err(invalid("duplicate", format!("the callback has `{known}` twice")));
            }
            found.push((known, value));
        }
        Ok(Parameters(found))
    }

    fn get(&self, name: &str) -> Option<&Secret> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }

    /// The one answer that is there, by name.
    fn one(&self) -> Result<(&'static str, &Secret)> {
        let answers: Vec<_> = ["error", "interaction_code", "otp", "code"]
            .iter()
            .filter_map(|name| Some((*name, self.get(name)?)))
            .collect();
        let (name, value) = match answers[..] {
            [one] => one,
            [] => return Err(invalid("empty", "the callback has neither a code nor an error")),
            _ => return Err(invalid("ambiguous", "the callback has more than one answer")),
        };
        // RFC 6749 appendix A: codes and errors are printable ASCII.
        if value.is_empty() || !value.expose().bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(invalid("code", format!("the `{name}` of the callback cannot be one")));
        }
        Ok((name, value))
    }

    fn refusal(&self, code: &Secret) -> Error {
        let description = self.get("error_description").map(Secret::expose);
        Error::new(ErrorKind::OAuth, "the sign-in was ended by the server or the identity provider")
            .with_oauth(code.expose(), description)
            .with_advice(oauth_advice(code.expose()))
    }

    /// The answer to a sign-in that waits for an authorization code.
    fn code(&self) -> Result<Secret> {
        match self.one()? {
            ("code", code) => Ok(code.clone()),
            ("error", code) => Err(self.refusal(code)),
            (name, _) => Err(invalid("code", format!("the callback answers another flow: it has `{name}`"))),
        }
    }

    fn answer(&self) -> Result<Callback> {
        let (name, value) = self.one()?;
        match name {
            "interaction_code" => Ok(Callback::InteractionCode(value.clone())),
            "otp" => Ok(Callback::Otp(value.clone())),
            "code" => Err(invalid("code", "the callback answers another flow: it has an authorization code")
                .with_advice("Pass it to the flow that opened the browser")),
            _ if value.expose() == "interaction_required" => Ok(Callback::InteractionRequired),
            _ => Ok(Callback::Failed(self.refusal(value))),
        }
    }
}

fn invalid(rule: &'static str, text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidCallback, text).with_rule(rule)
}
