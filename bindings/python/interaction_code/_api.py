"""What is written by hand: `Client` and `SignIn` that can be closed and awaited.

Everything else comes from the generated module as it is.
"""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType
from typing import Any, Callable, TypeVar, cast

from . import _callbacks, _fork, _native, _objects
from ._native import (
    Answer,
    CallOptions,
    CancelListener,
    CancelToken,
    Draft,
    Next,
    RemediationHandler,
    SignInError,
    StartOptions,
    Step,
    Tokens,
)

_T = TypeVar("_T")
_Self = TypeVar("_Self", bound="_Closing")

_callbacks.install()
_fork.install()
_objects.install()
# The generated module has this check, and does not make it.
_native._uniffi_check_api_checksums(_native._UniffiLib)
setattr(SignInError, "__str__", lambda error: error.details.text)


class _Closing:
    """An object that lets go of what it holds when it is closed, and not only when it is collected."""

    _handle: Any
    _closing = _fork.among_forks(threading.Lock())

    def close(self) -> None:
        """Lets go of it. A call under way on another thread goes on to its end; a later one is a `ValueError`."""
        with self._closing:
            handle = getattr(self, "_handle", None)
            self._handle = None
        if handle is not None:
            # Another object lets go of it, with no lock held: what the app brought may close objects as it goes.
            cast(Any, self)._uniffi_make_instance(handle)

    def _uniffi_clone_handle(self) -> Any:
        with self._closing:
            if self._handle is None:
                raise ValueError(f"this {type(self).__name__} is closed")
            return cast(Any, super())._uniffi_clone_handle()

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class SignIn(_Closing, _native.SignIn):
    __doc__ = _native.SignIn.__doc__

    async def proceed_async(self, answer: Answer, call: CallOptions | None = None) -> Step:
        """As `proceed`, for asyncio. When the task is cancelled, the request is."""
        return await in_thread(lambda call: self.proceed(answer, call), call)

    async def take_async(self, draft: Draft, way: int, call: CallOptions | None = None) -> Step:
        """As `take`, for asyncio."""
        return await in_thread(lambda call: self.take(draft, way, call), call)

    async def next_async(self, call: CallOptions | None = None) -> Next:
        """As `next`, for asyncio. When the task is cancelled, the wait is over at once."""
        return await in_thread(self.next, call)

    async def refresh_async(self, call: CallOptions | None = None) -> Step:
        """As `refresh`, for asyncio."""
        return await in_thread(self.refresh, call)

    async def resend_async(self, call: CallOptions | None = None) -> Step:
        """As `resend`, for asyncio."""
        return await in_thread(self.resend, call)

    async def send_async(self, call: CallOptions | None = None) -> Step:
        """As `send`, for asyncio."""
        return await in_thread(self.send, call)

    async def recover_async(self, call: CallOptions | None = None) -> Step:
        """As `recover`, for asyncio."""
        return await in_thread(self.recover, call)

    async def skip_async(self, call: CallOptions | None = None) -> Step:
        """As `skip`, for asyncio."""
        return await in_thread(self.skip, call)

    async def cancel_async(self, call: CallOptions | None = None) -> Step:
        """As `cancel`, for asyncio."""
        return await in_thread(self.cancel, call)

    async def restart_async(self, call: CallOptions | None = None) -> Step:
        """As `restart`, for asyncio."""
        return await in_thread(self.restart, call)

    async def poll_async(self, call: CallOptions | None = None) -> Step:
        """As `poll`, for asyncio. When the task is cancelled, the wait is over at once."""
        return await in_thread(self.poll, call)

    async def poll_while_async(self, handler: RemediationHandler, call: CallOptions | None = None) -> Step:
        """As `poll_while`, for asyncio. The handler is called on another thread."""
        return await in_thread(lambda call: self.poll_while(handler, call), call)

    async def handle_callback_async(self, url: str, call: CallOptions | None = None) -> str | None:
        """As `handle_callback`, for asyncio."""
        return await in_thread(lambda call: self.handle_callback(url, call), call)

    async def finish_async(self, call: CallOptions | None = None) -> Tokens:
        """As `finish`, for asyncio."""
        return await in_thread(self.finish, call)

    async def run_async(self, handler: RemediationHandler, call: CallOptions | None = None) -> Tokens:
        """As `run`, for asyncio. The handler is called on a thread of its own, so it may wait for a person."""
        return await in_thread(lambda call: self.run(handler, call), call)


class Client(_Closing, _native.Client):
    __doc__ = _native.Client.__doc__

    def start(self, options: StartOptions | None = None, call: CallOptions | None = None) -> SignIn:
        """Starts a sign-in: two requests. It is at its first step."""
        return _own(super().start(options, call))

    async def start_async(self, options: StartOptions | None = None, call: CallOptions | None = None) -> SignIn:
        """As `start`, for asyncio."""
        return await in_thread(lambda call: self.start(options, call), call)

    async def prepare_async(self, call: CallOptions | None = None) -> None:
        """As `prepare`, for asyncio."""
        await in_thread(self.prepare, call)

    def restore(self, saved: str) -> SignIn:
        """Continues a sign-in that `SignIn.save` saved, in this process or another. No request is made."""
        return _own(super().restore(saved))

    def resume(self) -> SignIn | None:
        """Continues the sign-in that is in the storage, if there is one."""
        resumed = super().resume()
        return None if resumed is None else _own(resumed)

    def resume_all(self) -> list[SignIn]:  # type: ignore[override]
        """All sign-ins that are in the storage, that of the last call first."""
        return [_own(resumed) for resumed in super().resume_all()]


def _own(made: _native.SignIn) -> SignIn:
    """The same object of ours: it takes the handle over."""
    own = cast(SignIn, SignIn._uniffi_make_instance(made._handle))
    setattr(made, "_handle", None)
    return own


class _Passing(CancelListener):
    """Cancels a token when another one is."""

    def __init__(self, token: CancelToken) -> None:
        self._token = token

    def cancelled(self) -> None:
        self._token.cancel()


async def in_thread(work: Callable[[CallOptions], _T], call: CallOptions | None = None) -> _T:
    """Any blocking call of this package, for asyncio: `await in_thread(sign_in.resend)`.

    When the task is cancelled, the call is, and the task ends after it: the sign-in can be used again at once.
    """
    token = CancelToken()
    options = CallOptions(cancel=token, timeout_ms=None if call is None else call.timeout_ms)
    given = None if call is None or call.cancel is None else call.cancel.on_cancel(_Passing(token))
    running = asyncio.ensure_future(asyncio.to_thread(work, options))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        token.cancel()
        await asyncio.wait([running])
        # It ended because it was cancelled; or just before that, and nobody waits for what it says.
        running.cancelled() or running.exception()
        raise
    finally:
        if given is not None:
            given.remove()
