//! Strict JSON: one object, each member once, few levels deep.
//!
//! Two parsers that disagree about a duplicate member disagree about what was signed, so it is refused at every level
//! (RFC 7515 section 4, RFC 8725 section 2.4). `serde_json` refuses what is not UTF-8, lone surrogates, numbers that no
//! `f64` holds, and text after the object.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::limits::MAX_TOKEN_DEPTH;

/// Why a text is not one strict JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonError {
    /// Not JSON, not UTF-8, or followed by something.
    Malformed,
    /// JSON, but not an object.
    NotAnObject,
    /// A member appears twice in one object.
    Duplicate,
    /// Deeper than [`MAX_TOKEN_DEPTH`].
    TooDeep,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            JsonError::Malformed => "it is not JSON",
            JsonError::NotAnObject => "it is not a JSON object",
            JsonError::Duplicate => "a member appears twice",
            JsonError::TooDeep => "it is nested too deeply",
        })
    }
}

/// The one JSON object in `bytes`.
///
/// # Errors
/// What is wrong with it, as a [`JsonError`]; never any of its content.
pub fn parse_object(bytes: &[u8]) -> Result<Map<String, Value>, JsonError> {
    let fault = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0, fault: &fault }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|_| fault.get().unwrap_or(JsonError::Malformed))?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(JsonError::NotAnObject),
    }
}

/// Reads one value `depth` levels down. What it refuses itself goes into `fault`, which serde's errors cannot carry.
#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    fault: &'a Cell<Option<JsonError>>,
}

impl Strict<'_> {
    fn refuse<E: serde::de::Error>(&self, fault: JsonError) -> E {
        self.fault.set(Some(fault));
        E::custom(fault)
    }

    fn deeper<E: serde::de::Error>(&self) -> Result<Self, E> {
        if self.depth < MAX_TOKEN_DEPTH {
            Ok(Strict { depth: self.depth + 1, ..*self })
        } else {
            Err(self.refuse(JsonError::TooDeep))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper::<A::Error>()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper::<A::Error>()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(self.refuse(JsonError::Duplicate));
            }
            let value = members.next_value_seed(inner)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_strict_is_read() {
        let text = r#"{"a":[1,-2,0.5,true,null,{"a":"é\u00e9"}],"b":{}}"#;
        assert_eq!(Value::Object(parse_object(text.as_bytes()).unwrap()).to_string(), text.replace("\\u00e9", "é"));
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        let nested = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert!(parse_object(nested(MAX_TOKEN_DEPTH).as_bytes()).is_ok());
        assert_eq!(parse_object(nested(MAX_TOKEN_DEPTH + 1).as_bytes()), Err(JsonError::TooDeep));
        assert_eq!(parse_object(nested(100_000).as_bytes()), Err(JsonError::TooDeep));
        for (text, fault) in [
            (&br#"{"a":1,"a":1}"#[..], JsonError::Duplicate),
            (br#"{"a":1,"\u0061":1}"#, JsonError::Duplicate),
            (br#"{"x":[{"a":1,"b":2,"a":3}]}"#, JsonError::Duplicate),
            (b"[]", JsonError::NotAnObject),
            (b"1", JsonError::NotAnObject),
            (b"", JsonError::Malformed),
            (b"{}x", JsonError::Malformed),
            (b"{} {}", JsonError::Malformed),
            (b"\xef\xbb\xbf{}", JsonError::Malformed),
            (b"{\"a\":\"\xff\"}", JsonError::Malformed),
            (br#"{"a":"\ud800"}"#, JsonError::Malformed),
            (br#"{"a":1e400}"#, JsonError::Malformed),
            (br#"{"a":NaN}"#, JsonError::Malformed),
            (br#"{"a":1,}"#, JsonError::Malformed),
            (b"{\"a\":\"\n\"}", JsonError::Malformed),
        ] {
            assert_eq!(parse_object(text), Err(fault), "{}", String::from_utf8_lossy(text));
        }
    }
}
