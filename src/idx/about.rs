//! Who signs in, to what, and what a device is asked: the members of a response beside forms and authenticators.
//!
//! Views with the server's words, for whoever draws them: texts are not trusted, addresses are as they came.

use std::borrow::Cow;

use super::{
    document::{Json, JsonKind},
    message::Message,
    remediation::Remediation,
    step::Step,
};

macro_rules! view {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name<'a>(Json<'a>);

        impl<'a> $name<'a> {
            fn at(json: Json<'a>) -> Option<Self> {
                (json.kind() == JsonKind::Object).then_some($name(json))
            }

            /// The object as it came.
            pub fn json(self) -> Json<'a> {
                self.0
            }
        }
    };
}

view! {
    /// The person who signs in, as far as the server says. Personal: not for logs.
    User
}
view! {
    /// The app that is signed in to.
    App
}
view! {
    /// The captcha that a form of the step wants solved.
    Captcha
}
view! {
    /// The browser or device that asked, on pages that show a code for it.
    Asker
}
view! {
    /// What the app of this device is asked to prove (idx.md section 10.4).
    DeviceChallenge
}
view! {
    /// What a message offers to do with this device (idx.md section 10.7).
    DeviceRemediation
}

impl Step {
    /// Who signs in, when the server knows already.
    pub fn user(&self) -> Option<User<'_>> {
        User::at(self.member("user")?)
    }

    /// The app that is signed in to.
    pub fn app(&self) -> Option<App<'_>> {
        App::at(self.member("app")?)
    }

    /// The captcha to solve.
    pub fn captcha(&self) -> Option<Captcha<'_>> {
        Captcha::at(self.member("captcha")?)
    }

    /// Who asked, on pages that show a code.
    pub fn asker(&self) -> Option<Asker<'_>> {
        Asker::at(self.member("client")?)
    }

    /// The device challenge, in either of its places.
    pub fn device_challenge(&self) -> Option<DeviceChallenge<'_>> {
        let own = self.member("authenticatorChallenge").filter(|json| json.get("challengeMethod").is_some());
        let current = || {
            let challenge = self.current_authenticator()?.contextual_data()?.present("challenge")?.unwrap_ion();
            challenge.get("challengeMethod").is_some().then_some(challenge)
        };
        DeviceChallenge::at(own.or_else(current)?)
    }
}

impl<'a> User<'a> {
    /// The id, `00u…`.
    pub fn id(self) -> Option<Cow<'a, str>> {
        self.0.text("id")
    }

    /// The name to sign in with.
    pub fn identifier(self) -> Option<Cow<'a, str>> {
        self.0.text("identifier")
    }

    /// A member of the profile: `firstName`, `lastName`, `email`, `login`, `locale`, `timeZone`.
    pub fn profile(self, name: &str) -> Option<Cow<'a, str>> {
        self.0.get("profile")?.get(name)?.scalar_text()
    }
}

impl<'a> App<'a> {
    /// The id.
    pub fn id(self) -> Option<Cow<'a, str>> {
        self.0.text("id")
    }

    /// The technical name.
    pub fn name(self) -> Option<Cow<'a, str>> {
        self.0.text("name")
    }

    /// The name to show.
    pub fn label(self) -> Option<Cow<'a, str>> {
        self.0.text("label")
    }

    /// The address of a link: `logo`, `clientUri`, `termsOfService`, `privacyPolicy`.
    pub fn link(self, name: &str) -> Option<Cow<'a, str>> {
        self.0.get(name)?.text("href")
    }
}

impl<'a> Captcha<'a> {
    /// The server's id of it.
    pub fn id(self) -> Option<Cow<'a, str>> {
        self.0.text("id")
    }

    /// The name that the org gave it.
    pub fn name(self) -> Option<Cow<'a, str>> {
        self.0.text("name")
    }

    /// The key of the site at the captcha's vendor.
    pub fn site_key(self) -> Option<Cow<'a, str>> {
        self.0.text("siteKey")
    }

    /// Whose it is: `HCAPTCHA`, `RECAPTCHA_V2`.
    pub fn captcha_type(self) -> Option<Cow<'a, str>> {
        self.0.text("type")
    }
}

