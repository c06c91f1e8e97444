//! IDX forms as plain HTML forms, and back: what a browser without scripts can show and send.
//!
//! A control is named by the path of its field. Where a field offers whole forms (a list of authenticators), each becomes a form
//! of its own with a button, and says which it was in a hidden control.

use crate::server::message::Form;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// The control that says which form was sent.
pub const FORM: &str = "_form";
/// The control with the state handle that the page was drawn with.
pub const STATE: &str = "_state";
/// The control that says which of the forms in a field was sent.
const CHOICE: &str = "_choice";

/// Text for HTML: content, or an attribute between double quotes.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(letter),
        }
    }
    safe
}

/// The forms of a step with their names on the page: its remediations, and what the current authenticator offers beside them.
pub fn forms(step: &Value) -> Vec<(String, Value)> {
    let list = step["remediation"]["value"].as_array().cloned().unwrap_or_default();
    let mut found: Vec<(String, Value)> =
        list.into_iter().enumerate().map(|(index, form)| (format!("r{index}"), form)).collect();
    for place in ["currentAuthenticator", "currentAuthenticatorEnrollment"] {
        for action in ["resend", "send", "recover"] {
            let form = &step[place]["value"][action];
            if form["href"].is_string() && !found.iter().any(|(name, _)| name == action) {
                found.push((action.to_owned(), form.clone()));
            }
        }
    }
    found
}

/// Draws a form; several when a field of it offers forms.
pub fn draw(id: &str, form: &Value, state: &str, page: &mut String) {
    let fields = fields_of(&form["value"]);
    let choice = fields.iter().find(|field| offers_forms(field));
    let choices = choice.map_or(1, |field| field["options"].as_array().map_or(0, Vec::len));
    for index in 0..choices {
        let mut label = title(form["name"].as_str().unwrap_or_default());
        let _ = write!(page, "<form method=\"post\" action=\"\">{}{}", hidden(FORM, id), hidden(STATE, state));
        for field in &fields {
            if !offers_forms(field) {
                draw_field(field, "", page);
                continue;
            }
            let option = &field["options"][index];
            label = option["label"].as_str().unwrap_or("Go on").to_owned();
            page.push_str(&hidden(CHOICE, &index.to_string()));
            let prefix = name_of(field);
            for nested in fields_of(&option["value"]["form"]["value"]) {
                draw_field(nested, &prefix, page);
            }
        }
        let _ = writeln!(page, "<button type=\"submit\">{}</button></form>", escape(&label));
    }
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value))
}

fn fields_of(value: &Value) -> Vec<&Value> {
    value.as_array().map(|fields| fields.iter().collect()).unwrap_or_default()
}

fn name_of(field: &Value) -> String {
    field["name"].as_str().unwrap_or_default().to_owned()
}

