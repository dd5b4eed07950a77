"""Errors of the core as exceptions of this package."""

from __future__ import annotations

from typing import Any

from ._callbacks import take_raised
from ._messages import argument_names, spelled
from .errors import (
    BakeError,
    BudgetError,
    DeviceError,
    DisposedError,
    FileError,
    Forge3dError,
    InvalidArgumentError,
    MalformedFileError,
    MissingFileError,
    OutOfRangeError,
    PackageError,
    ReentryError,
    SourceChangedError,
    SourceReadError,
    UnsupportedError,
)

_CLASSES: dict[str, type[Forge3dError]] = {
    cls.__name__: cls
    for cls in (
        InvalidArgumentError,
        OutOfRangeError,
        FileError,
        MalformedFileError,
        UnsupportedError,
        SourceReadError,
        SourceChangedError,
        BudgetError,
        DeviceError,
        DisposedError,
        ReentryError,
        BakeError,
        PackageError,
    )
}
_ABOUT_ARGUMENTS = (InvalidArgumentError, OutOfRangeError, UnsupportedError, BudgetError)


# What JavaScript calls an exception that went through it.
_PYTHON_ERROR = "PythonError"


def from_core(error: Any) -> BaseException:
    """Make the exception that matches an error of the core.

    Parameters
    ----------
    error : pyodide.ffi.JsException
        What a call to the core raised: a `CoreError`, or what a callback raised.

    Returns
    -------
    BaseException
        Of the class with the same name, with the same fields; its message names arguments as
        they are spelled in Python. What a function of the caller raised is that exception itself.
        For an error that is not the core's own, a plain :class:`Forge3dError` that names it.
    """
    name = str(getattr(error, "name", ""))
    if name == _PYTHON_ERROR and (raised := _raised_by_caller(error)) is not None:
        return raised
    message = str(getattr(error, "message", error))
    cls = _CLASSES.get(name)
    if cls is None:
        return Forge3dError(f"{name or 'Error'}: {message}")
    origin = error.origin
    fields = {
        field: getattr(origin, _camel_case(field))
        for field in _field_names(cls)
        if hasattr(origin, _camel_case(field))
    }
    if fields.get("code") == MissingFileError.code:
        cls = MissingFileError
    if issubclass(cls, _ABOUT_ARGUMENTS):
        message = spelled(message)
        if "argument" in fields:
            argument = str(fields["argument"])
            # In quotes it is a name that the caller chose.
            if f'"{argument}"' not in message:
                fields["argument"] = argument_names().get(argument, argument)
    return cls(message, **fields)


def _raised_by_caller(error: Any) -> BaseException | None:
    """Return the exception that the core has kept with an error, or else the last of a callback."""
    kept = getattr(getattr(error, "origin", None), "exception", None)
    return kept if isinstance(kept, BaseException) else take_raised()


def _field_names(cls: type[Forge3dError]) -> set[str]:
    """Return the names of the fields that an exception annotates."""
    return {name for one in cls.__mro__ for name in getattr(one, "__annotations__", {})}


def _camel_case(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(map(str.capitalize, rest))
