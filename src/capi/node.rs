//! Nodes: any value of a step as JSON. A node is the number of a JSON value in its step's document; a number that is none of
//! what a getter reads gets nothing.

use std::{borrow::Cow, ffi::c_char};

use super::{
    handles::{ic_node, ic_step},
    text::{ic_str, text},
    view,
};
use crate::idx::{Json, JsonKind};

fn text_of(step: ic_step, node: ic_node, read: impl for<'a> FnOnce(Json<'a>) -> Option<Cow<'a, str>>) -> ic_str {
    view::text(step, |object| read(object.step().node(node)?))
}

fn node_of(step: ic_step, node: ic_node, read: impl for<'a> FnOnce(Json<'a>) -> Option<Json<'a>>) -> ic_node {
    view::node(step, |object| read(object.step().node(node)?).map(Json::node))
}

/// The JSON type of a value: `null`, `bool`, `number`, `string`, `array` or `object`. NULL when the step has no such
/// node.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_node_kind(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |json| {
        Some(Cow::Borrowed(match json.kind() {
            JsonKind::Null => "null",
            JsonKind::Bool => "bool",
            JsonKind::Number => "number",
            JsonKind::String => "string",
            JsonKind::Array => "array",
            JsonKind::Object => "object",
        }))
    })
}

/// The value as it stands in the response, byte for byte: JSON, a string with its quotes and escapes. It may hold
/// secrets of the sign-in (state handles): do not log it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_node_json(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |json| Some(Cow::Borrowed(json.raw())))
}

/// A string without quotes and escapes, a number or a boolean as written. NULL for `null`, arrays and objects. Half of
/// a surrogate pair becomes U+FFFD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_node_text(step: ic_step, node: ic_node) -> ic_str {
    text_of(step, node, |json| json.scalar_text())
}

/// How many elements an array, or members an object has; a member that is there twice counts twice. 0 for anything
/// else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_node_count(step: ic_step, node: ic_node) -> usize {
    view::count(step, |object| Some(object.step().node(node)?.size()))
}

/// An element of an array, or the value of a member of an object, in the order of the response. `IC_NO_NODE` past the
/// end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_node_item(step: ic_step, node: ic_node, index: usize) -> ic_node {
    node_of(step, node, |json| json.item(index))
}

/// The name of a member of an object; its value is `ic_node_item` with the same index. NULL past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_node_member_name(step: ic_step, node: ic_node, index: usize) -> ic_str {
    text_of(step, node, |json| json.item_name(index)?.as_str())
}

/// The value of the member of this name; of several the last. A `null` is found, too: its kind says so. `IC_NO_NODE`
/// when there is none, or the node is no object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_node_member(step: ic_step, node: ic_node, name: *const c_char) -> ic_node {
    node_of(step, node, |json| {
        // SAFETY: by the conventions of the header.
        json.get(unsafe { text(name, "name") }.ok()?)
    })
}

/// For the tests of all that look into a step: a step with everything in it, and any number given for a node.
#[cfg(test)]
pub(super) mod storm {
    use super::{
        super::{handles::IC_NO_NODE, table, view::StepObject},
        *,
    };
    use crate::idx::Step;

