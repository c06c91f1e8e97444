//! Filling in a form with a person: any form, also one that nobody has seen before.

use interaction_code::idx::{
    Answer, AuthenticatorKey, Field, FieldOption, FieldType, Remediation, RemediationKind, Step,
};
use serde_json::Value;
use zeroize::Zeroizing;

use super::context;
use crate::{
    failure::Failure,
    term::{Input, Screen, clean, style},
};

/// How often a form that does not fit is asked again before the ways of the step are shown instead.
const TRIES: usize = 3;

/// Where the questions go.
#[derive(Clone, Copy)]
pub struct Form<'a> {
    pub screen: &'a Screen,
    pub input: &'a Input,
}

/// What was picked from a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    One(usize),
    Nothing,
    Back,
}

/// Whether a form has anything that a person is asked.
pub fn asks_something(remediation: Remediation<'_>) -> bool {
    fn asks(field: &Field<'_>) -> bool {
        if field.has_form() { field.fields().any(|field| asks(&field)) } else { !is_settled(field) }
    }
    remediation.fields().any(|field| asks(&field))
}

/// Whether a field needs no answer: the server has set it, or nobody is meant to see it.
fn is_settled(field: &Field<'_>) -> bool {
    let given = field.value().is_some();
    let chosen = field.options().next().is_some();
    match (field.is_mutable(), field.is_visible()) {
        (false, _) => given || !chosen,
        (true, false) => given || !field.is_required(),
        (true, true) => false,
    }
}

