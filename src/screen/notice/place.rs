//! Where a message belongs: the input that it came on, else the only input that asks for what its key is about.

use std::collections::{HashMap, HashSet};

use super::Place;
use crate::{
    idx::{Message, Step},
    limits::MAX_PATH_BYTES,
    screen::element::{Element, ElementKind, Input},
    sort,
};

/// One input of the screen.
struct Slot {
    node: u32,
    way: usize,
    path: String,
    ask: &'static str,
    /// The element, and for a field that an option brings: the option and the field.
    at: (usize, Option<(usize, usize)>),
}

/// The inputs of a screen, to be found by the place of a message.
pub(super) struct Slots {
    slots: Vec<Slot>,
    /// By path: the numbers of the slots, in the order of their nodes.
    by_path: HashMap<String, Vec<usize>>,
    /// By the word of the ask: the only slot that asks for it, `None` where there are several.
    by_ask: HashMap<&'static str, Option<usize>>,
    /// What each input was told already: a response may have more messages than can be compared with each other.
    told: HashSet<(usize, usize)>,
    /// How many bytes of paths the notices may still get: each holds its own.
    left: usize,
}

impl Slots {
    pub fn of(elements: &[Element]) -> Self {
        let mut slots = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let Some(way) = element.way else { continue };
            let mut add = |input: &Input, inner| {
                let (node, path, ask) = (input.node, input.path.clone(), input.ask.as_str());
                slots.push(Slot { node, way, path, ask, at: (index, inner) });
            };
            match &element.kind {
                ElementKind::Input(input) => add(input, None),
                ElementKind::Choice(choice) => {
                    for (option, brings) in choice.options.iter().enumerate() {
                        brings.fields.iter().enumerate().for_each(|(field, input)| add(input, Some((option, field))));
                    }
                }
                _ => {}
            }
        }
        sort::by_key(&mut slots, |slot| slot.node);
        let mut by_path: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_ask = HashMap::new();
        for (index, slot) in slots.iter().enumerate() {
            by_path.entry(slot.path.clone()).or_default().push(index);
            by_ask.entry(slot.ask).and_modify(|only| *only = None).or_insert(Some(index));
        }
        Slots { slots, by_path, by_ask, told: HashSet::new(), left: MAX_PATH_BYTES }
    }

    /// The input that a message came on: the one whose field, or the object around it, holds the message.
    pub fn of_message(&self, step: &Step, message: &Message<'_>) -> Option<usize> {
        let path = message.dotted_path()?;
        let mut path = path.as_str();
        loop {
            if let Some(found) = self.holding(step, path, message) {
                return Some(found);
            }
            path = path.rsplit_once('.')?.0;
        }
    }

    fn holding(&self, step: &Step, path: &str, message: &Message<'_>) -> Option<usize> {
        let inner = message.json();
        let slots = self.by_path.get(path)?;
        // Fields of one path do not lie inside each other: only the last one that begins before the message can hold it.
        let at = slots.partition_point(|slot| self.slots[*slot].node <= inner.node());
        let slot = *slots.get(at.checked_sub(1)?)?;
        let outer = step.node(self.slots[slot].node)?.raw().as_bytes().as_ptr_range();
        outer.contains(&inner.raw().as_ptr()).then_some(slot)
    }

    /// The only input of the screen that asks for one of these.
    pub fn only(&self, asks: &[&str]) -> Option<usize> {
        let mut asking = asks.iter().filter_map(|ask| self.by_ask.get(ask));
        let first = *asking.next()?;
        first.filter(|_| asking.next().is_none())
    }

    /// The place of an input; `None` once the paths of all notices would be too long together.
    pub fn place(&mut self, slot: usize) -> Option<Place> {
        let slot = &self.slots[slot];
        self.left = self.left.checked_sub(slot.path.len())?;
        Some(Place { way: slot.way, path: slot.path.clone() })
    }

    /// Says at an input that a notice is about it.
    pub fn mark(&mut self, slot: usize, elements: &mut [Element], notice: usize) {
        if !self.told.insert((slot, notice)) {
            return;
        }
        let (element, inner) = self.slots[slot].at;
        let input = match (elements.get_mut(element).map(|element| &mut element.kind), inner) {
            (Some(ElementKind::Input(input)), _) => Some(input),
            (Some(ElementKind::Choice(choice)), Some((option, field))) => {
                choice.options.get_mut(option).and_then(|option| option.fields.get_mut(field))
            }
            _ => None,
        };
        if let Some(input) = input {
            input.messages.push(notice);
        }
    }
}
