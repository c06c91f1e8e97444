"""os.fork() beside other threads: what this package locks is free in the child.

A lock that another thread holds at the fork would be held in the child for ever, because that thread is not there. So a fork
waits for these locks, which are held for an instant only and never while anybody's code runs, and frees them on both sides.
"""

import os
import threading

from . import _native

_locks: list[threading.Lock] = []


def among_forks(lock: threading.Lock) -> threading.Lock:
    """The same lock, which each fork waits for from now on."""
    _locks.append(lock)
    return lock


def install() -> None:
    """Lets each fork of this process wait for the locks of the generated module, too."""
    for each in vars(_native).values():
        if isinstance(each, type) and "_handle_map" in vars(each):
            among_forks(vars(each)["_handle_map"]._lock)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_lock, after_in_parent=_free, after_in_child=_free)


def _lock() -> None:
    for each in _locks:
        each.acquire()


def _free() -> None:
    for each in reversed(_locks):
        each.release()
