//! What the values of a response are as parts of forms: which is a field, which an option, and where each stands.
//!
//! Other languages hold node numbers instead of views, and so does a draft of a screen. All parts are found by one walk for
//! a response; a number then needs no search, and one that is none of them gets nothing.

use std::{collections::HashMap, sync::Arc};

use super::{
    document::Document,
    field::{Field, FieldOption, FieldPath},
    remediation::{Remediation, remediations_of},
    step::Step,
};
use crate::limits::MAX_FORM_DEPTH;

/// What a part of a form is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A remediation or an action.
    Form,
    /// A field of one.
    Field,
    /// An option of a field.
    Option,
}

/// Where a part of a form stands, and what is directly below it.
struct Place {
    part: Part,
    /// The remediation, field or option that it is directly in; a form is in none and names itself.
    holder: u32,
    /// Its place among its like in the holder.
    index: usize,
    fields: Vec<u32>,
    options: Vec<u32>,
}

/// The parts of all forms of a response, by node.
#[derive(Default)]
pub(crate) struct Parts(HashMap<u32, Place>);

impl Document {
    /// Found at the first look.
    pub(crate) fn parts(self: &Arc<Self>) -> &Parts {
        self.parts.get_or_init(|| Parts::of(self))
    }

    /// The field at this node; `None` for a node that is something else.
    pub(crate) fn field(self: &Arc<Self>, node: u32) -> Option<Field<'_>> {
        self.parts().place(Part::Field, node)?;
        Some(Field::at(self.node(node)?, self.path(node)))
    }

    /// The option at this node.
    pub(crate) fn option(self: &Arc<Self>, node: u32) -> Option<FieldOption<'_>> {
        let place = self.parts().place(Part::Option, node)?;
        Some(FieldOption::at(self.node(node)?, place.index, self.path(place.holder)))
    }

    /// The names of the fields from the outermost one to this.
    fn path(self: &Arc<Self>, field: u32) -> FieldPath<'_> {
        let mut path = Vec::new();
        let mut at = field;
        while let Some(place) = self.parts().0.get(&at).filter(|place| place.part != Part::Form) {
            if place.part == Part::Field {
                path.push(self.node(at).and_then(|json| json.text("name")).unwrap_or_default());
            }
            at = place.holder;
        }
        path.reverse();
        path
    }
}

impl Parts {
    fn of(document: &Arc<Document>) -> Self {
        let mut parts = Parts::default();
        remediations_of(document.root()).for_each(|remediation| parts.add_form(remediation));
        // What has an address can be answered, also where nobody expects it.
        let all = (0..).map_while(|node| document.node(node));
        let addressed = all.filter(|json| json.text("href").is_some()).filter_map(Remediation::at);
        addressed.for_each(|action| parts.add_form(action));
        parts
    }

    fn add_form(&mut self, form: Remediation<'_>) {
        if self.enter(form.node(), Part::Form, form.node()) {
            self.add_fields(form.node(), form.fields(), 1);
        }
    }

    fn add_fields<'a>(&mut self, holder: u32, fields: impl Iterator<Item = Field<'a>>, depth: usize) {
        for json in fields.map(|field| field.json()) {
            let node = json.node();
            if !self.enter(node, Part::Field, holder) {
                continue;
            }
            // Without its path: carried along, long names would be copied for everything below them.
            let field = Field::at(json, Vec::new());
            if depth < MAX_FORM_DEPTH {
                self.add_fields(node, field.fields(), depth + 1);
            }
            for option in field.options() {
                let chosen = option.json().node();
                if self.enter(chosen, Part::Option, node) && depth < MAX_FORM_DEPTH {
                    self.add_fields(chosen, option.fields(), depth + 1);
                }
            }
        }
    }

    /// Notes a part of a form, unless it is part of another one already.
    fn enter(&mut self, node: u32, part: Part, holder: u32) -> bool {
        if self.0.contains_key(&node) {
            return false;
        }
        let siblings = self.0.get_mut(&holder).and_then(|holder| match part {
            Part::Form => None,
            Part::Field => Some(&mut holder.fields),
            Part::Option => Some(&mut holder.options),
        });
        let index = siblings.map_or(0, |siblings| {
            siblings.push(node);
            siblings.len() - 1
        });
        self.0.insert(node, Place { part, holder, index, fields: Vec::new(), options: Vec::new() });
        true
    }

    fn place(&self, part: Part, node: u32) -> Option<&Place> {
        self.0.get(&node).filter(|place| place.part == part)
    }

    /// The fields directly in a form, a field or an option; none for a node that is something else.
    #[cfg(feature = "capi")]
    pub(crate) fn fields(&self, part: Part, node: u32) -> &[u32] {
        self.place(part, node).map_or(&[], |place| &place.fields)
    }

    /// The options of a field.
    #[cfg(feature = "capi")]
    pub(crate) fn options(&self, field: u32) -> &[u32] {
        self.place(Part::Field, field).map_or(&[], |place| &place.options)
    }

    /// The form that a part belongs to, and whether the part is directly in an option.
    pub(super) fn form(&self, node: u32) -> Option<(u32, bool)> {
        let holder = self.0.get(&self.0.get(&node)?.holder)?;
        let mut at = node;
        while let Some(place) = self.0.get(&at).filter(|place| place.part != Part::Form) {
            at = place.holder;
        }
        Some((at, holder.part == Part::Option))
    }
}

impl Step {
    /// The parts of all forms.
    #[cfg(feature = "capi")]
    pub(crate) fn parts(&self) -> &Parts {
        self.document().parts()
    }

    /// The field with this node number, in any form of the step.
    pub fn field_at(&self, node: u32) -> Option<Field<'_>> {
        self.document().field(node)
    }

    /// The option with this node number, in any form of the step.
    pub fn option_at(&self, node: u32) -> Option<FieldOption<'_>> {
        self.document().option(node)
    }
}
