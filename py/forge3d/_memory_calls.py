"""Calls into the core about staging rings and memory pools, and checks of their arguments."""

from __future__ import annotations

from typing import Any, cast

from ._bridge import awaited, call, core, options_object
from ._checks import integer, real_number
from .device import Device, get_device_async
from .errors import DisposedError, InvalidArgumentError, OutOfRangeError
from .results import MemoryReport, MemorySystemState, PoolStats, StagingStats

_DEFAULT_STAGING_MB = 64.0
_LARGEST_INTEGER = 2**53 - 1

_NUMBERS = memoryview(bytearray(8 * 6)).cast("d")
_take_numbers = core.memory_numbers.assign_to
_ask_staging = core.memory_staging
_ask_pools = core.memory_pools

_initialized: Device | None = None


def initialized_device() -> Device | None:
    """Return the device that was initialised last."""
    return _initialized


async def initialize(
    device: Device | bool | None,
    staging_memory_mb: float | None = None,
    pool_memory_mb: float | None = None,
    buffer_size: int | None = None,
    *,
    staging_rings: bool | None = None,
    memory_pools: bool | None = None,
    ring_count: int | None = None,
) -> MemorySystemState:
    """Give a device staging rings and memory pools."""
    global _initialized
    if isinstance(device, bool) and staging_rings is memory_pools is ring_count is None:
        # By position, the arguments are those that are about buffers.
        staging_rings, device = device, None
        memory_pools, staging_memory_mb = cast("Any", staging_memory_mb), None
        ring_count, pool_memory_mb = cast("Any", pool_memory_mb), None
    if device is not None:
        device = checked_device(device)
    by_buffers = (staging_rings, memory_pools, ring_count, buffer_size)
    if device is not None and all(each is None for each in (staging_memory_mb, *by_buffers)):
        staging_memory_mb = _DEFAULT_STAGING_MB
    options = {
        "staging_rings": _flag(staging_rings, "staging_rings"),
        "memory_pools": _flag(memory_pools, "memory_pools"),
        "ring_count": _optional_size(ring_count, "ring_count"),
        "buffer_size": _optional_size(buffer_size, "buffer_size"),
        "staging_memory_mb": megabytes(staging_memory_mb, "staging_memory_mb"),
        "pool_memory_mb": megabytes(pool_memory_mb, "pool_memory_mb"),
    }
    chosen = await get_device_async() if device is None else device
    state = await awaited(core.memory_init, chosen.handle, options_object(options))
    _initialized = chosen
    return cast("MemorySystemState", state.to_py())


def staging_stats_of(device: Device | None) -> StagingStats:
    """Return the numbers of a device's staging rings."""
    in_flight = index = stalls = count = size = 0.0
    if device is not None:
        call(_ask_staging, device.handle)
        _take_numbers(_NUMBERS)
        in_flight, index, stalls, count, size, _ = _NUMBERS
    return {
        "bytes_in_flight": int(in_flight),
        "current_ring_index": int(index),
        "buffer_stalls": int(stalls),
        "ring_count": int(count),
        "buffer_size": int(size),
    }


def pool_stats_of(device: Device | None) -> PoolStats:
    """Return the numbers of a device's memory pools."""
    allocated = freed = ratio = active = count = largest = 0.0
    if device is not None:
        call(_ask_pools, device.handle)
        _take_numbers(_NUMBERS)
        allocated, freed, ratio, active, count, largest = _NUMBERS
    return {
        "total_allocated": int(allocated),
        "total_freed": int(freed),
        "fragmentation_ratio": ratio,
        "active_blocks": int(active),
        "pool_count": int(count),
        "largest_free_block": int(largest),
    }


def memory_report_of(device: Device | None) -> MemoryReport:
    """Return all numbers of a device's rings and pools."""
    report: dict[str, Any] = {
        "has_staging_rings": False,
        "has_memory_pools": False,
        "staging_bytes": 0,
        "pool_bytes": 0,
        "staging_limit_bytes": 512 * 1024 * 1024,
    }
    if device is not None:
        report = call(core.memory_report, device.handle).to_py()
    return cast(
        "MemoryReport",
        {
            "staging_rings": staging_stats_of(device),
            "memory_pools": pool_stats_of(device),
            **report,
        },
    )


def pool_handle(device: Device | None) -> int:
    """Return the handle of a device that has pools."""
    if device is not None and pool_stats_of(device)["pool_count"] > 0:
        return device.handle
    raise DisposedError(
        "Cannot use memory pools as there are none: call init_memory_system first",
        object="memory pools",
    )


def checked_device(device: Any) -> Device:
    """Check a device."""
    if isinstance(device, Device):
        return device
    raise InvalidArgumentError(
        f"Cannot use device as it must come from forge3d.get_device(): current value is {device!r}",
        argument="device",
    )


def _flag(value: Any, name: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise InvalidArgumentError(
        f"Cannot use {name} as it must be True or False: current value is {value!r}", argument=name
    )


def checked_size(value: Any, name: str, least: int | None = None) -> int:
    """Check an integer that the core can take."""
    number = integer(value, name, least)
    if abs(number) <= _LARGEST_INTEGER:
        return number
    raise OutOfRangeError(
        f"Cannot use {name} as it must fit 53 bits: current value has {number.bit_length()} bits",
        argument=name,
    )


def _optional_size(value: Any, name: str) -> int | None:
    return None if value is None else checked_size(value, name)


def megabytes(value: Any, name: str) -> float | None:
    """Check a number of MiB that may be left out."""
    return None if value is None else real_number(value, name)
