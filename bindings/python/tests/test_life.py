"""Cancelling, closing, collecting; many sign-ins."""

import asyncio
import copy
import ctypes
import gc
import pathlib
import pickle
import signal
import subprocess
import sys
import threading
import time

import pytest
from conftest import choose, enter, identify, signs_in
from http_transport import HttpTransport

from interaction_code import (
    CallOptions,
    CancelListener,
    CancelToken,
    LogSink,
    RemediationKind,
    SignInError,
    Transport,
    _native,
    in_thread,
)

# What has not come by then never comes; nothing in a test comes by itself before it is over. That a cancel takes 200 ms is
# measured, not tested: a busy machine takes longer for anything.
HANG = 300
NEVER_MS = 2 * HANG * 1000


def waiting_for_push(org, **hosts):
    sign_in = org.client("app-push", **hosts).start()
    identify(sign_in)
    enter(sign_in)
    choose(sign_in, "okta_verify")
    return sign_in


def in_background(work):
    """Does it on another thread; its outcome comes into the list that is given back with the thread."""
    outcome = []

    def done():
        try:
            outcome.append(work())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=done)
    thread.start()
    time.sleep(0.6)
    assert thread.is_alive()
    return thread, outcome


@pytest.mark.parametrize("own_transport", [False, True])
def test_cancel_from_another_thread_ends_a_wait(org, own_transport):
    sign_in = waiting_for_push(org, **({"transport": HttpTransport()} if own_transport else {}))
    token = CancelToken()
    thread, outcome = in_background(lambda: sign_in.poll(CallOptions(cancel=token, timeout_ms=NEVER_MS)))
    token.cancel()
    thread.join(HANG)
    assert type(outcome[0]) is SignInError.Cancelled
    assert sign_in.refresh().number_challenge()


def cancelled(work):
    """Cancels a task that does this: it ends by that, and no thread goes on behind it."""

    async def main():
        task = asyncio.create_task(work())
        await asyncio.sleep(0.6)
        task.cancel()
        ended, _ = await asyncio.wait({task}, timeout=HANG)
        assert ended
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_cancelling_the_task_ends_a_wait(org):
    sign_in = waiting_for_push(org)
    cancelled(lambda: sign_in.poll_async(CallOptions(timeout_ms=NEVER_MS)))
    # Nothing runs on behind it.
    assert sign_in.refresh().number_challenge()


@pytest.mark.parametrize("own_transport", [False, True])
def test_cancelling_the_task_ends_a_request(org, own_transport):
    sign_in = org.client(**({"transport": HttpTransport()} if own_transport else {})).start()
    org.control("faults", [{"path": "/idp/idx/introspect", "kind": "delay", "ms": NEVER_MS}])
    cancelled(lambda: sign_in.refresh_async(CallOptions(timeout_ms=NEVER_MS)))
    assert sign_in.refresh().remediations()


# Whoever started the tests may ignore the signal, and a child inherits that: it says itself what the signal does.
INTERRUPTED = """
import asyncio, signal, sys
from conftest import Org
signal.signal(signal.SIGINT, signal.default_int_handler)
sign_in = Org().client("app-push").restore(sys.stdin.read())
sign_in.refresh()
asyncio.run(sign_in.poll_async())
"""


def test_ctrl_c_ends_a_wait_of_asyncio(org):
    saved = waiting_for_push(org).save()
    here = pathlib.Path(__file__).parent
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    other = subprocess.Popen([sys.executable, "-c", INTERRUPTED], cwd=here, text=True, **pipes)
    other.stdin.write(saved)
    other.stdin.close()
    polls = lambda: len([path for path in org.requests() if path.endswith("/poll")])
    while polls() == 0:  # it waits for what asyncio runs on a thread
        assert other.poll() is None, other.stderr.read()
        time.sleep(0.05)
    other.send_signal(signal.SIGINT)
    other.wait(HANG)  # the wait itself would go on for as long
    assert "KeyboardInterrupt" in other.stderr.read()
    other.stdout.close()
    other.stderr.close()


def test_a_timeout_of_the_task_is_a_timeout(org):
    async def main():
        await asyncio.wait_for(sign_in.poll_async(), 0.5)

    sign_in = waiting_for_push(org)
    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(main())


def test_a_token_of_the_app_works_in_asyncio_and_is_left_alone(org):
    async def main(token):
        task = asyncio.create_task(in_thread(sign_in.poll, CallOptions(cancel=token)))
        await asyncio.sleep(0.5)
        return task

    async def by_task():
        token = CancelToken()
        (await main(token)).cancel()
        await asyncio.sleep(0.3)
        assert not token.is_cancelled()

    async def by_token():
        token = CancelToken()
        task = await main(token)
        token.cancel()
        with pytest.raises(SignInError.Cancelled):
            await task

    sign_in = waiting_for_push(org)
    asyncio.run(by_task())
    asyncio.run(by_token())


