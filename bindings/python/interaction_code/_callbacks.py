"""What an exception in an app's callback becomes. The generated module alone does three things here that it should not.

It sends the `repr` of an exception that is not declared across, which may hold anything, and fails where that is no
valid text; of one that is not an `Exception` (`KeyboardInterrupt`) it makes a success without a value; and of a declared one
only what it says comes back, without where it was raised. Here what a handler raises ends the call and comes out of it as
it is, with its traceback. So does what is not an `Exception`, from any callback on the thread of the call. Other callbacks
(transport, storage, log) answer the library: what they do not declare is known there by its type alone.
"""

import threading
from typing import Any, Callable

from . import _native


class _Interrupts(threading.local):
    """What has to come out of the call that this thread is in.

    Callbacks run on the thread that made the call; but a token request, which must end even when nobody waits for it any more,
    runs on a short-lived thread of the library's own. What a transport raises there ends the request, and is known by its type.
    """

    pending: BaseException | None = None


class _Undeclared(Exception):
    """Stands for an exception that the app did not declare, by its type."""

    def __init__(self, error: BaseException) -> None:
        self._type = type(error).__name__

    def __repr__(self) -> str:
        return self._type


# What the generated callbacks of a handler are called.
_HANDLER = "_UniffiTraitImplRemediationHandlerImpl."

_interrupts = _Interrupts()
_answer: Any = _native._uniffi_trait_interface_call_with_error
_call: Any = _native._uniffi_rust_call_with_error


def _guarded_answer(
    status: Any,
    make_call: Callable[[], Any],
    write: Callable[[Any], Any],
    declared: type[Exception],
    lower_error: Callable[[Any], Any],
) -> Any:
    asks = make_call.__qualname__.startswith(_HANDLER)

    def guarded(work: Callable[..., Any], *arguments: Any) -> Any:
        if _interrupts.pending is not None:
            # The call is to end: nobody is asked any more.
            raise _Undeclared(_interrupts.pending)
        try:
            return work(*arguments)
        except BaseException as error:
            if asks or not isinstance(error, Exception):
                _interrupts.pending = error
            elif isinstance(error, declared):
                raise
            # Without its cause: a traceback would print what it says.
            raise _Undeclared(error) from None

    def in_guard(work: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments: guarded(work, *arguments)

    return _answer(status, in_guard(make_call), in_guard(write), declared, in_guard(lower_error))


def _guarded_call(*arguments: Any) -> Any:
    outer, _interrupts.pending = _interrupts.pending, None
    try:
        result = _call(*arguments)
    finally:
        pending, _interrupts.pending = _interrupts.pending, outer
        if pending is not None:
            raise pending
    return result


def install() -> None:
    """Puts itself in the place of what the generated module has."""
    _native._uniffi_trait_interface_call_with_error = _guarded_answer
    _native._uniffi_rust_call_with_error = _guarded_call
