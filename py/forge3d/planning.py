"""Estimates for planning, made without a system."""

from __future__ import annotations

from collections.abc import Sequence

from ._checks import integer, real_number
from .errors import InvalidArgumentError, OutOfRangeError
from .results import MemoryRequirements, PerformanceEstimate

__all__ = ["calculate_memory_requirements", "estimate_streaming_performance"]

_MIB = 1024 * 1024
_LEAST_CACHE_BYTES = 64 * _MIB
_BYTES_PER_PIXEL = 4
_BORDER = 4
# Feedback, staging and parameters, whatever the texture.
_FIXED_BYTES = 512 * 1024
_SHARE_OF_FRAME = 0.5
_MS_PER_TILE = 1.0


def calculate_memory_requirements(
    texture_width: int,
    texture_height: int,
    tile_size: int = 256,
    bytes_per_pixel: int = 4,
) -> MemoryRequirements:
    """Calculate the memory that a texture takes, whole and streamed.

    Parameters
    ----------
    texture_width, texture_height : int
        Size in texels.
    tile_size : int
        Edge of a tile in texels.
    bytes_per_pixel : int
        4 for RGBA8.

    Returns
    -------
    MemoryRequirements
        ``full_texture_size``: bytes of level 0. ``tile_count``: tiles of level 0.
        ``tile_memory_size``: bytes of a tile. ``recommended_cache_size``: bytes for a tenth of the
        tiles, at least 64 MiB, at most the whole; never less than a system needs to load it.

    Raises
    ------
    ValueError
        If a value is not positive.
    """
    width = integer(texture_width, "texture_width", least=1)
    height = integer(texture_height, "texture_height", least=1)
    edge = integer(tile_size, "tile_size", least=1)
    pixel = integer(bytes_per_pixel, "bytes_per_pixel", least=1)
    full = width * height * pixel
    tiles = _tile_count(width, height, edge)
    tile = edge * edge * pixel
    return {
        "full_texture_size": full,
        "tile_count": tiles,
        "tile_memory_size": tile,
        "recommended_cache_size": max(
            _least_budget(width, height, edge, pixel),
            min(full, max(_LEAST_CACHE_BYTES, (tiles // 10) * tile)),
        ),
    }


def estimate_streaming_performance(
    texture_size: Sequence[int],
    tile_size: int = 256,
    cache_size_mb: float = 256,
    target_fps: float = 60,
) -> PerformanceEstimate:
    """Estimate how a texture will stream, for RGBA8 tiles that take a millisecond each.

    Parameters
    ----------
    texture_size : two ints
        Width and height in texels.
    tile_size : int
        Edge of a tile in texels.
    cache_size_mb : float
        Size of the cache in MiB.
    target_fps : float
        Frames per second.

    Returns
    -------
    PerformanceEstimate
        ``cache_capacity_tiles``: tiles that fit. ``tiles_per_frame_budget``: tiles that half of a
        frame's time admits, at least 1. ``memory_pressure_factor``: level 0's tiles over what fits,
        0 to 1. ``recommended_prefetch_distance``: a tenth of the tiles that fit, at least 2.

    Raises
    ------
    ValueError
        If a value is not positive.
    """
    try:
        width, height = texture_size
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            f"Cannot use texture_size as it must be width and height: "
            f"current value is {texture_size!r}",
            argument="texture_size",
        ) from None
    edge = integer(tile_size, "tile_size", least=1)
    columns, rows = (integer(side, "texture_size", least=1) for side in (width, height))
    tiles = _tile_count(columns, rows, edge)
    cache_bytes = int(_positive(cache_size_mb, "cache_size_mb") * _MIB)
    capacity = cache_bytes // (edge * edge * _BYTES_PER_PIXEL)
    frame_ms = 1000.0 / _positive(target_fps, "target_fps")
    return {
        "cache_capacity_tiles": capacity,
        "tiles_per_frame_budget": max(1, int(frame_ms * _SHARE_OF_FRAME / _MS_PER_TILE)),
        "memory_pressure_factor": min(1.0, tiles / capacity) if capacity else 1.0,
        "recommended_prefetch_distance": max(2, capacity // 10),
    }


def _least_budget(width: int, height: int, edge: int, pixel: int) -> int:
    """Bound the budget that a system needs to load a texture with borders of 4 texels."""
    slot = (edge + 2 * _BORDER) ** 2 * pixel
    # Levels of a single tile.
    pinned = min(max(width, height).bit_length(), edge.bit_length())
    tables = 6 * _tile_count(width, height, edge)
    return _FIXED_BYTES + ((3 * pinned + 9) * slot + tables) * 11 // 10


def _tile_count(width: int, height: int, tile_size: int) -> int:
    return -(-width // tile_size) * -(-height // tile_size)


def _positive(value: float, name: str) -> float:
    number = real_number(value, name)
    if number <= 0:
        raise OutOfRangeError(
            f"Cannot use {name} as it must be positive: current value is {number}", argument=name
        )
    return number
