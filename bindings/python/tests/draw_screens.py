"""Draws the screens of recorded responses as lines of text, for a comparison with every other language: the name of each file,
then its lines. The head of cli/src/draw.rs says what a line is.

python3 draw_screens.py FILE...
"""

import enum
import sys
from collections.abc import Iterator
from pathlib import Path

import interaction_code as ic
from interaction_code import ElementKind


def lines(screen: ic.Screen) -> Iterator[str]:
    yield f"# {screen.title.text}"
    if who := screen.subject:
        yield from (f"@ {text}" for text in (who.identifier, who.name, who.app) if text is not None)
    for notice in screen.notices:
        yield from notice_lines(notice)
    for element in screen.elements:
        yield from element_lines(element, "" if element.way is None else f" >{element.way}")
    for way in screen.ways:
        yield f"> {way.index} {way.label.text} [{word(way.role)} {word(way.does)}{' quiet' if way.quiet else ''}]"
    suggested = screen.suggested
    yield f"$ {word(suggested.kind)}" + ("" if suggested.way is None else f" {suggested.way}")


def notice_lines(notice: ic.Notice) -> Iterator[str]:
    yield f"! {word(notice.severity)} {notice.phrase.text}" + (f" {{{notice.at.path}}}" if notice.at else "")
    yield from links(notice.links)
    for item in notice.items:
        yield from (f"  {line}" for line in notice_lines(item))


def element_lines(element: ic.Element, of_way: str) -> Iterator[str]:
    kind, text = element.kind, element.phrase.text
    if isinstance(kind, ElementKind.FIELD):
        yield from input_lines(kind.input, of_way)
    elif isinstance(kind, ElementKind.CHOICE):
        yield f"? {kind.choice.label.text} [{word(kind.choice.style)}]{of_way}"
        for option in kind.choice.options:
            yield "  - " + " | ".join(each.text for each in (option.label, option.detail, option.note) if each)
            for field in option.fields:
                yield from (f"    {line}" for line in input_lines(field, ""))
    elif isinstance(kind, ElementKind.PICTURE):
        yield f"% {kind.label.text}{of_way}"
    elif isinstance(kind, (ElementKind.SECRET, ElementKind.NUMBER)):
        yield f"= {kind.value}{of_way}"
    elif isinstance(kind, ElementKind.REQUIREMENTS):
        yield from (f"* {rule.phrase.text}{of_way}" for rule in kind.rules)
    elif isinstance(kind, ElementKind.CONSENT):
        yield from (f"+ {scope.label.text}{of_way}" for scope in kind.scopes)
    elif isinstance(kind, ElementKind.FACTS):
        yield from (f": {row.label.text}: {row.value}{of_way}" for row in kind.rows)
    elif isinstance(kind, ElementKind.WAITING):
        if not kind.quiet:
            yield f"~ {text}{of_way}"
    else:  # a text, or whatever it is
        yield f". {text}{of_way}"
        if isinstance(kind, ElementKind.TEXT):
            if kind.value is not None:
                yield f"  = {kind.value}"
            yield from links(kind.links)


def input_lines(asked: ic.Input, of_way: str) -> Iterator[str]:
    yield f"? {asked.label.text} [{word(asked.ask)}{'*' if asked.required else ''}]{of_way}"
    yield from (f"  - {option.label.text}" for option in asked.options)


def links(all_of_them: list[ic.ScreenLink]) -> Iterator[str]:
    yield from (f"  & {link.label} {link.url}" for link in all_of_them)


def word(member: enum.Enum | ic.Ask) -> str:
    """The word of a member of a closed set, as it is in every language."""
    name = member.name if isinstance(member, enum.Enum) else type(member).__name__.rpartition(".")[2]
    return name.lower()


def main(*files: str) -> None:
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for file in files:
        print(file, *lines(ic.Step.read(Path(file).read_bytes()).screen()), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
