"""Streaming of textures far larger than GPU memory, tile by tile, as the camera moves.

A :class:`VirtualTextureSystem` keeps the tiles that the camera sees within a budget of memory.
Calls that wait have a twin that is awaited, named with ``_async`` at the end.
"""

from __future__ import annotations

import os
from typing import Any

from . import handles
from ._bridge import wait
from ._update import DEFAULT_TIME_BUDGET_MS
from .awaited_system import AwaitedSystem
from .device import Device
from .handles import (
    create_virtual_texture_system,
    destroy_virtual_texture_system,
    evict_virtual_texture_tiles,
    flush_virtual_texture_system,
    get_virtual_texture_stats,
    load_virtual_texture,
    prefetch_virtual_texture_region,
    set_virtual_texture_quality,
    update_virtual_texture_streaming,
)
from .image import Image
from .planning import calculate_memory_requirements, estimate_streaming_performance
from .stats import StreamingStats
from .texture import VirtualTexture

__all__ = [
    "StreamingStats",
    "VirtualTexture",
    "VirtualTextureSystem",
    "calculate_memory_requirements",
    "create_streaming_system",
    "create_virtual_texture_system",
    "destroy_virtual_texture_system",
    "estimate_streaming_performance",
    "evict_virtual_texture_tiles",
    "flush_virtual_texture_system",
    "get_virtual_texture_stats",
    "load_virtual_texture",
    "prefetch_virtual_texture_region",
    "set_virtual_texture_quality",
    "update_virtual_texture_streaming",
]


