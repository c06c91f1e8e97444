//! The types of C: an opaque pointer type for each kind of object, so that the compiler tells them apart, and what lies
//! behind each. The header shows these docs, with the list of each type's functions added.

#![allow(non_camel_case_types)]

use super::table::Kind;

/// The result of a call: `IC_OK` (0), or one of the `IC_ERROR_...` numbers. Numbers are never reused; a newer library may
/// return one that this header does not list.
pub type ic_status = i32;

/// The number of something inside a step: a remediation, a field, an option, an authenticator, a message, any JSON value.
/// Valid with its step, for as long as the step; nothing to free. `IC_NO_NODE` where there is none.
pub type ic_node = u32;

/// No node.
pub const IC_NO_NODE: ic_node = u32::MAX;

macro_rules! kind {
    ($handle:ident, $name:literal, $object:path) => {
        impl Kind for $handle {
            type Object = $object;
            const NAME: &'static str = $name;
        }
    };
}

/// The settings of a client that is to be made: where to sign in, as whom, over what.
/// One call at a time. Free it with `ic_config_free`, as soon as the client is made.
pub struct ic_config_handle {
    _private: [u8; 0],
}
/// See `ic_config_handle`.
pub type ic_config = *mut ic_config_handle;
kind!(ic_config_handle, "ic_config", super::config::ConfigObject);

/// One app at one org: issuer, client id, redirect URI, transport, keys. Immutable; any thread.
/// Free it with `ic_client_free`; flows that were started by it go on.
pub struct ic_client_handle {
    _private: [u8; 0],
}
/// See `ic_client_handle`.
pub type ic_client = *mut ic_client_handle;
kind!(ic_client_handle, "ic_client", super::client::ClientObject);

/// One sign-in. It is always at a step, or complete. One call at a time: a second, from another thread or from inside a
/// callback of the first, gets `IC_ERROR_BUSY`; the functions that only look (`ic_flow_step`, `ic_flow_is_complete`,
/// `ic_flow_requests`) are never busy. On an error the flow is where it was. Free it with `ic_flow_free`.
pub struct ic_flow_handle {
    _private: [u8; 0],
}
/// See `ic_flow_handle`.
pub type ic_flow = *mut ic_flow_handle;
kind!(ic_flow_handle, "ic_flow", crate::client::SharedFlow);

/// What the server asks now: one response, an immutable snapshot. Any thread. What is in it (remediations, fields,
/// options, authenticators, messages) is an `ic_node`, valid with this step. It outlives its flow. Free it with
/// `ic_step_free`, after the last use of a string or node of it.
pub struct ic_step_handle {
    _private: [u8; 0],
}
/// See `ic_step_handle`.
pub type ic_step = *mut ic_step_handle;
kind!(ic_step_handle, "ic_step", super::step::StepObject);

/// What goes back for one form: built with wire names, checked against the form. Independent of its step. One call at a
/// time. Sending does not use it up. Free it with `ic_answer_free`, which wipes the secrets in it.
pub struct ic_answer_handle {
    _private: [u8; 0],
}
/// See `ic_answer_handle`.
pub type ic_answer = *mut ic_answer_handle;
kind!(ic_answer_handle, "ic_answer", super::answer::AnswerObject);

/// The tokens of a complete sign-in, the ID token verified. Immutable; any thread. Free it with `ic_tokens_free`, which
/// wipes them.
pub struct ic_tokens_handle {
    _private: [u8; 0],
}
/// See `ic_tokens_handle`.
pub type ic_tokens = *mut ic_tokens_handle;
kind!(ic_tokens_handle, "ic_tokens", super::tokens::TokensObject);

/// A switch that ends calls from any thread, once and for good. Free it with `ic_cancel_free`; calls under way keep it.
pub struct ic_cancel_handle {
    _private: [u8; 0],
}
/// See `ic_cancel_handle`.
pub type ic_cancel = *mut ic_cancel_handle;
kind!(ic_cancel_handle, "ic_cancel", crate::call::CancelToken);

/// Why a call failed. Immutable; any thread. Free it with `ic_error_free`.
pub struct ic_error_handle {
    _private: [u8; 0],
}
/// See `ic_error_handle`.
pub type ic_error = *mut ic_error_handle;
kind!(ic_error_handle, "ic_error", super::error::ErrorObject);

/// Bytes that the library made and that may be secret (a saved flow, a request body). Immutable; any thread. Free it with
/// `ic_buffer_free`, which wipes them.
pub struct ic_buffer_handle {
    _private: [u8; 0],
}
/// See `ic_buffer_handle`.
pub type ic_buffer = *mut ic_buffer_handle;
kind!(ic_buffer_handle, "ic_buffer", super::buffer::BufferObject);

/// What a handler wants done with a step. Made by the library for one call of `remediate` and gone after it; never freed.
pub struct ic_action_handle {
    _private: [u8; 0],
}
/// See `ic_action_handle`.
pub type ic_action = *mut ic_action_handle;
kind!(ic_action_handle, "ic_action", super::handler::ActionObject);

/// What is being waited for. Made by the library for one call of `waiting` and gone after it; never freed.
pub struct ic_waiting_handle {
    _private: [u8; 0],
}
/// See `ic_waiting_handle`.
pub type ic_waiting = *mut ic_waiting_handle;
kind!(ic_waiting_handle, "ic_waiting", super::handler::WaitingObject);

/// A request that a transport is to send. Made by the library for one call of `send` and gone after it; never freed.
pub struct ic_request_handle {
    _private: [u8; 0],
}
/// See `ic_request_handle`.
pub type ic_request = *mut ic_request_handle;
kind!(ic_request_handle, "ic_request", super::transport::RequestObject);

/// The answer that a transport fills in. Made by the library for one call of `send` and gone after it; never freed.
pub struct ic_response_handle {
    _private: [u8; 0],
}
/// See `ic_response_handle`.
pub type ic_response = *mut ic_response_handle;
kind!(ic_response_handle, "ic_response", super::transport::ResponseObject);

/// The place where a storage puts what it found. Made by the library for one call of `load` and gone after it; never
/// freed.
pub struct ic_stored_handle {
    _private: [u8; 0],
}
/// See `ic_stored_handle`.
pub type ic_stored = *mut ic_stored_handle;
kind!(ic_stored_handle, "ic_stored", super::storage::StoredObject);
