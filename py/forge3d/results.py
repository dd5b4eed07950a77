"""What calls return, as type checkers see it. All are plain dictionaries."""

from __future__ import annotations

from typing import Literal, TypedDict

type ColorSpace = Literal["srgb", "linear"]
"""How stored values are to be read."""

type WrapMode = Literal["clamp", "repeat"]
"""What lies beyond an edge of a texture: its last texels, or the other side."""

__all__ = [
    "BakeProgress",
    "BandStatistics",
    "Defragmentation",
    "DescribedTexture",
    "LoadedTexture",
    "MemoryInfo",
    "MemoryReport",
    "MemoryRequirements",
    "MemorySystemState",
    "PerformanceEstimate",
    "PoolStats",
    "StagingStats",
    "Statistics",
    "UpdateResult",
]


class UpdateResult(TypedDict):
    """What one update did.

    Attributes
    ----------
    tiles_requested : int
        Tiles newly requested.
    tiles_loaded : int
        Tiles whose content came into the atlas.
    tiles_refreshed : int
        Tiles that were rendered again although they were up to date, by continuous update.
    tiles_evicted : int
        Tiles that lost their slot.
    tiles_failed : int
        Attempts to read a tile that failed.
    tiles_wanted : int
        Tiles that are seen, resident or not; not the pinned ones.
    tiles_pending : int
        Tiles that were requested and have not arrived yet.
    tiles_queued : int
        Wanted tiles that are neither resident nor requested yet.
    cache_hits, cache_misses : int
        Distinct tiles that were seen and that were resident, or missing, when the update began; a
        tile on its way that was a miss already is no new one.
    bytes_uploaded : int
        Bytes written into the atlas.
    waited : int
        1 if the call waited for tiles, else 0.
    update_time_ms : float
        Milliseconds that the update took, waiting included.
    """

    tiles_requested: int
    tiles_loaded: int
    tiles_refreshed: int
    tiles_evicted: int
    tiles_failed: int
    tiles_wanted: int
    tiles_pending: int
    tiles_queued: int
    cache_hits: int
    cache_misses: int
    bytes_uploaded: int
    waited: int
    update_time_ms: float


class LoadedTexture(TypedDict):
    """A texture by its handle, and the size of level 0 in texels."""

    handle: int
    width: int
    height: int


class DescribedTexture(LoadedTexture):
    """Everything that the core reports of a loaded texture; see :class:`VirtualTexture`."""

    tile_size: int
    format: str
    color_space: ColorSpace
    wrap: list[WrapMode]
    orientation: str
    swizzle: str
    premultiplied: bool
    transfer: str
    primaries: str
    info: str
    value_statistics: str


class BandStatistics(TypedDict):
    """Statistics of one band of a raster, in units of its file.

    Attributes
    ----------
    min, max : float or None
        Smallest and largest finite value; None if there is none.
    p2, p98 : float or None
        The 2nd and 98th percentile: exact for integers of up to 16 bits, else within 1/4096.
    holes : int
        Texels without a value: no data, NaN, or fully transparent.
    """

    min: float | None
    max: float | None
    p2: float | None
    p98: float | None
    holes: int


class BakeProgress(TypedDict):
    """Progress of a bake: the current phase, and the fraction of the work that is done, 0 to 1."""

    phase: str
    fraction: float


class Statistics(TypedDict):
    """Statistics of a system: the values of :class:`forge3d.streaming.StreamingStats` by name."""

    cache_hits: int
    cache_misses: int
    tiles_requested: int
    tiles_loaded: int
    tiles_refreshed: int
    tiles_evicted: int
    tiles_failed: int
    tiles_cancelled: int
    tiles_dropped: int
    memory_used: int
    memory_limit: int
    compressed_bytes: int
    uncompressed_bytes: int
    active_tiles: int
    atlas_utilization: float
    bytes_uploaded: int
    bytes_read: int
    bytes_used: int
    prefetches_loaded: int
    prefetches_used: int
    forced_mip_bias: float
    mip_bias: float
    pressure_episodes: int
    feedback_overflow: int
    cache_hit_rate: float
    memory_utilization: float


type MemoryInfoKey = Literal[
    "total_budget",
    "used_memory",
    "available_memory",
    "active_tiles",
    "atlas_slots_used",
    "atlas_slots_total",
    "atlas_memory",
    "page_table_memory",
    "feedback_memory",
    "staging_memory",
    "scratch_memory",
    "cache_memory",
]

# Not a TypedDict, so that the values are `int` to code that loops over all of them.
type MemoryInfo = dict[MemoryInfoKey, int]
"""What the memory budget of a system is used for."""


class MemoryRequirements(TypedDict):
    """The memory that a texture takes, whole and streamed.

    Attributes
    ----------
    full_texture_size : int
        Bytes of level 0.
    tile_count : int
        Tiles of level 0.
    tile_memory_size : int
        Bytes of a tile.
    recommended_cache_size : int
        Bytes for a tenth of the tiles, at least 64 MiB, at most the whole; never less than a
        system needs.
    """

    full_texture_size: int
    tile_count: int
    tile_memory_size: int
    recommended_cache_size: int


class PerformanceEstimate(TypedDict):
    """How a texture will stream.

    Attributes
    ----------
    cache_capacity_tiles : int
        Tiles that fit into the cache.
    tiles_per_frame_budget : int
        Tiles that half of a frame's time admits, at a millisecond each; at least 1.
    memory_pressure_factor : float
        Tiles of level 0 over those that fit, 0 to 1.
    recommended_prefetch_distance : int
        Tiles to prefetch ahead: a tenth of those that fit, at least 2.
    """

    cache_capacity_tiles: int
    tiles_per_frame_budget: int
    memory_pressure_factor: float
    recommended_prefetch_distance: int


class MemorySystemState(TypedDict):
    """Which parts of a device's memory system there are."""

    staging_rings: bool
    memory_pools: bool


class StagingStats(TypedDict):
    """Numbers of staging rings, as :func:`forge3d.memory.staging_stats` explains them."""

    bytes_in_flight: int
    current_ring_index: int
    buffer_stalls: int
    ring_count: int
    buffer_size: int


class PoolStats(TypedDict):
    """Numbers of memory pools, as :func:`forge3d.memory.pool_stats` explains them."""

    total_allocated: int
    total_freed: int
    fragmentation_ratio: float
    active_blocks: int
    pool_count: int
    largest_free_block: int


class Defragmentation(TypedDict):
    """What :meth:`forge3d.memory.MemoryPoolManager.defragment` has done."""

    bytes_moved: int
    fragmentation_ratio: float
    largest_free_block: int


class MemoryReport(TypedDict):
    """Everything about a memory system, as :func:`forge3d.memory.memory_report` explains it."""

    staging_rings: StagingStats
    memory_pools: PoolStats
    has_staging_rings: bool
    has_memory_pools: bool
    staging_bytes: int
    pool_bytes: int
    staging_limit_bytes: int
