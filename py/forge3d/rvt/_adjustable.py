"""What assets and volumes have in common: settings that change together, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from ._core import Made, tell
from ._reference import keep
from ._subscription import Subscription, subscribe
from ._values import options
from .options import SettingsChange

__all__ = ["Adjustable"]


class Adjustable(Made):
    """Something whose settings change together, or not at all."""

    def _change(self, settings: Mapping[str, Any]) -> SettingsChange:
        change = tell(self, "change", options(settings))
        for name, value in settings.items():
            keep(self, name, value)
        return cast("SettingsChange", change)

    def subscribe(self, listener: Callable[[SettingsChange], object]) -> Subscription:
        """Call a function after every change of settings.

        Parameters
        ----------
        listener : callable
            Called with what :meth:`change` returns. An exception that it raises is logged.

        Returns
        -------
        Subscription
            What ends this: by its ``close()``, or as a context manager.

        Raises
        ------
        TypeError
            If it is not a function.
        """
        return subscribe(self, listener)
