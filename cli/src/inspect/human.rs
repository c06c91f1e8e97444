//! The inspection as text for people: indented, in colour on a terminal, every text of the server's cleaned.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use super::model::{Brings, Field, FieldOption, Inspection, Message, Remediation};
use crate::term::{clean, style};

/// Prints it on standard output.
pub fn print(inspection: &Inspection) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text(inspection).as_bytes())?;
    out.flush()
}

fn text(inspection: &Inspection) -> String {
    let mut page = Page(String::new());
    head(&mut page, inspection);
    if !inspection.messages.is_empty() {
        page.title("Messages");
        inspection.messages.iter().for_each(|message| page.message(1, message));
    }
    if !inspection.remediations.is_empty() {
        page.title("Remediations");
        inspection.remediations.iter().for_each(|remediation| page.remediation(remediation));
    }
    if !inspection.authenticators.is_empty() {
        page.title("Authenticators");
        for authenticator in &inspection.authenticators {
            let name = authenticator.key.as_deref().or(authenticator.authenticator_type.as_deref()).unwrap_or("?");
            let mut facts = vec![authenticator.state.to_owned()];
            facts.extend(authenticator.display_name.iter().map(|name| format!("\"{name}\"")));
            facts.extend(authenticator.id.iter().map(|id| format!("id {id}")));
            if !authenticator.methods.is_empty() {
                facts.push(format!("methods {}", authenticator.methods.join(", ")));
            }
            if !authenticator.actions.is_empty() {
                facts.push(format!("actions {}", authenticator.actions.join(", ")));
            }
            page.entry(1, name, &facts.join(" · "));
        }
    }
    if !inspection.actions.is_empty() {
        page.title("Actions");
        page.entry(1, &inspection.actions.join(", "), "");
    }
    if !inspection.unresolved.is_empty() {
        page.title("Unresolved");
        inspection.unresolved.iter().for_each(|what| page.entry(1, "", what));
    }
    page.0
}

fn head(page: &mut Page, inspection: &Inspection) {
    let kind = match inspection.kind {
        "oauth_error" => "OAuth error",
        "api_error" => "API error",
        _ => "Step of the protocol",
    };
    page.title(kind);
    let Some(status) = inspection.status else { return };
    let mut facts = vec![("status", status.to_owned())];
    let optional =
        [("version", &inspection.version), ("intent", &inspection.intent), ("expires at", &inspection.expires_at)];
    facts.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
    facts.push(("state handle", if inspection.state_handle { "present" } else { "absent" }.to_owned()));
    if inspection.terminal {
        facts.push(("terminal", "nothing to answer; the messages say how it ended".to_owned()));
    }
    if inspection.success_with_interaction_code {
        facts.push(("success", "the interaction code is here".to_owned()));
    }
    facts.iter().for_each(|(name, value)| page.entry(1, name, value));
}

/// The text under way.
struct Page(String);

impl Page {
    fn title(&mut self, text: &str) {
        let _ = writeln!(self.0, "{}", style::paint(style::TITLE, text));
    }

    fn entry(&mut self, depth: usize, name: &str, facts: &str) {
        let name = style::paint(style::NAME, &clean(name));
        let _ = writeln!(
            self.0,
            "{:indent$}{name}{}{}",
            "",
            if facts.is_empty() { "" } else { "  " },
            clean(facts),
            indent = 2 * depth
        );
    }

    fn message(&mut self, depth: usize, message: &Message) {
        let class = style::paint(style::of_class(message.class), message.class);
        let _ = write!(self.0, "{:indent$}{class} {}", "", clean(&message.text), indent = 2 * depth);
        let key = message.key.iter().map(|key| format!(" [{}]", clean(key)));
        let path = message.path.iter().map(|path| format!(" on {}", clean(path)));
        key.chain(path).for_each(|text| self.0.push_str(&style::paint(style::DIM, &text)));
        self.0.push('\n');
    }

    fn remediation(&mut self, remediation: &Remediation) {
        // Queries of addresses carry tokens of the transaction.
        let href = remediation.href.as_deref().unwrap_or("no address");
        let href = href.split(['?', '#']).next().unwrap_or_default();
        let mut facts = format!("{} {href}", remediation.method);
        if let Some(refresh) = &remediation.refresh_ms {
            let _ = write!(facts, " · poll every {refresh} ms");
        }
        if remediation.kind == "other" {
            facts.push_str(" · not known to the library");
        }
        if !remediation.authenticators.is_empty() {
            let _ = write!(facts, " · about {}", remediation.authenticators.join(", "));
        }
        self.entry(1, &remediation.name, &facts);
        remediation.fields.iter().for_each(|field| self.field(2, field));
    }

    fn field(&mut self, depth: usize, field: &Field) {
        let mut facts = vec![field.field_type.clone()];
        facts.extend(field.label.iter().map(|label| format!("\"{label}\"")));
        let flags = [
            (field.required, "required"),
            (field.secret, "secret"),
            (!field.visible, "hidden"),
            (!field.mutable, "fixed"),
        ];
        facts.extend(flags.into_iter().filter(|(set, _)| *set).map(|(_, word)| word.to_owned()));
        self.entry(depth, &field.path, &facts.join(" · "));
        field.messages.iter().for_each(|message| self.message(depth + 1, message));
        field.options.iter().for_each(|option| self.option(depth + 1, option));
    }

    fn option(&mut self, depth: usize, option: &FieldOption) {
        let label = option.label.as_deref().unwrap_or("(no label)");
        match &option.brings {
            Brings::Value(value) => self.entry(depth, "", &format!("- {label}: {value}")),
            Brings::Fields(fields) => {
                self.entry(depth, "", &format!("- {label}"));
                fields.iter().for_each(|field| self.field(depth + 1, field));
            }
        }
    }
}
