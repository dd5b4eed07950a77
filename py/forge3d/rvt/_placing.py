"""Moves components: what scripts do most often in a frame, so that it takes one short call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from .._bridge import call, core
from .._convert import flat_numbers
from ..errors import InvalidArgumentError
from ._reference import Reference

__all__ = ["place"]

# Looking a function of the core up takes longer than calling it.
_place = core.rvt_place
_DEFAULTS = {
    "position": [0.0, 0.0, 0.0],
    "rotation": [0.0, 0.0, 0.0, 1.0],
    "scale": [1.0, 1.0, 1.0],
}


def place(component: Reference, transform: Any) -> None:
    """Set where a component stands.

    Raises
    ------
    InvalidArgumentError
        If the transform is no dictionary, has another part, or one of a wrong length.
    OutOfRangeError
        If a number is not finite, a scale is 0, or the rotation is all zero.
    """
    if not isinstance(transform, Mapping) or not _DEFAULTS.keys() >= transform.keys():
        raise InvalidArgumentError(
            f"Cannot move component as transform must be a dictionary with position, rotation and "
            f"scale: current value is {transform!r:.80}",
            argument="transform",
        )
    parts: Mapping[str, Any] = cast("Any", transform)
    numbers: list[float] = []
    for name, default in _DEFAULTS.items():
        part = parts.get(name)
        numbers += default if part is None else flat_numbers(part, len(default), name)
    call(_place, component.core_object, *numbers)
