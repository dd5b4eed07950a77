"""Samples of textures, and nodes that are chosen by the pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Never, Self, Unpack, overload

from ..._refused_attributes import refused_attribute
from ...texture import VirtualTexture
from .._core import apply, tell
from .._reference import Reference, keep, refer
from .._values import camel_case, options, snake_case, to_core
from ..options import AttributeName
from ._node import Expression, ExpressionInput, input_of, node
from .sample_options import OutputPins, RuntimeSampleOptions, VirtualSampleOptions

if TYPE_CHECKING:
    from ..asset import RuntimeVirtualTexture
    from ..materials.material_texture import MaterialTexture

__all__ = [
    "RuntimeVirtualTextureOutput",
    "RuntimeVirtualTextureSample",
    "convert_to_parameter",
    "runtime_virtual_texture_output",
    "runtime_virtual_texture_replace",
    "runtime_virtual_texture_sample",
    "runtime_virtual_texture_sample_parameter",
    "texture_sample",
    "texture_sample_parameter",
    "virtual_texture_feature_switch",
    "virtual_texture_sample",
]


class _Output:
    """An output of a sample, as a property."""

    def __init__(self, doc: str) -> None:
        self.__doc__ = doc
        self.name = self._name = ""

    def __set_name__(self, owner: type[Reference], name: str) -> None:
        self.name = name
        self._name = camel_case(name)

    @overload
    def __get__(self, sample: None, owner: type[Reference]) -> Self: ...
    @overload
    def __get__(self, sample: Reference, owner: type[Reference]) -> Expression: ...
    def __get__(self, sample: Reference | None, owner: type[Reference]) -> Self | Expression:
        if sample is None:
            return self
        output = refer(Expression, getattr(sample.core_object, self._name))
        keep(output, "of", sample)
        return output

    def __set__(self, sample: Reference, value: Never) -> None:
        raise refused_attribute(sample, self.name)


class RuntimeVirtualTextureSample(Reference):
    """A sample of a runtime virtual texture, with one output for each attribute.

    Outputs that its material type lacks have the attribute's clear value. All outputs together are
    one sample. Made by :func:`runtime_virtual_texture_sample`.
    """

    is_part = True
    making = "runtime_virtual_texture_sample makes one"

    base_color = _Output("Linear colour; three components.")
    specular = _Output("One component.")
    roughness = _Output("One component.")
    normal = _Output("The normal that was written; three components.")
    world_height = _Output("World height; one component.")
    mask = _Output("One component.")
    displacement = _Output("One component.")
    mask4 = _Output("Four components.")

    def has_output(self, attribute: AttributeName) -> bool:
        """Tell whether the material type stores what an output gives.

        Raises
        ------
        TypeError, ValueError
            If there is no such attribute.
        """
        name = to_core(attribute, "attribute")
        return bool(tell(self, "hasOutput", camel_case(name) if isinstance(name, str) else name))


class RuntimeVirtualTextureOutput(Reference):
    """What a material writes. Made by :func:`runtime_virtual_texture_output`."""

    is_part = True
    making = "runtime_virtual_texture_output makes one"

    @property
    def pins(self) -> tuple[str, ...]:
        """Names of the pins that are connected."""
        return tuple(snake_case(str(name)) for name in self.core_object.pins.keys())  # noqa: SIM118


def runtime_virtual_texture_output(**pins: Unpack[OutputPins]) -> RuntimeVirtualTextureOutput:
    """Make what a material writes to runtime virtual textures.

    Parameters
    ----------
    **pins
        Those of :class:`~forge3d.rvt.expressions.OutputPins`.

    Raises
    ------
    TypeError
        If a pin does not exist, or gets neither an expression nor numbers.
    ValueError
        If a pin gets a wrong number of components, or the height range is empty or not finite.
    """
    made = apply("runtimeVirtualTextureOutput", options(pins))
    return _keeping(refer(RuntimeVirtualTextureOutput, made), {**pins})


def runtime_virtual_texture_sample(
    asset: RuntimeVirtualTexture, **how: Unpack[RuntimeSampleOptions]
) -> RuntimeVirtualTextureSample:
    """Sample what was written to an asset's texture.

    Parameters
    ----------
    asset : RuntimeVirtualTexture
        What is sampled.
    **how
        Options of :class:`~forge3d.rvt.expressions.RuntimeSampleOptions`.

    Raises
    ------
    TypeError
        If the asset is none, or an option does not exist or has the wrong type.
    ValueError
        If an option is not one of its choices, the asset has another material type than wanted, or
        an input does not go with the options.
    """
    place = to_core(asset, "asset")
    made = apply("runtimeVirtualTextureSample", place, options(how))
    return _keeping(refer(RuntimeVirtualTextureSample, made), [asset, {**how}])


def runtime_virtual_texture_sample_parameter(
    parameter: str, asset: RuntimeVirtualTexture, **how: Unpack[RuntimeSampleOptions]
) -> RuntimeVirtualTextureSample:
    """Sample an asset that instances can replace by another one of the same material type.

    Parameters
    ----------
    parameter : str
        The name that they use.
    asset : RuntimeVirtualTexture
        Sampled where no instance gives another.
    **how
        Options of :class:`~forge3d.rvt.expressions.RuntimeSampleOptions`.

    Raises
    ------
    TypeError, ValueError
        As of :func:`runtime_virtual_texture_sample`, and if the name is no text or empty.
    """
    named = (to_core(parameter, "parameter"), to_core(asset, "asset"))
    made = apply("runtimeVirtualTextureSampleParameter", *named, options(how))
    return _keeping(refer(RuntimeVirtualTextureSample, made), [asset, {**how}])


def convert_to_parameter(
    sample: RuntimeVirtualTextureSample, parameter: str
) -> RuntimeVirtualTextureSample:
    """Return the same sample of an asset that instances can replace.

    Raises
    ------
    TypeError, ValueError
        If the sample is none, or the name is no text or empty.
    """
    args = (to_core(sample, "sample"), to_core(parameter, "parameter"))
    made = apply("convertToParameter", *args)
    return _keeping(refer(RuntimeVirtualTextureSample, made), sample)


def texture_sample(texture: MaterialTexture, *, uv: ExpressionInput | None = None) -> Expression:
    """Sample a plain texture: red, green, blue and alpha, linear.

    Parameters
    ----------
    texture : MaterialTexture
        What is sampled.
    uv : expression, optional
        Where, of two components; default the component's texture coordinate.

    Raises
    ------
    TypeError, ValueError
        If the texture is none, or `uv` has not two components.
    """
    return _node("textureSample", to_core(texture, "texture"), how={"uv": uv}, of=texture)


def texture_sample_parameter(
    parameter: str, texture: MaterialTexture, *, uv: ExpressionInput | None = None
) -> Expression:
    """Sample a plain texture that instances can replace, by a name that they use.

    Raises
    ------
    TypeError, ValueError
        As of :func:`texture_sample`, and if the name is no text or empty.
    """
    named = (to_core(parameter, "parameter"), to_core(texture, "texture"))
    return _node("textureSampleParameter", *named, how={"uv": uv}, of=texture)


def virtual_texture_sample(
    texture: VirtualTexture, **how: Unpack[VirtualSampleOptions]
) -> Expression:
    """Sample the first plane of a streaming virtual texture: four components, linear.

    Parameters
    ----------
    texture : VirtualTexture
        From :meth:`forge3d.streaming.VirtualTextureSystem.load_texture`.
    **how
        Options of :class:`~forge3d.rvt.expressions.VirtualSampleOptions`.

    Raises
    ------
    TypeError, ValueError
        If the texture is none, or an input does not go with the mip mode.
    """
    return _node("virtualTextureSample", to_core(texture, "texture"), how={**how})


def runtime_virtual_texture_replace(
    *, default: ExpressionInput, output: ExpressionInput
) -> Expression:
    """Choose `output` where the material fills a runtime virtual texture, `default` elsewhere.

    Raises
    ------
    TypeError, ValueError
        If an input is neither an expression nor numbers, or they differ in components.
    """
    return _node(
        "runtimeVirtualTextureReplace",
        how={"default": input_of(default, "default"), "output": input_of(output, "output")},
        of=[default, output],
    )


def virtual_texture_feature_switch(*, yes: ExpressionInput, no: ExpressionInput) -> Expression:
    """Choose `yes` where virtual texturing is supported and enabled, `no` elsewhere.

    Raises
    ------
    TypeError, ValueError
        If an input is neither an expression nor numbers, or they differ in components.
    """
    return _node(
        "virtualTextureFeatureSwitch",
        how={"yes": input_of(yes, "yes"), "no": input_of(no, "no")},
        of=[yes, no],
    )


def _node(builder: str, *args: Any, how: Mapping[str, Any], of: object = None) -> Expression:
    return node(builder, *args, options(how), of=[of, dict(how)])


def _keeping[T: Reference](made: T, of: object) -> T:
    """Let something keep what it is made of."""
    keep(made, "of", of)
    return made
