//! The closed sets of a screen as words, `snake_case`: for JSON and for faces in other languages.

use super::{
    ask::{CaptchaKind, ChoiceStyle, CodeSource, Direction, Keyboard, RuleKind},
    element::{ListStyle, PictureKind, TextRole, WaitingFor},
    way::{Does, Role},
};

/// Gives each variant its word.
macro_rules! words {
    ($($name:ident { $($variant:ident = $word:literal,)+ })+) => {
        $(impl $name {
            /// Every one of them, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word, `snake_case`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }
        })+
    };
}

words! {
    Role { Primary = "primary", Alternative = "alternative", Link = "link", Cancel = "cancel", }
    Does {
        Submit = "submit", Act = "act", Choose = "choose", Open = "open", Launch = "launch", Passkey = "passkey",
        Wait = "wait",
    }
    CodeSource {
        Email = "email", Sms = "sms", Voice = "voice", App = "app", Token = "token", Key = "key",
        Temporary = "temporary", Card = "card", Device = "device", Unknown = "unknown",
    }
    ChoiceStyle { Select = "select", Radio = "radio", Checkbox = "checkbox", }
    CaptchaKind { Hcaptcha = "hcaptcha", RecaptchaV2 = "recaptcha_v2", Other = "other", }
    Keyboard {
        Text = "text", Secret = "secret", Email = "email", Digits = "digits", Phone = "phone", Words = "words",
        Capitals = "capitals", Url = "url", List = "list", None = "none",
    }
    Direction { Auto = "auto", Ltr = "ltr", }
    TextRole { Hint = "hint", Step = "step", Warning = "warning", Legal = "legal", }
    ListStyle { List = "list", Radio = "radio", }
    PictureKind { Qr = "qr", Logo = "logo", }
    WaitingFor {
        Push = "push", App = "app", Mail = "mail", Setup = "setup", Device = "device", Server = "server",
    }
}

impl RuleKind {
    /// The word, `snake_case`.
    pub fn as_str(&self) -> &'static str {
        match self {
            RuleKind::MinLength => "min_length",
            RuleKind::MaxLength => "max_length",
            RuleKind::ExactLength => "exact_length",
            RuleKind::LowerCase => "lower_case",
            RuleKind::UpperCase => "upper_case",
            RuleKind::Digit => "digit",
            RuleKind::Symbol => "symbol",
            RuleKind::Username => "username",
            RuleKind::FirstName => "first_name",
            RuleKind::LastName => "last_name",
            RuleKind::Attribute(_) => "attribute",
            RuleKind::Repeat => "repeat",
            RuleKind::Directory => "directory",
            RuleKind::History => "history",
            RuleKind::Age => "age",
            RuleKind::PinDigits => "pin_digits",
            RuleKind::Confirm => "confirm",
        }
    }
}
