"""os.fork(): parent and child sign in at the same time with one client, and each gets its own tokens.

The same over TLS is in tests/sign_ins/forks.rs and tests/c/forks.c: the package trusts no sandbox."""

import os
import threading

import pytest
from conftest import PASSWORD, USER, give

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

OTHER = "bob@example.com"
FORKS = 100  # two tests: 200


def signs_in(client, user):
    """Whom the tokens are for."""
    sign_in = client.start()
    give(sign_in, "identify", "identifier", user)
    give(sign_in, "challenge-authenticator", "credentials.passcode", PASSWORD)
    return sign_in.finish().preferred_username


def fork_once(client):
    child = os.fork()
    if child == 0:
        code = 3
        try:
            code = 0 if [signs_in(client, OTHER), signs_in(client, OTHER)] == [OTHER, OTHER] else 1
        except BaseException:
            code = 2
        finally:
            os._exit(code)
    assert [signs_in(client, USER), signs_in(client, USER)] == [USER, USER]
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.fixture
def client(org):
    return org.client()


def test_a_child_signs_in_by_its_own_connections(client):
    assert signs_in(client, USER) == USER
    for _ in range(FORKS):
        fork_once(client)


# Python itself warns of it since 3.12; servers and tests do it all the same.
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_signs_in_beside_the_threads_of_its_parent(client):
    done, signed_in = threading.Event(), []

    def goes_on():
        while not done.is_set():
            signed_in.append(signs_in(client, USER))

    threads = [threading.Thread(target=goes_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(FORKS):
            fork_once(client)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert signed_in and set(signed_in) == {USER}