fn path(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

fn offers_forms(field: &Value) -> bool {
    field["options"][0]["value"]["form"].is_object()
}

/// The fields within a field.
fn nested(field: &Value) -> Option<&Value> {
    [&field["form"]["value"], &field["value"]["form"]["value"]].into_iter().find(|nested| nested.is_array())
}

fn is_fixed(field: &Value) -> bool {
    field["mutable"] == false || field["visible"] == false
}

fn draw_field(field: &Value, prefix: &str, page: &mut String) {
    if is_fixed(field) {
        return;
    }
    let path = path(prefix, &name_of(field));
    if let Some(fields) = nested(field) {
        for field in fields_of(fields) {
            draw_field(field, &path, page);
        }
        return;
    }
    for message in fields_of(&field["messages"]["value"]) {
        let text = message["message"].as_str().unwrap_or_default();
        let _ = write!(page, "<p class=\"error\">{}</p>", escape(text));
    }
    let name = escape(&path);
    let label = escape(field["label"].as_str().unwrap_or(field["name"].as_str().unwrap_or_default()));
    if let Some(options) = field["options"].as_array() {
        let _ = write!(page, "<label>{label} <select name=\"{name}\">");
        for option in options {
            let (value, label) = (option["value"].as_str().unwrap_or_default(), option["label"].as_str());
            let _ = write!(page, "<option value=\"{}\">{}</option>", escape(value), escape(label.unwrap_or(value)));
        }
        page.push_str("</select></label>");
    } else if field["type"] == "boolean" {
        let _ = write!(page, "<label><input type=\"checkbox\" name=\"{name}\" value=\"true\"> {label}</label>");
    } else {
        let kind = if field["secret"] == true { "password" } else { "text" };
        let value = escape(field["value"].as_str().unwrap_or_default());
        let _ = write!(
            page,
            "<label>{label} <input type=\"{kind}\" name=\"{name}\" value=\"{value}\" autocomplete=\"off\"></label>"
        );
    }
}

/// What a form is for, when it does not say so itself.
fn title(name: &str) -> String {
    match name {
        "identify" | "identify-recovery" => "Next".to_owned(),
        "challenge-authenticator" | "enroll-authenticator" => "Verify".to_owned(),
        "select-identify" => "Back to sign-in".to_owned(),
        "select-enroll-profile" => "Sign up".to_owned(),
        "recover" | "currentAuthenticatorEnrollment-recover" => "Forgot password?".to_owned(),
        "resend" => "Send again".to_owned(),
        "skip" => "Not now".to_owned(),
        other => {
            let words = other.replace('-', " ");
            let mut letters = words.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
        }
    }
}

/// The JSON body of a form that came back from the page.
pub fn answer(form: &Value, given: &Form) -> Value {
    let mut body = object(&form["value"], "", given);
    if let Some(state) = given.get(STATE) {
        body.insert("stateHandle".to_owned(), state.into());
    }
    Value::Object(body)
}

fn object(fields: &Value, prefix: &str, given: &Form) -> Map<String, Value> {
    let mut body = Map::new();
    for field in fields_of(fields) {
        let name = name_of(field);
        let path = path(prefix, &name);
        let value = if is_fixed(field) {
            field["value"].clone()
        } else if offers_forms(field) {
            let index = given.get(CHOICE).and_then(|index| index.parse::<usize>().ok()).unwrap_or(0);
            Value::Object(object(&field["options"][index]["value"]["form"]["value"], &path, given))
        } else if let Some(nested) = nested(field) {
            Value::Object(object(nested, &path, given))
        } else {
            match (given.get(&path), field["type"] == "boolean") {
                (given, true) => json!(given.is_some()),
                (Some(text), false) => json!(text),
                (None, false) => continue,
            }
        };
        body.insert(name, value);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_the_page() {
        let form = json!({"name": "identify", "value": [
            {"name": "a\"b", "label": "<script>", "value": "\"><img src=x>"},
            {"name": "stateHandle", "value": "s", "mutable": false, "visible": false},
        ]});
        let mut page = String::new();
        draw("r0", &form, "\"'<", &mut page);
        assert!(!page.contains("<script>") && !page.contains("<img") && !page.contains("\"'<"), "{page}");
        assert!(!page.contains("stateHandle"), "a fixed value is not the page's: {page}");
    }

    #[test]
    fn a_page_and_its_answer() {
        let form = json!({"name": "x", "value": [
            {"name": "authenticator", "options": [
                {"label": "One", "value": {"form": {"value": [{"name": "id", "value": "1", "mutable": false}]}}},
                {"label": "Two", "value": {"form": {"value": [
                    {"name": "id", "value": "2", "mutable": false},
                    {"name": "methodType", "options": [{"label": "Text", "value": "sms"}]},
                ]}}},
            ]},
            {"name": "credentials", "form": {"value": [{"name": "passcode", "secret": true}]}},
            {"name": "stateHandle", "value": "old", "mutable": false},
        ]});
        let mut page = String::new();
        draw("r0", &form, "s", &mut page);
        assert_eq!(page.matches("<form").count(), 2);
        assert!(page.contains("type=\"password\" name=\"credentials.passcode\""));
        let sent = b"_state=s&_choice=1&authenticator.methodType=sms&credentials.passcode=p%26w&other=1";
        let body = answer(&form, &Form::of(sent).unwrap());
        assert_eq!(
            body,
            json!({"authenticator": {"id": "2", "methodType": "sms"}, "credentials": {"passcode": "p&w"}, "stateHandle": "s"})
        );
    }
}
