"""Textures whose texels a function of the caller gives, region by region."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Buffer, Callable, Sequence
from functools import partial
from typing import Any, Protocol

from ._checks import integer
from ._outcomes import outcome_of
from ._region_values import region_bytes, region_format
from .errors import InvalidArgumentError, OutOfRangeError
from .options import TexturePath
from .results import ColorSpace

__all__ = ["RegionSource"]

_logger = logging.getLogger("forge3d")


class _SupportsArray(Protocol):
    """An array of any library."""

    def __array__(self) -> Any:
        """Return a numpy array."""
        ...


type RegionTexels = Buffer | _SupportsArray
"""Texels of a region: bytes, a buffer of elements, or an array."""

type ReadRegion = Callable[[int, int, int, int, int], RegionTexels | Awaitable[RegionTexels]]
"""Gives the texels of a region: its level, left column, upper row, width and height."""

type TextureInput = TexturePath | RegionSource | ReadRegion
"""What can be loaded: a file's path, its content, or a function with its size and format."""

_MOST_SIZE = 2**20


class RegionSource:
    """A texture of the caller: a function gives the texels of any region.

    :meth:`~forge3d.streaming.VirtualTextureSystem.load_texture` takes it in place of a file; or the
    function itself, with ``size=`` and ``format=``. The
    function knows nothing of tiles and borders, and no region that it is asked for reaches beyond
    its level. It is called as tiles are needed, for the same region again if its tile was evicted,
    and, if it is async, again before earlier calls have ended.

    What the function raises while the texture is loaded, and a region of the wrong type or shape,
    ends the load with that exception and leaves the system as it was. Later, the next coarser level
    is shown in place of the tile, a warning names the reason, and the tile is asked for again, less
    and less often. The traceback is logged at the level ``DEBUG`` of the logger ``forge3d``.

    Parameters
    ----------
    read : callable
        Called as ``read(level, x, y, width, height)``, in texels of the level, 0 the finest. It
        returns an array of the format's element type of shape (height, width, channels), or
        (height, width) with one channel, or a flat one; or its bytes, row after row. May be async.
        It must not call the system that loads it.
    size : two ints
        Width and height of level 0 in texels: 1 to 2**20.
    format : str
        Channels and element type: ``"r"``, ``"rg"``, ``"rgb"`` or ``"rgba"`` with ``"8"`` (uint8,
        0 to 255), ``"16"`` (uint16, 0 to 65535), ``"16float"`` or ``"32float"``; for example
        ``"rgba8"``, ``"r16"``, ``"r32float"``. Three channels get an opaque alpha, and 16-bit
        floats become 32-bit floats. A texel of floats that are all NaN is a hole.
    levels : int, optional
        Levels that the function gives, from the finest on; default all, down to 1 by 1 texel. Each
        has half the size of the one before, rounded down, at least 1. The others are made when the
        texture is loaded, from the coarsest that the function gives, which is read as a whole; they
        stay in CPU memory outside any budget, and take a third of the bytes of that level. With
        ``levels=1`` the function may ignore its first argument.
    color_space : {"srgb", "linear"}, optional
        How the values are to be read; default ``"srgb"`` for uint8, else ``"linear"``.
    premultiplied : bool, optional
        Whether colours are multiplied by alpha; default False. Levels that are made are filtered
        as they are then, and the texture says so.
    name : str
        Name of the texture in messages.

    Raises
    ------
    ValueError
        If a value is not allowed.
    TypeError
        If a value has the wrong type.

    Examples
    --------
    Stream a numpy array that is larger than GPU memory::

        heights = numpy.memmap("heights.bin", numpy.float32, shape=(60_000, 80_000))

        def read(level, x, y, width, height):
            return heights[y : y + height, x : x + width]

        texture = system.load_texture(RegionSource(read, (80_000, 60_000), "r32float", levels=1))
    """

    def __init__(
        self,
        read: ReadRegion,
        size: Sequence[int],
        format: str = "rgba8",  # noqa: A002
        *,
        levels: int | None = None,
        color_space: ColorSpace | None = None,
        premultiplied: bool = False,
        name: str = "regions",
    ) -> None:
        if not callable(read):
            raise InvalidArgumentError(
                f"Cannot use read as it must be a function: current value is {read!r}",
                argument="read",
            )
        self._read = read
        self._size = _checked_size(size)
        self._format = region_format(format)
        self._levels = None if levels is None else integer(levels, "levels", least=1)
        most = max(self._size).bit_length()
        if self._levels is not None and self._levels > most:
            raise OutOfRangeError(
                f"Cannot use levels as it must be <= {most}: current value is {levels}",
                argument="levels",
            )
        if color_space not in (None, "srgb", "linear"):
            raise OutOfRangeError(
                "Cannot use color_space as it must be one of srgb, linear: "
                f"current value is {color_space!r}",
                argument="color_space",
            )
        if not isinstance(premultiplied, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidArgumentError(
                f"Cannot use premultiplied as it must be True or False: "
                f"current value is {premultiplied!r}",
                argument="premultiplied",
            )
        if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidArgumentError(
                f"Cannot use name as it must be text: current value is {name!r}", argument="name"
            )
        self._color_space = color_space
        self._premultiplied = premultiplied
        self._name = name

    def __repr__(self) -> str:
        width, height = self._size
        return f"<forge3d.RegionSource {self._name!r}, {width} x {height} {self._format.name}>"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of level 0 in texels."""
        return self._size

    @property
    def format(self) -> str:
        """Channels and element type of what the function gives."""
        return self._format.name

    def describe(self) -> dict[str, Any]:
        """Return what the core must know of it."""
        width, height = self._size
        return {
            "width": width,
            "height": height,
            "format": self._format.core_format,
            "levels": self._levels,
            "color_space": self._color_space,
            "premultiplied": self._premultiplied,
            "name": self._name,
            "given_channels": self._format.channels,
            "has_half_floats": self._format.code == "e",
        }

    async def answer(self, level: int, x: int, y: int, width: int, height: int) -> Any:
        """Read a region for the core: its bytes, or why there are none. Never raises."""
        return await outcome_of(
            partial(self._given, level, x, y, width, height),
            lambda given: region_bytes(given, (width, height), self._format, self._name),
        )

    async def _given(self, level: int, x: int, y: int, width: int, height: int) -> Any:
        try:
            given = self._read(level, x, y, width, height)
            return await given if inspect.isawaitable(given) else given
        except Exception:
            place = f"region ({x}, {y}) of level {level}"
            _logger.debug("Cannot read %s of %s", place, self._name, exc_info=True)
            raise


def _checked_size(size: Any) -> tuple[int, int]:
    try:
        width, height = size
    except (TypeError, ValueError):
        raise InvalidArgumentError(
            f"Cannot use size as it must be a width and a height: current value is {size!r}",
            argument="size",
        ) from None
    checked = integer(width, "size", least=1), integer(height, "size", least=1)
    if max(checked) > _MOST_SIZE:
        raise OutOfRangeError(
            f"Cannot use size as it must be from 1 to {_MOST_SIZE}: current value is {size!r}",
            argument="size",
        )
    return checked
