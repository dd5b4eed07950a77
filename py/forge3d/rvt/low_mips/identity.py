"""What tells files apart without loading them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, cast

from ..._bridge import wait
from ..._host_path import host_path
from ...errors import InvalidArgumentError
from .._core import apply_async
from .._values import to_core

__all__ = ["file_identity", "file_identity_async"]

type FilePath = str | os.PathLike[str]


def file_identity(paths: FilePath | Sequence[FilePath]) -> str:
    """Return a text that is another one whenever the content of some files is.

    Such as the identity of a :class:`~forge3d.rvt.DeferredComponent`. Of files of up to 8 MiB it
    depends on content alone; of larger ones on 64 samples of it, on path, size, inode and times of
    change, so that a touched or moved file counts as another one.

    Parameters
    ----------
    paths : str, os.PathLike, or a list of them
        One file, or several in an order that is always the same.

    Raises
    ------
    TypeError
        If it is not a path or a list of one or more.
    MissingFileError, FileError, SourceReadError
        If a file is missing, may not be read, or cannot be read.
    """
    return wait(file_identity_async(paths), "forge3d.rvt.file_identity_async()")


async def file_identity_async(paths: FilePath | Sequence[FilePath]) -> str:
    """Async version of :func:`file_identity`."""
    given: Any = [paths] if isinstance(paths, (str, bytes, os.PathLike)) else paths
    if not isinstance(given, (list, tuple)):
        raise InvalidArgumentError(
            f"Cannot identify files as paths must be a path or a list of one or more: "
            f"current value is {given!r:.80}",
            argument="paths",
        )
    names = [host_path(path, "identify file") for path in cast("list[FilePath]", given)]
    return str(await apply_async("fileIdentity", to_core(names, "paths")))
