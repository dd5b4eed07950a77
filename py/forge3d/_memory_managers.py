"""Staging rings and memory pools of a device, each in one object."""

from __future__ import annotations

from typing import cast

from ._bridge import awaited, core, wait
from ._checks import integer
from ._memory_calls import (
    checked_device,
    initialize,
    initialized_device,
    megabytes,
    memory_report_of,
    pool_handle,
    pool_stats_of,
    staging_stats_of,
)
from ._sealed import Sealed
from .device import Device
from .results import Defragmentation, MemoryReport, PoolStats, StagingStats

__all__ = ["MemoryPoolManager", "StagingRingManager"]

_DEFAULT_RING_COUNT = 3
_DEFAULT_BUFFER_SIZE = 1024 * 1024


class StagingRingManager(Sealed):
    """The staging rings of a device, in one object.

    Parameters
    ----------
    ring_count : int
        Buffers that take turns: 1 to 64.
    buffer_size : int
        Bytes of each: at least 256, and at most 512 MiB for all.
    device : Device, optional
        Default :func:`forge3d.get_device`.
    """

    def __init__(
        self,
        ring_count: int = _DEFAULT_RING_COUNT,
        buffer_size: int = _DEFAULT_BUFFER_SIZE,
        device: Device | None = None,
    ) -> None:
        self._ring_count = integer(ring_count, "ring_count", least=1)
        self._buffer_size = integer(buffer_size, "buffer_size", least=1)
        self._wanted_device = None if device is None else checked_device(device)
        self._device: Device | None = None

    def __repr__(self) -> str:
        state = "" if self.is_initialized() else ", not initialised"
        size = f"{self._ring_count} of {self._buffer_size} bytes"
        return f"<forge3d.memory.StagingRingManager {size}{state}>"

    def initialize(self) -> bool:
        """Make the rings, as :func:`forge3d.memory.init_memory_system` does.

        Returns
        -------
        bool
            True, as there are rings then.
        """
        return wait(self.initialize_async(), "StagingRingManager.initialize_async()")

    async def initialize_async(self) -> bool:
        """Async version of :meth:`initialize`."""
        state = await initialize(
            self._wanted_device,
            staging_rings=True,
            memory_pools=False,
            ring_count=self._ring_count,
            buffer_size=self._buffer_size,
        )
        self._device = initialized_device()
        return state["staging_rings"]

    def is_initialized(self) -> bool:
        """Tell whether it was initialised and the device still has rings."""
        return self._device is not None and staging_stats_of(self._device)["ring_count"] > 0

    def stats(self) -> StagingStats:
        """Get the numbers of the rings; all are 0 before it is initialised.

        See Also
        --------
        forge3d.memory.staging_stats : The numbers.
        """
        return staging_stats_of(self._device)

    def memory_report(self) -> MemoryReport:
        """Get all numbers of the device, as :func:`forge3d.memory.memory_report`."""
        return memory_report_of(self._device)


class MemoryPoolManager(Sealed):
    """The memory pools of a device, in one object.

    Parameters
    ----------
    pool_memory_mb : float, optional
        MiB of the pools, 1 to 65536. Default 128, or what there is.
    device : Device, optional
        Default :func:`forge3d.get_device`.
    """

    def __init__(self, pool_memory_mb: float | None = None, device: Device | None = None) -> None:
        self._pool_memory_mb = megabytes(pool_memory_mb, "pool_memory_mb")
        self._wanted_device = None if device is None else checked_device(device)
        self._device: Device | None = None

    def __repr__(self) -> str:
        size = "" if self._pool_memory_mb is None else f" {self._pool_memory_mb:g} MiB"
        state = "" if self.is_initialized() else ", not initialised"
        return f"<forge3d.memory.MemoryPoolManager{size}{state}>"

    def initialize(self) -> bool:
        """Make the pools, as :func:`forge3d.memory.init_memory_system` does.

        Returns
        -------
        bool
            True, as there are pools then.
        """
        return wait(self.initialize_async(), "MemoryPoolManager.initialize_async()")

    async def initialize_async(self) -> bool:
        """Async version of :meth:`initialize`."""
        state = await initialize(
            self._wanted_device,
            pool_memory_mb=self._pool_memory_mb,
            staging_rings=False,
            memory_pools=True,
        )
        self._device = initialized_device()
        return state["memory_pools"]

    def is_initialized(self) -> bool:
        """Tell whether it was initialised and the device still has pools."""
        return self._device is not None and pool_stats_of(self._device)["pool_count"] > 0

    def stats(self) -> PoolStats:
        """Get the numbers of the pools; all are 0 before it is initialised.

        See Also
        --------
        forge3d.memory.pool_stats : The numbers.
        """
        return pool_stats_of(self._device)

    def defragment(self) -> Defragmentation:
        """Move the blocks of each pool together on the GPU, with their bytes.

        Returns
        -------
        Defragmentation
            ``bytes_moved``, and ``fragmentation_ratio`` and ``largest_free_block`` afterwards.
            Blocks keep their numbers.

        Raises
        ------
        RuntimeError
            If there are no pools: call :meth:`initialize` first.
        DeviceError
            If the device refuses the copies; what blocks hold is undefined then.
        """
        return wait(self.defragment_async(), "MemoryPoolManager.defragment_async()")

    async def defragment_async(self) -> Defragmentation:
        """Async version of :meth:`defragment`."""
        result = await awaited(core.memory_defragment, pool_handle(self._device))
        done = result.to_py()
        # JavaScript has one type of numbers: 0.0 comes as an integer.
        return cast(
            "Defragmentation",
            {**done, "fragmentation_ratio": float(done["fragmentation_ratio"])},
        )

    def memory_report(self) -> MemoryReport:
        """Get all numbers of the device, as :func:`forge3d.memory.memory_report`."""
        return memory_report_of(self._device)
