"""A handler to begin with: it draws nothing and knows no rule, it asks for what the screen asks for."""

from __future__ import annotations

from typing import Union

from ._native import (
    Action,
    Ask,
    ChoiceElement,
    ChoiceOption,
    Does,
    Draft,
    ElementKind,
    Input,
    InputOption,
    JsonValue,
    Notice,
    RemediationHandler,
    Screen,
    SignInError,
    Step,
    SuggestedKind,
    Wait,
    Waiting,
    Way,
    app_failure,
)

Value = Union[str, bool, int, JsonValue, InputOption, None]


class SignInHandler(RemediationHandler):
    """Answers each step of `SignIn.run`, by what its screen asks for.

    Override what your org's policies ask for. What is not overridden goes to `fill` or `choose`; what these do not answer
    ends the run by a `SignInError.App` that names it. One method is called at a time, on the thread of `run`, and may block.
    What a method raises comes out of `run` as it is, and the sign-in is where it was. `None` leaves an input as it is.
    """

    def messages(self, notices: list[Notice], screen: Screen) -> None:
        """What the server says to the person: a wrong password, a code on its way. Decide by `key`, show `phrase.text`."""

    def username(self, input: Input, screen: Screen) -> Value:
        """The name to sign in with."""
        return self.fill(input, screen)

    def password(self, input: Input, screen: Screen) -> Value:
        """The current password."""
        return self.fill(input, screen)

    def new_password(self, input: Input, screen: Screen) -> Value:
        """A new password or PIN; `input.ask.rules` says what it must be like. Unless overridden, `password` is asked."""
        return self.password(input, screen)

    def code(self, input: Input, screen: Screen) -> Value:
        """A code that was mailed or texted, or that an app shows."""
        return self.fill(input, screen)

    def profile(self, input: Input, screen: Screen) -> Value:
        """An attribute of the person's profile."""
        return self.fill(input, screen)

    def fill(self, input: Input, screen: Screen) -> Value:
        """Any other input; hide what is typed where `input.secret`. Unless overridden, an optional one is left as it is."""
        if input.required and input.preset is None:
            raise self._missing("fill", input.path)
        return None

    def choose_authenticator(self, choice: ChoiceElement, screen: Screen) -> ChoiceOption:
        """One of `choice.options`, each an authenticator or a way to use it. Unless overridden, `choose` is asked."""
        return self.choose(choice, screen)

    def choose(self, choice: ChoiceElement, screen: Screen) -> ChoiceOption:
        """One of `choice.options`."""
        raise self._missing("choose", choice.path)

    def way(self, screen: Screen) -> Way:
        """Which of `screen.ways` to take where none is suggested."""
        raise self._missing("way", f"one of {[way.label.text for way in screen.ways]}")

    def open_url(self, url: str, screen: Screen) -> str:
        """Opens an address in the person's browser, and gives the URL that the app was opened with afterwards."""
        raise self._missing("open_url", "the browser")

    def launch_url(self, url: str, screen: Screen) -> None:
        """Hands an address to the operating system, so that another app opens; the run waits for it."""
        raise self._missing("launch_url", "another app")

    def create_passkey(self, request: str, screen: Screen) -> str:
        """Makes a passkey. In and out: the JSON of Web Authentication Level 3, as browsers take and give it."""
        raise self._missing("create_passkey", "a passkey")

    def get_passkey(self, request: str, screen: Screen) -> str:
        """Signs with a passkey. In and out: the JSON of Web Authentication Level 3, as browsers take and give it."""
        raise self._missing("get_passkey", "a passkey")

    def show_number(self, number: str, waiting: Waiting) -> None:
        """The number that the person must choose in their app. Called before each poll while the step has one."""
        raise self._missing("show_number", "a number to be shown")

    def waiting(self, step: Step, waiting: Waiting) -> Wait:
        """Told before each poll what is being waited for. Unless overridden: shows the number, and waits on."""
        if waiting.number is not None:
            self.show_number(waiting.number, waiting)
        return Wait.CONTINUE()

    def device(self, step: Step) -> Action | None:
        """A device challenge: what to do when an app on this device can answer it, for example `Action.POLL()` once it was asked.

        Unless overridden, and for `None`, it is given up, and the server offers another way.
        """
        return None

    def show_code(self, code: str) -> None:
        """Shows the code that a link in a mail brought (`Action.CALLBACK`), which the person types where they began."""
        raise self._missing("show_code", "the code of a mail to be shown")

    def remediate(self, step: Step) -> Action:
        """What to do with a step. Unless overridden: shows its notices, and takes the suggested way of its screen."""
        draft = step.draft()
        screen = draft.screen()
        if screen.notices:
            self.messages(screen.notices, screen)
        suggested = screen.suggested
        if suggested.kind == SuggestedKind.WAIT:
            return Action.POLL()
        way = self.way(screen) if suggested.way is None else screen.ways[suggested.way]
        if way.url is not None and way.does == Does.OPEN:
            return Action.CALLBACK(self.open_url(way.url, screen))
        if way.url is not None and way.does == Does.LAUNCH:
            self.launch_url(way.url, screen)
            return Action.POLL()
        self.filled(draft, way, screen)
        return Action.TAKE(draft, way.index)

    def filled(self, draft: Draft, way: Way, screen: Screen) -> None:
        """Asks for everything in a way by the methods of the handler. For an own `remediate`."""
        while (element := draft.next(way.index)) is not None:
            kind = element.kind
            if isinstance(kind, ElementKind.CHOICE):
                choice = kind.choice
                authenticators = any(option.key is not None for option in choice.options)
                chosen = (self.choose_authenticator if authenticators else self.choose)(choice, screen)
                draft.choose(choice.node, chosen.index)
            elif isinstance(kind, ElementKind.FIELD):
                self._give(draft, kind.input, screen)

    def _give(self, draft: Draft, input: Input, screen: Screen) -> None:
        ask = input.ask
        if isinstance(ask, Ask.PASSKEY):
            work = self.create_passkey if ask.make else self.get_passkey
            if ask.options is not None:
                draft.set_passkey(input.node, work(ask.options, screen))
            return
        value = self._asked(input, screen)
        if value is None:
            return
        if isinstance(value, InputOption):
            value = value.value
        if isinstance(value, bool):
            draft.set_flag(input.node, value)
        elif isinstance(value, int):
            draft.set_value(input.node, JsonValue.INTEGER(value))
        elif isinstance(value, JsonValue):
            draft.set_value(input.node, value)
        else:
            draft.set_text(input.node, value)
            if isinstance(ask, Ask.NEW_PASSWORD) and ask.confirm:
                draft.confirm(input.node, value)

    def _asked(self, input: Input, screen: Screen) -> Value:
        ask = input.ask
        if isinstance(ask, Ask.USERNAME):
            return self.username(input, screen)
        if isinstance(ask, Ask.PASSWORD):
            return self.password(input, screen)
        if isinstance(ask, Ask.NEW_PASSWORD):
            return self.new_password(input, screen)
        if isinstance(ask, Ask.CODE):
            return self.code(input, screen)
        if isinstance(ask, (Ask.PROFILE, Ask.EMAIL, Ask.PHONE, Ask.COUNTRY)):
            return self.profile(input, screen)
        return self.fill(input, screen)

    def _missing(self, method: str, wanted: str) -> SignInError:
        advice = f"Override it in {type(self).__name__}"
        text = f"the handler does not implement {method}, and the server asks for {wanted}. {advice}"
        return SignInError.App(app_failure(text, advice))
