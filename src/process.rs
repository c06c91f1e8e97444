//! What belongs to one process, and not to the child that it forks.
//!
//! fork(2) copies the memory and shares the sockets: two processes would write into one TLS connection with the same key and
//! counter, and read each other's answers. So what holds connections, and what another thread may hold locked at that very
//! moment, is kept by process id: one look at the id before each use, and a child makes its own. What it inherited is left as
//! it is: nothing is written to it, no TLS alert, and nothing of it is run or freed, as the threads that were at work on it
//! are not there any more.

use std::{convert::Infallible, fmt, sync::OnceLock};

/// One value for each process that uses it. No lock is held while a value is made.
pub(crate) struct PerProcess<T>(OnceLock<Box<Node<T>>>);

struct Node<T> {
    process: u32,
    /// `None` never, but while it is dropped.
    value: Option<T>,
    /// That of a process forked from this one.
    next: PerProcess<T>,
}

impl<T> PerProcess<T> {
    /// No value yet.
    pub(crate) const fn new() -> Self {
        PerProcess(OnceLock::new())
    }

    /// This process's value; made when there is none yet, by two threads at once perhaps, of which one's is taken.
    pub(crate) fn get_or_try<E>(&self, make: impl Fn() -> Result<T, E>) -> Result<&T, E> {
        self.of(std::process::id(), make)
    }

    fn of<E>(&self, process: u32, make: impl Fn() -> Result<T, E>) -> Result<&T, E> {
        let mut place = self;
        loop {
            let node = match place.0.get() {
                Some(node) => node,
                None => {
                    let node = Box::new(Node { process, value: Some(make()?), next: PerProcess::new() });
                    place.0.get_or_init(|| node)
                }
            };
            match &node.value {
                Some(value) if node.process == process => return Ok(value),
                _ => place = &node.next,
            }
        }
    }
}

impl<T: Default> PerProcess<T> {
    /// This process's value.
    pub(crate) fn get(&self) -> &T {
        let Ok(value) = self.get_or_try(|| Ok::<_, Infallible>(T::default()));
        value
    }
}

impl<T> Default for PerProcess<T> {
    fn default() -> Self {
        PerProcess::new()
    }
}

impl<T> Drop for Node<T> {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // Another process's: half changed, perhaps, and its connections are in use there.
            std::mem::forget(self.value.take());
        }
    }
}

impl<T> fmt::Debug for PerProcess<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PerProcess").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        rc::Rc,
        sync::atomic::{AtomicU32, Ordering},
    };

    use super::*;

    #[test]
    fn each_process_has_its_own_and_keeps_it() {
        let made = AtomicU32::new(0);
        let values = PerProcess::new();
        let of = |process| {
            *values
                .of(process, || Ok::<_, Infallible>(made.fetch_add(1, Ordering::Relaxed)))
                .unwrap_or_else(|no| match no {})
        };
        assert_eq!([of(10), of(11), of(10), of(12), of(11), of(12)], [0, 1, 0, 2, 1, 2]);
        assert_eq!(made.into_inner(), 3);
        let refused: PerProcess<u32> = PerProcess::new();
        assert_eq!(refused.get_or_try(|| Err("no")), Err("no"));
        assert_eq!(*refused.get(), 0, "a failure is not kept");
    }

    #[test]
    fn what_was_inherited_is_not_dropped() {
        let (own, inherited) = (Rc::new(()), Rc::new(()));
        let values = PerProcess::new();
        let put = |process, value: &Rc<()>| {
            assert!(values.of(process, || Ok::<_, Infallible>(Rc::clone(value))).is_ok());
        };
        put(u32::MAX, &inherited);
        put(std::process::id(), &own);
        drop(values);
        assert_eq!((Rc::strong_count(&own), Rc::strong_count(&inherited)), (1, 2));
    }
}
