//! base64url as JOSE wants it (RFC 7515 section 2): no padding, no whitespace, and one encoding for each value.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// `bytes` in base64url, without padding.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of `text`, or `None` when it is not what [`encode`] would write: padded, with characters outside the
/// alphabet (whitespace included), of an impossible length, or with bits left over that are not zero.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_encoding_is_read() {
        // RFC 7515 appendix C.
        assert_eq!(encode(&[3, 236, 255, 224, 193]), "A-z_4ME");
        assert_eq!(decode("A-z_4ME").as_deref(), Some([3, 236, 255, 224, 193].as_slice()));
        assert_eq!(decode("").as_deref(), Some([].as_slice()));
        // Padding, whitespace, the other alphabet, an impossible length, bits left over.
        for bad in ["A-z_4ME=", "A-z_ 4ME", "A-z_4ME\n", "A+z/4ME", "A", "A-z_4", "A-z_4MF", "AB", "é"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
