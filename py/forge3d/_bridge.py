"""Calls into the core: waiting, and errors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

from pyodide.ffi import (
    JsException,
    JsProxy,
    # Pyodide documents it, and leaves it out of the names that the module exports.
    can_run_sync,  # pyright: ignore[reportPrivateImportUsage]
    create_proxy,
    run_sync,
    to_js,
)

import _forge3d_core

from ._callbacks import remembering
from ._checks import to_float
from ._from_core import from_core
from ._messages import spelled
from .errors import InvalidArgumentError

core = _forge3d_core

_logger = logging.getLogger("forge3d")


def _log(level: str, message: str) -> None:
    _logger.log(getattr(logging, level), "%s", spelled(message))


core.set_log(create_proxy(remembering(_log)))


def call[T](function: Callable[..., T], *args: Any) -> T:
    """Call a function of the core that does not wait."""
    try:
        return function(*args)
    except JsException as error:
        raise from_core(error) from None


async def awaited[T](function: Callable[..., Awaitable[T]], *args: Any) -> T:
    """Call a function of the core and await its result."""
    try:
        return await function(*args)
    except JsException as error:
        raise from_core(error) from None


def can_wait() -> bool:
    """Tell whether a call may wait here: not if JavaScript called without asking for a promise."""
    return can_run_sync()


def wait[T](coroutine: Coroutine[Any, Any, T], async_version: str) -> T:
    """Wait for a coroutine.

    Parameters
    ----------
    coroutine : coroutine
        The coroutine to run to its end.
    async_version : str
        Name of the function that returns the coroutine, for the error message.

    Raises
    ------
    RuntimeError
        If waiting is impossible here: JavaScript called without asking for a promise.
    """
    if not can_wait():
        coroutine.close()
        raise RuntimeError(
            f"Cannot wait here as JavaScript called without a promise: await {async_version}"
        )
    result, raised = run_sync(_outcome(coroutine))
    if raised is not None:
        raise raised
    return cast("T", result)


async def _outcome[T](coroutine: Coroutine[Any, Any, T]) -> tuple[T | None, BaseException | None]:
    """Run a coroutine and return its result, or what it raised.

    An event loop does not leave every exception to who waits: a task raises `SystemExit` and
    `KeyboardInterrupt` in the loop too, and a coroutine turns a `StopIteration` into another.
    """
    try:
        return await coroutine, None
    except asyncio.CancelledError:
        raise
    except RuntimeError as error:
        stop = error.__cause__
        return None, stop if isinstance(stop, StopIteration) else error
    except BaseException as error:
        return None, error


def options_object(options: dict[str, Any]) -> Any:
    """Make a plain JavaScript object from options; those that are None are left out.

    Raises
    ------
    InvalidArgumentError
        If a value is neither text nor a number, nor anything else that has a meaning there.
    """
    given = {name: _plain(value, name) for name, value in options.items() if value is not None}
    return to_js(given, dict_converter=_object_from_entries)


def _plain(value: Any, name: str) -> Any:
    """Return a value that is converted as what it is: subclasses become their built-in class."""
    if isinstance(value, (bool, list, JsProxy)):
        return cast("Any", value)
    if isinstance(value, str):
        return str(value)
    kind = cast("type[object]", type(value))
    if hasattr(kind, "__index__"):
        return int(value)
    if hasattr(kind, "__float__"):
        return to_float(value, name)
    raise InvalidArgumentError(
        f"Cannot use {name} as it must be text or a number: current value is {value!r}",
        argument=name,
    )


def _object_from_entries(entries: Any) -> Any:
    from js import Object

    return Object.fromEntries(entries)
