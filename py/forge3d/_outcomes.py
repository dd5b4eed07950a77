"""Functions of the caller that the core calls and waits for: they answer what they raise."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from pyodide.ffi import create_proxy, to_js

__all__ = ["answering", "answering_async", "outcome_of"]


def answering_async(
    function: Callable[[], Any], converted: Callable[[Any], Any]
) -> Callable[..., Awaitable[Any]]:
    """Make a function that awaits what another one makes, if need be, and never raises.

    It answers what the core takes for that, or the text and exception of why there is nothing.
    """

    async def answer(*_: Any) -> Any:
        return await outcome_of(function, converted)

    return answer


async def outcome_of(function: Callable[..., Any], converted: Callable[[Any], Any]) -> Any:
    """Answer what a function makes, or a coroutine of it, converted; or why there is nothing."""
    try:
        made = function()
        return _made(converted(await made if inspect.isawaitable(made) else made))
    except BaseException as error:
        return _raised(error)


def answering(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that answers what another one makes, and never raises."""

    def answer(*args: Any) -> Any:
        try:
            return _made(function(*args))
        except BaseException as error:
            return _raised(error)

    return answer


def _made(value: Any) -> Any:
    return to_js([value, "", None])


def _raised(error: BaseException) -> Any:
    return to_js([None, f"{type(error).__name__}: {error}", create_proxy(error, roundtrip=False)])
