"""What objects of the library cannot do: be copied or pickled.

An object is a number that stands for something in the library. A copy would be the same number twice: let go of twice, and
used after that. The generated module does not prevent it.
"""

from typing import Any, NoReturn

from . import _native


def _refused(self: Any, protocol: object = None) -> NoReturn:
    raise TypeError(f"a {type(self).__name__} cannot be copied or pickled; `SignIn.save` makes a text of a sign-in")


def install() -> None:
    """Puts the refusal into every class of objects."""
    for each in vars(_native).values():
        if isinstance(each, type) and "_uniffi_make_instance" in vars(each):
            for method in ("__copy__", "__deepcopy__", "__reduce_ex__"):
                setattr(each, method, _refused)
