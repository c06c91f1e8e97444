//! Steps: what the server asks now.

use std::sync::Arc;

use super::{
    about::{AppInfo, Asker, Captcha, DeviceChallenge, User},
    answer::Answer,
    authenticator::Authenticator,
    error::Result,
    field::{Field, count_of, node_of},
    message::StepMessage,
    names::{MessageKey, Purpose, RemediationKind, StepStatus},
    redacted,
    remediation::{PasskeyRequest, Remediation, StepAction},
    screen::{Draft, Screen},
};
use crate::{
    error::{Error, ErrorKind},
    flow, idx,
};

/// What the server asks now: one response of the protocol. It never changes. Nothing unknown is an error: it is in the lists
/// by its wire name, and `raw` has the response as it came.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Step(idx::Step);

redacted!(Step);

#[uniffi::export]
impl Step {
    /// A step made of a response that was recorded, to see what would be drawn for it: previews, tests. A sign-in refuses
    /// answers to it.
    #[uniffi::constructor]
    pub fn read(response: Vec<u8>) -> Result<Arc<Self>> {
        Ok(Arc::new(Step(idx::Step::read(&response)?)))
    }

    /// What a person sees and can do here: draw this.
    pub fn screen(&self) -> Result<Screen> {
        Ok(Screen::of(crate::screen::Screen::of(&self.0)))
    }

    /// The screen as JSON, for web views. Holds what the person sees: do not log it.
    pub fn screen_json(&self) -> Result<String> {
        Ok(crate::screen::Screen::of(&self.0).to_json())
    }

    /// What the person types for the screen.
    pub fn draft(&self) -> Result<Arc<Draft>> {
        Ok(Draft::new(crate::screen::Screen::of(&self.0)))
    }

    /// Whether both are the same response, and not only equal ones.
    pub fn is_same(&self, other: Arc<Step>) -> Result<bool> {
        Ok(self.0.is(&other.0))
    }

    /// What it asks for, by all of its remediations.
    pub fn status(&self) -> Result<StepStatus> {
        Ok(self.0.status().into())
    }

    /// The HTTP status it came with. A 4xx is an ordinary step: read the messages.
    pub fn http_status(&self) -> Result<i32> {
        Ok(self.0.http_status().into())
    }

    /// Okta's request id, for logs and for Okta's support.
    pub fn request_id(&self) -> Result<Option<String>> {
        Ok(self.0.request_id().map(str::to_owned))
    }

    /// What the transaction is for.
    pub fn purpose(&self) -> Result<Option<Purpose>> {
        Ok(self.0.intent().map(Purpose::from))
    }

    /// The ways to go on, in the server's order: the first is the one it suggests. Names may repeat.
    pub fn remediations(&self) -> Result<Vec<Remediation>> {
        Ok(self.0.remediations().map(Remediation::of).collect())
    }

    /// The first remediation of this kind, if the step offers it.
    pub fn remediation(&self, kind: RemediationKind) -> Result<Option<Remediation>> {
        self.remediation_named(idx::RemediationKind::from(kind).as_str().to_owned())
    }

    /// As `remediation`, by its wire name.
    pub fn remediation_named(&self, name: String) -> Result<Option<Remediation>> {
        Ok(self.0.remediations_named(&name).next().map(Remediation::of))
    }

    /// Whether a remediation of this kind is offered.
    pub fn offers(&self, kind: RemediationKind) -> Result<bool> {
        Ok(self.0.offers(idx::RemediationKind::from(kind).as_str()))
    }

    /// As `offers`, by its wire name.
    pub fn offers_named(&self, name: String) -> Result<bool> {
        Ok(self.0.offers(&name))
    }

    /// Whether `SignIn.recover` can be called: the person forgot their password.
    pub fn can_recover(&self) -> Result<bool> {
        Ok(flow::offers(&self.0, flow::StepAction::Recover))
    }

    /// Whether `SignIn.resend` can be called.
    pub fn can_resend(&self) -> Result<bool> {
        Ok(flow::offers(&self.0, flow::StepAction::Resend))
    }

    /// Whether `SignIn.send` can be called.
    pub fn can_send(&self) -> Result<bool> {
        Ok(flow::offers(&self.0, flow::StepAction::Send))
    }

    /// Whether `SignIn.skip` can be called.
    pub fn can_skip(&self) -> Result<bool> {
        Ok(flow::offers(&self.0, flow::StepAction::Skip))
    }

    /// Whether `SignIn.cancel` can be called.
    pub fn can_cancel(&self) -> Result<bool> {
        Ok(flow::offers(&self.0, flow::StepAction::Cancel))
    }

    /// What can be done beside them.
    pub fn actions(&self) -> Result<Vec<StepAction>> {
        let action = |(path, action)| StepAction { path, action: Remediation::of(action) };
        Ok(self.0.actions().into_iter().map(action).collect())
    }

