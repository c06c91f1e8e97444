//! What the C face costs: a call with a handle, and whole sign-ins by C calls against the same by Rust calls.
//!
//! Both sides sign in at one sandbox over the built-in transport, in batches that alternate. The C side goes through the
//! exported functions only, as a program in C does. Budgets: 50 ns for a call with a handle, 1.02 for a sign-in.

#![allow(unsafe_code)] // it calls C functions

#[path = "paired/mod.rs"]
mod paired;

use std::{
    ffi::{CStr, c_char, c_void},
    hint::black_box,
    ptr::{null, null_mut},
    time::Instant,
};

use interaction_code::{Call, Client, StartOptions};
use interaction_code_sandbox::{Limits, Options, Sandbox, World};

const CLIENT: &CStr = c"app-password";
const REDIRECT_URI: &CStr = c"com.example.app:/callback";
const USER: &CStr = c"ada@example.com";
const PASSWORD: &CStr = c"Correct-Horse-9";
const ROUNDS: usize = 20;
const BATCH: usize = 10;
const CALLS: u32 = 5_000_000;

type Handle = *mut c_void;

unsafe extern "C" {
    fn ic_abi_version() -> u32;
    fn ic_config_new(
        issuer: *const c_char,
        client_id: *const c_char,
        redirect_uri: *const c_char,
        out: *mut Handle,
        error: *mut Handle,
    ) -> i32;
    fn ic_config_set_no_proxy(config: Handle, error: *mut Handle) -> i32;
    fn ic_config_free(config: Handle) -> i32;
    fn ic_client_new(config: Handle, out: *mut Handle, error: *mut Handle) -> i32;
    fn ic_client_free(client: Handle) -> i32;
    fn ic_flow_start(
        client: Handle,
        options: *const c_void,
        call: *const c_void,
        out: *mut Handle,
        error: *mut Handle,
    ) -> i32;
    fn ic_flow_step(flow: Handle, out: *mut Handle, error: *mut Handle) -> i32;
    fn ic_flow_is_complete(flow: Handle) -> bool;
    fn ic_flow_proceed(flow: Handle, answer: Handle, call: *const c_void, out: *mut Handle, error: *mut Handle) -> i32;
    fn ic_flow_finish(flow: Handle, call: *const c_void, out: *mut Handle, error: *mut Handle) -> i32;
    fn ic_flow_free(flow: Handle) -> i32;
    fn ic_step_http_status(step: Handle) -> i32;
    fn ic_step_free(step: Handle) -> i32;
    fn ic_answer_new_named(step: Handle, name: *const c_char, out: *mut Handle, error: *mut Handle) -> i32;
    fn ic_answer_set_string(answer: Handle, path: *const c_char, value: *const c_char, error: *mut Handle) -> i32;
    fn ic_answer_free(answer: Handle) -> i32;
    fn ic_tokens_free(tokens: Handle) -> i32;
    fn ic_live_handles() -> usize;
}

fn main() {
    // The limit on requests would end the bench, not the sign-ins.
    let limits = Limits { requests_per_minute: 0, ..World::default().limits };
    let options = Options { world: World { limits, ..World::default() }, ..Options::default() };
    let sandbox = Sandbox::start(options).expect("the sandbox starts");
    let issuer = std::ffi::CString::new(sandbox.issuer()).expect("no NUL");
    let c = CClient::new(&issuer);
    calls(&c);
    let rust = Client::builder(&sandbox.issuer(), "app-password", "com.example.app:/callback");
    let rust =
        rust.network(interaction_code::transport::UreqTransport::builder().no_proxy()).build().expect("good settings");
    let by_c = || (0..BATCH).for_each(|_| c.sign_in());
    let by_rust = || (0..BATCH).for_each(|_| sign_in(&rust));
    let compared = paired::compare(ROUNDS, by_c, by_rust);
    println!("each side {} sign-ins of 5 requests, in batches of {BATCH}", ROUNDS * BATCH);
    compared.print("a batch of sign-ins by C calls against Rust calls", 1.02);
    drop(c);
    // SAFETY: takes nothing.
    assert_eq!(unsafe { ic_live_handles() }, 0, "everything was freed");
}

