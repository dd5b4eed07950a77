"""The functions underneath :mod:`forge3d.streaming`: systems and textures by number.

Whoever creates a system destroys it. The classes of :mod:`forge3d.streaming` do the same and free
what is no longer used.
"""

from __future__ import annotations

import operator
import os
from collections.abc import Callable
from struct import Struct
from typing import Any, cast

from pyodide.ffi import JsException, can_run_sync, create_proxy, run_sync, to_js

from ._bridge import ALL_TEXTURES, awaited, call, core, options_object, wait
from ._convert import column_major, flat_numbers, real_number, whole_number
from .device import Device
from .errors import FileError, InvalidArgumentError, MissingFileError, OutOfRangeError, from_core

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

DEFAULT_TIME_BUDGET_MS = 16.0
"""How long an update waits at most for the tiles that it asked for."""

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
_LOAD_OPTIONS = frozenset(
    {
        "axis_u",
        "axis_v",
        "color_space",
        "extent",
        "on_progress",
        "origin",
        "placement",
        "preferred_format",
        "quality",
    }
)

# As in the core's layout: position, which of the rest are there, viewport, view, projection.
_CAMERA = Struct("<40d")
_CAMERA_NUMBERS = memoryview(bytearray(_CAMERA.size)).cast("d")
_NO_MATRIX = [0.0] * 16
_NO_VIEWPORT = [0.0, 0.0]
_FIELDS: tuple[str, ...] = tuple(core.update_fields().to_py())
_RESULT_NUMBERS = memoryview(bytearray(8 * len(_FIELDS))).cast("d")
_put_numbers = core.camera.assign
_take_numbers = core.results.assign_to
_update = core.update
_TIME_INDEX = _FIELDS.index("update_time_ms")
_WAIT_FOR_ALL = -1.0


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
    return call(core.create_system, device.handle, options_object(settings))


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


async def load(handle: int, path: Any, options: dict[str, Any]) -> dict[str, Any]:
    """Load a texture and give all that the core tells of it."""
    check_names(options, _LOAD_OPTIONS, "load texture")
    source = _texture_input(path)
    on_progress = options.get("on_progress")
    report = None
    if on_progress is not None:
        def tell(progress: Any) -> None:
            on_progress(progress.to_py())

        report = create_proxy(tell)
    prepared = options_object({**options, "on_progress": report})
    try:
        loaded = await awaited(core.load_texture, handle, source, prepared)
    finally:
        if report is not None:
            report.destroy()
    return cast("dict[str, Any]", loaded.to_py())


def _texture_input(path: Any) -> Any:
    if isinstance(path, (bytes, bytearray, memoryview)):
        return to_js(memoryview(path).tobytes())
    try:
        name = os.fspath(path)
    except TypeError:
        raise InvalidArgumentError(
            f"path must be a path or bytes: current value is {path!r}", argument="path"
        ) from None
    name = os.fsdecode(name)
    if not name:
        raise MissingFileError("Cannot load texture as its path is empty", path=name)
    if "\0" in name:
        raise FileError(f"Cannot load texture as its path has a NUL: {name!r}", path=name)
    full = os.path.abspath(name)
    on_host = core.host_path(full)
    if isinstance(on_host, str):
        return on_host
    try:
        with open(full, "rb") as file:
            return to_js(file.read())
    except FileNotFoundError:
        raise MissingFileError(
            f"Cannot load texture as there is no such file: {name}", path=name
        ) from None
    except OSError as error:
        raise FileError(
            f"Cannot load texture as its file cannot be read: {name} ({error.strerror})", path=name
        ) from None


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
    _put_camera(camera, view, proj, viewport)
    budget = _time_budget(time_budget_ms)
    texture = ALL_TEXTURES if texture_handle is None else _texture_number(texture_handle)
    try:
        promise = _update(handle, texture, budget, can_run_sync())
        take = _take_numbers if promise is None else run_sync(promise).assign_to
    except JsException as error:
        raise from_core(error) from None
    return _result_dict(take)


async def update_async(
    handle: int,
    camera: Any,
    view: Any,
    proj: Any,
    texture_handle: int | None,
    viewport: Any,
    time_budget_ms: float | None,
) -> dict[str, int | float]:
    """Stream for a camera, awaiting the tiles."""
    _put_camera(camera, view, proj, viewport)
    budget = _time_budget(time_budget_ms)
    texture = ALL_TEXTURES if texture_handle is None else _texture_number(texture_handle)
    try:
        promise = _update(handle, texture, budget, True)
        take = _take_numbers if promise is None else (await promise).assign_to
    except JsException as error:
        raise from_core(error) from None
    return _result_dict(take)


