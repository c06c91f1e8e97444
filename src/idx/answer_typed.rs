//! Answers without wire names: what most forms want, by what it is.

use super::{
    answer::{Answer, AnswerValue},
    field::{Field, FieldOption},
    names::{AuthenticatorKey, MethodType},
};
use crate::error::{Error, ErrorKind, Problem, Result};

/// Where a form wants what proves the person: a password, a code, an answer, the code of an app.
const PASSCODES: [&str; 2] = ["credentials.passcode", "credentials.totp"];

impl Answer {
    /// Sets the name to sign in with. Errors: [`ErrorKind::InvalidAnswer`] when the form has no such field.
    pub fn identifier(self, name: impl Into<AnswerValue>) -> Result<Self> {
        self.set("identifier", name)
    }

    /// Sets the password, PIN or code, wherever this form wants it. Errors: as [`Answer::identifier`].
    pub fn passcode(self, passcode: impl Into<AnswerValue>) -> Result<Self> {
        let form = self.remediation();
        let path = PASSCODES.into_iter().find(|path| form.field(path).is_ok()).unwrap_or(PASSCODES[0]);
        self.set(path, passcode)
    }

    /// Sets whether this device is remembered. Errors: as [`Answer::identifier`].
    pub fn remember_me(self, remember: bool) -> Result<Self> {
        self.set("rememberMe", remember)
    }

    /// Chooses an authenticator of this kind and, when given, how it is used. Errors: [`ErrorKind::InvalidAnswer`] when the form
    /// offers none of it, or more than one: then [`Answer::select`] takes the option itself.
    pub fn choosing(&self, key: &AuthenticatorKey, method: Option<&MethodType>) -> Result<Self> {
        let form = self.remediation();
        let fields: Vec<Field<'_>> = form.fields().collect();
        let offers = |option: &FieldOption<'_>| {
            let of_key = option.authenticators().into_iter().find(|offered| offered.known_key().as_ref() == Some(key));
            // A form of its own may leave the method open, and the option of a method names it.
            of_key.is_some_and(|offered| {
                method.is_none_or(|method| offered.methods().is_empty() || offered.methods().contains(method))
            })
        };
        let found: Vec<(&Field<'_>, FieldOption<'_>)> =
            fields.iter().flat_map(|field| field.options().filter(offers).map(move |option| (field, option))).collect();
        let [(field, option)] = &found[..] else {
            let what = if found.is_empty() { "none" } else { "more than one" };
            return Err(not_one(&format!("the form offers {what} of `{}`", key.as_str())));
        };
        let answer = self.clone().select(option)?;
        let Some(method) = method else { return Ok(answer) };
        let path = format!("{}.methodType", field.name());
        match option.fields().find(|inner| inner.name() == "methodType") {
            Some(inner) if inner.is_mutable() => answer.set(path, method.as_str()),
            _ => Ok(answer),
        }
    }
}

fn not_one(what: &str) -> Error {
    Error::new(ErrorKind::InvalidAnswer, "the answer does not fit the form")
        .with_problems(vec![Problem { path: "authenticator".to_owned(), what: what.to_owned() }])
        .with_advice("Nothing was sent; choose one of the options of the form")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idx::Step;

    const BODY: &str = r#"{"version":"1.0.0","authenticators":{"type":"array","value":[
        {"id":"aut1","key":"phone_number","methods":[{"type":"sms"},{"type":"voice"}]},
        {"id":"aut2","key":"okta_email","methods":[{"type":"email"}]},
        {"id":"aut3","key":"custom_otp"},{"id":"aut4","key":"custom_otp"}]},
        "remediation":{"value":[
        {"name":"identify","href":"https://a.example/i","value":[{"name":"identifier","required":true},
            {"name":"rememberMe","type":"boolean"},{"name":"credentials","form":{"value":[{"name":"passcode","secret":true}]}}]},
        {"name":"challenge-authenticator","href":"https://a.example/c","value":[
            {"name":"credentials","form":{"value":[{"name":"totp"}]}}]},
        {"name":"select-authenticator-authenticate","href":"https://a.example/s","value":[{"name":"authenticator","options":[
            {"relatesTo":"$.authenticators.value[0]","value":{"form":{"value":[{"name":"id","value":"aut1","mutable":false},
                {"name":"methodType","options":[{"label":"S","value":"sms"},{"label":"V","value":"voice"}]}]}}},
            {"relatesTo":"$.authenticators.value[1]","value":{"form":{"value":[{"name":"id","value":"aut2","mutable":false},
                {"name":"methodType","value":"email","mutable":false}]}}},
            {"relatesTo":"$.authenticators.value[2]","value":{"form":{"value":[{"name":"id","value":"aut3","mutable":false}]}}},
            {"relatesTo":"$.authenticators.value[3]","value":{"form":{"value":[{"name":"id","value":"aut4","mutable":false}]}}}
        ]}]}]}}"#;

    fn body(answer: Result<Answer>) -> String {
        String::from_utf8(answer.unwrap().body().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn what_most_forms_want_needs_no_wire_name() {
        let step = Step::read(BODY.as_bytes()).unwrap();
        let form = |name| step.remediation(name).unwrap().answer().unwrap();
        let first = form("identify")
            .identifier("ada")
            .and_then(|answer| answer.passcode("x"))
            .and_then(|a| a.remember_me(true));
        let first: serde_json::Value = serde_json::from_str(&body(first)).unwrap();
        assert_eq!(
            first,
            serde_json::json!({"identifier": "ada", "rememberMe": true, "credentials": {"passcode": "x"}})
        );
        assert_eq!(body(form("challenge-authenticator").passcode("123")), r#"{"credentials":{"totp":"123"}}"#);
        assert!(form("challenge-authenticator").identifier("ada").is_err());
    }

    #[test]
    fn an_authenticator_is_chosen_by_what_it_is() {
        let step = Step::read(BODY.as_bytes()).unwrap();
        let form = step.remediation("select-authenticator-authenticate").unwrap().answer().unwrap();
        let chosen = |key, method: Option<MethodType>| form.choosing(&key, method.as_ref());
        let sms = body(chosen(AuthenticatorKey::Phone, Some(MethodType::Sms)));
        assert_eq!(sms, r#"{"authenticator":{"id":"aut1","methodType":"sms"}}"#);
        let mail = body(chosen(AuthenticatorKey::Email, None));
        assert_eq!(mail, r#"{"authenticator":{"id":"aut2","methodType":"email"}}"#);
        assert_eq!(body(chosen(AuthenticatorKey::Email, Some(MethodType::Email))), mail);
        for (key, method) in [
            (AuthenticatorKey::Email, Some(MethodType::Sms)),
            (AuthenticatorKey::Webauthn, None),
            (AuthenticatorKey::CustomOtp, None),
        ] {
            let error = chosen(key, method).unwrap_err();
            assert_eq!((error.kind(), error.problems().len()), (ErrorKind::InvalidAnswer, 1));
        }
    }
}
