"""Options and their choices, as type checkers see them.

The core checks what it is given; a test compares its choices with these types. None counts as not
given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from .._convert import Numbers
from .low_mips.builder import VirtualTextureBuilder

__all__ = [
    "AssetSettings",
    "AttributeName",
    "Bounds",
    "CompleteAssetSettings",
    "Compression",
    "DrawInMainPass",
    "InvalidationPriority",
    "MaterialDomain",
    "MaterialTypeName",
    "Mobility",
    "OrientedBox",
    "RenderSceneOptions",
    "SceneMode",
    "SceneOptions",
    "SettingsChange",
    "SurfaceLayers",
    "TextureAddressing",
    "TexturePriority",
    "Transform",
    "VolumeSettings",
    "YcocgScale",
]

type MaterialTypeName = Literal[
    "base_color",
    "base_color_normal_roughness_specular",
    "ycocg_base_color_normal_specular",
    "ycocg_base_color_normal_specular_mask",
    "world_height",
    "displacement",
    "mask4",
    "base_color_normal",
]
"""What an asset stores; the last one was removed, and stands for the second."""

type AttributeName = Literal[
    "base_color",
    "specular",
    "roughness",
    "normal",
    "world_height",
    "mask",
    "displacement",
    "mask4",
]
"""One kind of value that is stored."""

type TexturePriority = Literal[
    "lowest", "lower", "low", "below_normal", "normal", "above_normal", "high", "highest"
]
"""How urgently tiles of a texture are made, compared with those of others."""

type Compression = Literal["low", "medium", "high"]
"""Effort of the block encoders."""

type YcocgScale = Literal["block", "tile"]
"""Which texels of compressed YCoCg colours share a scale."""

type MaterialDomain = Literal["surface", "virtual_texture"]
"""What a material is for."""

type TextureAddressing = Literal["repeat", "clamp"]
"""What lies beyond a texture's edges."""

type DrawInMainPass = Literal["never", "from_virtual_texture", "always"]
"""When a component is drawn in the main pass."""

type Mobility = Literal["static", "movable"]
"""Whether a component is meant to stay where it is."""

type SceneMode = Literal["game", "editor"]
"""Whether a scene is played or edited."""

type InvalidationPriority = Literal["normal", "high"]
"""How soon stale tiles are rendered again."""

type SettingsChange = Literal["texture", "content", "none"]
"""Whether everything is made anew, every tile is rendered again, or neither."""

type SurfaceLayers = Literal["sampled", "direct"]
"""What surfaces get where their materials sample a runtime virtual texture."""


class AssetSettings(TypedDict, total=False):
    """Settings of a runtime virtual texture.

    Attributes
    ----------
    material_type : str
        What is stored; default ``"base_color_normal_roughness_specular"``.
    size_in_tiles_log2 : int
        log2 of the tiles along the longer world axis of the volume, 0 to 12; default 8.
    tile_size : int
        Edge of a tile's payload in texels, a power of two from 64 to 1024; default 256.
    tile_border : int
        Texels around a tile that belong to its neighbours: 0, 2, 4 (default), 6 or 8.
    compress_textures : bool
        Whether tiles are compressed to blocks, where the device has BC formats; default True.
    compression_quality : {"low", "medium", "high"}
        Effort of the block encoders; default ``"low"``.
    ycocg_scale : {"block", "tile"}
        Which texels of compressed YCoCg colours share a scale; default ``"block"``.
    clear_before_render : bool
        Whether a tile is cleared before anything is rendered to it; default True.
    continuous_update : bool
        Whether resident tiles are rendered again, a few a frame; default False.
    remove_low_mips : int
        How many of the coarsest levels are left out; default 0.
    custom_priority : str
        How urgently its tiles are made; default ``"normal"``.
    """

    material_type: MaterialTypeName | None
    size_in_tiles_log2: int | None
    tile_size: int | None
    tile_border: int | None
    compress_textures: bool | None
    compression_quality: Compression | None
    ycocg_scale: YcocgScale | None
    clear_before_render: bool | None
    continuous_update: bool | None
    remove_low_mips: int | None
    custom_priority: TexturePriority | None


class CompleteAssetSettings(TypedDict):
    """The settings of a runtime virtual texture, as :class:`AssetSettings` says, all of them."""

    material_type: MaterialTypeName
    size_in_tiles_log2: int
    tile_size: int
    tile_border: int
    compress_textures: bool
    compression_quality: Compression
    ycocg_scale: YcocgScale
    clear_before_render: bool
    continuous_update: bool
    remove_low_mips: int
    custom_priority: TexturePriority


