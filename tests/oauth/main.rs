//! What goes to the OAuth endpoints, byte for byte; what comes back through a browser; and that nothing from outside can
//! make the library panic.

mod authorize;
mod callback;
mod discovery;
mod nonsense;
mod requests;
