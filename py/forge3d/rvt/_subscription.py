"""Functions of the caller that hear of changes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Self

from pyodide.ffi import create_proxy

from .._bridge import call, core
from .._callbacks import remembering
from ..errors import InvalidArgumentError
from ._core import from_plain
from ._reference import Reference

__all__ = ["Subscription", "subscribe"]

_logger = logging.getLogger("forge3d")


class Subscription:
    """Calls a function after every change of something, until it is closed. A context manager.

    It goes on when nothing refers to it. The function is kept until then, and so is what it refers
    to: close it when it is not needed any more.
    """

    __slots__ = ("_heard", "_opened", "_proxy")

    def __init__(self, opened: Any, proxy: Any, heard: str) -> None:
        self._opened = opened
        self._proxy = proxy
        self._heard = heard

    def __repr__(self) -> str:
        return f"<forge3d.rvt.Subscription to {self._heard}{', closed' if self.closed else ''}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._opened is None

    def close(self) -> None:
        """Call the function no more. May be called again, and by the function itself."""
        if self.closed:
            return
        opened, self._opened = self._opened, None
        call(core.rvt_call, opened, "close")
        self._proxy.destroy()


def subscribe(
    target: Reference, listener: Callable[..., object], *, tells_change: bool = True
) -> Subscription:
    """Call a function after every change of something, with what has changed if that is told.

    Raises
    ------
    InvalidArgumentError
        If it is not a function.
    """
    # Not the object itself, which would be kept by its own listener.
    heard = repr(target)
    if not callable(listener):
        raise InvalidArgumentError(
            f"Cannot subscribe to {heard} as listener must be a function: "
            f"current value is {listener!r:.80}",
            argument="listener",
        )

    def hear(change: Any) -> None:
        try:
            listener(*((from_plain(change),) if tells_change else ()))
        except Exception:
            # Raised through the core, it would keep the change from others who listen.
            _logger.exception("A function that is subscribed to %s has raised an exception", heard)

    proxy = create_proxy(remembering(hear))
    try:
        opened = call(core.rvt_subscribe, target.core_object, proxy)
    except BaseException:
        proxy.destroy()
        raise
    return Subscription(opened, proxy, heard)
