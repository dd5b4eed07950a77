"""Components that draw a mesh."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Required, Unpack

from ..._bridge import call, core
from ..._convert import Numbers
from .._core import Setting, SettingOf, get, tell
from .._reference import refer
from .._values import to_core
from ..component_options import ComponentOptions, MeshComponentOptions
from ..mesh import Mesh
from ..options import Transform
from .component import PrimitiveComponent

__all__ = [
    "AnimatedMeshComponent",
    "AnimatedMeshOptions",
    "DecalComponent",
    "DecalOptions",
    "InstancedMeshOptions",
    "InstancedStaticMeshComponent",
    "MeshComponent",
    "SkeletalMeshComponent",
    "StaticMeshComponent",
]


class AnimatedMeshOptions(ComponentOptions, total=False):
    """Options of animated meshes.

    Attributes
    ----------
    frames : list of Mesh
        The shapes that the mesh takes, at least one; must be given.
    """

    frames: Required[Sequence[Mesh]]


class DecalOptions(ComponentOptions, total=False):
    """Options of decals.

    Attributes
    ----------
    size : two numbers
        Extent along its own x and y, each above 0; default 1 and 1.
    """

    size: Numbers | None


class InstancedMeshOptions(MeshComponentOptions, total=False):
    """Options of instanced meshes.

    Attributes
    ----------
    instances : list of Transform
        Where the mesh stands, in the component's space; default nowhere.
    """

    instances: Sequence[Transform] | None


class MeshComponent(PrimitiveComponent):
    """A component that draws a mesh once, or at several places."""

    making = "take one of the classes that extend it, such as StaticMeshComponent"

    @property
    def lods(self) -> tuple[Mesh, ...]:
        """Its levels of detail, finest first. Takes a single mesh as well."""
        return tuple(refer(Mesh, mesh) for mesh in get(self, "lods"))

    @lods.setter
    def lods(self, meshes: Mesh | Sequence[Mesh]) -> None:
        call(core.rvt_set, self.core_object, "lods", to_core(meshes, "lods"))


class StaticMeshComponent(MeshComponent):
    """Draws a mesh once.

    Parameters
    ----------
    **options
        Those of :class:`~forge3d.rvt.component_options.MeshComponentOptions`.

    Raises
    ------
    TypeError
        If an option does not exist, is missing, or has the wrong type.
    ValueError
        If an option has a value that is not allowed.
    """

    def __init__(self, **options: Unpack[MeshComponentOptions]) -> None:
        self._make_of_options(options)


class SkeletalMeshComponent(MeshComponent):
    """Draws a mesh that has a skeleton, in its bind pose, with a warning.

    Parameters
    ----------
    **options
        Those of :class:`~forge3d.rvt.component_options.MeshComponentOptions`.

    Raises
    ------
    TypeError, ValueError
        As of :class:`StaticMeshComponent`.
    """

    def __init__(self, **options: Unpack[MeshComponentOptions]) -> None:
        self._make_of_options(options)


class AnimatedMeshComponent(MeshComponent):
    """Draws one of several meshes, with a warning; the script decides when which one.

    Parameters
    ----------
    **options
        Those of :class:`AnimatedMeshOptions`.

    Raises
    ------
    TypeError, ValueError
        As of :class:`StaticMeshComponent`.
    """

    @property
    def frames(self) -> tuple[Mesh, ...]:
        """The shapes that it takes."""
        return tuple(refer(Mesh, mesh) for mesh in get(self, "frames"))

    frame = Setting[int]("Which of the frames is drawn, 0 the first.")

    def __init__(self, **options: Unpack[AnimatedMeshOptions]) -> None:
        self._make_of_options(options)


class DecalComponent(MeshComponent):
    """A flat rectangle in its own xy plane, whose material is written over what lies below it.

    In the main pass it is never drawn unless it is told to be.

    Parameters
    ----------
    **options
        Those of :class:`DecalOptions`.

    Raises
    ------
    TypeError, ValueError
        As of :class:`StaticMeshComponent`.
    """

    size = SettingOf[list[float], Numbers]("Extent along its own x and y.")

    def __init__(self, **options: Unpack[DecalOptions]) -> None:
        self._make_of_options(options)


class InstancedStaticMeshComponent(MeshComponent):
    """Draws a mesh at several places.

    Parameters
    ----------
    **options
        Those of :class:`InstancedMeshOptions`.

    Raises
    ------
    TypeError, ValueError
        As of :class:`StaticMeshComponent`.
    """

    instances = SettingOf[list[Transform], Sequence[Transform]](
        "Where the mesh stands, in the component's space."
    )

    def __init__(self, **options: Unpack[InstancedMeshOptions]) -> None:
        self._make_of_options(options)

    def add_instances(self, transforms: Sequence[Transform]) -> int:
        """Add instances behind the others, and return the index of the first of them.

        Raises
        ------
        TypeError, ValueError
            If a transform has the wrong type, or a number in it is not allowed.
        """
        return int(tell(self, "addInstances", to_core(transforms, "transforms")))

    def update_instance(self, index: int, transform: Transform) -> None:
        """Move one instance.

        Raises
        ------
        TypeError, ValueError
            If there is no such instance, or the transform is not allowed.
        """
        tell(self, "updateInstance", to_core(index, "index"), to_core(transform, "transform"))

    def remove_instance(self, index: int) -> None:
        """Remove one instance; those behind it keep their order.

        Raises
        ------
        TypeError, ValueError
            If there is no such instance.
        """
        tell(self, "removeInstance", to_core(index, "index"))
