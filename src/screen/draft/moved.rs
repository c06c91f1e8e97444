//! What was typed, on the screen of a step that asks the same: while the person types, the step is polled.

use std::iter;

use super::{Draft, choice_of, input_of};
use crate::screen::{
    Screen,
    element::{ChoiceOption, Input},
};

impl Draft<'_> {
    /// The same, typed for a screen that has the same elements, whatever their numbers.
    pub(crate) fn on<'t>(&self, screen: &'t Screen) -> Draft<'t> {
        let mut moved = screen.draft();
        for (old, new) in iter::zip(inputs(self.screen), inputs(screen)) {
            moved.values.extend(self.values.get(&old.node).map(|value| (new.node, value.clone())));
            moved.confirmed.extend(self.confirmed.get(&old.node).map(|text| (new.node, text.clone())));
        }
        for (old, new) in iter::zip(choices(self.screen), choices(screen)) {
            let is_chosen = self.chosen.get(&old.0).is_some_and(|chosen| std::ptr::eq(*chosen, old.1));
            moved.chosen.extend(is_chosen.then_some(new));
        }
        moved.extras.clone_from(&self.extras);
        moved
    }
}

/// Every input in order, those that options bring included.
fn inputs(screen: &Screen) -> impl Iterator<Item = &Input> {
    screen.elements.iter().flat_map(|element| {
        let options = choice_of(element).into_iter().flat_map(|choice| &choice.options);
        input_of(element).into_iter().chain(options.flat_map(|option| &option.fields))
    })
}

/// Every option in order, with the number of its choice.
fn choices(screen: &Screen) -> impl Iterator<Item = (u32, &ChoiceOption)> {
    let choices = screen.elements.iter().filter_map(choice_of);
    choices.flat_map(|choice| choice.options.iter().map(|option| (choice.node, option)))
}