class VolumeSettings(TypedDict, total=False):
    """Settings of a volume.

    Attributes
    ----------
    position : three numbers
        The middle of the volume in the world; default 0, 0, 0.
    rotation : four numbers
        A quaternion x, y, z, w; default none. Tiles are rendered along the volume's own -z.
    scale : three numbers
        World lengths along its own x, y and z, all above 0; default 1, 1, 1.
    expand_bounds : float
        World length that Set Bounds adds on each side; default 0.
    snap_bounds_to_landscape : bool
        Whether Set Bounds makes texels lie on the samples of a landscape; default False.
    hide_primitives_in_editor, hide_primitives_in_game : bool
        Whether components of Draw in Main Pass ``"from_virtual_texture"`` are hidden; default
        False.
    scalability_group : int
        0 to 2^31 - 1; default 0.
    tile_count_bias : int
        Doubles the size in tiles that many times, or halves it if negative; -12 to 12, default 0.
    streaming_low_mips : int
        How many of the coarsest levels are streamed once they are built, 0 to 15; default 0.
    virtual_texture_builder : VirtualTextureBuilder
        What holds the built low mips; default none: the first build makes one. Borrowed. None
        takes it away where settings change.
    build_debug : bool
        Whether builds tint base colours; default False.
    use_streaming_low_mips_in_editor : bool
        Whether built low mips are streamed in the editor, too; default False.
    """

    position: Numbers | None
    rotation: Numbers | None
    scale: Numbers | None
    expand_bounds: float | None
    snap_bounds_to_landscape: bool | None
    hide_primitives_in_editor: bool | None
    hide_primitives_in_game: bool | None
    scalability_group: int | None
    tile_count_bias: int | None
    streaming_low_mips: int | None
    virtual_texture_builder: VirtualTextureBuilder | None
    build_debug: bool | None
    use_streaming_low_mips_in_editor: bool | None


class SceneOptions(TypedDict, total=False):
    """Options of a scene.

    Attributes
    ----------
    mode : {"game", "editor"}
        Whether the scene is played (default) or edited: limits of an update and what is hidden
        depend on it.
    virtual_texturing : bool
        Whether virtual texturing is supported; default True.
    max_uploads_per_frame, max_uploads_per_frame_in_editor : int
        Tiles that an update renders at most; default 8 and 64.
    max_continuous_updates_per_frame, max_continuous_updates_per_frame_in_editor : int
        Tiles with continuous update that an update renders again at most; default 1 and 8.
    tile_count_bias : int
        Added to that of all volumes, -12 to 12; default 0.
    seed : int
        Of the order in which continuous updates choose tiles; default 1.
    streaming_counts_in : list of {"game", "editor"}
        Modes in which tiles of streaming textures, too, count against the uploads; default none.
    group_tile_count_bias : dict of int to int
        Tile Count Bias by scalability group of volumes, beside the others; default 0 for each.
    """

    mode: SceneMode | None
    virtual_texturing: bool | None
    max_uploads_per_frame: int | None
    max_uploads_per_frame_in_editor: int | None
    max_continuous_updates_per_frame: int | None
    max_continuous_updates_per_frame_in_editor: int | None
    tile_count_bias: int | None
    seed: int | None
    streaming_counts_in: Sequence[SceneMode] | None
    group_tile_count_bias: Mapping[int, int] | None


class RenderSceneOptions(TypedDict, total=False):
    """How a scene is drawn.

    Attributes
    ----------
    towards_light : three numbers
        Direction from the scene to the light; default 0.4, -0.3, 1.
    light_color : three numbers
        Linear radiance of a white matte surface that faces the light; default 1, 1, 1.
    background : four numbers
        Linear red, green, blue and alpha where nothing is; default 0, 0, 0, 0.
    layers : {"sampled", "direct"}
        Whether surfaces get what tiles hold (default), or all that is written to the texture,
        evaluated for each pixel: the picture to compare with, not a fast one.
    feedback : bool
        Whether the system is told what was sampled; default True.
    """

    towards_light: Numbers | None
    light_color: Numbers | None
    background: Numbers | None
    layers: SurfaceLayers | None
    feedback: bool | None


class Transform(TypedDict, total=False):
    """Where something stands: scale comes first, then rotation, then position.

    Attributes
    ----------
    position : three numbers
        World position of the object's origin; default 0, 0, 0.
    rotation : four numbers
        A quaternion x, y, z, w; default none. See :func:`forge3d.rvt.rotation_about`.
    scale : three numbers
        Along the object's own axes, none of them 0; default 1, 1, 1.
    """

    position: Numbers
    rotation: Numbers
    scale: Numbers


class OrientedBox(TypedDict):
    """A box in the world: its middle, and from there to the middle of a face along each axis."""

    center: list[float]
    axes: list[list[float]]


class Bounds(TypedDict):
    """A box in the world: the corners with its least and its largest coordinates."""

    min: Numbers
    max: Numbers
