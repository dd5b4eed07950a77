"""Staging rings, which tile uploads go through, and pools of GPU memory.

Both belong to a device, and every system on it shares them. Until they are initialised, uploads go
without rings::

    import forge3d
    import forge3d.memory as memory

    device = forge3d.get_device()
    memory.init_memory_system(device, staging_memory_mb=64, pool_memory_mb=128)
    print(memory.staging_stats()["bytes_in_flight"])

Functions without a device are about the one that was initialised last.
"""

from __future__ import annotations

from ._bridge import call, core, wait
from ._memory_calls import (
    checked_size,
    initialize,
    initialized_device,
    memory_report_of,
    pool_handle,
    pool_stats_of,
    staging_stats_of,
)
from ._memory_managers import MemoryPoolManager, StagingRingManager
from .device import Device
from .results import MemoryReport, MemorySystemState, PoolStats, StagingStats

__all__ = [
    "MemoryPoolManager",
    "StagingRingManager",
    "allocate_from_pool",
    "close_memory_system",
    "deallocate_pool_block",
    "init_memory_system",
    "init_memory_system_async",
    "memory_report",
    "pool_stats",
    "staging_stats",
]


def init_memory_system(
    device: Device | bool | None = None,
    staging_memory_mb: float | None = None,
    pool_memory_mb: float | None = None,
    buffer_size: int | None = None,
    *,
    staging_rings: bool | None = None,
    memory_pools: bool | None = None,
    ring_count: int | None = None,
) -> MemorySystemState:
    """Give a device staging rings and memory pools.

    The tile uploads of every system on the device go through the rings from then on. A buffer of a
    ring is filled again only once the GPU is known to be done with it; a tile that finds no room is
    uploaded without the rings, and counts as a stall. None of this memory is part of a system's
    ``max_memory_mb``.

    Called again with the same arguments it changes nothing. Rings of another size take the place of
    those that there are, with statistics that begin again; pools of another size only while no
    block is in use.

    Parameters
    ----------
    device : Device, optional
        Default :func:`forge3d.get_device`. If it is True or False, the arguments by position are
        `staging_rings`, `memory_pools`, `ring_count` and `buffer_size`.
    staging_memory_mb : float, optional
        MiB of all staging buffers together, 1 to 512. Not together with `buffer_size`. Default 64
        if a device is given and none of `staging_rings`, `memory_pools`, `ring_count` and
        `buffer_size`; else `buffer_size` holds.
    pool_memory_mb : float, optional
        MiB of the pools, 1 to 65536. Default 128; if left out, pools that there are stay.
    buffer_size : int, optional
        Bytes of each staging buffer: at least 256, and at most 512 MiB for all. Default 1048576.
    staging_rings, memory_pools : bool, optional
        Whether to initialise them; default True. False leaves them as they are.
    ring_count : int, optional
        Staging buffers, which take turns: 1 to 64, default 3.

    Returns
    -------
    MemorySystemState
        ``staging_rings`` and ``memory_pools``: which of them there are now.

    Raises
    ------
    TypeError
        If an argument has the wrong type, or `staging_memory_mb` and `buffer_size` are both given.
    ValueError
        If a value is not allowed: more than 512 MiB of staging buffers, which the host may see, or
        another size of pools with blocks in use.
    DeviceError
        If the device gives no memory; what there was stays.
    RuntimeError
        If waiting is impossible here: await :func:`init_memory_system_async`.
    """
    return wait(
        init_memory_system_async(
            device,
            staging_memory_mb,
            pool_memory_mb,
            buffer_size,
            staging_rings=staging_rings,
            memory_pools=memory_pools,
            ring_count=ring_count,
        ),
        "forge3d.memory.init_memory_system_async()",
    )


async def init_memory_system_async(
    device: Device | bool | None = None,
    staging_memory_mb: float | None = None,
    pool_memory_mb: float | None = None,
    buffer_size: int | None = None,
    *,
    staging_rings: bool | None = None,
    memory_pools: bool | None = None,
    ring_count: int | None = None,
) -> MemorySystemState:
    """Async version of :func:`init_memory_system`."""
    return await initialize(
        device,
        staging_memory_mb,
        pool_memory_mb,
        buffer_size,
        staging_rings=staging_rings,
        memory_pools=memory_pools,
        ring_count=ring_count,
    )


def staging_stats() -> StagingStats:
    """Get the numbers of the staging rings. A call takes a few microseconds.

    Returns
    -------
    StagingStats
        ``bytes_in_flight``: bytes in buffers that the GPU is not known to be done with, 0 once a
        system was flushed. ``current_ring_index``: the buffer that was filled last.
        ``buffer_stalls``: tiles that found no room and were uploaded without the rings.
        ``ring_count``, ``buffer_size``: buffers, and bytes of each. All are 0 before
        :func:`init_memory_system`.
    """
    return staging_stats_of(initialized_device())


def pool_stats() -> PoolStats:
    """Get the numbers of the memory pools.

    Returns
    -------
    PoolStats
        ``total_allocated``, ``total_freed``: bytes of the blocks that were taken, and given back,
        in all. ``fragmentation_ratio``: part of the free bytes outside the largest free block of
        their pool, 0 to 1. ``active_blocks``: blocks that were not given back. ``pool_count``: GPU
        buffers that they lie in. ``largest_free_block``: bytes of the largest block that can be
        taken now. All are 0 before :func:`init_memory_system`.
    """
    return pool_stats_of(initialized_device())


def allocate_from_pool(size: int) -> int:
    """Take a block of GPU memory.

    Parameters
    ----------
    size : int
        Bytes, at least 1. Blocks begin at multiples of 256.

    Returns
    -------
    int
        Number of the block, for :func:`deallocate_pool_block`.

    Raises
    ------
    RuntimeError
        If there are no pools: call :func:`init_memory_system` first.
    TypeError, ValueError
        If `size` is not an integer of at least 1.
    BudgetError
        If no free block is as large. The message says whether
        :meth:`MemoryPoolManager.defragment` helps.
    """
    return int(
        call(
            core.memory_allocate,
            pool_handle(initialized_device()),
            checked_size(size, "size", least=1),
        )
    )


def deallocate_pool_block(id: int) -> None:  # noqa: A002
    """Give a block back.

    Raises
    ------
    RuntimeError
        If there are no pools: call :func:`init_memory_system` first.
    TypeError, ValueError
        If `id` is not an integer, or no block has this number, or it was given back before.
    """
    call(core.memory_free, pool_handle(initialized_device()), checked_size(id, "id"))


def memory_report() -> MemoryReport:
    """Get all numbers of staging rings and pools.

    Returns
    -------
    MemoryReport
        ``staging_rings`` and ``memory_pools``: the numbers of :func:`staging_stats` and
        :func:`pool_stats`. ``has_staging_rings``, ``has_memory_pools``: whether there are any.
        ``staging_bytes``, ``pool_bytes``: bytes of their buffers. ``staging_limit_bytes``: most
        bytes of staging buffers.
    """
    return memory_report_of(initialized_device())


def close_memory_system() -> None:
    """Free rings and pools, blocks included. Uploads go without rings then. May be called again."""
    device = initialized_device()
    if device is not None:
        call(core.memory_close, device.handle)
