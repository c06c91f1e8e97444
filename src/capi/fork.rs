//! fork(2) waits until nobody changes the table of handles: otherwise a thread that is not in the child would have it locked
//! there for good.
//!
//! Whoever forks takes the lock before, and both processes give it back after. The handles go into the child with the rest of
//! the memory, and are good there.

use std::{
    cell::RefCell,
    ffi::c_int,
    sync::{Once, RwLockWriteGuard},
};

use super::table::{Table, write};

thread_local! {
    /// The lock, from before a fork of this thread until after it.
    static HELD: RefCell<Option<RwLockWriteGuard<'static, Table>>> = const { RefCell::new(None) };
}

extern "C" fn before() {
    // A thread that ends has no place for it any more; whoever forks then takes its chance.
    let _ = HELD.try_with(|held| held.replace(Some(write())));
}

extern "C" fn after() {
    let _ = HELD.try_with(|held| held.replace(None));
}

unsafe extern "C" {
    safe fn pthread_atfork(prepare: extern "C" fn(), parent: extern "C" fn(), child: extern "C" fn()) -> c_int;
}

/// Called before the first handle is made.
pub(super) fn watch() {
    static WATCHED: Once = Once::new();
    // It fails without memory only; then a fork is as it was without this.
    WATCHED.call_once(|| {
        let _ = pthread_atfork(before, after, after);
    });
}
