//! Keys on curves: ES256 on P-256 (RFC 7518 sections 3.4 and 6.2) and EdDSA on Ed25519 (RFC 8037), checked by `ring`.

use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey};

/// The bytes of one coordinate, and of an Ed25519 key.
const WIDTH: usize = 32;
/// What stands before the coordinates of a point that is not compressed (SEC 1 section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// A public key on P-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct P256Key {
    /// The point, not compressed.
    point: [u8; 1 + 2 * WIDTH],
}

impl P256Key {
    /// The key at these coordinates, each of exactly 32 bytes (RFC 7518 section 6.2.1.2: no byte more or less), or `None`.
    ///
    /// That the point is on the curve is seen when a signature is checked: a point beside it, the one at infinity
    /// included, verifies nothing.
    pub fn new(x: &[u8], y: &[u8]) -> Option<P256Key> {
        let (x, y): (&[u8; WIDTH], &[u8; WIDTH]) = (x.try_into().ok()?, y.try_into().ok()?);
        let mut point = [UNCOMPRESSED; 1 + 2 * WIDTH];
        let (_, coordinates) = point.split_first_mut()?;
        let (first, second) = coordinates.split_at_mut(WIDTH);
        first.copy_from_slice(x);
        second.copy_from_slice(y);
        Some(P256Key { point })
    }

    /// The coordinates.
    pub fn coordinates(&self) -> (&[u8], &[u8]) {
        let (_, coordinates) = self.point.split_at(1);
        coordinates.split_at(WIDTH)
    }

    /// Whether `signature`, `r` and `s` of 32 bytes each, is this key's over `message`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.point).verify(message, signature).is_ok()
    }
}

/// A public key on Ed25519.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ed25519Key([u8; WIDTH]);

impl Ed25519Key {
    /// The key of exactly these 32 bytes, or `None`.
    pub fn new(x: &[u8]) -> Option<Ed25519Key> {
        Some(Ed25519Key(x.try_into().ok()?))
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether `signature` is this key's over `message`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).is_ok()
    }
}
