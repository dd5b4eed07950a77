"""What streaming has done so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

from .errors import InvalidArgumentError

__all__ = ["StreamingStats"]

_MIB = 1024 * 1024


class StreamingStats:
    """Statistics of a system since it was made.

    Parameters
    ----------
    stats : mapping of str
        The values by name; missing ones are 0, unknown ones are ignored.

    Attributes
    ----------
    cache_hits : int
        Distinct tiles that an update saw and that were resident when it began, added up over all
        updates; not the pinned ones.
    cache_misses : int
        The same of tiles that were missing. A tile counts once until it has become resident, or is
        neither seen nor in flight any more: one that is on its way is no new miss.
    tiles_requested, tiles_loaded, tiles_evicted, tiles_failed : int
        Tiles requested, loaded into the atlas, evicted, and attempts to read one that failed.
    tiles_refreshed : int
        Tiles that were drawn again although they were up to date, by continuous update.
    tiles_cancelled, tiles_dropped : int
        Requests that were cancelled, and finished tiles that were dropped: nobody waited for them
        any more, they were not newer than what was there, or there was no room.
    memory_used : int
        Bytes of the tiles in the atlases as they are stored: `compressed_bytes`. What counts
        against the budget is ``used_memory`` of
        :meth:`~forge3d.streaming.VirtualTextureSystem.get_memory_info`.
    memory_limit : int
        The most that `memory_used` could be for these tiles, which is without compression:
        `uncompressed_bytes`. ``100 - 100 * memory_used / memory_limit`` is the percentage that
        compression saves. Without any tile, the budget: it is never 0. (The budget is
        ``total_budget`` of
        :meth:`~forge3d.streaming.VirtualTextureSystem.get_memory_info`.)
    compressed_bytes : int
        Bytes of the tiles in the atlases as they are stored, borders and pinned tiles included.
    uncompressed_bytes : int
        Bytes that the same tiles would take in uncompressed formats with the same channels: 4 a
        texel for BC1, BC3 and BC7, 2 for BC5, 1 for BC4. Of formats that are not compressed, as
        they are stored.
    memory_utilization : float
        Part of the memory for tiles that is in use, in percent: by tiles that the last update
        wanted to see, in the margin too, and by pinned ones. What is only kept in case it is seen
        again is not in use, as it makes room at once. It is the part of all the memory that the
        budget leaves for atlases or, if that is more, the part of the slots of the fullest pool,
        where what is wanted counts at the resolution that was asked for. So it is above 90 only
        while memory is short, and 100 while that makes pictures coarser. In `stats` without it:
        `memory_used` in percent of `memory_limit`, 0.0 without a limit.
    active_tiles : int
        Tiles in the atlas, pinned ones included.
    atlas_utilization : float
        Part of the atlas's slots that hold a tile, 0 to 1.
    bytes_uploaded, bytes_read, bytes_used : int
        Bytes written into the atlas; read from the files; and how many of those tiles needed.
    prefetches_loaded, prefetches_used : int
        Tiles that were prefetched, and those of them that were then seen.
    forced_mip_bias : float
        Levels by which pictures are coarser than the quality settings ask, as the wanted tiles
        do not fit.
    mip_bias : float
        Levels by which pictures are coarser altogether.
    pressure_episodes : int
        Times that what was wanted began not to fit.
    feedback_overflow : int
        Samples that the feedback dropped because more tiles were seen than it can hold.
    """

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
    memory_utilization: float
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

    def __init__(self, stats: Mapping[str, Any]) -> None:
        if not isinstance(stats, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidArgumentError(
                f"Cannot use stats as it must be a mapping: current value is {stats!r}",
                argument="stats",
            )
        for name, kind in get_type_hints(type(self)).items():
            setattr(self, name, kind(stats.get(name, 0)))
        if "memory_utilization" not in stats and self.memory_limit:
            self.memory_utilization = 100.0 * self.memory_used / self.memory_limit

    @property
    def cache_hit_rate(self) -> float:
        """Hits of hits and misses together, in percent; 100.0 before any."""
        requests = self.cache_hits + self.cache_misses
        return 100.0 * self.cache_hits / requests if requests else 100.0

    def as_dict(self) -> dict[str, int | float]:
        """Return all values by name, the percentages included."""
        return {**vars(self), "cache_hit_rate": self.cache_hit_rate}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StreamingStats):
            return NotImplemented
        return vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"StreamingStats({vars(self)!r})"

    def __str__(self) -> str:
        lines = [
            "StreamingStats(",
            f"  Cache:  {self.cache_hits} hits, {self.cache_misses} misses "
            f"({self.cache_hit_rate:.1f}% hit rate)",
            f"  Tiles:  {self.active_tiles} active, {self.tiles_loaded} loaded, "
            f"{self.tiles_evicted} evicted",
            f"  Memory: {self.memory_utilization:.1f}% in use; tiles of "
            f"{self.memory_used / _MIB:.1f} MiB, {self.memory_limit / _MIB:.1f} MiB uncompressed",
            f"  Atlas:  {self.atlas_utilization * 100:.1f}% of its slots",
            f"  Upload: {self.bytes_uploaded / _MIB:.1f} MiB, "
            f"{self.prefetches_used} prefetched tiles used",
        ]
        if self.forced_mip_bias:
            lines.append(f"  Coarser by {self.forced_mip_bias:.2f} levels: too little memory")
        return "\n".join([*lines, ")"])
