"""Reads numbers from what callers pass: nested sequences, buffers, arrays."""

from __future__ import annotations

import math
from collections.abc import Buffer, Iterable, Mapping, Sequence, Set
from typing import Any, Protocol, cast

from ._checks import to_float
from .errors import InvalidArgumentError, OutOfRangeError


class SupportsToList(Protocol):
    """An array of any library."""

    def tolist(self) -> Any:
        """Return nested lists of numbers."""
        ...


type Numbers = Iterable[Any] | Buffer | SupportsToList
"""Numbers in any nesting of sequences, in a buffer, or in an array."""

_PLAIN = (tuple, list)
_TEXT = (str, bytes, bytearray)


def flat_numbers(value: Any, count: int, name: str) -> list[float]:
    """Flatten to a list of `count` finite floats.

    Parameters
    ----------
    value
        Sequences in any nesting, a buffer, or an array with ``tolist()``.
    count : int
        How many numbers there must be.
    name : str
        Name of the argument, for messages.

    Raises
    ------
    InvalidArgumentError
        If it is none of these, or has another number of elements.
    OutOfRangeError
        If a number is not finite.
    """
    if type(value) in _PLAIN and len(value) == count:
        try:
            if all(map(math.isfinite, value)):
                return list(map(float, value))
        except (TypeError, OverflowError):
            pass
    numbers: list[float] = []
    _flatten(value, numbers, count, name)
    if len(numbers) != count:
        raise _wrong_shape(value, count, name)
    if not all(map(math.isfinite, numbers)):
        raise OutOfRangeError(
            f"Cannot use {name} as it must be finite: current value is {numbers}", argument=name
        )
    return numbers


def _flatten(value: Any, numbers: list[float], count: int, name: str) -> None:
    if isinstance(value, (float, int)):
        numbers.append(to_float(value, name))
    elif isinstance(value, (tuple, list)):
        items = cast("Sequence[Any]", value)
        if len(numbers) + len(items) > count:
            raise _wrong_shape(value, count, name)
        for item in items:
            _flatten(item, numbers, count, name)
    elif isinstance(value, (*_TEXT, Set, Mapping)):
        raise _wrong_shape(value, count, name)
    elif hasattr(value, "tolist"):
        _flatten(value.tolist(), numbers, count, name)
    elif hasattr(value, "__float__"):
        numbers.append(to_float(value, name))
    else:
        _flatten(_listed(value, count, name), numbers, count, name)


def _listed(value: Any, count: int, name: str) -> Any:
    try:
        return memoryview(value).tolist()
    except (TypeError, NotImplementedError):
        pass
    if hasattr(value, "__array__"):
        return value.__array__().tolist()
    try:
        return list(value)
    except TypeError:
        raise _wrong_shape(value, count, name) from None


def _wrong_shape(value: Any, count: int, name: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"Cannot use {name} as it must be {count} numbers: current value is {value!r}",
        argument=name,
    )


def column_major(value: Any, name: str) -> list[float] | None:
    """Flatten a row-major 4 by 4 matrix to the core's column-major order.

    Return None for None, and for a tuple that holds only None.
    """
    while isinstance(value, (tuple, list)) and len(rows := cast("Sequence[Any]", value)) == 1:
        value = rows[0]
    if value is None:
        return None
    flat: list[float] | tuple[float, ...]
    flat = _plain_rows(value) or flat_numbers(value, 16, name)
    return [*flat[0::4], *flat[1::4], *flat[2::4], *flat[3::4]]


def _plain_rows(value: Any) -> tuple[float, ...] | None:
    """Return the elements of four plain rows of four finite numbers: the usual case, read fast."""
    if type(value) not in _PLAIN or len(value) != 4:
        return None
    a, b, c, d = value
    if type(a) not in _PLAIN or type(b) not in _PLAIN:
        return None
    try:
        flat = (*a, *b, *c, *d)
        finite = len(flat) == 16 and all(map(math.isfinite, flat))
        return tuple(map(float, flat)) if finite else None
    except (TypeError, OverflowError):
        return None
