"""What goes wrong in a handler, and what comes out of the run. Each time the sign-in is where it was."""

import asyncio
import gc
import traceback
import weakref

import pytest
from conftest import PASSWORD, USER, identify
from test_sign_in import Ada

from interaction_code import Action, ErrorKind, LogSink, SignInError, SignInHandler, Storage, Wait, app_failure


def fails(org, work, waiting=None):
    """Runs a handler that does this; the error, and the sign-in as it is then."""

    class Odd(Ada):
        def remediate(self, step):
            return work(self, step) if waiting is None else super().remediate(step)

        def waiting(self, step, shown):
            return super().waiting(step, shown) if waiting is None else waiting(shown)

    sign_in = org.client("app-push").start()
    before = sign_in.step()
    with pytest.raises(BaseException) as failed:
        sign_in.run(Odd(org, mistypes=False))
    if waiting is None:
        assert sign_in.step().is_same(before)
    assert sign_in.run(Ada(org, mistypes=False)).email == USER
    return failed.value


def raises(error):
    def work(*_):
        raise error

    return work


def lines_of(error):
    return "".join(traceback.format_exception(error))


def test_what_a_handler_raises_comes_out_as_it_is_with_its_traceback(org):
    class Odd(Exception):
        def __repr__(self):
            return "half a character: \ud800"

    for raised in (SignInError.Ended(app_failure("the person went away")), KeyError("x"), Odd()):
        error = fails(org, raises(raised))
        assert error is raised and "raise error" in lines_of(error)


def test_what_a_handler_raises_comes_out_of_asyncio(org):
    class Away(Ada):
        def username(self, input, screen):
            raise LookupError("nobody is here")

    sign_in = org.client().start()
    with pytest.raises(LookupError) as failed:
        asyncio.run(sign_in.run_async(Away(org)))
    assert "def username" in lines_of(failed.value) or "nobody is here" in lines_of(failed.value)
    assert any(frame.name == "username" for frame in traceback.extract_tb(failed.value.__traceback__))


def test_of_an_undeclared_error_of_a_storage_only_the_type_is_known(org):
    class Broken(Storage):
        def load(self, key):
            raise KeyError("hunter2")

        def swap(self, key, expected, value):
            raise KeyError("hunter2")

        def keys(self, prefix):
            raise KeyError("hunter2")

    with pytest.raises(SignInError.App) as failed:
        org.client(storage=Broken()).resume()
    assert "KeyError" in str(failed.value) and "hunter2" not in lines_of(failed.value)
    assert failed.value.details.kind is ErrorKind.STORAGE_UNAVAILABLE
    trouble = org.client(storage=Broken()).start().storage_trouble()
    assert trouble.kind is ErrorKind.STORAGE_UNAVAILABLE and "hunter2" not in trouble.text


def test_a_handler_without_a_method_says_which(org):
    class Silent(SignInHandler):
        pass

    sign_in = org.client().start()
    with pytest.raises(SignInError.App, match="does not implement fill.*identifier.*Override it in Silent"):
        sign_in.run(Silent())

    class Named(Silent):
        def username(self, input, screen):
            return USER

        def password(self, input, screen):
            return PASSWORD

    with pytest.raises(SignInError.App, match="does not implement choose"):
        org.client("app-push").start().run(Named())


def test_what_is_no_action_is_an_error(org):
    assert isinstance(fails(org, lambda *_: None), (AttributeError, TypeError))


@pytest.mark.parametrize("stops", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_ends_the_run_and_comes_out(org, stops):
    assert type(fails(org, raises(stops()))) is stops
    assert type(fails(org, None, waiting=raises(stops()))) is stops


def test_an_error_while_waiting_comes_out(org):
    for raised in (SignInError.Ended(app_failure("no patience")), RuntimeError("no patience")):
        assert fails(org, None, waiting=raises(raised)) is raised


def test_a_handler_that_calls_the_sign_in_again_is_told_so(org):
    caught = []

    class Nosy(Ada):
        def remediate(self, step):
            for call in (sign_in.refresh, lambda: sign_in.run(self)):
                with pytest.raises(SignInError.Busy) as failed:
                    call()
                caught.append(failed.value.details.kind)
            # Looking and saving is never busy.
            assert sign_in.save()
            assert sign_in.step().is_same(step) and not sign_in.is_complete()
            return super().remediate(step)

    sign_in = org.client().start()
    assert sign_in.run(Nosy(org)).email == USER
    assert set(caught) == {ErrorKind.BUSY}


def test_a_handler_that_is_only_held_by_the_run(org):
    class Fleeting(Ada):
        def remediate(self, step):
            gc.collect()
            return super().remediate(step)

    handler = Fleeting(org)
    gone = weakref.ref(handler)
    sign_in = org.client().start()
    arguments = [handler]
    del handler
    assert sign_in.run(arguments.pop()).email == USER
    gc.collect()
    assert gone() is None


def test_asking_again_stops_the_wait(org):
    class Impatient(Ada):
        asked = 0

        def remediate(self, step):
            self.asked += step.poll_interval_ms() is not None
            return Action.CANCEL() if self.asked == 2 else super().remediate(step)

        def waiting(self, step, waiting):
            assert step.number_challenge() == waiting.number
            assert waiting.number and waiting.interval_ms > 0 and waiting.remaining_ms > 0
            return Wait.ASK()

    handler = Impatient(org)
    with pytest.raises(SignInError.Cancelled):
        org.client("app-push").start().run(handler)
    assert handler.asked == 2


def test_a_log_that_fails_is_nobodys_to_tell(org):
    class Log(LogSink):
        lines = []

        def log(self, level, text):
            self.lines.append(text)
            raise OSError("disk full")

    sign_in = org.client(log=Log()).start()
    identify(sign_in)
    assert any("/identify" in line for line in Log.lines)
    assert not any(USER in line for line in Log.lines)
