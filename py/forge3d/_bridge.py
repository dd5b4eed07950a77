"""Calls into the core: waiting, and errors."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from pyodide.ffi import (
    JsException,
    # Pyodide documents it, and leaves it out of the names that the module exports.
    can_run_sync,  # pyright: ignore[reportPrivateImportUsage]
    create_proxy,
    run_sync,
    to_js,
)

import _forge3d_core

from ._from_core import from_core

core = _forge3d_core

_logger = logging.getLogger("forge3d")


def _log(level: str, message: str) -> None:
    _logger.log(getattr(logging, level), message)


core.set_log(create_proxy(_log))


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
    result: T = run_sync(coroutine)
    return result


def options_object(options: dict[str, Any]) -> Any:
    """Make a plain JavaScript object from options; those that are None are left out."""
    given = {name: value for name, value in options.items() if value is not None}
    return to_js(given, dict_converter=_object_from_entries)


def _object_from_entries(entries: Any) -> Any:
    from js import Object

    return Object.fromEntries(entries)
