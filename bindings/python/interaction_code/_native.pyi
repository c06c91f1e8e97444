"""The types of the generated module, for type checkers. Made by stubs.py: do not edit."""

import enum
import typing
from typing import Any

import typing_extensions

_UniffiLib: Any
_uniffi_check_api_checksums: Any
_uniffi_rust_call_with_error: Any
_uniffi_trait_interface_call_with_error: Any


class InternalError(Exception): ...


class AnswerProblem:
    """One thing that is wrong with an answer."""
    path: str
    reason: str
    def __init__(self, *, path: str, reason: str) -> None: ...


class AppInfo:
    """The app that is signed in to."""
    id: typing.Optional[str]
    name: typing.Optional[str]
    label: typing.Optional[str]
    logo: typing.Optional[str]
    home: typing.Optional[str]
    terms: typing.Optional[str]
    privacy: typing.Optional[str]
    def __init__(self, *, id: typing.Optional[str], name: typing.Optional[str], label: typing.Optional[str], logo: typing.Optional[str], home: typing.Optional[str], terms: typing.Optional[str], privacy: typing.Optional[str]) -> None: ...


class Asker:
    """The browser or device that asked, on pages that show a code for it."""
    browser: typing.Optional[str]
    os: typing.Optional[str]
    city: typing.Optional[str]
    state: typing.Optional[str]
    country: typing.Optional[str]
    def __init__(self, *, browser: typing.Optional[str], os: typing.Optional[str], city: typing.Optional[str], state: typing.Optional[str], country: typing.Optional[str]) -> None: ...


class AuthenticatorKey:
    """The stable identifier of a kind of authenticator (idx.md section 6.2)."""

    class PASSWORD(AuthenticatorKey):
        def __init__(self) -> None: ...

    class EMAIL(AuthenticatorKey):
        def __init__(self) -> None: ...

    class PHONE(AuthenticatorKey):
        def __init__(self) -> None: ...

    class OKTA_VERIFY(AuthenticatorKey):
        def __init__(self) -> None: ...

    class GOOGLE_OTP(AuthenticatorKey):
        def __init__(self) -> None: ...

    class SECURITY_QUESTION(AuthenticatorKey):
        def __init__(self) -> None: ...

    class WEBAUTHN(AuthenticatorKey):
        def __init__(self) -> None: ...

    class DUO(AuthenticatorKey):
        def __init__(self) -> None: ...

    class RSA_TOKEN(AuthenticatorKey):
        def __init__(self) -> None: ...

    class ONPREM_MFA(AuthenticatorKey):
        def __init__(self) -> None: ...

    class CUSTOM_OTP(AuthenticatorKey):
        def __init__(self) -> None: ...

    class SYMANTEC_VIP(AuthenticatorKey):
        def __init__(self) -> None: ...

    class YUBIKEY_TOKEN(AuthenticatorKey):
        def __init__(self) -> None: ...

    class CUSTOM_APP(AuthenticatorKey):
        def __init__(self) -> None: ...

    class EXTERNAL_IDP(AuthenticatorKey):
        def __init__(self) -> None: ...

    class SMART_CARD_IDP(AuthenticatorKey):
        def __init__(self) -> None: ...

    class TEMPORARY_ACCESS_CODE(AuthenticatorKey):
        def __init__(self) -> None: ...

    class NFC_PIN(AuthenticatorKey):
        def __init__(self) -> None: ...

    class OTHER(AuthenticatorKey):
        """Something that this version has no word for."""
        name: str
        def __init__(self, name: str) -> None: ...
    def is_PASSWORD(self) -> bool: ...
    def is_password(self) -> bool: ...
    def is_EMAIL(self) -> bool: ...
    def is_email(self) -> bool: ...
    def is_PHONE(self) -> bool: ...
    def is_phone(self) -> bool: ...
    def is_OKTA_VERIFY(self) -> bool: ...
    def is_okta_verify(self) -> bool: ...
    def is_GOOGLE_OTP(self) -> bool: ...
    def is_google_otp(self) -> bool: ...
    def is_SECURITY_QUESTION(self) -> bool: ...
    def is_security_question(self) -> bool: ...
    def is_WEBAUTHN(self) -> bool: ...
    def is_webauthn(self) -> bool: ...
    def is_DUO(self) -> bool: ...
    def is_duo(self) -> bool: ...
    def is_RSA_TOKEN(self) -> bool: ...
    def is_rsa_token(self) -> bool: ...
    def is_ONPREM_MFA(self) -> bool: ...
    def is_onprem_mfa(self) -> bool: ...
    def is_CUSTOM_OTP(self) -> bool: ...
    def is_custom_otp(self) -> bool: ...
    def is_SYMANTEC_VIP(self) -> bool: ...
    def is_symantec_vip(self) -> bool: ...
    def is_YUBIKEY_TOKEN(self) -> bool: ...
    def is_yubikey_token(self) -> bool: ...
    def is_CUSTOM_APP(self) -> bool: ...
    def is_custom_app(self) -> bool: ...
    def is_EXTERNAL_IDP(self) -> bool: ...
    def is_external_idp(self) -> bool: ...
    def is_SMART_CARD_IDP(self) -> bool: ...
    def is_smart_card_idp(self) -> bool: ...
    def is_TEMPORARY_ACCESS_CODE(self) -> bool: ...
    def is_temporary_access_code(self) -> bool: ...
    def is_NFC_PIN(self) -> bool: ...
    def is_nfc_pin(self) -> bool: ...
    def is_OTHER(self) -> bool: ...
    def is_other(self) -> bool: ...


class AuthenticatorState(enum.Enum):
    """What an authenticator is doing in a step."""
    AVAILABLE = 0
    ENROLLED = 1
    ENROLLING = 2
    AUTHENTICATING = 3
    RECOVERING = 4


class MethodType:
    """How an authenticator is used (idx.md section 6.2)."""

    class PASSWORD(MethodType):
        def __init__(self) -> None: ...

    class EMAIL(MethodType):
        def __init__(self) -> None: ...

    class SMS(MethodType):
        def __init__(self) -> None: ...

    class VOICE(MethodType):
        def __init__(self) -> None: ...

    class PUSH(MethodType):
        def __init__(self) -> None: ...

    class TOTP(MethodType):
        def __init__(self) -> None: ...

    class SIGNED_NONCE(MethodType):
        def __init__(self) -> None: ...

    class OTP(MethodType):
        def __init__(self) -> None: ...

    class SECURITY_QUESTION(MethodType):
        def __init__(self) -> None: ...

    class WEBAUTHN(MethodType):
        def __init__(self) -> None: ...

    class DUO(MethodType):
        def __init__(self) -> None: ...

    class IDP(MethodType):
        def __init__(self) -> None: ...

    class CERT(MethodType):
        def __init__(self) -> None: ...

    class TEMPORARY_ACCESS_CODE(MethodType):
        def __init__(self) -> None: ...

    class NFC(MethodType):
        def __init__(self) -> None: ...

    class NFC_PIN(MethodType):
        def __init__(self) -> None: ...

    class CRYPTO(MethodType):
        def __init__(self) -> None: ...

    class OTHER(MethodType):
        """Something that this version has no word for."""
        name: str
        def __init__(self, name: str) -> None: ...
    def is_PASSWORD(self) -> bool: ...
    def is_password(self) -> bool: ...
    def is_EMAIL(self) -> bool: ...
    def is_email(self) -> bool: ...
    def is_SMS(self) -> bool: ...
    def is_sms(self) -> bool: ...
    def is_VOICE(self) -> bool: ...
    def is_voice(self) -> bool: ...
    def is_PUSH(self) -> bool: ...
    def is_push(self) -> bool: ...
    def is_TOTP(self) -> bool: ...
    def is_totp(self) -> bool: ...
    def is_SIGNED_NONCE(self) -> bool: ...
    def is_signed_nonce(self) -> bool: ...
    def is_OTP(self) -> bool: ...
    def is_otp(self) -> bool: ...
    def is_SECURITY_QUESTION(self) -> bool: ...
    def is_security_question(self) -> bool: ...
    def is_WEBAUTHN(self) -> bool: ...
    def is_webauthn(self) -> bool: ...
    def is_DUO(self) -> bool: ...
    def is_duo(self) -> bool: ...
    def is_IDP(self) -> bool: ...
    def is_idp(self) -> bool: ...
    def is_CERT(self) -> bool: ...
    def is_cert(self) -> bool: ...
    def is_TEMPORARY_ACCESS_CODE(self) -> bool: ...
    def is_temporary_access_code(self) -> bool: ...
    def is_NFC(self) -> bool: ...
    def is_nfc(self) -> bool: ...
    def is_NFC_PIN(self) -> bool: ...
    def is_nfc_pin(self) -> bool: ...
    def is_CRYPTO(self) -> bool: ...
    def is_crypto(self) -> bool: ...
    def is_OTHER(self) -> bool: ...
    def is_other(self) -> bool: ...


class Authenticator:
    """One authenticator or enrolment in one place of a response."""
    node: int
    id: typing.Optional[str]
    authenticator_id: typing.Optional[str]
    credential_id: typing.Optional[str]
    key: typing.Optional[AuthenticatorKey]
    authenticator_type: typing.Optional[str]
    display_name: typing.Optional[str]
    state: AuthenticatorState
    methods: typing.List[MethodType]
    email: typing.Optional[str]
    phone_number: typing.Optional[str]
    device_name: typing.Optional[str]
    correct_answer: typing.Optional[str]
    qr_code: typing.Optional[str]
    shared_secret: typing.Optional[str]
    challenge_data: typing.Optional[str]
    activation_data: typing.Optional[str]
    settings: typing.Optional[str]
    def __init__(self, *, node: int, id: typing.Optional[str], authenticator_id: typing.Optional[str], credential_id: typing.Optional[str], key: typing.Optional[AuthenticatorKey], authenticator_type: typing.Optional[str], display_name: typing.Optional[str], state: AuthenticatorState, methods: typing.List[MethodType], email: typing.Optional[str], phone_number: typing.Optional[str], device_name: typing.Optional[str], correct_answer: typing.Optional[str], qr_code: typing.Optional[str], shared_secret: typing.Optional[str], challenge_data: typing.Optional[str], activation_data: typing.Optional[str], settings: typing.Optional[str]) -> None: ...


class Autofill:
    """The words by which a platform fills an input; none where filling is to be off."""
    ios: typing.Optional[str]
    android: typing.Optional[str]
    html: str
    def __init__(self, *, ios: typing.Optional[str], android: typing.Optional[str], html: str) -> None: ...


class ServerMessage:
    """A message of the server's that came with a failure."""
    key: typing.Optional[str]
    text: str
    path: typing.Optional[str]
    def __init__(self, *, key: typing.Optional[str], text: str, path: typing.Optional[str]) -> None: ...


class ErrorDetails:
    """What is known of a failure. A handler that ends a run by an error of its own needs only `text`."""
    kind: str
    code: int
    text: str
    advice: str
    maybe_sent: bool
    http_status: typing.Optional[int]
    request_id: typing.Optional[str]
    oauth_error: typing.Optional[str]
    oauth_description: typing.Optional[str]
    api_code: typing.Optional[str]
    rule: typing.Optional[str]
    retry_after: typing.Optional[float]
    server_messages: typing.List[ServerMessage]
    problems: typing.List[AnswerProblem]
    def __init__(self, *, kind: str=..., code: int=..., text: str, advice: str=..., maybe_sent: bool=..., http_status: typing.Optional[int]=..., request_id: typing.Optional[str]=..., oauth_error: typing.Optional[str]=..., oauth_description: typing.Optional[str]=..., api_code: typing.Optional[str]=..., rule: typing.Optional[str]=..., retry_after: typing.Optional[float]=..., server_messages: typing.List[ServerMessage]=..., problems: typing.List[AnswerProblem]=...) -> None: ...


