"""Virtual texturing on WebGPU: textures far larger than GPU memory, streamed as the camera moves.

Get a device, make a system on it, load a texture, and tell the system where the camera is::

    import forge3d
    import forge3d.streaming as streaming

    device = forge3d.get_device()
    with streaming.VirtualTextureSystem(device, max_memory_mb=64) as system:
        texture = system.load_texture("earth.ktx2")
        system.update_streaming((1000, 2000, 500))

:mod:`forge3d.rvt` has runtime virtual textures, whose tiles are rendered from a scene's materials.

The package runs in Pyodide, on a host that has WebGPU: ``deno task py SCRIPT`` is one.
"""

try:
    import _forge3d_core  # noqa: F401  # pyright: ignore[reportUnusedImport]
except ModuleNotFoundError as _error:
    raise ImportError(
        "forge3d runs in Pyodide on a host with WebGPU, not in this Python: "
        "run your script with 'deno task py SCRIPT' in forge3d's folder",
        name="forge3d",
    ) from _error

from . import camera, errors, memory, options, results, streaming
from .device import Device, get_device, get_device_async
from .errors import Forge3dError
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
from .image import Image

__version__ = "0.1.0"

__all__ = [
    "Device",
    "Forge3dError",
    "Image",
    "camera",
    "create_virtual_texture_system",
    "destroy_virtual_texture_system",
    "errors",
    "evict_virtual_texture_tiles",
    "flush_virtual_texture_system",
    "get_device",
    "get_device_async",
    "get_virtual_texture_stats",
    "invalidate_virtual_texture",
    "invalidate_virtual_texture_region",
    "invalidate_virtual_texture_tile",
    "load_virtual_texture",
    "memory",
    "options",
    "prefetch_virtual_texture_region",
    "results",
    "set_virtual_texture_quality",
    "streaming",
    "update_virtual_texture_streaming",
]
