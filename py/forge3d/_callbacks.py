"""Functions of the caller that the core calls.

What they raise goes through JavaScript, which keeps its text only; so it is kept here until the
call that led to it fails.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

_raised: list[BaseException] = []


def remembering[**P, T](function: Callable[P, T]) -> Callable[P, T]:
    """Make a function whose exceptions :func:`take_raised` finds."""

    @wraps(function)
    def remember(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            _raised[:] = [error]
            raise

    return remember


def take_raised() -> BaseException | None:
    """Return what a callback raised last, once."""
    return _raised.pop() if _raised else None