def test_a_time_limit_ends_a_wait(org):
    sign_in = waiting_for_push(org)
    with pytest.raises(SignInError.TimedOut):
        sign_in.poll(CallOptions(timeout_ms=300))
    with pytest.raises(SignInError.Misuse):
        sign_in.poll(CallOptions(timeout_ms=-1))


def test_a_listener_is_told_once_and_not_after_it_was_removed():
    class Told(CancelListener):
        times = 0

        def cancelled(self):
            self.times += 1
            raise ValueError("nobody hears this")

    token, told, removed = CancelToken(), Told(), Told()
    registration, other = token.on_cancel(told), token.on_cancel(removed)
    other.remove()
    token.cancel()
    token.cancel()
    assert (told.times, removed.times) == (1, 0) and token.is_cancelled()
    late = Told()
    late_registration = token.on_cancel(late)
    assert late.times == 1
    del registration, late_registration


def test_closed_while_a_call_runs_on_another_thread(org):
    sign_in = waiting_for_push(org)
    token = CancelToken()
    thread, outcome = in_background(lambda: sign_in.poll(CallOptions(cancel=token)))
    sign_in.close()
    sign_in.close()
    assert thread.is_alive()
    with pytest.raises(ValueError, match="closed"):
        sign_in.step()
    token.cancel()
    thread.join(HANG)
    assert type(outcome[0]) is SignInError.Cancelled


def test_collected_while_a_call_runs_on_another_thread(org):
    class Holding(Transport):
        """Waits until the objects that the call was made on are gone."""

        def __init__(self):
            self.transport, self.hold, self.go = HttpTransport(), False, threading.Event()

        def send(self, request, cancel):
            assert not self.hold or self.go.wait(HANG)
            return self.transport.send(request, cancel)

    transport = Holding()
    held = [org.client(transport=transport).start()]
    transport.hold = True
    thread, outcome = in_background(lambda: held.pop().refresh())
    gc.collect()
    transport.go.set()
    thread.join(HANG)
    assert outcome[0].remediations()


def test_objects_are_not_copied_or_pickled(org):
    sign_in = org.client().start()
    step = sign_in.step()
    objects = [sign_in, step, step.draft(), step.answer_named("identify"), CancelToken(), org.client()]
    for each in objects:
        for twice in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match=f"a {type(each).__name__} cannot be copied"):
                twice(each)
    with pytest.raises(TypeError):
        copy.deepcopy(CallOptions(cancel=CancelToken()))
    # What is drawn is data.
    screen = copy.deepcopy(sign_in.screen())
    assert screen == sign_in.screen() and pickle.loads(pickle.dumps(screen)) == screen
    assert copy.deepcopy(CallOptions(timeout_ms=1)).timeout_ms == 1
    del objects
    gc.collect()
    assert step.offers(RemediationKind.IDENTIFY())


def test_closed_and_used_from_many_threads_at_once(org):
    for _ in range(50):
        sign_in = org.client().start()
        start, odd = threading.Barrier(5), []

        def look():
            start.wait()
            try:
                while True:
                    sign_in.is_complete()
            except ValueError:
                pass
            except Exception as error:
                odd.append(error)

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        start.wait()
        sign_in.close()
        for thread in threads:
            thread.join(HANG)
        assert not odd


class Heap(ctypes.Structure):
    """`struct mallinfo2` of glibc."""

    _names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = list(zip(_names.split(), [ctypes.c_size_t] * 10))


def allocated():
    """The bytes that are allocated now: exact, where the memory of the process also has what was freed."""
    mallinfo2 = ctypes.CDLL(None).mallinfo2
    mallinfo2.restype = Heap
    heap = mallinfo2()
    return heap.uordblks + heap.hblkhd


def kept():
    """How many objects of Python the library holds."""
    converters = [found for name, found in vars(_native).items() if name.startswith("_UniffiFfiConverter")]
    return sum(len(found._handle_map) for found in converters if hasattr(found, "_handle_map"))


def test_a_thousand_sign_ins_without_growth(org):
    client, own = org.client(), org.client(transport=HttpTransport())
    for _ in range(100):
        signs_in(client)
        signs_in(own)
    gc.collect()
    before, held = allocated(), kept()
    for _ in range(500):
        signs_in(client)
        signs_in(own)
    gc.collect()
    assert kept() == held
    assert allocated() - before < 200_000  # one sign-in that is not let go of has 5,000


def test_what_the_app_brought_may_close_another_object_as_it_goes(org):
    """It waited for itself for ever: the lock of closing was held while the last reference to the log went."""
    other, went = org.client(), []

    class Log(LogSink):
        def log(self, level, text):
            pass

        def __del__(self):
            other.close()
            went.append(True)

    org.client(log=Log()).close()
    gc.collect()
    assert went == [True]
    with pytest.raises(ValueError, match="closed"):
        other.start()
