"""Loads the core, where no device has done so yet."""

from __future__ import annotations

from .._bridge import awaited, core, wait
from .._option_names import option_names

__all__ = ["core_spelling", "ensure_loaded"]

_core_names: dict[str, str] = {}


def ensure_loaded() -> None:
    """Load the core.

    Raises
    ------
    RuntimeError
        If that needs to wait, and waiting is impossible here.
    """
    if _core_names:
        return
    if not core.engine_loaded():
        wait(awaited(core.load_engine), "forge3d.get_device_async()")
    _core_names.update({ours: cores for cores, ours in option_names()["arguments"].items()})


def core_spelling(option: str) -> str:
    """Return the core's spelling of an option; one that does not exist stays as it is."""
    ensure_loaded()
    return _core_names.get(option, option)
