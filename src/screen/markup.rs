//! Texts of the server without their markup: some are written for a web page, and nobody who draws a screen is to render them.

use std::borrow::Cow;

use super::{address, notice::Link};
use crate::limits::MAX_LINKS;

/// The text in one line, without tags, and with the few entities put in that are no markup themselves. What remains holds no tag: a `<`
/// that begins one is gone even where the tag never ends.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| matches!(c, '<' | '&') || is_stray(c)) && !text.contains("  ") {
        return Cow::Borrowed(text.trim());
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        rest = if from.starts_with('&') {
            entity(from, &mut plain)
        } else if is_tag(from) {
            // A tag stands between words as often as inside a sentence; two spaces are made one below.
            plain.push_str(if breaks(from) { " " } else { "" });
            from.find('>').and_then(|end| from.get(end + 1..)).unwrap_or_default()
        } else {
            plain.push('<');
            &from[1..]
        };
    }
    plain.push_str(rest);
    let words: Vec<&str> = plain.split(|c: char| c.is_whitespace() || is_stray(c)).filter(|w| !w.is_empty()).collect();
    // Two halves of a tag may have met.
    let joined = words.join(" ");
    Cow::Owned(if has_tag(&joined) { joined.replace('<', "") } else { joined })
}

/// The links of a text: what stands in `<a href="…">label</a>`. Only addresses that may be opened.
pub(super) fn links(text: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("<a ") {
        let Some((tag, after)) = rest[at..].split_once('>') else { break };
        let label = after.split_once("</a").map_or("", |(label, _)| label);
        if let Some(url) = href(tag).filter(|url| address::opens(url)) {
            let label = plain(label);
            let label = if label.is_empty() { url.into() } else { label.into_owned() };
            links.push(Link { url: url.to_owned(), label });
        }
        if links.len() == MAX_LINKS {
            break;
        }
        rest = after;
    }
    links
}

fn href(tag: &str) -> Option<&str> {
    let (_, value) = tag.split_once("href=")?;
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

/// What is no part of a line: control characters, and what turns the direction of everything after it.
fn is_stray(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a text holds something that a browser would take for markup.
pub(super) fn has_tag(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| is_tag(&text[at..]))
}

fn is_tag(from: &str) -> bool {
    let next = from.as_bytes().get(1).copied().unwrap_or_default();
    next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?')
}

/// Whether a tag separates words.
fn breaks(from: &str) -> bool {
    let name = from[1..].trim_start_matches('/');
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    ["br", "p", "div", "li", "ul", "ol", "td", "tr"].iter().any(|block| name.eq_ignore_ascii_case(block))
}

/// Puts an entity's character in and returns what follows. `&lt;` stays as it is: put in, it would begin a tag.
fn entity<'t>(from: &'t str, plain: &mut String) -> &'t str {
    const KNOWN: [(&str, char); 6] =
        [("&amp;", '&'), ("&quot;", '"'), ("&#39;", '\''), ("&#x27;", '\''), ("&apos;", '\''), ("&nbsp;", ' ')];
    let known = KNOWN.iter().find_map(|(name, value)| Some((from.strip_prefix(name)?, *value)));
    let (rest, value) = known.unwrap_or((&from[1..], '&'));
    plain.push(value);
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_remains_holds_no_tag() {
        for (text, expected) in [
            ("There is no account. <a href=\"https://a.example/x\">Sign up</a>", "There is no account. Sign up"),
            ("one<br/>two", "one two"),
            ("<b>bold</b>, &quot;quoted&quot; &amp; &lt;kept&gt;", "bold, \"quoted\" & &lt;kept&gt;"),
            ("2 < 3 and 3<4", "2 < 3 and 3<4"),
            ("an open <script", "an open"),
            ("<<b>script>", "script>"),
            ("&amp;lt;", "&lt;"),
            ("  plain ", "plain"),
            ("two\nlines\u{202e} and  a \u{1b}[31mcolour", "two lines and a [31mcolour"),
            ("ß<ß", "ß<ß"),
            ("<", "<"),
        ] {
            let plain = plain(text);
            assert_eq!(plain.trim_start_matches('<'), expected.trim_start_matches('<'), "{text}");
            assert!(!has_tag(&plain), "{text}: {plain}");
        }
    }

    #[test]
    fn links_are_kept_where_they_may_be_opened() {
        let text =
            "<a href='https://a.example/x'>Sign <b>up</b></a> <a href=\"javascript:x\">no</a> <a href=https:x>no</a>";
        assert_eq!(links(text), [Link { url: "https://a.example/x".into(), label: "Sign up".into() }]);
        assert!(links("<a href='https://a.example/x").is_empty());
    }
}
