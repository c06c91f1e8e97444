//! What an input asks for, and what a keyboard and a password manager are told about it.

use super::phrase::Phrase;
use crate::{
    mobile::{field::count_of, names::closed},
    screen as core,
};

/// What an input wants from the person. A closed set; `Value` is whatever has no word of its own.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Ask {
    /// The name to sign in with.
    Username,
    /// The current password.
    Password,
    /// A new password, or PIN.
    NewPassword {
        /// Its rules, in the order to draw them. Some cannot be checked here.
        rules: Vec<Rule>,
        /// Ask for it twice, the second time under this caption; the second entry goes to `Draft.confirm`.
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
        length: Option<i64>,
        /// In groups of how many it is drawn and read out; spaces and hyphens are dropped before sending.
        group: Option<i64>,
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
    /// An authenticator; drawn as an element of kind `Choice`.
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
        /// The options for the platform: the JSON of W3C Web Authentication. None when the server sent no challenge.
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

closed! {
    /// Where the person has a code from.
    CodeSource of screen {
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
}

closed! {
    /// How to draw the options of a choice.
    ChoiceStyle of screen {
        /// A list that opens.
        Select,
        /// All visible, one chosen.
        Radio,
        /// A box.
        Checkbox,
    }
}

closed! {
    /// Whose captcha it is.
    CaptchaKind of screen {
        /// hCaptcha.
        Hcaptcha,
        /// reCAPTCHA v2.
        RecaptchaV2,
        /// Another one.
        Other,
    }
}

closed! {
    /// Which keyboard to show.
    Keyboard of screen {
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
}

closed! {
    /// Which way an input is written.
    Direction of screen {
        /// As its content says.
        Auto,
        /// Always left to right: names, codes, numbers, addresses.
        Ltr,
    }
}

/// The words by which a platform fills an input; none where filling is to be off.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Autofill {
    /// `UITextContentType`.
    pub ios: Option<String>,
    /// `View.AUTOFILL_HINT_…`
    pub android: Option<String>,
    /// `autocomplete` of HTML; `off` where filling is to be off.
    pub html: String,
}

/// One rule of a new password or PIN.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Rule {
    /// What it is.
    pub kind: RuleKind,
    /// The rule for a person, its limit put in.
    pub phrase: Phrase,
    /// Its limit, for rules that have one.
    pub limit: Option<i64>,
    /// Whether `Draft.meets` can tell. The others only the server knows.
    pub checkable: bool,
}

/// What a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
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
    Attribute {
        /// Its wire name.
        name: String,
    },
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

impl Ask {
    pub(super) fn of(ask: core::Ask) -> Self {
        match ask {
            core::Ask::Username => Ask::Username,
            core::Ask::Password => Ask::Password,
            core::Ask::NewPassword { rules, confirm, pin } => {
                let rules = rules.into_iter().map(Rule::of).collect();
                Ask::NewPassword { rules, confirm: confirm.map(Phrase::of), pin }
            }
            core::Ask::Code { source, digits, length, group } => {
                Ask::Code { source: source.into(), digits, length: length.map(count_of), group: group.map(count_of) }
            }
            core::Ask::Answer { question } => Ask::Answer { question },
            core::Ask::Phone { method } => Ask::Phone { method },
            core::Ask::Country => Ask::Country,
            core::Ask::Email => Ask::Email,
            core::Ask::Profile { attribute } => Ask::Profile { attribute },
            core::Ask::Choice { style } => Ask::Choice { style: style.into() },
            core::Ask::Authenticator => Ask::Authenticator,
            core::Ask::Toggle => Ask::Toggle,
            core::Ask::Consent { scope, detail } => Ask::Consent { scope, detail },
            core::Ask::Captcha { id, site_key, kind } => Ask::Captcha { id, site_key, kind: kind.into() },
            core::Ask::Passkey { make, autofill, options } => Ask::Passkey { make, autofill, options },
            core::Ask::Frame => Ask::Frame,
            core::Ask::Number { whole } => Ask::Number { whole },
            core::Ask::Value { json } => Ask::Value { json },
        }
    }
}

impl Rule {
    pub(super) fn of(rule: core::Rule) -> Self {
        Rule {
            kind: RuleKind::of(rule.kind),
            phrase: Phrase::of(rule.text),
            limit: rule.limit.map(count_of),
            checkable: rule.checkable,
        }
    }
}

impl RuleKind {
    pub(super) fn of(kind: core::RuleKind) -> Self {
        match kind {
            core::RuleKind::MinLength => RuleKind::MinLength,
            core::RuleKind::MaxLength => RuleKind::MaxLength,
            core::RuleKind::ExactLength => RuleKind::ExactLength,
            core::RuleKind::LowerCase => RuleKind::LowerCase,
            core::RuleKind::UpperCase => RuleKind::UpperCase,
            core::RuleKind::Digit => RuleKind::Digit,
            core::RuleKind::Symbol => RuleKind::Symbol,
            core::RuleKind::Username => RuleKind::Username,
            core::RuleKind::FirstName => RuleKind::FirstName,
            core::RuleKind::LastName => RuleKind::LastName,
            core::RuleKind::Attribute(name) => RuleKind::Attribute { name },
            core::RuleKind::Repeat => RuleKind::Repeat,
            core::RuleKind::Directory => RuleKind::Directory,
            core::RuleKind::History => RuleKind::History,
            core::RuleKind::Age => RuleKind::Age,
            core::RuleKind::PinDigits => RuleKind::PinDigits,
            core::RuleKind::Confirm => RuleKind::Confirm,
        }
    }
}

impl Autofill {
    pub(super) fn of(autofill: core::Autofill) -> Self {
        Autofill {
            ios: autofill.ios.map(str::to_owned),
            android: autofill.android.map(str::to_owned),
            html: autofill.html.to_owned(),
        }
    }
}
