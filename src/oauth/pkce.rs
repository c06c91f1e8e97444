//! PKCE (RFC 7636), method `S256` only, and the random texts of a transaction (`state`, `nonce`).
//!
//! The random bytes come from the caller: 32 of them, from the operating system, new for each value.

use crate::{
    error::{Error, ErrorKind, Result},
    jose::{base64url, sha256},
    secret::Secret,
};

/// One transaction's proof key. The challenge goes out at the start, the verifier only with the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pkce {
    verifier: Secret,
}

impl Pkce {
    /// A verifier of 43 characters made of 32 random bytes (RFC 7636 section 4.1).
    pub fn from_random(random: &[u8; 32]) -> Pkce {
        Pkce { verifier: random_text(random) }
    }

    /// The proof key of a saved transaction.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) when it is not 43 to 128 characters of `A-Z a-z 0-9 - . _ ~`.
    pub fn restore(verifier: Secret) -> Result<Pkce> {
        let text = verifier.expose();
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if !(43..=128).contains(&text.len()) || !text.bytes().all(unreserved) {
            return Err(Error::new(ErrorKind::InvalidArgument, "the code verifier is not one of RFC 7636")
                .with_advice("It has 43 to 128 characters of A-Z a-z 0-9 - . _ ~"));
        }
        Ok(Pkce { verifier })
    }

    /// `code_verifier`, for the token request.
    pub fn verifier(&self) -> &Secret {
        &self.verifier
    }

    /// `code_challenge` for `code_challenge_method=S256`.
    pub fn challenge(&self) -> String {
        base64url::encode(&sha256(self.verifier.expose().as_bytes()))
    }
}

/// A text of 43 characters made of 32 random bytes, for `state` and for `nonce`.
pub fn random_text(random: &[u8; 32]) -> Secret {
    Secret::new(base64url::encode(random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc() {
        // RFC 7636 appendix B.
        let random = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
            240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let pkce = Pkce::from_random(&random);
        assert_eq!(pkce.verifier().expose(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(pkce.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(Pkce::restore(pkce.verifier().clone()).unwrap(), pkce);
    }

    #[test]
    fn a_verifier_is_43_to_128_unreserved_characters() {
        for good in ["a".repeat(43), "~".repeat(128)] {
            assert!(Pkce::restore(Secret::new(good)).is_ok());
        }
        for bad in ["a".repeat(42), "a".repeat(129), String::new(), "a".repeat(42) + "+", "é".repeat(43)] {
            let error = Pkce::restore(Secret::new(bad)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        }
    }
}