class SignInError(Exception):
    """Why a call failed. After any of them the sign-in is where it was."""
    details: ErrorDetails

    class Cancelled(SignInError):
        """The app cancelled the call."""
        details: ErrorDetails
        def __init__(self, details: ErrorDetails) -> None: ...

    class TimedOut(SignInError):
        """The time limit of the call passed: call again with more time."""
        details: ErrorDetails
        def __init__(self, details: ErrorDetails) -> None: ...

    class Unreachable(SignInError):
        """There is no way to the server: no network, a proxy, a certificate that is not trusted. Try again later."""
        details: ErrorDetails
        def __init__(self, details: ErrorDetails) -> None: ...

    class RetryLater(SignInError):
        """The server asks to wait: the details say how long."""
        details: ErrorDetails
        def __init__(self, details: ErrorDetails) -> None: ...

    class WrongAnswer(SignInError):
        """The answer does not fit the form, or the step offers no such thing: the details list the problems. Nothing was sent."""
        details: ErrorDetails
        def __init__(self, details: ErrorDetails) -> None: ...

    class Ended(SignInError):
        """The sign-in is over without tokens (expired, denied): show the server's messages in the details, then `restart`."""
        details: ErrorDetails
        def __init__(self, details: ErrorDetails) -> None: ...

    class Refused(SignInError):
        """The server refused the app itself: the advice in the details tells whoever set up the org what to look at."""
        details: ErrorDetails
        def __init__(self, details: ErrorDetails) -> None: ...

    class Untrusted(SignInError):
        """Something between here and the org, or the org, breaks the rules; a token failed verification."""
        details: ErrorDetails
        def __init__(self, details: ErrorDetails) -> None: ...

    class Misuse(SignInError):
        """The app used the library wrongly: bad settings, a call at the wrong time, a second call at once."""
        details: ErrorDetails
        def __init__(self, details: ErrorDetails) -> None: ...

    class App(SignInError):
        """The app's own callback failed, or its storage cannot be used now (`storage_unavailable`)."""
        details: ErrorDetails
        def __init__(self, details: ErrorDetails) -> None: ...

    class Internal(SignInError):
        """A bug of the library. Please report it."""
        details: ErrorDetails
        def __init__(self, details: ErrorDetails) -> None: ...


class CancelListener:
    """What is told when a token is cancelled."""
    def cancelled(self) -> None:
        """The token was cancelled. Called once, on the thread that cancelled; must not block."""


class CancelRegistration:
    """Keeps a listener registered until it is closed or collected."""
    _handle: Any
    def __del__(self) -> None: ...
    def _uniffi_clone_handle(self) -> Any: ...
    @classmethod
    def _uniffi_make_instance(cls, handle: Any) -> Any: ...
    def remove(self) -> None:
        """Removes the listener."""


class CancelToken:
    """A switch that ends calls from any thread, once and for good. A call returns within 200 ms."""
    _handle: Any
    def __del__(self) -> None: ...
    def _uniffi_clone_handle(self) -> Any: ...
    @classmethod
    def _uniffi_make_instance(cls, handle: Any) -> Any: ...
    def __init__(self) -> None:
        """A token that is not cancelled."""
    def cancel(self) -> None:
        """Ends every call that has this token, now and in future. Any number of times."""
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
    def on_cancel(self, listener: CancelListener) -> CancelRegistration:
        """Tells `listener` when the token is cancelled, at once if it already is: for a transport, which stops its request then."""


class CallOptions:
    """The limits of one call."""
    cancel: typing.Optional[CancelToken]
    timeout_ms: typing.Optional[int]
    def __init__(self, *, cancel: typing.Optional[CancelToken]=..., timeout_ms: typing.Optional[int]=...) -> None: ...


class Captcha:
    """The captcha that a form of the step wants solved."""
    id: typing.Optional[str]
    name: typing.Optional[str]
    site_key: typing.Optional[str]
    captcha_type: typing.Optional[str]
    def __init__(self, *, id: typing.Optional[str], name: typing.Optional[str], site_key: typing.Optional[str], captcha_type: typing.Optional[str]) -> None: ...


class PhraseSource(enum.Enum):
    """Where the text of a phrase comes from."""
    SERVER = 0
    OURS = 1


class Phrase:
    """What a person reads. `key` is for an app's own words, `text` can always be drawn and never holds markup."""
    key: str
    text: str
    arguments: dict[str, str]
    source: PhraseSource
    def __init__(self, *, key: str, text: str, arguments: dict[str, str], source: PhraseSource) -> None: ...


class RuleKind:
    """What a rule is about."""

    class MIN_LENGTH(RuleKind):
        """At least so long."""
        def __init__(self) -> None: ...

    class MAX_LENGTH(RuleKind):
        """At most so long."""
        def __init__(self) -> None: ...

    class EXACT_LENGTH(RuleKind):
        """Exactly so long."""
        def __init__(self) -> None: ...

    class LOWER_CASE(RuleKind):
        """So many lower-case letters."""
        def __init__(self) -> None: ...

    class UPPER_CASE(RuleKind):
        """So many upper-case letters."""
        def __init__(self) -> None: ...

    class DIGIT(RuleKind):
        """So many digits."""
        def __init__(self) -> None: ...

    class SYMBOL(RuleKind):
        """So many symbols."""
        def __init__(self) -> None: ...

    class USERNAME(RuleKind):
        """Without the user name or a part of it."""
        def __init__(self) -> None: ...

    class FIRST_NAME(RuleKind):
        """Without the first name."""
        def __init__(self) -> None: ...

    class LAST_NAME(RuleKind):
        """Without the last name."""
        def __init__(self) -> None: ...

    class ATTRIBUTE(RuleKind):
        """Without this attribute."""
        name: str
        def __init__(self, name: str) -> None: ...

    class REPEAT(RuleKind):
        """The same character at most so often in a row."""
        def __init__(self) -> None: ...

    class DIRECTORY(RuleKind):
        """Three of four kinds of characters."""
        def __init__(self) -> None: ...

    class HISTORY(RuleKind):
        """None of the last ones."""
        def __init__(self) -> None: ...

    class AGE(RuleKind):
        """Minutes between two changes."""
        def __init__(self) -> None: ...

    class PIN_DIGITS(RuleKind):
        """Digits only."""
        def __init__(self) -> None: ...

    class CONFIRM(RuleKind):
        """Both entries are the same."""
        def __init__(self) -> None: ...
    def is_MIN_LENGTH(self) -> bool: ...
    def is_min_length(self) -> bool: ...
    def is_MAX_LENGTH(self) -> bool: ...
    def is_max_length(self) -> bool: ...
    def is_EXACT_LENGTH(self) -> bool: ...
    def is_exact_length(self) -> bool: ...
    def is_LOWER_CASE(self) -> bool: ...
    def is_lower_case(self) -> bool: ...
    def is_UPPER_CASE(self) -> bool: ...
    def is_upper_case(self) -> bool: ...
    def is_DIGIT(self) -> bool: ...
    def is_digit(self) -> bool: ...
    def is_SYMBOL(self) -> bool: ...
    def is_symbol(self) -> bool: ...
    def is_USERNAME(self) -> bool: ...
    def is_username(self) -> bool: ...
    def is_FIRST_NAME(self) -> bool: ...
    def is_first_name(self) -> bool: ...
    def is_LAST_NAME(self) -> bool: ...
    def is_last_name(self) -> bool: ...
    def is_ATTRIBUTE(self) -> bool: ...
    def is_attribute(self) -> bool: ...
    def is_REPEAT(self) -> bool: ...
    def is_repeat(self) -> bool: ...
    def is_DIRECTORY(self) -> bool: ...
    def is_directory(self) -> bool: ...
    def is_HISTORY(self) -> bool: ...
    def is_history(self) -> bool: ...
    def is_AGE(self) -> bool: ...
    def is_age(self) -> bool: ...
    def is_PIN_DIGITS(self) -> bool: ...
    def is_pin_digits(self) -> bool: ...
    def is_CONFIRM(self) -> bool: ...
    def is_confirm(self) -> bool: ...


class Check:
    """One thing that is wrong with what was typed. Without the value."""
    path: str
    phrase: Phrase
    rule: typing.Optional[RuleKind]
    def __init__(self, *, path: str, phrase: Phrase, rule: typing.Optional[RuleKind]) -> None: ...


class Choice:
    """A scalar that may be chosen."""
    label: typing.Optional[str]
    value: str
    def __init__(self, *, label: typing.Optional[str], value: str) -> None: ...


class ListStyle(enum.Enum):
    """How a list is drawn."""
    LIST = 0
    RADIO = 1


class ChoiceGroup:
    """A group of options."""
    name: str
    label: Phrase
    def __init__(self, *, name: str, label: Phrase) -> None: ...


class JsonValue:
    """A value for a field."""

    class TEXT(JsonValue):
        """A text."""
        text: str
        def __init__(self, text: str) -> None: ...

    class BOOLEAN(JsonValue):
        """`true` or `false`."""
        value: bool
        def __init__(self, value: bool) -> None: ...

    class INTEGER(JsonValue):
        """A whole number."""
        value: int
        def __init__(self, value: int) -> None: ...

    class JSON(JsonValue):
        """Any other JSON value, as text; an object given for a nested form is taken apart into its fields."""
        json: str
        def __init__(self, json: str) -> None: ...
    def is_TEXT(self) -> bool: ...
    def is_text(self) -> bool: ...
    def is_BOOLEAN(self) -> bool: ...
    def is_boolean(self) -> bool: ...
    def is_INTEGER(self) -> bool: ...
    def is_integer(self) -> bool: ...
    def is_JSON(self) -> bool: ...
    def is_json(self) -> bool: ...


class Preset:
    """A value that is set without asking."""
    path: str
    node: typing.Optional[int]
    value: JsonValue
    def __init__(self, *, path: str, node: typing.Optional[int], value: JsonValue) -> None: ...


class Rule:
    """One rule of a new password or PIN."""
    kind: RuleKind
    phrase: Phrase
    limit: typing.Optional[int]
    checkable: bool
    def __init__(self, *, kind: RuleKind, phrase: Phrase, limit: typing.Optional[int], checkable: bool) -> None: ...


class CodeSource(enum.Enum):
    """Where the person has a code from."""
    EMAIL = 0
    SMS = 1
    VOICE = 2
    APP = 3
    TOKEN = 4
    KEY = 5
    TEMPORARY = 6
    CARD = 7
    DEVICE = 8
    UNKNOWN = 9


class ChoiceStyle(enum.Enum):
    """How to draw the options of a choice."""
    SELECT = 0
    RADIO = 1
    CHECKBOX = 2


class CaptchaKind(enum.Enum):
    """Whose captcha it is."""
    HCAPTCHA = 0
    RECAPTCHA_V2 = 1
    OTHER = 2


