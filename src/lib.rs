//! Native sign-in for Okta Identity Engine.

pub mod call;
pub mod error;
pub mod http;
pub mod idx;
pub mod jose;
pub mod limits;
pub mod oauth;
pub mod secret;
#[cfg(feature = "ureq")]
pub mod transport;

pub use call::{Call, CancelToken};
pub use error::{Error, ErrorKind, ErrorMessage, Problem, Result, Sent};
pub use secret::Secret;
