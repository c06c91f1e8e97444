//! Whether there is a standard output at all. What is started with it closed (`>&-`) finds `/dev/null` in its place, put
//! there by the runtime of Rust so that no file gets its number: a result would be lost without a word.

#[cfg(unix)]
mod unix {
    use std::sync::atomic::{AtomicBool, Ordering};

    static CLOSED: AtomicBool = AtomicBool::new(false);

    /// Looks before the runtime does.
    #[ctor::ctor(unsafe)]
    fn look() {
        let closed = nix::fcntl::fcntl(std::io::stdout(), nix::fcntl::FcntlArg::F_GETFD).is_err();
        CLOSED.store(closed, Ordering::Relaxed);
    }

    pub fn was_closed() -> bool {
        CLOSED.load(Ordering::Relaxed)
    }
}

#[cfg(unix)]
pub use unix::was_closed;

#[cfg(not(unix))]
pub fn was_closed() -> bool {
    false
}
