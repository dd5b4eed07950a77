"""A virtual texture, as Python sees it."""

from __future__ import annotations

import json
from typing import Any, cast
from weakref import WeakKeyDictionary

from ._bridge import wait
from ._checks import integer, real_number
from ._values import as_array, read_values_async
from .errors import OutOfRangeError
from .results import BandStatistics, ColorSpace, DescribedTexture, WrapMode

__all__ = ["VirtualTexture"]


class VirtualTexture:
    """A texture that is streamed; also made by hand, for planning.

    Parameters
    ----------
    handle : int
        What its system knows it by; any number for planning.
    width, height : int
        Size of level 0 in texels, any positive size.
    tile_size : int
        Edge of a tile in texels.

    Attributes
    ----------
    format : str or None
        Format of the tiles in the atlas, by its WebGPU name; None for planning.
    color_space : {"srgb", "linear"} or None
        How stored values are to be read; None for planning.
    wrap : tuple of two of {"clamp", "repeat"}
        How it goes on beyond its edges along u and v.
    orientation : {"rd", "ru", "ld", "lu"}
        How stored columns and rows run over the picture: right or left, down or up. Coordinates and
        regions are those of the picture whatever it is.
    swizzle : str
        Where red, green, blue and alpha come from: four of ``r``, ``g``, ``b``, ``a``, ``0`` and
        ``1``.
    premultiplied : bool
        Whether its colours are multiplied by alpha, in tiles and as shaders sample them.
    transfer : str
        Name of the transfer function of its stored values; others than ``"sRGB"`` are sampled as
        they are stored.
    primaries : str
        Name of its colour primaries; colours are sampled as they are stored.
    info : str
        Its source in one line: container, scheme, which levels were baked and why.
    value_statistics : list of BandStatistics or None
        Of a picture that it was baked from, for each band but alpha: the least and the largest
        value, percentiles, and holes, all in units of the file. None for other textures.
    sample_type : str or None
        Type of that picture's values, such as ``"int16"``.
    value_scale : float or None
        What a sampled value of 1 stands for in units of the file: 255 for uint8, 65535 for uint16;
        1 where the texture holds the file's values.
    """

    format: str | None
    color_space: ColorSpace | None
    wrap: tuple[WrapMode, WrapMode]
    orientation: str
    swizzle: str
    premultiplied: bool
    transfer: str
    primaries: str
    info: str
    value_statistics: list[BandStatistics] | None
    sample_type: str | None
    value_scale: float | None

    def __init__(self, handle: int, width: int, height: int, tile_size: int) -> None:
        self._handle = integer(handle, "handle", least=0)
        self._width = integer(width, "width", least=1)
        self._height = integer(height, "height", least=1)
        self._tile_size = integer(tile_size, "tile_size", least=1)
        self.format = None
        self.color_space = None
        self.wrap = ("clamp", "clamp")
        self.orientation = "rd"
        self.swizzle = "rgba"
        self.premultiplied = False
        self.transfer = "linear"
        self.primaries = "BT.709"
        self.info = ""
        self.value_statistics = None
        self.sample_type = None
        self.value_scale = None

    def __repr__(self) -> str:
        return (
            f"<forge3d.VirtualTexture {self._width} x {self._height}, "
            f"tiles of {self._tile_size}, handle {self._handle}>"
        )

    @property
    def handle(self) -> int:
        """What its system knows it by."""
        return self._handle

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of level 0 in texels."""
        return (self._width, self._height)

    @property
    def tile_size(self) -> int:
        """Edge of a tile in texels."""
        return self._tile_size

    @property
    def tile_count(self) -> tuple[int, int]:
        """Columns and rows of level 0's tiles; the last ones may be cut."""
        return self._grid(0)

    @property
    def max_mip_level(self) -> int:
        """The coarsest level, of one texel: floor(log2(max(width, height)))."""
        return max(self._width, self._height).bit_length() - 1

    def get_tile_bounds(
        self, tile_x: int, tile_y: int, mip_level: int = 0
    ) -> tuple[int, int, int, int]:
        """Return the texels that a tile covers.

        Parameters
        ----------
        tile_x, tile_y : int
            Column and row of the tile.
        mip_level : int
            The level; its size is floor(size / 2 ** level), at least 1.

        Returns
        -------
        tuple of int
            ``(x, y, width, height)`` in texels of that level, clipped to it.

        Raises
        ------
        ValueError
            If there is no such tile.
        """
        tile = self._tile(tile_x, tile_y, mip_level)
        if tile is None:
            raise OutOfRangeError(
                f"Cannot give bounds as there is no tile ({tile_x}, {tile_y}) of level {mip_level}",
                argument="tile_x",
            )
        tile_x, tile_y, mip_level = tile
        width, height = self._level_size(mip_level)
        x = tile_x * self._tile_size
        y = tile_y * self._tile_size
        return (x, y, min(self._tile_size, width - x), min(self._tile_size, height - y))

    def value_at(self, x: int, y: int) -> tuple[float, ...]:
        """Return the values of a texel of level 0 as its file has them.

        They are read from the file or source, and not from the GPU.

        Parameters
        ----------
        x, y : int
            Column and row, from 0; row 0 is the upper one.

        Returns
        -------
        tuple of numbers
            One for each channel of the texture: 1, 2 or 4 (three bands have a fourth value, alpha).
            Integers of 8 or 16 bits in units of the file, also where the device keeps them as
            floats, sRGB as it is stored; floats as they are, NaN where there is no value.

        Raises
        ------
        TypeError, ValueError
            If there is no such texel, or the texture was unloaded.
        UnsupportedError
            If its tiles come from no file and no source.
        """
        return wait(self.value_at_async(x, y), "VirtualTexture.value_at_async()")

    async def value_at_async(self, x: int, y: int) -> tuple[float, ...]:
        """Async version of :meth:`value_at`."""
        values = await read_values_async(place_of(self), x, y, 1, 1, 0)
        rows = cast("list[list[list[float]]]", values.tolist())
        return tuple(rows[0][0])

    def read_region(self, x: int, y: int, width: int, height: int, level: int = 0) -> Any:
        """Return the values of a part of a level as the file has them.

        They are read from the file or source, a few tiles at a time, and not from the GPU. Coarser
        levels have what was filtered; blocks are decoded.

        Parameters
        ----------
        x, y : int
            Column and row of the upper left texel, in texels of the level.
        width, height : int
            Size in texels of the level.
        level : int
            Level, 0 the finest.

        Returns
        -------
        numpy.ndarray or memoryview
            Of shape ``(height, width, bands)``: an array where numpy is installed, else a
            memoryview. Values are uint8, uint16 or float32, as of :meth:`value_at`.

        Raises
        ------
        TypeError, ValueError
            If there is no such level, or the region is empty, leaves it, or has more than 1 GiB;
            or the texture was unloaded.
        UnsupportedError
            If its tiles come from no file and no source.
        """
        reading = self.read_region_async(x, y, width, height, level)
        return wait(reading, "VirtualTexture.read_region_async()")

    async def read_region_async(
        self, x: int, y: int, width: int, height: int, level: int = 0
    ) -> Any:
        """Async version of :meth:`read_region`."""
        return as_array(await read_values_async(place_of(self), x, y, width, height, level))

    def is_tile_valid(self, tile_x: int, tile_y: int, mip_level: int = 0) -> bool:
        """Tell whether there is such a tile.

        Fractional numbers name no tile. Grids are ceilings: the cut column at the end of an odd
        grid is valid.
        """
        return self._tile(tile_x, tile_y, mip_level) is not None

    def _tile(self, *numbers: Any) -> tuple[int, int, int] | None:
        """Return the column, row and level of a tile; None if there is no such tile."""
        names = ("tile_x", "tile_y", "mip_level")
        for number, name in zip(numbers, names, strict=True):
            if not real_number(number, name).is_integer():
                return None
        tile_x, tile_y, mip_level = map(int, numbers)
        if not 0 <= mip_level <= self.max_mip_level:
            return None
        columns, rows = self._grid(mip_level)
        inside = 0 <= tile_x < columns and 0 <= tile_y < rows
        return (tile_x, tile_y, mip_level) if inside else None

    def _level_size(self, mip_level: int) -> tuple[int, int]:
        return (max(1, self._width >> mip_level), max(1, self._height >> mip_level))

    def _grid(self, mip_level: int) -> tuple[int, int]:
        width, height = self._level_size(mip_level)
        return (-(-width // self._tile_size), -(-height // self._tile_size))


# The handles of the systems that have loaded textures; those made by hand have none.
_systems: WeakKeyDictionary[VirtualTexture, int] = WeakKeyDictionary()


def loaded_texture(loaded: DescribedTexture, system: int) -> VirtualTexture:
    """Make the texture that a system has loaded."""
    texture = VirtualTexture(
        loaded["handle"], loaded["width"], loaded["height"], loaded["tile_size"]
    )
    texture.format = loaded["format"]
    texture.color_space = loaded["color_space"]
    along_u, along_v = loaded["wrap"]
    texture.wrap = (along_u, along_v)
    texture.orientation = loaded["orientation"]
    texture.swizzle = loaded["swizzle"]
    texture.premultiplied = loaded["premultiplied"]
    texture.transfer = loaded["transfer"]
    texture.primaries = loaded["primaries"]
    texture.info = loaded["info"]
    statistics = json.loads(loaded["value_statistics"])
    if statistics is not None:
        texture.value_statistics = statistics["bands"]
        texture.sample_type = statistics["sampleType"]
        texture.value_scale = float(statistics["scale"])
    _systems[texture] = system
    return texture


def place_of(texture: VirtualTexture) -> tuple[int, int]:
    """Return the handle of a texture's system, and its own.

    Raises
    ------
    OutOfRangeError
        If it was made by hand, so that no system has it.
    """
    system = _systems.get(texture)
    if system is None:
        raise OutOfRangeError(
            f"Cannot use texture as no system has loaded it: {texture!r}", argument="texture"
        )
    return (system, texture.handle)
