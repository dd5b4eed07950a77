"""Plants, stones or decals, scattered by a seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Required, Unpack, cast

from .._core import Setting, apply, from_plain
from .._values import options
from ..component_options import ComponentOptions, ScatterOptions
from ..mesh import Mesh
from ..options import Transform
from .meshes import InstancedStaticMeshComponent

__all__ = ["FoliageComponent", "FoliageOptions", "scatter_transforms"]


class FoliageOptions(ComponentOptions, total=False):
    """Options of foliage.

    Attributes
    ----------
    scatter : ScatterOptions
        Where its instances stand, in the component's space; must be given.
    mesh : Mesh or list of Mesh
        A mesh, or its levels of detail, finest first; default a flat square of extent 1, for
        scattered decals.
    """

    scatter: Required[ScatterOptions]
    mesh: Mesh | Sequence[Mesh] | None


class FoliageComponent(InstancedStaticMeshComponent):
    """Draws a mesh at scattered places, which follow the landscape that they lie on.

    Parameters
    ----------
    **options
        Those of :class:`FoliageOptions`.

    Raises
    ------
    TypeError, ValueError
        As of :class:`StaticMeshComponent`.
    """

    scatter = Setting[ScatterOptions](
        "How its instances were scattered. New options scatter them again."
    )

    def __init__(self, **options: Unpack[FoliageOptions]) -> None:
        self._make_of_options(options)


def scatter_transforms(**how: Unpack[ScatterOptions]) -> list[Transform]:
    """Scatter places evenly at random, the same ones for the same options.

    Parameters
    ----------
    **how
        Options of :class:`~forge3d.rvt.component_options.ScatterOptions`.

    Raises
    ------
    TypeError, ValueError
        If an option does not exist, is missing, or has a value that is not allowed.
    """
    plain = from_plain(apply("scatterTransforms", options(how)))
    return cast("list[Transform]", plain)
