//! What an app may bring beside a transport: a place to keep a sign-in ([`Storage`]), a place for log lines ([`LogSink`]), and
//! keys that sign for it ([`KeySigner`]). All are optional; no I/O of the library's own is behind them.
//!
//! The contract of each, which the library relies on and keeps:
//!
//! 1. They are called on the thread of the call that caused it (`start`, `proceed`, `poll`, …), before that call returns; the log
//!    of a token request, its signatures and its transport, on a short-lived thread of the library's own.
//! 2. No lock of the library is held meanwhile, so they may use another client of the library.
//! 3. A client and its clones share them, so several threads may be in them at once.
//! 4. They should be quick: the sign-in waits for them, and neither cancel nor deadline of the call ends them.
//! 5. They should not panic. A panic goes through to the caller of the library; the flow is at its new step by then.

mod log;
mod signer;
mod storage;

pub use log::{LogLevel, LogRecord, LogSink};
pub use signer::{KeySigner, SignFailure, SignatureFormat};
pub use storage::{Storage, Swapped};
