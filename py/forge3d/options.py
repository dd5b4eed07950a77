"""Options and their choices, as type checkers see them.

The core decides which names and choices exist: calls check against what it reports, and a test
compares that with these types.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Literal, Required, TypedDict

from ._convert import Numbers
from .results import BakeProgress, ColorSpace, WrapMode

__all__ = [
    "ColorMap",
    "ColorSpace",
    "DebugView",
    "LoadOptions",
    "LoadSourceOptions",
    "Placement",
    "PoolConfig",
    "PoolConfigEntry",
    "PreferredFormat",
    "Quality",
    "RegionOptions",
    "SampleFilter",
    "SourceOptions",
    "SystemOptions",
    "TexturePath",
    "ValueRange",
    "Wrap",
    "WrapMode",
]

type PreferredFormat = Literal[
    "BC1",
    "BC2",
    "BC3",
    "BC4",
    "BC4S",
    "BC5",
    "BC5S",
    "BC6H",
    "BC7",
    "R16",
    "R16F",
    "R32F",
    "R8",
    "R8S",
    "RG11B10F",
    "RG16",
    "RG16F",
    "RG32F",
    "RG8",
    "RG8S",
    "RGB10A2",
    "RGB9E5",
    "RGBA16",
    "RGBA16F",
    "RGBA32F",
    "RGBA8",
    "RGBA8S",
]
"""Format of tiles in the atlas."""

type Quality = Literal["low", "medium", "high"]
"""How hard an encoder tries."""

type Placement = Literal["rows_down", "y_up"]
"""Which way a texture's rows run in the world."""

type SampleFilter = Literal["bilinear", "trilinear", "anisotropic"]
"""How texels are filtered."""

type ColorMap = Literal[
    "grey", "viridis", "magma", "inferno", "plasma", "cividis", "turbo", "terrain"
]
"""Colours of the values of one band, from the lowest to the highest."""

type ValueRange = (
    Literal["minmax", "percentiles"]
    | tuple[float, float]
    | tuple[str, str]
    | Sequence[tuple[float, float]]
)
"""Values that are shown darkest and brightest, in units of the file: see ``render``."""

type DebugView = Literal["level"]
"""What a picture shows in place of the texture."""

type Wrap = WrapMode | Sequence[WrapMode]
"""How a texture goes on beyond its edges: of both axes, or two modes for u and v."""

type TexturePath = str | os.PathLike[str] | bytes | bytearray | memoryview
"""A file's path, or its content."""


class PoolConfigEntry(TypedDict, total=False):
    """The size of pools of textures with some formats and tile sizes.

    Attributes
    ----------
    formats : list of str
        Formats of the 1 to 3 planes, such as ``["bc7-rgba-unorm"]``; must be given.
    min_tile_size, max_tile_size : int
        Least and largest edge of a tile in texels, without its border; default any.
    size_mb : float
        The most MiB that a pool may take, above 0; default its share of the budget.
    scalability_group : int
        Group whose scale applies to it; default 0.
    """

    formats: Required[Sequence[str]]
    min_tile_size: int
    max_tile_size: int
    size_mb: float
    scalability_group: int


class PoolConfig(TypedDict, total=False):
    """Sizes of pools, which are caps.

    Attributes
    ----------
    pools : list of PoolConfigEntry
        Of several that fit a pool, the last one holds; at most 1000.
    default_size_mb : float
        MiB of each pool that no entry fits, above 0; default its share of the budget.
    """

    pools: Sequence[PoolConfigEntry]
    default_size_mb: float


class SystemOptions(TypedDict, total=False):
    """Options of making a system; None counts as not given.

    Attributes
    ----------
    border : int
        Texels around a tile that belong to its neighbours: 4 (default) or 8.
    max_anisotropy : float
        Largest ratio of an anisotropic footprint: 1 (default) to 16.
    tiles_per_update : int
        Tiles that one update may request and upload; default 64.
    bytes_per_update : int
        Bytes that one update may upload; default 16 MiB.
    ms_per_update : float
        Milliseconds after which an update uploads no more tiles; default no limit.
    gpu_ms_per_update : float
        Estimated milliseconds of GPU time that tiles which are drawn may take in one update;
        default 4.
    gpu_wait_share : float
        Largest part of the time that an update which does not wait for tiles may spend waiting for
        the GPU: 0 for never to 1; default 0.1.
    fade_frames : int
        Rendered frames in which a new tile fades in; default 0, at once.
    feedback_interval : int
        Updates from one read-back of feedback to the next; default 1, 0 for none.
    cache_folder : str or os.PathLike
        Folder for what loading has to bake. Default: ``textures`` in ``$FORGE3D_CACHE_DIR``, else
        in forge3d's folder among the user's caches. It grows up to ``$FORGE3D_CACHE_MAX``, such as
        ``"4G"``, default 10 GiB; then the least recently used textures are removed.
    label : str
        Name of the system in messages and GPU objects.
    """

    border: int | None
    max_anisotropy: float | None
    tiles_per_update: int | None
    bytes_per_update: int | None
    ms_per_update: float | None
    gpu_ms_per_update: float | None
    gpu_wait_share: float | None
    fade_frames: int | None
    feedback_interval: int | None
    cache_folder: str | os.PathLike[str] | None
    label: str | None


