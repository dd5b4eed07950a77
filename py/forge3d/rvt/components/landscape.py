"""Ground: a grid of heights with painted layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack, cast

from ..._bridge import call, core
from ..._convert import Numbers, flat_numbers
from ...camera import Matrix
from ...errors import InvalidArgumentError, OutOfRangeError
from ...texture import VirtualTexture
from .._arrays import array_of, matrix_of
from .._core import Reading, Setting, from_plain, get, tell
from .._number_arrays import NumberArray, NumberBuffer, check_shape, number_array
from .._values import ByName, by_name, to_core
from ..component_options import LandscapeOptions, SampleRegion
from ..mesh import HeightPicture
from .component import PrimitiveComponent

__all__ = ["LandscapeComponent", "SurfacePoint"]

# Of an array of heights: rows and columns.
_SAMPLE_AXES = 2
_AXES = "rows and columns"
# Formats of weights: floats, unsigned bytes and booleans.
_WEIGHT_CODES = frozenset("efdB?")


class SurfacePoint(TypedDict):
    """A point of a landscape's surface, and the unit normal there, in the world."""

    position: list[float]
    normal: list[float]


class LandscapeComponent(PrimitiveComponent):
    """Draws a height field with painted layers, section by section.

    In its own space, sample (column, row) lies at x = column, y = row; the transform brings it to
    the world. In the main pass it is drawn always, unless it is told otherwise.

    Parameters
    ----------
    **options
        Those of :class:`~forge3d.rvt.component_options.LandscapeOptions`.

    Raises
    ------
    TypeError
        If an option does not exist, is missing, or has the wrong type.
    ValueError
        If an option has a value that is not allowed.
    UnsupportedError
        If heights cannot be read of a texture.

    Examples
    --------
    With numpy, heights are an array of rows and columns; without, any buffer will do::

        heights = array.array("f", (math.sin(i % 65 / 8) for i in range(65 * 65)))
        land = LandscapeComponent(material=ground, heights=heights, width=65, height=65)
    """

    section_quads = Reading[int]("Quads along each edge of a section.")
    virtual_texture_num_lods = Setting[int](
        "How fine vertex data is: LOD 0 has 2 to this power quads along each edge of a section."
    )

    def __init__(self, **options: Unpack[LandscapeOptions]) -> None:
        given: dict[str, Any] = {**options}
        heights = options.get("heights")
        if heights is not None:
            numbers = number_array(heights, "heights")
            given["heights"] = numbers.values
            if len(numbers.shape) == _SAMPLE_AXES:
                given = {"width": numbers.shape[1], "height": numbers.shape[0]} | {
                    name: each for name, each in given.items() if each is not None
                }
            check_shape(
                numbers, (given.get("height"), given.get("width")), "heights", meaning=_AXES
            )
        layers = options.get("layers")
        if layers is not None:
            given["layers"] = _weights_of(layers, _sides(given))
        self._make_of_options(given)

    @property
    def from_world(self) -> Matrix:
        """World to landscape: rows of a matrix for column vectors."""
        return matrix_of(from_plain(get(self, "fromWorld")))

    @property
    def size(self) -> tuple[int, int]:
        """Samples along its x and its y."""
        surface = self._surface
        return (int(surface.width), int(surface.height))

    @property
    def heights(self) -> memoryview[float] | None:
        """A copy of the heights, of shape (rows, columns), in the landscape's own space.

        None if they come from a streaming virtual texture.
        """
        heights = self._surface.heights
        return None if heights.length == 0 else array_of(heights, self.size[::-1])

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of its painted layers."""
        return tuple(str(name) for name in self._surface.layers.keys())  # noqa: SIM118

    def weights(self, layer: str) -> memoryview[int]:
        """Return a copy of the weights of a layer, of shape (rows, columns), 0 to 255 for 0 to 1.

        Raises
        ------
        ValueError
            If there is no such layer.
        """
        names = ", ".join(f'"{name}"' for name in self.layers)
        if layer not in self.layers:
            wanted = f"must be one of {names}" if names else "must be left out, as there is none"
            raise OutOfRangeError(
                f"Cannot read {self.label} as layer {wanted}: current value is {layer!r:.80}",
                argument="layer",
            )
        return array_of(self._surface.layers.get(layer), self.size[::-1])

    @property
    def _surface(self) -> Any:
        return self.core_object.surface

    def set_heights(self, region: SampleRegion, heights: NumberBuffer) -> None:
        """Change the heights of a region.

        Parameters
        ----------
        region : SampleRegion
            First column and row, columns and rows.
        heights : buffer or array
            Row by row, in the landscape's own space.

        Raises
        ------
        TypeError
            If a value has the wrong type, or the number of heights is wrong.
        ValueError
            If the region reaches beyond the samples, contradicts the shape of the array, or a
            height is not finite.
        UnsupportedError
            If heights come from a streaming virtual texture.
        """
        where = to_core(region, "region")
        numbers = _in_region(number_array(heights, "heights"), region, "heights")
        tell(self, "setHeights", where, numbers.values)

    def set_weights(self, layer: str, region: SampleRegion, weights: NumberBuffer) -> None:
        """Change the weights of a layer in a region.

        Parameters
        ----------
        layer : str
            One of the landscape's layers.
        region : SampleRegion
            First column and row, columns and rows.
        weights : buffer or array
            Row by row: unsigned bytes from 0 to 255, floats from 0 to 1, or booleans.

        Raises
        ------
        TypeError
            If a value has the wrong type, or the number of weights is wrong.
        ValueError
            If there is no such layer, the region reaches beyond the samples, or contradicts the
            shape of the array, or a float is not from 0 to 1.
        """
        where = to_core(region, "region")
        numbers = _in_region(number_array(weights, "weights"), region, "weights")
        tell(self, "setWeights", to_core(layer, "layer"), where, _weights(numbers, layer))

    def surface_at(self, point: Numbers) -> SurfacePoint | None:
        """Return the point of the surface to which a point is moved along the landscape's own z.

        Returns
        -------
        SurfacePoint or None
            None if it passes by the landscape.

        Raises
        ------
        TypeError, ValueError
            If it is not three finite numbers.
        UnsupportedError
            If heights come from a streaming virtual texture.
        """
        at = to_core(flat_numbers(point, 3, "point"), "point")
        found: SurfacePoint | None = from_plain(tell(self, "surfaceAt", at))
        return found


def _sides(given: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return rows and columns of the samples; None where the options do not say them."""
    picture, texture = given.get("picture"), given.get("height_texture")
    if isinstance(picture, HeightPicture):
        return picture.size[::-1]
    loaded = cast("Any", texture).get("texture") if isinstance(texture, Mapping) else None
    if isinstance(loaded, VirtualTexture):
        return loaded.size[::-1]
    return (given.get("height"), given.get("width"))


def _in_region(numbers: NumberArray, region: Any, name: str) -> NumberArray:
    if not isinstance(region, Mapping):
        return numbers
    sides: Mapping[str, Any] = cast("Any", region)
    return check_shape(numbers, (sides.get("height"), sides.get("width")), name, meaning=_AXES)


def _weights_of(layers: Mapping[str, NumberBuffer], sides: tuple[Any, ...]) -> ByName:
    weights: dict[str, Any] = {}
    for layer, given in by_name(layers, "layers").items():
        name = f"weights of layer {layer!r}"
        numbers = check_shape(number_array(given, name), sides, name, meaning=_AXES)
        weights[layer] = _weights(numbers, layer)
    return ByName(weights)


def _weights(weights: NumberArray, layer: str) -> Any:
    if weights.code not in _WEIGHT_CODES:
        raise InvalidArgumentError(
            f"Cannot use weights of layer {layer!r} as they must be unsigned bytes (uint8) from 0 "
            f"to 255, floats from 0 to 1, or booleans: current format is {weights.code!r}, so "
            f"convert them, such as by astype('uint8') or bytes(…)",
            argument="weights",
        )
    return call(core.rvt_weights, weights.values, layer)
