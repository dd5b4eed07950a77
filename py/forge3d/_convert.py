"""Reads numbers from what callers pass: nested sequences, buffers, arrays."""

from __future__ import annotations

import math
from collections.abc import Buffer, Iterable, Mapping, Sequence, Set
from itertools import islice
from typing import Any, Protocol, cast

from ._buffers import native_view
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
# Sequences of one element around a matrix that are taken off; one may hold itself.
_MOST_WRAPPERS = 8
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
    try:
        _flatten(value, numbers, count, name)
    except RecursionError:
        raise _wrong_shape(value, count, name) from None
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
    elif isinstance(value, (*_TEXT, Set, Mapping, type)):
        raise _wrong_shape(value, count, name)
    elif isinstance(value, memoryview):
        _flatten(_listed(value, count, name), numbers, count, name)
    elif hasattr(value, "tolist"):
        _flatten(value.tolist(), numbers, count, name)
    elif hasattr(value, "__float__"):
        numbers.append(to_float(value, name))
    else:
        _flatten(_listed(value, count, name), numbers, count, name)


def _listed(value: Any, count: int, name: str) -> Any:
    try:
        native = native_view(memoryview(value))
        if native is not None:
            return native.tolist()
    except (TypeError, ValueError):
        # A view that was released is a ValueError, and so is no iterable either.
        if isinstance(value, memoryview):
            raise _wrong_shape(value, count, name) from None
    if isinstance(value, memoryview):
        raise _wrong_shape(value, count, name)
    if hasattr(value, "__array__"):
        return value.__array__().tolist()
    try:
        # One more than is wanted: an iterator may have no end.
        return list(islice(cast("Iterable[Any]", value), count + 1))
    except TypeError:
        raise _wrong_shape(value, count, name) from None


def _wrong_shape(value: Any, count: int, name: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"Cannot use {name} as it must be {count} numbers: current value is {value!r}",
        argument=name,
    )


def byte_string(value: Any, name: str) -> bytes:
    """Return the bytes of a buffer.

    Raises
    ------
    InvalidArgumentError
        If it is no buffer, or one that was released.
    """
    try:
        return memoryview(value).tobytes()
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            f"Cannot use {name} as it must be a buffer of bytes: current value is {value!r}",
            argument=name,
        ) from None


def column_major(value: Any, name: str) -> list[float] | None:
    """Flatten a row-major 4 by 4 matrix to the core's column-major order.

    Return None for None, and for a tuple that holds only None.
    """
    for _ in range(_MOST_WRAPPERS):
        if not isinstance(value, (tuple, list)):
            break
        rows = cast("Sequence[Any]", value)
        if len(rows) != 1:
            break
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
