"""What :class:`forge3d.streaming.VirtualTextureSystem` is made of: its life, and calls to await."""

from __future__ import annotations

import os
import weakref
from typing import Any, Self

from . import handles
from ._bridge import core
from ._convert import integer, real_number, whole_number
from ._load import load
from ._update import DEFAULT_TIME_BUDGET_MS, update_async
from .device import Device
from .errors import InvalidArgumentError, OutOfRangeError
from .image import Image
from .texture import VirtualTexture

_MIB = 1024 * 1024


class AwaitedSystem:
    """A system whose calls are awaited: the part of a system that never blocks."""

    def __init__(
        self,
        device: Device,
        max_memory_mb: float = 256,
        tile_size: int = 256,
        **options: Any,
    ) -> None:
        megabytes = real_number(max_memory_mb, "max_memory_mb")
        if megabytes <= 0:
            raise OutOfRangeError(
                f"max_memory_mb must be positive: current value is {max_memory_mb}",
                argument="max_memory_mb",
            )
        edge = handles.checked_tile_size(tile_size)
        budget_bytes = max(1, int(megabytes * _MIB))
        self._handle = handles.create_virtual_texture_system(device, budget_bytes, edge, **options)
        self._free = weakref.finalize(self, core.destroy_system, self._handle)
        self._device = device
        self._tile_size = edge
        self._textures: dict[int, VirtualTexture] = {}

    def __repr__(self) -> str:
        state = "" if self._free.alive else ", closed"
        return f"<forge3d.VirtualTextureSystem {len(self._textures)} textures{state}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Free everything that the system keeps. May be called again."""
        self._textures.clear()
        self._free()

    @property
    def handle(self) -> int:
        """What the functions underneath know the system by."""
        return self._handle

    @property
    def device(self) -> Device:
        """The device that it was made on."""
        return self._device

    @property
    def tile_size(self) -> int:
        """Edge of a tile in texels."""
        return self._tile_size

    @property
    def textures(self) -> tuple[VirtualTexture, ...]:
        """The loaded textures, in the order of loading."""
        return tuple(self._textures.values())

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return not self._free.alive

    async def load_texture_async(
        self,
        path: str | os.PathLike[str] | bytes,
        preferred_format: str | None = None,
        quality: str | None = None,
        **options: Any,
    ) -> VirtualTexture:
        """Load a texture: the twin of :meth:`load_texture` that is awaited."""
        given = {"preferred_format": preferred_format, "quality": quality, **options}
        texture = VirtualTexture._from_core(await load(self._handle, path, given))
        self._textures[texture.handle] = texture
        return texture

    async def unload_texture_async(self, texture: VirtualTexture) -> None:
        """Forget a texture: the twin of :meth:`unload_texture` that is awaited."""
        number = self._required_number(texture)
        await handles.unload(self._handle, number)
        self._textures.pop(number, None)

    async def update_streaming_async(
        self,
        camera_position: Any,
        view_matrix: Any = None,
        projection_matrix: Any = None,
        texture_handle: int | VirtualTexture | None = None,
        *,
        viewport: Any = None,
        time_budget_ms: float | None = DEFAULT_TIME_BUDGET_MS,
    ) -> dict[str, int | float]:
        """Stream for a camera: the twin of :meth:`update_streaming` that is awaited."""
        return await update_async(
            self._handle,
            camera_position,
            view_matrix,
            projection_matrix,
            self._number(texture_handle),
            viewport,
            time_budget_ms,
        )

    async def flush_async(self) -> bool:
        """Settle: the twin of :meth:`flush` that is awaited."""
        return await handles.flush(self._handle)

    async def render_async(
        self,
        camera_position: Any,
        view_matrix: Any,
        projection_matrix: Any,
        width: int,
        height: int,
        texture: VirtualTexture | None = None,
        *,
        filter: str = "trilinear",
        debug: str | None = None,
        feedback: bool = True,
        fade: bool = False,
    ) -> Image:
        """Draw the textures: the twin of :meth:`render` that is awaited."""
        columns = whole_number(width, "width")
        rows = whole_number(height, "height")
        data = await handles.render(
            self._handle,
            camera_position,
            view_matrix,
            projection_matrix,
            self._number(texture),
            {
                "width": columns,
                "height": rows,
                "filter": filter,
                "debug": debug,
                "feedback": bool(feedback),
                "fade": bool(fade),
            },
        )
        return Image(data, columns, rows)

    def _number(self, texture: Any) -> int | None:
        if isinstance(texture, VirtualTexture):
            if self._textures.get(texture.handle) is not texture:
                raise OutOfRangeError(
                    f"Cannot use texture as it is not one of this system: {texture!r}",
                    argument="texture",
                )
            return texture.handle
        if texture is None:
            return None
        return integer(texture, "texture")

    def _required_number(self, texture: Any) -> int:
        number = self._number(texture)
        if number is None:
            raise InvalidArgumentError(
                "texture must be a VirtualTexture: current value is None", argument="texture"
            )
        return number
