//! A person as the running engine knows them: the world's user, and what has happened to them since.

use crate::factor::{Key, Method};
use crate::random;
use crate::world::{EnrollmentSpec, PasswordState, PushAnswer, User};
use std::collections::HashMap;
use totp_rs::{Builder, Secret, Totp};

/// A person.
#[derive(Debug, Clone)]
pub struct Account {
    /// `00u…`
    pub id: String,
    /// What they sign in with.
    pub login: String,
    /// Where their mail goes.
    pub email: String,
    /// Whether that address has been proved.
    pub email_verified: bool,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// The password, while there is one.
    pub password: Option<String>,
    /// Whether it must or should be changed.
    pub password_state: PasswordState,
    /// What happens to a push on their phone.
    pub push: PushAnswer,
    /// Locked out.
    pub locked: bool,
    /// Assigned to the apps.
    pub assigned: bool,
    /// Signing up, and not done yet: nobody can sign in as this account, and a new sign-up replaces it.
    pub staged: bool,
    /// What they have set up, the password among it.
    pub enrollments: Vec<Enrollment>,
    /// Wrong passwords since the last right one.
    pub wrong_passwords: u32,
    /// Wrong codes and answers since the last right one.
    pub wrong_answers: HashMap<Key, u32>,
}

/// Something a person has set up.
#[derive(Debug, Clone)]
pub struct Enrollment {
    /// Its own id, not the authenticator's.
    pub id: String,
    /// What it is.
    pub detail: Detail,
}

/// What an enrolment holds.
#[derive(Debug, Clone)]
pub enum Detail {
    /// The account's password.
    Password,
    /// An address.
    Email(String),
    /// A number.
    Phone(String),
    /// An authenticator app.
    GoogleOtp(Otp),
    /// Okta Verify on a phone.
    OktaVerify(Otp, Vec<Method>),
    /// A question and its answer.
    Question {
        /// The key of the question.
        key: String,
        /// Its text.
        question: String,
        /// The answer.
        answer: String,
    },
}

impl Enrollment {
    /// The authenticator that it belongs to.
    pub fn key(&self) -> Key {
        match &self.detail {
            Detail::Password => Key::Password,
            Detail::Email(_) => Key::Email,
            Detail::Phone(_) => Key::Phone,
            Detail::GoogleOtp(_) => Key::GoogleOtp,
            Detail::OktaVerify(..) => Key::OktaVerify,
            Detail::Question { .. } => Key::SecurityQuestion,
        }
    }

    /// The methods that it can be used with.
    pub fn methods(&self) -> Vec<Method> {
        match &self.detail {
            Detail::OktaVerify(_, methods) => methods.clone(),
            _ => self.key().methods().to_vec(),
        }
    }
}

impl Account {
    /// The account of a user of the world.
    pub fn of(user: &User) -> Account {
        let id = random::stable_id("00u", &[&user.login]);
        let mut account = Account {
            id,
            login: user.login.clone(),
            email: user.login.clone(),
            email_verified: true,
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            password: user.password.clone(),
            password_state: user.password_state,
            push: user.push,
            locked: user.locked,
            assigned: user.assigned,
            staged: false,
            enrollments: Vec::new(),
            wrong_passwords: 0,
            wrong_answers: HashMap::new(),
        };
        if user.password.is_some() {
            account.add(Detail::Password);
        }
        for spec in &user.enrollments {
            let detail = match spec {
                EnrollmentSpec::Email { address } => {
                    Detail::Email(address.clone().unwrap_or_else(|| account.email.clone()))
                }
                EnrollmentSpec::Phone { number } => Detail::Phone(number.clone()),
                EnrollmentSpec::GoogleOtp { secret } => Detail::GoogleOtp(Otp::new(secret)),
                EnrollmentSpec::OktaVerify { secret, methods } => Detail::OktaVerify(Otp::new(secret), methods.clone()),
                EnrollmentSpec::SecurityQuestion { question_key, question, answer } => Detail::Question {
                    key: question_key.clone(),
                    question: question.clone().unwrap_or_else(|| question_text(question_key).to_owned()),
                    answer: answer.clone(),
                },
            };
            account.add(detail);
        }
        account
    }

    /// Adds an enrolment. Of everything but phones there is one, so a new one replaces the old one.
    pub fn add(&mut self, detail: Detail) {
        let count = self.enrollments.len().to_string();
        let enrollment = Enrollment { id: String::new(), detail };
        let key = enrollment.key();
        if key != Key::Phone {
            self.enrollments.retain(|known| known.key() != key);
        }
        let id = random::stable_id(key.enrollment_prefix(), &[&self.login, key.wire(), &count]);
        self.enrollments.push(Enrollment { id, ..enrollment });
        self.enrollments.sort_by_key(Enrollment::key);
    }

    /// The enrolment with this id.
    pub fn enrollment(&self, id: &str) -> Option<&Enrollment> {
        self.enrollments.iter().find(|enrollment| enrollment.id == id)
    }

    /// Whether anything of this authenticator is set up.
    pub fn has(&self, key: Key) -> bool {
        self.enrollments.iter().any(|enrollment| enrollment.key() == key)
    }
}

/// A shared secret of time-based codes, and the last one that was used.
#[derive(Debug, Clone)]
pub struct Otp {
    secret: Secret,
    /// The counter of the last accepted code: it and all before it are spent.
    last: Option<u64>,
}

/// What a time-based code turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtpVerdict {
    /// Right, and now spent.
    Right,
    /// Was right, but has been used already.
    Used,
    /// Wrong.
    Wrong,
}

impl Otp {
    /// From Base32. What is not Base32 becomes a secret that nothing matches; worlds are checked before.
    pub fn new(base32: &str) -> Otp {
        let secret = Secret::try_from_base32(base32).unwrap_or_else(|_| Secret::from(random::token().into_bytes()));
        Otp { secret, last: None }
    }

    /// A new secret of 160 bits.
    pub fn generate() -> Otp {
        Otp { secret: Secret::from(rand::random::<[u8; 20]>()), last: None }
    }

    /// The secret in Base32, for the person to type.
    pub fn base32(&self) -> String {
        self.secret.to_base32()
    }

    fn totp(&self) -> Totp {
        // Secrets in the world may be shorter than RFC 6238 advises, as test secrets are.
        Builder::new().with_secret(self.secret.clone()).build_noncompliant()
    }

    /// Checks a code, one step of clock skew allowed, and spends it when it is right.
    pub fn check(&mut self, code: &str) -> OtpVerdict {
        match self.totp().check_current(code) {
            None => OtpVerdict::Wrong,
            Some(counter) if self.last.is_some_and(|last| counter <= last) => OtpVerdict::Used,
            Some(counter) => {
                self.last = Some(counter);
                OtpVerdict::Right
            }
        }
    }
}

/// The questions that can be chosen, with their texts.
pub const QUESTIONS: [(&str, &str); 4] = [
    ("disliked_food", "What is the food you least liked as a child?"),
    ("name_of_first_plush_toy", "What is the name of your first stuffed animal?"),
    ("first_award", "What did you earn your first medal or award for?"),
    ("favorite_art_piece", "What is your favorite piece of art?"),
];

/// The text of a predefined question; the key itself when there is none.
pub fn question_text(key: &str) -> &str {
    QUESTIONS.iter().find(|(known, _)| *known == key).map_or(key, |(_, text)| text)
}
