"""Values on their way to the core.

Numbers, text, dictionaries and short lists are converted. Long rows of numbers go as buffers: they
are copied, and their numbers are not looked at one by one.
"""

from __future__ import annotations

from array import array
from collections.abc import Buffer, Mapping
from typing import Any, Protocol, cast

from js import Object
from pyodide.ffi import JsProxy, jsnull, to_js

from .._bridge import call, core
from .._checks import to_float
from ..device import Device
from ..errors import InvalidArgumentError, OutOfRangeError
from ..texture import VirtualTexture, place_of
from ._loading import core_spelling
from ._reference import Reference

__all__ = ["NULL", "ByName", "NumberBuffer", "buffer_of", "by_name", "options", "to_core"]


class SupportsArray(Protocol):
    """An array of any library."""

    def __array__(self) -> Any:
        """Return an array of numpy."""
        ...


type NumberBuffer = Buffer | SupportsArray
"""Numbers in a buffer or an array, such as ``array.array("f", …)``."""

NULL: Any = jsnull
"""What tells the core that there is to be nothing, where None counts as not given."""

_PLAIN = (bool, float, str, JsProxy, type(jsnull))
_object_from_entries = Object.fromEntries
# Dictionaries and lists in each other; one may hold itself.
_MOST_DEEP = 8
# Elements of an array that becomes a list: what is longer is no vector or matrix.
_LONGEST_LIST = 16
# Beyond, JavaScript has no exact integers.
_MOST_EXACT = 2**53
# Formats of buffers that become typed arrays as they are; others become doubles.
_DIRECT_FORMATS = frozenset("bBhHiIlLfd")
_OTHER_FORMATS = frozenset("eqQnN?")


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


def buffer_of(value: Any, name: str) -> tuple[Any, tuple[int, ...]]:
    """Return the numbers of a buffer or an array as a typed array, and its shape.

    Raises
    ------
    InvalidArgumentError
        If it is neither, or holds something else than numbers.
    """
    view = _view(value)
    if view is None:
        raise InvalidArgumentError(
            f"Cannot use {name} as it must be a buffer or an array of numbers, such as "
            f"array.array('f', …): current value is {value!r:.80}",
            argument=name,
        )
    shape = () if view.shape is None else tuple(view.shape)
    try:
        return _typed_array(view), shape
    except (ValueError, TypeError, NotImplementedError):
        raise InvalidArgumentError(
            f"Cannot use {name} as it must hold numbers: current format is {view.format!r}",
            argument=name,
        ) from None


def _typed_array(view: memoryview[Any]) -> Any:
    if view.format not in _DIRECT_FORMATS | _OTHER_FORMATS:
        raise ValueError
    is_flat = view.ndim == 1 and view.c_contiguous
    flat = view if is_flat else memoryview(view.tobytes()).cast(view.format)  # type: ignore[call-overload]
    if view.format not in _DIRECT_FORMATS:
        return to_js(memoryview(array("d", cast("Any", flat))))
    return to_js(flat)


def _view(value: Any) -> memoryview[Any] | None:
    """Return a view of a buffer of one dimension or more; None if it is none."""
    try:
        view = memoryview(value)
        if view.ndim > 0:
            return view
    except (TypeError, ValueError):
        if isinstance(value, type) or not hasattr(value, "__array__"):
            return None
        return memoryview(value.__array__())
    return None


def _converted(plain: Any) -> Any:
    return to_js(plain, dict_converter=_object_from_entries)


def _plain_options(values: Mapping[str, Any], depth: int) -> dict[str, Any]:
    return {
        core_spelling(key): _plain(value, key, depth)
        for key, value in values.items()
        if value is not None
    }


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
    view = _view(value)
    if view is not None:
        is_short = view.nbytes <= view.itemsize * _LONGEST_LIST and view.format != "c"
        return cast("Any", view.tolist()) if is_short else buffer_of(value, name)[0]
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


def camel_case(name: str) -> str:
    """Return a name in the core's spelling."""
    head, *rest = name.removesuffix("_").split("_")
    return head + "".join(map(str.capitalize, rest))
