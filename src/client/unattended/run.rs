//! The run: each step is answered from the credentials or by the host, until the sign-in ends or wants what is not there.
//!
//! The password goes first wherever the server lets it be chosen, and once. What is optional is left out; nothing that
//! reaches the person (a mail, a text, a push) is started unless the credentials name it.

use std::cell::RefCell;

use super::{
    super::{Flow, next::can_skip, poll::Wait, refused::Refused, run::Default as ByDefault},
    Ended,
    credentials::Credentials,
    factor,
    prompts::{CodeRequest, NewPasswordRequest, Prompts},
    report::{Facts, PasswordExpiry},
};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    idx::{Answer, AnswerValue, MessageKey, RemediationKind, Step, StepStatus},
    limits::MAX_RUN_STEPS,
    screen::{Ask, ElementKind, Input, Outcome, PasswordFact, Screen, SuggestedKind},
    secret::Secret,
};

const PASSWORD: &str = "okta_password";
const PASSCODE: &str = "credentials.passcode";

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// To know about the password.
    Password,
    /// To sign in.
    Tokens,
}

/// What came of a step.
enum Done {
    GoOn,
    End(Ended),
}

impl Done {
    fn at(outcome: Outcome) -> Result<Done> {
        Ok(Done::End(Ended::of(outcome)))
    }
}

