//! The table of handles: numbers in a pointer's clothes.
//!
//! A handle is the index of a slot and the generation of what is in it, never an address. Whatever number comes in, it is
//! looked up and compared: a freed, foreign, wrong-kind or invented handle is `IC_ERROR_INVALID_HANDLE`. Slots are used
//! again first-in first-out, so a stale handle stays detectable for as long as can be; after the generation of a slot
//! wraps (2^32 uses of it on a 64-bit machine) detection is only probable.
//!
//! Looking up takes the read lock, compares, clones the `Arc` and unlocks; a call goes on with its own reference, also
//! when another thread frees the handle meanwhile. What is taken out is dropped after the lock is gone, because dropping
//! may run foreign code (`destroy`).

use std::{
    any::Any,
    collections::VecDeque,
    ops::Deref,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use crate::error::{Error, ErrorKind, Result};

/// An opaque C type and what lies behind its handles.
pub(super) trait Kind: Sized {
    /// What the table holds for it.
    type Object: Send + Sync + 'static;
    /// The C name, for error texts.
    const NAME: &'static str;
}

/// Says what lies behind a type of C.
macro_rules! kind {
    ($handle:ident, $name:literal, $object:ty) => {
        impl crate::capi::table::Kind for crate::capi::handles::$handle {
            type Object = $object;
            const NAME: &'static str = $name;
        }
    };
}
pub(super) use kind;

/// How many bits of a handle are the index of its slot; the others are the generation.
const INDEX_BITS: u32 = usize::BITS / 2;
const INDEX_MASK: usize = (1 << INDEX_BITS) - 1;
const GENERATION_MASK: usize = usize::MAX >> INDEX_BITS;

struct Entry<T> {
    /// A panic happened while a call used the object: what it holds may be half done.
    poisoned: AtomicBool,
    object: T,
}

#[derive(Default)]
struct Slot {
    generation: usize,
    entry: Option<Arc<dyn Any + Send + Sync>>,
}

#[derive(Default)]
pub(super) struct Table {
    slots: Vec<Slot>,
    free: VecDeque<usize>,
}

static TABLE: RwLock<Table> = RwLock::new(Table { slots: Vec::new(), free: VecDeque::new() });
static LIVE: AtomicUsize = AtomicUsize::new(0);

// Nothing under the lock can panic half-way, so a poisoned lock is as good as any.
fn read() -> RwLockReadGuard<'static, Table> {
    TABLE.read().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn write() -> RwLockWriteGuard<'static, Table> {
    TABLE.write().unwrap_or_else(PoisonError::into_inner)
}

/// How many handles are alive.
pub(super) fn live() -> usize {
    LIVE.load(Ordering::Relaxed)
}

/// An object in use by a call. Its own reference: freeing the handle meanwhile does not take it away.
pub(super) struct Held<T> {
    entry: Arc<Entry<T>>,
    /// Taken while a panic was under way (in a `destroy` that it runs): that panic says nothing about this object.
    during_panic: bool,
}

impl<T> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.entry.object
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        if !self.during_panic && std::thread::panicking() {
            self.entry.poisoned.store(true, Ordering::Release);
        }
    }
}

/// Puts an object into the table.
pub(super) fn insert<K: Kind>(object: K::Object) -> Result<*mut K> {
    let entry = Arc::new(Entry { poisoned: AtomicBool::new(false), object });
    insert_entry(entry).map(std::ptr::without_provenance_mut)
}

fn insert_entry(entry: Arc<dyn Any + Send + Sync>) -> Result<usize> {
    #[cfg(unix)]
    super::fork::watch();
    enter(entry).ok_or_else(|| {
        Error::new(ErrorKind::LimitExceeded, "there are too many live handles")
            .with_advice("Free the handles that are not needed any more; ic_live_handles counts them")
    })
}

