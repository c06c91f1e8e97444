"""Reads include/interaction_code.h: prototypes, structs, callbacks, constants.

A small parser for the C that this one header is written in, so that tests can take every list from it: which functions
there are, what they take, what a struct looks like. What it does not understand is an error, never left out.
"""

import re


class Function:
    """A prototype: `returns` and the types of `parameters` as text, spaces normalised (`const char *`)."""

    def __init__(self, name, returns, parameters, hooks):
        self.name, self.returns, self.parameters, self.hooks = name, returns, parameters, hooks


class Header:
    """Everything of the header that a program needs, by name."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.functions = {}
        self.structs = {}    # name -> [(type, member)]
        self.callbacks = {}  # name -> (returns, [(type, parameter)])
        self.aliases = {}    # name -> type
        self.handles = []    # names of the opaque pointer types
        self.constants = {}  # name -> int
        self._macros = {}
        text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
        text = re.sub(r"//[^\n]*", " ", text)
        # Attributes say nothing about calling a function.
        text = re.sub(r"^\s*#\s*define\s+IC_(API|CHECK|NULLABLE)\b.*$", "", text, flags=re.M)
        text = re.sub(r"\bIC_(API|CHECK|NULLABLE)\b(?!\))", " ", text)
        for statement, hooks in statements(self._preprocess(text)):
            self._read(statement, hooks)
        for name, value in self._macros.items():
            self._constant(name, value)

    def _preprocess(self, text):
        """Takes the directives out. Gives (line, whether it is for tests only)."""
        lines, conditions = [], []
        for line in text.replace("\\\n", " ").split("\n"):
            directive = re.match(r"\s*#\s*(\w+)\s*(.*)", line)
            if not directive:
                # What only a C++ compiler sees is no concern of C.
                if "cplusplus" not in conditions:
                    lines.append((line, "hooks" in conditions))
                continue
            word, rest = directive.groups()
            if word in ("if", "ifdef", "ifndef"):
                known = [("cplusplus", "__cplusplus"), ("hooks", "IC_TEST_HOOKS")]
                kinds = [kind for kind, name in known if name in rest and word != "ifndef" and "!" not in rest]
                conditions.append(kinds[0] if kinds else "other")
            elif word in ("else", "elif"):
                conditions[-1] = "other"
            elif word == "endif":
                conditions.pop()
            elif word == "define":
                macro = re.match(r"(\w+)\s+(.+)", rest)
                if macro:
                    self._macros[macro.group(1)] = macro.group(2).strip()
        return lines

    def _read(self, statement, hooks):
        if statement.startswith("static inline"):
            return
        callback = re.fullmatch(r"typedef (.+?)\(\s*\*\s*(\w+)\s*\)\s*\((.*)\)", statement)
        if callback:
            returns, name, parameters = callback.groups()
            self.callbacks[name] = (normal(returns), self._parameters(parameters))
            return
        structure = re.fullmatch(r"(?:typedef )?struct (\w+) \{(.*)\} ?(\w*)", statement)
        if structure:
            self._struct(structure.group(1), structure.group(2))
            return
        enumeration = re.fullmatch(r"(?:typedef )?enum ?(\w*) ?\{(.*)\} ?(\w*)", statement)
        if enumeration:
            self._enumeration(enumeration.group(2))
            return
        if statement.startswith("typedef "):
            kind, name = split_name(statement[len("typedef "):])
            if re.fullmatch(r"struct \w+ \*", kind):
                self.handles.append(name)
            elif not kind.startswith("struct "):
                self.aliases[name] = kind
            return
        if re.fullmatch(r"struct \w+", statement):
            return
        function = re.fullmatch(r"(?:extern )?([\w\s*]+?)(\w+) ?\((.*)\)", statement)
        if not function:
            raise ValueError(f"the header has something that this parser does not know: {statement[:200]}")
        returns, name, parameters = function.groups()
        self.functions[name] = Function(name, normal(returns), self._parameters(parameters), hooks)

    def _parameters(self, text):
        parts = [part.strip() for part in text.split(",")]
        if parts in (["void"], [""]):
            return []
        return [split_name(part) for part in parts]

    def _struct(self, name, body):
        members = []
        for member in (part.strip() for part in body.split(";")):
            if not member:
                continue
            members.append(split_name(member))
        self.structs[name] = members

    def _enumeration(self, body):
        value = -1
        for part in (part.strip() for part in body.split(",")):
            if part:
                name, _, given = (word.strip() for word in part.partition("="))
                value = int(given, 0) if given else value + 1
                self.constants[name] = value

    def _constant(self, name, text):
        known = {"UINT32_MAX": 2**32 - 1, "INT64_MAX": 2**63 - 1, "SIZE_MAX": 2**64 - 1}
        text = text.strip("() ")
        if text in known:
            self.constants[name] = known[text]
        elif re.fullmatch(r"-?(0x[0-9a-fA-F]+|\d+)[uUlL]*", text):
            self.constants[name] = int(re.sub(r"[uUlL]+$", "", text), 0)
        elif re.fullmatch(r"U?INT(32|64)_C\(.*", text):
            self.constants[name] = int(re.sub(r"[^\dxXa-fA-F-]", "", text.split("(", 1)[1].rstrip("uUlL")), 0)


def statements(lines):
    """Cuts the text into statements at `;`, and at the end of a function with a body."""
    depth, words, hooks_of_first = 0, [], False
    for line, hooks in lines:
        for character in line + "\n":
            if not words and character.isspace():
                continue
            if not words:
                hooks_of_first = hooks
            words.append(character)
            depth += (character == "{") - (character == "}")
            ends = character == ";" or (character == "}" and "".join(words[:20]).startswith("static inline"))
            if ends and depth == 0:
                statement = normal("".join(words).rstrip(";"))
                words = []
                if statement:
                    yield statement, hooks_of_first
    if "".join(words).strip():
        raise ValueError(f"the header ends in the middle of: {''.join(words)[:200]}")


def normal(text):
    """One space between words, and one before the first star."""
    text = " ".join(text.split())
    text = re.sub(r"\s*\*\s*", "*", text)
    return re.sub(r"(?<=[\w ])(\*+)", r" \1", text).replace("  ", " ").strip()


def split_name(text):
    """`const char *name` as (`const char *`, `name`)."""
    text = normal(text)
    parts = re.fullmatch(r"(.*?)(\w+)", text)
    if not parts or not parts.group(1).strip():
        raise ValueError(f"a declaration without a name: {text}")
    return normal(parts.group(1).replace("struct ", "") if "*" in parts.group(1) and "_handle" not in text
                  else parts.group(1)), parts.group(2)