impl Form<'_> {
    /// Asks for every field and returns the answer; `None` when the person wants another way.
    pub fn fill(self, step: &Step, remediation: Remediation<'_>) -> Result<Option<Answer>, Failure> {
        for _ in 0..TRIES {
            let mut answer = remediation.answer()?;
            let twice = self.input.is_terminal() && sets_password(step, remediation);
            if !self.fields(&mut answer, remediation.fields().collect(), false, twice)? {
                return Ok(None);
            }
            let problems = answer.problems();
            if problems.is_empty() {
                return Ok(Some(answer));
            }
            for problem in problems {
                self.screen.error(&problem.to_string());
            }
        }
        Ok(None)
    }

    /// Asks for fields of one level; false when the person wants to go back.
    fn fields(
        self,
        answer: &mut Answer,
        fields: Vec<Field<'_>>,
        parent_required: bool,
        twice: bool,
    ) -> Result<bool, Failure> {
        for field in fields {
            if field.has_form_options() {
                let options: Vec<_> = field.options().collect();
                match self.option(&field, &options)? {
                    Pick::Back => return Ok(false),
                    Pick::Nothing => {}
                    Pick::One(index) => {
                        answer.choose(&options[index])?;
                        let nested = options[index].fields().collect();
                        if !self.fields(answer, nested, field.is_required(), twice)? {
                            return Ok(false);
                        }
                    }
                }
            } else if field.has_form() {
                if !self.fields(answer, field.fields().collect(), field.is_required(), twice)? {
                    return Ok(false);
                }
            } else if is_settled(&field) {
                self.show_fixed(&field);
            } else if !self.field(answer, &field, is_needed(&field, parent_required), twice)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Asks for one field that holds a value.
    fn field(self, answer: &mut Answer, field: &Field<'_>, needed: bool, twice: bool) -> Result<bool, Failure> {
        for message in field.messages() {
            self.screen.note(&message.text());
        }
        if !field.is_visible() {
            let by = field.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
            self.screen.note(&format!("{} is meant to be filled in by a program{by}.", caption(field)));
        }
        let choices = field.choices();
        if !choices.is_empty() {
            let given = field.value().map(|value| value.to_value());
            let preset = choices.iter().position(|choice| Some(choice.value.to_value()) == given);
            // A single choice is as good as made.
            let preset = preset.or_else(|| (choices.len() == 1).then_some(0));
            if choices.len() == 1 && (needed || !field.is_mutable()) {
                answer.put(field, choices[0].value.to_value())?;
                return Ok(true);
            }
            let labels: Vec<_> = choices
                .iter()
                .map(|choice| choice.label.as_deref().map_or_else(|| choice.value.raw().to_owned(), str::to_owned))
                .collect();
            match self.pick(&caption(field), &labels, preset, !needed)? {
                Pick::One(index) => answer.put(field, choices[index].value.to_value())?,
                Pick::Nothing => {}
                Pick::Back => return Ok(false),
            }
            return Ok(true);
        }
        if let Some(value) = self.value(field, needed, twice)? {
            answer.put(field, value)?;
        }
        Ok(true)
    }

    /// Asks until there is a value of the field's type, or none where none is needed.
    fn value(self, field: &Field<'_>, needed: bool, twice: bool) -> Result<Option<Value>, Failure> {
        let preset = if field.is_secret() { None } else { field.value().and_then(|value| value.scalar_text()) };
        let kind = field.field_type();
        let mut prompt = caption(field);
        match (&kind, preset.as_deref()) {
            (FieldType::Boolean, Some("true")) => prompt.push_str(" [Y/n]"),
            (FieldType::Boolean, _) => prompt.push_str(" [y/N]"),
            (FieldType::Object, _) => prompt.push_str(" (JSON)"),
            (_, Some(preset)) => prompt.push_str(&format!(" [{preset}]")),
            (_, None) if !needed => prompt.push_str(" (optional)"),
            _ => {}
        }
        let prompt = format!("{}: ", clean(&prompt));
        loop {
            let line = self.input.ask(&prompt, field.is_secret())?;
            // A password may begin or end with a blank; what is read on a phone or in a mail does not.
            let text = if field.is_secret() { line.as_str() } else { line.trim() };
            if text.is_empty() {
                // Not given: the server's own value, or none at all, goes back.
                if !needed || preset.is_some() {
                    return Ok(None);
                }
                if kind == FieldType::Boolean {
                    return Ok(Some(Value::Bool(false)));
                }
                self.screen.error("This is needed.");
                continue;
            }
            if twice && field.is_secret() {
                let again: Zeroizing<String> = self.input.ask("The same again: ", true)?;
                if again.as_str() != text {
                    self.screen.error("The two differ.");
                    continue;
                }
            }
            match typed(&kind, text) {
                Ok(value) => return Ok(Some(value)),
                Err(what) => self.screen.error(what),
            }
        }
    }

    /// Which of the options that bring a form; a single one that must be taken is taken.
    fn option(self, field: &Field<'_>, options: &[FieldOption<'_>]) -> Result<Pick, Failure> {
        if options.len() == 1 && field.is_required() {
            return Ok(Pick::One(0));
        }
        let labels: Vec<_> = options.iter().map(option_label).collect();
        let title = field.label().filter(|label| !label.trim().is_empty());
        let preset = (options.len() == 1).then_some(0);
        // Without a choice such a form is pointless, so only a plain "not required" lets it be left out (idx.md
        // section 4.5).
        let may_skip = field.json().get("required").is_some() && !field.is_required();
        self.pick(title.as_deref().unwrap_or("Which one?"), &labels, preset, may_skip)
    }

    /// A numbered list to pick from. `preset` is taken by Enter; `may_skip`: Enter takes nothing.
    pub fn pick(self, title: &str, labels: &[String], preset: Option<usize>, may_skip: bool) -> Result<Pick, Failure> {
        self.screen.line(&clean(title));
        for (index, label) in labels.iter().enumerate() {
            self.screen.line(&format!("  {} {}", style::paint(style::NAME, &format!("{})", index + 1)), clean(label)));
        }
        let hint = match preset {
            Some(preset) => format!(" [{}]", preset + 1),
            None if may_skip => " (Enter: none)".to_owned(),
            None => String::new(),
        };
        loop {
            let line = self.input.ask(&format!("Choose{hint}, 0 to go back: "), false)?;
            match line.trim() {
                "" => match preset {
                    Some(preset) => return Ok(Pick::One(preset)),
                    None if may_skip => return Ok(Pick::Nothing),
                    None => {}
                },
                "0" => return Ok(Pick::Back),
                text => {
                    if let Some(index) = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1))
                        && index < labels.len()
                    {
                        return Ok(Pick::One(index));
                    }
                }
            }
            self.screen.error(&format!("Type a number from 1 to {}.", labels.len()));
        }
    }

    /// A value that the server has set and wants to be seen.
    fn show_fixed(self, field: &Field<'_>) {
        let label = field.label().filter(|_| field.is_visible() && !field.is_secret());
        let value = field.value().and_then(|value| value.scalar_text());
        if let (Some(label), Some(value)) = (label, value)
            && field.name() != "stateHandle"
        {
            // The value of a security question is its key; the label is the question.
            self.screen.line(&format!("{} {}", clean(&label), style::paint(style::DIM, &clean(&value))));
        }
    }
}

