"""Tile stores that a function of the caller opens."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Buffer, Callable
from typing import Any, Protocol, cast

from pyodide.ffi import create_proxy, to_js

from ..._convert import byte_string
from ..._outcomes import answering
from ...errors import InvalidArgumentError

__all__ = ["BinaryFile", "OpenStore", "opened_store"]

_logger = logging.getLogger("forge3d")


class BinaryFile(Protocol):
    """A file of bytes that can seek, as :func:`open` makes one of mode ``"rb"``."""

    def seek(self, offset: int, whence: int = 0, /) -> Any:
        """Set the place of the next read."""
        ...

    def tell(self) -> int:
        """Return the place of the next read."""
        ...

    def read(self, size: int, /) -> bytes:
        """Read bytes: fewer than `size` where there are no more."""
        ...

    def close(self) -> Any:
        """Close it."""
        ...


type OpenStore = Callable[[], Buffer | BinaryFile | Awaitable[Buffer | BinaryFile]]
"""Opens a tile store: bytes, or a file that can seek; an async function where that waits."""


def opened_store(opened: Any) -> Any:
    """Return what the core takes for what was opened.

    Raises
    ------
    InvalidArgumentError
        If it is neither bytes nor a file of bytes that can seek.
    """
    if not all(hasattr(opened, name) for name in ("seek", "tell", "read", "close")):
        try:
            return to_js(byte_string(opened, "open"))
        except InvalidArgumentError:
            raise InvalidArgumentError(
                f"Cannot open tile store as open must give bytes, or a file of bytes that can "
                f"seek: current value is {opened!r:.80}",
                argument="open",
            ) from None
    file = cast("BinaryFile", opened)
    file.seek(0, os.SEEK_END)
    size = int(file.tell())

    def read(offset: int, length: int) -> Any:
        file.seek(int(offset))
        parts: list[bytes] = []
        missing = int(length)
        while missing > 0 and (part := byte_string(file.read(missing), "file")):
            parts.append(part)
            missing -= len(part)
        return to_js(b"".join(parts))

    def close() -> None:
        try:
            file.close()
        except Exception:
            _logger.exception("A tile store that was opened could not be closed")

    return to_js([size, create_proxy(answering(read)), create_proxy(close)])
