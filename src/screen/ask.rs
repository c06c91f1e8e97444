//! What an input asks for, and what a keyboard and a password manager are told about it.

use super::phrase::Phrase;

/// What an input wants from the person. A closed set; [`Ask::Value`] is whatever has no word of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The name to sign in with.
    Username,
    /// The current password.
    Password,
    /// A new password, or PIN.
    NewPassword {
        /// Its rules, in the order to draw them. Some cannot be checked here.
        rules: Vec<Rule>,
        /// Ask for it twice, the second time under this caption. The second entry is no field of the server: give it to
        /// [`Draft::confirm`](super::Draft::confirm).
        confirm: Option<Phrase>,
        /// It is a PIN: digits.
        pin: bool,
    },
    /// A one-time code.
    Code {
        /// Where the person has it from.
        source: CodeSource,
        /// Whether it is made of digits only.
        digits: bool,
        /// How long it is, where the server says so. Never guessed.
        length: Option<u64>,
        /// In groups of how many it is drawn and read out; spaces and hyphens are dropped before sending.
        group: Option<u64>,
    },
    /// The answer to a security question.
    Answer {
        /// The question.
        question: Option<String>,
    },
    /// A phone number with its country code (E.164).
    Phone {
        /// `sms` or `voice`, where it is decided.
        method: Option<String>,
    },
    /// A country, ISO 3166-1 alpha-2. The face brings the names in its language.
    Country,
    /// An e-mail address.
    Email,
    /// An attribute of the person's profile.
    Profile {
        /// Its wire name.
        attribute: String,
    },
    /// One of the options of the input.
    Choice {
        /// How to draw them.
        style: ChoiceStyle,
    },
    /// An authenticator; drawn as an [`ElementKind::Choice`](super::ElementKind::Choice).
    Authenticator,
    /// Yes or no.
    Toggle,
    /// Whether an app may have one scope.
    Consent {
        /// The scope, literally.
        scope: String,
        /// What it means.
        detail: Option<String>,
    },
    /// The token of a captcha.
    Captcha {
        /// The server's id of it.
        id: Option<String>,
        /// The key of the site at its vendor.
        site_key: Option<String>,
        /// Whose it is.
        kind: CaptchaKind,
    },
    /// What the platform's passkeys give.
    Passkey {
        /// Whether to make one or to use one.
        make: bool,
        /// Whether it may be offered inside the username box, before anything is pressed.
        autofill: bool,
        /// The options for the platform: the JSON of W3C Web Authentication. `None` when the server sent no challenge.
        options: Option<String>,
    },
    /// What the vendor's web page gives.
    Frame,
    /// A number.
    Number {
        /// Whole numbers only.
        whole: bool,
    },
    /// Anything else.
    Value {
        /// The JSON type to send: `string`, `object`, or another one as it came.
        json: String,
    },
}

impl Ask {
    /// The word, `snake_case`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Ask::Username => "username",
            Ask::Password => "password",
            Ask::NewPassword { .. } => "new_password",
            Ask::Code { .. } => "code",
            Ask::Answer { .. } => "answer",
            Ask::Phone { .. } => "phone",
            Ask::Country => "country",
            Ask::Email => "email",
            Ask::Profile { .. } => "profile",
            Ask::Choice { .. } => "choice",
            Ask::Authenticator => "authenticator",
            Ask::Toggle => "toggle",
            Ask::Consent { .. } => "consent",
            Ask::Captcha { .. } => "captcha",
            Ask::Passkey { .. } => "passkey",
            Ask::Frame => "frame",
            Ask::Number { .. } => "number",
            Ask::Value { .. } => "value",
        }
    }
}

/// Where the person has a code from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeSource {
    /// A mail.
    Email,
    /// A text message.
    Sms,
    /// A call.
    Voice,
    /// An app that shows codes.
    App,
    /// A hardware or software token; may hold a PIN.
    Token,
    /// A key that types it.
    Key,
    /// The help desk.
    Temporary,
    /// The PIN of a card.
    Card,
    /// The screen of another device.
    Device,
    /// Nobody says.
    Unknown,
}

/// How to draw the options of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChoiceStyle {
    /// A list that opens.
    Select,
    /// All visible, one chosen.
    Radio,
    /// A box.
    Checkbox,
}

/// Whose captcha it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaptchaKind {
    /// hCaptcha.
    Hcaptcha,
    /// reCAPTCHA v2.
    RecaptchaV2,
    /// Another one.
    Other,
}

/// The words by which a platform fills an input; `None` where filling is to be off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Autofill {
    /// `UITextContentType`.
    pub ios: Option<&'static str>,
    /// `View.AUTOFILL_HINT_…`
    pub android: Option<&'static str>,
    /// `autocomplete` of HTML; `off` where filling is to be off.
    pub html: &'static str,
}

/// Which keyboard to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keyboard {
    /// Any text.
    Text,
    /// Any text, nothing shown, nothing learnt.
    Secret,
    /// For an address of e-mail; no capitals, no correction.
    Email,
    /// Digits.
    Digits,
    /// A phone's keys.
    Phone,
    /// Words begin with a capital.
    Words,
    /// All capitals.
    Capitals,
    /// For an address of the web.
    Url,
    /// A list instead of keys.
    List,
    /// None.
    None,
}

/// Which way an input is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// As its content says.
    Auto,
    /// Always left to right: names, codes, numbers, addresses.
    Ltr,
}

/// One rule of a new password or PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// What it is.
    pub kind: RuleKind,
    /// The rule for a person, its limit put in.
    pub text: Phrase,
    /// Its limit, for rules that have one.
    pub limit: Option<u64>,
    /// Whether [`Draft::meets`](super::Draft::meets) can tell. The others only the server knows.
    pub checkable: bool,
}

/// What a rule is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleKind {
    /// At least so long.
    MinLength,
    /// At most so long.
    MaxLength,
    /// Exactly so long.
    ExactLength,
    /// So many lower-case letters.
    LowerCase,
    /// So many upper-case letters.
    UpperCase,
    /// So many digits.
    Digit,
    /// So many symbols.
    Symbol,
    /// Without the user name or a part of it.
    Username,
    /// Without the first name.
    FirstName,
    /// Without the last name.
    LastName,
    /// Without this attribute.
    Attribute(String),
    /// The same character at most so often in a row.
    Repeat,
    /// Three of four kinds of characters.
    Directory,
    /// None of the last ones.
    History,
    /// Minutes between two changes.
    Age,
    /// Digits only.
    PinDigits,
    /// Both entries are the same.
    Confirm,
}