class Ask:
    """What an input wants from the person. A closed set; `Value` is whatever has no word of its own."""

    class USERNAME(Ask):
        """The name to sign in with."""
        def __init__(self) -> None: ...

    class PASSWORD(Ask):
        """The current password."""
        def __init__(self) -> None: ...

    class NEW_PASSWORD(Ask):
        """A new password, or PIN."""
        rules: typing.List[Rule]
        confirm: bool
        pin: bool
        def __init__(self, rules: typing.List[Rule], confirm: bool, pin: bool) -> None: ...

    class CODE(Ask):
        """A one-time code."""
        source: CodeSource
        digits: bool
        length: typing.Optional[int]
        group: typing.Optional[int]
        def __init__(self, source: CodeSource, digits: bool, length: typing.Optional[int], group: typing.Optional[int]) -> None: ...

    class ANSWER(Ask):
        """The answer to a security question."""
        question: typing.Optional[str]
        def __init__(self, question: typing.Optional[str]) -> None: ...

    class PHONE(Ask):
        """A phone number with its country code (E.164)."""
        method: typing.Optional[str]
        def __init__(self, method: typing.Optional[str]) -> None: ...

    class COUNTRY(Ask):
        """A country, ISO 3166-1 alpha-2. The face brings the names in its language."""
        def __init__(self) -> None: ...

    class EMAIL(Ask):
        """An e-mail address."""
        def __init__(self) -> None: ...

    class PROFILE(Ask):
        """An attribute of the person's profile."""
        attribute: str
        def __init__(self, attribute: str) -> None: ...

    class CHOICE(Ask):
        """One of the options of the input."""
        style: ChoiceStyle
        def __init__(self, style: ChoiceStyle) -> None: ...

    class AUTHENTICATOR(Ask):
        """An authenticator; drawn as an element of kind `Choice`."""
        def __init__(self) -> None: ...

    class TOGGLE(Ask):
        """Yes or no."""
        def __init__(self) -> None: ...

    class CONSENT(Ask):
        """Whether an app may have one scope."""
        scope: str
        detail: typing.Optional[str]
        def __init__(self, scope: str, detail: typing.Optional[str]) -> None: ...

    class CAPTCHA(Ask):
        """The token of a captcha."""
        id: typing.Optional[str]
        site_key: typing.Optional[str]
        kind: CaptchaKind
        def __init__(self, id: typing.Optional[str], site_key: typing.Optional[str], kind: CaptchaKind) -> None: ...

    class PASSKEY(Ask):
        """What the platform's passkeys give."""
        make: bool
        autofill: bool
        options: typing.Optional[str]
        def __init__(self, make: bool, autofill: bool, options: typing.Optional[str]) -> None: ...

    class FRAME(Ask):
        """What the vendor's web page gives."""
        def __init__(self) -> None: ...

    class NUMBER(Ask):
        """A number."""
        whole: bool
        def __init__(self, whole: bool) -> None: ...

    class VALUE(Ask):
        """Anything else."""
        json: str
        def __init__(self, json: str) -> None: ...
    def is_USERNAME(self) -> bool: ...
    def is_username(self) -> bool: ...
    def is_PASSWORD(self) -> bool: ...
    def is_password(self) -> bool: ...
    def is_NEW_PASSWORD(self) -> bool: ...
    def is_new_password(self) -> bool: ...
    def is_CODE(self) -> bool: ...
    def is_code(self) -> bool: ...
    def is_ANSWER(self) -> bool: ...
    def is_answer(self) -> bool: ...
    def is_PHONE(self) -> bool: ...
    def is_phone(self) -> bool: ...
    def is_COUNTRY(self) -> bool: ...
    def is_country(self) -> bool: ...
    def is_EMAIL(self) -> bool: ...
    def is_email(self) -> bool: ...
    def is_PROFILE(self) -> bool: ...
    def is_profile(self) -> bool: ...
    def is_CHOICE(self) -> bool: ...
    def is_choice(self) -> bool: ...
    def is_AUTHENTICATOR(self) -> bool: ...
    def is_authenticator(self) -> bool: ...
    def is_TOGGLE(self) -> bool: ...
    def is_toggle(self) -> bool: ...
    def is_CONSENT(self) -> bool: ...
    def is_consent(self) -> bool: ...
    def is_CAPTCHA(self) -> bool: ...
    def is_captcha(self) -> bool: ...
    def is_PASSKEY(self) -> bool: ...
    def is_passkey(self) -> bool: ...
    def is_FRAME(self) -> bool: ...
    def is_frame(self) -> bool: ...
    def is_NUMBER(self) -> bool: ...
    def is_number(self) -> bool: ...
    def is_VALUE(self) -> bool: ...
    def is_value(self) -> bool: ...


class Keyboard(enum.Enum):
    """Which keyboard to show."""
    TEXT = 0
    SECRET = 1
    EMAIL = 2
    DIGITS = 3
    PHONE = 4
    WORDS = 5
    CAPITALS = 6
    URL = 7
    LIST = 8
    NONE = 9


class Direction(enum.Enum):
    """Which way an input is written."""
    AUTO = 0
    LTR = 1


class InputOption:
    """A value that can be chosen in an input."""
    label: Phrase
    value: JsonValue
    def __init__(self, *, label: Phrase, value: JsonValue) -> None: ...


class Input:
    """One control. Its identity is way and path; its number is what `Draft.set` takes."""
    path: str
    node: int
    ask: Ask
    label: Phrase
    hint: typing.Optional[Phrase]
    required: bool
    secret: bool
    preset: typing.Optional[JsonValue]
    min: typing.Optional[int]
    max: typing.Optional[int]
    autofill: Autofill
    keyboard: Keyboard
    direction: Direction
    options: typing.List[InputOption]
    messages: typing.List[int]
    def __init__(self, *, path: str, node: int, ask: Ask, label: Phrase, hint: typing.Optional[Phrase], required: bool, secret: bool, preset: typing.Optional[JsonValue], min: typing.Optional[int], max: typing.Optional[int], autofill: Autofill, keyboard: Keyboard, direction: Direction, options: typing.List[InputOption], messages: typing.List[int]) -> None: ...


class ChoiceOption:
    """One thing that can be chosen."""
    index: int
    label: Phrase
    detail: typing.Optional[Phrase]
    note: typing.Optional[Phrase]
    group: typing.Optional[str]
    key: typing.Optional[str]
    method: typing.Optional[str]
    enrollment: typing.Optional[str]
    logo: typing.Optional[str]
    node: int
    nodes: typing.List[int]
    sets: typing.List[Preset]
    fields: typing.List[Input]
    picks_at_once: bool
    def __init__(self, *, index: int, label: Phrase, detail: typing.Optional[Phrase], note: typing.Optional[Phrase], group: typing.Optional[str], key: typing.Optional[str], method: typing.Optional[str], enrollment: typing.Optional[str], logo: typing.Optional[str], node: int, nodes: typing.List[int], sets: typing.List[Preset], fields: typing.List[Input], picks_at_once: bool) -> None: ...


class ChoiceElement:
    """A list of things that can be chosen: authenticators, channels, kinds of question."""
    path: str
    node: int
    label: Phrase
    style: ListStyle
    groups: typing.List[ChoiceGroup]
    options: typing.List[ChoiceOption]
    def __init__(self, *, path: str, node: int, label: Phrase, style: ListStyle, groups: typing.List[ChoiceGroup], options: typing.List[ChoiceOption]) -> None: ...


class ClientConfig:
    """Where to sign in, and as which app."""
    issuer: str
    client_id: str
    redirect_uri: str
    scopes: typing.List[str]
    user_agent: typing.Optional[str]
    accept_language: typing.Optional[str]
    device_token: typing.Optional[str]
    def __init__(self, *, issuer: str, client_id: str, redirect_uri: str, scopes: typing.List[str]=..., user_agent: typing.Optional[str]=..., accept_language: typing.Optional[str]=..., device_token: typing.Optional[str]=...) -> None: ...


class Device:
    """Whose device a sign-in is made on; everything is optional."""
    token: typing.Optional[str]
    user_agent: typing.Optional[str]
    forwarded_for: typing.Optional[str]
    languages: typing.Optional[str]
    def __init__(self, *, token: typing.Optional[str]=..., user_agent: typing.Optional[str]=..., forwarded_for: typing.Optional[str]=..., languages: typing.Optional[str]=...) -> None: ...


class DeviceChallenge:
    """What the app of this device is asked to prove (idx.md section 10.4)."""
    method: typing.Optional[str]
    href: typing.Optional[str]
    download: typing.Optional[str]
    request: typing.Optional[str]
    domains: typing.List[str]
    ports: typing.List[int]
    probe_timeout_ms: typing.Optional[int]
    cancel: typing.Optional[int]
    def __init__(self, *, method: typing.Optional[str], href: typing.Optional[str], download: typing.Optional[str], request: typing.Optional[str], domains: typing.List[str], ports: typing.List[int], probe_timeout_ms: typing.Optional[int], cancel: typing.Optional[int]) -> None: ...


class DeviceRemediation:
    """What a message offers to do with this device (idx.md section 10.7)."""
    action: typing.Optional[str]
    remediation_type: typing.Optional[str]
    path: typing.Optional[str]
    domain: typing.Optional[str]
    ports: typing.List[int]
    fallback_href: typing.Optional[str]
    fallback_text: typing.Optional[str]
    def __init__(self, *, action: typing.Optional[str], remediation_type: typing.Optional[str], path: typing.Optional[str], domain: typing.Optional[str], ports: typing.List[int], fallback_href: typing.Optional[str], fallback_text: typing.Optional[str]) -> None: ...


class TextRole(enum.Enum):
    """What a text is for."""
    HINT = 0
    STEP = 1
    WARNING = 2
    LEGAL = 3


class ScreenLink:
    """A link that belongs to a text."""
    url: str
    label: str
    def __init__(self, *, url: str, label: str) -> None: ...


class PictureKind(enum.Enum):
    """What a picture shows."""
    QR = 0
    LOGO = 1


class Scope:
    """A scope that an app asks for."""
    name: str
    label: Phrase
    detail: typing.Optional[str]
    def __init__(self, *, name: str, label: Phrase, detail: typing.Optional[str]) -> None: ...


class WaitingFor(enum.Enum):
    """What is waited for."""
    PUSH = 0
    APP = 1
    MAIL = 2
    SETUP = 3
    DEVICE = 4
    SERVER = 5


class Fact:
    """One row of what is being approved."""
    label: Phrase
    value: str
    def __init__(self, *, label: Phrase, value: str) -> None: ...


