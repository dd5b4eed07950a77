"""A scene with runtime virtual textures: each call that waits stands beside its async version."""

from __future__ import annotations

from typing import Self, Unpack, cast, overload

from .._bridge import awaited, can_wait, core, wait
from .._calls import put_render_camera
from .._cancelling import abort_when_cancelled
from .._checks import integer
from .._convert import Numbers
from ..image import Image
from ._reference import forget, keep
from ._values import options, to_core
from .low_mips.builds import BuildableScene
from .options import Bounds, RenderSceneOptions
from .volume import RuntimeVirtualTextureVolume

__all__ = ["RuntimeVirtualTextureScene"]


class RuntimeVirtualTextureScene(BuildableScene):
    """Components, the volumes that place textures among them, and what ties both together.

    A component is rendered to the textures that it names, where a volume places them. A context
    manager; GPU memory is also freed when the object is garbage-collected.

    Parameters
    ----------
    system : VirtualTextureSystem
        Streams the textures, within its budget; borrowed: it stays open.
    **options
        Those of :class:`~forge3d.rvt.options.SceneOptions`.

    Raises
    ------
    TypeError
        For an option that does not exist, or a value of the wrong type.
    ValueError
        For a value that is not allowed.
    DisposedError
        If the system was closed.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close_async()

    def close(self) -> None:
        """Take everything out of the scene and free what it has on the GPU. May be called again.

        Where waiting is impossible, that goes on after the call has returned.
        """
        if can_wait():
            wait(self.close_async(), "RuntimeVirtualTextureScene.close_async()")
        else:
            self._free()
            forget(self)

    async def close_async(self) -> None:
        """Async version of :meth:`close`."""
        self._free.detach()
        forget(self)
        await awaited(core.rvt_close, self.core_object)

    def add_volume(self, volume: RuntimeVirtualTextureVolume) -> None:
        """Add a volume and stream its texture.

        It is resident at its coarsest level when the call returns.

        Raises
        ------
        TypeError
            If it is not a volume, is in the scene already, or another one places its asset.
        ValueError
            If the texture would be too large.
        BudgetError
            If the budget is too small; it names the minimum. The volume is not added then.
        DeviceError
            If the device is lost, or refuses what the texture needs.
        DisposedError
            If the scene or its system was closed.
        """
        wait(self.add_volume_async(volume), "RuntimeVirtualTextureScene.add_volume_async()")

    async def add_volume_async(self, volume: RuntimeVirtualTextureVolume) -> None:
        """Async version of :meth:`add_volume`."""
        await self._waiting("addVolume", to_core(volume, "volume"))
        keep(self, id(volume), volume)

    def remove_volume(self, volume: RuntimeVirtualTextureVolume) -> bool:
        """Take a volume away and forget its texture; return whether it was in the scene."""
        removing = self.remove_volume_async(volume)
        return wait(removing, "RuntimeVirtualTextureScene.remove_volume_async()")

    async def remove_volume_async(self, volume: RuntimeVirtualTextureVolume) -> bool:
        """Async version of :meth:`remove_volume`."""
        removed = bool(await self._waiting("removeVolume", to_core(volume, "volume")))
        forget(self, id(volume))
        return removed

    def settled(self) -> None:
        """Wait until changes of assets, volumes and options have taken effect.

        Raises
        ------
        Forge3dError
            What has kept a volume from being placed.
        """
        wait(self.settled_async(), "RuntimeVirtualTextureScene.settled_async()")

    async def settled_async(self) -> None:
        """Async version of :meth:`settled`."""
        await self._waiting("settled")

    def request_preload(self, bounds: Bounds, level: int = 0) -> None:
        """Wait until all tiles of some bounds are resident and up to date.

        Parameters
        ----------
        bounds : Bounds
            ``min`` and ``max`` in the world.
        level : int
            Level of the tiles, 0 the finest.

        Raises
        ------
        TypeError, ValueError
            If an argument is not allowed.
        BudgetError
            If there are fewer slots than tiles.
        DisposedError
            If the scene was closed.
        """
        preloading = self.request_preload_async(bounds, level)
        wait(preloading, "RuntimeVirtualTextureScene.request_preload_async()")

    async def request_preload_async(self, bounds: Bounds, level: int = 0) -> None:
        """Async version of :meth:`request_preload`. Cancelled, it asks for nothing more."""
        where, at = to_core(bounds, "bounds"), to_core(level, "level")
        with abort_when_cancelled() as signal:
            await self._waiting("requestPreload", where, at, options({"signal": signal}))

    @overload
    def render(
        self,
        camera_position: Numbers,
        view_matrix: Numbers,
        projection_matrix: Numbers | None,
        width: int,
        height: int,
        **options_: Unpack[RenderSceneOptions],
    ) -> Image: ...
    @overload
    def render(
        self,
        camera_position: Numbers,
        view_matrix: Numbers,
        projection_matrix: Numbers | None = None,
        *,
        width: int,
        height: int,
        **options_: Unpack[RenderSceneOptions],
    ) -> Image: ...
    def render(
        self,
        camera_position: Numbers,
        view_matrix: Numbers,
        projection_matrix: Numbers | None = None,
        width: int | None = None,
        height: int | None = None,
        **options_: Unpack[RenderSceneOptions],
    ) -> Image:
        """Draw the main pass under one directional light, with the tiles that are resident now.

        It tells the system which tiles it would have sampled; the next
        :meth:`~forge3d.streaming.VirtualTextureSystem.update_streaming` renders them.

        Parameters
        ----------
        camera_position : three numbers
            World position.
        view_matrix, projection_matrix : 4 by 4 numbers
            World to view, and view to clip; without a projection, 60 degrees vertical.
        width, height : int
            Size of the picture in pixels; must be given.
        **options
            Those of :class:`~forge3d.rvt.options.RenderSceneOptions`.

        Returns
        -------
        Image
            RGBA, rows from the top down, sRGB, alpha 0 where nothing is.

        Raises
        ------
        TypeError, ValueError
            If an argument is not allowed, or a material's own WGSL does not compile; the message
            names the node.
        UnsupportedError
            If layers are shaded directly and a material samples another texture where it writes.
        DeviceError
            If the device is lost and cannot be replaced, or refuses the picture.
        DisposedError
            If the scene or its system was closed.
        """
        columns = integer(width, "width", least=1)
        rows = integer(height, "height", least=1)
        drawing = self.render_async(
            camera_position, view_matrix, projection_matrix, columns, rows, **options_
        )
        return wait(drawing, "RuntimeVirtualTextureScene.render_async()")

    @overload
    async def render_async(
        self,
        camera_position: Numbers,
        view_matrix: Numbers,
        projection_matrix: Numbers | None,
        width: int,
        height: int,
        **options_: Unpack[RenderSceneOptions],
    ) -> Image: ...
    @overload
    async def render_async(
        self,
        camera_position: Numbers,
        view_matrix: Numbers,
        projection_matrix: Numbers | None = None,
        *,
        width: int,
        height: int,
        **options_: Unpack[RenderSceneOptions],
    ) -> Image: ...
    async def render_async(
        self,
        camera_position: Numbers,
        view_matrix: Numbers,
        projection_matrix: Numbers | None = None,
        width: int | None = None,
        height: int | None = None,
        **options_: Unpack[RenderSceneOptions],
    ) -> Image:
        """Async version of :meth:`render`."""
        columns = integer(width, "width", least=1)
        rows = integer(height, "height", least=1)
        given = options(options_)
        put_render_camera(camera_position, view_matrix, projection_matrix)
        data = await awaited(core.rvt_render, self.core_object, columns, rows, given)
        return Image(cast("bytes", data.to_bytes()), columns, rows)
