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
    cache_hits, cache_misses : int
        Distinct tiles that an update wanted and that were resident, or missing, when it began.
    tiles_requested, tiles_loaded, tiles_evicted, tiles_failed : int
        Tiles requested, loaded into the atlas, evicted, and attempts to read one that failed.
    tiles_refreshed : int
        Tiles that were drawn again although they were up to date, by continuous update.
    tiles_cancelled, tiles_dropped : int
        Requests that were cancelled, and finished tiles that were dropped: nobody waited for them
        any more, they were not newer than what was there, or there was no room.
    memory_used, memory_limit : int
        Bytes that count against the budget, and the budget.
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

    @property
    def cache_hit_rate(self) -> float:
        """Hits of all requests in percent; 100.0 before any."""
        requests = self.cache_hits + self.cache_misses
        return 100.0 * self.cache_hits / requests if requests else 100.0

    @property
    def memory_utilization(self) -> float:
        """Used part of the budget in percent; 0.0 without a limit."""
        return 100.0 * self.memory_used / self.memory_limit if self.memory_limit else 0.0

    def as_dict(self) -> dict[str, int | float]:
        """Return all values by name, the two percentages included."""
        return {
            **vars(self),
            "cache_hit_rate": self.cache_hit_rate,
            "memory_utilization": self.memory_utilization,
        }

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StreamingStats):
            return NotImplemented
        return vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"StreamingStats({vars(self)!r})"

    def __str__(self) -> str:
        lines = [
            "StreamingStats",
            f"  Cache:  {self.cache_hits} hits, {self.cache_misses} misses "
            f"({self.cache_hit_rate:.1f}% hit rate)",
            f"  Tiles:  {self.active_tiles} active, {self.tiles_loaded} loaded, "
            f"{self.tiles_evicted} evicted",
            f"  Memory: {self.memory_used / _MIB:.1f} of {self.memory_limit / _MIB:.1f} MiB "
            f"({self.memory_utilization:.1f}% used)",
            f"  Atlas:  {self.atlas_utilization * 100:.1f}% of its slots",
            f"  Upload: {self.bytes_uploaded / _MIB:.1f} MiB, "
            f"{self.prefetches_used} prefetched tiles used",
        ]
        if self.forced_mip_bias:
            lines.append(f"  Coarser by {self.forced_mip_bias:.2f} levels: too little memory")
        return "\n".join(lines)