class ElementKind:
    """What an element is."""

    class TEXT(ElementKind):
        """A paragraph, a numbered step, a warning, or a value to copy. The text itself is the element's phrase."""
        role: TextRole
        value: typing.Optional[str]
        copy: bool
        links: typing.List[ScreenLink]
        def __init__(self, role: TextRole, value: typing.Optional[str], copy: bool, links: typing.List[ScreenLink]) -> None: ...

    class FIELD(ElementKind):
        """One control."""
        input: Input
        def __init__(self, input: Input) -> None: ...

    class CHOICE(ElementKind):
        """A list of things that can be chosen, each with what it brings."""
        choice: ChoiceElement
        def __init__(self, choice: ChoiceElement) -> None: ...

    class PICTURE(ElementKind):
        """A picture."""
        what: PictureKind
        content: typing.Optional[str]
        media: str
        data: bytes
        label: Phrase
        def __init__(self, what: PictureKind, content: typing.Optional[str], media: str, data: bytes, label: Phrase) -> None: ...

    class SECRET(ElementKind):
        """A secret to type in elsewhere."""
        value: str
        spelled: str
        grouped: str
        copy: bool
        def __init__(self, value: str, spelled: str, grouped: str, copy: bool) -> None: ...

    class NUMBER(ElementKind):
        """The number to choose in an app: text, may begin with zeros. Show it very large."""
        value: str
        def __init__(self, value: str) -> None: ...

    class REQUIREMENTS(ElementKind):
        """The rules of a new password or PIN, with ticks (`Draft.meets`)."""
        input: str
        rules: typing.List[Rule]
        def __init__(self, input: str, rules: typing.List[Rule]) -> None: ...

    class CONSENT(ElementKind):
        """What an app would be allowed."""
        scopes: typing.List[Scope]
        def __init__(self, scopes: typing.List[Scope]) -> None: ...

    class WAITING(ElementKind):
        """Something happens elsewhere."""
        what: WaitingFor
        interval_ms: int
        until: typing.Optional[int]
        poll: int
        quiet: bool
        def __init__(self, what: WaitingFor, interval_ms: int, until: typing.Optional[int], poll: int, quiet: bool) -> None: ...

    class FRAME(ElementKind):
        """A page of a vendor, for a face that has a web view."""
        vendor: str
        host: typing.Optional[str]
        token: typing.Optional[str]
        script: typing.Optional[str]
        fills: str
        def __init__(self, vendor: str, host: typing.Optional[str], token: typing.Optional[str], script: typing.Optional[str], fills: str) -> None: ...

    class FACTS(ElementKind):
        """What is being approved, in two columns."""
        rows: typing.List[Fact]
        def __init__(self, rows: typing.List[Fact]) -> None: ...
    def is_TEXT(self) -> bool: ...
    def is_text(self) -> bool: ...
    def is_FIELD(self) -> bool: ...
    def is_field(self) -> bool: ...
    def is_CHOICE(self) -> bool: ...
    def is_choice(self) -> bool: ...
    def is_PICTURE(self) -> bool: ...
    def is_picture(self) -> bool: ...
    def is_SECRET(self) -> bool: ...
    def is_secret(self) -> bool: ...
    def is_NUMBER(self) -> bool: ...
    def is_number(self) -> bool: ...
    def is_REQUIREMENTS(self) -> bool: ...
    def is_requirements(self) -> bool: ...
    def is_CONSENT(self) -> bool: ...
    def is_consent(self) -> bool: ...
    def is_WAITING(self) -> bool: ...
    def is_waiting(self) -> bool: ...
    def is_FRAME(self) -> bool: ...
    def is_frame(self) -> bool: ...
    def is_FACTS(self) -> bool: ...
    def is_facts(self) -> bool: ...


class Element:
    """One thing to draw."""
    kind: ElementKind
    phrase: Phrase
    way: typing.Optional[int]
    def __init__(self, *, kind: ElementKind, phrase: Phrase, way: typing.Optional[int]) -> None: ...


class EndingKind(enum.Enum):
    """The kinds of ends."""
    SIGNED_IN = 0
    REDIRECT = 1
    DENIED = 2
    FAILED = 3
    UNLOCKED = 4
    RECOVERED = 5
    MAIL_SENT = 6
    DEVICE_ACTIVATED = 7
    MOVED = 8
    CODE_ELSEWHERE = 9
    ENROLL_DEVICE = 10
    EXPIRED = 11
    LINK_EXPIRED = 12
    TIMED_OUT = 13
    PUSH_REJECTED = 14
    DECLINED = 15
    LIMITED = 16
    UNAVAILABLE = 17
    LOCKED = 18
    NOT_ALLOWED = 19
    DEVICE_REFUSED = 20
    OTHER = 21


class Retry(enum.Enum):
    """When it makes sense to begin again."""
    NONE = 0
    NOW = 1
    LATER = 2
    ELSEWHERE = 3


class Ending:
    """How it ended."""
    kind: EndingKind
    good: bool
    key: typing.Optional[str]
    phrase: Phrase
    retry: Retry
    def __init__(self, *, kind: EndingKind, good: bool, key: typing.Optional[str], phrase: Phrase, retry: Retry) -> None: ...


class FieldType:
    """What type a field's value has."""

    class STRING(FieldType):
        def __init__(self) -> None: ...

    class BOOLEAN(FieldType):
        def __init__(self) -> None: ...

    class INTEGER(FieldType):
        def __init__(self) -> None: ...

    class NUMBER(FieldType):
        def __init__(self) -> None: ...

    class OBJECT(FieldType):
        def __init__(self) -> None: ...

    class OTHER(FieldType):
        """Something that this version has no word for."""
        name: str
        def __init__(self, name: str) -> None: ...
    def is_STRING(self) -> bool: ...
    def is_string(self) -> bool: ...
    def is_BOOLEAN(self) -> bool: ...
    def is_boolean(self) -> bool: ...
    def is_INTEGER(self) -> bool: ...
    def is_integer(self) -> bool: ...
    def is_NUMBER(self) -> bool: ...
    def is_number(self) -> bool: ...
    def is_OBJECT(self) -> bool: ...
    def is_object(self) -> bool: ...
    def is_OTHER(self) -> bool: ...
    def is_other(self) -> bool: ...


class FieldOption:
    """One option of a field."""
    id: int
    label: typing.Optional[str]
    value: typing.Optional[str]
    fields: typing.List['Field']
    authenticators: typing.List[int]
    def __init__(self, *, id: int, label: typing.Optional[str], value: typing.Optional[str], fields: typing.List['Field'], authenticators: typing.List[int]) -> None: ...


class MessageClass(enum.Enum):
    """How serious a message is."""
    ERROR = 0
    WARNING = 1
    INFO = 2


class MessageLink:
    """A link of a message."""
    url: str
    label: typing.Optional[str]
    def __init__(self, *, url: str, label: typing.Optional[str]) -> None: ...


class StepMessage:
    """A message to the person."""
    text: str
    key: typing.Optional[str]
    params: typing.List[str]
    severity: MessageClass
    path: typing.Optional[str]
    links: typing.List[MessageLink]
    device_remediation: typing.Optional[DeviceRemediation]
    def __init__(self, *, text: str, key: typing.Optional[str], params: typing.List[str], severity: MessageClass, path: typing.Optional[str], links: typing.List[MessageLink], device_remediation: typing.Optional[DeviceRemediation]) -> None: ...


class Field:
    """One field of a form."""
    id: int
    name: str
    path: str
    label: typing.Optional[str]
    field_type: FieldType
    is_required: bool
    is_secret: bool
    is_visible: bool
    is_mutable: bool
    value: typing.Optional[str]
    fields: typing.List['Field']
    options: typing.List['FieldOption']
    choices: typing.List[Choice]
    input_type: typing.Optional[str]
    hint: typing.Optional[str]
    format: typing.Optional[str]
    min_length: typing.Optional[int]
    max_length: typing.Optional[int]
    messages: typing.List[StepMessage]
    def __init__(self, *, id: int, name: str, path: str, label: typing.Optional[str], field_type: FieldType, is_required: bool, is_secret: bool, is_visible: bool, is_mutable: bool, value: typing.Optional[str], fields: typing.List['Field'], options: typing.List['FieldOption'], choices: typing.List[Choice], input_type: typing.Optional[str], hint: typing.Optional[str], format: typing.Optional[str], min_length: typing.Optional[int], max_length: typing.Optional[int], messages: typing.List[StepMessage]) -> None: ...


class HttpHeader:
    """A header: order counts, names in any case."""
    name: str
    value: str
    def __init__(self, *, name: str, value: str) -> None: ...


class TransportRequest:
    """A request to send as it is; the transport adds only what HTTP itself needs (`Host`, `Content-Length`, `Connection`)."""
    method: str
    url: str
    headers: typing.List[HttpHeader]
    body: bytes
    max_body: int
    timeout_ms: int
    def __init__(self, *, method: str, url: str, headers: typing.List[HttpHeader], body: bytes, max_body: int, timeout_ms: int) -> None: ...


class TransportResponse:
    """An answer. Every status is one, 4xx and 5xx, too."""
    status: int
    headers: typing.List[HttpHeader]
    body: bytes
    def __init__(self, *, status: int, headers: typing.List[HttpHeader], body: bytes) -> None: ...


class TransportError(Exception):
    """Why there was no HTTP answer. `reason` is for developers; no secret in it. `maybe_sent` is false only when certainly
nothing of the request has left."""

    class Cancelled(TransportError):
        """The call was cancelled."""
        maybe_sent: bool
        def __init__(self, maybe_sent: bool) -> None: ...

    class TimedOut(TransportError):
        """The time was over."""
        maybe_sent: bool
        def __init__(self, maybe_sent: bool) -> None: ...

    class Offline(TransportError):
        """The server cannot be reached: no name, no route, connection refused."""
        reason: str
        maybe_sent: bool
        def __init__(self, reason: str, maybe_sent: bool) -> None: ...

    class Tls(TransportError):
        """The certificate is not trusted, or TLS failed."""
        reason: str
        maybe_sent: bool
        def __init__(self, reason: str, maybe_sent: bool) -> None: ...

    class Proxy(TransportError):
        """The proxy refused."""
        reason: str
        maybe_sent: bool
        def __init__(self, reason: str, maybe_sent: bool) -> None: ...

    class Network(TransportError):
        """The connection broke."""
        reason: str
        maybe_sent: bool
        def __init__(self, reason: str, maybe_sent: bool) -> None: ...

    class TooLarge(TransportError):
        """The answer is larger than the request accepts."""
        def __init__(self) -> None: ...

    class Failed(TransportError):
        """Anything else."""
        reason: str
        maybe_sent: bool
        def __init__(self, reason: str, maybe_sent: bool) -> None: ...


class Transport:
    """The app's own HTTP stack. Shared by all sign-ins of a client, and called from each thread that makes a call, at once.

What it must do: send each request once, as it is, over TLS that checks certificates and names; follow no redirect,
retry nothing, answer nothing from a cache; keep no cookies of its own; report every status; stop at
as many bytes as the request accepts; end within its time limit, and within 200 ms of the cancel."""
    def send(self, request: TransportRequest, cancel: CancelToken) -> TransportResponse:
        """Sends `request` and waits for the whole answer, on the calling thread. `cancel` is the token of the call."""


class HostError(Exception):
    """The app's own storage or log failed."""
    reason: str

    class Failed(HostError):
        """It failed. `reason` is for developers; no secret in it."""
        reason: str
        def __init__(self, reason: str) -> None: ...


class Swapped(enum.Enum):
    """What became of a swap in a storage."""
    DONE = 0
    CHANGED = 1
    UNGUARDED = 2


class Storage:
    """Keeps sign-ins over the end of the process: they save themselves, `Client.resume` goes on. The values are secrets: keep
them in the keychain or an encrypted file. Keys can be file names: at most 64 ASCII letters, digits, `-` and `.`.

What it throws means that it cannot be used now (locked, no space), and never that there is nothing. A sign-in goes on
without it: `SignIn.storageTrouble` tells. It is called by several threads at once."""
    def load(self, key: str) -> typing.Optional[bytes]:
        """The value under `key`; none when there certainly is none."""
    def swap(self, key: str, expected: typing.Optional[bytes], value: typing.Optional[bytes]) -> Swapped:
        """Puts `value` under `key`, or removes what is there (no value), if what is there now has the SHA-256 `expected` (32 bytes) or,
without one, if nothing is there; otherwise changes nothing and says so. All or nothing, and durable when it returns."""
    def keys(self, prefix: str) -> typing.List[str]:
        """The keys that begin with `prefix`, in any order."""


