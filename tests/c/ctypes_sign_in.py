"""Signs in through the C API with no compiler and no package: proof that the header is enough for a binding.

Environment: IC_LIBRARY (the shared library), IC_SANDBOX (the issuer), IC_SANDBOX_ORIGIN. The header is
../../include/interaction_code.h, or IC_HEADER. Prototypes, structs, callback types and numbers come from it.
"""

import ctypes
import json
import os
import pathlib
import sys
import urllib.request

from c_header import Header

PASSWORD = "Correct-Horse-9"
REDIRECT_URI = "com.example.app:/callback"
SCALARS = {
    "void": None, "bool": ctypes.c_bool, "int32_t": ctypes.c_int32, "int64_t": ctypes.c_int64,
    "uint8_t": ctypes.c_uint8, "uint32_t": ctypes.c_uint32, "uint64_t": ctypes.c_uint64, "size_t": ctypes.c_size_t,
}


class Library:
    """The library with every prototype of the header: `library.ic_flow_start(...)`, `library.struct["ic_call"]`."""

    def __init__(self, path, header):
        self.header = header
        self.shared = ctypes.CDLL(path)
        self.struct, self.callback = {}, {}
        for name in header.structs:
            self.struct[name] = type(name, (ctypes.Structure,), {})
        for name, (returns, parameters) in header.callbacks.items():
            types = [self.type_of(kind) for kind, _ in parameters]
            self.callback[name] = ctypes.CFUNCTYPE(self.type_of(returns), *types)
        for name, members in header.structs.items():
            # As addresses: ctypes would look for a NUL behind a text, and an `ic_str` has none.
            fields = [(own, "void *" if kind == "const char *" else kind) for kind, own in members]
            self.struct[name]._fields_ = [(own, self.type_of(kind)) for own, kind in fields]
        for name, function in header.functions.items():
            if function.hooks and not hasattr(self.shared, name):
                continue  # a library without the hooks for tests
            exported = getattr(self.shared, name)
            exported.restype = self.type_of(function.returns)
            exported.argtypes = [self.type_of(kind) for kind, _ in function.parameters]
            setattr(self, name, exported)

    def type_of(self, kind):
        kind = kind.strip()
        if kind in SCALARS:
            return SCALARS[kind]
        if kind in self.header.aliases:
            return self.type_of(self.header.aliases[kind])
        if kind in self.header.handles or kind in ("void *", "const void *"):
            return ctypes.c_void_p
        if kind == "const char *":
            return ctypes.c_char_p
        if kind in self.struct:
            return self.struct[kind]
        if kind in self.callback:
            return self.callback[kind]
        if kind.endswith("*"):
            return ctypes.POINTER(self.type_of(kind[:-1].replace("const ", "")))
        raise TypeError(f"the header has a type that is not known here: {kind}")

    def make(self, name, **members):
        """A struct with its size set, as the IC_..._INIT macros do it."""
        made = self.struct[name](**members)
        made.size = ctypes.sizeof(made)
        return made

    def constant(self, name):
        return self.header.constants[name]


