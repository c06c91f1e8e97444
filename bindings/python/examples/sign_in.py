"""A sign-in in the terminal, for any policy: it draws each screen, asks for what is in it, and takes the way that is chosen.

cargo run -p interaction-code-sandbox -- --listen 127.0.0.1:7070        # in another terminal
python3 sign_in.py http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback
"""

import sys
from getpass import getpass
from typing import Any

import interaction_code as ic


def main(issuer: str, client_id: str, redirect_uri: str) -> None:
    sign_in = ic.Client(ic.ClientConfig(issuer=issuer, client_id=client_id, redirect_uri=redirect_uri)).start()
    while isinstance(now := sign_in.next(), ic.Next.AT):  # waits by itself where a screen is left as it is
        draft = sign_in.draft()
        way = draw(draft.screen())
        try:
            if way.does == ic.Does.OPEN:
                sign_in.handle_callback(line(f"open {way.url} and give the address that it ends at"))
            elif way.does not in (ic.Does.WAIT, ic.Does.LAUNCH):
                fill(draft, way)
                sign_in.take(draft, way.index)
        except ic.SignInError.WrongAnswer as error:  # nothing was sent: the same screen comes again
            print(*(f"! {problem.path}: {problem.reason}" for problem in error.details.problems), sep="\n")
    if isinstance(now, ic.Next.ENDED):
        sys.exit(now.ending.phrase.text)
    print(f"signed in: {sign_in.finish().subject}")


def draw(screen: ic.Screen) -> ic.Way:
    print(f"\n{screen.title.text}", *(f"! {notice.phrase.text}" for notice in screen.notices), sep="\n")
    for element in (element for element in screen.elements if element.is_front):
        asked = isinstance(element.kind, (ic.ElementKind.FIELD, ic.ElementKind.CHOICE))  # by `fill`
        if not asked and not getattr(element.kind, "quiet", False):
            print(element.phrase.text, getattr(element.kind, "value", None) or "", flush=True)
    if screen.suggested.unasked is not None:
        return screen.ways[screen.suggested.unasked]
    suggested = None if screen.suggested.way is None else screen.ways[screen.suggested.way]
    others = [way for way in screen.ways if way != suggested and not way.quiet]
    chosen: ic.Way = choose("how to go on", [suggested, *others] if suggested else others)
    return chosen


def fill(draft: ic.Draft, way: ic.Way) -> None:
    while (element := draft.next(way.index)) is not None:
        if isinstance(element.kind, ic.ElementKind.CHOICE):
            draft.choose(element.kind.choice.node, choose(element.phrase.text, element.kind.choice.options).index)
        elif isinstance(element.kind, ic.ElementKind.FIELD):
            give(draft, element.kind.input)


def give(draft: ic.Draft, asked: ic.Input) -> None:
    if asked.options:
        return draft.set_value(asked.node, choose(asked.label.text, asked.options).value)
    if text := line(asked.label.text, asked.secret):  # "true" and "false" for a toggle
        draft.set_text(asked.node, text)
    if isinstance(asked.ask, ic.Ask.NEW_PASSWORD) and asked.ask.confirm:
        draft.confirm(asked.node, line(asked.ask.confirm.text, asked.secret))


def choose(what: str, choices: list[Any]) -> Any:
    if len(choices) == 1:
        return choices[0]
    for number, each in enumerate(choices, start=1):
        print(f"  {number}) {each.label.text}", detail.text if (detail := getattr(each, "detail", None)) else "")
    typed = line(f"{what} (1 to {len(choices)})")
    return choices[int(typed) - 1 if typed.isdecimal() and 0 < int(typed) <= len(choices) else 0]


def line(what: str, secret: bool = False) -> str:
    return getpass(f"  {what}: ") if secret and sys.stdin.isatty() else input(f"  {what}: ")


if __name__ == "__main__":
    main(*sys.argv[1:])
