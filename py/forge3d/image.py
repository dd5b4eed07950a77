"""Rendered pictures."""

from __future__ import annotations

import importlib
import os
import struct
import zlib
from typing import Any

from ._checks import file_name, integer
from ._convert import byte_string
from .errors import FileError, MissingFileError, OutOfRangeError

__all__ = ["Image"]

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGBA_8_BITS = struct.pack(">BBBBB", 8, 6, 0, 0, 0)
_NO_FILTER = b"\0"


class _PixelError(OutOfRangeError, IndexError):
    """A pixel lies outside; also what indexing raises elsewhere."""


class Image:
    """A picture: rows from the top down, four bytes a pixel (red, green, blue, alpha).

    It has the buffer protocol, so that ``memoryview(image)`` is an array of shape
    ``(height, width, 4)``, and shows itself in notebooks.

    Parameters
    ----------
    data : bytes-like
        ``width * height * 4`` bytes; alpha is not premultiplied.
    width, height : int
        Size in pixels.
    """

    __slots__ = ("_data", "_height", "_width")

    def __init__(self, data: bytes | bytearray | memoryview, width: int, height: int) -> None:
        self._data = byte_string(data, "data")
        self._width = width = integer(width, "width", least=1)
        self._height = height = integer(height, "height", least=1)
        if len(self._data) != width * height * 4:
            raise OutOfRangeError(
                f"Cannot use data as it must be {width * height * 4} bytes for "
                f"{width} x {height} pixels: "
                f"current length is {len(self._data)}",
                argument="data",
            )

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self._width

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self._height

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return (self._width, self._height)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width, and the four channels: the shape of the buffer."""
        return (self._height, self._width, 4)

    def __buffer__(self, flags: int, /) -> memoryview:
        """Return a read-only view of shape ``(height, width, 4)`` (PEP 688)."""
        return memoryview(self._data).cast("B", self.shape)

    def __repr__(self) -> str:
        return f"<forge3d.Image {self._width} x {self._height}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Image):
            return NotImplemented
        return self.size == other.size and self._data == other._data

    __hash__ = None  # type: ignore[assignment]

    def tobytes(self) -> bytes:
        """Return the pixels."""
        return self._data

    def pixel(self, x: int, y: int) -> tuple[int, int, int, int]:
        """Return one pixel, counted from the upper left corner.

        Raises
        ------
        IndexError
            If it lies outside.
        """
        x, y = integer(x, "x"), integer(y, "y")
        if not (0 <= x < self._width and 0 <= y < self._height):
            raise _PixelError(
                f"Cannot read pixel ({x}, {y}) as it lies outside {self._width} x {self._height}",
                argument="x",
            )
        at = (y * self._width + x) * 4
        red, green, blue, alpha = self._data[at : at + 4]
        return (red, green, blue, alpha)

    def numpy(self) -> Any:
        """Return an array of shape ``(height, width, 4)`` and type uint8, which may be written to.

        Raises
        ------
        ModuleNotFoundError
            If numpy is not installed.
        """
        numpy: Any = importlib.import_module("numpy")
        return numpy.frombuffer(bytearray(self._data), dtype=numpy.uint8).reshape(self.shape)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a PNG file.

        Parameters
        ----------
        path : str or os.PathLike
            The file; its name must end in ``.png``.

        Raises
        ------
        ValueError
            If the name asks for another format.
        FileError
            If the file cannot be written: an `OSError` too.
        """
        name = file_name(path, "path")
        if not name.lower().endswith(".png"):
            raise OutOfRangeError(
                f"Cannot save picture as its name must end in .png: current value is {name!r}",
                argument="path",
            )
        try:
            with open(name, "wb") as file:
                file.write(self._repr_png_())
        except FileNotFoundError:
            raise MissingFileError(
                f"Cannot save picture as there is no such folder: {name}", path=name
            ) from None
        except (OSError, ValueError) as error:
            raise FileError(f"Cannot save picture {name!r}: {error}", path=name) from None

    def _repr_png_(self) -> bytes:
        """Return the bytes of a PNG file: what notebooks show."""
        row = self._width * 4
        rows = [_NO_FILTER + self._data[y * row : (y + 1) * row] for y in range(self._height)]
        header = struct.pack(">II", self._width, self._height) + _RGBA_8_BITS
        return b"".join(
            (
                _PNG_SIGNATURE,
                _chunk(b"IHDR", header),
                _chunk(b"IDAT", zlib.compress(b"".join(rows), 6)),
                _chunk(b"IEND", b""),
            )
        )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
