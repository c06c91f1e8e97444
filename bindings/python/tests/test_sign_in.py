"""Whole sign-ins: by pull, by push, by asyncio; a wrong password, a number, another process."""

import asyncio
import json
import pathlib
import subprocess
import sys
from inspect import signature

import pytest
from conftest import PASSWORD, USER, choose, enter, identify, signs_in

from interaction_code import (
    Action,
    Ask,
    AuthenticatorKey,
    Client,
    ElementKind,
    ErrorKind,
    MessageKey,
    MethodType,
    Next,
    RemediationKind,
    SignIn,
    SignInError,
    SignInHandler,
    _native,
)


class Ada(SignInHandler):
    """Ada at the keyboard: mistypes her password at first, reads her mail, approves pushes by their number."""

    def __init__(self, org, mistypes=True):
        self.org, self.mistypes, self.seen, self.numbers = org, mistypes, [], []

    def messages(self, notices, screen):
        self.seen += [notice.key for notice in notices]

    def username(self, input, screen):
        return USER

    def password(self, input, screen):
        mistyped, self.mistypes = self.mistypes, False
        return "wrong" if mistyped else PASSWORD

    def code(self, input, screen):
        return self.org.code()

    def choose(self, choice, screen):
        return choice.options[0]

    def show_number(self, number, waiting):
        if not self.numbers:
            self.numbers.append(number)
            pending = self.org.control("push")[-1]
            self.org.control(f"push/{pending['id']}/approve", {"answer": number})


def test_by_pull_with_a_wrong_password_first(org):
    with org.client("app-email").start() as sign_in:
        assert identify(sign_in).is_password_challenge()
        refused = enter(sign_in, "wrong")
        assert refused.has_error() and refused.has_message(MessageKey.INCORRECT_PASSWORD())
        enter(sign_in)
        choose(sign_in, "okta_email")
        enter(sign_in, org.code())
        assert sign_in.is_complete()
        tokens = sign_in.finish()
    assert tokens.access_token and tokens.refresh_token and tokens.email == USER
    assert tokens.subject == json.loads(tokens.claims)["sub"]


@pytest.mark.parametrize("client_id", ["app-email", "app-push"])
def test_by_push_with_a_wrong_password_first(org, client_id):
    ada = Ada(org)
    tokens = org.client(client_id).start().run(ada)
    assert tokens.email == USER and "incorrectPassword" in ada.seen
    assert all(ada.numbers) and len(ada.numbers) == (client_id == "app-push")


def test_by_the_screen(org):
    sign_in = org.client("app-email").start()
    titles, given = [], {"identifier": USER, "credentials.passcode": PASSWORD}
    while isinstance(now := sign_in.next(), Next.AT):
        draft = sign_in.draft()
        screen = draft.screen()
        titles.append(screen.title.key)
        way = screen.suggested.way
        while (element := draft.next(way)) is not None:
            if isinstance(element.kind, ElementKind.CHOICE):
                draft.choose(element.kind.choice.node, 0)
            elif isinstance(element.kind.input.ask, Ask.CODE):
                draft.set_text(element.kind.input.node, org.code())
            elif element.kind.input.path in given:
                draft.set_text(element.kind.input.node, given[element.kind.input.path])
        sign_in.take(draft, way)
    assert isinstance(now, Next.COMPLETE) and sign_in.ending().good
    assert sign_in.finish().email == USER
    assert titles == ["identify.form.title", "verify.password.title", "select.verify.title", "verify.email.title"]


def test_a_way_that_is_not_whole_is_not_sent_and_comes_again(org):
    sign_in = org.client().start()
    sign_in.next()
    draft = sign_in.draft()
    before = len(org.requests())
    assert [check.path for check in draft.problems(0)] == ["identifier"]
    with pytest.raises(SignInError.WrongAnswer) as failed:
        sign_in.take(draft, 0)
    assert failed.value.details.problems[0].path == "identifier" and len(org.requests()) == before
    assert isinstance(sign_in.next(), Next.AT)
    for wrong in (lambda: draft.set_text(-1, "x"), lambda: draft.choose(1, 1), lambda: draft.answer(99)):
        with pytest.raises(SignInError.WrongAnswer):
            wrong()


def test_the_screen_of_an_older_step_is_not_sent(org):
    sign_in = org.client().start()
    old = sign_in.draft()
    old.set_text(old.next(0).kind.input.node, USER)
    identify(sign_in)
    before = len(org.requests())
    with pytest.raises(SignInError.WrongAnswer):
        sign_in.take(old, 0)
    assert len(org.requests()) == before


def test_by_asyncio(org):
    async def sign_in():
        flow = await org.client("app-push").start_async()
        await flow.proceed_async(flow.step().answer_named("identify").setting("identifier", USER))
        passcode = flow.step().answer_named("challenge-authenticator")
        await flow.proceed_async(passcode.setting("credentials.passcode", PASSWORD))
        step = flow.step()
        form = step.remediation_named("select-authenticator-authenticate")
        option = step.field(form.id, "authenticator").options[0]
        step = await flow.proceed_async(step.answer(form.id).choosing_option(option.id))
        waits = asyncio.create_task(flow.poll_async())
        pending = org.control("push")[-1]
        org.control(f"push/{pending['id']}/approve", {"answer": step.number_challenge()})
        await waits
        return await flow.finish_async()

    assert asyncio.run(sign_in()).email == USER


