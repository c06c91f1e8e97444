//! A storage in memory that counts, and can be told to fail.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use interaction_code::{Error, ErrorKind, Result, Storage, Swapped, jose::sha256, secret::SecretBytes};

#[derive(Default)]
pub struct Memory {
    pub values: Mutex<BTreeMap<String, Vec<u8>>>,
    pub fails: AtomicBool,
    /// How often something but the device token was stored.
    pub stores: AtomicUsize,
    pub removals: AtomicUsize,
}

pub fn is_device(key: &str) -> bool {
    key.starts_with("interaction-code.device.")
}

impl Memory {
    fn check(&self) -> Result<()> {
        match self.fails.load(Ordering::SeqCst) {
            true => Err(Error::new(ErrorKind::Callback, "the disk of ada@example.com is full")),
            false => Ok(()),
        }
    }

    /// The keys of all but the device token.
    pub fn others(&self) -> Vec<String> {
        self.values.lock().unwrap().keys().filter(|key| !is_device(key)).cloned().collect()
    }

    pub fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.values.lock().unwrap().get(key).cloned()
    }

    pub fn put(&self, key: &str, value: &[u8]) {
        self.values.lock().unwrap().insert(key.to_owned(), value.to_vec());
    }

    pub fn device(&self) -> Option<String> {
        let values = self.values.lock().unwrap();
        let found = values.iter().find(|(key, _)| is_device(key));
        found.map(|(_, token)| String::from_utf8(token.clone()).unwrap())
    }
}

impl Storage for Memory {
    fn load(&self, key: &str) -> Result<Option<SecretBytes>> {
        self.check()?;
        Ok(self.get(key).map(SecretBytes::from))
    }

    fn swap(&self, key: &str, expected: Option<&[u8; 32]>, value: Option<&SecretBytes>) -> Result<Swapped> {
        match value {
            Some(_) if is_device(key) => 0,
            Some(_) => self.stores.fetch_add(1, Ordering::SeqCst),
            None => self.removals.fetch_add(1, Ordering::SeqCst),
        };
        self.check()?;
        let mut values = self.values.lock().unwrap();
        if values.get(key).map(|found| sha256(found)).as_ref() != expected {
            return Ok(Swapped::Changed);
        }
        match value {
            Some(value) => values.insert(key.to_owned(), value.to_vec()),
            None => values.remove(key),
        };
        Ok(Swapped::Done)
    }

    fn keys(&self, prefix: &str) -> Result<Vec<String>> {
        self.check()?;
        Ok(self.values.lock().unwrap().keys().filter(|key| key.starts_with(prefix)).cloned().collect())
    }
}