/// The time of one getter with a handle, the loop and an empty call taken off.
fn calls(c: &CClient) {
    let flow = c.start();
    let mut step = null_mut();
    // SAFETY: a live flow, and places for the results.
    assert_eq!(unsafe { ic_flow_step(flow, &mut step, null_mut()) }, 0);
    // SAFETY: takes nothing.
    let empty = nanoseconds(|| unsafe { ic_abi_version() });
    // SAFETY: live handles.
    let flow_ns = nanoseconds(|| unsafe { ic_flow_is_complete(black_box(flow)) }) - empty;
    // SAFETY: as above.
    let step_ns = nanoseconds(|| unsafe { ic_step_http_status(black_box(step)) }) - empty;
    // SAFETY: a live step.
    unsafe { ic_step_free(step) };
    // SAFETY: a stale handle is refused.
    let stale = nanoseconds(|| unsafe { ic_step_http_status(black_box(step)) }) - empty;
    let verdict = if step_ns <= 50.0 { "within" } else { "OVER" };
    println!(
        "a call with a handle, uncontended: step {step_ns:.1} ns, flow {flow_ns:.1} ns, stale {stale:.1} ns; \
         {verdict} the budget of 50 ns"
    );
    // SAFETY: live.
    unsafe { ic_flow_free(flow) };
}

/// The time of one call, in nanoseconds.
fn nanoseconds<T>(call: impl Fn() -> T) -> f64 {
    let began = Instant::now();
    for _ in 0..CALLS {
        black_box(call());
    }
    began.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS)
}

struct CClient(Handle);

impl CClient {
    fn new(issuer: &CStr) -> Self {
        let (mut config, mut client) = (null_mut(), null_mut());
        // SAFETY: NUL-terminated texts, places for the results, live handles.
        unsafe {
            let status =
                ic_config_new(issuer.as_ptr(), CLIENT.as_ptr(), REDIRECT_URI.as_ptr(), &mut config, null_mut());
            assert_eq!(status, 0);
            assert_eq!(ic_config_set_no_proxy(config, null_mut()), 0);
            assert_eq!(ic_client_new(config, &mut client, null_mut()), 0);
            ic_config_free(config);
        }
        CClient(client)
    }

    fn start(&self) -> Handle {
        let mut flow = null_mut();
        // SAFETY: as above.
        assert_eq!(unsafe { ic_flow_start(self.0, null(), null(), &mut flow, null_mut()) }, 0);
        flow
    }

    fn sign_in(&self) {
        let flow = self.start();
        let (mut step, mut next, mut tokens) = (null_mut(), null_mut(), null_mut());
        // SAFETY: as above.
        unsafe {
            assert_eq!(ic_flow_step(flow, &mut step, null_mut()), 0);
            answer(flow, step, c"identify", c"identifier", USER, &mut next);
            ic_step_free(step);
            answer(flow, next, c"challenge-authenticator", c"credentials.passcode", PASSWORD, &mut step);
            ic_step_free(next);
            ic_step_free(step);
            assert_eq!(ic_flow_finish(flow, null(), &mut tokens, null_mut()), 0);
            ic_tokens_free(tokens);
            ic_flow_free(flow);
        }
    }
}

impl Drop for CClient {
    fn drop(&mut self) {
        // SAFETY: live.
        unsafe { ic_client_free(self.0) };
    }
}

/// Answers one field of a remediation.
unsafe fn answer(flow: Handle, step: Handle, name: &CStr, path: &CStr, value: &CStr, next: &mut Handle) {
    let mut answer = null_mut();
    // SAFETY: live handles, NUL-terminated texts, places for the results.
    unsafe {
        assert_eq!(ic_answer_new_named(step, name.as_ptr(), &mut answer, null_mut()), 0);
        assert_eq!(ic_answer_set_string(answer, path.as_ptr(), value.as_ptr(), null_mut()), 0);
        assert_eq!(ic_flow_proceed(flow, answer, null(), next, null_mut()), 0);
        ic_answer_free(answer);
    }
}

fn sign_in(client: &Client) {
    let call = Call::new();
    let mut flow = client.start(StartOptions::default(), &call).expect("it starts");
    let form = flow.step().expect("a step").remediation("identify").expect("identify");
    let answer = form.answer().and_then(|answer| answer.set("identifier", "ada@example.com")).expect("an answer");
    let step = flow.proceed(answer, &call).expect("identified");
    let form = step.remediation("challenge-authenticator").expect("the password");
    let answer =
        form.answer().and_then(|answer| answer.set("credentials.passcode", "Correct-Horse-9")).expect("an answer");
    flow.proceed(answer, &call).expect("proven");
    flow.finish(&call).expect("signed in");
}