class LogLevel(enum.Enum):
    """How much a log line matters."""
    ERROR = 0
    WARN = 1
    INFO = 2
    DEBUG = 3


class LogSink:
    """Takes log lines: methods, paths, statuses, times, request ids; never bodies, queries or values."""
    def log(self, level: LogLevel, text: str) -> None:
        """Takes one line."""


class Hosts:
    """What the app brings. Each part is optional; without a transport the built-in one is used, where the build has one."""
    transport: typing.Optional[Transport]
    storage: typing.Optional[Storage]
    storage_directory: typing.Optional[str]
    log: typing.Optional[LogSink]
    def __init__(self, *, transport: typing.Optional[Transport]=..., storage: typing.Optional[Storage]=..., storage_directory: typing.Optional[str]=..., log: typing.Optional[LogSink]=...) -> None: ...


class IdentityProvider:
    """Where a redirect leads."""
    id: str
    name: str
    provider_type: typing.Optional[str]
    def __init__(self, *, id: str, name: str, provider_type: typing.Optional[str]) -> None: ...


class Severity(enum.Enum):
    """How serious a notice is."""
    ERROR = 0
    WARNING = 1
    INFO = 2
    SUCCESS = 3


class Place:
    """An input, by way and path."""
    way: int
    path: str
    def __init__(self, *, way: int, path: str) -> None: ...


class Notice:
    """A message of the server, for the person."""
    severity: Severity
    key: typing.Optional[str]
    phrase: Phrase
    at: typing.Optional[Place]
    links: typing.List[ScreenLink]
    items: typing.List['Notice']
    def __init__(self, *, severity: Severity, key: typing.Optional[str], phrase: Phrase, at: typing.Optional[Place], links: typing.List[ScreenLink], items: typing.List['Notice']) -> None: ...


class Parameter:
    """A parameter."""
    name: str
    value: str
    def __init__(self, *, name: str, value: str) -> None: ...


class PasskeyKind(enum.Enum):
    """What the platform is to do with passkeys."""
    CREATE = 0
    GET = 1


class PasskeyRequest:
    """What to give the platform's passkeys."""
    kind: PasskeyKind
    json: str
    def __init__(self, *, kind: PasskeyKind, json: str) -> None: ...


class RemediationKind:
    """What a remediation is for (idx.md section 5)."""

    class IDENTIFY(RemediationKind):
        def __init__(self) -> None: ...

    class SELECT_IDENTIFY(RemediationKind):
        def __init__(self) -> None: ...

    class IDENTIFY_RECOVERY(RemediationKind):
        def __init__(self) -> None: ...

    class REDIRECT_IDP(RemediationKind):
        def __init__(self) -> None: ...

    class PIV_IDP(RemediationKind):
        def __init__(self) -> None: ...

    class REDIRECT_IDVERIFY(RemediationKind):
        def __init__(self) -> None: ...

    class UNLOCK_ACCOUNT(RemediationKind):
        def __init__(self) -> None: ...

    class SELECT_ENROLL_PROFILE(RemediationKind):
        def __init__(self) -> None: ...

    class USER_CODE(RemediationKind):
        def __init__(self) -> None: ...

    class KEEP_ME_SIGNED_IN(RemediationKind):
        def __init__(self) -> None: ...

    class SKIP(RemediationKind):
        def __init__(self) -> None: ...

    class DEVICE_ASSURANCE_GRACE_PERIOD(RemediationKind):
        def __init__(self) -> None: ...

    class CANCEL(RemediationKind):
        def __init__(self) -> None: ...

    class ENROLL_PROFILE(RemediationKind):
        def __init__(self) -> None: ...

    class PROFILE_UPDATE(RemediationKind):
        def __init__(self) -> None: ...

    class REQUEST_ACTIVATION_EMAIL(RemediationKind):
        def __init__(self) -> None: ...

    class CONSENT(RemediationKind):
        def __init__(self) -> None: ...

    class ADMIN_CONSENT(RemediationKind):
        def __init__(self) -> None: ...

    class GRANULAR_CONSENT(RemediationKind):
        def __init__(self) -> None: ...

    class EMAIL_CHALLENGE_CONSENT(RemediationKind):
        def __init__(self) -> None: ...

    class SELECT_AUTHENTICATOR_AUTHENTICATE(RemediationKind):
        def __init__(self) -> None: ...

    class SELECT_AUTHENTICATOR_ENROLL(RemediationKind):
        def __init__(self) -> None: ...

    class SELECT_AUTHENTICATOR_UNLOCK_ACCOUNT(RemediationKind):
        def __init__(self) -> None: ...

    class AUTHENTICATOR_VERIFICATION_DATA(RemediationKind):
        def __init__(self) -> None: ...

    class AUTHENTICATOR_ENROLLMENT_DATA(RemediationKind):
        def __init__(self) -> None: ...

    class SELECT_ENROLLMENT_CHANNEL(RemediationKind):
        def __init__(self) -> None: ...

    class ENROLLMENT_CHANNEL_DATA(RemediationKind):
        def __init__(self) -> None: ...

    class SELECT_AUTHENTICATOR_ENROLL_DATA(RemediationKind):
        def __init__(self) -> None: ...

    class CHALLENGE_AUTHENTICATOR(RemediationKind):
        def __init__(self) -> None: ...

    class ENROLL_AUTHENTICATOR(RemediationKind):
        def __init__(self) -> None: ...

    class CHALLENGE_POLL(RemediationKind):
        def __init__(self) -> None: ...

    class ENROLL_POLL(RemediationKind):
        def __init__(self) -> None: ...

    class DEVICE_CHALLENGE_POLL(RemediationKind):
        def __init__(self) -> None: ...

    class POLL(RemediationKind):
        def __init__(self) -> None: ...

    class RESEND(RemediationKind):
        def __init__(self) -> None: ...

    class RESET_AUTHENTICATOR(RemediationKind):
        def __init__(self) -> None: ...

    class REENROLL_AUTHENTICATOR(RemediationKind):
        def __init__(self) -> None: ...

    class REENROLL_AUTHENTICATOR_WARNING(RemediationKind):
        def __init__(self) -> None: ...

    class REENROLL_CUSTOM_PASSWORD_EXPIRY(RemediationKind):
        def __init__(self) -> None: ...

    class REENROLL_CUSTOM_PASSWORD_EXPIRY_WARNING(RemediationKind):
        def __init__(self) -> None: ...

    class ENROLL_AUTHENTICATOR_PROMOTION(RemediationKind):
        def __init__(self) -> None: ...

    class CHALLENGE_WEBAUTHN_AUTOFILLUI(RemediationKind):
        def __init__(self) -> None: ...

    class LAUNCH_PASSKEYS_AUTHENTICATOR(RemediationKind):
        def __init__(self) -> None: ...

    class LAUNCH_AUTHENTICATOR(RemediationKind):
        def __init__(self) -> None: ...

    class LAUNCH_WEBAUTHN_AUTHENTICATOR(RemediationKind):
        def __init__(self) -> None: ...

    class ENROLL_WEBAUTHN_RESIDENTKEY(RemediationKind):
        def __init__(self) -> None: ...

    class LAUNCH_NFC_AUTHENTICATOR(RemediationKind):
        def __init__(self) -> None: ...

    class DEVICE_APPLE_SSO_EXTENSION(RemediationKind):
        def __init__(self) -> None: ...

    class CANCEL_TRANSACTION(RemediationKind):
        def __init__(self) -> None: ...

    class SUCCESS_REDIRECT(RemediationKind):
        def __init__(self) -> None: ...

    class FAILURE_REDIRECT(RemediationKind):
        def __init__(self) -> None: ...

    class ISSUE(RemediationKind):
        def __init__(self) -> None: ...

    class RECOVER(RemediationKind):
        def __init__(self) -> None: ...

    class SEND(RemediationKind):
        def __init__(self) -> None: ...

    class CANCEL_POLLING(RemediationKind):
        def __init__(self) -> None: ...

    class CONTEXT(RemediationKind):
        def __init__(self) -> None: ...

    class OTHER(RemediationKind):
        """Something that this version has no word for."""
        name: str
        def __init__(self, name: str) -> None: ...
    def is_IDENTIFY(self) -> bool: ...
    def is_identify(self) -> bool: ...
    def is_SELECT_IDENTIFY(self) -> bool: ...
    def is_select_identify(self) -> bool: ...
    def is_IDENTIFY_RECOVERY(self) -> bool: ...
    def is_identify_recovery(self) -> bool: ...
    def is_REDIRECT_IDP(self) -> bool: ...
    def is_redirect_idp(self) -> bool: ...
    def is_PIV_IDP(self) -> bool: ...
    def is_piv_idp(self) -> bool: ...
    def is_REDIRECT_IDVERIFY(self) -> bool: ...
    def is_redirect_idverify(self) -> bool: ...
    def is_UNLOCK_ACCOUNT(self) -> bool: ...
    def is_unlock_account(self) -> bool: ...
    def is_SELECT_ENROLL_PROFILE(self) -> bool: ...
    def is_select_enroll_profile(self) -> bool: ...
    def is_USER_CODE(self) -> bool: ...
    def is_user_code(self) -> bool: ...
    def is_KEEP_ME_SIGNED_IN(self) -> bool: ...
    def is_keep_me_signed_in(self) -> bool: ...
    def is_SKIP(self) -> bool: ...
    def is_skip(self) -> bool: ...
    def is_DEVICE_ASSURANCE_GRACE_PERIOD(self) -> bool: ...
    def is_device_assurance_grace_period(self) -> bool: ...
    def is_CANCEL(self) -> bool: ...
    def is_cancel(self) -> bool: ...
    def is_ENROLL_PROFILE(self) -> bool: ...
    def is_enroll_profile(self) -> bool: ...
    def is_PROFILE_UPDATE(self) -> bool: ...
    def is_profile_update(self) -> bool: ...
    def is_REQUEST_ACTIVATION_EMAIL(self) -> bool: ...
    def is_request_activation_email(self) -> bool: ...
    def is_CONSENT(self) -> bool: ...
    def is_consent(self) -> bool: ...
    def is_ADMIN_CONSENT(self) -> bool: ...
    def is_admin_consent(self) -> bool: ...
    def is_GRANULAR_CONSENT(self) -> bool: ...
    def is_granular_consent(self) -> bool: ...
    def is_EMAIL_CHALLENGE_CONSENT(self) -> bool: ...
    def is_email_challenge_consent(self) -> bool: ...
    def is_SELECT_AUTHENTICATOR_AUTHENTICATE(self) -> bool: ...
    def is_select_authenticator_authenticate(self) -> bool: ...
    def is_SELECT_AUTHENTICATOR_ENROLL(self) -> bool: ...
    def is_select_authenticator_enroll(self) -> bool: ...
    def is_SELECT_AUTHENTICATOR_UNLOCK_ACCOUNT(self) -> bool: ...
    def is_select_authenticator_unlock_account(self) -> bool: ...
    def is_AUTHENTICATOR_VERIFICATION_DATA(self) -> bool: ...
    def is_authenticator_verification_data(self) -> bool: ...
    def is_AUTHENTICATOR_ENROLLMENT_DATA(self) -> bool: ...
    def is_authenticator_enrollment_data(self) -> bool: ...
    def is_SELECT_ENROLLMENT_CHANNEL(self) -> bool: ...
    def is_select_enrollment_channel(self) -> bool: ...
    def is_ENROLLMENT_CHANNEL_DATA(self) -> bool: ...
    def is_enrollment_channel_data(self) -> bool: ...
    def is_SELECT_AUTHENTICATOR_ENROLL_DATA(self) -> bool: ...
    def is_select_authenticator_enroll_data(self) -> bool: ...
    def is_CHALLENGE_AUTHENTICATOR(self) -> bool: ...
    def is_challenge_authenticator(self) -> bool: ...
    def is_ENROLL_AUTHENTICATOR(self) -> bool: ...
    def is_enroll_authenticator(self) -> bool: ...
    def is_CHALLENGE_POLL(self) -> bool: ...
    def is_challenge_poll(self) -> bool: ...
    def is_ENROLL_POLL(self) -> bool: ...
    def is_enroll_poll(self) -> bool: ...
    def is_DEVICE_CHALLENGE_POLL(self) -> bool: ...
    def is_device_challenge_poll(self) -> bool: ...
    def is_POLL(self) -> bool: ...
    def is_poll(self) -> bool: ...
    def is_RESEND(self) -> bool: ...
    def is_resend(self) -> bool: ...
    def is_RESET_AUTHENTICATOR(self) -> bool: ...
    def is_reset_authenticator(self) -> bool: ...
    def is_REENROLL_AUTHENTICATOR(self) -> bool: ...
    def is_reenroll_authenticator(self) -> bool: ...
    def is_REENROLL_AUTHENTICATOR_WARNING(self) -> bool: ...
    def is_reenroll_authenticator_warning(self) -> bool: ...
    def is_REENROLL_CUSTOM_PASSWORD_EXPIRY(self) -> bool: ...
    def is_reenroll_custom_password_expiry(self) -> bool: ...
    def is_REENROLL_CUSTOM_PASSWORD_EXPIRY_WARNING(self) -> bool: ...
    def is_reenroll_custom_password_expiry_warning(self) -> bool: ...
    def is_ENROLL_AUTHENTICATOR_PROMOTION(self) -> bool: ...
    def is_enroll_authenticator_promotion(self) -> bool: ...
    def is_CHALLENGE_WEBAUTHN_AUTOFILLUI(self) -> bool: ...
    def is_challenge_webauthn_autofillui(self) -> bool: ...
    def is_LAUNCH_PASSKEYS_AUTHENTICATOR(self) -> bool: ...
    def is_launch_passkeys_authenticator(self) -> bool: ...
    def is_LAUNCH_AUTHENTICATOR(self) -> bool: ...
    def is_launch_authenticator(self) -> bool: ...
    def is_LAUNCH_WEBAUTHN_AUTHENTICATOR(self) -> bool: ...
    def is_launch_webauthn_authenticator(self) -> bool: ...
    def is_ENROLL_WEBAUTHN_RESIDENTKEY(self) -> bool: ...
    def is_enroll_webauthn_residentkey(self) -> bool: ...
    def is_LAUNCH_NFC_AUTHENTICATOR(self) -> bool: ...
    def is_launch_nfc_authenticator(self) -> bool: ...
    def is_DEVICE_APPLE_SSO_EXTENSION(self) -> bool: ...
    def is_device_apple_sso_extension(self) -> bool: ...
    def is_CANCEL_TRANSACTION(self) -> bool: ...
    def is_cancel_transaction(self) -> bool: ...
    def is_SUCCESS_REDIRECT(self) -> bool: ...
    def is_success_redirect(self) -> bool: ...
    def is_FAILURE_REDIRECT(self) -> bool: ...
    def is_failure_redirect(self) -> bool: ...
    def is_ISSUE(self) -> bool: ...
    def is_issue(self) -> bool: ...
    def is_RECOVER(self) -> bool: ...
    def is_recover(self) -> bool: ...
    def is_SEND(self) -> bool: ...
    def is_send(self) -> bool: ...
    def is_CANCEL_POLLING(self) -> bool: ...
    def is_cancel_polling(self) -> bool: ...
    def is_CONTEXT(self) -> bool: ...
    def is_context(self) -> bool: ...
    def is_OTHER(self) -> bool: ...
    def is_other(self) -> bool: ...


