//! What every storage must do, as functions that an app's own test calls with its own storage: [`check`] in one process, and
//! [`add_up`] in several at once.

use crate::{
    error::{Error, ErrorKind, Result},
    host::{Storage, Swapped},
    jose::sha256,
    secret::SecretBytes,
};

/// What the keys of these tests begin with.
const KEY: &str = "interaction-code.conformance.";

fn broken(what: &str) -> Error {
    Error::new(ErrorKind::Internal, format!("the storage breaks its contract: {what}"))
}

/// The contract in one process: nothing is told from something, a swap compares, a removed value is gone, keys are listed by their
/// beginning, bytes come back as they were. Leaves nothing behind. Errors: the point that does not hold.
pub fn check(storage: &dyn Storage) -> Result<()> {
    let (one, two) = (format!("{KEY}1"), format!("{KEY}2"));
    for key in [&one, &two] {
        if let Some(left) = storage.load(key)? {
            storage.swap(key, Some(&sha256(&left)), None)?;
        }
    }
    let holds = |holds: bool, what: &str| if holds { Ok(()) } else { Err(broken(what)) };
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(100_000).collect();
    let (first, second) = (SecretBytes::from(bytes), SecretBytes::from(&b""[..]));
    let (hash, other) = (sha256(&first), sha256(&second));
    let there = |key: &str| Ok::<_, Error>(storage.load(key)?.map(|found| found.to_vec()));
    let changed = |expected: Option<&[u8; 32]>, value: Option<&SecretBytes>, what: &str| {
        let before = there(&one)?;
        holds(storage.swap(&one, expected, value)? == Swapped::Changed && there(&one)? == before, what)
    };
    holds(there(&one)?.is_none(), "what was never there is `None`")?;
    changed(Some(&hash), Some(&first), "something is expected where nothing is")?;
    changed(Some(&other), None, "something is to be removed where nothing is")?;
    holds(storage.swap(&one, None, Some(&first))? != Swapped::Changed, "nothing is expected where nothing is")?;
    holds(there(&one)?.as_deref() == Some(first.as_slice()), "a value comes back as it was")?;
    changed(None, Some(&second), "nothing is expected where something is")?;
    changed(None, None, "nothing is expected where something is, and it is to be removed")?;
    changed(Some(&other), Some(&second), "another value is expected")?;
    holds(storage.swap(&one, Some(&hash), Some(&second))? != Swapped::Changed, "the expected value is replaced")?;
    holds(there(&one)?.as_deref() == Some(&[]), "an empty value is a value")?;
    holds(storage.swap(&two, None, Some(&first))? != Swapped::Changed, "two keys are two values")?;
    let listed = |prefix: &str| {
        let mut keys = storage.keys(prefix)?;
        keys.sort();
        Ok::<_, Error>(keys)
    };
    holds(listed(KEY)? == [one.clone(), two.clone()], "keys are listed by their beginning")?;
    holds(listed(&two)? == [two.clone()] && listed(&format!("{KEY}3"))?.is_empty(), "and no others are")?;
    holds(storage.swap(&one, Some(&other), None)? != Swapped::Changed, "the expected value is removed")?;
    holds(there(&one)?.is_none() && listed(KEY)? == [two.clone()], "what was removed is not there")?;
    holds(storage.swap(&one, None, None)? != Swapped::Changed, "that nothing is to be removed is fine")?;
    holds(storage.swap(&two, Some(&hash), None)? != Swapped::Changed && there(&two)?.is_none(), "each by itself")
}

/// Adds 1 to a number in the storage, `times` times, by swaps; to be called by several processes at once with the same `name`. Afterwards
/// [`total`] must be the sum of all times: then no swap of any of them was lost. Returns how often another one was first.
/// Errors: those of the storage.
pub fn add_up(storage: &dyn Storage, name: &str, times: u64) -> Result<u64> {
    let key = format!("{KEY}{name}");
    let mut overtaken = 0;
    for _ in 0..times {
        loop {
            let found = storage.load(&key)?;
            let number = found.as_ref().map_or(Ok(0), number)?;
            let next = SecretBytes::from((number + 1).to_string().into_bytes());
            match storage.swap(&key, found.as_ref().map(|found| sha256(found)).as_ref(), Some(&next))? {
                Swapped::Done => break,
                Swapped::Unguarded => return Err(broken("it does not guard its data, so nothing is promised")),
                Swapped::Changed => overtaken += 1,
            }
        }
    }
    Ok(overtaken)
}

/// What [`add_up`] came to; it is removed.
pub fn total(storage: &dyn Storage, name: &str) -> Result<u64> {
    let key = format!("{KEY}{name}");
    let Some(found) = storage.load(&key)? else { return Ok(0) };
    storage.swap(&key, Some(&sha256(&found)), None)?;
    number(&found)
}

fn number(value: &SecretBytes) -> Result<u64> {
    let number = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
    number.ok_or_else(|| broken("a value was half written"))
}
