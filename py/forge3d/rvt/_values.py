"""Values on their way to the core.

Numbers, text, dictionaries and short lists are converted; long rows of numbers go as buffers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from js import Object
from pyodide.ffi import JsProxy, jsnull, to_js

from .._bridge import call, core
from .._buffers import native_view
from .._checks import to_float
from ..device import Device
from ..errors import InvalidArgumentError, OutOfRangeError
from ..texture import VirtualTexture, place_of
from ._loading import core_spelling
from ._number_arrays import number_array, view_of
from ._reference import Reference

__all__ = [
    "NULL",
    "ByName",
    "by_name",
    "camel_case",
    "options",
    "snake_case",
    "to_core",
]


NULL: Any = jsnull
"""What tells the core that there is to be nothing, where None counts as not given."""

_PLAIN = (bool, float, str, JsProxy, type(jsnull))
_NOT_HERE = {"logger": "the logger forge3d of the module logging takes messages"}
_object_from_entries = Object.fromEntries
# Dictionaries and lists in each other; one may hold itself.
_MOST_DEEP = 8
# Elements of an array that becomes a list: what is longer is no vector or matrix.
_LONGEST_LIST = 16
# Beyond, JavaScript has no exact integers.
_MOST_EXACT = 2**53


class ByName(dict[str, Any]):
    """A dictionary whose keys are names that the caller chose, which stay as they are."""


def by_name(value: Any, name: str) -> ByName:
    """Return a dictionary whose keys stay as they are.

    Raises
    ------
    InvalidArgumentError
        If it is no dictionary, or a key is no text.
    """
    if isinstance(value, Mapping):
        items: Mapping[Any, Any] = cast("Any", value)
        if all(isinstance(key, str) for key in items):
            return ByName(items)
    raise InvalidArgumentError(
        f"Cannot use {name} as it must be a dictionary with names as keys: "
        f"current value is {value!r:.80}",
        argument=name,
    )


def options(values: Mapping[str, Any]) -> Any:
    """Make a plain JavaScript object of options; those that are None are left out."""
    return _converted(_plain_options(values, _MOST_DEEP))


def to_core(value: Any, name: str) -> Any:
    """Return what the core takes for a value.

    Raises
    ------
    InvalidArgumentError
        If it is nothing that has a meaning there.
    """
    plain = _plain(value, name, _MOST_DEEP)
    return _converted(plain) if isinstance(plain, (list, dict)) else plain


def _converted(plain: Any) -> Any:
    return to_js(plain, dict_converter=_object_from_entries)


def _plain_options(values: Mapping[str, Any], depth: int) -> dict[str, Any]:
    return {
        core_spelling(_checked_name(key)): _plain(value, key, depth)
        for key, value in values.items()
        if value is not None
    }


def _checked_name(option: str) -> str:
    """Refuse an option of the core that has another name here, or none."""
    if option != option.lower():
        raise InvalidArgumentError(
            f"Cannot use option {option!r} as names are in snake case: take {snake_case(option)!r}",
            argument=option,
        )
    if option in _NOT_HERE:
        raise InvalidArgumentError(
            f"Cannot use option {option!r} as there is none here: {_NOT_HERE[option]}",
            argument=option,
        )
    return option


def _plain(value: Any, name: str, depth: int) -> Any:
    """Return what is converted as what it is."""
    kind = cast("type[object]", type(value))
    if kind in _PLAIN or value is None or isinstance(value, JsProxy):
        return cast("Any", value)
    if isinstance(value, Reference):
        return value.core_object
    if isinstance(value, VirtualTexture):
        return call(core.rvt_texture, *place_of(value))
    if isinstance(value, Device):
        return call(core.rvt_device, value.handle)
    if isinstance(value, str):
        return str(value)
    if hasattr(kind, "__index__"):
        return _integer(int(value))
    if isinstance(value, (list, tuple, Mapping)):
        if depth == 0:
            raise _unusable(value, name)
        if isinstance(value, Mapping):
            mapping: Mapping[Any, Any] = cast("Any", value)
            return _plain_mapping(mapping, name, depth - 1)
        items = cast("list[Any]", value)
        return [_plain(item, name, depth - 1) for item in items]
    view = view_of(value)
    if view is not None:
        is_short = view.nbytes <= view.itemsize * _LONGEST_LIST
        native = native_view(view) if is_short else None
        return number_array(value, name).values if native is None else native.tolist()
    if hasattr(kind, "__float__"):
        return to_float(value, name)
    raise _unusable(value, name)


def _plain_mapping(value: Mapping[Any, Any], name: str, depth: int) -> dict[str, Any]:
    # Groups have numbers for names.
    named = {str(key): each for key, each in value.items() if isinstance(key, (str, int))}
    if len(named) != len(value):
        raise _unusable(value, name)
    if isinstance(value, ByName):
        return {key: _plain(each, key, depth) for key, each in named.items()}
    return _plain_options(named, depth)


def _integer(value: int) -> int | float:
    """Return an integer as the number that JavaScript has for it."""
    return value if -_MOST_EXACT <= value <= _MOST_EXACT else _huge(value)


def _huge(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        raise OutOfRangeError(
            f"Cannot use a number as it must fit a float: current value has "
            f"{value.bit_length()} bits"
        ) from None


def _unusable(value: Any, name: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"Cannot use {name} as it has no meaning here: current value is {value!r:.80}",
        argument=name,
    )


def snake_case(name: str) -> str:
    """Return a name of the core in Python's spelling."""
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


def camel_case(name: str) -> str:
    """Return a name in the core's spelling."""
    head, *rest = name.removesuffix("_").split("_")
    return head + "".join(map(str.capitalize, rest))
