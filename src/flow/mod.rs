//! The sign-in as a machine: one pure match `(State, Event) -> (State, Effect)`, without I/O, clock or randomness.
//!
//! The driver (`client`) hands in what the app wants and what the server said; the machine says what to send next. On
//! an error the state is what it was. The diagram and the retry rules are in `src/flow/README.md`.

mod redemption;
mod reply;
mod saved;
mod snapshot;
mod state;
mod transition;

pub use redemption::{Redemption, RedemptionEffect, RedemptionEvent};
pub use snapshot::{SNAPSHOT_VERSION, Snapshot};
pub use state::{Config, Effect, Event, Phase, Request, State, StepAction, Transaction};
pub use transition::{offers, transition};
