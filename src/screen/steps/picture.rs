//! The picture to scan, and the secret to type where it cannot be scanned.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig},
    },
};

use super::about::About;
use crate::screen::{
    element::{Element, ElementKind, Picture, PictureKind},
    phrase::Phrase,
};

/// Base64 with padding or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Pictures made of points. Others can hold scripts or load something.
const MEDIA: [&str; 5] = ["image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"];

/// The schemes that a square picture for an authenticator stands for, where the server sends words instead of a picture.
const CONTENT: [&str; 2] = ["otpauth://", "oktaverify://"];

/// The picture to scan; nothing where there is none that can be drawn.
pub(super) fn qr(about: &About<'_>) -> Option<Element> {
    let href = about.authenticator?.qr_code()?;
    let (media, bytes, content) = match href.strip_prefix("data:") {
        Some(data) => {
            let (media, bytes) = decoded(data)?;
            (media, bytes, None)
        }
        None if CONTENT.iter().any(|scheme| href.starts_with(scheme)) => {
            (String::new(), Vec::new(), Some(href.clone().into_owned()))
        }
        None => return None,
    };
    let name = about.argument("authenticator").unwrap_or("QR");
    let alt = Phrase::ours("picture.qr.label", &[("authenticator", name)]);
    let picture = Picture { what: PictureKind::Qr, content, media, bytes, alt: alt.clone() };
    Some(Element::new(ElementKind::Picture(picture), alt))
}

/// `image/png;base64,…`
fn decoded(data: &str) -> Option<(String, Vec<u8>)> {
    let (head, body) = data.split_once(',')?;
    let mut parts = head.split(';');
    let media = parts.next()?.trim().to_ascii_lowercase();
    let is_base64 = parts.any(|part| part.trim().eq_ignore_ascii_case("base64"));
    if !is_base64 || !MEDIA.contains(&media.as_str()) {
        return None;
    }
    let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = LENIENT.decode(body).ok().filter(|bytes| !bytes.is_empty())?;
    Some((media, bytes))
}

/// The secret to type into an app: as it came, its characters apart for the ear, in groups of four for the eye.
pub(super) fn shared_secret(about: &About<'_>) -> Option<Element> {
    let value: String = about.authenticator?.shared_secret()?.chars().filter(|c| !c.is_whitespace()).collect();
    if value.is_empty() {
        return None;
    }
    let mut secret = Element::secret(&value, true);
    if let ElementKind::Secret { grouped, .. } = &secret.kind {
        secret.text = Phrase::server("sharedSecret", grouped);
    }
    Some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{idx::Step, screen::context::Context};

    fn with_data<T>(data: &str, what: impl Fn(&About<'_>) -> T) -> T {
        let body = format!(
            r#"{{"version":"1.0.0","remediation":{{"value":[{{"name":"enroll-authenticator","href":"https://a.example/x"}}]}},
                "currentAuthenticator":{{"type":"object","value":{{"key":"google_otp","id":"a","contextualData":{data}}}}}}}"#
        );
        let step = Step::read(body.as_bytes()).unwrap();
        let context = Context::of(&step);
        what(&About::of(&context.forms[0]))
    }

    #[test]
    fn a_picture_is_decoded_and_named_for_who_does_not_see_it() {
        let element = with_data(r#"{"qrcode":{"href":"data:image/png;base64,iVBORw0KGgo"}}"#, qr).unwrap();
        let ElementKind::Picture(picture) = &element.kind else { panic!("{element:?}") };
        assert_eq!((picture.media.as_str(), picture.bytes.as_slice()), ("image/png", &b"\x89PNG\r\n\x1a\n"[..]));
        assert!(picture.content.is_none() && picture.alt.text.contains("Google Authenticator"));
    }

    #[test]
    fn what_is_no_picture_is_not_drawn() {
        for href in [
            "data:image/svg+xml;base64,PHN2Zz4=",
            "data:image/png,abc",
            "data:image/png;base64,",
            "data:image/png;base64,%%",
            "https://a.example/qr.png",
            "",
        ] {
            assert!(with_data(&format!(r#"{{"qrcode":{{"href":"{href}"}}}}"#), qr).is_none(), "{href}");
        }
        let words = with_data(r#"{"qrcode":{"href":"otpauth://totp/a?secret=b"}}"#, qr).unwrap();
        assert!(matches!(words.kind, ElementKind::Picture(Picture { content: Some(_), .. })));
    }

    #[test]
    fn a_secret_is_spelled_and_grouped_and_never_printed() {
        let element = with_data(r#"{"sharedSecret":"ABCDEFGHIJ"}"#, shared_secret).unwrap();
        let ElementKind::Secret { value, spelled, grouped, copy } = &element.kind else { panic!("{element:?}") };
        assert_eq!((value.as_str(), grouped.as_str(), *copy), ("ABCDEFGHIJ", "ABCD EFGH IJ", true));
        assert_eq!(spelled, "A B C D E F G H I J");
        assert!(!format!("{element:?}").contains("ABCD"));
        assert!(with_data(r#"{"sharedSecret":" "}"#, shared_secret).is_none());
    }
}
