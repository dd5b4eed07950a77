"""Rotations of components and volumes."""

from __future__ import annotations

from typing import cast

from .._checks import real_number
from .._convert import Numbers, flat_numbers
from ._core import apply, from_plain
from ._values import to_core

__all__ = ["rotation_about"]


def rotation_about(axis: Numbers, radians: float) -> tuple[float, float, float, float]:
    """Make the rotation about an axis, counter-clockwise seen from its tip.

    Parameters
    ----------
    axis : three numbers
        Of any length above 0.
    radians : float
        The angle.

    Returns
    -------
    tuple of float
        A quaternion x, y, z, w.

    Raises
    ------
    TypeError, ValueError
        If the axis is 0, or something is not finite.
    """
    along = to_core(flat_numbers(axis, 3, "axis"), "axis")
    turned = from_plain(apply("rotationAbout", along, real_number(radians, "radians")))
    return cast("tuple[float, float, float, float]", tuple(turned))
