"""Checks of single arguments.

A value of the wrong type raises `InvalidArgumentError`; one of the right type that is not allowed
raises `OutOfRangeError`.
"""

from __future__ import annotations

import math
import operator
import os
from typing import Any, cast

from .errors import InvalidArgumentError, OutOfRangeError

_ALL_TEXTURES = -1


def to_float(value: Any, name: str) -> float:
    """Turn a number into a float."""
    try:
        return float(value)
    except OverflowError:
        raise OutOfRangeError(
            f"Cannot use {name} as it must fit a float: current value has "
            f"{int(value).bit_length()} bits",
            argument=name,
        ) from None
    except (TypeError, ValueError):
        # Such as a signalling NaN of the module decimal.
        raise InvalidArgumentError(
            f"Cannot use {name} as it must be a number: current value is {value!r}", argument=name
        ) from None


def real_number(value: Any, name: str) -> float:
    """Check a finite number."""
    kind = cast("type[object]", type(value))
    if kind is bool or not (hasattr(kind, "__float__") or hasattr(kind, "__index__")):
        raise InvalidArgumentError(
            f"Cannot use {name} as it must be a number: current value is {value!r}", argument=name
        )
    number = to_float(value, name)
    if not math.isfinite(number):
        raise OutOfRangeError(
            f"Cannot use {name} as it must be finite: current value is {number}", argument=name
        )
    return number


def integer(value: Any, name: str, least: int | None = None) -> int:
    """Check an integer, and that it is not below `least` if that is given."""
    try:
        # True and False are integers to Python, and a slip here.
        number = operator.index(cast("Any", None) if isinstance(value, bool) else value)
    except TypeError:
        raise InvalidArgumentError(
            f"Cannot use {name} as it must be an integer: current value is {value!r}", argument=name
        ) from None
    if least is not None and number < least:
        wanted = "positive" if least == 1 else f">= {least}"
        raise OutOfRangeError(
            f"Cannot use {name} as it must be {wanted}: current value is {number}", argument=name
        )
    return number


def file_name(path: Any, name: str) -> str:
    """Check a path: a string, bytes, or an object that stands for one."""
    try:
        return os.fsdecode(cast("str | bytes", os.fspath(path)))
    except TypeError:
        raise InvalidArgumentError(
            f"Cannot use {name} as it must be a path: current value is {path!r}", argument=name
        ) from None


def truth(value: Any, name: str) -> bool:
    """Check a value that is true or false, as Python sees it."""
    try:
        return bool(value)
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            f"Cannot use {name} as it must be true or false: current value is {value!r}",
            argument=name,
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
