"""Roads, rivers and the like along a curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from .._core import Reading, Setting, SettingOf, tell
from .._values import to_core
from ..component_options import SplineOptions, SplinePoint
from .component import PrimitiveComponent
from .landscape import LandscapeComponent

__all__ = ["LandscapeSplineComponent"]


class LandscapeSplineComponent(PrimitiveComponent):
    """Draws a ribbon along a cubic Hermite spline through control points.

    On each segment, from one point to the next, u runs from 0 to 1 along it, and v from 0 at its
    left edge to 1 at its right. A moved point changes those segments alone that it shapes.

    Parameters
    ----------
    **options
        Those of :class:`~forge3d.rvt.component_options.SplineOptions`.

    Raises
    ------
    TypeError
        If an option does not exist, is missing, or has the wrong type.
    ValueError
        If an option has a value that is not allowed.
    """

    points = SettingOf[list[SplinePoint], Sequence[SplinePoint]]("The control points.")
    landscape = Setting[LandscapeComponent | None](
        "The landscape that it lies on, whose changes it follows; None for none."
    )
    quads_along = Reading[int]("Quads along each segment.")
    quads_across = Reading[int]("Quads across.")
    landscape_offset = Reading[float]("How far above its landscape it lies.")

    def __init__(self, **options: Unpack[SplineOptions]) -> None:
        self._make_of_options(options)

    def update_point(self, index: int, point: SplinePoint) -> None:
        """Change one control point.

        Raises
        ------
        TypeError, ValueError
            If there is no such point, or a value is not allowed.
        """
        tell(self, "updatePoint", to_core(index, "index"), to_core(point, "point"))

    def insert_point(self, index: int, point: SplinePoint) -> None:
        """Add a control point before another, or at the end.

        Raises
        ------
        TypeError, ValueError
            If the index is beyond the end, or a value is not allowed.
        """
        tell(self, "insertPoint", to_core(index, "index"), to_core(point, "point"))

    def remove_point(self, index: int) -> None:
        """Remove a control point.

        Raises
        ------
        TypeError, ValueError
            If there is no such point, or fewer than two would be left.
        """
        tell(self, "removePoint", to_core(index, "index"))