class Remediation:
    """One way to go on: a form, or an address for the user's browser. `Step.answer` answers it."""
    id: int
    name: str
    kind: RemediationKind
    is_form: bool
    is_pollable: bool
    navigation: typing.Optional[str]
    fields: typing.List['Field']
    authenticators: typing.List[int]
    idp: typing.Optional[IdentityProvider]
    def __init__(self, *, id: int, name: str, kind: RemediationKind, is_form: bool, is_pollable: bool, navigation: typing.Optional[str], fields: typing.List['Field'], authenticators: typing.List[int], idp: typing.Optional[IdentityProvider]) -> None: ...


class SubjectLink:
    """A link that belongs to the app."""
    what: str
    url: str
    def __init__(self, *, what: str, url: str) -> None: ...


class SubjectClient:
    """The device or browser that asked for a sign-in."""
    browser: typing.Optional[str]
    os: typing.Optional[str]
    place: typing.Optional[str]
    def __init__(self, *, browser: typing.Optional[str], os: typing.Optional[str], place: typing.Optional[str]) -> None: ...


class Subject:
    """Who signs in, and to what."""
    identifier: typing.Optional[str]
    name: typing.Optional[str]
    app: typing.Optional[str]
    logo: typing.Optional[str]
    links: typing.List[SubjectLink]
    client: typing.Optional[SubjectClient]
    def __init__(self, *, identifier: typing.Optional[str], name: typing.Optional[str], app: typing.Optional[str], logo: typing.Optional[str], links: typing.List[SubjectLink], client: typing.Optional[SubjectClient]) -> None: ...


class Role(enum.Enum):
    """How much a way matters."""
    PRIMARY = 0
    ALTERNATIVE = 1
    LINK = 2
    CANCEL = 3


class Does(enum.Enum):
    """What taking a way does."""
    SUBMIT = 0
    ACT = 1
    CHOOSE = 2
    OPEN = 3
    LAUNCH = 4
    PASSKEY = 5
    WAIT = 6


class Way:
    """One thing that can be done. `SignIn.take` does it."""
    index: int
    role: Role
    label: Phrase
    does: Does
    nodes: typing.List[int]
    remediation: typing.Optional[str]
    action: typing.Optional[str]
    inputs: typing.List[str]
    sets: typing.List[Preset]
    url: typing.Optional[str]
    after_ms: int
    quiet: bool
    hint: typing.Optional[Phrase]
    def __init__(self, *, index: int, role: Role, label: Phrase, does: Does, nodes: typing.List[int], remediation: typing.Optional[str], action: typing.Optional[str], inputs: typing.List[str], sets: typing.List[Preset], url: typing.Optional[str], after_ms: int, quiet: bool, hint: typing.Optional[Phrase]) -> None: ...


class SuggestedKind(enum.Enum):
    """What kind of default it is."""
    ANSWER = 0
    WAIT = 1
    DEVICE = 2
    OPEN = 3
    SUBMIT = 4
    END = 5


class Suggested:
    """What to do by default. It may be followed blindly: nothing is done to a person by it."""
    kind: SuggestedKind
    way: typing.Optional[int]
    skip: typing.Optional[int]
    reason: typing.Optional[str]
    def __init__(self, *, kind: SuggestedKind, way: typing.Optional[int], skip: typing.Optional[int], reason: typing.Optional[str]) -> None: ...


class Screen:
    """What a person sees and can do at one step: draw the title, the notices, the elements in their order, and a button or link
for each way. Equal steps give equal screens."""
    name: str
    title: Phrase
    subject: typing.Optional[Subject]
    notices: typing.List['Notice']
    elements: typing.List[Element]
    ways: typing.List[Way]
    suggested: Suggested
    ending: typing.Optional[Ending]
    def __init__(self, *, name: str, title: Phrase, subject: typing.Optional[Subject], notices: typing.List['Notice'], elements: typing.List[Element], ways: typing.List[Way], suggested: Suggested, ending: typing.Optional[Ending]) -> None: ...


class StartOptions:
    """What a sign-in is started with; everything is optional (idx.md section 2.1)."""
    login_hint: typing.Optional[str]
    acr_values: typing.List[str]
    max_age: typing.Optional[int]
    recovery_token: typing.Optional[str]
    extra: typing.List[Parameter]
    device: typing.Optional[Device]
    def __init__(self, *, login_hint: typing.Optional[str]=..., acr_values: typing.List[str]=..., max_age: typing.Optional[int]=..., recovery_token: typing.Optional[str]=..., extra: typing.List[Parameter]=..., device: typing.Optional[Device]=...) -> None: ...


class StepAction:
    """An action beside the remediations, with its place as other SDKs write it: `currentAuthenticator-resend`."""
    path: str
    action: Remediation
    def __init__(self, *, path: str, action: Remediation) -> None: ...


class Tokens:
    """The tokens of a complete sign-in, the ID token verified."""
    access_token: str
    id_token: typing.Optional[str]
    refresh_token: typing.Optional[str]
    device_secret: typing.Optional[str]
    scopes: typing.List[str]
    expires_in: typing.Optional[int]
    expires_at: typing.Optional[int]
    subject: typing.Optional[str]
    preferred_username: typing.Optional[str]
    name: typing.Optional[str]
    email: typing.Optional[str]
    claims: typing.Optional[str]
    def __init__(self, *, access_token: str, id_token: typing.Optional[str], refresh_token: typing.Optional[str], device_secret: typing.Optional[str], scopes: typing.List[str], expires_in: typing.Optional[int], expires_at: typing.Optional[int], subject: typing.Optional[str], preferred_username: typing.Optional[str], name: typing.Optional[str], email: typing.Optional[str], claims: typing.Optional[str]) -> None: ...


class User:
    """The person who signs in, as far as the server says."""
    id: typing.Optional[str]
    identifier: typing.Optional[str]
    profile: dict[str, str]
    def __init__(self, *, id: typing.Optional[str], identifier: typing.Optional[str], profile: dict[str, str]) -> None: ...


class Waiting:
    """What is being waited for."""
    number: typing.Optional[str]
    interval_ms: int
    remaining_ms: int
    last_failure: typing.Optional[str]
    def __init__(self, *, number: typing.Optional[str], interval_ms: int, remaining_ms: int, last_failure: typing.Optional[str]) -> None: ...


class Answer:
    """What goes back for one form, made by `Step.answer`. It never changes. An answer to an older step is refused, and nothing
sent. Errors of all methods: `SignInError.WrongAnswer`, when the form has no such field or option."""
    _handle: Any
    def __del__(self) -> None: ...
    def _uniffi_clone_handle(self) -> Any: ...
    @classmethod
    def _uniffi_make_instance(cls, handle: Any) -> Any: ...
    def adding_extra(self, path: str, value: JsonValue) -> Answer:
        """This answer with a member that the form does not declare; the protocol needs it in places (idx.md section 10.4)."""
    def choosing(self, option: int) -> Answer:
        """This answer with the option of this number (`FieldOption.id`) chosen. Its own fields can be set afterwards."""
    def choosing_authenticator(self, path: str, id: str) -> Answer:
        """This answer with, among the options of the field at `path`, the one of this authenticator chosen: by enrolment id, id
or key (`okta_email`)."""
    def leaving_out(self, path: str) -> Answer:
        """This answer without a field that the form does not require, also where the server fixed its value."""
    def problems(self) -> typing.List[AnswerProblem]:
        """What is still wrong with it, each with its path; empty when it can be sent."""
    def setting(self, path: str, text: str) -> Answer:
        """This answer with a field set to a text, by its dotted path: `credentials.passcode`."""
    def setting_field(self, field: int, value: JsonValue) -> Answer:
        """This answer with the field of this number (`Field.id`) set: the way where names have dots or repeat."""
    def setting_passkey(self, response: str) -> Answer:
        """This answer with what the platform gave for `Step.passkey`: its JSON as it is (`RegistrationResponseJSON`,
`AuthenticationResponseJSON`; binary members in base64url), at most 256 KiB."""
    def setting_value(self, path: str, value: JsonValue) -> Answer:
        """This answer with a field set to any value."""


