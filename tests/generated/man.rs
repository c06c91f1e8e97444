//! `packaging/interaction_code.3`: the conventions of the C API as a man page, from the same text as the header's head.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use roff::{Inline, Roff, bold, italic, roman};

use crate::{methods, read};

/// The whole page.
pub fn text() -> String {
    let mut page = Roff::new();
    let version = concat!("interaction-code ", env!("CARGO_PKG_VERSION"));
    page.control("TH", ["INTERACTION_CODE", "3", "", version, "Library Functions Manual"]);
    page.control("SH", ["NAME"]);
    page.text([roman("interaction_code - native sign-in for Okta Identity Engine with the Interaction Code grant")]);
    page.control("SH", ["SYNOPSIS"]);
    page.text([bold("#include <interaction_code.h>")]);
    page.control("PP", []);
    page.text([bold("cc app.c $(pkg-config --cflags --libs interaction_code)")]);
    page.control("SH", ["DESCRIPTION"]);
    render(&mut page, &methods::module_docs(&read("src/capi/mod.rs")).join("\n"));
    page.control("SH", ["SEE ALSO"]);
    page.text([roman("Every type and every function is documented in "), italic("interaction_code.h"), roman(".")]);
    format!(".\\\" Generated from src/capi/mod.rs; do not edit.\n{}", page.to_roff())
}

/// The markdown of documentation: headings, paragraphs, lists and code. What else it may ever have has to be taught here.
fn render(page: &mut Roff, markdown: &str) {
    let mut line: Vec<Inline> = Vec::new();
    let mut emphasis = false;
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) if emphasis => line.push(italic(text.as_ref())),
            Event::Text(text) => line.push(roman(text.as_ref())),
            Event::Code(code) => line.push(bold(code.as_ref())),
            Event::SoftBreak => line.push(roman(" ")),
            Event::Start(Tag::Emphasis | Tag::Strong) => emphasis = true,
            Event::End(TagEnd::Emphasis | TagEnd::Strong) => emphasis = false,
            Event::Start(Tag::Paragraph) => {
                page.control("PP", []);
            }
            Event::Start(Tag::Item) => {
                page.control("IP", ["-", "2"]);
            }
            Event::Start(Tag::CodeBlock(_)) => {
                page.control("PP", []).control("nf", []);
            }
            Event::End(TagEnd::CodeBlock) => {
                page.text(std::mem::take(&mut line)).control("fi", []);
            }
            Event::End(TagEnd::Heading(_)) => {
                let title: String = line.drain(..).map(|part| plain(&part).to_uppercase()).collect();
                page.control("SH", [title.as_str()]);
            }
            Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                page.text(std::mem::take(&mut line));
            }
            Event::Start(Tag::Heading { .. } | Tag::List(_)) | Event::End(TagEnd::List(_)) => {}
            other => panic!("the conventions use markdown that the man page does not know: {other:?}"),
        }
    }
}

fn plain(part: &Inline) -> &str {
    match part {
        Inline::Roman(text) | Inline::Italic(text) | Inline::Bold(text) => text,
        Inline::LineBreak => " ",
    }
}
