//! One remediation drawn: what each table gives, and who draws what.
//!
//! A table draws its form **as if it stood alone in front of the person**: its title, its texts and inputs, and its ways with
//! the first of them primary. The order then decides which form is in front; the others become alternatives,
//! links or quiet, their labels those that belong beside something else ("Use another method"), and their elements are shown
//! when their way is taken. A table may claim actions (`poll`, `resend`) by drawing a way with their node; those that nobody
//! claims are drawn afterwards.

use super::{consent, device, elsewhere, enroll, form, lists, passkey, reset, verify};
use crate::{
    idx::RemediationKind,
    screen::{
        context::{Context, Form},
        element::{Element, ElementKind},
        input::FormInputs,
        phrase::Phrase,
        way::Way,
    },
};

/// One remediation, drawn as if alone.
pub(in crate::screen) struct Drawn {
    /// `area[.key[.method]]`.
    pub name: String,
    pub title: Phrase,
    /// In order. [`Element::way`] is an index into `ways` below; `None` is always in front.
    pub elements: Vec<Element>,
    /// The first is the one to take.
    pub ways: Vec<Way>,
}

impl Drawn {
    pub fn new(name: impl Into<String>, title: Phrase) -> Self {
        Drawn { name: name.into(), title, elements: Vec::new(), ways: Vec::new() }
    }

    /// With a text of ours before whatever comes next.
    pub fn hint(self, text: Phrase) -> Self {
        self.element(Element::hint(text))
    }

    /// With one more element that is in front.
    pub fn element(mut self, element: Element) -> Self {
        self.elements.push(element);
        self
    }

    /// With the inputs of a form: they belong to its first way, which is the first one of this drawing.
    pub fn inputs(mut self, inputs: FormInputs) -> Self {
        self.elements.extend(inputs.elements.into_iter().map(|element| element.of_way(0)));
        self
    }

    /// With one more way.
    pub fn way(mut self, way: Way) -> Self {
        self.ways.push(way);
        self
    }

    /// Moves everything that names a way on by `by` places.
    pub fn shift(&mut self, by: usize) {
        for element in &mut self.elements {
            element.way = element.way.map(|way| way + by);
            if let ElementKind::Waiting(waiting) = &mut element.kind {
                waiting.poll += by;
            }
        }
    }
}

/// Draws a form by its kind; what nobody has heard of is drawn by [`form`].
pub(in crate::screen) fn draw(context: &Context<'_>, form: &Form<'_>) -> Drawn {
    use RemediationKind as Kind;
    match &form.kind {
        Kind::ChallengePoll if device::is_device_challenge(form) => device::draw(context, form),
        Kind::DeviceChallengePoll => device::draw(context, form),
        Kind::ChallengeAuthenticator | Kind::ChallengePoll | Kind::AuthenticatorVerificationData => {
            verify::draw(context, form)
        }
        Kind::EnrollAuthenticator
        | Kind::EnrollPoll
        | Kind::AuthenticatorEnrollmentData
        | Kind::SelectAuthenticatorEnrollData
        | Kind::SelectEnrollmentChannel
        | Kind::EnrollmentChannelData
        | Kind::EnrollAuthenticatorPromotion => enroll::draw(context, form),
        Kind::ResetAuthenticator
        | Kind::ReenrollAuthenticator
        | Kind::ReenrollAuthenticatorWarning
        | Kind::ReenrollCustomPasswordExpiry
        | Kind::ReenrollCustomPasswordExpiryWarning => reset::draw(context, form),
        Kind::ChallengeWebauthnAutofillui
        | Kind::LaunchPasskeysAuthenticator
        | Kind::LaunchWebauthnAuthenticator
        | Kind::EnrollWebauthnResidentkey => passkey::draw(context, form),
        Kind::SelectAuthenticatorAuthenticate
        | Kind::SelectAuthenticatorEnroll
        | Kind::SelectAuthenticatorUnlockAccount => lists::draw(context, form),
        Kind::Consent
        | Kind::AdminConsent
        | Kind::GranularConsent
        | Kind::EmailChallengeConsent
        | Kind::KeepMeSignedIn => consent::draw(context, form),
        Kind::RedirectIdp | Kind::PivIdp | Kind::RedirectIdverify => elsewhere::draw(context, form),
        _ => form::draw(context, form),
    }
}
