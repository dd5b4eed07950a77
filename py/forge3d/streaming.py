"""Streaming of textures far larger than GPU memory, tile by tile, as the camera moves.

A :class:`VirtualTextureSystem` keeps the tiles that the camera sees within a budget of memory.
Every call that waits has an async version, whose name ends in ``_async``.
"""

from __future__ import annotations

from typing import Unpack

from .device import Device
from .handles import (
    create_virtual_texture_system,
    destroy_virtual_texture_system,
    evict_virtual_texture_tiles,
    flush_virtual_texture_system,
    get_virtual_texture_stats,
    invalidate_virtual_texture,
    invalidate_virtual_texture_region,
    invalidate_virtual_texture_tile,
    load_virtual_texture,
    prefetch_virtual_texture_region,
    set_virtual_texture_quality,
    update_virtual_texture_streaming,
)
from .options import SystemOptions
from .planning import calculate_memory_requirements, estimate_streaming_performance
from .region_source import RegionSource
from .stats import StreamingStats
from .system import VirtualTextureSystem
from .texture import VirtualTexture

__all__ = [
    "RegionSource",
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
    "invalidate_virtual_texture",
    "invalidate_virtual_texture_region",
    "invalidate_virtual_texture_tile",
    "load_virtual_texture",
    "prefetch_virtual_texture_region",
    "set_virtual_texture_quality",
    "update_virtual_texture_streaming",
]


def create_streaming_system(
    device: Device,
    max_memory_mb: float = 256,
    tile_size: int = 256,
    **options: Unpack[SystemOptions],
) -> VirtualTextureSystem:
    """Make a system: the same as :class:`VirtualTextureSystem`."""
    return VirtualTextureSystem(device, max_memory_mb, tile_size, **options)
