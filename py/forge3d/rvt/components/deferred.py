"""Components that are loaded once a tile needs them."""

from __future__ import annotations

import weakref
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, cast

from pyodide.ffi import JsException, create_proxy

from ..._bridge import awaited, call, core, wait
from ..._from_core import from_core
from ..._outcomes import answering_async
from ...errors import InvalidArgumentError
from .._core import Reading, from_plain, tell
from .._loading import ensure_loaded
from .._reference import Reference, forget, keep, take, wrapped
from .._values import options, to_core
from ..asset import RuntimeVirtualTexture
from ..materials.material_instance import AnyMaterial
from ..options import Bounds, OrientedBox
from .component import PrimitiveComponent
from .landscape import LandscapeComponent

__all__ = ["DeferredComponent", "release_unloaded"]

type Load = Callable[[], PrimitiveComponent | Awaitable[PrimitiveComponent]]
"""Makes a component; an async function where that waits."""


class DeferredComponent(Reference):
    """A place of a scene where a component can be loaded.

    Tiles that are rendered there wait for it; while they come from built low mips, or nothing there
    is seen, it takes neither memory nor time. It is not drawn in the main pass before it is loaded.

    Parameters
    ----------
    name : str
        What messages call it.
    bounds : Bounds
        ``min`` and ``max`` in the world of what holds the component, which is refused if it reaches
        beyond.
    identity : str
        A text that is another one whenever the component would be: what it is made of, but for its
        material, is not looked at to find out whether built tiles are stale. For files,
        :func:`~forge3d.rvt.file_identity` gives one.
    render_to_virtual_textures : list of RuntimeVirtualTexture
        The textures that it is rendered to; the component may name some of them, and no others.
    material : Material or MaterialInstance, optional
        The material that the component is drawn with, where that is known without loading it: what
        it writes, and what it samples, is looked at then, and need not be part of the identity.
        Default: what is known is the material that it had when it was loaded last, and only changes
        since then are found.
    landscape : LandscapeComponent or DeferredComponent, optional
        The landscape that it lies on, whose edits show in it; default none. A deferred one is
        loaded before it, and where that is unloaded, so is what lies on it: `load` finds it as
        :attr:`landscape`.
    load : callable
        Makes the component; an async function where that waits, which must not wait for the scene
        or its system. Called when a tile that must be rendered shows something of the bounds, and
        again after it was unloaded, or has failed and :meth:`load` asks for it.

    Raises
    ------
    TypeError
        If an argument has the wrong type.
    ValueError
        If bounds are not finite or empty, or a texture is named twice.

    Examples
    --------
    A rock that is loaded when it is seen from near:

    >>> ground = RuntimeVirtualTexture(name="ground")
    >>> rock = DeferredComponent(
    ...     name="rock",
    ...     bounds={"min": (-1, -1, 0), "max": (1, 1, 1)},
    ...     identity="rock, version 3",
    ...     render_to_virtual_textures=[ground],
    ...     load=lambda: StaticMeshComponent(
    ...         mesh=plane_mesh((2, 2)),
    ...         material=Material("rock", base_color=0.3),
    ...         render_to_virtual_textures=[ground],
    ...     ),
    ... )
    >>> rock.is_loaded
    False
    """

    name = Reading[str]("What messages call it.")
    label = Reading[str]("Its kind and name, as messages have them.")
    bounds = Reading[Bounds]("Bounds in the world that hold the component.")
    box = Reading[OrientedBox]("The box that holds the component.")
    identity = Reading[str]("Differs whenever the component would.")
    render_to_virtual_textures = Reading[list[RuntimeVirtualTexture]](
        "The textures that it is rendered to."
    )
    material = Reading[AnyMaterial | None](
        "The material that the component is drawn with; None if only loading it tells."
    )
    landscape = Reading[LandscapeComponent | None](
        "The landscape that it lies on; None if there is none, or it is not loaded."
    )
    is_landscape_edited = Reading[bool](
        "Whether the landscape that it lies on was changed, so that its identity does not say what "
        "it is."
    )
    component = Reading[PrimitiveComponent | None]("The component; None while it is not loaded.")
    is_loaded = Reading[bool]("Whether the component is loaded.")
    is_edited = Reading[bool](
        "Whether the component was changed since it was loaded, so that its identity does not say "
        "what it is."
    )

    def __init__(
        self,
        *,
        name: str,
        bounds: Bounds,
        identity: str,
        render_to_virtual_textures: Sequence[RuntimeVirtualTexture],
        material: AnyMaterial | None = None,
        landscape: LandscapeComponent | DeferredComponent | None = None,
        load: Load,
    ) -> None:
        if not callable(load):
            raise InvalidArgumentError(
                f"Cannot make deferred component as load must be a function: "
                f"current value is {load!r:.80}",
                argument="load",
            )
        ensure_loaded()
        given = options(
            {
                "name": name,
                "bounds": bounds,
                "identity": identity,
                "render_to_virtual_textures": render_to_virtual_textures,
                "material": material,
                "landscape": landscape,
            }
        )
        # The core has it for as long as it has what is made here.
        answer = answering_async(load, partial(_loaded, weakref.ref(self)))
        take(self, call(core.rvt_make_deferred, given, create_proxy(answer)))
        keep(self, "render_to_virtual_textures", render_to_virtual_textures)
        keep(self, "landscape", landscape)

    def __repr__(self) -> str:
        state = "loaded" if self.is_loaded else "not loaded"
        return f"<forge3d.rvt.DeferredComponent {self.name!r}, {state}>"

    @property
    def failure(self) -> BaseException | None:
        """Why it could not be loaded the last time; None if it could, or was not.

        Tiles are rendered without it then.
        """
        try:
            core.rvt_raise_failure(self.core_object)
        except JsException as error:
            return from_core(error)
        return None

    def boxes(self) -> list[OrientedBox]:
        """Return its bounds, as a component has boxes."""
        return cast("list[OrientedBox]", from_plain(tell(self, "boxes")))

    def load(self) -> PrimitiveComponent:
        """Load the component unless it is loaded. The scene that holds it adds it.

        Raises
        ------
        BaseException
            What the function `load` raises, which is :attr:`failure` from then on.
        TypeError
            If what it makes is not a component, or a scene may not have it.
        ValueError
            If that reaches beyond the bounds, or names another texture or material.
        DisposedError
            If it was unloaded meanwhile.
        """
        return wait(self.load_async(), "DeferredComponent.load_async()")

    async def load_async(self) -> PrimitiveComponent:
        """Async version of :meth:`load`."""
        target = self.core_object
        try:
            loaded = await awaited(core.rvt_wait, target, target, "load")
        finally:
            release_unloaded(self)
        return cast("PrimitiveComponent", wrapped(loaded))

    def unload(self) -> bool:
        """Let the component go, and return whether it was loaded.

        The scene that holds it takes it away, and tiles stay as they are unless it was edited. It
        is loaded again when a tile needs it. What is being loaded is dropped.
        """
        unloaded = bool(tell(self, "unload"))
        release_unloaded(self)
        return unloaded


def release_unloaded(deferred: DeferredComponent) -> None:
    """Let one keep no component that is not loaded any more."""
    if not deferred.is_loaded:
        forget(deferred, "component")


def _loaded(held_by: weakref.ref[DeferredComponent], component: Any) -> Any:
    """Return what the core takes for a component, which what loads it keeps from then on."""
    made = to_core(component, "load")
    # What the core holds must not hold what refers to the core's object: neither would go.
    deferred = held_by()
    if deferred is not None:
        keep(deferred, "component", component)
    return made
