"""Exceptions.

Every exception of this package is a :class:`Forge3dError` and so a :class:`RuntimeError`. Where a
built-in exception has the same meaning, it is that one too: a wrong argument is a `TypeError` or a
`ValueError`, a missing file a `FileNotFoundError`.
"""

import errno
from typing import Any

__all__ = [
    "BakeError",
    "BudgetError",
    "DeviceError",
    "DisposedError",
    "FileError",
    "Forge3dError",
    "InvalidArgumentError",
    "MalformedFileError",
    "MissingFileError",
    "OutOfRangeError",
    "PackageError",
    "ReentryError",
    "SourceChangedError",
    "SourceReadError",
    "UnsupportedError",
]


class Forge3dError(RuntimeError):
    """Base class of all exceptions of this package.

    Attributes
    ----------
    code : str
        Stable name of the failure, for programs to test.
    """

    code: str = "failed"

    def __init__(self, message: str, **fields: Any) -> None:
        super().__init__(message)
        for name, value in fields.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class InvalidArgumentError(Forge3dError, TypeError):
    """An argument has the wrong type or shape. Recover by passing what the message asks for.

    Attributes
    ----------
    argument : str
        Name of the argument.
    """

    code = "invalid-argument"
    argument: str = ""


class OutOfRangeError(Forge3dError, ValueError):
    """An argument has a value that is not allowed. Recover by choosing one that the message names.

    Attributes
    ----------
    argument : str
        Name of the argument.
    """

    code = "out-of-range"
    argument: str = ""


def _set_file(error: "FileError | BakeError", message: str) -> None:
    """Set what exceptions of the system have."""
    error.errno = errno.EIO
    error.strerror = message
    error.filename = error.path


class FileError(Forge3dError, OSError):
    """A file cannot be opened or read. Recover by correcting the path or its permissions.

    Attributes
    ----------
    path : str
        The file.
    """

    code = "file-unreadable"
    path: str = ""

    def __init__(self, message: str, **fields: Any) -> None:
        super().__init__(message, **fields)
        _set_file(self, message)


class MissingFileError(FileError, FileNotFoundError):
    """There is no such file. Recover by correcting the path."""

    code = "file-not-found"

    def __init__(self, message: str, **fields: Any) -> None:
        super().__init__(message, **fields)
        self.errno = errno.ENOENT


class MalformedFileError(Forge3dError):
    """A file breaks its format's specification. Recover by creating the file again.

    Attributes
    ----------
    path : str
        The file.
    """

    code = "malformed-file"
    path: str = ""


class UnsupportedError(Forge3dError, NotImplementedError):
    """Something valid that this library or this device does not support; the message names it.

    Attributes
    ----------
    feature : str
        What is not supported: a format, a scheme, a feature.
    """

    code = "unsupported"
    feature: str = ""


class SourceReadError(Forge3dError):
    """Bytes could not be read. Reading again later may succeed.

    Attributes
    ----------
    source : str
        The source.
    offset : int
        First byte that was requested.
    length : int
        Number of bytes that were requested.
    """

    code = "source-read"
    source: str = ""
    offset: int = 0
    length: int = 0


class SourceChangedError(Forge3dError):
    """A source has changed since it was opened. Recover by loading it again.

    Attributes
    ----------
    source : str
        The source.
    """

    code = "source-changed"
    source: str = ""


class BudgetError(Forge3dError, ValueError):
    """The memory budget is below the minimum that is needed. Recover by raising it.

    Attributes
    ----------
    budget_bytes : int
        The budget in force.
    minimum_bytes : int
        The minimum.
    """

    code = "budget-too-small"
    budget_bytes: int = 0
    minimum_bytes: int = 0


class DeviceError(Forge3dError):
    """No usable WebGPU adapter, or the device failed. The message says what to do."""

    code = "device-failed"


class DisposedError(Forge3dError):
    """An object was used after it was closed. Recover by making a new one.

    Attributes
    ----------
    object : str
        Which object.
    """

    code = "disposed"
    object: str = ""


class ReentryError(Forge3dError):
    """A system was called by a function that it was itself calling, such as a logging handler.

    Recover by calling it after that function has returned.

    Attributes
    ----------
    object : str
        Which object.
    """

    code = "reentrant-call"
    object: str = ""


class BakeError(Forge3dError, OSError):
    """A picture could not be baked, or files not be written, such as those of a project.

    Nothing was written under the wanted name.

    Attributes
    ----------
    path : str
        The picture.
    """

    code = "bake-failed"
    path: str = ""

    def __init__(self, message: str, **fields: Any) -> None:
        super().__init__(message, **fields)
        _set_file(self, message)


class PackageError(Forge3dError):
    """A Python package could not be found or fetched. The message says where it was looked for.

    Attributes
    ----------
    package_name : str
        The package or wheel.
    """

    code = "package-unavailable"
    package_name: str = ""
