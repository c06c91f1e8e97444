//! Random values: handles, codes, ids. All of them come from the operating system's generator through `rand`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};

/// An unguessable token of 256 bits, base64url.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// A short unique id with a prefix, like the ids of an org.
pub fn id(prefix: &str) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let tail: String = (0..17).map(|_| char::from(LETTERS[rand::random_range(0..LETTERS.len())])).collect();
    format!("{prefix}{tail}")
}

/// A six-digit code.
pub fn passcode() -> String {
    format!("{:06}", rand::random_range(0..1_000_000))
}

/// A two-digit number of a number challenge, and two wrong ones beside it, in random order.
pub fn numbers() -> (String, Vec<String>) {
    let mut all: Vec<u32> = Vec::with_capacity(3);
    while all.len() < 3 {
        let next = rand::random_range(10..100);
        if !all.contains(&next) {
            all.push(next);
        }
    }
    let right = all[rand::random_range(0..3)];
    (right.to_string(), all.iter().map(u32::to_string).collect())
}

/// An id that is the same in every run for the same words, for what the world file names.
pub fn stable_id(prefix: &str, words: &[&str]) -> String {
    let hash = digest(&SHA256, words.join("\n").as_bytes());
    let tail: String =
        URL_SAFE_NO_PAD.encode(hash.as_ref()).chars().filter(char::is_ascii_alphanumeric).take(17).collect();
    format!("{prefix}{tail}")
}

/// base64url of SHA-256, as PKCE and the token hashes use it.
pub fn sha256_base64url(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()).as_ref())
}
