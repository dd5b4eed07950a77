"""Reads buffers of numbers in any format of the module struct: other byte orders, half floats."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["native_view", "number_code"]

_BIG = ">!"
_BYTE_ORDERS = "@=<" + _BIG
# Native formats, by kind and bytes: an "l" has 4 bytes or 8, as its prefix and the machine say.
_SIGNED = {1: "b", 2: "h", 4: "i", 8: "q"}
_UNSIGNED = {1: "B", 2: "H", 4: "I", 8: "Q"}
_FLOATING = {2: "e", 4: "f", 8: "d"}
_NATIVE = (
    dict.fromkeys("bhilqn", _SIGNED)
    | dict.fromkeys("BHILQN", _UNSIGNED)
    | dict.fromkeys("efd", _FLOATING)
    | {"?": {1: "?"}}
)


def number_code(view: memoryview[Any]) -> str | None:
    """Return the native format of a view's elements; None if they are not single numbers."""
    given: str = view.format
    kinds = _NATIVE.get(given[1:] if given[:1] in _BYTE_ORDERS else given, {})
    return kinds.get(view.itemsize)


def native_view(view: memoryview[Any]) -> memoryview[Any] | None:
    """Return the elements of a view in a native format; None if they are no numbers.

    Its shape stays. A copy, unless the view has a native format and lies in one piece.
    """
    code = number_code(view)
    if code is None:
        return None
    if view.format == code and view.c_contiguous:
        return view
    content = view.tobytes()
    is_swapped = view.format[0] in (_BIG if sys.byteorder == "little" else "<")
    if is_swapped and view.itemsize > 1:
        content = _swapped(content, view.itemsize)
    flat = memoryview(content)
    shape = view.shape
    if view.ndim <= 1 or 0 in (shape or ()):
        return flat.cast(code)  # type: ignore[call-overload, no-any-return]
    return flat.cast(code, shape)  # type: ignore[call-overload, no-any-return]


def _swapped(content: bytes, size: int) -> bytes:
    swapped = bytearray(len(content))
    for place in range(size):
        swapped[place::size] = content[size - 1 - place :: size]
    return bytes(swapped)
