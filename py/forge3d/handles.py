"""The functions underneath :mod:`forge3d.streaming`: systems and textures by number.

Whoever creates a system destroys it. The classes of :mod:`forge3d.streaming` do the same and free
what is no longer used.
"""

from __future__ import annotations

import os
from typing import Any, cast

from pyodide.ffi import can_run_sync, run_sync

from ._bridge import awaited, call, core, options_object, wait
from ._convert import (
    check_names,
    column_major,
    integer,
    real_number,
    texture_number,
    texture_or_all,
    whole_number,
)
from ._load import load
from ._update import DEFAULT_TIME_BUDGET_MS, put_camera, update
from .device import Device
from .errors import InvalidArgumentError, OutOfRangeError

__all__ = [
    "create_virtual_texture_system",
    "destroy_virtual_texture_system",
    "evict_virtual_texture_tiles",
    "flush_virtual_texture_system",
    "get_virtual_texture_stats",
    "load_virtual_texture",
    "prefetch_virtual_texture_region",
    "set_virtual_texture_quality",
    "update_virtual_texture_streaming",
]

TILE_SIZES = (64, 1024)
"""Smallest and largest edge of a tile in texels."""

_SYSTEM_OPTIONS = frozenset(
    {
        "border",
        "bytes_per_update",
        "cache_folder",
        "fade_frames",
        "feedback_interval",
        "label",
        "max_anisotropy",
        "ms_per_update",
        "tiles_per_update",
    }
)


def create_virtual_texture_system(
    device: Device, max_memory_bytes: int, tile_size: int, **options: Any
) -> int:
    """Make a system.

    Parameters
    ----------
    device : Device
        From :func:`forge3d.get_device`.
    max_memory_bytes : int
        The budget for everything that the system keeps on the GPU and beside it.
    tile_size : int
        Edge of a tile in texels: a power of 2 from 64 to 1024.
    **options
        As of :class:`forge3d.streaming.VirtualTextureSystem`.

    Returns
    -------
    int
        Its handle; :func:`destroy_virtual_texture_system` frees it.
    """
    if not isinstance(device, Device):
        raise InvalidArgumentError(
            f"device must come from forge3d.get_device(): current value is {device!r}",
            argument="device",
        )
    check_names(options, _SYSTEM_OPTIONS, "create virtual texture system")
    settings = {
        "max_memory_bytes": whole_number(max_memory_bytes, "max_memory_bytes"),
        "tile_size": checked_tile_size(tile_size),
        **options,
    }
    return int(call(core.create_system, device.handle, options_object(settings)))


def destroy_virtual_texture_system(handle: int) -> None:
    """Free a system and all its textures; one that was freed stays so."""
    call(core.destroy_system, handle)


def load_virtual_texture(
    handle: int, path: str | os.PathLike[str] | bytes, **options: Any
) -> dict[str, int]:
    """Load a texture.

    Returns
    -------
    dict of str to int
        ``handle``, ``width`` and ``height``.

    See Also
    --------
    forge3d.streaming.VirtualTextureSystem.load_texture : Options and errors.
    """
    loaded = wait(load(handle, path, options), "VirtualTextureSystem.load_texture_async()")
    return {name: loaded[name] for name in ("handle", "width", "height")}


def update_virtual_texture_streaming(
    handle: int,
    camera: Any,
    view: Any = None,
    proj: Any = None,
    texture_handle: int | None = None,
    *,
    viewport: Any = None,
    time_budget_ms: float | None = DEFAULT_TIME_BUDGET_MS,
) -> dict[str, int | float]:
    """Stream for a camera.

    See Also
    --------
    forge3d.streaming.VirtualTextureSystem.update_streaming : Arguments and result.
    """
    return update(handle, camera, view, proj, texture_handle, viewport, time_budget_ms)


def prefetch_virtual_texture_region(
    handle: int,
    texture_handle: int,
    region_x: float,
    region_y: float,
    region_width: float,
    region_height: float,
    mip_level: int = 0,
) -> bool:
    """Ask for the tiles under a region, in texels of its level.

    Returns
    -------
    bool
        Whether every tile is resident or queued.
    """
    region = [
        real_number(value, name)
        for value, name in (
            (region_x, "region_x"),
            (region_y, "region_y"),
            (region_width, "region_width"),
            (region_height, "region_height"),
        )
    ]
    level = whole_number(mip_level, "mip_level", least=0)
    texture = texture_number(texture_handle)
    _queue_behind(handle)
    return bool(call(core.prefetch, handle, texture, *region, level))


def evict_virtual_texture_tiles(handle: int, texture_handle: int | None = None) -> int:
    """Give up the tiles of one texture or of all; pinned ones stay.

    Returns
    -------
    int
        Number of tiles that lost their slot.
    """
    texture = texture_or_all(texture_handle)
    _queue_behind(handle)
    return int(call(core.evict, handle, texture))


def get_virtual_texture_stats(handle: int) -> dict[str, int | float]:
    """Give the statistics of a system, as :class:`forge3d.streaming.StreamingStats` takes them."""
    return cast("dict[str, int | float]", call(core.statistics, handle).to_py())


def get_memory_info(handle: int) -> dict[str, int]:
    """Give where the budget of a system goes."""
    return {name: int(value) for name, value in call(core.memory_info, handle).to_py().items()}


def set_virtual_texture_quality(
    handle: int,
    max_mip_bias: float = 0.0,
    lod_scale: float = 1.0,
    cache_priority_boost: float = 1.0,
) -> bool:
    """Set how much is streamed."""
    values = (
        real_number(max_mip_bias, "max_mip_bias"),
        real_number(lod_scale, "lod_scale"),
        real_number(cache_priority_boost, "cache_priority_boost"),
    )
    _queue_behind(handle)
    return bool(call(core.set_quality, handle, *values))


def flush_virtual_texture_system(handle: int) -> bool:
    """Wait until nothing is pending.

    Returns
    -------
    bool
        Whether everything that is wanted is resident.
    """
    return wait(flush(handle), "VirtualTextureSystem.flush_async()")


async def flush(handle: int) -> bool:
    """Await that nothing is pending."""
    return bool(await awaited(core.flush, handle))


async def unload(handle: int, texture_handle: int) -> None:
    """Unload a texture."""
    await awaited(core.unload_texture, handle, texture_number(texture_handle))


async def render(
    handle: int,
    camera: Any,
    view: Any,
    proj: Any,
    texture_handle: int | None,
    options: dict[str, Any],
) -> bytes:
    """Draw what is resident and give the bytes of the picture."""
    if column_major(view, "view_matrix") is None:
        raise InvalidArgumentError(
            "Cannot render as view_matrix must be given: current value is None",
            argument="view_matrix",
        )
    texture = texture_or_all(texture_handle)
    put_camera(camera, view, proj, None)
    data = await awaited(core.render, handle, texture, options_object(options))
    return cast("bytes", data.to_bytes())


def _queue_behind(handle: int) -> None:
    """Let calls that wait for the system go first, where that is possible."""
    if call(core.busy, handle) and can_run_sync():
        run_sync(core.settled(handle))


def checked_tile_size(tile_size: Any) -> int:
    """Check a tile size for streaming."""
    least, most = TILE_SIZES
    edge = integer(tile_size, "tile_size")
    if edge < least or edge > most or edge & (edge - 1):
        raise OutOfRangeError(
            f"tile_size must be a positive power of 2 from {least} to {most}: "
            f"current value is {edge}",
            argument="tile_size",
        )
    return edge
