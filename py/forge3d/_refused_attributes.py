"""Attributes that cannot be set, and what to do instead."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints

__all__ = ["offered_options", "refused_attribute"]

_PACKAGE = "forge3d."

# Calls that take settings, and what they make of one.
_CALLS = {
    "change": "call change({name}=…)",
    "connect": "call connect(…) with all pins that it is to have, {name} among them",
    "__init__": "give it as an option when it is made",
}


_offered: dict[type[Any], dict[str, str]] = {}


def offered_options(kind: type[Any]) -> dict[str, str]:
    """Return the options of a class's calls by name: what is to be done to set one."""
    if kind in _offered:
        return _offered[kind]
    offered: dict[str, str] = {}
    # Classes of callers say nothing of what the core has.
    own = [each for each in kind.__mro__ if each.__module__.startswith(_PACKAGE)]
    for call, advice in _CALLS.items():
        for each in own:
            if inspect.isfunction(function := vars(each).get(call)):
                for name in _options_of(function):
                    offered.setdefault(name, advice.format(name=name))
                break
    _offered[kind] = offered
    return offered


def refused_attribute(target: object, name: str) -> AttributeError:
    """Make the error for an attribute that cannot be set."""
    kind: type[Any] = type(target)
    advice = offered_options(kind).get(name)
    if hasattr(kind, name):
        reason = f"it can be read alone{f': {advice}' if advice else ''}"
    elif advice:
        reason = f"settings do not change as attributes: {advice}"
    else:
        near = get_close_matches(name, (*offered_options(kind), *_public_names(kind)), n=1)
        reason = f"there is no such attribute{f': did you mean {near[0]}' if near else ''}"
    return AttributeError(f"Cannot set {name} of {target!r} as {reason}", name=name, obj=target)


def _public_names(kind: type) -> list[str]:
    return [name for name in dir(kind) if not name.startswith("_")]


def _options_of(call: Callable[..., Any]) -> list[str]:
    """Return the names of what a call takes: its own, and those of the options that it unpacks."""
    hints = get_type_hints(call)
    names: list[str] = []
    for parameter in inspect.signature(call).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            unpacked = get_args(hints[parameter.name])
            names += [name for each in unpacked for name in each.__annotations__]
        elif parameter.name != "self":
            names.append(parameter.name)
    return names