    /// The field of a remediation at this dotted path, also in nested forms and in options.
    pub fn field(&self, remediation: i32, path: String) -> Result<Option<Field>> {
        Ok(self.form(remediation)?.field(&path).ok().map(|field| Field::of(&field)))
    }

    /// Starts an answer to the remediation or action of this number. What the server fixed in it goes back as it came, by
    /// itself.
    pub fn answer(&self, remediation: i32) -> Result<Arc<Answer>> {
        Ok(Answer::new(self.form(remediation)?.answer()?))
    }

    /// As `answer`, for the first remediation of this kind. Errors: `SignInError.WrongAnswer`, which lists what there is.
    pub fn answer_to(&self, kind: RemediationKind) -> Result<Arc<Answer>> {
        self.answer_named(idx::RemediationKind::from(kind).as_str().to_owned())
    }

    /// As `answer_to`, by its wire name. Errors: `SignInError.WrongAnswer`, which lists what there is.
    pub fn answer_named(&self, name: String) -> Result<Arc<Answer>> {
        Ok(Answer::new(self.0.remediation(&name)?.answer()?))
    }

    /// What to give the platform's passkeys, where the remediation of this number wants what they make: `Answer.setting_passkey`
    /// takes what comes back.
    pub fn passkey(&self, remediation: i32) -> Result<Option<PasskeyRequest>> {
        Ok(self.form(remediation)?.passkey().map(PasskeyRequest::from))
    }

    /// Every authenticator and enrolment, each place one entry.
    pub fn authenticators(&self) -> Result<Vec<Authenticator>> {
        Ok(self.0.authenticators().into_iter().map(Authenticator::of).collect())
    }

    /// The authenticator of this number.
    pub fn authenticator(&self, node: i32) -> Result<Option<Authenticator>> {
        Ok(self.at(node).and_then(idx::Authenticator::at).map(Authenticator::of))
    }

    /// The authenticator that the step is about.
    pub fn current_authenticator(&self) -> Result<Option<Authenticator>> {
        Ok(self.0.current_authenticator().map(Authenticator::of))
    }

    /// Who signs in, when the server knows already.
    pub fn user(&self) -> Result<Option<User>> {
        Ok(self.0.user().map(User::of))
    }

    /// The app that is signed in to.
    pub fn app(&self) -> Result<Option<AppInfo>> {
        Ok(self.0.app().map(AppInfo::of))
    }

    /// The captcha to solve.
    pub fn captcha(&self) -> Result<Option<Captcha>> {
        Ok(self.0.captcha().map(Captcha::of))
    }

    /// Who asked, on pages that show a code.
    pub fn asker(&self) -> Result<Option<Asker>> {
        Ok(self.0.asker().map(Asker::of))
    }

    /// What the app of this device is asked to prove.
    pub fn device_challenge(&self) -> Result<Option<DeviceChallenge>> {
        Ok(self.0.device_challenge().map(|challenge| DeviceChallenge::of(challenge, &self.0)))
    }

    /// The interaction code, when it is here. A secret; `SignIn.finish` redeems it.
    pub fn interaction_code(&self) -> Result<Option<String>> {
        let success = self.0.success_with_interaction_code();
        let field = success.and_then(|success| success.field("interaction_code").ok());
        Ok(field.and_then(|field| Some(field.value()?.scalar_text()?.into_owned())))
    }

    /// What the server says to the person, each once.
    pub fn messages(&self) -> Result<Vec<StepMessage>> {
        Ok(self.0.distinct_messages().iter().map(StepMessage::of).collect())
    }

    /// Whether a message says this.
    pub fn has_message(&self, key: MessageKey) -> Result<bool> {
        Ok(self.0.has_message(&key.into()))
    }

    /// Whether a message has this i18n key.
    pub fn has_message_key(&self, key: String) -> Result<bool> {
        Ok(self.0.has_message(&idx::MessageKey::from(key.as_str())))
    }

    /// Whether a message of class `Error` is among the messages.
    pub fn has_error(&self) -> Result<bool> {
        Ok(self.0.has_error())
    }

    /// The number that the person must choose in their app. Always show it.
    pub fn number_challenge(&self) -> Result<Option<String>> {
        Ok(self.0.number_challenge().map(String::from))
    }

    /// When this state ends, in seconds since 1970.
    pub fn expires_at(&self) -> Result<Option<i64>> {
        Ok(self.0.expires_at())
    }

    /// Whether there is nothing to answer: the messages say how it ended.
    pub fn is_terminal(&self) -> Result<bool> {
        Ok(self.0.is_terminal())
    }

    /// Whether the step verifies the password of a known user.
    pub fn is_password_challenge(&self) -> Result<bool> {
        Ok(self.0.is_password_challenge())
    }

    /// How long to wait before polling, in milliseconds, where the step is polled.
    pub fn poll_interval_ms(&self) -> Result<Option<i64>> {
        Ok(self.0.poll().map(|(_, every)| count_of(u64::try_from(every.as_millis()).unwrap_or(u64::MAX))))
    }

