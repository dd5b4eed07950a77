"""Paths of files that the core reads and writes itself."""

from __future__ import annotations

import os

from ._bridge import core
from ._checks import file_name
from .errors import FileError, MissingFileError

__all__ = ["host_path"]


def host_path(path: str | os.PathLike[str], action: str) -> str:
    """Return the path on the host of a file or folder that need not be there.

    Raises
    ------
    InvalidArgumentError
        If it is no path.
    FileError
        If it is empty, or lies in Python's own file system alone.
    """
    name = file_name(path, "path")
    if not name:
        raise MissingFileError(f"Cannot {action} as its path is empty", path=name)
    if "\0" in name:
        raise FileError(f"Cannot {action} as its path has a NUL: {name!r}", path=name)
    above, missing = os.path.abspath(name), ""
    while not isinstance(on_host := core.host_path(above), str):
        above, last = os.path.split(above)
        if not last:
            raise FileError(f"Cannot {action} as it does not lie on the host: {name}", path=name)
        missing = os.path.join(last, missing) if missing else last
    return os.path.join(on_host, missing) if missing else on_host
