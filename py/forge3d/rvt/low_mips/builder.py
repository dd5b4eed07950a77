"""What built low mips are kept in."""

from __future__ import annotations

import os
from collections.abc import Buffer
from typing import cast

from pyodide.ffi import to_js

from ..._convert import byte_string
from ..._host_path import host_path
from .._core import Made, Reading, get

__all__ = ["VirtualTextureBuilder"]


class VirtualTextureBuilder(Made):
    """Holds the built low mips of a volume: a tile store with all planes of every tile.

    In memory, unless `path` is given. The first build of a volume makes one, unless the volume has
    one. Nothing is opened when it is made.

    Parameters
    ----------
    name : str, optional
        What messages call it; default its path, or ``"virtual texture builder"``.
    path : str or os.PathLike, optional
        A file, ``.pmtiles``, which need not be there yet and which builds replace.
    bytes : buffer of bytes, optional
        What was built before, as :attr:`bytes` gave it; copied. Builds replace it in memory.

    Raises
    ------
    TypeError
        If an argument has the wrong type, or both `path` and `bytes` are given.
    FileError
        If the path lies in Python's own file system alone.
    """

    name = Reading[str]("What messages call it.")
    path = Reading[str | None]("Path of the file on the host; None if it is kept in memory.")
    id = Reading[int]("Its number: no other one has it.")
    generation = Reading[int]("Rises with every build.")

    def __init__(
        self,
        *,
        name: str | None = None,
        path: str | os.PathLike[str] | None = None,
        bytes: Buffer | None = None,  # noqa: A002
    ) -> None:
        file = None if path is None else host_path(path, "make virtual texture builder")
        content = None if bytes is None else to_js(byte_string(bytes, "bytes"))
        self._make_of_options({"name": name, "path": file, "bytes": content})

    def __repr__(self) -> str:
        return f"<forge3d.rvt.VirtualTextureBuilder {self.name!r}, generation {self.generation}>"

    @property
    def bytes(self) -> bytes | None:
        """A copy of what was built; None if that is in a file, or nothing was."""
        content = get(self, "bytes")
        return None if content is None else cast("bytes", content.to_bytes())