fn enter(entry: Arc<dyn Any + Send + Sync>) -> Option<usize> {
    let mut table = write();
    let index = match table.free.pop_front() {
        Some(index) => index,
        None if table.slots.len() > INDEX_MASK => return None,
        None => {
            table.slots.push(Slot::default());
            table.slots.len() - 1
        }
    };
    let slot = table.slots.get_mut(index)?;
    // Never zero, so that no handle is NULL.
    slot.generation = (slot.generation + 1) & GENERATION_MASK;
    slot.generation = slot.generation.max(1);
    slot.entry = Some(entry);
    LIVE.fetch_add(1, Ordering::Relaxed);
    Some((slot.generation << INDEX_BITS) | index)
}

/// A second handle of the same object: each is freed by itself.
pub(super) fn duplicate<K: Kind>(handle: *mut K) -> Result<*mut K> {
    let entry: Arc<Entry<K::Object>> = Arc::clone(&get(handle)?.entry);
    insert_entry(entry).map(std::ptr::without_provenance_mut)
}

fn entry<T: Send + Sync + 'static>(table: &Table, handle: usize) -> Option<Arc<Entry<T>>> {
    let slot = table.slots.get(handle & INDEX_MASK).filter(|slot| slot.generation == handle >> INDEX_BITS)?;
    Arc::clone(slot.entry.as_ref()?).downcast().ok()
}

/// The object behind a handle, whether or not a panic left it half done.
fn find<K: Kind>(handle: *mut K) -> Option<Held<K::Object>> {
    let entry = entry(&read(), handle.addr())?;
    Some(Held { entry, during_panic: std::thread::panicking() })
}

/// The object behind a handle; `None` for whatever is not a good handle of this kind.
pub(super) fn look<K: Kind>(handle: *mut K) -> Option<Held<K::Object>> {
    find(handle).filter(|held| !held.entry.poisoned.load(Ordering::Acquire))
}

/// The object behind a handle. Errors: `InvalidHandle`, and `Internal` for one that a panic left half done.
pub(super) fn get<K: Kind>(handle: *mut K) -> Result<Held<K::Object>> {
    match find(handle) {
        None => Err(no_handle(K::NAME, handle.is_null())),
        Some(held) if held.entry.poisoned.load(Ordering::Acquire) => Err(left_by_a_bug(K::NAME)),
        Some(held) => Ok(held),
    }
}

#[cold]
#[inline(never)]
fn left_by_a_bug(name: &str) -> Error {
    Error::new(
        ErrorKind::Internal,
        format!("this {name} was in use when a bug of the library ended a call, and cannot be used any more"),
    )
    .with_advice("Free it and make a new one; please report the first error")
}

#[cold]
#[inline(never)]
fn no_handle(name: &str, is_null: bool) -> Error {
    let what = if is_null { "is NULL" } else { "is not a live one of that type" };
    Error::new(ErrorKind::InvalidHandle, format!("the {name} handle {what}"))
        .with_advice("Use a handle from its making until it is freed, with the functions of its own type")
}

/// Ends a handle. The object goes when the last call that uses it is done; nothing foreign runs under the lock.
pub(super) fn remove<K: Kind>(handle: *mut K) -> Result<()> {
    let removed = {
        let mut table = write();
        // Only for its kind: the reference is given back at once.
        let known = entry::<K::Object>(&table, handle.addr()).is_some();
        let index = handle.addr() & INDEX_MASK;
        let slot = table.slots.get_mut(index).filter(|_| known);
        let removed = slot.and_then(|slot| slot.entry.take());
        if removed.is_some() {
            table.free.push_back(index);
            LIVE.fetch_sub(1, Ordering::Relaxed);
        }
        removed
    };
    match removed {
        Some(entry) => {
            drop(entry);
            Ok(())
        }
        None => Err(no_handle(K::NAME, handle.is_null())),
    }
}

/// Whether this number is a live handle of any kind.
pub(super) fn is_live(handle: usize) -> bool {
    let table = read();
    let slot = table.slots.get(handle & INDEX_MASK);
    slot.is_some_and(|slot| slot.generation == handle >> INDEX_BITS && slot.entry.is_some())
}

