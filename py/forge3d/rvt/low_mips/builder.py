"""What built low mips are kept in."""

from __future__ import annotations

import os
from collections.abc import Buffer
from typing import cast

from pyodide.ffi import create_proxy, to_js

from ..._bridge import call, core
from ..._convert import byte_string
from ..._host_path import host_path
from ..._outcomes import answering_async
from ...errors import InvalidArgumentError
from .._core import Made, Reading, get
from .._loading import ensure_loaded
from .._reference import take
from .._values import options
from .opening import OpenStore, opened_store

__all__ = ["VirtualTextureBuilder"]


class VirtualTextureBuilder(Made):
    """Holds the built low mips of a volume: a tile store with all planes of every tile.

    In memory, unless `path` or `open` is given. The first build of a volume makes one, unless the
    volume has one. Nothing is opened when it is made.

    Parameters
    ----------
    name : str, optional
        What messages call it; default its path, or ``"virtual texture builder"``.
    path : str or os.PathLike, optional
        A file, ``.pmtiles``, which need not be there yet and which builds replace.
    bytes : buffer of bytes, optional
        What was built before, as :attr:`bytes` gave it; copied. Builds replace it in memory.
    open : callable, optional
        Opens what was built before, from anywhere: returns bytes, or a file of bytes that can seek,
        which is read piece by piece; an async function where that waits, which must not wait for
        the scene or its system. Called whenever a volume is placed; the file is closed when it is
        not used any more. Builds replace what was opened in memory.

    Raises
    ------
    TypeError
        If an argument has the wrong type, or more than one place is given.
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
        open: OpenStore | None = None,  # noqa: A002
    ) -> None:
        file = None if path is None else host_path(path, "make virtual texture builder")
        content = None if bytes is None else to_js(byte_string(bytes, "bytes"))
        given = {"name": name, "path": file, "bytes": content}
        if open is None:
            self._make_of_options(given)
            return
        if not callable(open):
            raise InvalidArgumentError(
                f"Cannot make virtual texture builder as open must be a function: "
                f"current value is {open!r:.80}",
                argument="open",
            )
        ensure_loaded()
        # The core has it for as long as it has what is made here.
        answer = create_proxy(answering_async(open, opened_store))
        take(self, call(core.rvt_make_opened_builder, options(given), answer))

    def __repr__(self) -> str:
        return f"<forge3d.rvt.VirtualTextureBuilder {self.name!r}, generation {self.generation}>"

    @property
    def bytes(self) -> bytes | None:
        """A copy of what was built; None if that is in a file, is opened, or nothing was."""
        content = get(self, "bytes")
        return None if content is None else cast("bytes", content.to_bytes())
