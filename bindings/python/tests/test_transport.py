"""The app's own transport: it fails at each request in turn, and brings what nobody has seen yet."""

import json

import pytest
from conftest import PASSWORD, USER, enter, identify, signs_in
from http_transport import Failing, HttpTransport, Recorder
from test_sign_in import Ada

from interaction_code import Answer, ErrorKind, Retry, SignInError, Transport, TransportError, TransportResponse

REQUESTS = 6  # interact, introspect, identify, answer, token, keys


def until_done(work):
    """Does it again after a failure before anything was sent, as an app does; what failed."""
    failures = []
    while True:
        try:
            return work(), failures
        except SignInError.Unreachable as failed:
            assert failed.details.kind is ErrorKind.NETWORK and not failed.details.maybe_sent
            failures.append(failed)


def test_signs_in_over_a_transport_of_the_app(org):
    transport = Recorder()
    assert signs_in(org.client(transport=transport)).email == USER
    assert len(transport.sent) == REQUESTS
    assert PASSWORD not in repr(transport.sent) + str(transport.sent)


@pytest.mark.parametrize("at", range(1, REQUESTS + 1))
def test_a_failure_before_anything_left_can_be_repeated(org, at):
    client = org.client(transport=Failing(at, after=False))
    sign_in, failures = until_done(client.start)
    for work in (identify, enter):
        before = sign_in.step()
        _, failed = until_done(lambda: work(sign_in))
        failures += failed
        assert sign_in.is_complete() or not sign_in.step().is_same(before)
    tokens, failed = until_done(sign_in.finish)
    assert tokens.email == USER and len(failures + failed) == 1


@pytest.mark.parametrize("at", [3, 4])
def test_after_a_lost_answer_the_server_is_asked(org, at):
    sign_in = org.client(transport=Failing(at, after=True)).start()
    with pytest.raises(SignInError.Unreachable) as failed:
        identify(sign_in)
        enter(sign_in)
    assert failed.value.details.maybe_sent
    if at == 3:
        assert sign_in.refresh().is_password_challenge()
        enter(sign_in)
        assert sign_in.finish().email == USER


@pytest.mark.parametrize(
    "thrown, variant, kind",
    [
        (TransportError.Cancelled(True), SignInError.Cancelled, ErrorKind.CANCELLED),
        (TransportError.TimedOut(True), SignInError.TimedOut, ErrorKind.TIMEOUT),
        (TransportError.Offline("no route", False), SignInError.Unreachable, ErrorKind.OFFLINE),
        (TransportError.Tls("not trusted", True), SignInError.Unreachable, ErrorKind.TLS),
        (TransportError.Proxy("407", False), SignInError.Unreachable, ErrorKind.PROXY),
        (TransportError.Network("reset", True), SignInError.Unreachable, ErrorKind.NETWORK),
        (TransportError.TooLarge(), SignInError.Untrusted, ErrorKind.LIMIT_EXCEEDED),
        (TransportError.Failed("odd", True), SignInError.App, ErrorKind.CALLBACK),
        (ValueError("hunter2"), SignInError.App, ErrorKind.CALLBACK),
    ],
)
def test_each_failure_of_a_transport_has_its_error(org, thrown, variant, kind):
    class Throwing(Transport):
        def send(self, request, cancel):
            raise thrown

    with pytest.raises(variant) as failed:
        org.client(transport=Throwing()).start()
    details = failed.value.details
    assert details.kind is kind and "hunter2" not in details.text
    assert details.maybe_sent == getattr(thrown, "maybe_sent", True)


@pytest.mark.parametrize(
    "status, body",
    [(99, b""), (700, b""), (200, None), (200, b"\x00not json"), (200, b"x" * 9_000_000)],
    ids=["low", "high", "no body", "not json", "too large"],
)
def test_an_answer_that_is_none_is_an_error(org, status, body):
    class Broken(Transport):
        def send(self, request, cancel):
            return TransportResponse(status=status, headers=[], body=body)

    with pytest.raises(SignInError):
        org.client(transport=Broken()).start()


