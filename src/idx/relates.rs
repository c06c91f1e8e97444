//! `relatesTo`: how one part of a response points at another (idx.md section 4.4).
//!
//! The value is a string or an array of strings; each is a short path such as `$.authenticatorEnrollments.value[2]`, with
//! or without `$.`. One that leads nowhere is reported by `Step::unresolved`, and otherwise as if absent.

use std::borrow::Cow;

use super::document::{Json, JsonKind};

/// One pointer: its text, and what it points at (wrapper taken off), if anything.
pub(super) struct Pointer<'a> {
    pub text: Cow<'a, str>,
    pub target: Option<Json<'a>>,
}

/// The pointers of an object that has a `relatesTo` member.
pub(super) fn pointers<'a>(owner: Json<'a>) -> impl Iterator<Item = Pointer<'a>> {
    let value = owner.get("relatesTo");
    let single = value.into_iter().filter(|value| value.as_str().is_some());
    let several = value.into_iter().flat_map(Json::items);
    single.chain(several).filter_map(move |pointer| {
        let text = pointer.as_str()?;
        let target = resolve(owner.document().root(), &text);
        Some(Pointer { text, target })
    })
}

/// Follows a path of member names and `[n]` indexes. Each is followed once, so no path can loop.
fn resolve<'a>(root: Json<'a>, path: &str) -> Option<Json<'a>> {
    let path = path.strip_prefix('$').unwrap_or(path);
    let mut at = root;
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let (name, indexes) = part.split_at(part.find('[').unwrap_or(part.len()));
        if !name.is_empty() {
            at = at.get(name)?;
        }
        for index in indexes.split('[').skip(1) {
            let index: usize = index.strip_suffix(']')?.parse().ok()?;
            at = at.item(index).filter(|_| at.kind() == JsonKind::Array)?;
        }
    }
    Some(at.unwrap_ion())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::idx::document::Document;

    #[test]
    fn every_form_of_the_reference_resolves_or_is_absent() {
        let text = r#"{"current": {"type": "object", "value": {"id": "a"}},
            "list": {"type": "array", "value": [{"id": "b"}, {"id": "c"}]}}"#;
        let document = Arc::new(Document::read(text.as_bytes()).unwrap());
        let id = |path| resolve(document.root(), path)?.text("id").map(Cow::into_owned);
        for path in ["$.current", "current", "$current"] {
            assert_eq!(id(path).as_deref(), Some("a"), "{path}");
        }
        assert_eq!(id("$.list.value[1]").as_deref(), Some("c"));
        for path in ["$.nowhere", "$.list.value[7]", "$.list.value[", "$.list.value[-1]", "$.current.id.x", "[0]", "]["]
        {
            assert_eq!(id(path), None, "{path}");
        }
    }
}
