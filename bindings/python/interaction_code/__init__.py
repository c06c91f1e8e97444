"""Native sign-in for Okta Identity Engine with the Interaction Code grant.

The server's policy decides each step, the program answers it: `Client(ClientConfig(...)).start()` gives a `SignIn`,
which is at a `Step`; `step.remediation("identify").answer().setting("identifier", "ada@acme.com")` is an `Answer`;
`SignIn.proceed` sends it and gives the next step; `SignIn.finish` gives the `Tokens`. `SignIn.run` asks a handler.

Calls block; each has a twin for asyncio. A refused answer is a step with messages, not an exception. Exceptions are the
classes in `SignInError`, each with `details`. Nothing here prints a password, a code or a token.
"""

from collections.abc import Iterable

from ._api import Client, Handler, SignIn, in_thread
from ._native import (
    Action,
    Answer,
    AnswerPart,
    AnswerProblem,
    Authenticator,
    AuthenticatorKey,
    AuthenticatorState,
    CallOptions,
    CancelListener,
    CancelRegistration,
    CancelToken,
    Choice,
    ClientConfig,
    ErrorDetails,
    Field,
    FieldOption,
    FieldType,
    HostError,
    Hosts,
    HttpHeader,
    HttpRequest,
    HttpResponse,
    IdentityProvider,
    Intent,
    InternalError,
    JsonValue,
    LogLevel,
    LogSink,
    MessageClass,
    MessageLink,
    MethodType,
    Parameter,
    PasskeyKind,
    PasskeyRequest,
    Remediation,
    RemediationHandler,
    RemediationKind,
    ServerMessage,
    SignInError,
    StartOptions,
    Step,
    StepAction,
    StepMessage,
    StepStatus,
    Storage,
    Tokens,
    Transport,
    TransportError,
    Wait,
    Waiting,
)

__all__ = [
    "Action",
    "Answer",
    "AnswerPart",
    "AnswerProblem",
    "Authenticator",
    "AuthenticatorKey",
    "AuthenticatorState",
    "CallOptions",
    "CancelListener",
    "CancelRegistration",
    "CancelToken",
    "Choice",
    "Client",
    "ClientConfig",
    "ErrorDetails",
    "Field",
    "FieldOption",
    "FieldType",
    "Handler",
    "HostError",
    "Hosts",
    "HttpHeader",
    "HttpRequest",
    "HttpResponse",
    "IdentityProvider",
    "in_thread",
    "Intent",
    "InternalError",
    "JsonValue",
    "LogLevel",
    "LogSink",
    "MessageClass",
    "MessageLink",
    "MethodType",
    "Parameter",
    "PasskeyKind",
    "PasskeyRequest",
    "Remediation",
    "RemediationHandler",
    "RemediationKind",
    "ServerMessage",
    "SignIn",
    "SignInError",
    "StartOptions",
    "Step",
    "StepAction",
    "StepMessage",
    "StepStatus",
    "Storage",
    "Tokens",
    "Transport",
    "TransportError",
    "Wait",
    "Waiting",
]


def _name(found: Iterable[object]) -> None:
    """Where people import a class from is what tracebacks say; its variants, too."""
    for each in found:
        if isinstance(each, type) and each.__module__.startswith(f"{__name__}._"):
            each.__module__ = __name__
            _name(list(vars(each).values()))


_name([globals()[name] for name in __all__])
del _name, Iterable
