"""The GPU."""

from __future__ import annotations

from typing import Any

from ._bridge import awaited, call, core, wait

__all__ = ["Device", "get_device", "get_device_async"]


class Device:
    """A GPU device. Get one from :func:`get_device`.

    Attributes
    ----------
    handle : int
        Its number in the core.
    name : str
        Name of the adapter.
    backend : str
        Graphics API below WebGPU: ``"vulkan"``, ``"metal"``, …
    is_cpu : bool
        Whether the adapter draws on the CPU, which samples compressed textures much slower.
    features : frozenset of str
        Optional features that the device has, by their WebGPU names.
    limits : dict of str to int
        Limits of the device, by their WebGPU names.
    """

    __slots__ = ("__weakref__", "backend", "features", "handle", "is_cpu", "limits", "name")

    handle: int
    name: str
    backend: str
    is_cpu: bool
    features: frozenset[str]
    limits: dict[str, int]

    def __init__(self, handle: int, info: dict[str, Any]) -> None:
        self.handle = handle
        self.name = info["name"]
        self.backend = info["backend"]
        self.is_cpu = bool(info["isCpu"])
        self.features = frozenset(info["features"])
        self.limits = {name: int(value) for name, value in info["limits"].items()}

    def __repr__(self) -> str:
        return f"<forge3d.Device {self.name!r} ({self.backend}, {len(self.features)} features)>"


_shared: Device | None = None


async def get_device_async() -> Device:
    """Async version of :func:`get_device`."""
    global _shared
    if _shared is None or not _is_alive(_shared):
        handle = await awaited(core.request_device)
        _shared = Device(handle, call(core.device_info, handle).to_py())
    return _shared


def get_device() -> Device:
    """Get the GPU.

    The first call asks for it, with every useful feature and all limits that the adapter has; later
    calls return the same device. If it is lost, it is requested anew, and the systems on it make
    everything again: calls that wait go on, and a warning is logged. Only when there is no device
    any more do calls raise :class:`DeviceError`; the next call of this function then asks for
    another.

    Returns
    -------
    Device

    Raises
    ------
    DeviceError
        If there is no usable adapter; the message says what to install.
    RuntimeError
        If there is no device yet and waiting for one is impossible here.
    """
    if _shared is not None and _is_alive(_shared):
        return _shared
    return wait(get_device_async(), "forge3d.get_device_async()")


def _is_alive(device: Device) -> bool:
    return bool(core.device_alive(device.handle))
