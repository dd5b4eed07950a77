"""Builds of a scene's low mips."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict, cast

from pyodide.ffi import create_proxy

from ..._bridge import wait
from ..._callbacks import remembering
from ..._cancelling import abort_when_cancelled
from ...errors import InvalidArgumentError
from .._core import from_plain
from .._reference import wrapped
from .._scene_state import SceneState
from .._values import options, to_core
from ..components.deferred import release_unloaded
from ..volume import RuntimeVirtualTextureVolume
from .builder import VirtualTextureBuilder

__all__ = ["BuildProgress", "BuildReport", "BuildableScene"]


class BuildProgress(TypedDict):
    """How far a build is.

    Attributes
    ----------
    volume : RuntimeVirtualTextureVolume
        What is built.
    tiles, tile_count : int
        Tiles that were baked so far, and that there are.
    """

    volume: RuntimeVirtualTextureVolume
    tiles: int
    tile_count: int


class BuildReport(TypedDict):
    """A finished build.

    Attributes
    ----------
    volume : RuntimeVirtualTextureVolume
        What was built.
    builder : VirtualTextureBuilder
        What holds it.
    levels : int
        Levels that were baked, counted from the one of a single tile.
    tile_count, incomplete_tiles : int
        Tiles that were baked, and those of them that were made from less than their materials
        sample, as other textures could not be read or had no room.
    byte_length : int
        Bytes of the tile store.
    """

    volume: RuntimeVirtualTextureVolume
    builder: VirtualTextureBuilder
    levels: int
    tile_count: int
    incomplete_tiles: int
    byte_length: int


type ProgressFunction = Callable[[BuildProgress], object]
"""Called after each few tiles; what it raises ends the build, and is raised by it."""


class BuildableScene(SceneState):
    """What a scene does with low mips that are built."""

    def build(
        self, volume: RuntimeVirtualTextureVolume, *, on_progress: ProgressFunction | None = None
    ) -> BuildReport:
        """Bake the low mips of a volume, and stream them from then on (Build).

        The volume's builder holds them; the first build makes one. Tiles are what they would be if
        they were rendered, bit for bit; with ``build_debug``, base colours are tinted red. Later
        edits make tiles stale: see :attr:`RuntimeVirtualTextureVolume.warnings`. Deferred
        components are loaded for it, and unloaded when it ends. The last build stays if this one
        fails.

        Parameters
        ----------
        volume : RuntimeVirtualTextureVolume
            One of the scene's, whose ``streaming_low_mips`` is 1 or more.
        on_progress : callable, optional
            Called with a :class:`BuildProgress` after each few tiles. What it raises ends the
            build, and is raised by it.

        Raises
        ------
        TypeError
            If the volume is not one of the scene's, or `on_progress` is no function.
        ValueError
            If the volume streams no low mips, or none that its texture has, or is not placed.
        BakeError
            If they cannot be written, a deferred component cannot be loaded, or the scene is
            edited meanwhile.
        BudgetError
            If the system's budget has no room for a few tiles.
        DeviceError
            If the device is lost.
        DisposedError
            If the scene or its system was closed.
        """
        building = self.build_async(volume, on_progress=on_progress)
        return wait(building, "RuntimeVirtualTextureScene.build_async()")

    async def build_async(
        self, volume: RuntimeVirtualTextureVolume, *, on_progress: ProgressFunction | None = None
    ) -> BuildReport:
        """Async version of :meth:`build`. Cancelled, it leaves the last build as it was."""
        built = await self._building("build", on_progress, to_core(volume, "volume"))
        return cast("BuildReport", from_plain(built))

    def build_virtual_textures(
        self, *, on_progress: ProgressFunction | None = None
    ) -> list[BuildReport]:
        """Build every volume that streams low mips, one after the other (Build Virtual Textures).

        Parameters
        ----------
        on_progress : callable, optional
            As :meth:`build` takes it.

        Returns
        -------
        list of BuildReport
            One for each, in the order of :attr:`volumes`.

        Raises
        ------
        TypeError, ValueError, Forge3dError
            As :meth:`build` does; volumes that were built before stay so.
        """
        building = self.build_virtual_textures_async(on_progress=on_progress)
        return wait(building, "RuntimeVirtualTextureScene.build_virtual_textures_async()")

    async def build_virtual_textures_async(
        self, *, on_progress: ProgressFunction | None = None
    ) -> list[BuildReport]:
        """Async version of :meth:`build_virtual_textures`."""
        built = await self._building("buildVirtualTextures", on_progress)
        return cast("list[BuildReport]", from_plain(built))

    async def _building(self, method: str, on_progress: ProgressFunction | None, *args: Any) -> Any:
        report = None if on_progress is None else create_proxy(_telling(on_progress))
        try:
            with abort_when_cancelled() as signal:
                how = options({"on_progress": report, "signal": signal})
                return await self._waiting(method, *args, how)
        finally:
            if report is not None:
                report.destroy()
            # A build unloads what it has loaded.
            for deferred in self.deferred_components:
                release_unloaded(deferred)


def _telling(on_progress: ProgressFunction) -> Callable[[Any], None]:
    if not callable(on_progress):
        raise InvalidArgumentError(
            f"Cannot build as on_progress must be a function: current value is {on_progress!r:.80}",
            argument="on_progress",
        )

    def tell(progress: Any) -> None:
        on_progress(
            {
                "volume": wrapped(progress.volume),
                "tiles": int(progress.tiles),
                "tile_count": int(progress.tileCount),
            }
        )

    return remembering(tell)
