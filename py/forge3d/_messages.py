"""Messages of the core in Python's spelling and words."""

from __future__ import annotations

import re

from pyodide.ffi import JsException

import _forge3d_core

__all__ = ["argument_names", "spelled"]

# What is not the library's own stays as it is: what is in quotes, which are names that callers have
# chosen, and the current value, which ends a message. A word that is part of a path or of a file's
# name is no option; a field of an element is one.
_PARTS = re.compile(
    r"(?P<name>(?<![\w\"])\".*?\"(?=$|[\s,.:;()\]']))"
    r"|(?P<value>: current [^:\"]*?\b(?:is|are|has) .*)"
    r"|(?P<list>(?<=options are ).*)"
    r"|\ba Uint8Array of (?P<count>\d+)"
    r"|(?P<thing>\b(?:a Uint8Array|a Float32Array|an object|null|undefined)\b)"
    r"|(?P<word>(?:(?<=\]\.)|(?<![\w/.\\-]))[a-z]\w*(?![\w/\\-]|\.\w))",
    re.DOTALL,
)
# Of the core's options those that Python has not.
_NOT_IN_PYTHON = frozenset(("clock", "logger", "signal"))
# What JavaScript calls a thing.
_WORDS = {
    "a Uint8Array": "bytes",
    "a Float32Array": "a buffer",
    "an object": "a dictionary",
    "null": "None",
    "undefined": "None",
}
_VALUE = re.compile(r"(.* )(undefined|null|true|false|Object|\[object Object\])$", re.DOTALL)
_VALUES = {"undefined": "None", "null": "None", "true": "True", "false": "False"}


def argument_names() -> dict[str, str]:
    """Return Python's spelling of the core's arguments; empty before there is a device."""
    try:
        names: dict[str, str] = _forge3d_core.option_names().arguments.to_py()
    except JsException:
        return {}
    return names


def spelled(message: str) -> str:
    """Return a message of the core in Python's spelling; names and values of callers stay."""
    names = argument_names()

    def spell(found: re.Match[str]) -> str:
        text = found[0]
        match found.lastgroup:
            case "count":
                return f"{found['count']} numbers"
            case "thing":
                return _WORDS[text]
            case "word":
                return names.get(text, text)
            case "list":
                each = (names.get(name, name) for name in text.split(", "))
                return ", ".join(name for name in each if name not in _NOT_IN_PYTHON)
            case "value":
                value = _VALUE.match(text)
                return text if value is None else value[1] + _VALUES.get(value[2], "a dictionary")
            case _:
                return text

    return _PARTS.sub(spell, message)