    /// Where a success that brings no tokens here sends the user's browser.
    pub fn success_redirect(&self) -> Result<Option<String>> {
        Ok(self.0.success_redirect().map(String::from))
    }

    /// Where a failure sends the user's browser.
    pub fn failure_redirect(&self) -> Result<Option<String>> {
        Ok(self.0.failure_redirect().map(String::from))
    }

    /// The response as it came: JSON. Holds secrets: do not log it.
    pub fn raw(&self) -> Result<String> {
        Ok(self.0.raw().to_owned())
    }

    /// The value of this number (of a remediation, field, option, authenticator) as it came: JSON. Do not log it.
    pub fn raw_node(&self, node: i32) -> Result<Option<String>> {
        Ok(self.at(node).map(|json| json.raw().to_owned()))
    }
}

impl Step {
    pub(super) fn of(step: &idx::Step) -> Arc<Self> {
        Arc::new(Step(step.clone()))
    }

    fn at(&self, node: i32) -> Option<idx::Json<'_>> {
        self.0.node(node_of(node))
    }

    fn form(&self, remediation: i32) -> Result<idx::Remediation<'_>> {
        let none = || {
            Error::new(ErrorKind::NotFound, "the step has no remediation or action with this number")
                .with_advice("Take the number from a remediation or an action of this step")
        };
        // What has an address can be answered, also where nobody expects it.
        let form = self.0.remediation_at(node_of(remediation)).filter(|form| form.href().is_some());
        Ok(form.ok_or_else(none)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_name_what_they_are_about_instead_of_copying_it() {
        // Each of many options points at the same large authenticator: ten gigabytes, if each had its copy.
        let options = vec![r#"{"label":"x","value":"y","relatesTo":"$.authenticators.value[0]"}"#; 10_000].join(",");
        let large = "x".repeat(1_000_000);
        let body = format!(
            r#"{{"version":"1.0.0","authenticators":{{"type":"array","value":[{{"id":"a","key":"okta_email","d":"{large}"}}]}},
            "remediation":{{"value":[{{"name":"x","href":"https://a.example/x","value":[{{"name":"f","options":[{options}]}}]}}]}}}}"#
        );
        let step = Step::of(&idx::Step::read(body.as_bytes()).unwrap());
        let form = step.remediation_named("x".to_owned()).unwrap().unwrap();
        let node = step.authenticators().unwrap()[0].node;
        assert_eq!(form.fields[0].options.len(), 10_000);
        assert!(form.fields[0].options.iter().all(|option| option.authenticators == [node]));
        assert_eq!(step.authenticator(node).unwrap().unwrap().id.as_deref(), Some("a"));
        assert_eq!(step.raw_node(node).unwrap().map(|raw| raw.len() > large.len()), Some(true));
        // Numbers of what is nothing, or something else.
        for node in [-1, 0, i32::MAX] {
            assert_eq!(step.authenticator(node).unwrap(), None);
            assert!(step.answer(node).is_err() && step.passkey(node).is_err());
        }
    }

    #[test]
    fn a_long_path_is_not_copied_to_all_that_it_leads_to() {
        let name = "n".repeat(1000);
        let inner = r#"{"name":"x"}"#;
        let body = format!(
            r#"{{"version":"1.0.0","remediation":{{"value":[{{"name":"x","href":"https://a.example/x","value":[
            {{"name":"{name}","form":{{"value":[{{"name":"{name}","form":{{"value":[{inner}]}}}}]}}}}]}}]}}}}"#
        );
        let step = Step::of(&idx::Step::read(body.as_bytes()).unwrap());
        let form = step.remediation_named("x".to_owned()).unwrap().unwrap();
        let (outer, inner) = (&form.fields[0], &form.fields[0].fields[0].fields[0]);
        assert_eq!((outer.path.len(), inner.path.as_str(), inner.name.as_str()), (1000, "", "x"));
        let answer = step.answer(form.id).unwrap();
        let value = crate::mobile::answer::JsonValue::Boolean { value: true };
        assert!(answer.setting_field(inner.id, value).is_ok());
    }

    #[test]
    fn an_answer_refuses_at_once_what_the_form_has_not() {
        let body = br#"{"version":"1.0.0","remediation":{"value":[{"name":"x","href":"https://a.example/x","value":[
            {"name":"a","required":true},{"name":"fixed","value":"1","mutable":false}]}]}}"#;
        let step = Step::of(&idx::Step::read(body).unwrap());
        let answer = step.answer_named("x".to_owned()).unwrap();
        for path in ["b", "fixed"] {
            let error = answer.setting(path.to_owned(), "hunter2".to_owned()).err().unwrap();
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        assert_eq!(answer.problems().unwrap()[0].path, "a");
        let done = answer.setting("a".to_owned(), "hunter2".to_owned()).unwrap();
        assert!(done.problems().unwrap().is_empty() && !format!("{done:?}").contains("hunter2"));
        // The first one is as it was.
        assert_eq!(answer.problems().unwrap().len(), 1);
        assert!(step.answer_named("y".to_owned()).is_err());
    }
}
