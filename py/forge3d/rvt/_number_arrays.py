"""Long rows of numbers on their way to the core: buffers and arrays of any shape and format.

They are copied, and their numbers are not looked at one by one.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Buffer, Sequence
from typing import Any, NamedTuple, Protocol, cast

from pyodide.ffi import to_js

from .._buffers import native_view
from ..errors import InvalidArgumentError, OutOfRangeError

__all__ = ["NumberArray", "NumberBuffer", "check_rows", "check_shape", "number_array", "view_of"]


class SupportsArray(Protocol):
    """An array of any library."""

    def __array__(self) -> Any:
        """Return an array of numpy."""
        ...


type NumberBuffer = Buffer | SupportsArray
"""Numbers in a buffer or an array, such as ``array.array("f", …)``."""

# Formats that become typed arrays as they are; others become doubles.
_DIRECT_FORMATS = frozenset("bBhHiIfd")


class NumberArray(NamedTuple):
    """The numbers of a buffer or an array."""

    values: Any
    """As a typed array of the core."""
    shape: tuple[int, ...]
    """Elements along each axis."""
    code: str
    """Format of an element, as the module struct has it, without its byte order."""


def number_array(value: Any, name: str) -> NumberArray:
    """Return the numbers of a buffer or an array.

    Raises
    ------
    InvalidArgumentError
        If it is neither, or holds something else than numbers.
    """
    view = view_of(value)
    if view is None:
        raise InvalidArgumentError(
            f"Cannot use {name} as it must be a buffer or an array of numbers, such as "
            f"array.array('f', …): current value is {value!r:.80}",
            argument=name,
        )
    native = native_view(view)
    if native is None:
        raise InvalidArgumentError(
            f"Cannot use {name} as it must hold numbers, one in each element, which are integers, "
            f"floats of 16, 32 or 64 bits, or booleans: current format is {view.format!r}",
            argument=name,
        )
    shape = tuple(view.shape or ())
    flat = native if native.ndim == 1 else native.cast("B").cast(native.format)  # type: ignore[call-overload]
    code: str = native.format
    if code not in _DIRECT_FORMATS:
        flat = memoryview(array("d", cast("Any", flat)))
    return NumberArray(to_js(flat), shape, code)


def view_of(value: Any) -> memoryview[Any] | None:
    """Return a view of a buffer of one dimension or more; None if it is none."""
    if isinstance(value, type):
        return None
    view = _buffer(value)
    if view is None and hasattr(value, "__array__"):
        view = _buffer(value.__array__())
    return None if view is None or view.ndim == 0 else view


def _buffer(value: Any) -> memoryview[Any] | None:
    try:
        return memoryview(value)
    except (TypeError, ValueError):
        # Arrays of dates and views that were released are none either.
        return None


def check_shape(
    numbers: NumberArray, sides: Sequence[Any], name: str, *, meaning: str
) -> NumberArray:
    """Check an array of two axes or more, whose shape must say the same as sides that are known.

    Axes that follow each other may be one, so that an array of one axis has any shape.

    Parameters
    ----------
    numbers : NumberArray
        What is checked.
    sides : sequence of int or None
        Its wanted shape; what is not known is not checked.
    name : str
        Name of the argument, for messages.
    meaning : str
        What the axes are, for messages.

    Raises
    ------
    OutOfRangeError
        If the shapes contradict each other.
    """
    known = [side for side in sides if type(side) is int]
    if len(numbers.shape) < 2 or len(known) < len(sides):
        return numbers
    # A product of all sides before an axis says where it begins.
    begins = {math.prod(known[:axis]) for axis in range(len(known) + 1)}
    given = {math.prod(numbers.shape[:axis]) for axis in range(len(numbers.shape) + 1)}
    if not given <= begins:
        raise OutOfRangeError(
            f"Cannot use {name} as its shape must be {tuple(known)}, which are {meaning}, or flat: "
            f"current shape is {numbers.shape}",
            argument=name,
        )
    return numbers


def check_rows(numbers: NumberArray, columns: int, name: str) -> NumberArray:
    """Check that an array of two axes or more ends in an axis of some length.

    Raises
    ------
    OutOfRangeError
        If it does not.
    """
    if len(numbers.shape) > 1 and numbers.shape[-1] != columns:
        raise OutOfRangeError(
            f"Cannot use {name} as its shape must end in {columns}, or be flat: "
            f"current shape is {numbers.shape}",
            argument=name,
        )
    return numbers
