"""The code in docs/python.md is code: the whole program is the example, every other piece runs."""

import asyncio
import pathlib
import re
import threading

import interaction_code

PYTHON = pathlib.Path(__file__).parents[1]
PAGE = (PYTHON.parents[1] / "docs/python.md").read_text(encoding="utf-8")


def blocks(kind):
    return re.findall(rf"^```python {kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_program_is_the_example():
    assert blocks("file") == [(PYTHON / "examples/sign_in.py").read_text(encoding="utf-8")]


def test_every_piece_runs(org):
    names = {name: getattr(interaction_code, name) for name in interaction_code.__all__}
    names.update(asyncio=asyncio, threading=threading, issuer=org.issuer)
    pieces = blocks("run")
    assert len(pieces) >= 6 and PAGE.count("```python") == len(pieces) + 1
    for piece in pieces:
        exec(compile(piece, "docs/python.md", "exec"), names)