class PlacedOptions(TypedDict, total=False):
    """Options of loading a texture, but for its format and quality; None counts as not given.

    Attributes
    ----------
    color_space : {"srgb", "linear"}
        How stored values are to be read. Default: pictures of 8 bits ``"srgb"``, KTX2 files as they
        say. A KTX2 file is read in the colour space that is asked for where its format has a
        variant for it; with formats without one, tile stores and tile sources another one than
        theirs is an error.
    page : int
        Page of a TIFF picture, from 0: pictures in full resolution count, thumbnails and masks do
        not. Default: the first, or the picture of which that is a thumbnail.
    bands : one to four integers
        Bands of a picture in the order that is wanted, numbered from 1, such as ``(3, 2, 1)``; one
        may be named twice. A fourth is alpha. Default: its colours and alpha, or the first three.
    wrap : {"clamp", "repeat"} or two of them
        How the texture goes on beyond its edges, on both axes or along u and v: ``"clamp"``
        (default), its last texels; ``"repeat"``, the other side, as of a map of the world at 180°:
        ``("repeat", "clamp")``. Tile stores say it themselves: with them another one is an error.
    layer, face, slice : int
        Which image of a KTX2 file with several: a layer of an array, a face of a cube map (0 to 5
        for +X, -X, +Y, -Y, +Z, -Z), a slice of a 3D texture, all from 0. With other files they are
        errors.
    identity : str
        A text that is another one whenever the content is, by which runtime virtual textures know
        that low mips which they have built from it are stale. Default: content itself, of files of
        more than 8 MiB size and samples of it.
    placement : {"rows_down", "y_up"}
        ``"rows_down"`` (default): world x, y are column and row; ``"y_up"``: row r lies at world
        y = height - r.
    origin : three numbers
        World corner with the smallest coordinates, default 0, 0, 0; with axes, the picture's upper
        left corner.
    extent : two numbers
        World size along x and y; default the size in texels. Not with axes.
    axis_u, axis_v : three numbers
        World vectors along the whole width and the whole height, in place of `placement` and
        `extent`.
    on_progress : callable
        Called with ``phase`` and ``fraction`` while a picture is baked. Default: on a terminal,
        ``deno task py`` shows the progress of what takes longer than a second.
    """

    color_space: ColorSpace | None
    page: int | None
    bands: Sequence[int] | None
    wrap: Wrap | None
    layer: int | None
    face: int | None
    slice: int | None
    identity: str | None
    placement: Placement | None
    origin: Numbers | None
    extent: Numbers | None
    axis_u: Numbers | None
    axis_v: Numbers | None
    on_progress: Callable[[BakeProgress], object] | None


class LoadOptions(PlacedOptions, total=False):
    """Every option of loading a texture; None counts as not given.

    Attributes
    ----------
    preferred_format : str
        Format in the atlas, in either case. Normalised integers: ``"R8"``, ``"RG8"``, ``"RGBA8"``,
        ``"R16"``, ``"RG16"``, ``"RGBA16"``, ``"RGB10A2"``, and from -1 to 1 ``"R8S"``, ``"RG8S"``,
        ``"RGBA8S"``. Floats: ``"R16F"``, ``"RG16F"``, ``"RGBA16F"``, ``"R32F"``, ``"RG32F"``,
        ``"RGBA32F"``, ``"RG11B10F"``, ``"RGB9E5"``. Blocks: ``"BC1"``, ``"BC3"``, ``"BC4"``,
        ``"BC5"``, ``"BC7"``; ``"BC2"``, ``"BC4S"``, ``"BC5S"`` and ``"BC6H"`` of files that hold
        them, as nothing is encoded to them. Grey becomes colour and integers floats, never the
        other way round: that is an `UnsupportedError`. Default: as stored; colour pictures BC7
        where the device has it and is no CPU, else RGBA8; grey pictures R8 or R16.
    quality : {"low", "medium", "high"}
        How hard an encoder tries, where one is needed; default ``"medium"``.
    """

    preferred_format: PreferredFormat | None
    quality: Quality | None


class RegionOptions(TypedDict, total=False):
    """Options of loading a function, as of :class:`~forge3d.streaming.RegionSource`.

    Attributes
    ----------
    size : two ints
        Width and height of level 0 in texels; must be given.
    format : str
        Channels and element type of what the function gives; default ``"rgba8"``.
    levels : int
        Levels that the function gives, from the finest on; default all.
    premultiplied : bool
        Whether its colours are multiplied by alpha; default False.
    name : str
        Name of the texture in messages.
    """

    size: Sequence[int] | None
    format: str | None
    levels: int | None
    premultiplied: bool | None
    name: str | None


class SourceOptions(PlacedOptions, RegionOptions, total=False):
    """Options of loading a texture from a file or a function, but for its format and quality."""


class LoadSourceOptions(LoadOptions, RegionOptions, total=False):
    """Every option of loading a texture from a file or a function."""
