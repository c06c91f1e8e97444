"""The package as people see it: names, types, texts without secrets, errors."""

import importlib.metadata
import importlib.resources

import pytest
from conftest import PASSWORD, USER, enter, identify, signs_in

import interaction_code
from interaction_code import (
    Client,
    ClientConfig,
    ErrorKind,
    HttpHeader,
    JsonValue,
    SignInError,
    StartOptions,
    TransportError,
    _native,
)


def test_every_public_name_is_there_and_none_is_private():
    names = interaction_code.__all__
    assert names == sorted(names, key=str.lower) and len(set(names)) == len(names)
    assert all(not name.startswith("_") and hasattr(interaction_code, name) for name in names)
    # What the generated module has, except what only it needs.
    generated = {name for name in _native.__all__ if not name.endswith(("Impl", "Protocol"))}
    assert generated <= set(names)


def test_it_is_typed_and_says_its_version():
    assert importlib.resources.files(interaction_code).joinpath("py.typed").is_file()
    assert importlib.metadata.version("interaction-code") == interaction_code.__version__


def test_another_library_is_refused(monkeypatch):
    class Other:
        def __getattr__(self, name):
            return lambda: -1

    with pytest.raises(interaction_code.InternalError):
        _native._uniffi_check_api_checksums(Other())


def test_nothing_prints_a_secret(org):
    sign_in = org.client().start()
    identify(sign_in)
    step = sign_in.step()
    form = step.remediations()[0]
    handle = step.raw_node(form.id)
    assert handle and handle in step.raw()
    answer = step.answer_named("challenge-authenticator").setting("credentials.passcode", PASSWORD)
    draft = step.draft()
    draft.set_text(draft.next(0).kind.input.node, PASSWORD)
    enter(sign_in)
    tokens = sign_in.finish()
    secrets = [PASSWORD, handle, "recover-me", "hint-of-ada"]
    secrets += [tokens.access_token, tokens.refresh_token, tokens.id_token]
    shown = [
        step, form, *form.fields, *step.authenticators(), answer, draft, draft.screen(), step.user(), tokens,
        JsonValue.TEXT(PASSWORD), JsonValue.JSON(f'"{PASSWORD}"'), interaction_code.Action.PROCEED(answer), interaction_code.Action.TAKE(draft, 0),
        StartOptions(recovery_token="recover-me", login_hint="hint-of-ada"), HttpHeader(name="cookie", value=PASSWORD),
        interaction_code.TransportRequest(
            method="POST", url="https://a.b", headers=[], body=PASSWORD.encode(), max_body=1, timeout_ms=1
        ),
        interaction_code.TransportResponse(status=200, headers=[], body=PASSWORD.encode()),
        interaction_code.Waiting(number="1", interval_ms=1, remaining_ms=1, last_failure=None), sign_in,
        interaction_code.Parameter(name="x", value=PASSWORD),
        ClientConfig(issuer="https://a.b", client_id="x", redirect_uri="y", device_token=PASSWORD),
    ]
    for value in shown:
        for text in (repr(value), str(value), f"{value}", repr([value]), f"{value!r}"):
            assert not any(secret in text for secret in secrets), type(value)


def test_an_error_says_what_it_is():
    with pytest.raises(SignInError.Misuse) as failed:
        Client(ClientConfig(issuer="not a url", client_id="x", redirect_uri="y"))
    error = failed.value
    assert isinstance(error, SignInError) and isinstance(error, Exception)
    assert str(error) == error.details.text and error.details.advice and error.details.kind is ErrorKind.INVALID_ARGUMENT
    assert repr(error) == f"SignInError.Misuse({error})"
    assert f"{type(error).__module__}.{type(error).__qualname__}" == "interaction_code.SignInError.Misuse"
    with pytest.raises(SignInError):
        Client.from_json("{")


def test_settings_in_json_and_a_confidential_client(org):
    config = org.config("app-web")
    with Client.confidential(config, "sandbox-secret") as client:
        assert type(client) is Client and signs_in(client).email
    text = f'{{"issuer": "{org.issuer}", "client_id": "app-password", "redirect_uri": "{config.redirect_uri}"}}'
    assert signs_in(Client.from_json(text)).subject


def test_wrong_types_are_type_errors(org):
    with pytest.raises(TypeError):
        org.client().restore(7)
    with pytest.raises(TypeError):
        org.client(transport=object())
    with pytest.raises(SignInError.Misuse):
        org.client().restore("no snapshot")


def test_what_the_transport_says_is_kept():
    error = TransportError.Offline("no route", False)
    assert error.reason == "no route" and not error.maybe_sent


def test_what_is_beside_the_forms_needs_no_parsing(org):
    sign_in = org.client("app-email").start()
    identify(sign_in)
    step = enter(sign_in)
    assert step.user().identifier == USER and step.app().label and step.captcha() is None
    form = step.remediation_named("select-authenticator-authenticate")
    option = form.fields[0].options[0]
    assert step.authenticator(option.authenticators[0]).key.is_email()
    assert step.interaction_code() is None and step.device_challenge() is None


def test_closed_is_closed(org):
    with org.client() as client:
        sign_in = client.start()
    with pytest.raises(ValueError, match="this Client is closed"):
        client.start()
    assert identify(sign_in).is_password_challenge()