impl<'a> Asker<'a> {
    /// The browser.
    pub fn browser(self) -> Option<Cow<'a, str>> {
        self.0.text("browser")
    }

    /// The operating system.
    pub fn os(self) -> Option<Cow<'a, str>> {
        self.0.text("os")
    }

    /// A member of where it is: `city`, `state`, `country`.
    pub fn location(self, name: &str) -> Option<Cow<'a, str>> {
        self.0.get("location")?.get(name)?.scalar_text()
    }
}

impl<'a> DeviceChallenge<'a> {
    /// How to ask: `LOOPBACK`, `CUSTOM_URI`, `UNIVERSAL_LINK`, `APP_LINK`, `CHROME_DTC`, `APPLE_SSO_EXTENSION`.
    pub fn method(self) -> Option<Cow<'a, str>> {
        self.0.text("challengeMethod")
    }

    /// The address that opens the app. Untrusted.
    pub fn href(self) -> Option<Cow<'a, str>> {
        self.0.text("href")
    }

    /// Where to get the app. Untrusted.
    pub fn download(self) -> Option<Cow<'a, str>> {
        self.0.text("downloadHref")
    }

    /// What the app is to sign: a signed token.
    pub fn request(self) -> Option<Cow<'a, str>> {
        self.0.text("challengeRequest")
    }

    /// Where the app may listen: `httpsDomain` first, then `domain`.
    pub fn domains(self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        ["httpsDomain", "domain"].into_iter().filter_map(move |name| self.0.text(name))
    }

    /// The ports at which it may listen, in order.
    pub fn ports(self) -> Vec<u16> {
        ports(self.0)
    }

    /// How long to wait for one of them, in milliseconds.
    pub fn probe_timeout_ms(self) -> Option<u64> {
        self.0.get("probeTimeoutMillis")?.as_u64()
    }

    /// The action that gives up, when there is one: beside the challenge, or in it.
    pub fn cancel(self, step: &'a Step) -> Option<Remediation<'a>> {
        let own = self.0.get("cancel").and_then(Remediation::at);
        own.or_else(|| step.action("authenticatorChallenge-cancel"))
            .or_else(|| step.current_authenticator().and_then(|authenticator| authenticator.action("cancel")))
    }
}

impl<'a> DeviceRemediation<'a> {
    /// The action to ask the app for.
    pub fn action(self) -> Option<Cow<'a, str>> {
        self.0.text("action")
    }

    /// How to ask: `LOOPBACK`.
    pub fn remediation_type(self) -> Option<Cow<'a, str>> {
        self.0.text("remediationType")
    }

    /// The path at the app, before the action.
    pub fn path(self) -> Option<Cow<'a, str>> {
        self.0.text("remediationPath")
    }

    /// Where the app listens.
    pub fn domain(self) -> Option<Cow<'a, str>> {
        self.0.text("domain")
    }

    /// The ports at which it may listen, in order.
    pub fn ports(self) -> Vec<u16> {
        ports(self.0)
    }

    /// What to open when nothing answers, where it is an address. Untrusted.
    pub fn fallback_href(self) -> Option<Cow<'a, str>> {
        self.0.get("fallback")?.text("href")
    }

    /// What to say when nothing answers, where it is a text.
    pub fn fallback_text(self) -> Option<Cow<'a, str>> {
        self.0.get("fallback")?.get("message")?.text("message")
    }
}

impl<'a> Message<'a> {
    /// What the message offers to do with this device.
    pub fn device_remediation(&self) -> Option<DeviceRemediation<'a>> {
        DeviceRemediation::at(self.json().get("deviceRemediation")?.unwrap_ion())
    }
}