/// The label, or the path where there is none.
fn caption(field: &Field<'_>) -> String {
    field
        .label()
        .filter(|label| !label.trim().is_empty())
        .map_or_else(|| field.dotted_path(), |label| label.into_owned())
}

/// Whether there must be a value: flagged, or not flagged at all in a form that is needed (idx.md section 4.5).
fn is_needed(field: &Field<'_>, parent_required: bool) -> bool {
    let flagged = field.json().get("required").is_some();
    field.is_required() || (parent_required && !flagged && field.value().is_none())
}

/// The label of an option, with what tells it from another of the same label.
fn option_label(option: &FieldOption<'_>) -> String {
    let label = option.label().map_or_else(|| format!("option {}", option.index() + 1), |label| label.into_owned());
    let profile = option.authenticators().find_map(context::profile);
    match profile.filter(|profile| !label.contains(profile.as_str())) {
        Some(profile) => format!("{label} ({profile})"),
        None => label,
    }
}

/// Whether the form sets a new password, which nobody sees while it is typed.
fn sets_password(step: &Step, remediation: Remediation<'_>) -> bool {
    let sets = matches!(
        remediation.kind(),
        RemediationKind::EnrollAuthenticator
            | RemediationKind::ResetAuthenticator
            | RemediationKind::ReenrollAuthenticator
            | RemediationKind::ReenrollAuthenticatorWarning
            | RemediationKind::EnrollProfile
    );
    let password = step.current_authenticator().is_none_or(|it| it.known_key() == Some(AuthenticatorKey::Password));
    sets && password
}

/// What was typed, as a value of the field's type.
fn typed(kind: &FieldType, text: &str) -> Result<Value, &'static str> {
    match kind {
        FieldType::Boolean => match text.to_ascii_lowercase().as_str() {
            "y" | "yes" | "true" | "1" => Ok(Value::Bool(true)),
            "n" | "no" | "false" | "0" => Ok(Value::Bool(false)),
            _ => Err("Type y or n."),
        },
        FieldType::Integer => text.parse::<i64>().map(Value::from).map_err(|_| "Type a whole number."),
        FieldType::Number => match serde_json::from_str(text) {
            Ok(number @ Value::Number(_)) => Ok(number),
            _ => Err("Type a number."),
        },
        FieldType::Object => serde_json::from_str(text).map_err(|_| "Type a JSON value, for example {\"a\": 1}."),
        _ => Ok(Value::String(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_a_value_of_the_type() {
        assert_eq!(typed(&FieldType::Boolean, "Yes"), Ok(Value::Bool(true)));
        assert_eq!(typed(&FieldType::Integer, "7"), Ok(Value::from(7)));
        assert_eq!(typed(&FieldType::Number, "1.5"), Ok(Value::from(1.5)));
        assert_eq!(typed(&FieldType::String, "7"), Ok(Value::from("7")));
        assert_eq!(typed(&FieldType::Other("date".into()), "7"), Ok(Value::from("7")));
        assert!(typed(&FieldType::Boolean, "maybe").is_err() && typed(&FieldType::Integer, "1.5").is_err());
        assert!(typed(&FieldType::Number, "\"7\"").is_err() && typed(&FieldType::Object, "{").is_err());
    }
}