def changed(change):
    """A transport that changes the document of the first step."""

    def body(path, body):
        if not path.endswith("/introspect"):
            return body
        document = json.loads(body)
        change(document)
        return json.dumps(document).encode()

    return Recorder(body)


def test_an_unknown_remediation_is_answered_generically(org):
    def rename(document):
        form = document["remediation"]["value"][0]
        assert form["name"] == "identify"
        form["name"] = "x-frobnicate"
        form["value"].insert(0, {"name": "xFrobs", "type": "x-frob", "label": "Frobs"})

    transport = changed(rename)
    sign_in = org.client(transport=transport).start()
    step = sign_in.step()
    form = step.remediations()[0]
    assert form.kind.is_other() and form.kind.name == form.name == "x-frobnicate"
    assert form.fields[0].field_type.name == "x-frob" and "xFrobs" in step.raw_node(form.id)
    assert sign_in.run(Ada(org)).email == USER


def test_every_message_with_its_key_and_parameters_is_reachable(org):
    messages = [
        {"message": f"m{n}", "class": name, "i18n": {"key": f"key.{n}", "params": [f"p{n}", n, "ü"]}}
        for n, name in enumerate(["ERROR", "WARNING", "INFO", "X-OTHER"])
    ]

    def say(document):
        document["messages"] = {"type": "array", "value": messages}
        field = document["remediation"]["value"][0]["value"][0]
        said = {"message": "f", "class": "ERROR", "i18n": {"key": "key.field"}}
        field["messages"] = {"type": "array", "value": [said]}

    step = org.client(transport=changed(say)).start().step()
    found = {message.key: message for message in step.messages()}
    assert sorted(found) == ["key.0", "key.1", "key.2", "key.3", "key.field"]
    for n in range(4):
        assert found[f"key.{n}"].params == [f"p{n}", str(n), "ü"] and found[f"key.{n}"].text == f"m{n}"
    assert found["key.0"].severity.name == "ERROR" and found["key.1"].severity.name == "WARNING"
    assert found["key.field"].path == step.remediations()[0].fields[0].path
    assert step.remediations()[0].fields[0].messages[0].key == "key.field"


TEXTS = ["😀👩‍👩‍👧", "a\x00b", "שלום \u202eabc", "", "ﷺ" * 300, '"\\/\n\u2028']


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_any_text_comes_and_goes_as_it_is(org, text):
    def label(document):
        document["remediation"]["value"][0]["value"][0]["label"] = text

    transport = changed(label)
    sign_in = org.client(transport=transport).start()
    step = sign_in.step()
    assert step.remediations()[0].fields[0].label == text
    answer = step.answer_named("identify").setting("identifier", text)
    assert isinstance(answer, Answer) and (not text or text not in repr(answer))
    try:
        sign_in.proceed(answer)
    except SignInError.WrongAnswer:
        assert text == ""  # a required field
    else:
        assert json.loads(transport.sent[-1].body)["identifier"] == text


def test_half_a_character_is_refused_without_showing_it(org):
    sign_in = org.client().start()
    with pytest.raises(UnicodeEncodeError) as failed:
        sign_in.step().answer_named("identify").setting("identifier", "hunter2\ud800")
    assert "hunter2" not in str(failed.value)


def test_the_transport_of_the_tests_keeps_to_the_status(org):
    org.control("faults", [{"path": "/idp/idx/identify", "kind": "status", "status": 503, "body": "busy"}])
    sign_in = org.client(transport=HttpTransport()).start()
    with pytest.raises(SignInError.RetryLater) as failed:
        identify(sign_in)
    details = failed.value.details
    assert details.http_status == 503 and details.kind is ErrorKind.HTTP
    # An outage is nobody's fault, and the person reads nothing of it.
    assert (details.phrase.key, details.retry) == ("failed.outage.text", Retry.LATER)