def _put_camera(camera: Any, view: Any, proj: Any, viewport: Any) -> None:
    position = flat_numbers(camera, 3, "camera_position")
    view_columns = column_major(view, "view_matrix")
    proj_columns = column_major(proj, "projection_matrix")
    size = None if viewport is None else _viewport(viewport)
    _CAMERA.pack_into(
        _CAMERA_NUMBERS,
        0,
        *position,
        view_columns is not None,
        proj_columns is not None,
        size is not None,
        *(size or _NO_VIEWPORT),
        *(view_columns or _NO_MATRIX),
        *(proj_columns or _NO_MATRIX),
    )
    _put_numbers(_CAMERA_NUMBERS)


def _viewport(viewport: Any) -> list[float]:
    size = flat_numbers(viewport, 2, "viewport")
    if min(size) <= 0:
        raise OutOfRangeError(
            f"viewport must be positive: current value is {size[0]:g} x {size[1]:g}",
            argument="viewport",
        )
    return size


def _time_budget(time_budget_ms: float | None) -> float:
    if time_budget_ms is None:
        return _WAIT_FOR_ALL
    budget = real_number(time_budget_ms, "time_budget_ms")
    if budget < 0:
        raise OutOfRangeError(
            f"time_budget_ms must be >= 0, or None: current value is {budget}",
            argument="time_budget_ms",
        )
    return budget


def _result_dict(take: Callable[[memoryview], None]) -> dict[str, int | float]:
    take(_RESULT_NUMBERS)
    values = _RESULT_NUMBERS.tolist()
    packed: dict[str, int | float] = dict(zip(_FIELDS, map(int, values)))
    packed["update_time_ms"] = values[_TIME_INDEX]
    return packed


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
    texture = _texture_number(texture_handle)
    _queue_behind(handle)
    return bool(call(core.prefetch, handle, texture, *region, level))


def evict_virtual_texture_tiles(handle: int, texture_handle: int | None = None) -> int:
    """Give up the tiles of one texture or of all; pinned ones stay.

    Returns
    -------
    int
        Number of tiles that lost their slot.
    """
    texture = ALL_TEXTURES if texture_handle is None else _texture_number(texture_handle)
    _queue_behind(handle)
    return int(call(core.evict, handle, texture))


def get_virtual_texture_stats(handle: int) -> dict[str, int | float]:
    """Give the statistics of a system by name, as :class:`forge3d.streaming.StreamingStats` reads."""
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
    await awaited(core.unload_texture, handle, _texture_number(texture_handle))


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
    texture = ALL_TEXTURES if texture_handle is None else _texture_number(texture_handle)
    _put_camera(camera, view, proj, None)
    data = await awaited(core.render, handle, texture, options_object(options))
    return cast("bytes", data.to_bytes())


def _queue_behind(handle: int) -> None:
    """Let calls that wait for the system go first, where that is possible."""
    if call(core.busy, handle) and can_run_sync():
        run_sync(core.settled(handle))


def _texture_number(texture_handle: Any) -> int:
    try:
        return operator.index(texture_handle)
    except TypeError:
        raise InvalidArgumentError(
            f"texture_handle must be the handle of a texture: current value is {texture_handle!r}",
            argument="texture_handle",
        ) from None


def checked_tile_size(tile_size: Any) -> int:
    """Check a tile size for streaming."""
    least, most = TILE_SIZES
    edge = _index(tile_size, "tile_size")
    if edge < least or edge > most or edge & (edge - 1):
        raise OutOfRangeError(
            f"tile_size must be a positive power of 2 from {least} to {most}: "
            f"current value is {edge}",
            argument="tile_size",
        )
    return edge


def _index(value: Any, name: str) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise InvalidArgumentError(
            f"{name} must be a whole number: current value is {value!r}", argument=name
        ) from None


def check_names(options: dict[str, Any], known: frozenset[str], action: str) -> None:
    """Refuse options that do not exist."""
    for name in options:
        if name not in known:
            raise InvalidArgumentError(
                f"Cannot {action} as there is no option {name!r}: options are "
                f"{', '.join(sorted(known))}",
                argument=name,
            )
