//! Answers by node number: how other languages, which hold numbers instead of views, name fields and options.

use std::sync::Arc;

use super::answer::{Answer, AnswerPath, AnswerValue};
use crate::{
    error::{Error, ErrorKind, Result},
    secret::Secret,
};

impl Answer {
    /// As [`Answer::put`], for the field with this node number: the one, where several have its path. Errors:
    /// [`ErrorKind::NotFound`] when the form has none.
    pub fn put_at(&mut self, field: u32, value: impl Into<AnswerValue>) -> Result<()> {
        let value = value.into();
        let document = Arc::clone(self.document());
        let (_, chosen) = self.part_of(field).ok_or_else(|| no_node("field"))?;
        let field = document.field(field).ok_or_else(|| no_node("field"))?;
        let free = chosen || field.is_mutable() || (field.value().is_none() && field.name() != "stateHandle");
        match (AnswerPath::from(&field), &value) {
            // Many are filled one after the other: each without a walk over the form.
            (AnswerPath::Names(names), scalar) if free && !matches!(scalar, AnswerValue::Json(_)) => {
                self.fill(&names, value);
                Ok(())
            }
            (path, _) => self.put(path, value),
        }
    }

    /// As [`Answer::choose`], for the option with this node number. Errors: [`ErrorKind::NotFound`] when the form has none.
    pub fn choose_at(&mut self, option: u32) -> Result<()> {
        let document = Arc::clone(self.document());
        let mine = self.part_of(option).and_then(|_| document.option(option));
        self.take(&mine.ok_or_else(|| no_node("option"))?);
        Ok(())
    }

    /// The part of this form at this node, and whether it is directly in an option.
    fn part_of(&self, node: u32) -> Option<(u32, bool)> {
        self.document().parts().form(node).filter(|(form, _)| *form == self.remediation().node())
    }
}

fn no_node(what: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("the form that is answered has no {what} with this number"))
        .with_advice("Take the number from the step and the remediation that the answer was made of")
}

impl AnswerValue {
    /// A JSON text as a value: strings, booleans and whole numbers as such, anything else as it is spelled.
    /// Errors: [`ErrorKind::InvalidArgument`] when it is not JSON; the text is not quoted.
    pub fn from_json(json: &str) -> Result<AnswerValue> {
        match serde_json::from_str::<serde_json::Value>(json) {
            Ok(value) => match AnswerValue::from(value) {
                AnswerValue::Json(_) => Ok(AnswerValue::Json(Secret::from(json))),
                scalar => Ok(scalar),
            },
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                Err(Error::new(ErrorKind::InvalidArgument, format!("this is not JSON (line {line}, column {column})")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::idx::{AnswerValue, Step};

    const BODY: &[u8] = br#"{"version":"1.0.0","remediation":{"value":[{"name":"x","href":"https://a.example/x","value":[
        {"name":"a.b","value":"old"},{"name":"c","options":[{"label":"1","value":"one"},{"label":"2","value":"two"}]}]}]}}"#;

    #[test]
    fn fields_and_options_are_named_by_their_numbers() {
        let step = Step::read(BODY).unwrap();
        let form = step.remediation("x").unwrap();
        let fields: Vec<_> = form.fields().collect();
        let option = fields[1].options().nth(1).unwrap();
        let mut answer = form.answer().unwrap();
        answer.put_at(fields[0].json().node(), AnswerValue::from_json("\"new\"").unwrap()).unwrap();
        answer.choose_at(option.json().node()).unwrap();
        assert_eq!(answer.body().unwrap().as_slice(), br#"{"a.b":"new","c":"two"}"#);
        assert!(answer.put_at(option.json().node(), "x").is_err() && answer.choose_at(0).is_err());
        assert!(answer.put_at(u32::MAX, "x").is_err());
    }

    #[test]
    fn json_values_keep_their_spelling() {
        assert_eq!(AnswerValue::from_json("true").unwrap(), AnswerValue::Bool(true));
        assert_eq!(AnswerValue::from_json("7").unwrap(), AnswerValue::Integer(7));
        assert_eq!(AnswerValue::from_json("1e2").unwrap(), AnswerValue::Json("1e2".into()));
        let error = AnswerValue::from_json("{hunter2").unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
