//! What reading a whole list by index costs in C, for each getter: nanoseconds an entry, with many entries and with eight
//! times as many. Where both are alike, the list is read in linear time.

#![allow(unsafe_code)] // it calls C functions

use std::{
    ffi::{c_char, c_void},
    hint::black_box,
    time::Instant,
};

use interaction_code as _; // the functions below are in it
use serde_json::json;

const FEW: usize = 1_000;
const MANY: usize = 8 * FEW;

type Handle = *mut c_void;

#[repr(C)]
struct Text {
    data: *const c_char,
    len: usize,
}

unsafe extern "C" {
    fn ic_step_read(body: *const c_void, len: usize, out: *mut Handle, error: *mut Handle) -> i32;
    fn ic_step_free(step: Handle) -> i32;
    fn ic_step_remediation(step: Handle, index: usize) -> u32;
    fn ic_step_authenticator(step: Handle, index: usize) -> u32;
    fn ic_step_message(step: Handle, index: usize) -> u32;
    fn ic_remediation_field(step: Handle, node: u32, index: usize) -> u32;
    fn ic_field_option(step: Handle, node: u32, index: usize) -> u32;
    fn ic_field_choice_label(step: Handle, node: u32, index: usize) -> Text;
    fn ic_field_choice_value(step: Handle, node: u32, index: usize) -> Text;
    fn ic_field_choice_json(step: Handle, node: u32, index: usize) -> Text;
    fn ic_node_item(step: Handle, node: u32, index: usize) -> u32;
    fn ic_authenticator_state(step: Handle, node: u32) -> Text;
}

fn main() {
    println!("{:<24} {:>12} {:>12}", "ns an entry", FEW, MANY);
    let (few, many) = (measured(FEW), measured(MANY));
    for ((name, few), (_, many)) in few.into_iter().zip(many) {
        println!("{name:<24} {few:>12.0} {many:>12.0}");
    }
}

/// Each getter over its whole list, on a step of its own with `count` entries in each list.
fn measured(count: usize) -> Vec<(&'static str, f64)> {
    let entries = |make: fn(usize) -> serde_json::Value| (0..count).map(make).collect::<Vec<_>>();
    let options = entries(|n| json!({"label": n.to_string(), "value": n.to_string()}));
    let body = json!({"version": "1.0.0",
        "remediation": {"value": [{"name": "a", "href": "https://a.example", "value": [{"name": "c", "options": options}]}]},
        "messages": {"value": entries(|n| json!({"message": n.to_string()}))},
        "authenticators": {"value": entries(|n| json!({"id": n.to_string()}))}})
    .to_string();
    let mut step = std::ptr::null_mut();
    // SAFETY: good bytes and places; a live step for all that follows.
    unsafe {
        assert_eq!(ic_step_read(body.as_ptr().cast(), body.len(), &mut step, std::ptr::null_mut()), 0);
        let field = ic_remediation_field(step, ic_step_remediation(step, 0), 0);
        let list = ic_step_authenticator(step, 0) - 1;
        let each = |call: &dyn Fn(usize)| {
            let began = Instant::now();
            (0..count).for_each(call);
            began.elapsed().as_secs_f64() * 1e9 / count as f64
        };
        let there = |text: Text| assert!(!text.data.is_null() && black_box(text.len) > 0);
        let node = |node: u32| assert_ne!(black_box(node), u32::MAX);
        let measured = vec![
            ("ic_field_option", each(&|index| node(ic_field_option(step, field, index)))),
            ("ic_field_choice_label", each(&|index| there(ic_field_choice_label(step, field, index)))),
            ("ic_field_choice_value", each(&|index| there(ic_field_choice_value(step, field, index)))),
            ("ic_field_choice_json", each(&|index| there(ic_field_choice_json(step, field, index)))),
            ("ic_step_message", each(&|index| node(ic_step_message(step, index)))),
            ("ic_step_authenticator", each(&|index| node(ic_step_authenticator(step, index)))),
            ("ic_node_item", each(&|index| node(ic_node_item(step, list, index)))),
            (
                "ic_authenticator_state",
                each(&|index| there(ic_authenticator_state(step, ic_step_authenticator(step, index)))),
            ),
        ];
        assert_eq!(ic_step_free(step), 0);
        measured
    }
}
