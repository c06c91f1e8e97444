"""A sandbox from the outside, and clients of it. The environment says where it is: IC_SANDBOX, IC_SANDBOX_ORIGIN."""

import json
import os
import urllib.request

import pytest

from interaction_code import Client, ClientConfig, Hosts

USER = "ada@example.com"
PASSWORD = "Correct-Horse-9"
REDIRECT_URI = "com.example.app:/callback"


class Org:
    """The sandbox: its issuer, its outbox, pushes, faults, the requests it got."""

    def __init__(self):
        self.issuer = os.environ["IC_SANDBOX"]
        self._control = os.environ["IC_SANDBOX_ORIGIN"] + "/sandbox/"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def control(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with self._opener.open(urllib.request.Request(self._control + path, data=data)) as reply:
            return json.loads(reply.read() or b"null")

    def code(self):
        return self.control(f"outbox?to={USER}&kind=email")[-1]["code"]

    def requests(self):
        return [request["path"] for request in self.control("requests")]

    def config(self, client_id):
        scopes = ["openid", "profile", "email", "offline_access"]
        return ClientConfig(issuer=self.issuer, client_id=client_id, redirect_uri=REDIRECT_URI, scopes=scopes)

    def client(self, client_id="app-password", **hosts):
        return Client(self.config(client_id), Hosts(**hosts))


@pytest.fixture
def org():
    org = Org()
    org.control("reset", {})
    return org


def give(sign_in, remediation, path, text):
    """Fills in one text of a remediation and sends it; the next step."""
    return sign_in.proceed(sign_in.step().answer_named(remediation).setting(path, text))


def identify(sign_in):
    return give(sign_in, "identify", "identifier", USER)


def enter(sign_in, text=PASSWORD):
    return give(sign_in, "challenge-authenticator", "credentials.passcode", text)


def choose(sign_in, key):
    answer = sign_in.step().answer_named("select-authenticator-authenticate")
    return sign_in.proceed(answer.choosing_authenticator("authenticator", key))


def signs_in(client):
    """A whole sign-in with a password; the tokens."""
    sign_in = client.start()
    identify(sign_in)
    enter(sign_in)
    return sign_in.finish()