    const BODY: &str = r#"{"version": "1.0.0", "stateHandle": "02.id", "remediation": {"type": "array", "value": [
        {"name": "select", "href": "https://a.example/s", "method": "POST", "refresh": 100, "accepts": "a",
         "produces": "b", "relatesTo": ["$.currentAuthenticator"], "value": [
            {"name": "authenticator", "type": "object", "label": "Way", "hint": "h", "format": "f", "options": [
                {"label": "Phone", "relatesTo": "$.authenticators.value[0]", "value": {"form": {"value": [
                    {"name": "id", "value": "aut1", "mutable": false},
                    {"name": "methodType", "options": [{"label": "SMS", "value": "sms"}, {"type": "voice"}]}]}}},
                {"label": "Mail", "form": [{"name": "id", "value": "aut2", "mutable": false}]},
                "odd", 7]},
            {"name": "credentials", "form": {"value": [
                {"name": "pass.cod\u00e9", "secret": true, "minLength": 4, "maxLength": "9", "messages": {"value": [
                    {"message": "Wrong", "i18n": {"key": "k"}}, "odd"]}},
                {"label": "no name", "value": 1e2}]}},
            {"name": "country", "required": true, "options": [{"value": {"type": "object", "value": {
                "inputType": "select", "options": [{"label": "A", "value": "a"}, {"value": [1]}]}}}]}, 7]},
        {"name": "redirect-idp", "href": "https://a.example/i", "method": "GET", "type": "X", "idp": {"id": "i1"}},
        {"name": "sign", "href": "https://a.example/k", "value": [
            {"name": "credentials", "form": {"value": [{"name": "clientData"}, {"name": "authenticatorData"}]}}]},
        "odd"]},
        "messages": {"value": [{"message": "Wrong", "class": "ERROR", "i18n": {"key": "k", "params": ["a", 1]},
            "links": [{"url": "https://h.example", "label": "Help"}]}, {"message": "Bye"}]},
        "currentAuthenticator": {"type": "object", "value": {"id": "aut1", "key": "custom_push", "type": "app",
            "displayName": "App", "authenticatorId": "aut0", "profile": {"id": "a"}, "methods": [{"type": "push"}],
            "settings": {"a": null},
            "contextualData": {"correctAnswer": 42, "qrcode": {"href": "data:"}, "sharedSecret": "A",
                "challengeData": {"challenge": "AQID"}},
            "resend": {"name": "again", "href": "https://a.example/r", "method": "POST", "value": [{"name": "x"}]}}},
        "authenticators": {"value": [{"id": "aut1", "type": "phone"}]},
        "elsewhere": [{"name": "new", "href": "https://a.example/n", "value": [{"name": "y", "form": {"value": []}}]}],
        "twice": 1, "twice": [{"half": "\ud800"}, true]}"#;

    pub(in crate::capi) fn object() -> StepObject {
        StepObject::new(Step::read(BODY.as_bytes()).unwrap())
    }

    /// A getter that takes a node, by its type.
    pub(in crate::capi) enum Getter {
        Text(unsafe extern "C" fn(ic_step, ic_node) -> ic_str),
        Flag(unsafe extern "C" fn(ic_step, ic_node) -> bool),
        Count(unsafe extern "C" fn(ic_step, ic_node) -> usize),
        Millis(unsafe extern "C" fn(ic_step, ic_node) -> u64),
        Number(unsafe extern "C" fn(ic_step, ic_node, *mut u64) -> bool),
        Node(unsafe extern "C" fn(ic_step, ic_node) -> ic_node),
        TextAt(unsafe extern "C" fn(ic_step, ic_node, usize) -> ic_str),
        NodeAt(unsafe extern "C" fn(ic_step, ic_node, usize) -> ic_node),
        TextNamed(unsafe extern "C" fn(ic_step, ic_node, *const c_char) -> ic_str),
        NodeNamed(unsafe extern "C" fn(ic_step, ic_node, *const c_char) -> ic_node),
    }
    use Getter::*;

    pub(in crate::capi) fn read(text: ic_str) -> Option<String> {
        let data = text.data.cast::<u8>();
        // SAFETY: a text of a step that is alive.
        let bytes = (!data.is_null()).then(|| unsafe { std::slice::from_raw_parts(data, text.len) })?;
        Some(std::str::from_utf8(bytes).unwrap().to_owned())
    }

    /// Calls a getter with every kind of argument; how often something came back. Nodes must be those of the step.
    fn call(getter: &Getter, step: ic_step, node: ic_node, nodes: ic_node) -> usize {
        let names = [c"id".as_ptr(), c"resend".as_ptr(), c"credentials".as_ptr(), c"\xff".as_ptr(), std::ptr::null()];
        let text = |text| usize::from(read(text).is_some());
        let known = |node: ic_node| {
            assert!(node == IC_NO_NODE || node < nodes);
            usize::from(node != IC_NO_NODE)
        };
        let indexes = [0, 1, 2, usize::MAX];
        // SAFETY: names are NUL-terminated or NULL, and so are places for numbers.
        unsafe {
            match getter {
                Text(get) => text(get(step, node)),
                Flag(get) => get(step, node).into(),
                Count(get) => get(step, node),
                Millis(get) => (get(step, node) > 0).into(),
                Number(get) => {
                    let mut number = 77;
                    assert!(!get(step, node, std::ptr::null_mut()));
                    let there = get(step, node, &mut number);
                    assert!(number != 77 && (there || number == 0));
                    there.into()
                }
                Node(get) => known(get(step, node)),
                TextAt(get) => indexes.iter().map(|index| text(get(step, node, *index))).sum(),
                NodeAt(get) => indexes.iter().map(|index| known(get(step, node, *index))).sum(),
                TextNamed(get) => names.iter().map(|name| text(get(step, node, *name))).sum(),
                NodeNamed(get) => names.iter().map(|name| known(get(step, node, *name))).sum(),
            }
        }
    }

    /// Calls every getter of a source file with any number: only for a node that `is_one` may something come back.
    pub(in crate::capi) fn check(source: &str, is_one: fn(&StepObject, ic_node) -> bool, getters: &[Getter]) {
        assert_eq!(getters.len(), source.matches("extern \"C\" fn ic_").count(), "a getter is not listed");
        let step = table::insert(object()).unwrap();
        let nodes = (0..).take_while(|node| object().step().node(*node).is_some()).count() as ic_node;
        for (at, getter) in getters.iter().enumerate() {
            let mut came = 0;
            for node in (0..nodes + 3).chain([IC_NO_NODE - 1, IC_NO_NODE]) {
                let found = call(getter, step, node, nodes);
                assert!(found == 0 || is_one(&table::get(step).unwrap(), node), "getter {at}, node {node}");
                came += found;
            }
            assert!(came > 0, "getter {at} finds nothing in the whole step");
            assert_eq!(call(getter, std::ptr::null_mut(), 0, nodes), 0);
        }
        // A panic does not come through, but it ends the step.
        assert!(table::get(step).is_ok());
        table::remove(step).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            field::*,
            message::*,
            remediation::*,
            step::{ic_step_message, ic_step_message_count},
            table,
            view::StepObject,
        },
        storm::{self, Getter::*, object, read},
        *,
    };
    use crate::{
        idx::{Part, Remediation, Step},
        limits::MAX_FORM_DEPTH,
    };

    #[test]
    fn any_number_is_a_value_or_nothing() {
        storm::check(
            include_str!("node.rs"),
            |object, node| object.step().node(node).is_some(),
            &[
                Text(ic_node_kind),
                Text(ic_node_json),
                Text(ic_node_text),
                Count(ic_node_count),
                NodeAt(ic_node_item),
                TextAt(ic_node_member_name),
                NodeNamed(ic_node_member),
            ],
        );
    }

    #[test]
    fn fields_and_options_are_those_of_the_forms() {
        let object = object();
        let forms = [object.step().remediations().collect::<Vec<_>>(), actions(&object)].concat();
        assert_eq!(forms.len(), 4);
        let mut fields = 0;
        for form in forms {
            for expected in form.all_fields() {
                let found = object.field(expected.json().node()).unwrap();
                assert_eq!((found.path(), found.json()), (expected.path(), expected.json()));
                let options: Vec<_> = expected.options().map(|option| option.json().node()).collect();
                assert_eq!(object.step().parts().options(expected.json().node()), options);
                for expected in expected.options() {
                    let found = object.option(expected.json().node()).unwrap();
                    assert_eq!((found.index(), found.field_path()), (expected.index(), expected.field_path()));
                }
                fields += 1;
            }
        }
        assert_eq!(fields, 12);
        let elsewhere = (0..).take_while(|node| object.step().node(*node).is_some());
        let elsewhere = elsewhere.filter(|node| object.field(*node).is_some()).count();
        assert_eq!(elsewhere, fields + 1, "a form in a place nobody expects is a form, too");
    }

    fn actions(object: &StepObject) -> Vec<Remediation<'_>> {
        object.step().actions().into_iter().map(|(_, action)| action).collect()
    }

    #[test]
    fn a_message_is_listed_once_where_its_field_is() {
        let step = table::insert(object()).unwrap();
        // SAFETY: a live handle.
        let all: Vec<_> = unsafe {
            let messages = (0..ic_step_message_count(step)).map(|index| ic_step_message(step, index));
            messages.map(|node| (node, read(ic_message_text(step, node)), read(ic_message_path(step, node)))).collect()
        };
        let (text, path) = (|text: &str| Some(text.to_owned()), Some("credentials.pass.codé".to_owned()));
        let shown: Vec<_> = all.iter().map(|(_, text, path)| (text.clone(), path.clone())).collect();
        assert_eq!(shown, [(text("Wrong"), path.clone()), (text("Bye"), None)]);
        let object = table::get(step).unwrap();
        let form = object.step().remediation("select").unwrap().node();
        // SAFETY: a live handle and a good text.
        unsafe {
            let field = ic_remediation_field_named(step, form, c"credentials.pass.cod\u{e9}".as_ptr());
            assert_eq!(read(ic_field_path(step, field)), path);
            assert_eq!((ic_field_message_count(step, field), ic_field_message(step, field, 0)), (1, all[0].0));
            assert_eq!(read(ic_message_class(step, all[0].0)).as_deref(), Some("ERROR"));
            // What is no form has none of its fields, although the walk of a form would find them.
            let around = ic_node_member(step, form, c"value".as_ptr());
            assert_eq!(ic_remediation_field_count(step, around), 0);
        }
        table::remove(step).unwrap();
    }

    #[test]
    fn forms_end_at_the_limit_and_each_part_belongs_to_one() {
        let field = |inner: &str| format!(r#"{{"name": "a", "form": {{"href": "x", "value": [{inner}]}}}}"#);
        let nested = (0..MAX_FORM_DEPTH + 2).fold(String::new(), |inner, _| field(&inner));
        let body = format!(r#"{{"version": "1", "remediation": {{"value": [{{"name": "r", "value": [{nested}]}}]}}}}"#);
        let object = StepObject::new(Step::read(body.as_bytes()).unwrap());
        let mut at = object.step().remediations().next().unwrap().node();
        let (mut depth, mut part) = (0, Part::Form);
        while let [below] = object.step().parts().fields(part, at) {
            (at, depth, part) = (*below, depth + 1, Part::Field);
            assert_eq!(object.field(at).unwrap().path().len(), depth);
        }
        assert_eq!(depth, MAX_FORM_DEPTH);
    }
}
