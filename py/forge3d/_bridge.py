"""Calls into the core: waiting, and errors."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import _forge3d_core
from pyodide.ffi import JsException, can_run_sync, create_proxy, run_sync, to_js

from .errors import from_core

T = TypeVar("T")

core: Any = _forge3d_core

_logger = logging.getLogger("forge3d")


def _log(level: str, message: str) -> None:
    _logger.log(getattr(logging, level), message)


core.set_log(create_proxy(_log))


def call(function: Callable[..., T], *args: Any) -> T:
    """Call a function of the core that does not wait."""
    try:
        return function(*args)
    except JsException as error:
        raise from_core(error) from None


async def awaited(function: Callable[..., Awaitable[T]], *args: Any) -> T:
    """Call a function of the core and await its result."""
    try:
        return await function(*args)
    except JsException as error:
        raise from_core(error) from None


def wait(coroutine: Coroutine[Any, Any, T], twin: str) -> T:
    """Wait for a coroutine.

    Parameters
    ----------
    coroutine : coroutine
        What to run to its end.
    twin : str
        Name of the function that gives the coroutine, for those who cannot wait here.

    Raises
    ------
    RuntimeError
        If nothing can be waited for here: under JavaScript that did not ask for a promise.
    """
    if not can_run_sync():
        coroutine.close()
        raise RuntimeError(f"Cannot wait here as JavaScript called without a promise: await {twin}")
    result: T = run_sync(coroutine)
    return result


def options_object(options: dict[str, Any]) -> Any:
    """Make a plain object of the core from options; those that are None are left out."""
    given = {name: value for name, value in options.items() if value is not None}
    return to_js(given, dict_converter=_object_from_entries)


def _object_from_entries(entries: Any) -> Any:
    from js import Object

    return Object.fromEntries(entries)
