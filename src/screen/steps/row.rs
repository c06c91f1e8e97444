//! The tables of authenticators as data: a row says when it applies, what it is called, and what is drawn line by line.
//!
//! To add an authenticator, add a row to `verify.rs`, one to `enroll.rs`, and one to the labels of `options.rs`. What a row
//! does not say follows from the form: a form that polls gets its waiting, one that wants a passkey asks the platform.

use std::borrow::Cow;

use super::{
    about::{About, Said, names_passkeys},
    drawn::Drawn,
    lists, picture,
};
use crate::{
    idx::{AuthenticatorKey, Json, Remediation},
    screen::{
        ask::Ask,
        context::{Context, Form},
        element::{Element, ElementKind, WaitingFor},
        input::{self, FormInputs},
        phrase::Phrase,
        way::{Does, Role, Way},
    },
};

/// One row: which authenticator in which state, and how it is drawn.
pub(super) struct Row {
    /// The keys it is for; none is any.
    pub keys: &'static [AuthenticatorKey],
    /// The state it is for.
    pub when: When,
    pub title: Said,
    /// From top to bottom.
    pub lines: &'static [Line],
    /// What hands in the form.
    pub button: &'static str,
}

/// A state of an authenticator that is drawn in its own way.
pub(super) enum When {
    Always,
    /// It is used by this method.
    Method(&'static str),
    /// The person must choose a number.
    Number,
    /// Nothing is typed: the server is asked until something happened elsewhere.
    Polled,
    /// The organization gave it a name.
    Named,
    /// The app is being set up by this channel.
    Channel(&'static str),
}

/// What is drawn, where there is something for it.
pub(super) enum Line {
    /// A text.
    Hint(Said),
    /// One of several things to do in order.
    Step(Said),
    /// The same with an address to copy: a member of the data about this device.
    Copy(Said, &'static str),
    /// The same with the picture to scan.
    Qr(Said),
    /// A text with the secret to type instead.
    Secret(Said),
    /// The number to choose.
    Number,
    /// What the organization says about it.
    Description,
    /// The inputs of the form, and what stands beside them.
    Inputs,
    /// Waiting, where the form polls.
    Wait(WaitingFor),
    /// A text about the link in a mail, where there is one.
    MailLink(Said),
    /// Waiting for that link, where the authenticator is polled beside the form.
    MailWait,
    /// A button that launches the app: a member of the data about this device.
    Launch(&'static str, &'static str),
    /// A link that opens an address: a member of the data about this device.
    Open(&'static str, &'static str),
}

impl Row {
    fn fits(&self, form: &Form<'_>, about: &About<'_>) -> bool {
        let key = || about.key.as_ref().is_some_and(|key| self.keys.contains(key));
        (self.keys.is_empty() || key())
            && match self.when {
                When::Always => true,
                When::Method(method) => about.method.as_ref().is_some_and(|known| known.as_str() == method),
                When::Number => form.remediation.is_pollable() && number(about).is_some(),
                When::Polled => form.remediation.is_pollable(),
                When::Named => about.argument("authenticator").is_some_and(names_passkeys),
                When::Channel(channel) => about.channel().is_some_and(|known| known == channel),
            }
    }
}

/// Draws a form by the first row that fits. The last row of a table fits always.
pub(super) fn draw(context: &Context<'_>, form: &Form<'_>, about: &About<'_>, area: &str, rows: &[Row]) -> Drawn {
    let Some(row) = rows.iter().find(|row| row.fits(form, about)) else {
        return super::form::other(context, form);
    };
    Drawing::of(context, form, about).lines(row).finish(about.name(area), about.title(row.title))
}

/// A drawing in the making. The ways of the form come after those that launch an app, so that the first is the one to take.
struct Drawing<'d, 's> {
    context: &'d Context<'s>,
    form: &'d Form<'s>,
    about: &'d About<'s>,
    launch: Option<Way>,
    own: Vec<Way>,
    /// The `way` of an element here is an index into `own`.
    elements: Vec<Element>,
}

impl<'d, 's> Drawing<'d, 's> {
    fn of(context: &'d Context<'s>, form: &'d Form<'s>, about: &'d About<'s>) -> Self {
        Drawing { context, form, about, launch: None, own: Vec::new(), elements: Vec::new() }
    }

    fn lines(mut self, row: &Row) -> Self {
        let FormInputs { mut elements, paths, sets, .. } =
            lists::with_list(self.context, self.form, input::of(self.context, self.form));
        let sets = sets.into_iter().next().unwrap_or_default();
        self.own.push(Way { sets, ..self.form_way(row, &elements, paths) });
        let shows = self.about.known.as_ref().is_none_or(|known| known.may_show());
        fallbacks(&mut elements);
        for line in row.lines {
            match line {
                Line::Inputs => self.elements.extend(elements.drain(..).map(|element| element.of_way(0))),
                Line::Qr(_) | Line::Secret(_) | Line::Copy(..) | Line::Launch(..) | Line::Open(..) if !shows => {}
                other => self.line(other),
            }
        }
        self.elements.extend(elements.into_iter().map(|element| element.of_way(0)));
        let waits = |element: &Element| matches!(element.kind, ElementKind::Waiting(_));
        if self.form.remediation.is_pollable() && !self.elements.iter().any(waits) {
            self.line(&Line::Wait(WaitingFor::App));
        }
        self
    }

    /// The way of the form itself: polls, asks for a passkey, or sends what was typed.
    fn form_way(&self, row: &Row, inputs: &[Element], paths: Vec<String>) -> Way {
        let label = Phrase::ours(row.button, &[]);
        match self.form.remediation.navigation() {
            Some(url) => Way::open(self.form, label, &url),
            None if self.form.remediation.is_pollable() => Way::wait(self.form, paths),
            None if inputs.iter().any(is_passkey) => Way::passkey(self.form, label, paths),
            None => Way::submit(self.form, label, paths),
        }
    }

    fn line(&mut self, line: &Line) {
        let about = self.about;
        let device = |member| about.data("samedevice")?.text(member).filter(|text| !text.is_empty());
        match line {
            Line::Hint(said) => self.elements.extend(about.say(said).map(Element::hint)),
            Line::Step(said) => self.elements.extend(about.say(said).map(Element::step)),
            Line::Copy(said, member) => {
                let value = device(member);
                let step = value.and_then(|value| Some(Element::step(about.say(said)?).copying(&value)));
                self.elements.extend(step);
            }
            Line::Qr(said) => {
                if let Some(picture) = picture::qr(about) {
                    self.elements.extend(about.say(said).map(Element::step));
                    self.elements.push(picture);
                }
            }
            Line::Secret(said) => {
                if let Some((text, secret)) = about.say(said).zip(picture::shared_secret(about)) {
                    self.elements.extend([Element::hint(text), secret]);
                }
            }
            Line::Number => self.elements.extend(number(about).map(|value| {
                let text = Phrase::server("correctAnswer", &value);
                Element::new(ElementKind::Number { value }, text)
            })),
            Line::Description => {
                let text = about.authenticator.and_then(|authenticator| authenticator.json().text("description"));
                let text = text.filter(|text| !text.trim().is_empty());
                self.elements
                    .extend(text.map(|text| Element::hint(Phrase::server("authenticator.description", &text))));
            }
            Line::Inputs => {}
            Line::Wait(what) => {
                if self.form.remediation.is_pollable() {
                    let text = Phrase::ours(waiting_text(*what), &[]);
                    self.elements.push(Element::waiting(*what, 0, self.form.remediation, text));
                }
            }
            Line::MailLink(said) => {
                let link = about.data("useEmailMagicLink").and_then(Json::as_bool).unwrap_or(true);
                if link && self.polled_beside().is_some() {
                    self.elements.extend(about.say(said).map(Element::hint));
                }
            }
            Line::MailWait => {
                if let Some((path, poll)) = self.polled_beside() {
                    let text = Phrase::ours("way.poll.link", &[]);
                    let way = Way { does: Does::Wait, ..Way::act(path, poll, text.clone()) };
                    self.elements.push(Element::waiting(WaitingFor::Mail, self.own.len(), poll, text));
                    self.own.push(way.quiet());
                }
            }
            Line::Launch(button, member) => {
                self.launch = device(member).and_then(|url| Way::launch(Phrase::ours(button, &[]), &url));
            }
            Line::Open(link, member) => {
                let page = device(member).zip(about.say(&[*link]));
                let way = page.and_then(|(url, label)| Way::open_page(label, &url));
                self.own.extend(way.map(|way| way.role(Role::Link)));
            }
        }
    }

    /// The action `poll` of the authenticator, with its path.
    fn polled_beside(&self) -> Option<(&'d str, Remediation<'s>)> {
        let poll = self.about.authenticator?.action("poll")?;
        let (path, action) = self.context.actions.iter().find(|(_, action)| action.node() == poll.node())?;
        Some((path, *action))
    }

    fn finish(self, name: String, title: Phrase) -> Drawn {
        let mut drawn = Drawn { name, title, elements: self.elements, ways: self.own };
        if let Some(launch) = self.launch {
            drawn.shift(1);
            drawn.ways.insert(0, launch);
        }
        drawn
    }
}

/// The number to choose in the app.
fn number(about: &About<'_>) -> Option<String> {
    about.authenticator?.correct_answer().filter(|number| !number.is_empty()).map(Cow::into_owned)
}

/// What is said by who cannot draw that something is waited for.
fn waiting_text(what: WaitingFor) -> &'static str {
    match what {
        WaitingFor::Push => "verify.push.hint",
        WaitingFor::Mail => "verify.email_link.hint",
        WaitingFor::Setup => "enroll.app_come_back.hint",
        WaitingFor::Device => "device.probe.hint",
        WaitingFor::App | WaitingFor::Server => "wait.server.title",
    }
}

/// Whether an element asks for what the platform's passkeys give.
pub(super) fn is_passkey(element: &Element) -> bool {
    matches!(&element.kind, ElementKind::Input(input) if matches!(input.ask, Ask::Passkey { .. }))
}

/// What a face shows that has no passkeys, or no web view.
fn fallbacks(elements: &mut [Element]) {
    for element in elements {
        if is_passkey(element) {
            element.text = Phrase::ours("passkey.none.text", &[]);
        } else if matches!(element.kind, ElementKind::Frame { .. }) {
            element.text = Phrase::ours("verify.frame_none.hint", &[]);
        }
    }
}
