//! The outbox: what a real org would have mailed, texted, spoken or pushed. Tests and people read the codes here.

use serde::Serialize;
use std::time::SystemTime;

/// A message that was sent.
#[derive(Debug, Clone, Serialize)]
pub struct Mail {
    /// Its id; that of a push is what approving and denying names.
    pub id: String,
    /// How it was sent.
    pub kind: MailKind,
    /// The address, number, or login that it went to.
    pub to: String,
    /// The subject or first line.
    pub subject: String,
    /// What the person reads.
    pub text: String,
    /// The code in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The number to pick on the phone, of a push with a number challenge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct_answer: Option<String>,
    /// The numbers that the phone shows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// What became of a push.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<PushStatus>,
    /// The client whose sign-in caused it.
    pub client_id: String,
    /// When, in milliseconds since 1970.
    pub sent_at: u64,
    #[serde(skip)]
    pub(crate) at: SystemTime,
}

/// How a message was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// A mail.
    Email,
    /// A text message.
    Sms,
    /// A call.
    Voice,
    /// A push to Okta Verify, waiting for approval.
    Push,
    /// A phone with Okta Verify that would scan the QR code or open the link; approving it finishes the enrolment.
    Enroll,
}

/// What became of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PushStatus {
    /// Nobody has answered yet.
    Pending,
    /// Approved.
    Approved,
    /// Denied, or the wrong number was picked.
    Denied,
    /// Nobody answered in time, or the sign-in went on without it.
    Expired,
}

impl Mail {
    /// Whether it is a push or enrolment that nobody has answered yet.
    pub fn is_pending(&self) -> bool {
        self.status == Some(PushStatus::Pending)
    }
}
