//! The members of a saved flow, one by one, as they are read. Made by hand: a reader that serde derives for the whole of it is
//! 25 KB of code, on a phone, for what is read once.

use serde_json::{Map, Value};
use zeroize::Zeroize;

use super::snapshot::invalid;
use crate::{
    error::{Error, Result},
    http::Cookie,
    jose::json,
    secret::Secret,
};

/// What was read, member by member: a member that nobody knows is left alone, one of a wrong type is an error. What is left in it
/// when it goes is wiped.
pub(super) struct Saved(Map<String, Value>);

impl Saved {
    /// One JSON object, in which each member is there once; `None` for any other text.
    pub fn read(text: &str) -> Option<Self> {
        json::parse_object(text.as_bytes()).ok().map(Saved)
    }

    /// A member; `null` is as good as none.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    pub fn text(&mut self, name: &str) -> Result<Option<String>> {
        self.take(name).map(text).transpose()
    }

    pub fn secret(&mut self, name: &str) -> Result<Option<Secret>> {
        Ok(self.text(name)?.map(Secret::new))
    }

    pub fn needed(&mut self, name: &str) -> Result<Secret> {
        self.secret(name)?.ok_or_else(damaged)
    }

    pub fn number(&mut self, name: &str) -> Result<Option<u64>> {
        self.take(name).map(|value| value.as_u64().ok_or_else(damaged)).transpose()
    }

    pub fn flag(&mut self, name: &str) -> Result<bool> {
        self.take(name).map_or(Ok(false), |value| value.as_bool().ok_or_else(damaged))
    }

    pub fn list(&mut self, name: &str) -> Result<Vec<Value>> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(list)) => Ok(list),
            Some(_) => Err(damaged()),
        }
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        fn wipe(value: &mut Value) {
            match value {
                Value::String(text) => text.zeroize(),
                Value::Array(list) => list.iter_mut().for_each(wipe),
                Value::Object(members) => members.values_mut().for_each(wipe),
                _ => {}
            }
        }
        self.0.values_mut().for_each(wipe);
    }
}

pub(super) fn text(value: Value) -> Result<String> {
    if let Value::String(text) = value { Ok(text) } else { Err(damaged()) }
}

pub(super) fn pair(value: Value) -> Result<(String, String)> {
    let Value::Array(parts) = value else { return Err(damaged()) };
    let [name, value] = <[Value; 2]>::try_from(parts).map_err(|_| damaged())?;
    Ok((text(name)?, text(value)?))
}

pub(super) fn cookie(value: Value) -> Result<Cookie> {
    let Value::Object(members) = value else { return Err(damaged()) };
    let mut members = Saved(members);
    let expires = members.take("expires").map(|at| at.as_i64().ok_or_else(damaged)).transpose()?;
    let name = members.text("name")?.ok_or_else(damaged)?;
    let value = members.text("value")?.ok_or_else(damaged)?;
    let path = members.text("path")?.unwrap_or_else(|| "/".to_owned());
    Ok(Cookie { name, value, path, expires })
}

pub(super) fn damaged() -> Error {
    invalid("a part is missing or of a wrong type")
}
