//! Looking things up in containers: by name, by place, and how many there are.
//!
//! A response may hold one object of a hundred thousand members, and something that is looked for once for each of them. So
//! a look goes past a few values at most; what has more gets an index, made for the whole document by one walk at the first
//! such look. Responses as servers send them need none.

use std::{collections::HashMap, sync::Arc};

use super::document::{Document, Json};

/// How many values are looked at one after the other.
pub(super) const FEW: usize = 32;

/// The containers of a document that have many values, by node.
#[derive(Default)]
pub(super) struct Index(HashMap<u32, Large>);

/// One of them.
struct Large {
    /// The elements, or the values of all members, in order.
    values: Vec<u32>,
    /// Of members of the same name the last.
    names: HashMap<Box<str>, u32>,
}

impl Index {
    /// One walk over the document: each value is looked at as an element of the one container that it is directly in.
    pub(super) fn of(document: &Arc<Document>) -> Self {
        let all = (0..).map_while(|node| document.node(node));
        let large = all.filter(|json| json.values().nth(FEW).is_some());
        Index(large.map(|json| (json.node(), Large::of(json))).collect())
    }
}

impl Document {
    /// Made at the first look that needs it.
    fn index(self: &Arc<Self>) -> &Index {
        self.index.get_or_init(|| Index::of(self))
    }
}

impl Large {
    fn of(json: Json<'_>) -> Self {
        let name = |key: Json<'_>| key.as_str().unwrap_or_default().into_owned().into_boxed_str();
        Large {
            values: json.values().map(Json::node).collect(),
            names: json.members().map(|(key, value)| (name(key), value.node())).collect(),
        }
    }
}

impl<'a> Json<'a> {
    /// The elements of an array, or the values of the members of an object.
    pub(super) fn values(self) -> impl Iterator<Item = Json<'a>> {
        self.items().chain(self.members().map(|(_, value)| value))
    }

    /// The index entry of this container, where it has many values.
    fn large(self) -> Option<&'a Large> {
        self.document().index().0.get(&self.node())
    }

    /// The member of this name; of duplicates the last, as in most readers. `None` also when this is no object.
    pub fn get(self, name: &str) -> Option<Json<'a>> {
        let mut found = None;
        for (at, (key, value)) in self.members().enumerate() {
            if at == FEW {
                return self.document().node(*self.large()?.names.get(name)?);
            }
            if key.is_text(name) {
                found = Some(value);
            }
        }
        found
    }

    /// The element of an array, or the value of the member of an object, at this place.
    pub fn item(self, index: usize) -> Option<Json<'a>> {
        match index < FEW {
            true => self.values().nth(index),
            false if self.values().nth(FEW).is_none() => None,
            false => self.document().node(*self.large()?.values.get(index)?),
        }
    }

    /// The name of the member of an object at this place.
    pub fn item_name(self, index: usize) -> Option<Json<'a>> {
        // Only an object has members, and a name stands right before its value.
        self.members().next()?;
        self.document().node(self.item(index)?.node() - 1)
    }

    /// How many elements or members there are; a member that is there twice counts twice.
    pub fn size(self) -> usize {
        match self.values().take(FEW + 1).count() {
            few if few <= FEW => few,
            _ => self.large().map_or(0, |large| large.values.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_container_is_as_a_small_one() {
        let members = |count: usize| (0..count).map(|n| format!(r#""n{n}":{n}"#)).collect::<Vec<_>>().join(",");
        for count in [1, FEW - 1, FEW, FEW + 1, FEW + 2, 1000] {
            let text = format!(r#"{{"a":{{{0},"n0":"last","\u0061":7}},"b":[[{0}]]}}"#, members(count));
            let text = text.replace(&format!("[[{}]]", members(count)), &format!("[{}7]", "0,".repeat(count)));
            let document = Arc::new(Document::read(text.as_bytes()).unwrap());
            let (object, array) = (document.root().get("a").unwrap(), document.root().get("b").unwrap());
            assert_eq!((object.size(), array.size()), (count + 2, count + 1), "{count}");
            assert_eq!(object.get("n0").unwrap().raw(), "\"last\"");
            assert_eq!(object.get("a").unwrap().raw(), "7", "a name is compared unescaped");
            assert!(object.get("none").is_none() && array.get("n0").is_none());
            assert!(object.get(&format!("n{}", count - 1)).is_some());
            for at in 0..count + 3 {
                assert_eq!(object.item(at), object.members().nth(at).map(|(_, value)| value));
                assert_eq!(object.item_name(at), object.members().nth(at).map(|(name, _)| name));
                assert_eq!(array.item(at), array.items().nth(at));
                assert_eq!(array.item_name(at), None);
            }
        }
    }
}
