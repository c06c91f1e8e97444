//! Which addresses are handed to a browser or to the operating system. The server dictates them, so only known schemes are.

/// Whether an address may be opened in a browser: `https` with a host, and no character that ends an address.
pub(crate) fn opens(url: &str) -> bool {
    let host = url.get(..8).filter(|scheme| scheme.eq_ignore_ascii_case("https://")).and_then(|_| url.get(8..));
    host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', '@', '\\', ':'])) && is_clean(url)
}

/// The schemes by which the operating system finds the vendor's app.
const APPS: [&str; 3] = ["com-okta-authenticator", "okta-verify", "oktaverify"];

/// Whether an address may be launched: a scheme of the vendor's app, or an `https` link, which the system gives to an app that
/// has proved that it owns it.
pub(crate) fn launches(url: &str) -> bool {
    let is_app = url
        .split_once(':')
        .is_some_and(|(scheme, rest)| !rest.is_empty() && APPS.iter().any(|known| scheme.eq_ignore_ascii_case(known)));
    opens(url) || (is_app && is_clean(url))
}

/// No space, control character or quote: none belongs in an address, and each has been used to smuggle a second one.
fn is_clean(url: &str) -> bool {
    !url.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\' | '^' | '`'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_are_opened_and_launched() {
        assert!(opens("https://acme.okta.com/oauth2/authorize?a=b") && opens("HTTPS://a"));
        for url in [
            "http://a.example",
            "https:a",
            "https://",
            "https:///a",
            "javascript:alert(1)",
            "",
            "//a",
            "ß",
            "https://a b",
            "https://a\n",
            "data:text/html,x",
            "file:///etc/passwd",
            "https://@a",
        ] {
            assert!(!opens(url) && !launches(url), "{url}");
        }
        assert!(
            launches("com-okta-authenticator:/deviceChallenge?challengeRequest=x") && launches("https://a.example/x")
        );
        assert!(!opens("com-okta-authenticator:/deviceChallenge"));
        for url in ["intent://x", "okta-verify.html", "com-okta-authenticator:", "com-okta-authenticator-evil:x"] {
            assert!(!launches(url), "{url}");
        }
    }
}