def test_every_call_that_waits_has_a_twin_for_asyncio():
    for kind, of in ((SignIn, _native.SignIn), (Client, _native.Client)):
        waits = [name for name, each in vars(of).items() if callable(each) and "call" in signature(each).parameters]
        assert len(waits) == (15 if kind is SignIn else 2), waits
        for name in waits:
            twin, own = signature(getattr(kind, f"{name}_async")), signature(getattr(kind, name))
            assert list(twin.parameters) == list(own.parameters), name


def test_many_at_once_by_asyncio_and_push(org):
    async def sign_in(client):
        return await (await client.start_async()).run_async(Ada(org, mistypes=False))

    async def all_of_them():
        client = org.client()
        return await asyncio.gather(*(sign_in(client) for _ in range(8)))

    assert {tokens.email for tokens in asyncio.run(all_of_them())} == {USER}


OTHER_PROCESS = """
import sys
from conftest import Org, enter
with Org().client().restore(sys.stdin.read()) as sign_in:
    sign_in.refresh()
    enter(sign_in)
    print(sign_in.finish().email)
"""


def test_saved_here_and_restored_in_another_process(org):
    sign_in = org.client().start()
    identify(sign_in)
    saved = sign_in.save()
    here = pathlib.Path(__file__).parent
    command = [sys.executable, "-c", OTHER_PROCESS]
    other = subprocess.run(command, input=saved, capture_output=True, text=True, cwd=here)
    assert other.returncode == 0, other.stderr
    assert other.stdout.strip() == USER


def test_storage_of_the_app_keeps_a_sign_in(org):
    from interaction_code import Storage, Swapped, stored_is_expected

    class Drawer(Storage):
        def __init__(self):
            self.kept = {}

        def load(self, key):
            return self.kept.get(key)

        def swap(self, key, expected, value):
            if not stored_is_expected(expected, self.kept.get(key)):
                return Swapped.CHANGED
            if value is None:
                self.kept.pop(key, None)
            else:
                self.kept[key] = value
            return Swapped.DONE

        def keys(self, prefix):
            return [key for key in self.kept if key.startswith(prefix)]

    drawer = Drawer()
    first = org.client(storage=drawer).start()
    identify(org.client(storage=drawer).start())
    assert len(org.client(storage=drawer).resume_all()) == 2
    resumed = org.client(storage=drawer).resume()
    assert resumed.kept_at() >= first.kept_at() and resumed.storage_trouble() is None
    resumed.refresh()
    enter(resumed)
    assert resumed.finish().email == USER
    left = org.client(storage=drawer).resume_all()
    assert [sign_in.save() for sign_in in left] == [first.save()]
    assert len(drawer.kept) == 2  # what identifies the device stays, and the other sign-in


def test_a_directory_keeps_a_sign_in(org, tmp_path):
    from interaction_code import Client, Hosts, SignInError

    def client():
        return Client(org.config("app-password"), Hosts(storage_directory=str(tmp_path / "kept")))

    identify(client().start())
    resumed = client().resume()
    enter(resumed)
    assert resumed.finish().email == USER
    assert client().resume() is None
    (tmp_path / "kept").chmod(0o755)
    with pytest.raises(SignInError.App, match="others than its owner") as failed:
        client()
    assert failed.value.details.kind is ErrorKind.STORAGE_UNAVAILABLE


def test_an_answer_to_an_earlier_step_is_not_sent(org):
    sign_in = org.client().start()
    old = sign_in.step().answer_named("identify").setting("identifier", USER)
    identify(sign_in)
    before = len(org.requests())
    with pytest.raises(SignInError.WrongAnswer) as failed:
        sign_in.proceed(old)
    assert failed.value.details.kind is ErrorKind.INVALID_ANSWER and len(org.requests()) == before


def test_a_wrong_answer_names_the_field_and_not_the_value(org):
    sign_in = org.client().start()
    answer = sign_in.step().answer_named("identify")
    with pytest.raises(SignInError.WrongAnswer) as failed:
        answer.setting("identifyer", "hunter2")
    assert failed.value.details.problems[0].path == "identifyer"
    with pytest.raises(SignInError.WrongAnswer):
        sign_in.step().answer_named("identifyer")
    assert "hunter2" not in repr(failed.value)


def test_cancel_by_the_handler_ends_the_run(org):
    class Gone(Ada):
        def remediate(self, step):
            return Action.CANCEL()

    with pytest.raises(SignInError.Cancelled):
        org.client().start().run(Gone(org))


def test_the_same_refused_password_again_ends_the_run(org):
    class Stubborn(Ada):
        def password(self, input, screen):
            return "wrong"

    sign_in = org.client().start()
    before = len(org.requests())
    with pytest.raises(SignInError.WrongAnswer):
        sign_in.run(Stubborn(org))
    assert len(org.requests()) - before < 5


def test_twice_with_one_client(org):
    client = org.client()
    assert signs_in(client).subject == signs_in(client).subject