/// One run.
pub(super) struct Run<'a> {
    flow: &'a mut Flow,
    given: &'a Credentials,
    prompts: &'a dyn Prompts,
    goal: Goal,
    call: &'a Call,
    facts: Facts,
    identified: bool,
    new_password_sent: bool,
    /// How many factors of the credentials were chosen.
    chosen: usize,
    /// How many codes the current challenge has refused.
    refused_codes: u32,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        flow: &'a mut Flow,
        given: &'a Credentials,
        prompts: &'a dyn Prompts,
        goal: Goal,
        call: &'a Call,
    ) -> Self {
        Run {
            flow,
            given,
            prompts,
            goal,
            call,
            facts: Facts::default(),
            identified: false,
            new_password_sent: false,
            chosen: 0,
            refused_codes: 0,
        }
    }

    /// Runs it.
    pub(super) fn finish(mut self) -> (Ended, Facts) {
        let ended = self.steps().unwrap_or_else(Ended::by);
        (ended, self.facts)
    }

    fn steps(&mut self) -> Result<Ended> {
        let mut refused = Refused::new(&self.flow.client.0.system)?;
        for _ in 0..MAX_RUN_STEPS {
            if self.flow.is_complete() {
                return self.complete();
            }
            self.call.check()?;
            let step = self.flow.step()?.clone();
            match self.step(&step, &mut refused)? {
                Done::End(ended) => return Ok(ended),
                Done::GoOn => refused.came_to(self.flow.step().ok()),
            }
        }
        Err(Error::new(ErrorKind::LimitExceeded, format!("the sign-in did not end within {MAX_RUN_STEPS} steps"))
            .with_advice("The server leads in circles"))
    }

    fn complete(&mut self) -> Result<Ended> {
        if self.goal == Goal::Password {
            return Ok(Ended::of(Outcome::Success));
        }
        let tokens = self.flow.finish(self.call)?;
        Ok(Ended { tokens: Some(Box::new(tokens)), ..Ended::of(Outcome::Success) })
    }

    fn step(&mut self, step: &Step, refused: &mut Refused) -> Result<Done> {
        let answered = self.facts.password != PasswordFact::NotEvaluated;
        if let Some(outcome) = Outcome::of_step(step, self.flow.polled) {
            // A warning that can be left out is no end.
            return match can_skip(step) && !step.has_error() {
                true => self.leave_out(answered),
                false => Done::at(outcome),
            };
        }
        if self.goal == Goal::Password && answered {
            return Done::at(self.after_password(step));
        }
        let screen = self.flow.screen()?;
        if matches!(screen.suggested.kind, SuggestedKind::Device | SuggestedKind::Submit) {
            return self.by_default(step);
        }
        match step.status() {
            StepStatus::Identification => self.identify(step, refused),
            StepStatus::AuthenticatorSelection | StepStatus::ChallengePoll if self.offers_password(&screen) => {
                self.choose_password(&screen)
            }
            StepStatus::AuthenticatorVerification if step.is_password_challenge() => self.give_password(step),
            StepStatus::AuthenticatorVerification if self.offers_password(&screen) => self.choose_password(&screen),
            status if self.goal == Goal::Password => Done::at(wanted(status)),
            StepStatus::AuthenticatorSelection => self.choose_factor(&screen),
            StepStatus::AuthenticatorVerificationData => self.choose_method(step, &screen),
            StepStatus::AuthenticatorVerification => self.give_code(step, &screen, refused),
            StepStatus::ChallengePoll => self.wait(),
            StepStatus::PasswordExpired => self.change_password(step, &screen),
            StepStatus::PasswordExpiring => {
                self.facts.expiring = Some(PasswordExpiry::of(step));
                self.leave_out(answered)
            }
            StepStatus::KeepMeSignedIn => self.stay_signed_out(step),
            _ if can_skip(step) => self.leave_out(answered),
            status => Done::at(wanted(status)),
        }
    }

    /// What a step after the password says about the sign-in that it belongs to.
    fn after_password(&mut self, step: &Step) -> Outcome {
        match step.status() {
            StepStatus::PasswordExpiring => {
                self.facts.expiring = Some(PasswordExpiry::of(step));
                let elsewhere = step.offers(RemediationKind::ReenrollCustomPasswordExpiryWarning.as_str());
                if elsewhere { Outcome::PasswordManagedElsewhere } else { Outcome::Success }
            }
            StepStatus::PasswordExpired => expired(step),
            StepStatus::KeepMeSignedIn => Outcome::Success,
            _ if can_skip(step) => Outcome::Success,
            status => wanted(status),
        }
    }

    fn by_default(&mut self, step: &Step) -> Result<Done> {
        struct Nobody;
        impl super::super::RemediationHandler for Nobody {
            fn remediate(&self, _: &Step) -> Result<super::super::Action> {
                Ok(super::super::Action::Refresh)
            }
        }
        match self.flow.by_default(step, &Nobody, self.call)? {
            ByDefault::Do(super::super::Action::Proceed(answer)) => {
                // The first page may come again after it.
                self.identified = self.identified && self.facts.submitted > 0;
                self.send(answer)
            }
            ByDefault::Done => Ok(Done::GoOn),
            _ => Done::at(Outcome::MfaRequired),
        }
    }

    fn send(&mut self, answer: Answer) -> Result<Done> {
        self.flow.proceed(answer, self.call)?;
        Ok(Done::GoOn)
    }

    /// Sends an answer that has the password in it, and notes what the reply says about it.
    fn send_password(&mut self, before: &Step, answer: Answer) -> Result<Done> {
        // Only what is whole is sent, so only that counts.
        answer.body()?;
        self.facts.submitted += 1;
        let sent = self.flow.proceed(answer, self.call).cloned();
        self.facts.password = match &sent {
            Ok(_) if self.flow.is_complete() => PasswordFact::Verified,
            Ok(reply) => PasswordFact::of_reply(before, reply),
            Err(error) => PasswordFact::of_error(error),
        };
        sent?;
        match self.facts.password {
            PasswordFact::Wrong => Done::at(Outcome::PasswordWrong),
            _ => Ok(Done::GoOn),
        }
    }

    fn identify(&mut self, step: &Step, refused: &mut Refused) -> Result<Done> {
        if self.identified {
            let unknown =
                step.has_message(&MessageKey::UnknownUser) || step.has_message(&MessageKey::AuthenticationFailed);
            return Done::at(if unknown { Outcome::PasswordWrong } else { Outcome::Terminal });
        }
        let form = step.remediation("identify")?;
        let mut answer = form.answer()?;
        if form.field("identifier").is_ok_and(|field| field.is_mutable()) {
            answer.put("identifier", self.given.username.as_str())?;
        }
        self.identified = true;
        if form.field(PASSCODE).is_err() {
            return self.send(answer);
        }
        if self.facts.submitted > 0 {
            return Done::at(Outcome::PasswordWrong);
        }
        answer.put(PASSCODE, self.given.password.clone())?;
        refused.offer(&answer)?;
        self.send_password(step, answer)
    }

    fn give_password(&mut self, step: &Step) -> Result<Done> {
        if self.facts.submitted > 0 {
            // Asked again without a word about why: it is not given twice.
            return Done::at(Outcome::PasswordWrong);
        }
        let mut answer = step.remediation("challenge-authenticator")?.answer()?;
        answer.put(PASSCODE, self.given.password.clone())?;
        self.send_password(step, answer)
    }

    /// Whether the password can be chosen here, and was not given yet.
    fn offers_password(&self, screen: &Screen) -> bool {
        let is_password = |key: Option<&str>| key == Some(PASSWORD);
        self.facts.submitted == 0
            && factor::options(screen, &RemediationKind::SelectAuthenticatorAuthenticate)
                .iter()
                .any(|(_, option)| is_password(option.key.as_deref()))
    }

    fn choose_password(&mut self, screen: &Screen) -> Result<Done> {
        self.choose(screen, |key, _| key == Some(PASSWORD))
    }

    /// Chooses the first option that is meant, where there is one.
    fn choose(&mut self, screen: &Screen, is_meant: impl Fn(Option<&str>, Option<&str>) -> bool) -> Result<Done> {
        let options = factor::options(screen, &RemediationKind::SelectAuthenticatorAuthenticate);
        let found = options.iter().find(|(_, option)| is_meant(option.key.as_deref(), option.method.as_deref()));
        let Some((way, option)) = found else { return Done::at(Outcome::MfaRequired) };
        let mut draft = screen.draft();
        draft.choose(option)?;
        if !draft.problems(*way).is_empty() {
            return Done::at(Outcome::MfaRequired);
        }
        self.refused_codes = 0;
        let answer = draft.answer(*way)?;
        self.send(answer)
    }

    /// The first factor of the credentials that is offered here; each is chosen once, so that a policy with two factors gets
    /// two.
    fn choose_factor(&mut self, screen: &Screen) -> Result<Done> {
        let options = factor::options(screen, &RemediationKind::SelectAuthenticatorAuthenticate);
        let wanted = self.given.factors.iter().enumerate().skip(self.chosen).find(|(_, choice)| {
            options.iter().any(|(_, option)| choice.takes(option.key.as_deref(), option.method.as_deref()))
        });
        let Some((index, wanted)) = wanted else { return Done::at(Outcome::MfaRequired) };
        self.chosen = index + 1;
        self.choose(screen, |key, method| wanted.takes(key, method))
    }

    /// Nothing was sent yet: the server asks how. Only what the credentials name is sent.
    fn choose_method(&mut self, step: &Step, screen: &Screen) -> Result<Done> {
        let key = factor::current(step).and_then(|current| current.key);
        let named = |method: Option<&str>| self.given.factors.iter().any(|choice| choice.takes(key.as_deref(), method));
        let ways = screen.ways.iter().enumerate().filter(|(_, way)| {
            way.remediation.as_deref() == Some(RemediationKind::AuthenticatorVerificationData.as_str())
        });
        let method = |way: &crate::screen::Way| {
            let set = way.sets.iter().find(|set| set.path.ends_with("methodType"))?;
            match &set.value {
                AnswerValue::Text(name) => Some(name.expose().to_owned()),
                _ => None,
            }
        };
        let Some((way, _)) = ways.into_iter().find(|(_, way)| named(method(way).as_deref())) else {
            return Done::at(Outcome::MfaRequired);
        };
        let draft = screen.draft();
        if !draft.problems(way).is_empty() {
            return Done::at(Outcome::MfaRequired);
        }
        let answer = draft.answer(way)?;
        self.send(answer)
    }

    fn give_code(&mut self, step: &Step, screen: &Screen, refused: &mut Refused) -> Result<Done> {
        let Some(way) = screen.suggested.way else { return Done::at(Outcome::MfaRequired) };
        let inputs = screen.elements.iter().filter(|element| element.way == Some(way)).filter_map(|element| {
            match &element.kind {
                ElementKind::Input(input) => Some(input),
                _ => None,
            }
        });
        let is_code = |input: &&Input| matches!(input.ask, Ask::Code { .. } | Ask::Answer { .. });
        let Some(input) = inputs.into_iter().find(is_code) else { return Done::at(Outcome::MfaRequired) };
        let Some(factor) = factor::current(step) else { return Done::at(Outcome::MfaRequired) };
        let (source, label) = match &input.ask {
            Ask::Code { source, .. } => (Some(*source), input.label.text.as_str()),
            Ask::Answer { question } => (None, question.as_deref().unwrap_or(&input.label.text)),
            _ => (None, input.label.text.as_str()),
        };
        let attempt = self.refused_codes + 1;
        let code = match self.prompts.code(&CodeRequest { factor, source, label, attempt, screen }) {
            Ok(code) => code.filter(|code| !code.is_empty()),
            Err(error) => return not_brought(error),
        };
        let Some(code) = code else { return Done::at(Outcome::MfaRequired) };
        let mut draft = screen.draft();
        draft.set(input, code)?;
        let answer = match draft.answer(way).and_then(|answer| refused.offer(&answer).map(|()| answer)) {
            Ok(answer) => answer,
            // It cannot be a code, or it is the one that was just refused.
            Err(error) => return not_brought(error),
        };
        self.refused_codes += 1;
        self.send(answer)
    }

    fn wait(&mut self) -> Result<Done> {
        self.refused_codes = 0;
        let (prompts, shown) = (self.prompts, RefCell::new(None::<String>));
        let failed = RefCell::new(None);
        let brought = |result: Result<Wait>| {
            result.inspect_err(|error| {
                failed.replace(Some(error.clone()));
            })
        };
        let call = self.call;
        let result = self.flow.poll_while(call, &mut |waiting| {
            if let Some(number) = waiting.number.as_deref()
                && shown.borrow().as_deref() != Some(number)
            {
                brought(prompts.number(number).map(|()| Wait::Continue))?;
                shown.replace(Some(number.to_owned()));
            }
            brought(prompts.waiting(waiting))
        });
        let still = match result {
            Ok(step) => step.poll().is_some() && step.status() == StepStatus::ChallengePoll,
            Err(error) => return if failed.take().is_some() { not_brought(error) } else { Err(error) },
        };
        // The host gave the push up.
        if still && !self.flow.is_complete() { Done::at(Outcome::MfaRequired) } else { Ok(Done::GoOn) }
    }

    fn change_password(&mut self, step: &Step, screen: &Screen) -> Result<Done> {
        let elsewhere = expired(step) == Outcome::PasswordManagedElsewhere;
        if elsewhere || self.new_password_sent {
            return Done::at(if elsewhere { Outcome::PasswordManagedElsewhere } else { Outcome::PasswordPolicyFailed });
        }
        let inputs = screen.elements.iter().filter_map(|element| match &element.kind {
            ElementKind::Input(input) => Some((element.way, input)),
            _ => None,
        });
        let found = inputs.into_iter().find_map(|(way, input)| match &input.ask {
            Ask::NewPassword { rules, confirm, .. } => Some((way?, input, rules, confirm.is_some())),
            _ => None,
        });
        let Some((way, input, rules, confirm)) = found else { return Done::at(Outcome::PasswordExpired) };
        let asked = || self.prompts.new_password(&NewPasswordRequest { rules, screen });
        let password = match self.given.new_password.clone().map_or_else(asked, |given| Ok(Some(given))) {
            Ok(password) => password.filter(|password: &Secret| !password.is_empty()),
            Err(error) => return not_brought(error),
        };
        let Some(password) = password else { return Done::at(Outcome::PasswordExpired) };
        let mut draft = screen.draft();
        draft.set(input, password.clone())?;
        if confirm {
            draft.confirm(input, password)?;
        }
        let answer = match draft.answer(way) {
            Ok(answer) => answer,
            // A rule that can be checked here is not kept.
            Err(error) => {
                return Ok(Done::End(Ended { error: Some(error), ..Ended::of(Outcome::PasswordPolicyFailed) }));
            }
        };
        self.new_password_sent = true;
        self.send(answer)
    }

    /// Leaves an optional step out; where only the password is asked about, there is no need to.
    fn leave_out(&mut self, answered: bool) -> Result<Done> {
        if self.goal == Goal::Password && answered {
            return Done::at(Outcome::Success);
        }
        self.flow.skip(self.call)?;
        Ok(Done::GoOn)
    }

    fn stay_signed_out(&mut self, step: &Step) -> Result<Done> {
        let form = step.remediation(RemediationKind::KeepMeSignedIn.as_str())?;
        let mut answer = form.answer()?;
        answer.put("keepMeSignedIn", false)?;
        self.send(answer)
    }
}

