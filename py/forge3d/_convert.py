"""Numbers from whatever the caller has: nested sequences, buffers, arrays."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Set
from typing import Any

from .errors import InvalidArgumentError, OutOfRangeError

_PLAIN = (tuple, list)
_TEXT = (str, bytes, bytearray)
_ALL_TEXTURES = -1


def flat_numbers(value: Any, count: int, name: str) -> list[float]:
    """Flatten to a number of finite floats.

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
        If it is something else, or has another number of elements.
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
        numbers.append(_to_float(value, name))
    elif isinstance(value, (tuple, list)):
        if len(numbers) + len(value) > count:
            raise _wrong_shape(value, count, name)
        for item in value:
            _flatten(item, numbers, count, name)
    elif isinstance(value, (*_TEXT, Set, Mapping)):
        raise _wrong_shape(value, count, name)
    elif hasattr(value, "tolist"):
        _flatten(value.tolist(), numbers, count, name)
    elif hasattr(value, "__float__"):
        numbers.append(_to_float(value, name))
    else:
        _flatten(_listed(value, count, name), numbers, count, name)


def _to_float(value: Any, name: str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise OutOfRangeError(
            f"Cannot use {name} as it must fit a float: current value has "
            f"{int(value).bit_length()} bits",
            argument=name,
        ) from None


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

    None, and a tuple that holds nothing else, is no matrix.
    """
    while isinstance(value, (tuple, list)) and len(value) == 1:
        value = value[0]
    if value is None:
        return None
    flat: list[float] | tuple[float, ...]
    flat = _plain_rows(value) or flat_numbers(value, 16, name)
    return [*flat[0::4], *flat[1::4], *flat[2::4], *flat[3::4]]


def _plain_rows(value: Any) -> tuple[float, ...] | None:
    """Give the elements of four plain rows of four finite numbers: what most frames pass."""
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


def whole_number(value: Any, name: str, least: int = 1) -> int:
    """Check an integer against the least it may be."""
    number = integer(value, name)
    if number < least:
        wanted = "positive" if least == 1 else f">= {least}"
        raise OutOfRangeError(f"{name} must be {wanted}: current value is {number}", argument=name)
    return number


def real_number(value: Any, name: str) -> float:
    """Check a finite number."""
    if isinstance(value, _TEXT) or not hasattr(type(value), "__float__"):
        if not hasattr(type(value), "__index__"):
            raise InvalidArgumentError(
                f"{name} must be a number: current value is {value!r}", argument=name
            )
    number = _to_float(value, name)
    if not math.isfinite(number):
        raise OutOfRangeError(f"{name} must be finite: current value is {number}", argument=name)
    return number


def integer(value: Any, name: str) -> int:
    """Check an integer."""
    try:
        return operator.index(value)
    except TypeError:
        raise InvalidArgumentError(
            f"{name} must be a whole number: current value is {value!r}", argument=name
        ) from None


def texture_or_all(texture_handle: Any) -> int:
    """Check the handle of a texture; None stands for all of them."""
    return _ALL_TEXTURES if texture_handle is None else texture_number(texture_handle)


def texture_number(texture_handle: Any) -> int:
    """Check the handle of a texture."""
    number = integer(texture_handle, "texture_handle")
    if number < 0:
        raise OutOfRangeError(
            "Cannot use texture as the system has none with this handle: "
            f"current value is {number}",
            argument="texture_handle",
        )
    return number


def check_choice(value: Any, name: str, choices: tuple[str, ...]) -> None:
    """Refuse a text that is not one of some; None is none."""
    if value is None:
        return
    wanted = f"{name} must be one of {', '.join(choices)}: current value is {value!r}"
    if not isinstance(value, str):
        raise InvalidArgumentError(wanted, argument=name)
    if value not in choices:
        raise OutOfRangeError(wanted, argument=name)


def check_names(options: dict[str, Any], known: frozenset[str], action: str) -> None:
    """Refuse options that do not exist."""
    for name in options:
        if name not in known:
            raise InvalidArgumentError(
                f"Cannot {action} as there is no option {name!r}: options are "
                f"{', '.join(sorted(known))}",
                argument=name,
            )
