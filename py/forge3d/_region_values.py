"""What functions that read regions give, checked and laid out for the core."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any

from ._buffers import native_view, number_code
from .errors import InvalidArgumentError, OutOfRangeError

__all__ = ["RegionFormat", "region_bytes", "region_format"]

_NAMES = re.compile(r"(?P<channels>rgba|rgb|rg|r)(?P<bits>8|16|32)(?P<kind>unorm|float|f)?")
# The core's kinds of values, native element formats and what people call them, by bits and kind.
_VALUES = {
    ("8", "unorm"): ("8unorm", "B", "uint8"),
    ("16", "unorm"): ("16unorm", "H", "uint16"),
    ("16", "float"): ("32float", "e", "float16"),
    ("32", "float"): ("32float", "f", "float32"),
}
_DTYPES = {"?": "bool", "b": "int8", "B": "uint8", "h": "int16", "H": "uint16", "i": "int32"} | {
    "I": "uint32",
    "q": "int64",
    "Q": "uint64",
    "e": "float16",
    "f": "float32",
    "d": "float64",
}


@dataclass(frozen=True)
class RegionFormat:
    """How a function gives texels, and as what the core takes them."""

    name: str
    core_format: str
    channels: int
    code: str
    dtype: str

    @property
    def texel_bytes(self) -> int:
        """Bytes of a texel as the function gives it."""
        return self.channels * {"B": 1, "H": 2, "e": 2, "f": 4}[self.code]


def region_format(name: Any) -> RegionFormat:
    """Return the format of a name such as ``"rgba8"``, ``"r16float"`` or ``"r32float"``.

    Raises
    ------
    InvalidArgumentError
        If it is no text.
    OutOfRangeError
        If there is no such format.
    """
    if not isinstance(name, str):
        raise InvalidArgumentError(
            f"Cannot use format as it must be text: current value is {name!r}", argument="format"
        )
    found = _NAMES.fullmatch(name.lower())
    values = None
    if found is not None:
        bits, kind = found["bits"], found["kind"]
        usual = "float" if bits == "32" else "unorm"
        values = _VALUES.get((bits, {None: usual, "f": "float"}.get(kind, kind)))
    if found is None or values is None:
        raise OutOfRangeError(
            "Cannot use format as it must be r, rg, rgb or rgba with 8, 16, 16float or 32float: "
            f"current value is {name!r}",
            argument="format",
        )
    stored = "rgba" if found["channels"] == "rgb" else found["channels"]
    core_values, code, dtype = values
    return RegionFormat(name, f"{stored}{core_values}", len(found["channels"]), code, dtype)


def region_bytes(
    value: Any, size: tuple[int, int], region_format: RegionFormat, name: str
) -> memoryview[int]:
    """Return the bytes of a region, row after row, of what a function has given.

    Parameters
    ----------
    value
        Bytes of the right number, or a buffer or array of elements of the format's type.
    size : tuple of int
        Width and height of the region.
    region_format : RegionFormat
        What the function is to give.
    name : str
        Name of the texture, for messages.

    Raises
    ------
    InvalidArgumentError
        If it is no buffer, or its elements are of another type.
    OutOfRangeError
        If it has another size or shape.
    """
    width, height = size
    wanted = f"{_article(region_format.dtype)} of shape {_shape_text(size, region_format)}"
    view = _view_of(value, f"Cannot use region of {name} as it must be {wanted}, or its bytes")
    is_bytes = view.ndim == 1 and view.itemsize == 1 and view.format in ("B", "b", "c")
    if is_bytes and region_format.code != "B":
        return _checked_bytes(view, width * height * region_format.texel_bytes, wanted, name)
    code = number_code(view)
    if code != region_format.code and not (is_bytes and view.format == "c"):
        raise InvalidArgumentError(
            f"Cannot use region of {name} as it must be {wanted}: its elements are "
            f"{_DTYPES.get(code or '', view.format)}",
            argument="read",
        )
    if is_bytes:
        return _checked_bytes(view, width * height * region_format.texel_bytes, wanted, name)
    shapes: set[tuple[int, ...]] = {(height, width, region_format.channels)}
    if region_format.channels == 1:
        shapes.add((height, width))
    shapes.add((height * width * region_format.channels,))
    if view.shape not in shapes:
        raise OutOfRangeError(
            f"Cannot use region of {name} as it must be {wanted}: its shape is {view.shape}",
            argument="read",
        )
    native = native_view(view)
    assert native is not None
    return native.cast("B")


def _view_of(value: Any, failure: str) -> memoryview[Any]:
    try:
        return memoryview(value)
    except (TypeError, ValueError, BufferError):
        numpy = sys.modules.get("numpy")
        if numpy is not None and hasattr(value, "__array__"):
            return memoryview(numpy.asarray(value))
        raise InvalidArgumentError(
            f"{failure}: current value is of type {type(value).__name__}", argument="read"
        ) from None


def _checked_bytes(view: memoryview[Any], length: int, wanted: str, name: str) -> memoryview[int]:
    if view.nbytes != length:
        raise OutOfRangeError(
            f"Cannot use region of {name} as it must be {wanted}, or its {length} bytes: "
            f"there are {view.nbytes}",
            argument="read",
        )
    return view.cast("B") if view.c_contiguous else memoryview(view.tobytes())


def _shape_text(size: tuple[int, int], region_format: RegionFormat) -> str:
    width, height = size
    if region_format.channels == 1:
        return f"({height}, {width})"
    return f"({height}, {width}, {region_format.channels})"


def _article(dtype: str) -> str:
    return f"a {dtype} array"
