"""Passkeys, which the sandbox does not have: the first step is one that wants them, and what is sent is kept from the server."""

import json

import pytest
from http_transport import HttpTransport

from interaction_code import SignInHandler, PasskeyKind, SignInError, TransportError

CREATED = {"response": {"clientDataJSON": "Y2Q", "attestationObject": "_-8"}}
SIGNED = {"response": {"clientDataJSON": "Y2Q", "authenticatorData": "YWQ", "signature": "_-8", "userHandle": "YWRh"}}


class Passkeys(HttpTransport):
    """Shows a form with these members, about an authenticator with these data."""

    def __init__(self, origin, members, data):
        fields = [{"name": name, "required": True, "visible": False} for name in members]
        form = {"name": "any-name", "href": origin + "/idp/idx/passkey", "relatesTo": ["$.currentAuthenticator"],
                "value": [{"name": "credentials", "type": "object", "required": True, "form": {"value": fields}}]}
        current = {"type": "security_key", "key": "webauthn", "id": "aut1", "contextualData": data}
        self.page = {"version": "1.0.0", "stateHandle": "s", "remediation": {"type": "array", "value": [form]},
                     "currentAuthenticator": {"type": "object", "value": current}}
        self.sent = []

    def send(self, request, cancel):
        if request.url.endswith("/idp/idx/passkey"):
            self.sent.append(json.loads(request.body)["credentials"])
            raise TransportError.Offline("enough", False)
        response = super().send(request, cancel)
        if request.url.endswith("/introspect"):
            response.body = json.dumps(self.page).encode()
        return response


def begun(org, members, data):
    transport = Passkeys(org.issuer.split("/oauth2")[0], members, data)
    sign_in = org.client(transport=transport).start()
    return sign_in, sign_in.step(), transport


def test_a_passkey_is_made(org):
    sign_in, step, transport = begun(org, ["clientData", "attestation"], {"activationData": {"challenge": "Z5y2"}})
    form = step.remediations()[0].id
    passkey = step.passkey(form)
    assert passkey.kind == PasskeyKind.CREATE and "Z5y2" not in repr(step) + repr(passkey)
    options = json.loads(passkey.json)
    assert (options["challenge"], options["rp"]["id"]) == ("Z5y2", "127.0.0.1")
    with pytest.raises(SignInError.Unreachable):
        sign_in.proceed(step.answer(form).setting_passkey(json.dumps(CREATED)))
    assert transport.sent == [{"clientData": "Y2Q=", "attestation": "/+8="}]


def test_a_passkey_signs(org):
    members = ["clientData", "authenticatorData", "signatureData"]
    sign_in, step, transport = begun(org, members, {"challengeData": {"challenge": "Z5y2"}})
    form = step.remediations()[0].id
    assert step.passkey(form).kind == PasskeyKind.GET
    assert json.loads(step.passkey(form).json) == {"challenge": "Z5y2", "rpId": "127.0.0.1", "allowCredentials": []}
    with pytest.raises(SignInError.Unreachable):
        sign_in.proceed(step.answer(form).setting_passkey(json.dumps(SIGNED)))
    assert transport.sent == [{"clientData": "Y2Q=", "authenticatorData": "YWQ=", "signatureData": "/+8="}]


def test_what_does_not_fit_is_refused_at_once_and_not_quoted(org):
    sign_in, step, transport = begun(org, ["clientData", "attestation"], {"activationData": {"challenge": "Z5y2"}})
    answer = step.answer(step.remediations()[0].id)
    for bad in ["hunter2", "{}", json.dumps(SIGNED), '{"response":{"clientDataJSON":"hunter2 !"}}']:
        with pytest.raises(SignInError.WrongAnswer) as failed:
            answer.setting_passkey(bad)
        assert "hunter2" not in str(failed.value) + repr(failed.value)
    assert transport.sent == []


def test_a_handler_makes_a_passkey(org):
    class Keys(SignInHandler):
        def create_passkey(self, request, screen):
            assert json.loads(request)["challenge"] == "Z5y2"
            return json.dumps(CREATED)

    sign_in, _, transport = begun(org, ["clientData", "attestation"], {"activationData": {"challenge": "Z5y2"}})
    with pytest.raises(SignInError.Unreachable):
        sign_in.run(Keys())
    assert transport.sent == [{"clientData": "Y2Q=", "attestation": "/+8="}]