class Failed(Exception):
    """A call returned an error."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class SignIn:
    """What a binding is in small: handles as numbers, errors as exceptions."""

    def __init__(self, library, issuer, client_id):
        self.library = library
        config = self.out("ic_config_new", issuer.encode(), client_id.encode(), REDIRECT_URI.encode())
        self.call("ic_config_set_scopes", config, b"openid profile")
        self.call("ic_config_set_no_proxy", config)
        self.client = self.out("ic_client_new", config)
        self.free("ic_config_free", config)
        self.flow = self.out("ic_flow_start", self.client, None, None)

    def call(self, name, *arguments):
        """Calls a function whose last parameter is the error."""
        error = ctypes.c_void_p()
        status = getattr(self.library, name)(*arguments, ctypes.byref(error))
        self.check(status, error)

    def out(self, name, *arguments):
        """The same with an output before the error; gives what came out."""
        error, out = ctypes.c_void_p(), ctypes.c_void_p()
        status = getattr(self.library, name)(*arguments, ctypes.byref(out), ctypes.byref(error))
        self.check(status, error)
        return out.value

    def check(self, status, error):
        if status == self.library.constant("IC_OK"):
            assert not error.value
            return
        message = text(self.library.ic_error_message(error)) or f"status {status}"
        assert self.library.ic_error_status(error) == status
        self.free("ic_error_free", error)
        raise Failed(status, message)

    def free(self, name, handle):
        assert getattr(self.library, name)(handle) == 0, name

    def step(self):
        return self.out("ic_flow_step", self.flow)

    def answer(self, step, remediation, path, value):
        answer = self.out("ic_answer_new_named", step, remediation.encode())
        self.call("ic_answer_set_string", answer, path.encode(), value.encode())
        return answer

    def proceed(self, remediation, path, value):
        """Answers one text; gives the keys of the messages of the next step."""
        step = self.step()
        answer = self.answer(step, remediation, path, value)
        self.free("ic_step_free", step)
        following = self.out("ic_flow_proceed", self.flow, answer, None)
        self.free("ic_answer_free", answer)
        keys = self.keys(following)
        self.free("ic_step_free", following)
        return keys

    def keys(self, step):
        count = self.library.ic_step_message_count(step)
        nodes = [self.library.ic_step_message(step, index) for index in range(count)]
        return [text(self.library.ic_message_key(step, node)) for node in nodes]

    def chosen(self, step):
        """The answer that chooses the first authenticator that is offered."""
        form = self.library.ic_step_remediation_named(step, b"select-authenticator-authenticate")
        choice = self.library.ic_remediation_field_named(step, form, b"authenticator")
        answer = self.out("ic_answer_new", step, form)
        self.call("ic_answer_choose", answer, self.library.ic_field_option(step, choice, 0))
        return answer

    def choose(self):
        step = self.step()
        answer = self.chosen(step)
        self.free("ic_step_free", step)
        self.free("ic_step_free", self.out("ic_flow_proceed", self.flow, answer, None))
        self.free("ic_answer_free", answer)

    def finish(self):
        return self.subject(self.out("ic_flow_finish", self.flow, None))

    def subject(self, tokens):
        claims = json.loads(text(self.library.ic_tokens_claims_json(tokens)))
        assert claims["sub"] == text(self.library.ic_tokens_subject(tokens))
        assert text(self.library.ic_tokens_access_token(tokens))
        self.free("ic_tokens_free", tokens)
        return claims["sub"]

    def close(self):
        self.free("ic_flow_free", self.flow)
        self.free("ic_client_free", self.client)


def text(value):
    """An `ic_str` as a string; None where there is none."""
    if not value.data:
        return None
    return ctypes.string_at(value.data, value.len).decode()


def control(path, body=None):
    url = f"{os.environ['IC_SANDBOX_ORIGIN']}/sandbox/{path}"
    data = None if body is None else json.dumps(body).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, data=data)) as reply:
        return json.load(reply)


def pull(library, issuer):
    sign_in = SignIn(library, issuer, "app-email")
    assert sign_in.proceed("identify", "identifier", "ada@example.com") == []
    assert sign_in.proceed("challenge-authenticator", "credentials.passcode", "wrong") == ["incorrectPassword"]
    assert sign_in.proceed("challenge-authenticator", "credentials.passcode", PASSWORD) == []
    sign_in.choose()
    code = [mail["code"] for mail in control("outbox?to=ada@example.com&kind=email")][-1]
    sign_in.proceed("challenge-authenticator", "credentials.passcode", code)
    assert library.ic_flow_is_complete(sign_in.flow)
    subject = sign_in.finish()
    try:
        sign_in.finish()
        raise AssertionError("the code is good once")
    except Failed as failed:
        assert failed.status == library.constant("IC_ERROR_INVALID_STATE"), failed
    sign_in.close()
    return subject


def push(library, issuer):
    sign_in = SignIn(library, issuer, "app-push")
    seen = {"passwords": 0, "numbers": [], "destroyed": 0, "failure": None}

    def guarded(work, otherwise):
        """No exception may leave a callback: it is kept, and ends the run."""
        try:
            return work()
        except BaseException as failure:
            seen["failure"] = failure
            return otherwise

    def answers(step, action):
        if library.ic_step_offers(step, b"identify"):
            answer = sign_in.answer(step, "identify", "identifier", "ada@example.com")
        elif library.ic_step_is_password_challenge(step):
            seen["passwords"] += 1
            password = "wrong" if seen["passwords"] == 1 else PASSWORD
            answer = sign_in.answer(step, "challenge-authenticator", "credentials.passcode", password)
        else:
            answer = sign_in.chosen(step)
        assert library.ic_action_proceed(action, answer) == 0
        sign_in.free("ic_answer_free", answer)
        return 0

    def shows_number(waiting):
        if not seen["numbers"]:
            seen["numbers"].append(text(library.ic_waiting_number(waiting)))
            pending = control("push")[-1]
            control(f"push/{pending['id']}/approve", {"answer": seen["numbers"][0]})
        return library.constant("IC_WAIT_CONTINUE")

    def destroys(_):
        seen["destroyed"] += 1

    ends = library.constant("IC_ERROR_CALLBACK")
    asks = library.constant("IC_WAIT_ASK")
    remediate = library.callback["ic_remediate_fn"](lambda _, step, action: guarded(lambda: answers(step, action), ends))
    waiting = library.callback["ic_waiting_fn"](lambda _, waiting: guarded(lambda: shows_number(waiting), asks))
    destroy = library.callback["ic_destroy_fn"](destroys)
    handler = library.make("ic_handler", remediate=remediate, waiting=waiting, destroy=destroy)
    call = library.make("ic_call", timeout_ms=30000)
    tokens = sign_in.out("ic_flow_run", sign_in.flow, ctypes.byref(handler), ctypes.byref(call))
    if seen["failure"]:
        raise seen["failure"]
    assert seen["passwords"] == 2 and len(seen["numbers"]) == 1 and seen["destroyed"] == 1, seen
    subject = sign_in.subject(tokens)
    sign_in.close()
    return subject


def main():
    here = pathlib.Path(__file__).resolve().parent
    header = Header(os.environ.get("IC_HEADER", here / "../../include/interaction_code.h"))
    library = Library(os.environ["IC_LIBRARY"], header)
    issuer = os.environ["IC_SANDBOX"]
    assert library.ic_abi_version() == header.constants["IC_ABI_VERSION"]
    assert pull(library, issuer) == push(library, issuer)
    assert library.ic_live_handles() == 0, library.ic_live_handles()
    print("signed in twice, by pull and by push")


sys.exit(main())