class Draft:
    """What a person types for one screen; `Step.draft` and `SignIn.draft` make it. It dies with its screen; texts in it are
wiped. Errors of setting: `SignInError.WrongAnswer`, when the screen has no such input."""
    _handle: Any
    def __del__(self) -> None: ...
    def _uniffi_clone_handle(self) -> Any: ...
    @classmethod
    def _uniffi_make_instance(cls, handle: Any) -> Any: ...
    def add_extra(self, path: str, value: JsonValue) -> None:
        """Adds a member that no form declares: see `Answer.adding_extra`."""
    def answer(self, way: int) -> Answer:
        """The answer for the way of this index. `SignIn.proceed` sends it, `SignIn.take` makes and sends it."""
    def choose(self, choice: int, option: int) -> None:
        """Chooses, in the choice of this number (`ChoiceElement.node`), the option of this index (`ChoiceOption.index`). Afterwards
its own inputs can be filled."""
    def chosen(self, choice: int) -> typing.Optional[int]:
        """Which option is chosen in the choice of this number, as its index."""
    def confirm(self, node: int, text: str) -> None:
        """The second entry of a new password."""
    def meets(self, node: int, rule: RuleKind) -> typing.Optional[bool]:
        """Whether what was typed into the input of this number keeps a rule of it; none where only the server can tell."""
    def next(self, way: int) -> typing.Optional[Element]:
        """What to ask for next for the way of this index (`Way.index`), as an element of kind `Field` or `Choice`; each once, and
the inputs of a chosen option after its choice. None when all was asked."""
    def problems(self, way: int) -> typing.List[Check]:
        """What is wrong with what was given for the way of this index; empty when it can be taken."""
    def screen(self) -> Screen:
        """The screen that it is for."""
    def set_flag(self, node: int, value: bool) -> None:
        """Answers the input of this number with yes or no."""
    def set_passkey(self, node: int, response: str) -> None:
        """Puts what the platform's passkeys gave into the input of this number, as it is: see `Answer.setting_passkey`."""
    def set_text(self, node: int, text: str) -> None:
        """Puts a text into the input of this number (`Input.node`); an empty one empties it. It is taken for what the input
wants: `"true"` for a toggle, `"17"` for a number, the value of an option."""
    def set_value(self, node: int, value: JsonValue) -> None:
        """Puts any value into the input of this number: that of one of its options, say."""
    def value(self, node: int) -> typing.Optional[JsonValue]:
        """What stands in the input of this number: what was typed, else what the server put there."""


class Action:
    """What the app wants done with a step."""

    class PROCEED(Action):
        """Send this answer."""
        answer: Answer
        def __init__(self, answer: Answer) -> None: ...

    class TAKE(Action):
        """Take a way of the step's screen, with what was given: as `SignIn.take`."""
        draft: Draft
        way: int
        def __init__(self, draft: Draft, way: int) -> None: ...

    class POLL(Action):
        """Wait for what happens elsewhere, where the step can be polled."""
        def __init__(self) -> None: ...

    class RESEND(Action):
        """Send the code or the push again."""
        def __init__(self) -> None: ...

    class SEND(Action):
        """Send the code."""
        def __init__(self) -> None: ...

    class RECOVER(Action):
        """Forgot the password."""
        def __init__(self) -> None: ...

    class SKIP(Action):
        """Leave an optional step out."""
        def __init__(self) -> None: ...

    class REFRESH(Action):
        """Ask the server for the current step."""
        def __init__(self) -> None: ...

    class CANCEL(Action):
        """Cancel at the server, and end the run with `SignInError.Cancelled`."""
        def __init__(self) -> None: ...

    class RESTART(Action):
        """Begin anew."""
        def __init__(self) -> None: ...

    class CALLBACK(Action):
        """The app was opened with this URL."""
        url: str
        def __init__(self, url: str) -> None: ...
    def is_PROCEED(self) -> bool: ...
    def is_proceed(self) -> bool: ...
    def is_TAKE(self) -> bool: ...
    def is_take(self) -> bool: ...
    def is_POLL(self) -> bool: ...
    def is_poll(self) -> bool: ...
    def is_RESEND(self) -> bool: ...
    def is_resend(self) -> bool: ...
    def is_SEND(self) -> bool: ...
    def is_send(self) -> bool: ...
    def is_RECOVER(self) -> bool: ...
    def is_recover(self) -> bool: ...
    def is_SKIP(self) -> bool: ...
    def is_skip(self) -> bool: ...
    def is_REFRESH(self) -> bool: ...
    def is_refresh(self) -> bool: ...
    def is_CANCEL(self) -> bool: ...
    def is_cancel(self) -> bool: ...
    def is_RESTART(self) -> bool: ...
    def is_restart(self) -> bool: ...
    def is_CALLBACK(self) -> bool: ...
    def is_callback(self) -> bool: ...


class Purpose:
    """What the transaction is for (idx.md section 3.1)."""

    class LOGIN(Purpose):
        def __init__(self) -> None: ...

    class CREDENTIAL_ENROLLMENT(Purpose):
        def __init__(self) -> None: ...

    class CREDENTIAL_UNENROLLMENT(Purpose):
        def __init__(self) -> None: ...

    class CREDENTIAL_MODIFY(Purpose):
        def __init__(self) -> None: ...

    class CREDENTIAL_RECOVERY(Purpose):
        def __init__(self) -> None: ...

    class ENROLL_NEW_USER(Purpose):
        def __init__(self) -> None: ...

    class CONSENT(Purpose):
        def __init__(self) -> None: ...

    class AUTHENTICATION(Purpose):
        def __init__(self) -> None: ...

    class ENROLLMENT(Purpose):
        def __init__(self) -> None: ...

    class RECOVERY(Purpose):
        def __init__(self) -> None: ...

    class UNLOCK_ACCOUNT(Purpose):
        def __init__(self) -> None: ...

    class NONE(Purpose):
        def __init__(self) -> None: ...

    class OTHER(Purpose):
        """Something that this version has no word for."""
        name: str
        def __init__(self, name: str) -> None: ...
    def is_LOGIN(self) -> bool: ...
    def is_login(self) -> bool: ...
    def is_CREDENTIAL_ENROLLMENT(self) -> bool: ...
    def is_credential_enrollment(self) -> bool: ...
    def is_CREDENTIAL_UNENROLLMENT(self) -> bool: ...
    def is_credential_unenrollment(self) -> bool: ...
    def is_CREDENTIAL_MODIFY(self) -> bool: ...
    def is_credential_modify(self) -> bool: ...
    def is_CREDENTIAL_RECOVERY(self) -> bool: ...
    def is_credential_recovery(self) -> bool: ...
    def is_ENROLL_NEW_USER(self) -> bool: ...
    def is_enroll_new_user(self) -> bool: ...
    def is_CONSENT(self) -> bool: ...
    def is_consent(self) -> bool: ...
    def is_AUTHENTICATION(self) -> bool: ...
    def is_authentication(self) -> bool: ...
    def is_ENROLLMENT(self) -> bool: ...
    def is_enrollment(self) -> bool: ...
    def is_RECOVERY(self) -> bool: ...
    def is_recovery(self) -> bool: ...
    def is_UNLOCK_ACCOUNT(self) -> bool: ...
    def is_unlock_account(self) -> bool: ...
    def is_NONE(self) -> bool: ...
    def is_none(self) -> bool: ...
    def is_OTHER(self) -> bool: ...
    def is_other(self) -> bool: ...


class StepStatus(enum.Enum):
    """What a step asks for, by all of its remediations (idx.md section 11.1)."""
    SUCCESS = 0
    SUCCESS_REDIRECT = 1
    FAILURE_REDIRECT = 2
    TERMINAL = 3
    DEVICE_ENROLLMENT = 4
    PASSWORD_EXPIRED = 5
    PASSWORD_EXPIRING = 6
    PASSWORD_RESET = 7
    PROFILE_ENROLLMENT = 8
    AUTHENTICATOR_VERIFICATION = 9
    AUTHENTICATOR_ENROLLMENT = 10
    CHALLENGE_POLL = 11
    ENROLL_POLL = 12
    DEVICE_CHALLENGE_POLL = 13
    AUTHENTICATOR_VERIFICATION_DATA = 14
    AUTHENTICATOR_ENROLLMENT_DATA = 15
    ENROLLMENT_CHANNEL_DATA = 16
    AUTHENTICATOR_SELECTION = 17
    AUTHENTICATOR_ENROLLMENT_SELECTION = 18
    UNLOCK_SELECTION = 19
    IDENTIFICATION = 20
    RECOVERY_IDENTIFICATION = 21
    CONSENT = 22
    USER_CODE = 23
    KEEP_ME_SIGNED_IN = 24
    REDIRECT = 25
    SAFE_MODE_POLL = 26
    OTHER = 27


