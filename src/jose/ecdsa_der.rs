//! ECDSA signatures from DER to the form of JOSE (RFC 7518 section 3.4): strictly, so that what comes out is the one form.

const WIDTH: usize = 32;
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;

/// `r` and `s`, 32 bytes each, of a DER signature on P-256; `None` when it is not strict DER (X.690 section 10), an integer
/// is zero, negative or too long, or something follows.
pub fn p256_from_der(der: &[u8]) -> Option<[u8; 2 * WIDTH]> {
    let (content, rest) = element(SEQUENCE, der)?;
    let (r, after) = element(INTEGER, content)?;
    let (s, end) = element(INTEGER, after)?;
    if !rest.is_empty() || !end.is_empty() {
        return None;
    }
    let mut raw = [0; 2 * WIDTH];
    let (first, second) = raw.split_at_mut(WIDTH);
    unsigned(r, first)?;
    unsigned(s, second)?;
    Some(raw)
}

/// The content of the element at the front, and what follows it. No signature on P-256 needs a length of two bytes.
fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[found, length], rest) = bytes.split_first_chunk()?;
    (found == tag && length < 0x80).then_some(())?;
    rest.split_at_checked(length.into())
}

/// A positive integer in its shortest form, at the right end of `into`.
fn unsigned(integer: &[u8], into: &mut [u8]) -> Option<()> {
    let digits = match integer {
        // A zero in front only where the number would be negative without it.
        [0, rest @ ..] => rest.first().is_some_and(|first| first & 0x80 != 0).then_some(rest)?,
        [first, ..] if first & 0x80 == 0 => integer,
        _ => return None,
    };
    let start = into.len().checked_sub(digits.len())?;
    into.get_mut(start..)?.copy_from_slice(digits);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number as DER has it.
    fn integer(number: &[u8]) -> Vec<u8> {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        let digits = &number[zeros..];
        let sign = digits.first().is_some_and(|first| first & 0x80 != 0);
        [&[INTEGER, (digits.len() + usize::from(sign)) as u8], &[0][..usize::from(sign)], digits].concat()
    }

    fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
        let content = [integer(r), integer(s)].concat();
        [&[SEQUENCE, content.len() as u8], content.as_slice()].concat()
    }

    #[test]
    fn numbers_of_every_length_come_out_at_full_width() {
        for length in 1..=WIDTH {
            for first in [1, 0x7f, 0x80, 0xff] {
                let mut r = [0; WIDTH];
                r[WIDTH - length..].fill(7);
                r[WIDTH - length] = first;
                let s = [0x91; WIDTH];
                let raw = p256_from_der(&der(&r, &s)).unwrap();
                assert_eq!((&raw[..WIDTH], &raw[WIDTH..]), (&r[..], &s[..]), "{length} {first}");
                let raw = p256_from_der(&der(&s, &r)).unwrap();
                assert_eq!((&raw[..WIDTH], &raw[WIDTH..]), (&s[..], &r[..]), "{length} {first}");
            }
        }
    }

    #[test]
    fn only_the_one_encoding_is_read() {
        let good = der(&[1; WIDTH], &[2; WIDTH]);
        assert!(p256_from_der(&good).is_some());
        let changed = |at: usize, byte: u8| {
            let mut bad = good.clone();
            bad[at] = byte;
            bad
        };
        let body = |content: &[u8]| [&[SEQUENCE, content.len() as u8], content].concat();
        for (name, bad) in [
            ("nothing", vec![]),
            ("a byte", vec![SEQUENCE]),
            ("cut", good[..good.len() - 1].to_vec()),
            ("more behind", [good.clone(), vec![0]].concat()),
            ("another tag", changed(0, 0x31)),
            ("a longer length", changed(1, good[1] + 1)),
            ("a shorter length", changed(1, good[1] - 1)),
            ("a length of two bytes", [&[SEQUENCE, 0x81, good[1]], &good[2..]].concat()),
            ("no length", [&[SEQUENCE, 0x80], &good[2..], &[0, 0]].concat()),
            ("a bit string", changed(2, 3)),
            ("negative", changed(4, 0x81)),
            ("r = 0", body(&[INTEGER, 1, 0, INTEGER, 1, 1])),
            ("s = 0", body(&[INTEGER, 1, 1, INTEGER, 1, 0])),
            ("r without a digit", body(&[INTEGER, 0, INTEGER, 1, 1])),
            ("a zero too much", body(&[INTEGER, 2, 0, 1, INTEGER, 1, 1])),
            ("one number", body(&[INTEGER, 1, 1])),
            ("three numbers", body(&[INTEGER, 1, 1, INTEGER, 1, 1, INTEGER, 1, 1])),
            ("33 bytes", der(&[1; WIDTH + 1], &[2; WIDTH])),
            ("raw", vec![7; 2 * WIDTH]),
        ] {
            assert_eq!(p256_from_der(&bad), None, "{name}");
        }
    }
}
