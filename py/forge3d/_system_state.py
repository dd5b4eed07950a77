"""State of a :class:`forge3d.streaming.VirtualTextureSystem`, and the calls that never wait.

Calls that wait for tiles or files are in :mod:`forge3d.system`, beside their async versions.
"""

from __future__ import annotations

import weakref
from typing import Self, Unpack

from . import handles
from ._bridge import core
from ._checks import integer, real_number
from ._sealed import Sealed
from .device import Device
from .errors import InvalidArgumentError, OutOfRangeError
from .options import SystemOptions
from .results import MemoryInfo
from .stats import StreamingStats
from .texture import VirtualTexture

_MIB = 1024 * 1024
# Bytes stay exact integers in JavaScript.
_MOST_MEGABYTES = 2**33 - 1


class SystemState(Sealed):
    """A system without the calls that wait."""

    def __init__(
        self,
        device: Device,
        max_memory_mb: float = 256,
        tile_size: int = 256,
        **options: Unpack[SystemOptions],
    ) -> None:
        megabytes = real_number(max_memory_mb, "max_memory_mb")
        if megabytes <= 0:
            raise OutOfRangeError(
                f"Cannot use max_memory_mb as it must be positive: "
                f"current value is {max_memory_mb}",
                argument="max_memory_mb",
            )
        if megabytes > _MOST_MEGABYTES:
            raise OutOfRangeError(
                f"Cannot use max_memory_mb as it must be <= {_MOST_MEGABYTES}: "
                f"current value is {max_memory_mb}",
                argument="max_memory_mb",
            )
        budget_bytes = max(1, int(megabytes * _MIB))
        self._handle = handles.create_virtual_texture_system(
            device, budget_bytes, tile_size, **options
        )
        self._free = weakref.finalize(self, core.destroy_system, self._handle)
        self._device = device
        self._tile_size = int(tile_size)
        self._textures: dict[int, VirtualTexture] = {}

    def __repr__(self) -> str:
        state = "" if self._free.alive else ", closed"
        return f"<forge3d.VirtualTextureSystem {len(self._textures)} textures{state}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Free everything that the system keeps. May be called again."""
        self._textures.clear()
        self._free()

    @property
    def handle(self) -> int:
        """Its number, as the functions of :mod:`forge3d` take it."""
        return self._handle

    @property
    def device(self) -> Device:
        """The device that it was made on."""
        return self._device

    @property
    def tile_size(self) -> int:
        """Edge of a tile in texels."""
        return self._tile_size

    @property
    def textures(self) -> tuple[VirtualTexture, ...]:
        """The loaded textures, in the order of loading."""
        return tuple(self._textures.values())

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return not self._free.alive

    def prefetch_region(
        self,
        texture: VirtualTexture,
        region_x: float,
        region_y: float,
        region_width: float,
        region_height: float,
        mip_level: int = 0,
    ) -> bool:
        """Request the tiles under a region before they are seen.

        Parameters
        ----------
        texture : VirtualTexture
            Of this system.
        region_x, region_y, region_width, region_height : float
            The region in texels of the level; what lies outside the texture is ignored, also where
            it repeats.
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
        return handles.prefetch_virtual_texture_region(
            self._handle,
            self._required_number(texture),
            region_x,
            region_y,
            region_width,
            region_height,
            mip_level,
        )

    def invalidate(self, texture: VirtualTexture) -> None:
        """Make all content of a texture stale, such as after its file was replaced.

        Stale tiles are made anew when they are wanted, and shown as they were until then; those of
        the coarsest levels are made anew at once.

        Parameters
        ----------
        texture : VirtualTexture
            Of this system.

        Raises
        ------
        ValueError
            If it is not a texture of this system.
        """
        handles.invalidate_virtual_texture(self._handle, self._required_number(texture))

    def invalidate_region(
        self,
        texture: VirtualTexture,
        x: float,
        y: float,
        width: float,
        height: float,
        mip_level: int = 0,
    ) -> None:
        """Make the content stale of every tile that depends on a region.

        These are tiles of all levels, whose texels or borders are made of texels in the region.

        Parameters
        ----------
        texture : VirtualTexture
            Of this system.
        x, y, width, height : float
            The region in texels of the level; what lies outside the texture is ignored.
        mip_level : int
            The level.

        Raises
        ------
        ValueError
            If there is no such level, the size is negative, or it is not a texture of this system.

        See Also
        --------
        invalidate : What becomes of stale content.
        """
        number = self._required_number(texture)
        handles.invalidate_virtual_texture_region(
            self._handle, number, x, y, width, height, mip_level
        )

    def invalidate_tile(
        self, texture: VirtualTexture, mip_level: int, tile_x: int, tile_y: int
    ) -> None:
        """Make the content of one tile stale.

        Parameters
        ----------
        texture : VirtualTexture
            Of this system.
        mip_level : int
            The tile's level.
        tile_x, tile_y : int
            Its column and row in the level's grid of tiles.

        Raises
        ------
        ValueError
            If there is no such tile, or it is not a texture of this system.

        See Also
        --------
        invalidate : What becomes of stale content.
        """
        number = self._required_number(texture)
        handles.invalidate_virtual_texture_tile(self._handle, number, mip_level, tile_x, tile_y)

    def evict_tiles(self, texture: VirtualTexture | None = None) -> int:
        """Evict the tiles of one texture or of all; pinned ones stay.

        Returns
        -------
        int
            Number of tiles that lost their slot.
        """
        return handles.evict_virtual_texture_tiles(self._handle, self._number(texture))

    def set_quality_settings(
        self,
        max_mip_bias: float = 0.0,
        lod_scale: float = 1.0,
        cache_priority_boost: float = 1.0,
    ) -> bool:
        """Set how much is streamed.

        Each call sets all three: a setting that is left out becomes its default again, whatever an
        earlier call has set.

        Parameters
        ----------
        max_mip_bias : float
            Levels by which pictures may become coarser early, when memory is tight: 0 to 16.
        lod_scale : float
            Wanted resolution relative to the screen's: 0.6 loads fewer and coarser tiles, 1.2 more;
            0.01 to 16.
        cache_priority_boost : float
            Up to 16. Larger values load a wider margin around the view and keep tiles longer; up
            to 1.0, only visible tiles are loaded.

        Returns
        -------
        bool
            True.

        Raises
        ------
        ValueError
            If a value is out of its range; nothing changes then.
        """
        return handles.set_virtual_texture_quality(
            self._handle, max_mip_bias, lod_scale, cache_priority_boost
        )

    def get_statistics(self) -> StreamingStats:
        """Report what streaming has done so far."""
        return StreamingStats(handles.get_virtual_texture_stats(self._handle))

    def get_memory_info(self) -> MemoryInfo:
        """Report what the memory budget is used for.

        Returns
        -------
        MemoryInfo
            ``total_budget``, ``used_memory`` and ``available_memory`` (the last two add up to the
            first) in bytes; ``active_tiles``, ``atlas_slots_used``, ``atlas_slots_total``; and the
            parts that add up to ``used_memory``, in bytes, whose names end in ``_memory``:
            ``atlas_memory``, ``page_table_memory``, ``feedback_memory``, ``staging_memory``,
            ``scratch_memory``, ``cache_memory``.
        """
        return handles.get_memory_info(self._handle)

    def adopt(self, texture: VirtualTexture) -> VirtualTexture:
        """Take a texture that something else has added, and return the one of its handle."""
        return self._textures.setdefault(texture.handle, texture)

    def _number(self, texture: VirtualTexture | int | None) -> int | None:
        """Return the handle of a texture of this system."""
        if isinstance(texture, VirtualTexture):
            if self._textures.get(texture.handle) is not texture:
                raise OutOfRangeError(
                    f"Cannot use texture as it is not one of this system: {texture!r}",
                    argument="texture",
                )
            return texture.handle
        if texture is None:
            return None
        return integer(texture, "texture")

    def _required_number(self, texture: VirtualTexture | int) -> int:
        number = self._number(texture)
        if number is None:
            raise InvalidArgumentError(
                "Cannot use texture as it must be a VirtualTexture: current value is None",
                argument="texture",
            )
        return number
