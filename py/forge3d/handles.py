"""The functions below :mod:`forge3d.streaming`, which name systems and textures by their handles.

A caller that creates a system must destroy it; the classes of :mod:`forge3d.streaming` free what is
no longer used by themselves.
"""

from __future__ import annotations

from typing import Any, Unpack, cast

from pyodide.ffi import run_sync

from ._bridge import call, can_wait, core, options_object, wait
from ._calls import DEFAULT_TIME_BUDGET_MS, flush, update
from ._checks import file_name, integer, real_number, texture_number, texture_or_all
from ._convert import Numbers
from ._load import load_async
from ._option_names import check_names, checked_tile_size, option_names
from .device import Device
from .errors import InvalidArgumentError
from .options import LoadSourceOptions, SystemOptions
from .region_source import TextureInput
from .results import LoadedTexture, MemoryInfo, Statistics, UpdateResult

__all__ = [
    "create_virtual_texture_system",
    "destroy_virtual_texture_system",
    "evict_virtual_texture_tiles",
    "flush_virtual_texture_system",
    "get_virtual_texture_stats",
    "invalidate_virtual_texture",
    "invalidate_virtual_texture_region",
    "invalidate_virtual_texture_tile",
    "load_virtual_texture",
    "prefetch_virtual_texture_region",
    "set_virtual_texture_quality",
    "update_virtual_texture_streaming",
]


def create_virtual_texture_system(
    device: Device, max_memory_bytes: int, tile_size: int, **options: Unpack[SystemOptions]
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
    if not isinstance(device, Device):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidArgumentError(
            f"Cannot use device as it must come from forge3d.get_device(): "
            f"current value is {device!r}",
            argument="device",
        )
    settings: dict[str, Any] = {**options}
    check_names(settings, option_names()["system"], "create virtual texture system")
    if (cache_folder := options.get("cache_folder")) is not None:
        settings["cache_folder"] = file_name(cache_folder, "cache_folder")
    settings["max_memory_bytes"] = integer(max_memory_bytes, "max_memory_bytes", least=1)
    settings["tile_size"] = checked_tile_size(tile_size)
    return int(call(core.create_system, device.handle, options_object(settings)))


def destroy_virtual_texture_system(handle: int) -> None:
    """Free a system and all its textures. May be called again."""
    call(core.destroy_system, handle)


def load_virtual_texture(
    handle: int, path: TextureInput, **options: Unpack[LoadSourceOptions]
) -> LoadedTexture:
    """Load a texture.

    Returns
    -------
    LoadedTexture
        ``handle``, ``width`` and ``height``.

    See Also
    --------
    forge3d.streaming.VirtualTextureSystem.load_texture : Options and errors.
    """
    loading = load_async(handle, path, {**options})
    loaded = wait(loading, "VirtualTextureSystem.load_texture_async()")
    return {"handle": loaded["handle"], "width": loaded["width"], "height": loaded["height"]}


def update_virtual_texture_streaming(
    handle: int,
    camera: Numbers,
    view: Numbers | None = None,
    proj: Numbers | None = None,
    texture_handle: int | None = None,
    *,
    viewport: Numbers | None = None,
    time_budget_ms: float | None = DEFAULT_TIME_BUDGET_MS,
) -> UpdateResult:
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
    """Request the tiles under a region, in texels of its level.

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
    level = integer(mip_level, "mip_level", least=0)
    texture = texture_number(texture_handle)
    _queue_behind(handle)
    return bool(call(core.prefetch, handle, texture, *region, level))


def invalidate_virtual_texture(handle: int, texture_handle: int) -> None:
    """Make all content of a texture stale.

    See Also
    --------
    forge3d.streaming.VirtualTextureSystem.invalidate : What that means.
    """
    texture = texture_number(texture_handle)
    _queue_behind(handle)
    call(core.invalidate, handle, texture)


def invalidate_virtual_texture_region(
    handle: int,
    texture_handle: int,
    x: float,
    y: float,
    width: float,
    height: float,
    mip_level: int = 0,
) -> None:
    """Make the content stale of every tile that depends on a region, in texels of its level.

    See Also
    --------
    forge3d.streaming.VirtualTextureSystem.invalidate_region : What that means.
    """
    region = [
        real_number(value, name)
        for value, name in ((x, "x"), (y, "y"), (width, "width"), (height, "height"))
    ]
    level = integer(mip_level, "mip_level", least=0)
    texture = texture_number(texture_handle)
    _queue_behind(handle)
    call(core.invalidate_region, handle, texture, *region, level)


def invalidate_virtual_texture_tile(
    handle: int, texture_handle: int, mip_level: int, tile_x: int, tile_y: int
) -> None:
    """Make the content of one tile stale.

    See Also
    --------
    forge3d.streaming.VirtualTextureSystem.invalidate_tile : What that means.
    """
    level = integer(mip_level, "mip_level", least=0)
    column = integer(tile_x, "tile_x", least=0)
    row = integer(tile_y, "tile_y", least=0)
    texture = texture_number(texture_handle)
    _queue_behind(handle)
    call(core.invalidate_tile, handle, texture, level, column, row)


def evict_virtual_texture_tiles(handle: int, texture_handle: int | None = None) -> int:
    """Evict the tiles of one texture or of all; pinned ones stay.

    Returns
    -------
    int
        Number of tiles that lost their slot.
    """
    texture = texture_or_all(texture_handle)
    _queue_behind(handle)
    return int(call(core.evict, handle, texture))


def get_virtual_texture_stats(handle: int) -> Statistics:
    """Return the statistics of a system, for :class:`forge3d.streaming.StreamingStats`."""
    return cast("Statistics", call(core.statistics, handle).to_py())


def get_memory_info(handle: int) -> MemoryInfo:
    """Return what the memory budget of a system is used for: everything the core reports."""
    info = call(core.memory_info, handle).to_py()
    return cast("MemoryInfo", {name: int(value) for name, value in info.items()})


def set_virtual_texture_quality(
    handle: int,
    max_mip_bias: float = 0.0,
    lod_scale: float = 1.0,
    cache_priority_boost: float = 1.0,
) -> bool:
    """Set how much is streamed. A setting that is left out becomes its default again.

    Parameters
    ----------
    handle : int
        The system.
    max_mip_bias : float
        0 to 16.
    lod_scale : float
        0.01 to 16.
    cache_priority_boost : float
        0 to 16.

    Returns
    -------
    bool
        True.

    See Also
    --------
    forge3d.streaming.VirtualTextureSystem.set_quality_settings : What the settings mean.
    """
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
    return flush(handle)


def _queue_behind(handle: int) -> None:
    """Wait for the calls that came earlier, where waiting is possible."""
    if call(core.busy, handle) and can_wait():
        run_sync(core.settled(handle))
