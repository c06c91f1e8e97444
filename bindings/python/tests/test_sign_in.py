"""Whole sign-ins: by pull, by push, by asyncio; a wrong password, a number, another process."""

import asyncio
import json
import pathlib
import subprocess
import sys

import pytest
from conftest import PASSWORD, USER, choose, enter, identify, signs_in

from interaction_code import Action, Handler, SignInError, Wait


class Ada(Handler):
    """Ada at the keyboard: mistypes her password at first, reads her mail, approves pushes by their number."""

    def __init__(self, org, mistypes=True):
        self.org, self.mistypes, self.seen, self.numbers = org, mistypes, [], []

    def remediate(self, step):
        self.seen += [message.key for message in step.messages]
        return super().remediate(step)

    def ask(self, field, step):
        if field.name == "identifier":
            return USER
        if field.field_type.is_boolean():
            return None
        if not step.is_password_challenge:
            return self.org.code()
        mistyped, self.mistypes = self.mistypes, False
        return "wrong" if mistyped else PASSWORD

    def choose(self, field, step):
        return field.options[0]

    def waiting(self, waiting):
        if not self.numbers:
            self.numbers.append(waiting.number)
            pending = self.org.control("push")[-1]
            self.org.control(f"push/{pending['id']}/approve", {"answer": waiting.number})
        return Wait.CONTINUE()


def test_by_pull_with_a_wrong_password_first(org):
    with org.client("app-email").start() as sign_in:
        assert identify(sign_in).is_password_challenge
        refused = enter(sign_in, "wrong")
        assert refused.has_error and refused.has_message("incorrectPassword")
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


def test_by_asyncio(org):
    async def sign_in():
        flow = await org.client("app-push").start_async()
        await flow.proceed_async(flow.step().remediation("identify").answer().setting("identifier", USER))
        passcode = flow.step().remediation("challenge-authenticator").answer()
        await flow.proceed_async(passcode.setting("credentials.passcode", PASSWORD))
        form = flow.step().remediation("select-authenticator-authenticate")
        option = form.field("authenticator").options[0]
        step = await flow.proceed_async(form.answer().choosing(option.id))
        waits = asyncio.create_task(flow.poll_async())
        pending = org.control("push")[-1]
        org.control(f"push/{pending['id']}/approve", {"answer": step.number_challenge})
        await waits
        return await flow.finish_async()

    assert asyncio.run(sign_in()).email == USER


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
    from interaction_code import Storage

    class Drawer(Storage):
        def __init__(self):
            self.kept = {}

        def load(self, key):
            return self.kept.get(key)

        def store(self, key, value):
            self.kept[key] = value

        def remove(self, key):
            self.kept.pop(key, None)

    drawer = Drawer()
    identify(org.client(storage=drawer).start())
    resumed = org.client(storage=drawer).resume()
    resumed.refresh()
    enter(resumed)
    assert resumed.finish().email == USER
    assert not drawer.kept and org.client(storage=drawer).resume() is None


def test_an_answer_to_an_earlier_step_is_not_sent(org):
    sign_in = org.client().start()
    old = sign_in.step().remediation("identify").answer().setting("identifier", USER)
    identify(sign_in)
    before = len(org.requests())
    with pytest.raises(SignInError.WrongAnswer) as failed:
        sign_in.proceed(old)
    assert failed.value.details.kind == "invalid_answer" and len(org.requests()) == before


def test_a_wrong_answer_names_the_field_and_not_the_value(org):
    sign_in = org.client().start()
    with pytest.raises(SignInError.WrongAnswer) as failed:
        sign_in.proceed(sign_in.step().remediation("identify").answer().setting("identifyer", "hunter2"))
    assert failed.value.details.problems[0].path == "identifyer" or "identifyer" in str(failed.value)
    assert "hunter2" not in repr(failed.value)


def test_cancel_by_the_handler_ends_the_run(org):
    class Gone(Ada):
        def remediate(self, step):
            return Action.CANCEL()

    with pytest.raises(SignInError.Cancelled):
        org.client().start().run(Gone(org))


def test_twice_with_one_client(org):
    client = org.client()
    assert signs_in(client).subject == signs_in(client).subject
