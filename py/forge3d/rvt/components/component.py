"""What all components of a scene have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypedDict, cast

from ..._messages import spelled
from ...camera import Matrix
from .._arrays import matrix_of
from .._core import Made, Reading, Setting, SettingOf, from_plain, get, tell
from .._placing import place
from .._subscription import Subscription, subscribe
from .._values import to_core
from ..asset import RuntimeVirtualTexture
from ..materials.material_instance import AnyMaterial
from ..options import DrawInMainPass, Mobility, OrientedBox, Transform
from .draws import ComponentDraw, draw_of

__all__ = ["ComponentChange", "PrimitiveComponent"]


class ComponentChange(TypedDict):
    """A change of what a component draws into runtime virtual textures.

    Attributes
    ----------
    boxes : list of OrientedBox
        The old places and the new ones of what changed.
    render_to_virtual_textures : list of RuntimeVirtualTexture
        The assets whose content changed there.
    """

    boxes: list[OrientedBox]
    render_to_virtual_textures: list[RuntimeVirtualTexture]


class PrimitiveComponent(Made):
    """Something in a scene with a material and a place.

    It is drawn into runtime virtual textures, in the main pass, or both. A wrong value raises an
    error that names the component, and changes nothing.
    """

    making = "take one of the classes that extend it, such as StaticMeshComponent"

    name = Reading[str]("What messages call it.")
    id = Reading[int]("Its number: higher than those of all components made before it.")
    label = Reading[str]("Its kind and name, as messages have them.")
    lod_count = Reading[int]("Levels of detail that it can be drawn in, at least 1.")
    material = Setting[AnyMaterial]("What it is drawn with.")
    render_to_virtual_textures = SettingOf[
        list[RuntimeVirtualTexture], Sequence[RuntimeVirtualTexture]
    ]("The assets that it is rendered to, wherever a volume places them.")
    draw_in_main_pass = Setting[DrawInMainPass]("When it is drawn in the main pass.")
    virtual_texture_lod_bias = Setting[int](
        "Added to the LOD that is chosen; above 0 is coarser. -16 to 16."
    )
    virtual_texture_skip_mips = Setting[int](
        "How many of the coarsest levels it is not rendered to, 0 to 20."
    )
    virtual_texture_min_coverage = Setting[float | None](
        "Binary logarithm of the size in pixels below which it is left out, 0 to 20; None: off."
    )
    translucency_sort_priority = Setting[int](
        "Components with smaller numbers are drawn first, below the others."
    )
    mobility = Setting[Mobility]("Whether it is meant to stay where it is.")

    def __repr__(self) -> str:
        return f"<forge3d.rvt.{type(self).__name__} {self.name!r}>"

    @property
    def transform(self) -> Transform:
        """Where it stands. Takes parts as well: those that are left out have their defaults."""
        return cast("Transform", from_plain(get(self, "transform")))

    @transform.setter
    def transform(self, transform: Transform) -> None:
        place(self, transform)

    @property
    def to_world(self) -> Matrix:
        """Object to world: rows of a matrix for column vectors."""
        return matrix_of(from_plain(get(self, "toWorld")))

    def boxes(self) -> list[OrientedBox]:
        """Return its footprint in the world: a box for each of the things that it draws."""
        boxes: Any = from_plain(tell(self, "boxes"))
        return cast("list[OrientedBox]", boxes)

    def draws(self, lod: int = 0) -> list[ComponentDraw]:
        """Return what is drawn, in this order.

        Parameters
        ----------
        lod : int
            Level of detail, 0 the finest; less than :attr:`lod_count`.

        Raises
        ------
        TypeError, ValueError
            If there is no such level of detail.
        """
        return [draw_of(each) for each in tell(self, "draws", to_core(lod, "lod"))]

    def warnings(self) -> list[str]:
        """Return why it is not at its best in a runtime virtual texture; nothing if it is."""
        return [spelled(warning) for warning in from_plain(tell(self, "warnings"))]

    def subscribe(self, listener: Callable[[ComponentChange], object]) -> Subscription:
        """Call a function after every change of what is drawn into runtime virtual textures.

        Parameters
        ----------
        listener : callable
            Called with a :class:`ComponentChange`. An exception that it raises is logged.

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
