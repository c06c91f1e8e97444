//! Sorting, for lists that are short: one sort for all of them.
//!
//! The standard library's is made anew for each type and each key, 5 KB every time. Here it sorts the places of the items, and
//! only moving them is made for a type.

use std::cmp::Ordering;

/// Sorts by a key, as `sort_by_key` does: what is equal stays as it stood.
pub(crate) fn by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by what `compare` says, as `sort_by` does.
pub(crate) fn by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = places(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut from: Vec<_> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|place| from.get_mut(place)?.take()));
}

fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| compare(*a, *b));
    places
}

#[cfg(test)]
mod tests {
    use super::{by, by_key};

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        // Few keys and many items: what is equal must stay as it stood.
        let items: Vec<(u32, u32)> = (0..500).map(|at| (at * 7919 % 13, at)).collect();
        let (mut wanted, mut sorted) = (items.clone(), items.clone());
        wanted.sort_by_key(|(key, _)| *key);
        by_key(&mut sorted, |(key, _)| *key);
        assert_eq!(sorted, wanted);
        wanted.sort_by(|(a, _), (b, _)| b.cmp(a));
        by(&mut sorted, |(a, _), (b, _)| b.cmp(a));
        assert_eq!(sorted, wanted);
        by_key(&mut Vec::<u8>::new(), |key| *key);
    }
}
