//! Structs of callbacks from C: read by their `size`, owned from then on.
//!
//! Each begins with `size_t size` and has `user_data` and `destroy`. What is read is `min(size, known)` bytes into a
//! zeroed struct, so a program that was compiled against an older or a newer header works. A struct that is NULL or
//! smaller than its first version is refused before anything is taken; every other one is owned from here on, and its
//! `destroy` runs exactly once, whatever the call returns.

use std::{ffi::c_void, mem::MaybeUninit};

use super::text::invalid;
use crate::error::Result;

/// Called once with the struct's `user_data` when the library is done with it, on any thread. May be NULL.
pub type ic_destroy_fn = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

/// No struct of ours is nearly as large: a greater `size` is a mistake, and is not read.
const LARGEST: usize = 4096;

/// The size of the first version of a struct, with 64-bit and with 32-bit pointers: numbers, because programs that were
/// compiled then say them for ever, whatever the struct becomes.
pub(super) const fn first(with_64: usize, with_32: usize) -> usize {
    if size_of::<usize>() == 8 { with_64 } else { with_32 }
}

/// A struct of C that begins with its size and is good when all of it is zero bytes.
///
/// # Safety
/// `repr(C)`, its first member is `size_t size`, and every member may be zero.
pub(super) unsafe trait Versioned: Copy {
    /// The C name.
    const NAME: &'static str;
    /// The size of its first version: [`first`].
    const FIRST: usize;
}

/// Reads a struct by its size. Errors: `InvalidArgument` for NULL, too small, and larger with something unknown in it.
///
/// # Safety
/// `pointer` is NULL or points to a struct of which the first member is its size in bytes, all of it readable.
pub(super) unsafe fn read<T: Versioned>(pointer: *const T) -> Result<T> {
    if pointer.is_null() {
        return Err(invalid(format!("the {} is NULL", T::NAME)));
    }
    if !pointer.is_aligned() {
        return Err(invalid(format!("the {} is not aligned", T::NAME)));
    }
    // SAFETY: the first member is the size.
    let size = unsafe { pointer.cast::<usize>().read() };
    if size < T::FIRST {
        let (name, first) = (T::NAME, T::FIRST);
        return Err(invalid(format!("the {name} says a size of {size}; the first version has {first}"))
            .with_advice("Initialise the struct with its IC_..._INIT macro, which sets the size"));
    }
    if size > LARGEST {
        return Err(invalid(format!("the {} says a size of {size}, which cannot be", T::NAME)));
    }
    let known = size_of::<T>();
    let bytes = pointer.cast::<u8>();
    // SAFETY: `size` bytes are readable, by this function's contract.
    let beyond = size > known && (known..size).any(|at| unsafe { *bytes.add(at) } != 0);
    if beyond {
        return Err(invalid(format!("the {} has members that this version of the library does not know", T::NAME))
            .with_advice("The program was compiled for a newer version: update the library, or leave them out"));
    }
    let mut copy = MaybeUninit::<T>::zeroed();
    // SAFETY: both have at least `min(size, known)` bytes, and a struct of this trait is good when zeroed.
    unsafe {
        std::ptr::copy_nonoverlapping(bytes, copy.as_mut_ptr().cast(), size.min(known));
        Ok(copy.assume_init())
    }
}

/// `user_data` with its `destroy`, which runs when this is dropped.
#[derive(Debug)]
pub(super) struct UserData {
    data: *mut c_void,
    destroy: ic_destroy_fn,
}

// SAFETY: the header says of which struct the functions are called from several threads; the pointer itself is only a number.
unsafe impl Send for UserData {}
// SAFETY: as above.
unsafe impl Sync for UserData {}

impl UserData {
    pub(super) fn new(data: *mut c_void, destroy: ic_destroy_fn) -> Self {
        UserData { data, destroy }
    }

    pub(super) fn get(&self) -> *mut c_void {
        self.data
    }
}

impl Drop for UserData {
    fn drop(&mut self) {
        if let Some(destroy) = self.destroy.take() {
            // SAFETY: the program gave this function for this pointer, and it is called once.
            unsafe { destroy(self.data) };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[repr(C)]
    #[derive(Clone, Copy)]
    struct Two {
        size: usize,
        first: u64,
        second: u64,
    }
    // SAFETY: as the trait wants.
    unsafe impl Versioned for Two {
        const NAME: &'static str = "two";
        const FIRST: usize = 16;
    }
    #[repr(C)]
    struct Three {
        two: Two,
        third: u64,
    }

    /// Programs that are out say these; a member that is added changes the struct, and none of these numbers.
    #[test]
    fn the_first_sizes_are_never_changed() {
        use crate::capi::{cancel::ic_call, handler::ic_handler, log::ic_log, start::ic_start_options};
        use crate::capi::{storage::ic_storage, transport::ic_transport};
        let words = |count: usize| count * size_of::<usize>();
        fn sizes<T: Versioned>() -> (usize, usize) {
            (T::FIRST, size_of::<T>())
        }
        let all = [
            (sizes::<ic_handler>(), words(5)),
            (sizes::<ic_log>(), words(4)),
            (sizes::<ic_storage>(), words(6)),
            (sizes::<ic_transport>(), words(4)),
            (sizes::<ic_call>(), words(2) + 8),
        ];
        for ((first, now), was) in all {
            assert!(first == was && now >= first, "{first} {was} {now}");
        }
        let (first, now) = sizes::<ic_start_options>();
        assert!(first < now, "the device came later");
    }

    fn read_two(two: &Two) -> Result<Two> {
        // SAFETY: a good struct.
        unsafe { read(two) }
    }

    #[test]
    fn older_and_newer_structs_are_read() {
        let two = Two { size: 16, first: 1, second: 2 };
        assert_eq!(read_two(&two).map(|two| (two.first, two.second)).unwrap(), (1, 0), "beyond its size is not read");
        assert!(read_two(&Two { size: 15, ..two }).is_err());
        assert!(read_two(&Two { size: 0, ..two }).is_err());
        assert!(read_two(&Two { size: usize::MAX, ..two }).is_err());
        let newer = |third| Three { two: Two { size: 32, ..two }, third };
        let read_three = |three: &Three| {
            // SAFETY: the size covers the whole struct.
            unsafe { read(std::ptr::from_ref(three).cast::<Two>()) }
        };
        let _ = size_of::<Three>();
        assert_eq!(read_three(&newer(0)).unwrap().second, 2);
        assert!(read_three(&newer(1)).is_err());
        // SAFETY: NULL is allowed.
        assert!(unsafe { read(std::ptr::null::<Two>()) }.is_err());
    }

    #[test]
    fn destroy_runs_once() {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        unsafe extern "C" fn count(_: *mut c_void) {
            COUNT.fetch_add(1, Ordering::Relaxed);
        }
        drop(UserData::new(std::ptr::null_mut(), Some(count)));
        assert_eq!(COUNT.load(Ordering::Relaxed), 1);
    }
}
