"""The tiles of a texture."""

from __future__ import annotations

from typing import TypedDict

__all__ = ["LevelGrid", "TileGrid"]


class LevelGrid(TypedDict):
    """The tiles of a level.

    Attributes
    ----------
    level : int
        0 is the finest.
    width, height : int
        Size of the level in texels.
    tiles_x, tiles_y : int
        Columns and rows of tiles.
    first_tile : int
        Tile index of its first tile; the others follow row by row.
    """

    level: int
    width: int
    height: int
    tiles_x: int
    tiles_y: int
    first_tile: int


class TileGrid(TypedDict):
    """The tiles of a texture.

    Attributes
    ----------
    width, height : int
        Size of level 0 in texels.
    tile_size : int
        Edge of a tile's payload in texels.
    levels : list of LevelGrid
        Every level, finest first.
    tile_count : int
        Tiles of all levels together.
    tail_level : int
        The finest level of a single tile, or the last one if none is; it and coarser ones are
        pinned.
    """

    width: int
    height: int
    tile_size: int
    levels: list[LevelGrid]
    tile_count: int
    tail_level: int