/// The server writes them as strings; what is no port is left out.
fn ports(owner: Json<'_>) -> Vec<u16> {
    let listed = owner.get("ports").into_iter().flat_map(Json::items);
    listed.filter_map(|port| port.scalar_text()?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beside_the_forms_has_names() {
        let body = r#"{"version":"1.0.0",
            "user":{"type":"object","value":{"id":"00u1","identifier":"ada@example.com","profile":{"firstName":"Ada","x":null}}},
            "app":{"type":"object","value":{"name":"oidc_client","label":"Shop","id":"0oa1","logo":{"href":"https://a.example/l"}}},
            "captcha":{"type":"object","value":{"id":"cap1","siteKey":"k","type":"HCAPTCHA","name":"c"}},
            "client":{"type":"object","value":{"browser":"Firefox","os":"Plan 9","location":{"city":"Bonn"}}},
            "authenticatorChallenge":{"type":"object","value":{"challengeMethod":"LOOPBACK","challengeRequest":"e.y.J",
                "domain":"http://localhost","httpsDomain":"https://x.example","ports":["8769","no",99999,65111],
                "probeTimeoutMillis":"100","cancel":{"name":"cancel-polling","href":"https://a.example/c"}}},
            "messages":{"value":[{"message":"m","deviceRemediation":{"type":"object","value":{"action":"enroll","ports":["1"],
                "remediationType":"LOOPBACK","remediationPath":"p","domain":"http://localhost",
                "fallback":{"type":"MESSAGE","message":{"message":"Install it"}}}}}]}}"#;
        let step = Step::read(body.as_bytes()).unwrap();
        let is = |text: Option<Cow<'_, str>>, expected: &str| assert_eq!(text.as_deref(), Some(expected));
        let (user, app, captcha) = (step.user().unwrap(), step.app().unwrap(), step.captcha().unwrap());
        is(user.id(), "00u1");
        is(user.identifier(), "ada@example.com");
        is(user.profile("firstName"), "Ada");
        assert_eq!(user.profile("x"), None);
        is(app.id(), "0oa1");
        is(app.name(), "oidc_client");
        is(app.label(), "Shop");
        is(app.link("logo"), "https://a.example/l");
        assert_eq!(app.link("termsOfService"), None);
        is(captcha.id(), "cap1");
        is(captcha.name(), "c");
        is(captcha.site_key(), "k");
        is(captcha.captcha_type(), "HCAPTCHA");
        let asker = step.asker().unwrap();
        is(asker.browser(), "Firefox");
        is(asker.os(), "Plan 9");
        is(asker.location("city"), "Bonn");
        let challenge = step.device_challenge().unwrap();
        is(challenge.method(), "LOOPBACK");
        is(challenge.request(), "e.y.J");
        assert_eq!(challenge.domains().collect::<Vec<_>>(), ["https://x.example", "http://localhost"]);
        assert_eq!((challenge.ports(), challenge.probe_timeout_ms()), (vec![8769, 65111], Some(100)));
        assert_eq!(challenge.cancel(&step).unwrap().name(), "cancel-polling");
        assert_eq!((challenge.href(), challenge.download()), (None, None));
        let offer = step.messages()[0].device_remediation().unwrap();
        is(offer.action(), "enroll");
        is(offer.path(), "p");
        is(offer.domain(), "http://localhost");
        is(offer.remediation_type(), "LOOPBACK");
        is(offer.fallback_text(), "Install it");
        assert_eq!((offer.ports(), offer.fallback_href()), (vec![1], None));
        // Some mocks have the type's name where the object should be.
        let odd = Step::read(br#"{"version":"1.0.0","app":{"type":"object","value":"OBJECT"},"user":7}"#).unwrap();
        assert!(odd.user().is_none() && odd.captcha().is_none() && odd.device_challenge().is_none());
        assert!(odd.app().is_none_or(|app| app.label().is_none()));
    }

    #[test]
    fn a_device_challenge_stands_in_either_place() {
        let body = r#"{"version":"1.0.0","currentAuthenticator":{"type":"object","value":{"id":"a","contextualData":{"challenge":{"type":"object","value":{
            "challengeMethod":"CUSTOM_URI","href":"com-okta-authenticator:/x","downloadHref":"https://d.example"}}},
            "cancel":{"name":"cancel-polling","href":"https://a.example/c"}}}}"#;
        let step = Step::read(body.as_bytes()).unwrap();
        let challenge = step.device_challenge().unwrap();
        assert_eq!(challenge.href().as_deref(), Some("com-okta-authenticator:/x"));
        assert_eq!(challenge.download().as_deref(), Some("https://d.example"));
        assert_eq!(challenge.cancel(&step).unwrap().href().as_deref(), Some("https://a.example/c"));
    }
}
