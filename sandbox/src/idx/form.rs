//! Forms and fields as the wire has them. Everything that is sent as a remediation or action is built here, so that
//! `rel`, `method`, absolute `href`, media types and the immutable state handle are never missing.

use super::message::{Message, list};
use crate::server::message::ION;
use serde_json::{Value, json};

/// What every form of one response has in common.
pub struct Paper<'a> {
    /// Scheme, host and port of the org as the client sees it.
    pub origin: &'a str,
    /// The state handle of the response.
    pub state_handle: &'a str,
}

impl Paper<'_> {
    /// A form that is POSTed to a path under `/idp/idx`. The state handle is added.
    pub fn form(&self, name: &str, path: &str, mut fields: Vec<Value>) -> Value {
        fields.push(json!({
            "name": "stateHandle", "required": true, "value": self.state_handle, "visible": false, "mutable": false,
        }));
        json!({
            "rel": ["create-form"], "name": name, "href": format!("{}/idp/idx/{path}", self.origin), "method": "POST",
            "accepts": "application/json; okta-version=1.0.0", "produces": ION, "value": fields,
        })
    }

    /// The same about a top-level object.
    pub fn about(&self, relates_to: &str, name: &str, path: &str, fields: Vec<Value>) -> Value {
        let mut form = self.form(name, path, fields);
        form["relatesTo"] = json!([relates_to]);
        form
    }
}

/// A plain field.
pub fn field(name: &str, label: &str) -> Value {
    json!({"name": name, "label": label})
}

/// A plain field that has to be filled in.
pub fn required(name: &str, label: &str) -> Value {
    json!({"name": name, "label": label, "required": true})
}

/// A value that goes back as it is.
pub fn fixed(name: &str, value: impl Into<Value>) -> Value {
    json!({"name": name, "required": true, "value": value.into(), "mutable": false})
}

/// An object with fields of its own.
pub fn object(name: &str, fields: Vec<Value>) -> Value {
    json!({"name": name, "type": "object", "required": true, "form": {"value": fields}})
}

/// The `credentials` object that nearly every answer is.
pub fn credentials(fields: Vec<Value>) -> Value {
    object("credentials", fields)
}

/// An option that is a form.
pub fn option(label: &str, fields: Vec<Value>, relates_to: Option<String>) -> Value {
    let mut option = json!({"label": label, "value": {"form": {"value": fields}}});
    if let Some(target) = relates_to {
        option["relatesTo"] = target.into();
    }
    option
}

/// Hangs messages on the fields they name, in the first form that has them; returns those that found none.
pub fn attach<'m>(remediations: &mut [Value], messages: &'m [Message]) -> Vec<&'m Message> {
    let mut left = Vec::new();
    let mut done: Vec<&[&str]> = Vec::new();
    for message in messages {
        if message.field.is_empty() {
            left.push(message);
            continue;
        }
        if done.contains(&message.field) {
            continue;
        }
        done.push(message.field);
        let same: Vec<&Message> = messages.iter().filter(|other| other.field == message.field).collect();
        match remediations.iter_mut().find_map(|form| find(&mut form["value"], message.field)) {
            Some(field) => field["messages"] = list(&same),
            None => left.extend(same),
        }
    }
    left
}

/// The field at a path of names, also inside nested forms and options.
fn find<'v>(fields: &'v mut Value, path: &[&str]) -> Option<&'v mut Value> {
    let (name, rest) = path.split_first()?;
    let field = fields.as_array_mut()?.iter_mut().find(|field| field["name"] == *name)?;
    if rest.is_empty() {
        return Some(field);
    }
    if field.get("options").is_some() {
        return field["options"]
            .as_array_mut()?
            .iter_mut()
            .find_map(|option| find(&mut option["value"]["form"]["value"], rest));
    }
    if field.get("form").is_some() {
        find(&mut field["form"]["value"], rest)
    } else {
        find(&mut field["value"]["form"]["value"], rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_find_nested_fields() {
        let mut forms = vec![json!({"value": [credentials(vec![field("passcode", "Code")])]})];
        let messages = [Message::wrong_code(), Message::not_now(), Message::blank(&["nowhere"])];
        let left = attach(&mut forms, &messages);
        assert_eq!(left.len(), 2);
        let key = &forms[0]["value"][0]["form"]["value"][0]["messages"]["value"][0]["i18n"]["key"];
        assert_eq!(key, "api.authn.error.PASSCODE_INVALID");
    }
}