/// The host could not bring what was asked for.
fn not_brought(error: Error) -> Result<Done> {
    match error.kind() {
        ErrorKind::Cancelled | ErrorKind::Timeout => Err(error),
        _ => Ok(Done::End(Ended { error: Some(error), ..Ended::of(Outcome::MfaRequired) })),
    }
}

fn expired(step: &Step) -> Outcome {
    let elsewhere =
        [RemediationKind::ReenrollCustomPasswordExpiry, RemediationKind::ReenrollCustomPasswordExpiryWarning];
    if elsewhere.iter().any(|kind| step.offers(kind.as_str())) {
        Outcome::PasswordManagedElsewhere
    } else {
        Outcome::PasswordExpired
    }
}

/// What a step wants that nobody here can give.
fn wanted(status: StepStatus) -> Outcome {
    match status {
        StepStatus::AuthenticatorSelection
        | StepStatus::AuthenticatorVerification
        | StepStatus::AuthenticatorVerificationData
        | StepStatus::ChallengePoll
        | StepStatus::DeviceChallengePoll
        | StepStatus::Redirect => Outcome::MfaRequired,
        StepStatus::AuthenticatorEnrollment
        | StepStatus::AuthenticatorEnrollmentData
        | StepStatus::AuthenticatorEnrollmentSelection
        | StepStatus::EnrollmentChannelData
        | StepStatus::EnrollPoll => Outcome::MfaEnrollRequired,
        StepStatus::PasswordExpired => Outcome::PasswordExpired,
        StepStatus::DeviceEnrollment => Outcome::DeviceNotCompliant,
        _ => Outcome::Terminal,
    }
}