/// A handle that lives as long as this: what a callback is given for its duration.
pub(super) struct Lent<K: Kind>(*mut K);

impl<K: Kind> Lent<K> {
    pub(super) fn new(object: K::Object) -> Result<Self> {
        insert(object).map(Lent)
    }

    pub(super) fn handle(&self) -> *mut K {
        self.0
    }
}

impl<K: Kind> Drop for Lent<K> {
    fn drop(&mut self) {
        // The callback may have freed it against the rules; then there is nothing left to do.
        let _ = remove(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Cat;
    impl Kind for Cat {
        type Object = String;
        const NAME: &'static str = "ic_cat";
    }
    struct Dog;
    impl Kind for Dog {
        type Object = u64;
        const NAME: &'static str = "ic_dog";
    }

    fn kind_of<T>(result: Result<T>) -> Option<ErrorKind> {
        result.err().map(|error| error.kind())
    }

    #[test]
    fn a_handle_is_good_once_and_for_its_kind_only() {
        let cat = insert::<Cat>("tom".to_owned()).unwrap();
        assert_eq!(get(cat).unwrap().as_str(), "tom");
        assert_eq!(kind_of(get(cat.cast::<Dog>())), Some(ErrorKind::InvalidHandle));
        assert_eq!(kind_of(remove(cat.cast::<Dog>())), Some(ErrorKind::InvalidHandle));
        assert!(is_live(cat.addr()));
        let held = get(cat).unwrap();
        remove(cat).unwrap();
        assert_eq!(held.as_str(), "tom", "a call under way keeps its object");
        assert_eq!(kind_of(get(cat)), Some(ErrorKind::InvalidHandle));
        assert_eq!(kind_of(remove(cat)), Some(ErrorKind::InvalidHandle));
        assert!(!is_live(cat.addr()));
    }

    #[test]
    fn numbers_that_never_were_handles_are_refused() {
        for number in [0, 1, 0x1000, usize::MAX, INDEX_MASK, 1 << INDEX_BITS, usize::MAX - INDEX_MASK] {
            assert_eq!(kind_of(get(std::ptr::without_provenance_mut::<Cat>(number))), Some(ErrorKind::InvalidHandle));
        }
    }

    #[test]
    fn a_slot_that_is_used_again_has_another_handle() {
        let mut seen = std::collections::HashSet::new();
        for number in 0..1000 {
            let handle = insert::<Dog>(number).unwrap();
            assert!(seen.insert(handle.addr()));
            remove(handle).unwrap();
        }
        assert!(seen.iter().all(|number| look(std::ptr::without_provenance_mut::<Dog>(*number)).is_none()));
    }

    #[test]
    fn copies_are_freed_one_by_one() {
        let cat = insert::<Cat>("tom".to_owned()).unwrap();
        let copy = duplicate(cat).unwrap();
        remove(cat).unwrap();
        assert_eq!(get(copy).unwrap().as_str(), "tom");
        remove(copy).unwrap();
    }

    #[test]
    fn a_panic_poisons_what_it_used_and_nothing_else() {
        let (cat, dog) = (insert::<Cat>("tom".to_owned()).unwrap(), insert::<Dog>(1).unwrap());
        let unused = get(dog).unwrap();
        drop(unused);
        let caught = std::panic::catch_unwind(|| {
            let _held = get(cat).unwrap();
            std::panic::resume_unwind(Box::new("a bug"));
        });
        assert!(caught.is_err());
        assert_eq!(kind_of(get(cat)), Some(ErrorKind::Internal));
        assert!(look(cat).is_none());
        assert!(get(dog).is_ok());
        remove(cat).unwrap();
        remove(dog).unwrap();
    }

    #[test]
    fn lent_handles_end_with_their_loan() {
        let number = {
            let lent = Lent::<Dog>::new(7).unwrap();
            assert_eq!(*get(lent.handle()).unwrap(), 7);
            lent.handle()
        };
        assert!(look(number).is_none());
    }
}
