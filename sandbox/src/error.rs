//! What can go wrong before the sandbox answers its first request. Afterwards nothing of its own is an error to the
//! caller: what a request does wrong is answered on the wire, as the org would.

use std::net::SocketAddr;

/// Why a sandbox did not start, or a world was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The world file is not TOML, or not the TOML that the sandbox reads.
    #[error("the world file cannot be read: {0}")]
    World(#[from] toml::de::Error),
    /// The world reads well but does not make sense, such as a policy without stages.
    #[error("the world file makes no sense: {0}")]
    Sense(String),
    /// The address is taken, or not one of this machine.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The runtime or the server's thread could not be made.
    #[error("cannot start the server: {0}")]
    Runtime(#[source] std::io::Error),
    /// The signing key or the TLS certificates could not be made.
    #[error("cannot make the {what}: {reason}")]
    Key {
        /// Which of them.
        what: &'static str,
        /// What the library that makes them said.
        reason: String,
    },
}
