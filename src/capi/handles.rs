//! The types of C: an opaque pointer type for each kind of object, so that the compiler tells them apart. What lies behind
//! each is said where its functions are (`kind!`). The header shows these docs, with the list of each type's functions added.

#![allow(non_camel_case_types)]

/// The result of a call: `IC_OK` (0), or one of the `IC_ERROR_...` numbers. Numbers are never reused; a newer library may
/// return one that this header does not list.
pub type ic_status = i32;

/// The number of something inside a step: a remediation, a field, an option, an authenticator, a message, any JSON value.
/// Valid with its step, for as long as the step; nothing to free. `IC_NO_NODE` where there is none.
pub type ic_node = u32;

/// No node.
pub const IC_NO_NODE: ic_node = u32::MAX;

/// The node of the whole response.
pub const IC_ROOT_NODE: ic_node = 0;

/// The settings of a client that is to be made: where to sign in, as whom, over what.
/// One call at a time. Free it with `ic_config_free`, as soon as the client is made.
pub struct ic_config_handle {
    _private: [u8; 0],
}
/// See `ic_config_handle`.
pub type ic_config = *mut ic_config_handle;

/// One app at one org: issuer, client id, redirect URI, transport, keys. Immutable; any thread.
/// Free it with `ic_client_free`; flows that were started by it go on.
pub struct ic_client_handle {
    _private: [u8; 0],
}
/// See `ic_client_handle`.
pub type ic_client = *mut ic_client_handle;

/// One sign-in. It is always at a step, or complete. One call at a time: a second, from another thread or from inside a
/// callback of the first, gets `IC_ERROR_BUSY`; the functions that only look (`ic_flow_step`, `ic_flow_screen`,
/// `ic_flow_is_complete`, `ic_flow_ending`) are never busy. On an error the flow is where it was. Free it with `ic_flow_free`.
pub struct ic_flow_handle {
    _private: [u8; 0],
}
/// See `ic_flow_handle`.
pub type ic_flow = *mut ic_flow_handle;

/// What the server asks now: one response, an immutable snapshot. Any thread. What is in it (remediations, fields,
/// options, authenticators, messages) is an `ic_node`, valid with this step. It outlives its flow. Free it with
/// `ic_step_free`, after the last use of a string or node of it.
pub struct ic_step_handle {
    _private: [u8; 0],
}
/// See `ic_step_handle`.
pub type ic_step = *mut ic_step_handle;

/// What a person sees and can do at one step, decided by the library: what it says, what to draw, the ways on. Immutable;
/// any thread. It outlives its step. Free it with `ic_screen_free`, after the last use of a string of it.
pub struct ic_screen_handle {
    _private: [u8; 0],
}
/// See `ic_screen_handle`.
pub type ic_screen = *mut ic_screen_handle;

/// What a person types for one screen: checked here, sent by a way. Any thread. It outlives its screen's handle. Free it
/// with `ic_draft_free`, which wipes what was typed.
pub struct ic_draft_handle {
    _private: [u8; 0],
}
/// See `ic_draft_handle`.
pub type ic_draft = *mut ic_draft_handle;

/// What goes back for one form: built with wire names, checked against the form. Independent of its step. One call at a
/// time. Sending does not use it up. Free it with `ic_answer_free`, which wipes the secrets in it.
pub struct ic_answer_handle {
    _private: [u8; 0],
}
/// See `ic_answer_handle`.
pub type ic_answer = *mut ic_answer_handle;

/// The tokens of a complete sign-in, the ID token verified. Immutable; any thread. Free it with `ic_tokens_free`, which
/// wipes them.
pub struct ic_tokens_handle {
    _private: [u8; 0],
}
/// See `ic_tokens_handle`.
pub type ic_tokens = *mut ic_tokens_handle;

/// A switch that ends calls from any thread, once and for good. Free it with `ic_cancel_free`; calls under way keep it.
pub struct ic_cancel_handle {
    _private: [u8; 0],
}
/// See `ic_cancel_handle`.
pub type ic_cancel = *mut ic_cancel_handle;

/// Why a call failed. Immutable; any thread. Free it with `ic_error_free`.
pub struct ic_error_handle {
    _private: [u8; 0],
}
/// See `ic_error_handle`.
pub type ic_error = *mut ic_error_handle;

/// Bytes that the library made and that may be secret (a saved flow, a request body). Immutable; any thread. Free it with
/// `ic_buffer_free`, which wipes them.
pub struct ic_buffer_handle {
    _private: [u8; 0],
}
/// See `ic_buffer_handle`.
pub type ic_buffer = *mut ic_buffer_handle;

/// What a handler wants done with a step. Made by the library for one call of `remediate` and gone after it; never freed.
pub struct ic_action_handle {
    _private: [u8; 0],
}
/// See `ic_action_handle`.
pub type ic_action = *mut ic_action_handle;

/// What is being waited for. Made by the library for one call of `waiting` and gone after it; never freed.
pub struct ic_waiting_handle {
    _private: [u8; 0],
}
/// See `ic_waiting_handle`.
pub type ic_waiting = *mut ic_waiting_handle;

/// A request that a transport is to send. Made by the library for one call of `send` and gone after it; never freed.
pub struct ic_request_handle {
    _private: [u8; 0],
}
/// See `ic_request_handle`.
pub type ic_request = *mut ic_request_handle;

/// The answer that a transport fills in. Made by the library for one call of `send` and gone after it; never freed.
pub struct ic_response_handle {
    _private: [u8; 0],
}
/// See `ic_response_handle`.
pub type ic_response = *mut ic_response_handle;

/// The place where a storage puts what it found. Made by the library for one call of `load` and gone after it; never
/// freed.
pub struct ic_stored_handle {
    _private: [u8; 0],
}
/// See `ic_stored_handle`.
pub type ic_stored = *mut ic_stored_handle;
