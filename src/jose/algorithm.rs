//! The signature algorithms (RFC 7518 section 3.1, RFC 8037 section 3.1), in one list.

/// A signature algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: the one algorithm of Okta's ID tokens, and the default.
    Rs256,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    Ps256,
    /// ECDSA on the curve P-256 with SHA-256; the signature is `r` and `s`, 32 bytes each.
    Es256,
    /// EdDSA on the curve Ed25519.
    EdDsa,
}

impl Algorithm {
    /// Every algorithm that is known here.
    pub const ALL: &'static [Algorithm] = &[Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256, Algorithm::EdDsa];

    /// The name in `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Algorithm::Rs256 => "RS256",
            Algorithm::Ps256 => "PS256",
            Algorithm::Es256 => "ES256",
            Algorithm::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of this name; names are compared as they are, in their case.
    pub fn from_name(name: &str) -> Option<Algorithm> {
        Algorithm::ALL.iter().copied().find(|algorithm| algorithm.as_str() == name)
    }
}
