"""Options of samples and outputs, as type checkers see them; None counts as not given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

from ..._convert import Numbers
from ..options import MaterialTypeName
from ._node import ExpressionInput

if TYPE_CHECKING:
    from .samples import RuntimeVirtualTextureOutput

__all__ = [
    "MaterialPins",
    "OutputPins",
    "RuntimeSampleOptions",
    "SurfacePins",
    "VirtualSampleOptions",
]


class VirtualSampleOptions(TypedDict, total=False):
    """Where a streaming virtual texture is sampled, and at which level.

    Attributes
    ----------
    uv : expression
        Where, of two components; default the component's texture coordinate.
    mip_mode : {"none", "level", "bias", "derivatives"}
        How the level is found: by the pixel's derivatives (default), by `level`, by `bias` beside
        them, or by `ddx` and `ddy`.
    level, bias : expression
        For the mip modes of these names; one component.
    ddx, ddy : expression
        What a step to the next pixel on the right, or below, adds to where it is sampled.
    """

    uv: ExpressionInput | None
    mip_mode: Literal["none", "level", "bias", "derivatives"] | None
    level: ExpressionInput | None
    bias: ExpressionInput | None
    ddx: ExpressionInput | None
    ddy: ExpressionInput | None


class RuntimeSampleOptions(TypedDict, total=False):
    """Where a runtime virtual texture is sampled, and at which level.

    Attributes
    ----------
    material_type : str
        What the asset has to store; default what it stores.
    by : {"world_position", "uv"}
        Whether it is sampled at a world position (default) or at a coordinate of the texture.
    world_position : expression
        Where, of three components; default the pixel's.
    uv : expression
        Where, by uv, of two components; default the component's texture coordinate.
    mip_mode : {"none", "level", "bias", "derivatives", "world_derivatives"}
        How the level is found: by the pixel's derivatives (default), by `level`, by `bias` beside
        them, or by `ddx` and `ddy` of uv or of the world position.
    level, bias : expression
        For the mip modes of these names; one component.
    ddx, ddy : expression
        What a step to the next pixel on the right, or below, adds to where it is sampled.
    feedback : bool
        Whether passes that report wanted tiles report those of this sample; default True.
    """

    material_type: MaterialTypeName | None
    by: Literal["world_position", "uv"] | None
    world_position: ExpressionInput | None
    uv: ExpressionInput | None
    mip_mode: Literal["none", "level", "bias", "derivatives", "world_derivatives"] | None
    level: ExpressionInput | None
    bias: ExpressionInput | None
    ddx: ExpressionInput | None
    ddy: ExpressionInput | None
    feedback: bool | None


class SurfacePins(TypedDict, total=False):
    """What shades a surface; a pin that is left out has its default.

    Attributes
    ----------
    base_color : expression
        Linear red, green and blue.
    specular, roughness, opacity : expression
        One component each, 0 to 1.
    normal : expression
        In world space.
    """

    base_color: ExpressionInput | None
    specular: ExpressionInput | None
    roughness: ExpressionInput | None
    normal: ExpressionInput | None
    opacity: ExpressionInput | None


class OutputPins(SurfacePins, total=False):
    """What is written to runtime virtual textures; a pin that is left out writes nothing.

    Values are written as they are. `opacity` blends them over what lies below; of world heights the
    highest stays.

    Attributes
    ----------
    world_height, mask, displacement : expression
        One component each.
    mask4 : expression
        Four components.
    height_range : two numbers
        World heights between which a pixel is written at all; default all.
    """

    world_height: ExpressionInput | None
    mask: ExpressionInput | None
    displacement: ExpressionInput | None
    mask4: ExpressionInput | None
    height_range: Numbers | None


class MaterialPins(OutputPins, total=False):
    """Pins of a material; which of them there are depends on its domain.

    Attributes
    ----------
    rvt_output : RuntimeVirtualTextureOutput
        What a surface writes to runtime virtual textures; default nothing.
    """

    rvt_output: RuntimeVirtualTextureOutput | None
