//! A screen as lines of text: the same lines in every language, so that two renderers can be compared with `diff`.
//!
//! A line is a sign, a space and a text. What belongs to a line stands below it, two spaces further in.
//!
//! ```text
//! # title                        @ identifier, name, app: each its own line, what there is
//! ! severity text {path}         a notice, at an input or, without braces, of the whole screen
//!   & label url                  a link of it; its items are notices below it
//! . text                         a paragraph
//!   = value                      what to copy from it
//!   & label url                  a link of it
//! ? label [ask*]                 an input; * where it must be filled
//!   - option                     of an input: its label
//! ? label [list]                 a list of things to choose; or [radio]
//!   - label | detail | note      of a list: what there is of it; inputs that it brings below it
//! % alt                          a picture
//! = value                        a secret to type elsewhere, the number to choose
//! * rule                         of a new password
//! + label                        a scope
//! ~ text                         something is waited for; nothing where that is quiet
//! : label: value                 a row of what is approved
//! > 0 label [role does]          a way and its number, in order; [… quiet] where it need not be drawn
//! $ answer 0                     the default, and its way where it has one
//! ```
//!
//! An element of a way ends in ` >` and the number of the way. Elements stand in the order of the screen, before the ways.
//! An element of a kind that a renderer does not know is its text as a paragraph.

use interaction_code::screen::{ChoiceOption, Element, ElementKind, Input, Link, Notice, Screen, Way};

/// The lines of a screen.
pub fn lines(screen: &Screen) -> Vec<String> {
    let mut page = Page(Vec::new());
    page.line(0, format!("# {}", screen.title.text));
    let subject = screen.subject.as_ref();
    let who = subject.map(|subject| [&subject.identifier, &subject.name, &subject.app]).into_iter().flatten().flatten();
    who.for_each(|text| page.line(0, format!("@ {text}")));
    screen.notices.iter().for_each(|notice| page.notice(0, notice));
    screen.elements.iter().for_each(|element| page.element(element));
    screen.ways.iter().enumerate().for_each(|(index, way)| page.way(index, way));
    let way = screen.suggested.way.map(|way| format!(" {way}")).unwrap_or_default();
    page.line(0, format!("$ {}{way}", screen.suggested.kind.as_str()));
    page.0
}

/// The lines under way.
struct Page(Vec<String>);

impl Page {
    fn line(&mut self, depth: usize, text: String) {
        self.0.push(format!("{}{text}", "  ".repeat(depth)));
    }

    fn links(&mut self, depth: usize, links: &[Link]) {
        links.iter().for_each(|link| self.line(depth, format!("& {} {}", link.label, link.url)));
    }

    fn notice(&mut self, depth: usize, notice: &Notice) {
        let at = notice.at.as_ref().map(|place| format!(" {{{}}}", place.path)).unwrap_or_default();
        self.line(depth, format!("! {} {}{at}", notice.severity.as_str(), notice.text.text));
        self.links(depth + 1, &notice.links);
        notice.items.iter().for_each(|item| self.notice(depth + 1, item));
    }

    fn element(&mut self, element: &Element) {
        let of_way = element.way.map(|way| format!(" >{way}")).unwrap_or_default();
        let text = &element.text.text;
        match &element.kind {
            ElementKind::Input(input) => self.input(0, input, &of_way),
            ElementKind::Choice(choice) => {
                self.line(0, format!("? {} [{}]{of_way}", choice.label.text, choice.style.as_str()));
                choice.options.iter().for_each(|option| self.option(option));
            }
            ElementKind::Picture(picture) => self.line(0, format!("% {}{of_way}", picture.alt.text)),
            ElementKind::Secret { value, .. } | ElementKind::Number { value } => {
                self.line(0, format!("= {value}{of_way}"));
            }
            ElementKind::Requirements(requirements) => {
                requirements.rules.iter().for_each(|rule| self.line(0, format!("* {}{of_way}", rule.text.text)));
            }
            ElementKind::Consent { scopes } => {
                scopes.iter().for_each(|scope| self.line(0, format!("+ {}{of_way}", scope.label.text)));
            }
            ElementKind::Waiting(waiting) if waiting.quiet => {}
            ElementKind::Waiting(_) => self.line(0, format!("~ {text}{of_way}")),
            ElementKind::Facts { rows } => {
                rows.iter().for_each(|row| self.line(0, format!(": {}: {}{of_way}", row.label.text, row.value)));
            }
            kind => {
                self.line(0, format!(". {text}{of_way}"));
                if let ElementKind::Text(own) = kind {
                    own.value.iter().for_each(|value| self.line(1, format!("= {value}")));
                    self.links(1, &own.links);
                }
            }
        }
    }

    fn input(&mut self, depth: usize, input: &Input, of_way: &str) {
        let required = if input.required { "*" } else { "" };
        self.line(depth, format!("? {} [{}{required}]{of_way}", input.label.text, input.ask.as_str()));
        input.options.iter().for_each(|option| self.line(depth + 1, format!("- {}", option.label.text)));
    }

    fn option(&mut self, option: &ChoiceOption) {
        let more = [&option.detail, &option.note].into_iter().flatten().map(|phrase| format!(" | {}", phrase.text));
        self.line(1, format!("- {}{}", option.label.text, more.collect::<String>()));
        option.fields.iter().for_each(|field| self.input(2, field, ""));
    }

    fn way(&mut self, index: usize, way: &Way) {
        let quiet = if way.quiet { " quiet" } else { "" };
        self.line(0, format!("> {index} {} [{} {}{quiet}]", way.label.text, way.role.as_str(), way.does.as_str()));
    }
}