class Step:
    """What the server asks now: one response of the protocol. It never changes. Nothing unknown is an error: it is in the lists
by its wire name, and `raw` has the response as it came."""
    _handle: Any
    def __del__(self) -> None: ...
    def _uniffi_clone_handle(self) -> Any: ...
    @classmethod
    def _uniffi_make_instance(cls, handle: Any) -> Any: ...
    @classmethod
    def read(cls, response: bytes) -> typing_extensions.Self:
        """A step made of a response that was recorded, to see what would be drawn for it: previews, tests. A sign-in refuses
answers to it."""
    def actions(self) -> typing.List[StepAction]:
        """What can be done beside them."""
    def answer(self, remediation: int) -> Answer:
        """Starts an answer to the remediation or action of this number. What the server fixed in it goes back as it came, by
itself."""
    def answer_named(self, name: str) -> Answer:
        """As `answer`, for the first remediation of this wire name. Errors: `SignInError.WrongAnswer`, which lists what there is."""
    def app(self) -> typing.Optional[AppInfo]:
        """The app that is signed in to."""
    def asker(self) -> typing.Optional[Asker]:
        """Who asked, on pages that show a code."""
    def authenticator(self, node: int) -> typing.Optional[Authenticator]:
        """The authenticator of this number."""
    def authenticators(self) -> typing.List[Authenticator]:
        """Every authenticator and enrolment, each place one entry."""
    def captcha(self) -> typing.Optional[Captcha]:
        """The captcha to solve."""
    def current_authenticator(self) -> typing.Optional[Authenticator]:
        """The authenticator that the step is about."""
    def device_challenge(self) -> typing.Optional[DeviceChallenge]:
        """What the app of this device is asked to prove."""
    def draft(self) -> Draft:
        """What the person types for the screen."""
    def expires_at(self) -> typing.Optional[int]:
        """When this state ends, in seconds since 1970."""
    def failure_redirect(self) -> typing.Optional[str]:
        """Where a failure sends the user's browser."""
    def field(self, remediation: int, path: str) -> typing.Optional[Field]:
        """The field of a remediation at this dotted path, also in nested forms and in options."""
    def has_error(self) -> bool:
        """Whether a message of class `Error` is among the messages."""
    def has_message(self, key: str) -> bool:
        """Whether a message has this i18n key."""
    def http_status(self) -> int:
        """The HTTP status it came with. A 4xx is an ordinary step: read the messages."""
    def interaction_code(self) -> typing.Optional[str]:
        """The interaction code, when it is here. A secret; `SignIn.finish` redeems it."""
    def is_password_challenge(self) -> bool:
        """Whether the step verifies the password of a known user."""
    def is_same(self, other: Step) -> bool:
        """Whether both are the same response, and not only equal ones."""
    def is_terminal(self) -> bool:
        """Whether there is nothing to answer: the messages say how it ended."""
    def messages(self) -> typing.List[StepMessage]:
        """What the server says to the person, each once."""
    def number_challenge(self) -> typing.Optional[str]:
        """The number that the person must choose in their app. Always show it."""
    def offers(self, name: str) -> bool:
        """Whether a remediation of this wire name is offered."""
    def passkey(self, remediation: int) -> typing.Optional[PasskeyRequest]:
        """What to give the platform's passkeys, where the remediation of this number wants what they make: `Answer.setting_passkey`
takes what comes back."""
    def poll_interval_ms(self) -> typing.Optional[int]:
        """How long to wait before polling, in milliseconds, where the step is polled."""
    def purpose(self) -> typing.Optional[Purpose]:
        """What the transaction is for."""
    def raw(self) -> str:
        """The response as it came: JSON. Holds secrets: do not log it."""
    def raw_node(self, node: int) -> typing.Optional[str]:
        """The value of this number (of a remediation, field, option, authenticator) as it came: JSON. Do not log it."""
    def remediation(self, name: str) -> typing.Optional[Remediation]:
        """The first remediation of this wire name, if the step offers it."""
    def remediations(self) -> typing.List[Remediation]:
        """The ways to go on, in the server's order: the first is the one it suggests. Names may repeat."""
    def request_id(self) -> typing.Optional[str]:
        """Okta's request id, for logs and for Okta's support."""
    def screen(self) -> Screen:
        """What a person sees and can do here: draw this."""
    def screen_json(self) -> str:
        """The screen as JSON, for web views. Holds what the person sees: do not log it."""
    def status(self) -> StepStatus:
        """What it asks for, by all of its remediations."""
    def success_redirect(self) -> typing.Optional[str]:
        """Where a success that brings no tokens here sends the user's browser."""
    def user(self) -> typing.Optional[User]:
        """Who signs in, when the server knows already."""


class Next:
    """Where a sign-in is, as `SignIn.next` tells it."""

    class AT(Next):
        """At a step: answer it, or leave it as it is to wait."""
        step: Step
        def __init__(self, step: Step) -> None: ...

    class COMPLETE(Next):
        """The interaction code is here: `SignIn.finish`."""
        def __init__(self) -> None: ...

    class ENDED(Next):
        """The sign-in ended without tokens, well or not. `SignIn.restart` begins anew."""
        ending: Ending
        def __init__(self, ending: Ending) -> None: ...
    def is_AT(self) -> bool: ...
    def is_at(self) -> bool: ...
    def is_COMPLETE(self) -> bool: ...
    def is_complete(self) -> bool: ...
    def is_ENDED(self) -> bool: ...
    def is_ended(self) -> bool: ...


class Wait:
    """What the handler says to a wait."""

    class CONTINUE(Wait):
        """Wait on, and look again before the next poll."""
        def __init__(self) -> None: ...

    class CONTINUE_FOR(Wait):
        """Wait on, and look again after this long: for a countdown."""
        milliseconds: int
        def __init__(self, milliseconds: int) -> None: ...

    class ASK(Wait):
        """Stop polling: `remediate` is called with the step, because the person wants another way."""
        def __init__(self) -> None: ...
    def is_CONTINUE(self) -> bool: ...
    def is_continue(self) -> bool: ...
    def is_CONTINUE_FOR(self) -> bool: ...
    def is_continue_for(self) -> bool: ...
    def is_ASK(self) -> bool: ...
    def is_ask(self) -> bool: ...


class RemediationHandler:
    """The app's side of `SignIn.run`. Called on the thread that called `run`, one call at a time, with no lock held."""
    def remediate(self, step: Step) -> Action:
        """Says what to do with a step. Messages of a refused answer are on the step. An error ends the run, and comes out of it."""
    def waiting(self, step: Step, waiting: Waiting) -> Wait:
        """Told before each poll what is being waited for, at which step."""


class SignIn:
    """One sign-in. It is always at a step, or complete. One call at a time: a second gets `SignInError.Misuse` (`busy`) at once;
looking at it is never busy. After any error it is where it was."""
    _handle: Any
    def __del__(self) -> None: ...
    def _uniffi_clone_handle(self) -> Any: ...
    @classmethod
    def _uniffi_make_instance(cls, handle: Any) -> Any: ...
    def cancel(self, call: typing.Optional[CallOptions]=...) -> Step:
        """Cancels at the server; the sign-in is at a fresh first page."""
    def draft(self) -> Draft:
        """What the person types for the screen."""
    def ending(self) -> typing.Optional[Ending]:
        """How it ended; none while it goes on. Without tokens it may have ended well: the account is unlocked, a mail was sent."""
    def finish(self, call: typing.Optional[CallOptions]=...) -> Tokens:
        """Redeems the code once, and verifies the ID token."""
    def form_step(self) -> typing.Optional[Step]:
        """The last step that could be answered: the same as `step`, except after a refusal that came without a form."""
    def handle_callback(self, url: str, call: typing.Optional[CallOptions]=...) -> typing.Optional[str]:
        """Takes the URL that the app was opened with after a redirect or by a link in a mail. Afterwards the sign-in is complete,
or at its next step. Gives a code from a mail that the current step does not wait for: show it, the person types it
where they began."""
    def is_at(self, draft: Draft) -> bool:
        """Whether a draft's screen is still to be shown: it is that of the current step, or of one that was only polled since and
asks the same. What was typed in it can be taken; a new draft would be empty. Never busy."""
    def is_complete(self) -> bool:
        """Whether the interaction code is here, so that `finish` can redeem it. Never busy."""
    def kept_at(self) -> typing.Optional[float]:
        """When it was stored last, in seconds since 1970; none when it is not in a storage. Never busy."""
    def next(self, call: typing.Optional[CallOptions]=...) -> Next:
        """The current step, and after that each one that follows. Call it in a loop whose body answers the step (`take`,
`proceed`, `resend` …). A step that the body left as it is, and that can be polled, is polled until it changes, by
default for five minutes. After a call that failed, the same step comes again."""
    def poll(self, call: typing.Optional[CallOptions]=...) -> Step:
        """Waits until the step changes, by the server's interval; without a time limit, five minutes."""
    def poll_while(self, handler: RemediationHandler, call: typing.Optional[CallOptions]=...) -> Step:
        """As `poll`, telling `handler.waiting` before each poll what is being waited for. The step is the same when it asked to
stop."""
    def proceed(self, answer: Answer, call: typing.Optional[CallOptions]=...) -> Step:
        """Sends an answer, and gives the next step. A refused answer is a step with messages, not an error."""
    def recover(self, call: typing.Optional[CallOptions]=...) -> Step:
        """Forgot the password."""
    def refresh(self, call: typing.Optional[CallOptions]=...) -> Step:
        """Asks the server for the current step. Safe at any time; the way on after an error whose request was perhaps sent."""
    def requests(self) -> int:
        """How many requests were made, polls included."""
    def resend(self, call: typing.Optional[CallOptions]=...) -> Step:
        """Sends the code or the push again."""
    def restart(self, call: typing.Optional[CallOptions]=...) -> Step:
        """Begins anew with the same options and fresh secrets: the way on from an expired or ended sign-in."""
    def run(self, handler: RemediationHandler, call: typing.Optional[CallOptions]=...) -> Tokens:
        """Goes through the sign-in to its tokens: asks `handler` for each step, polls, redeems, verifies. What the handler throws
comes out of it, and the sign-in can be run again. Errors: `SignInError.Ended` when it ended without tokens, well or
not (`ending` says how); `SignInError.WrongAnswer` when the handler gives again what was just refused."""
    def save(self) -> str:
        """Saves the sign-in for `Client.restore`. A secret: keep it like a password."""
    def screen(self) -> Screen:
        """What a person sees and can do now: draw this. Never busy."""
    def screen_json(self) -> str:
        """The screen as JSON, for web views. Holds what the person sees: do not log it."""
    def send(self, call: typing.Optional[CallOptions]=...) -> Step:
        """Sends the code, where the step offers that as an action."""
    def skip(self, call: typing.Optional[CallOptions]=...) -> Step:
        """Leaves an optional step out."""
    def step(self) -> Step:
        """What the server asks now. Never busy."""
    def storage_trouble(self) -> typing.Optional[ErrorDetails]:
        """Why the app's storage does not have this sign-in as it is now; none when it has, or there is no storage. The sign-in goes
on without: look after a call, and tell the person not to leave the app. As of the last call that ended. Never busy."""
    def take(self, draft: Draft, way: int, call: typing.Optional[CallOptions]=...) -> Step:
        """Takes the way of this index (`Way.index`) of the draft's screen, with what was given: sends its form or its action, or
waits; `restart` begins anew. A refused answer is a step with notices, not an error. Errors before anything is sent:
`SignInError.WrongAnswer` when something must be given first, or the screen is that of an older step;
`SignInError.Misuse` for what only the app can do (open an address, launch an app)."""


class Client:
    """One app at one org. Immutable: any thread."""
    _handle: Any
    def __del__(self) -> None: ...
    def _uniffi_clone_handle(self) -> Any: ...
    @classmethod
    def _uniffi_make_instance(cls, handle: Any) -> Any: ...
    @classmethod
    def confidential(cls, config: ClientConfig, client_secret: str, hosts: typing.Optional[Hosts]=...) -> typing_extensions.Self:
        """Makes a confidential client, one with a secret, sent as `client_secret_basic`. An app on a device has none."""
    @classmethod
    def from_json(cls, json: str, hosts: typing.Optional[Hosts]=...) -> typing_extensions.Self:
        """Makes a client of settings in JSON (the members are those of the C API's `ic_config_from_json`)."""
    def __init__(self, config: ClientConfig, hosts: typing.Optional[Hosts]=...) -> None:
        """Makes a client. All settings are checked here; no request is made."""
    def forget_device(self) -> None:
        """Removes what identifies this device from the storage: for an app whose person signs out of the device for good. The next
sign-in is one on a device that the org does not know."""
    def prepare(self, call: typing.Optional[CallOptions]=...) -> None:
        """Connects and fetches the keys that the tokens are verified with, while the person still types. A sign-in does not need
it, and nothing depends on it."""
    def restore(self, saved: str) -> SignIn:
        """Continues a sign-in that `SignIn.save` saved, in this process or another. No request is made; `refresh` asks the
server where it is."""
    def resume(self) -> typing.Optional[SignIn]:
        """Continues the sign-in of this client that was stored last, if there is one. No request is made. A storage that cannot be
read now is `SignInError.App` (`storage_unavailable`), which does not mean that there is none."""
    def resume_all(self) -> typing.List[SignIn]:
        """All sign-ins of this client that are stored, that of the last call first: for an app with several under way.
`SignIn.keptAt` says when."""
    def start(self, options: typing.Optional[StartOptions]=..., call: typing.Optional[CallOptions]=...) -> SignIn:
        """Starts a sign-in: two requests. It is at its first step."""
