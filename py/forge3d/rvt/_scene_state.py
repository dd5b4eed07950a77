"""A scene, but for the calls that wait."""

from __future__ import annotations

import weakref
from typing import Any, Self, Unpack, cast

from .._bridge import awaited, call, core
from ..errors import InvalidArgumentError
from ..results import DescribedTexture
from ..system import VirtualTextureSystem
from ..texture import VirtualTexture, loaded_texture
from ._core import Reading, from_plain, get, tell
from ._reference import Reference, forget, keep, take, wrapped
from ._values import options, to_core
from .asset import RuntimeVirtualTexture
from .components.component import PrimitiveComponent
from .components.deferred import DeferredComponent
from .options import Bounds, InvalidationPriority, SceneMode, SceneOptions
from .volume import RuntimeVirtualTextureVolume

__all__ = ["SceneState"]


class SceneState(Reference):
    """A scene without the calls that wait."""

    mode = Reading[SceneMode]("Whether the scene is played or edited.")
    virtual_texturing = Reading[bool]("Whether virtual texturing is supported.")
    geometry_bytes = Reading[int](
        "Bytes of meshes and landscapes on the GPU, which are not part of the system's budget."
    )

    def __init__(self, system: VirtualTextureSystem, **options_: Unpack[SceneOptions]) -> None:
        if not isinstance(system, VirtualTextureSystem):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidArgumentError(
                f"Cannot make scene as system must be a VirtualTextureSystem: "
                f"current value is {system!r:.80}",
                argument="system",
            )
        self._take_scene(system, call(core.rvt_make_scene, system.handle, options(options_)))

    def _take_scene(self, system: VirtualTextureSystem, core_object: Any) -> None:
        self._system = system
        take(self, core_object)
        self._free = weakref.finalize(self, core.rvt_close, core_object)

    @classmethod
    def opened(cls, system: VirtualTextureSystem, core_object: Any) -> Self:
        """Return the scene that something else has opened on a system."""
        scene = cls.__new__(cls)
        scene._take_scene(system, core_object)
        return scene

    def __repr__(self) -> str:
        state = f"{len(self.components)} components" if self._free.alive else "closed"
        return f"<forge3d.rvt.RuntimeVirtualTextureScene, {state}>"

    @property
    def system(self) -> VirtualTextureSystem:
        """What streams the textures; borrowed."""
        return self._system

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return not self._free.alive

    @property
    def components(self) -> tuple[PrimitiveComponent, ...]:
        """The components, in the order in which they came."""
        return tuple(map(wrapped, get(self, "components")))

    @property
    def volumes(self) -> tuple[RuntimeVirtualTextureVolume, ...]:
        """The volumes, in the order in which they came."""
        return tuple(map(wrapped, get(self, "volumes")))

    @property
    def options(self) -> dict[str, Any]:
        """The options, all of them."""
        plain: dict[str, Any] = from_plain(get(self, "options"))
        plain.pop("logger", None)
        return plain

    def change(self, **options_: Unpack[SceneOptions]) -> None:
        """Change options; those that are not named stay.

        With another bias or without virtual texturing, textures are made anew: :meth:`settled`
        waits for it.

        Raises
        ------
        TypeError, ValueError
            For an option that does not exist, or a value that is not allowed; nothing changes then.
        DisposedError
            If the scene was closed.
        """
        tell(self, "change", options(options_))

    @property
    def deferred_components(self) -> tuple[DeferredComponent, ...]:
        """The deferred components, in the order in which they came, loaded or not."""
        return tuple(map(wrapped, get(self, "deferredComponents")))

    def add_component(self, component: PrimitiveComponent) -> None:
        """Add a component: it is rendered to the assets that it names, where a volume places them.

        Raises
        ------
        TypeError
            If it is none, or is in the scene already.
        ValueError
            If a texture would be filled with samples of itself; the message names the cycle.
        DisposedError
            If the scene was closed.
        """
        tell(self, "addComponent", to_core(component, "component"))
        keep(self, id(component), component)

    def remove_component(self, component: PrimitiveComponent) -> bool:
        """Take a component away, and return whether it was in the scene."""
        removed = bool(tell(self, "removeComponent", to_core(component, "component")))
        forget(self, id(component))
        return removed

    def add_deferred_component(self, deferred: DeferredComponent) -> None:
        """Add a component that is loaded once a rendered tile shows something of its bounds.

        Such tiles wait for it, and so does a volume that is added and has no built low mips. At
        most four are loaded at the same time. One that cannot be loaded is left out, and a warning
        in the log says so. Loaded, it is one of :attr:`components`.

        Raises
        ------
        TypeError
            If it is none, or is in the scene already, or what it has loaded is.
        DisposedError
            If the scene was closed.
        """
        tell(self, "addDeferredComponent", to_core(deferred, "deferred"))
        keep(self, id(deferred), deferred)

    def remove_deferred_component(self, deferred: DeferredComponent) -> bool:
        """Take one away, with what it has loaded, and return whether it was in the scene."""
        removed = bool(tell(self, "removeDeferredComponent", to_core(deferred, "deferred")))
        forget(self, id(deferred))
        return removed

    def set_bounds(self, volume: RuntimeVirtualTextureVolume, source: PrimitiveComponent) -> None:
        """Move, turn and scale a volume so that it holds a component (Set Bounds).

        It gets the rotation of `source`, and holds it and all components that are rendered to the
        volume's asset. :meth:`settled` waits until that has taken effect.

        Raises
        ------
        TypeError
            If one of them is not in the scene.
        ValueError
            If those components have no bounds, or the volume would be too large.
        DisposedError
            If the scene was closed.
        """
        tell(self, "setBounds", to_core(volume, "volume"), to_core(source, "source"))

    def invalidate(self, bounds: Bounds, priority: InvalidationPriority = "high") -> None:
        """Make stale what every texture shows of some bounds.

        For what the scene cannot know of: edits of components and materials do so themselves.

        Parameters
        ----------
        bounds : Bounds
            ``min`` and ``max`` in the world.
        priority : {"high", "normal"}
            Whether it is rendered again before what is missing, or shares updates with it.

        Raises
        ------
        TypeError, ValueError
            If an argument is not allowed.
        DisposedError
            If the scene was closed.
        """
        tell(self, "invalidate", to_core(bounds, "bounds"), to_core(priority, "priority"))

    def draws_in_main_pass(self, component: PrimitiveComponent) -> bool:
        """Tell whether a component is drawn in the main pass.

        Raises
        ------
        TypeError
            If it is not a component.
        """
        return bool(tell(self, "drawsInMainPass", to_core(component, "component")))

    def texture_of(self, asset: RuntimeVirtualTexture) -> VirtualTexture | None:
        """Return the streamed texture of an asset; None if no volume places it now.

        :meth:`forge3d.streaming.VirtualTextureSystem.render` shows what it holds, plane by plane.
        Another one takes its place when the asset or its volume changes in size.

        Raises
        ------
        TypeError
            If it is not an asset.
        """
        if not isinstance(asset, RuntimeVirtualTexture):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidArgumentError(
                f"Cannot find texture as asset must be a RuntimeVirtualTexture: "
                f"current value is {asset!r:.80}",
                argument="asset",
            )
        found = call(core.rvt_texture_of, self.core_object, asset.core_object)
        if found is None:
            return None
        described = cast("DescribedTexture", found.to_py())
        return self._system.adopt(loaded_texture(described, self._system.handle))

    async def _waiting(self, method: str, *args: Any) -> Any:
        return await awaited(core.rvt_wait, self.core_object, self.core_object, method, *args)
