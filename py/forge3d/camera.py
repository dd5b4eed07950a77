"""Camera matrices, without numpy.

All are 4 by 4, row-major nested tuples for column vectors (``clip = P @ V @ world``),
right-handed: the camera looks along its -z, x is right and y up in the picture. Clip depth goes
from 0 to 1, as in WebGPU.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ._checks import real_number
from ._convert import Numbers, flat_numbers
from .errors import OutOfRangeError

__all__ = ["Matrix", "look_at", "orthographic", "perspective"]

type Row = tuple[float, float, float, float]
type Matrix = tuple[Row, Row, Row, Row]


def look_at(
    eye: Numbers,
    target: Numbers,
    up: Numbers = (0.0, 1.0, 0.0),
) -> Matrix:
    """Make the view matrix of a camera at `eye` that looks at `target`.

    Parameters
    ----------
    eye, target : three numbers
        World positions.
    up : three numbers
        The world direction that is up in the picture. Not along the view: to look towards the
        horizon over textures in the plane z = 0, pass ``(0, 0, 1)``.

    Returns
    -------
    Matrix
        World to view, right-handed.

    Raises
    ------
    ValueError
        If `eye` equals `target`, `up` lies along the view, or something is not finite.

    Examples
    --------
    >>> look_at((0, 0, 5), (0, 0, 0))[2]
    (0.0, 0.0, 1.0, -5.0)
    """
    position = flat_numbers(eye, 3, "eye")
    to = flat_numbers(target, 3, "target")
    back = [a - b for a, b in zip(position, to, strict=True)]
    if not any(back):
        raise OutOfRangeError(
            f"Cannot look as target must be another point than eye: current value is {to}",
            argument="target",
        )
    z = _unit(back)
    right = _cross(_unit_or_zero(flat_numbers(up, 3, "up")), z)
    if math.hypot(*right) < 1e-9:
        raise OutOfRangeError(
            f"Cannot look as up must not lie along the view: current value is {up!r}",
            argument="up",
        )
    x = _unit(right)
    y = _cross(z, x)
    rows = [(*axis, 0.0 - math.sumprod(axis, position)) for axis in (x, y, z)]
    return (rows[0], rows[1], rows[2], (0.0, 0.0, 0.0, 1.0))


def perspective(
    fov_y_degrees: float,
    aspect: float,
    near: float,
    far: float,
    *,
    reverse_depth: bool = False,
) -> Matrix:
    """Make a perspective projection.

    Parameters
    ----------
    fov_y_degrees : float
        Vertical field of view, between 0 and 180.
    aspect : float
        Width over height of the picture.
    near, far : float
        Distances in front of the camera, ``0 < near < far``; `far` may be infinite.
    reverse_depth : bool
        Depth 1 at `near` and 0 at `far`.

    Returns
    -------
    Matrix
        View to clip, depth from 0 to 1.

    Raises
    ------
    ValueError
        If a value is out of its range.
    """
    fov = real_number(fov_y_degrees, "fov_y_degrees")
    ratio = real_number(aspect, "aspect")
    n = real_number(near, "near")
    f = math.inf if isinstance(far, float) and far == math.inf else real_number(far, "far")
    _require(0 < fov < 180, "fov_y_degrees", "> 0 and < 180", fov)
    _require(ratio > 0, "aspect", "> 0", ratio)
    _require(n > 0, "near", "> 0", n)
    _require(f > n, "far", f"> near ({n})", f)
    focal = 1.0 / math.tan(math.radians(fov) / 2)
    # Depth is (a z + b) / -z; the limits for an infinite far plane.
    a = -1.0 if f == math.inf else f / (n - f)
    b = -n if f == math.inf else n * f / (n - f)
    if reverse_depth:
        a, b = -1.0 - a, -b
    return (
        (focal / ratio, 0.0, 0.0, 0.0),
        (0.0, focal, 0.0, 0.0),
        (0.0, 0.0, a, b),
        (0.0, 0.0, -1.0, 0.0),
    )


def orthographic(
    left: float,
    right: float,
    bottom: float,
    top: float,
    near: float,
    far: float,
    *,
    reverse_depth: bool = False,
) -> Matrix:
    """Make an orthographic projection of a box in view space.

    Parameters
    ----------
    left, right, bottom, top : float
        View x and y of the picture's edges.
    near, far : float
        Distances in front of the camera, ``near < far``; `near` may be negative.
    reverse_depth : bool
        Depth 1 at `near` and 0 at `far`.

    Returns
    -------
    Matrix
        View to clip, depth from 0 to 1.

    Raises
    ------
    ValueError
        If the box has no extent, or a value is not finite.
    """
    x0, x1 = real_number(left, "left"), real_number(right, "right")
    y0, y1 = real_number(bottom, "bottom"), real_number(top, "top")
    n, f = real_number(near, "near"), real_number(far, "far")
    _require(x1 != x0, "right", f"other than left ({x0})", x1)
    _require(y1 != y0, "top", f"other than bottom ({y0})", y1)
    _require(f > n, "far", f"> near ({n})", f)
    a, b = 1.0 / (n - f), n / (n - f)
    if reverse_depth:
        a, b = -a, 1.0 - b
    return (
        (2.0 / (x1 - x0), 0.0, 0.0, (x1 + x0) / (x0 - x1)),
        (0.0, 2.0 / (y1 - y0), 0.0, (y1 + y0) / (y0 - y1)),
        (0.0, 0.0, a, b),
        (0.0, 0.0, 0.0, 1.0),
    )


def _require(holds: bool, name: str, rule: str, value: float) -> None:
    if not holds:
        raise OutOfRangeError(
            f"Cannot make camera as {name} must be {rule}: current value is {value}", argument=name
        )


def _unit(v: Sequence[float]) -> tuple[float, float, float]:
    length = math.hypot(*v)
    return (v[0] / length, v[1] / length, v[2] / length)


def _unit_or_zero(v: Sequence[float]) -> tuple[float, float, float]:
    return _unit(v) if any(v) else (0.0, 0.0, 0.0)


def _cross(a: Sequence[float], b: Sequence[float]) -> tuple[float, float, float]:
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )
