"""Options of components, as type checkers see them; None counts as not given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Required, TypedDict

from .._convert import Numbers
from ..texture import VirtualTexture
from ._number_arrays import NumberBuffer
from .options import DrawInMainPass, Mobility, Transform

if TYPE_CHECKING:
    from .asset import RuntimeVirtualTexture
    from .components.landscape import LandscapeComponent
    from .materials.material_instance import AnyMaterial
    from .mesh import HeightPicture, Mesh

__all__ = [
    "ComponentOptions",
    "HeightTextureOptions",
    "LandscapeOptions",
    "MeshComponentOptions",
    "SampleRegion",
    "ScatterOptions",
    "ScatterRegion",
    "SplineOptions",
    "SplinePoint",
]


class SampleRegion(TypedDict):
    """A rectangle of a landscape's samples: its first column and row, its columns and rows."""

    x: int
    y: int
    width: int
    height: int


class ComponentOptions(TypedDict, total=False):
    """Options of every component.

    Attributes
    ----------
    material : Material or MaterialInstance
        What it is drawn with; must be given.
    name : str
        What messages call it; default its kind and number.
    transform : Transform
        Where it stands; default at the world's origin.
    render_to_virtual_textures : list of RuntimeVirtualTexture
        The assets that it is rendered to, wherever a volume places them; default none.
    draw_in_main_pass : {"never", "from_virtual_texture", "always"}
        Default ``"from_virtual_texture"``, but ``"always"`` for landscapes and ``"never"`` for
        decals.
    virtual_texture_lod_bias : int
        Added to the LOD that is chosen; above 0 is coarser. -16 to 16, default 0.
    virtual_texture_skip_mips : int
        How many of the coarsest levels it is not rendered to, 0 to 20; default 0.
    virtual_texture_min_coverage : float
        Binary logarithm of the size in pixels below which it is left out, 0 to 20; default off.
    translucency_sort_priority : int
        Components with smaller numbers are drawn first, below the others; default 0.
    mobility : {"static", "movable"}
        Default ``"static"``.
    """

    material: Required[AnyMaterial]
    name: str | None
    transform: Transform | None
    render_to_virtual_textures: Sequence[RuntimeVirtualTexture] | None
    draw_in_main_pass: DrawInMainPass | None
    virtual_texture_lod_bias: int | None
    virtual_texture_skip_mips: int | None
    virtual_texture_min_coverage: float | None
    translucency_sort_priority: int | None
    mobility: Mobility | None


class MeshComponentOptions(ComponentOptions, total=False):
    """Options of components that draw a mesh.

    Attributes
    ----------
    mesh : Mesh or list of Mesh
        A mesh, or its levels of detail, finest first; must be given.
    """

    mesh: Required[Mesh | Sequence[Mesh]]


class HeightTextureOptions(TypedDict, total=False):
    """A streaming virtual texture whose values stand for heights.

    Attributes
    ----------
    texture : VirtualTexture
        Loaded with ``color_space="linear"``, one sample a texel of level 0; must be given.
    channel : {"r", "g", "b", "a"}
        The channel that holds heights; default ``"r"``.
    scale : float
        How much higher a value of 1 lies than one of 0; above 0; must be given.
    offset : float
        Height of a value of 0; default 0.
    height_range : two numbers
        Least and largest height; needed for textures of 16 or 32 bits.
    """

    texture: Required[VirtualTexture]
    channel: Literal["r", "g", "b", "a"] | None
    scale: Required[float]
    offset: float | None
    height_range: Numbers | None


class LandscapeOptions(ComponentOptions, total=False):
    """Options of a landscape, with exactly one of `heights`, `picture` and `height_texture`.

    Attributes
    ----------
    heights : buffer or array
        Height of each sample, row by row; of shape (rows, columns), or flat. Any integers or floats
        of either byte order. Copied.
    width, height : int
        Samples along x and y, 2 to 32768; default as the shape of `heights` says.
    picture : HeightPicture
        A grey picture instead, from :func:`forge3d.rvt.load_height_picture`.
    height_texture : HeightTextureOptions
        A streaming virtual texture instead.
    layers : dict of str to buffer or array
        Weight of each painted layer at each sample, of shape (rows, columns), or flat: unsigned
        bytes from 0 to 255, floats from 0 to 1, or booleans. Other integers are refused, as 1 could
        be the most or a 255th. Copied.
    section_quads : int
        Quads along each edge of a section, 1 to 4096; default 64.
    virtual_texture_num_lods : int
        How fine vertex data is, 0 to 12; default 0.
    """

    heights: NumberBuffer | None
    width: int | None
    height: int | None
    picture: HeightPicture | None
    height_texture: HeightTextureOptions | None
    layers: Mapping[str, NumberBuffer] | None
    section_quads: int | None
    virtual_texture_num_lods: int | None


class SplinePoint(TypedDict, total=False):
    """A control point of a spline, in the spline's own space.

    Attributes
    ----------
    position : three numbers
        Where the spline passes; must be given.
    width : float
        How wide it is there; must be given.
    roll_radians : float
        How far it is turned about its direction; default 0.
    tangent : three numbers
        Derivative of the position; default that of a Catmull-Rom spline.
    """

    position: Required[Numbers]
    width: Required[float]
    roll_radians: float
    tangent: Numbers


class SplineOptions(ComponentOptions, total=False):
    """Options of a landscape spline.

    Attributes
    ----------
    points : list of SplinePoint
        Two or more; must be given.
    quads_along : int
        Quads along each segment, 1 to 1024; default 16.
    quads_across : int
        Quads across it, 1 to 64; default 1, or 4 on a landscape.
    landscape : LandscapeComponent
        What it lies on; default nothing.
    landscape_offset : float
        How far above the landscape it lies; default 0.
    """

    points: Required[Sequence[SplinePoint]]
    quads_along: int | None
    quads_across: int | None
    landscape: LandscapeComponent | None
    landscape_offset: float | None


class ScatterRegion(TypedDict):
    """A rectangle of the world's x and y, by its least and largest coordinates."""

    min: Numbers
    max: Numbers


class ScatterOptions(TypedDict, total=False):
    """Options of scattering, with exactly one of `count` and `density`.

    Attributes
    ----------
    seed : int
        Decides everything that is random: 0 to 2 ** 32 - 1; must be given.
    region : ScatterRegion
        Where to scatter; must be given.
    count : int
        How many places, 0 to 1,000,000.
    density : float
        How many for each square unit.
    min_distance : float
        Least distance of two places; default 0.
    scale_range : two numbers
        Smallest and largest scale; default 1 and 1.
    yaw_range : two numbers
        Smallest and largest turn about z in radians; default 0 and 2 pi.
    onto : LandscapeComponent
        What they lie on; default nothing: z is 0.
    align_to_surface : bool
        Whether z leans along the landscape's normal; default False.
    """

    seed: Required[int]
    region: Required[ScatterRegion]
    count: int | None
    density: float | None
    min_distance: float | None
    scale_range: Numbers | None
    yaw_range: Numbers | None
    onto: LandscapeComponent | None
    align_to_surface: bool | None
