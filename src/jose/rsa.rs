//! RS256 and PS256 (RFC 7518 sections 3.3 and 3.5): which RSA keys are good enough, and the check of a signature, by `ring`.

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents};

/// The primes that the fingerprint is taken with, and 65537, whose powers the flawed generator (ROCA, CVE-2017-15361)
/// built its primes from: modulo each of these, every key of it is such a power. A sound key is by chance, once in 2^27.
const ROCA_PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
const ROCA_GENERATOR: u32 = 65537;

/// An RSA public key that is good enough to verify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaKey {
    n: Vec<u8>,
    e: Vec<u8>,
}

impl RsaKey {
    /// The key of modulus `n` and exponent `e`, both big-endian, or `None` when it is too weak or too large: `n` odd, of
    /// 2048 to 8192 bits, not of the ROCA generator; `e` odd, 3 to 2^32.
    ///
    /// Leading zeros of `n` are taken off: servers whose library writes a sign byte send one, although they should not
    /// (RFC 7518 section 6.3.1.1). They change neither the number nor its strength.
    pub fn new(n: Vec<u8>, e: Vec<u8>) -> Option<RsaKey> {
        let n = without_leading_zeros(n);
        let good = (2048..=8192).contains(&bits(&n)?)
            && (2..=32).contains(&bits(&e)?)
            && n.last()? & 1 == 1
            && e.last()? & 1 == 1
            && !is_roca(&n);
        good.then_some(RsaKey { n, e })
    }

    /// Modulus and exponent, big-endian, without leading zeros.
    pub fn numbers(&self) -> (&[u8], &[u8]) {
        (&self.n, &self.e)
    }

    /// Whether `signature` is this key's over `message`, by RS256.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verify_by(&RSA_PKCS1_2048_8192_SHA256, message, signature)
    }

    /// Whether `signature` is this key's over `message`, by PS256.
    pub fn verify_pss(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verify_by(&RSA_PSS_2048_8192_SHA256, message, signature)
    }

    fn verify_by(&self, parameters: &'static RsaParameters, message: &[u8], signature: &[u8]) -> bool {
        RsaPublicKeyComponents { n: &self.n, e: &self.e }.verify(parameters, message, signature).is_ok()
    }
}

fn without_leading_zeros(mut number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.drain(..zeros);
    number
}

/// How many bits a big-endian number has; `None` when it is empty or begins with a zero byte.
fn bits(number: &[u8]) -> Option<usize> {
    let first = *number.first()?;
    (first != 0).then(|| number.len() * 8 - first.leading_zeros() as usize)
}

fn is_roca(n: &[u8]) -> bool {
    ROCA_PRIMES.iter().all(|&prime| {
        let rest = n.iter().fold(0, |rest, &byte| (rest * 256 + u32::from(byte)) % prime);
        let mut power = 1;
        (0..prime).any(|_| {
            power = power * (ROCA_GENERATOR % prime) % prime;
            power == rest
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modulus(bits: usize) -> Vec<u8> {
        let mut n = vec![0xff; bits.div_ceil(8)];
        n[0] = 0xff >> (n.len() * 8 - bits);
        n
    }

    #[test]
    fn weak_and_oversized_keys_are_refused() {
        let e = vec![1, 0, 1];
        for bits in [2048, 2049, 3072, 8192] {
            assert!(RsaKey::new(modulus(bits), e.clone()).is_some(), "{bits}");
        }
        for bits in [1024, 2047, 8193, 16384] {
            assert!(RsaKey::new(modulus(bits), e.clone()).is_none(), "{bits}");
        }
        let mut even = modulus(2048);
        even[255] = 0xfe;
        assert!(RsaKey::new(even, e.clone()).is_none());
        // A sign byte in front of `n` changes nothing; zeros do not make a short one longer.
        assert_eq!(RsaKey::new([vec![0], modulus(2048)].concat(), e.clone()), RsaKey::new(modulus(2048), e.clone()));
        assert!(RsaKey::new([vec![0; 128], modulus(1024)].concat(), e).is_none());
        for e in [&[3][..], &[1, 0, 1], &[0xff, 0xff, 0xff, 0xff]] {
            assert!(RsaKey::new(modulus(2048), e.to_vec()).is_some(), "{e:?}");
        }
        for e in [&[][..], &[0], &[1], &[2], &[4], &[0, 3], &[1, 0, 0, 0, 1]] {
            assert!(RsaKey::new(modulus(2048), e.to_vec()).is_none(), "{e:?}");
        }
        assert!(RsaKey::new(Vec::new(), vec![3]).is_none());
    }

    #[test]
    fn the_roca_fingerprint_is_seen() {
        // 65537^128 = (2^16 + 1)^128 has 2049 bits and is a power of the generator modulo every prime.
        let mut n = vec![1_u8];
        for _ in 0..128 {
            let mut shifted = n.clone();
            shifted.extend([0, 0]);
            let mut carry = 0;
            for (at, byte) in shifted.iter_mut().enumerate().rev() {
                let added = at.checked_sub(2).and_then(|at| n.get(at)).copied().unwrap_or(0);
                let sum = u16::from(*byte) + u16::from(added) + carry;
                *byte = (sum & 0xff) as u8;
                carry = sum >> 8;
            }
            n = shifted;
        }
        assert_eq!(bits(&n), Some(2049));
        assert!(is_roca(&n));
        assert!(RsaKey::new(n, vec![1, 0, 1]).is_none());
        assert!(!is_roca(&modulus(2048)));
    }
}
