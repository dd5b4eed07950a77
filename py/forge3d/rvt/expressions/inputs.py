"""What a pixel is evaluated with, constants, parameters, noise, and WGSL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ..._convert import Numbers
from .._values import by_name, options, to_core
from ._node import Expression, ExpressionInput, input_of, node

__all__ = [
    "constant",
    "custom_wgsl",
    "layer_weight",
    "noise",
    "scalar_parameter",
    "texture_coordinate",
    "vector_parameter",
    "vertex_normal",
    "view_property",
    "world_position",
]

type ViewProperty = Literal[
    "virtual_texture_output_level",
    "virtual_texture_output_derivative",
    "virtual_texture_max_level",
]
"""Something about the runtime virtual texture that is being filled."""


def constant(values: float | Numbers) -> Expression:
    """Make a node of one to four numbers. Functions and operators make one of every number.

    Raises
    ------
    TypeError, ValueError
        If they are not one to four numbers, or one is not finite in 32 bits.
    """
    return node("constant", to_core(values, "values"))


def scalar_parameter(name: str, default: float) -> Expression:
    """Make a number that instances set by a name.

    Parameters
    ----------
    name : str
        Unique among the parameters of a material; the same name is the same parameter.
    default : float
        Its value where no instance sets it.

    Raises
    ------
    TypeError, ValueError
        If the name is no text or empty, or the value is not a number that is finite in 32 bits.
    """
    value = to_core(default, "default")
    return node("scalarParameter", to_core(name, "name"), value)


def vector_parameter(name: str, default: Numbers) -> Expression:
    """Make two to four numbers that instances set by a name.

    Parameters
    ----------
    name : str
        Unique among the parameters of a material; the same name is the same parameter.
    default : two to four numbers
        Its value where no instance sets it; as many as the parameter has.

    Raises
    ------
    TypeError, ValueError
        If the name is no text or empty, or the values are not two to four numbers.
    """
    value = to_core(default, "default")
    return node("vectorParameter", to_core(name, "name"), value)


def world_position() -> Expression:
    """Make the position in the world, of three components."""
    return node("worldPosition")


def texture_coordinate() -> Expression:
    """Make the component's own texture coordinate, of two components."""
    return node("textureCoordinate")


def vertex_normal() -> Expression:
    """Make the normal of the surface in world space, of three components and length 1."""
    return node("vertexNormal")


def layer_weight(layer: str) -> Expression:
    """Make the weight of a painted layer of a landscape, 0 to 1; elsewhere it is 0.

    Raises
    ------
    TypeError, ValueError
        If the name is no text, empty, or longer than 120 characters.
    """
    return node("layerWeight", to_core(layer, "layer"))


def view_property(property: ViewProperty) -> Expression:  # noqa: A002
    """Make a property of the runtime virtual texture that is being filled; 0 in pictures.

    Parameters
    ----------
    property : str
        ``"virtual_texture_output_level"``: the level that is rendered, 0 the finest;
        ``"virtual_texture_output_derivative"``: the world size of its texels in x and y;
        ``"virtual_texture_max_level"``: how many levels the texture has.

    Raises
    ------
    TypeError, ValueError
        If there is no such property.
    """
    return node("viewProperty", to_core(property, "property"))


def noise(
    place: ExpressionInput,
    kind: Literal["value", "gradient"],
    *,
    octaves: int = 1,
    seed: int = 0,
) -> Expression:
    """Make noise of a place of two or three components, the same on every device.

    Parameters
    ----------
    place : expression
        Where; the lattice has a distance of 1.
    kind : {"value", "gradient"}
        From 0 to 1, or from -1 to 1.
    octaves : int
        Layers of noise, each of twice the frequency and half the amplitude, 1 to 16.
    seed : int
        Which noise of its kind, 0 to 2 ** 32 - 1.

    Raises
    ------
    TypeError, ValueError
        If the place has one or four components, or an option is not allowed.
    """
    how = {"kind": kind, "octaves": octaves, "seed": seed}
    return node("noise", input_of(place, "place"), options(how), of=place)


def custom_wgsl(
    code: str,
    *,
    components: int,
    inputs: Mapping[str, ExpressionInput] | None = None,
    name: str | None = None,
) -> Expression:
    """Make a node that is a function in WGSL.

    Parameters
    ----------
    code : str
        The body of a function, which returns the value: ``return color * max(light, 0.0);``. It is
        a body alone, without functions, bindings or types of its own, and depends on its inputs
        alone, as a node of equal code and inputs may be evaluated once for several.
    components : int
        Numbers of the value, 1 to 4.
    inputs : dict of str to expression, optional
        What the body can use, by the names that it uses, which are identifiers: an ``f32``, or a
        ``vec2f``, ``vec3f`` or ``vec4f``, and so is the value.
    name : str, optional
        What messages call the node.

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed, such as code with braces that do not match. Code that does
        not compile is found later, with the name of the node: where it shades,
        :meth:`~forge3d.rvt.RuntimeVirtualTextureScene.render` raises a ValueError; where it is
        written to textures, a warning is logged, and tiles are rendered without the component.
    """
    given = {"code": code, "components": components, "name": name}
    named = None if inputs is None else by_name(inputs, "inputs")
    return node("customWgsl", options({**given, "inputs": named}), of=named)
