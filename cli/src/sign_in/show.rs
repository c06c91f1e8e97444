//! A screen, drawn: title, who signs in, notices, and everything of it that is not asked. One match over what there is.

use interaction_code::screen::{Element, ElementKind, Link, Notice, Picture, PictureKind, Screen, TextRole};

use crate::term::{QrCode, Screen as Terminal, clean, read_qr, style};

/// One line for a log, and the messages, for an unattended sign-in.
pub fn tell(screen: &Screen, offered: &[String], terminal: &Terminal) {
    terminal.note(&format!("step {}: {}", screen.name, offered.join(", ")));
    screen.notices.iter().for_each(|notice| self::notice(notice, 0, terminal));
}

/// The front of a screen: everything but what is asked, and what belongs to a way that was not taken yet.
pub fn front(screen: &Screen, terminal: &Terminal) {
    terminal.title(&screen.title.text);
    let subject = screen.subject.as_ref();
    let who = subject.map(|subject| [&subject.identifier, &subject.name, &subject.app]).into_iter().flatten().flatten();
    let who: Vec<&str> = who.map(String::as_str).collect();
    if !who.is_empty() {
        terminal.note(&who.join(" · "));
    }
    screen.notices.iter().for_each(|notice| self::notice(notice, 0, terminal));
    let is_front = |element: &&Element| element.way.is_none() || element.way == screen.suggested.way;
    elements(screen.elements.iter().filter(is_front), terminal);
}

/// What belongs to a way beside what is asked, where the [`front`] did not show it.
pub fn rest(screen: &Screen, way: usize, terminal: &Terminal) {
    if screen.suggested.way != Some(way) {
        elements(screen.elements.iter().filter(|element| element.way == Some(way)), terminal);
    }
}

fn elements<'s>(elements: impl Iterator<Item = &'s Element>, terminal: &Terminal) {
    let mut steps = 0;
    elements.for_each(|element| self::element(element, &mut steps, terminal));
}

/// One element; `steps` counts those that are numbered.
fn element(element: &Element, steps: &mut usize, terminal: &Terminal) {
    let text = clean(&element.text.text);
    match &element.kind {
        // Asked when its way is taken; said while it is waited for.
        ElementKind::Input(_) | ElementKind::Choice(_) | ElementKind::Waiting(_) => {}
        ElementKind::Text(own) => {
            match own.role {
                TextRole::Step => {
                    *steps += 1;
                    terminal.line(&format!("{} {text}", style::paint(style::NAME, &format!("{steps}."))));
                }
                TextRole::Warning => terminal.line(&style::paint(style::WARNING, &text)),
                TextRole::Legal => terminal.note(&text),
                TextRole::Hint => terminal.line(&text),
            }
            own.value.iter().for_each(|value| terminal.line(&format!("  {}", clean(value))));
            own.links.iter().for_each(|link| self::link(link, 1, terminal));
        }
        ElementKind::Picture(picture) => self::picture(picture, &text, terminal),
        ElementKind::Secret { grouped, .. } => {
            terminal.line(&format!("    {}", style::paint(style::TITLE, &clean(grouped))));
        }
        ElementKind::Number { value } => terminal.number(value),
        ElementKind::Requirements(requirements) => {
            requirements.rules.iter().for_each(|rule| terminal.line(&format!("  - {}", clean(&rule.text.text))));
        }
        ElementKind::Consent { scopes } => {
            for scope in scopes {
                let detail = scope.detail.as_deref().map(clean).unwrap_or_default();
                let label = clean(&scope.label.text);
                terminal.line(&format!("  + {label} {}", style::paint(style::DIM, &detail)));
            }
        }
        ElementKind::Facts { rows } => {
            for row in rows {
                terminal.line(&format!("  {}: {}", clean(&row.label.text), clean(&row.value)));
            }
        }
        // What no terminal has, and what nobody has heard of yet.
        _ => terminal.line(&text),
    }
}

/// A square code drawn again by its letters or its modules; anything else by its words.
fn picture(picture: &Picture, alt: &str, terminal: &Terminal) {
    if picture.what != PictureKind::Qr {
        return;
    }
    match picture.content.as_deref().and_then(QrCode::of).or_else(|| read_qr(&picture.bytes)) {
        Some(code) => terminal.qr_code(&code),
        None => terminal.note(&format!("{alt}: it cannot be drawn here; take another way, or the text beside it.")),
    }
}

fn notice(notice: &Notice, depth: usize, terminal: &Terminal) {
    let severity = notice.severity.as_str().to_ascii_uppercase();
    let inset = "  ".repeat(depth);
    let painted = style::paint(style::of_class(&severity), &severity);
    terminal.line(&format!("{inset}{painted} {}", clean(&notice.text.text)));
    notice.links.iter().for_each(|link| self::link(link, depth + 1, terminal));
    notice.items.iter().for_each(|item| self::notice(item, depth + 1, terminal));
}

fn link(link: &Link, depth: usize, terminal: &Terminal) {
    terminal.line(&format!("{}{} {}", "  ".repeat(depth), clean(&link.label), clean(&link.url)));
}
