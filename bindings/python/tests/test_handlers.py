"""What goes wrong in a handler, and what comes out of the run. Each time the sign-in is where it was."""

import gc
import traceback
import weakref

import pytest
from conftest import USER, identify
from test_sign_in import Ada

from interaction_code import Action, ErrorDetails, LogSink, SignInError, Wait


def fails(org, work, waiting=None):
    """Runs a handler that does this; the error, and the sign-in as it is then."""

    class Odd(Ada):
        def remediate(self, step):
            return work(self, step) if waiting is None else super().remediate(step)

        def waiting(self, shown):
            return waiting(shown)

    sign_in = org.client("app-push").start()
    before = sign_in.step().id
    with pytest.raises(BaseException) as failed:
        sign_in.run(Odd(org, mistypes=False))
    if waiting is None:
        assert sign_in.step().id == before
    assert sign_in.run(Ada(org, mistypes=False)).email == USER
    return failed.value


def raises(error):
    def work(*_):
        raise error

    return work


def test_a_declared_error_comes_out_as_it_was(org):
    error = fails(org, raises(SignInError.Ended(ErrorDetails(text="the person went away"))))
    assert type(error) is SignInError.Ended and str(error) == "the person went away"


def test_of_an_undeclared_error_only_the_type_survives(org):
    error = fails(org, raises(KeyError("hunter2")))
    assert isinstance(error, SignInError.App) and "KeyError" in str(error)
    told = "".join(traceback.format_exception(error)) + repr(error.details) + str(error.details)
    assert "hunter2" not in told


def test_an_error_that_cannot_be_printed_is_known_by_its_type(org):
    class Spiteful(Exception):
        def __repr__(self):
            return "hunter2\ud800"

    error = fails(org, raises(Spiteful()))
    assert isinstance(error, SignInError.App) and "Spiteful" in str(error) and "hunter2" not in str(error)


def test_what_is_no_action_is_an_error(org):
    assert isinstance(fails(org, lambda *_: None), SignInError.App)


@pytest.mark.parametrize("stops", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_ends_the_run_and_comes_out(org, stops):
    assert type(fails(org, raises(stops()))) is stops
    assert type(fails(org, None, waiting=raises(stops()))) is stops


def test_an_error_while_waiting_comes_out(org):
    error = fails(org, None, waiting=raises(SignInError.Ended(ErrorDetails(text="no patience"))))
    assert type(error) is SignInError.Ended and str(error) == "no patience"
    assert "RuntimeError" in str(fails(org, None, waiting=raises(RuntimeError("hunter2"))))


def test_a_handler_that_calls_the_sign_in_again_is_told_so(org):
    caught = []

    class Nosy(Ada):
        def remediate(self, step):
            for call in (sign_in.refresh, sign_in.save, lambda: sign_in.run(self)):
                with pytest.raises(SignInError.Misuse) as failed:
                    call()
                caught.append(failed.value.details.kind)
            # Looking is never busy.
            assert sign_in.step().id == step.id and not sign_in.is_complete()
            return super().remediate(step)

    sign_in = org.client().start()
    assert sign_in.run(Nosy(org)).email == USER
    assert set(caught) == {"busy"}


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
            polled = any(form.is_pollable for form in step.remediations)
            self.asked += polled
            return Action.CANCEL() if self.asked == 2 else super().remediate(step)

        def waiting(self, waiting):
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
