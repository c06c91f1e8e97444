"""Writes the stub of the generated module: stubs.py interaction_code/_native.py > interaction_code/_native.pyi

For a type checker the generated module alone is not enough: a variant (`Action.PROCEED`) becomes a subclass of its enum
only when the module runs, members of records have no types, and those of errors have none even where they are made. The
stub says what is the case. `cargo xtask test --only python` compares it with the module.
"""

import ast
import re
import sys

HEAD = '''"""The types of the generated module, for type checkers. Made by stubs.py: do not edit."""

import enum
import typing
from typing import Any

import typing_extensions

_UniffiLib: Any
_uniffi_check_api_checksums: Any
_uniffi_rust_call_with_error: Any
_uniffi_trait_interface_call_with_error: Any
'''
# What objects have for the layer that is written by hand.
OBJECT = [
    "    _handle: Any",
    "    def __del__(self) -> None: ...",
    "    def _uniffi_clone_handle(self) -> Any: ...",
    "    @classmethod",
    "    def _uniffi_make_instance(cls, handle: Any) -> Any: ...",
]
BUILT_IN = {"String": "str", "Boolean": "bool", "Int32": "int", "Int64": "int", "Bytes": "bytes"}
ERRORS = ("SignInError", "TransportError", "HostError")


def annotation(node):
    """A type as it is written for people: without the marker of a default, which is an `object`."""
    text = ast.unparse(node).strip("'\"")
    return re.sub(r"^typing\.Union\[object, (.*)\]$", r"\1", text)


def functions(body):
    return [each for each in body if isinstance(each, ast.FunctionDef)]


def signature(function, indent, types=None):
    """A method without its body: no marker of a default, an annotation for every argument."""
    arguments = function.args
    for argument in arguments.args[1:] + arguments.kwonlyargs:
        if argument.annotation is None:
            argument.annotation = ast.Name((types or {}).get(argument.arg, "Any"))
        argument.annotation = ast.Name(annotation(argument.annotation))
    arguments.defaults = [ast.Constant(...) for _ in arguments.defaults]
    arguments.kw_defaults = [each and ast.Constant(...) for each in arguments.kw_defaults]
    if function.name == "__init__":
        function.returns = ast.Constant(None)
    returns = annotation(function.returns) if function.returns else "Any"
    decorators = [f"{indent}@{ast.unparse(each)}" for each in function.decorator_list]
    if decorators == [f"{indent}@classmethod"]:
        returns = "typing_extensions.Self"  # a constructor, inherited by the class that people use
    return [*decorators, f"{indent}def {function.name}({ast.unparse(arguments)}) -> {returns}: ..."]


def members(function, indent):
    """What is given when a record is made is there afterwards."""
    arguments = function.args.args[1:] + function.args.kwonlyargs
    return [f"{indent}{each.arg}: {each.annotation.id}" for each in arguments]


def documented(node, indent):
    text = ast.get_docstring(node)
    return [f'{indent}"""{text}"""'] if text else []


def made(node, indent, types=None):
    """How a record or a variant is made, and what it has."""
    init = next((each for each in functions(node.body) if each.name == "__init__"), None)
    if init is None:
        return [f"{indent}pass"]
    lines = signature(init, indent, types)
    return members(init, indent) + lines


def variants(node, types):
    lines = []
    for variant in [each for each in node.body if isinstance(each, ast.ClassDef)]:
        lines += ["", f"    class {variant.name}({node.name}):", *documented(variant, " " * 8)]
        lines += made(variant, " " * 8, types.get(variant.name))
    return lines


def error_types(converter):
    """The types of the members of errors: by what reads them."""
    types = {}
    for call in ast.walk(next(each for each in functions(converter.body) if each.name == "read")):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            readers = [ast.unparse(each.func).removesuffix(".read") for each in call.args if isinstance(each, ast.Call)]
            names = [each.removeprefix("_UniffiFfiConverter").removeprefix("Type") for each in readers]
            types[call.func.attr] = [BUILT_IN.get(name, name) for name in names]
    return types


def stub(node, converters):
    bases = [ast.unparse(base) for base in node.bases if not ast.unparse(base).endswith("Protocol")]
    error = node.name in ERRORS
    bases = ["Exception"] if error else bases
    head = f"class {node.name}({', '.join(bases)}):" if bases else f"class {node.name}:"
    lines = [head, *documented(node, "    ")]
    nested = any(isinstance(each, ast.ClassDef) for each in node.body)
    if "enum.Enum" in bases:
        return lines + [f"    {ast.unparse(each)}" for each in node.body if isinstance(each, ast.Assign)]
    types = {}
    if error:
        read = error_types(converters[f"_UniffiFfiConverterType{node.name}"])
        for variant in [each for each in node.body if isinstance(each, ast.ClassDef)]:
            names = [each.arg for each in functions(variant.body)[0].args.args[1:]]
            types[variant.name] = dict(zip(names, read[variant.name]))
        shared = set.intersection(*(set(each.items()) for each in types.values()))
        lines += [f"    {name}: {kind}" for name, kind in sorted(shared)]
    if nested:
        lines += variants(node, types)
    is_object = any(each.name == "_uniffi_make_instance" for each in functions(node.body))
    if is_object:
        lines += OBJECT
    own = [each for each in functions(node.body) if is_object or not nested]
    if not nested and not is_object and any(each.name == "__init__" for each in own):
        lines += made(node, "    ")
        own = [each for each in own if each.name != "__init__"]
    own += [each for each in functions(node.body) if nested and not is_object and each.name.startswith("is_")]
    for function in own:
        makes = function.name == "__init__" and function.args.kwarg is None
        if makes or not function.name.startswith("_"):
            method = signature(function, "    ")
            doc = documented(function, "        ")
            lines += method if not doc else [*method[:-1], method[-1].removesuffix(" ..."), *doc]
    return lines if len(lines) > 1 else [head + " ..."]


def main():
    with open(sys.argv[1], encoding="utf-8") as source:
        module = ast.parse(source.read())
    classes = {each.name: each for each in module.body if isinstance(each, ast.ClassDef)}
    assigned = [each for each in module.body if isinstance(each, ast.Assign)]
    exported = next(each for each in assigned if ast.unparse(each.targets[0]) == "__all__")
    public = [name for name in ast.literal_eval(exported.value) if not name.endswith(("Impl", "Protocol"))]
    parts = ["\n".join(stub(classes[name], classes)) for name in classes if name in public]
    for function in [each for each in functions(module.body) if each.name in public]:
        head, doc = signature(function, ""), documented(function, "    ")
        parts.append("\n".join([*head[:-1], head[-1].removesuffix(" ...") if doc else head[-1], *doc]))
    print(HEAD + "\n\n" + "\n\n\n".join(parts))


if __name__ == "__main__":
    main()