class VirtualTextureSystem(AwaitedSystem):
    """Streams virtual textures within a budget of memory.

    A context manager; one that is collected frees its GPU memory too.

    Parameters
    ----------
    device : Device
        From :func:`forge3d.get_device`.
    max_memory_mb : float
        The budget in MiB for everything that the system keeps: atlas, page tables, feedback,
        staging, caches. It is never exceeded.
    tile_size : int
        Edge of a tile in texels: a power of 2 from 64 to 1024.
    **options
        ``border`` (4 or 8 texels), ``max_anisotropy`` (1 to 16), ``tiles_per_update``,
        ``bytes_per_update`` and ``ms_per_update`` (what one update may do), ``fade_frames`` (in
        which a new tile fades in), ``feedback_interval`` (updates from one read-back to the next; 0
        for none), ``cache_folder`` (for what loading has to bake), ``label``.

    Raises
    ------
    ValueError
        If `max_memory_mb` is not positive, or `tile_size` no positive power of 2 in its range.
    BudgetError
        If the budget cannot hold even an empty system; it names the minimum.
    DeviceError
        If the device is lost.

    Examples
    --------
    Stream a texture for a camera 500 above texel (1000, 2000)::

        with VirtualTextureSystem(forge3d.get_device(), max_memory_mb=64) as system:
            texture = system.load_texture("earth.ktx2")
            system.update_streaming((1000, 2000, 500))
    """

    def load_texture(
        self,
        path: str | os.PathLike[str] | bytes,
        preferred_format: str | None = None,
        quality: str | None = None,
        **options: Any,
    ) -> VirtualTexture:
        """Load a texture for streaming.

        It is resident at its coarsest levels when the call returns, so that the first picture is
        never empty. A load that fails leaves the system as it was. KTX2 files without
        supercompression and tile stores are read by region; pictures (PNG, JPEG, TIFF) are baked
        once.

        Parameters
        ----------
        path : str, os.PathLike or bytes
            The file, or its content.
        preferred_format : str, optional
            Format in the atlas: ``"BC7"``, ``"BC5"``, ``"BC4"``, ``"BC3"``, ``"BC1"``, ``"RGBA8"``,
            ``"R8"``, ``"R16"``. Default: as stored; colour pictures BC7 where the device has it.
            One that the device does not have becomes an uncompressed one.
        quality : {"low", "medium", "high"}, optional
            How hard an encoder tries, where one is needed.
        **options
            ``color_space`` (``"srgb"`` or ``"linear"``, for 8-bit pictures); ``placement``
            (``"rows_down"``: world x, y are column and row; ``"y_up"``: row r lies at world
            y = height - r), ``origin`` (world corner with the smallest coordinates), ``extent``
            (world size along x and y), or, in place of these, ``origin`` (upper left corner),
            ``axis_u`` and ``axis_v`` (world vectors along the whole width and height);
            ``on_progress`` (called with a dict while a picture is baked).

        Returns
        -------
        VirtualTexture

        Raises
        ------
        MissingFileError
            If there is no such file: a `FileNotFoundError` too.
        FileError
            If it cannot be read.
        MalformedFileError
            If it breaks its format's specification.
        UnsupportedError
            If the file or the format is not supported; it names what.
        BudgetError
            If the budget is too small; it names the minimum.
        TypeError
            For an unknown option.
        """
        return wait(
            self.load_texture_async(path, preferred_format, quality, **options),
            "VirtualTextureSystem.load_texture_async()",
        )

    def unload_texture(self, texture: VirtualTexture) -> None:
        """Forget a texture and give its memory to the others."""
        wait(self.unload_texture_async(texture), "VirtualTextureSystem.unload_texture_async()")

    def update_streaming(
        self,
        camera_position: Any,
        view_matrix: Any = None,
        projection_matrix: Any = None,
        texture_handle: int | VirtualTexture | None = None,
        *,
        viewport: Any = None,
        time_budget_ms: float | None = DEFAULT_TIME_BUDGET_MS,
    ) -> dict[str, int | float]:
        """Stream for a camera: ask for what it sees and take in what has come.

        Matrices are row-major for column vectors, as numpy users write them, in any nesting of
        sequences, buffers or arrays. Where nothing can be waited for, the call does not wait, and
        ``waited`` is 0.

        Parameters
        ----------
        camera_position : three numbers
            World position. By default a texture lies in the plane z = 0, a texel a unit, so that z
            is the camera's height.
        view_matrix : 4 by 4 numbers, optional
            World to view. Default: every direction.
        projection_matrix : 4 by 4 numbers, optional
            View to clip, any depth convention. Default: 60 degrees vertical.
        texture_handle : int or VirtualTexture, optional
            Stream for this texture only.
        viewport : two numbers, optional
            Width and height of the picture in pixels. Default: as rendered last, else 1920 by 1080.
        time_budget_ms : float or None
            How long to wait for tiles at most; 0 not at all; None for all of them, so that the same
            calls have the same result.

        Returns
        -------
        dict
            ``tiles_requested`` (newly asked for), ``tiles_loaded``, ``tiles_evicted``,
            ``tiles_wanted`` (seen, resident or not), ``tiles_pending`` (asked for and not here),
            ``tiles_queued`` (not asked for yet), ``tiles_failed``, ``cache_hits``,
            ``cache_misses``, ``bytes_uploaded``, ``waited`` (1 if the call waited for tiles, else
            0): all `int`; and ``update_time_ms``, a `float`.

        Raises
        ------
        TypeError, ValueError
            If an argument has the wrong shape or is not finite.
        DeviceError
            If the device is lost.
        """
        return update_virtual_texture_streaming(
            self._handle,
            camera_position,
            view_matrix,
            projection_matrix,
            self._number(texture_handle),
            viewport=viewport,
            time_budget_ms=time_budget_ms,
        )

    def prefetch_region(
        self,
        texture: VirtualTexture,
        region_x: float,
        region_y: float,
        region_width: float,
        region_height: float,
        mip_level: int = 0,
    ) -> bool:
        """Ask for the tiles under a region before they are seen.

        Parameters
        ----------
        texture : VirtualTexture
            Of this system.
        region_x, region_y, region_width, region_height : float
            The region in texels of the level; what lies outside the texture is left aside.
        mip_level : int
            The level.

        Returns
        -------
        bool
            Whether every tile is resident or queued.

        Raises
        ------
        ValueError
            If there is no such level, or the size is negative.
        """
        return prefetch_virtual_texture_region(
            self._handle,
            self._required_number(texture),
            region_x,
            region_y,
            region_width,
            region_height,
            mip_level,
        )

    def evict_tiles(self, texture: VirtualTexture | None = None) -> int:
        """Give up the tiles of one texture or of all; pinned ones stay.

        Returns
        -------
        int
            Number of tiles that lost their slot.
        """
        return evict_virtual_texture_tiles(self._handle, self._number(texture))

    def flush(self) -> bool:
        """Settle: wait until nothing is pending for the last camera.

        Returns
        -------
        bool
            Whether everything that is wanted is resident.
        """
        return flush_virtual_texture_system(self._handle)

    def set_quality_settings(
        self,
        max_mip_bias: float = 0.0,
        lod_scale: float = 1.0,
        cache_priority_boost: float = 1.0,
    ) -> bool:
        """Set how much is streamed.

        Parameters
        ----------
        max_mip_bias : float
            Levels by which pictures may become coarser early, when memory is tight.
        lod_scale : float
            Resolution wanted against the screen's: 0.6 loads fewer and coarser tiles, 1.2 more.
        cache_priority_boost : float
            Width of the margin around the view that is loaded too, and how long tiles are kept;
            1.0: what is visible only.

        Returns
        -------
        bool
            True.

        Raises
        ------
        ValueError
            If a value is out of its range.
        """
        return set_virtual_texture_quality(
            self._handle, max_mip_bias, lod_scale, cache_priority_boost
        )

    def get_statistics(self) -> StreamingStats:
        """Tell what streaming has done so far."""
        return StreamingStats(get_virtual_texture_stats(self._handle))

    def get_memory_info(self) -> dict[str, int]:
        """Tell where the budget goes.

        Returns
        -------
        dict of str to int
            ``total_budget``, ``used_memory`` and ``available_memory`` (the two add up to the first)
            in bytes; ``active_tiles``, ``atlas_slots_used``, ``atlas_slots_total``; and the parts
            that add up to ``used_memory``, in bytes: ``atlas_memory``, ``page_table_memory``,
            ``feedback_memory``, ``staging_memory``, ``scratch_memory``, ``cache_memory``.
        """
        return handles.get_memory_info(self._handle)

    def render(
        self,
        camera_position: Any,
        view_matrix: Any,
        projection_matrix: Any,
        width: int,
        height: int,
        texture: VirtualTexture | None = None,
        *,
        filter: str = "trilinear",
        debug: str | None = None,
        feedback: bool = True,
        fade: bool = False,
    ) -> Image:
        """Draw the textures as they are resident now.

        It loads and evicts nothing; it tells the system which tiles it would have sampled.

        Parameters
        ----------
        camera_position : three numbers
            World position.
        view_matrix, projection_matrix : 4 by 4 numbers
            As of :meth:`update_streaming`. Without a projection: 60 degrees vertical.
        width, height : int
            Size of the picture in pixels.
        texture : VirtualTexture, optional
            Draw this one only.
        filter : {"trilinear", "bilinear", "anisotropic"}
            How texels are filtered.
        debug : {"level"}, optional
            Show each tile's level as a colour, with outlines.
        feedback : bool
            Tell the system what was sampled.
        fade : bool
            Fade new tiles in.

        Returns
        -------
        Image
            RGBA, rows from the top down, transparent where nothing was drawn. Colours of sRGB
            textures exactly, others as stored values.
        """
        return wait(
            self.render_async(
                camera_position,
                view_matrix,
                projection_matrix,
                width,
                height,
                texture,
                filter=filter,
                debug=debug,
                feedback=feedback,
                fade=fade,
            ),
            "VirtualTextureSystem.render_async()",
        )


def create_streaming_system(device: Device, **kwargs: Any) -> VirtualTextureSystem:
    """Make a system: the same as :class:`VirtualTextureSystem`."""
    return VirtualTextureSystem(device, **kwargs)
