//! A browser on this machine, for desktops and command lines (feature `browser`): opening it, and listening for its return.
//!
//! [`Receiver`] listens on the loopback redirect URI (RFC 8252 section 7.3), [`Launcher`] opens the URL: [`SystemBrowser`] by the
//! convention of `BROWSER`, or else the system's own. A phone needs neither: there the system brings the app its callback.

mod launch;
mod receiver;
mod words;

pub use launch::{Launcher, SystemBrowser, check_url};
pub use receiver::Receiver;
pub use words::{Program, programs};
