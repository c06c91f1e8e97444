//! Where drawings come together: indices are moved, ways put in order, and what may be there once only is there once.

use std::collections::HashSet;

use super::{drawn::Drawn, order};
use crate::{
    idx::RemediationKind,
    limits::MAX_DRAWN_OPTIONS,
    screen::{
        element::{Element, ElementKind, Input},
        phrase::Phrase,
        way::{Does, Role, Way},
    },
    sort,
};

/// Everything of a screen, not yet in order.
pub(super) struct Stage {
    name: String,
    title: Phrase,
    elements: Vec<(bool, Element)>,
    ways: Vec<(bool, Way)>,
    nodes: HashSet<u32>,
}

/// Everything of a screen, in order.
pub(in crate::screen) struct Shown {
    pub name: String,
    pub title: Phrase,
    pub elements: Vec<Element>,
    pub ways: Vec<Way>,
}

impl Stage {
    /// An empty one with the name and title of what is in front.
    pub fn new(front: Option<&Drawn>) -> Self {
        let name = front.map_or("other", |drawn| drawn.name.as_str()).to_owned();
        let title = front.map_or_else(|| Phrase::ours("other.form.title", &[]), |drawn| drawn.title.clone());
        Stage { name, title, elements: Vec::new(), ways: Vec::new(), nodes: HashSet::new() }
    }

    /// Whether a way stands for this node.
    pub fn has(&self, node: u32) -> bool {
        self.nodes.contains(&node)
    }

    pub fn add(&mut self, mut drawn: Drawn, is_front: bool) {
        drawn.shift(self.ways.len());
        self.elements.extend(drawn.elements.into_iter().map(|element| (is_front, element)));
        for way in drawn.ways {
            self.nodes.extend(&way.nodes);
            self.ways.push((is_front, way));
        }
    }

    /// One more way that belongs to no form; its index until everything is put in order.
    pub fn add_way(&mut self, way: Way) -> usize {
        self.nodes.extend(&way.nodes);
        self.ways.push((false, way));
        self.ways.len() - 1
    }

    /// One more element, beside the one in front.
    pub fn add_element(&mut self, element: Element) {
        self.elements.push((false, element));
    }

    pub fn ways(&mut self) -> impl Iterator<Item = &mut Way> {
        self.ways.iter_mut().map(|(_, way)| way)
    }

    /// "Not now" is "Ask me later" where something has a date.
    pub fn name_skip(&mut self) {
        let is_soon = |element: &Element| match &element.kind {
            ElementKind::Choice(choice) => choice.options.iter().any(|option| option.group == Some("soon")),
            _ => false,
        };
        if self.elements.iter().any(|(_, element)| is_soon(element)) {
            for way in self.ways().filter(|way| way.remediation.as_deref() == Some(RemediationKind::Skip.as_str())) {
                way.label = Phrase::ours("way.later.button", &[]);
            }
        }
    }

    pub fn finish(mut self) -> Shown {
        self.one_of(Role::Primary, Role::Alternative);
        self.one_of(Role::Cancel, Role::Link);
        self.hush();
        let mut order: Vec<usize> = (0..self.ways.len()).collect();
        sort::by_key(&mut order, |&index| self.ways.get(index).map(|(is_front, way)| order::place(way, *is_front)));
        let mut moved = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            if let Some(place) = moved.get_mut(old) {
                *place = new;
            }
        }
        let to = |old: usize| moved.get(old).copied().unwrap_or_default();
        for (_, element) in &mut self.elements {
            element.way = element.way.map(to);
            match &mut element.kind {
                ElementKind::Waiting(waiting) => waiting.poll = to(waiting.poll),
                ElementKind::Input(input) => cut(input),
                ElementKind::Choice(choice) => {
                    choice.options.truncate(MAX_DRAWN_OPTIONS);
                    choice.options.iter_mut().flat_map(|option| &mut option.fields).for_each(cut);
                }
                _ => {}
            }
        }
        // What is in front, what goes on beside it, then what is shown when its way is taken.
        sort::by_key(&mut self.elements, |(is_front, element)| match element.way {
            _ if *is_front => 0,
            None => 1,
            Some(way) => way.saturating_add(2),
        });
        let mut ways: Vec<_> = self.ways.into_iter().map(|(_, way)| way).zip(moved).collect();
        sort::by_key(&mut ways, |(_, new)| *new);
        Shown {
            name: self.name,
            title: self.title,
            elements: self.elements.into_iter().map(|(_, element)| element).collect(),
            ways: ways.into_iter().map(|(way, _)| way).collect(),
        }
    }

    /// Leaves the first way of a role that a screen has once: one of the form in front before any other.
    fn one_of(&mut self, once: Role, others: Role) {
        let drawn = |(_, way): &(bool, Way)| way.role == once && !way.quiet;
        let any = |(_, way): &(bool, Way)| way.role == once;
        let in_front = self.ways.iter().position(|way| drawn(way) && way.0);
        let kept = in_front.or_else(|| self.ways.iter().position(drawn)).or_else(|| self.ways.iter().position(any));
        for (index, (_, way)) in self.ways.iter_mut().enumerate() {
            if way.role == once && Some(index) != kept {
                way.role = others;
            }
        }
    }

    /// Waiting is not drawn beside something that the person does on this screen, nor when something else is waited for.
    fn hush(&mut self) {
        let in_front = |element: &(bool, Element)| element.0 && matches!(element.1.kind, ElementKind::Waiting(_));
        let waits = self.elements.iter().any(in_front);
        let acts = |way: &Way| way.role == Role::Primary && !matches!(way.does, Does::Launch | Does::Wait);
        let busy = self.ways.iter().any(|(_, way)| acts(way)) || (!waits && self.ways.iter().any(|(front, _)| *front));
        for (is_front, element) in &mut self.elements {
            if let ElementKind::Waiting(waiting) = &mut element.kind {
                waiting.quiet |= busy || (waits && !*is_front);
            }
        }
    }
}

fn cut(input: &mut Input) {
    input.options.truncate(MAX_DRAWN_OPTIONS);
}
