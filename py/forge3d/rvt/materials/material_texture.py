"""Plain textures that materials sample."""

from __future__ import annotations

from typing import Any, Literal, TypedDict, Unpack

from ..._bridge import wait
from ..._cancelling import abort_when_cancelled
from ..._load import host_input
from ...errors import InvalidArgumentError
from ...options import ColorSpace, TexturePath
from .._arrays import array_of
from .._core import Made, Reading, apply_async
from .._number_arrays import NumberBuffer, check_shape, number_array
from .._reference import refer
from .._values import options
from ..options import TextureAddressing

__all__ = [
    "MaterialTexture",
    "load_material_texture",
    "load_material_texture_async",
]

# Of an array of texels: rows, columns, channels.
_TEXEL_AXES = 3


class TextureOptions(TypedDict, total=False):
    """Options of plain textures; None counts as not given.

    Attributes
    ----------
    name : str
        What messages and documents call it.
    color_space : {"srgb", "linear"}
        How colours are stored; default ``"srgb"``. Normal maps and masks are ``"linear"``.
    addressing : {"repeat", "clamp"}
        What lies beyond the edges; default ``"repeat"``.
    """

    name: str | None
    color_space: ColorSpace | None
    addressing: TextureAddressing | None


class MaterialTexture(Made):
    """A picture of 8-bit texels with all its mips.

    Parameters
    ----------
    texels : buffer or array
        Rows of texels from the top, red, green, blue and alpha of 8 bits each: of shape (height,
        width, 4), such as a :class:`forge3d.Image`, or flat. Copied.
    width, height : int, optional
        Size in texels, 1 to 8192; default as the shape says.
    **options
        ``name``, ``color_space`` and ``addressing``, as :func:`load_material_texture` takes them;
        the default name is ``"texture"``.

    Raises
    ------
    TypeError
        If an argument has the wrong type, or the texels are not ``4 * width * height`` unsigned
        bytes.
    ValueError
        If a size is not allowed, or contradicts the shape of the texels.
    """

    name = Reading[str]("What messages and documents call it.")
    width = Reading[int]("Width in texels.")
    height = Reading[int]("Height in texels.")
    color_space = Reading[ColorSpace]("How colours are stored.")
    addressing = Reading[TextureAddressing]("What lies beyond the edges.")
    format = Reading[Literal["rgba8unorm", "rgba8unorm-srgb"]]("Format of its texels on the GPU.")

    @property
    def levels(self) -> tuple[memoryview[int], ...]:
        """Copies of all levels, the finest first, each of shape (height, width, 4)."""
        levels: Any = self.core_object.levels
        shapes = [(int(each.height), int(each.width), 4) for each in levels]
        return tuple(
            array_of(each.texels, shape) for each, shape in zip(levels, shapes, strict=True)
        )

    def __init__(
        self,
        texels: NumberBuffer,
        width: int | None = None,
        height: int | None = None,
        **options: Unpack[TextureOptions],
    ) -> None:
        numbers = number_array(texels, "texels")
        values, shape, code = numbers
        if code != "B":
            raise InvalidArgumentError(
                f"Cannot make material texture as texels must be unsigned bytes (uint8) from 0 to "
                f"255: current format is {code!r}",
                argument="texels",
            )
        if len(shape) == _TEXEL_AXES:
            height = shape[0] if height is None else height
            width = shape[1] if width is None else width
        check_shape(numbers, (height, width, 4), "texels", meaning="height, width and channels")
        named = {"name": "texture", **{k: v for k, v in options.items() if v is not None}}
        self._make_of_options({**named, "texels": values, "width": width, "height": height})

    def __repr__(self) -> str:
        return f"<forge3d.rvt.MaterialTexture {self.name!r}, {self.width} x {self.height}>"


def load_material_texture(path: TexturePath, **how: Unpack[TextureOptions]) -> MaterialTexture:
    """Load a PNG, JPEG, TIFF, WebP, GIF, AVIF or BMP picture as a texture that materials sample.

    Parameters
    ----------
    path : str, os.PathLike or bytes
        The file, or its content.
    **how
        ``name``: what messages and documents call it, default the path; ``color_space``:
        ``"srgb"`` (default), or ``"linear"`` for normal maps and masks; ``addressing``:
        ``"repeat"`` (default) or ``"clamp"``.

    Raises
    ------
    MissingFileError, FileError
        If there is no such file, or it cannot be read.
    MalformedFileError
        If it is not a picture, or is damaged.
    UnsupportedError
        If a side is longer than 8192 texels, or the picture holds floats.
    TypeError, ValueError
        For an unknown option, or a value that is not allowed.
    """
    return wait(
        load_material_texture_async(path, **how), "forge3d.rvt.load_material_texture_async()"
    )


async def load_material_texture_async(
    path: TexturePath, **how: Unpack[TextureOptions]
) -> MaterialTexture:
    """Async version of :func:`load_material_texture`."""
    source = host_input(path, "load texture")
    with abort_when_cancelled() as signal:
        given = options({**how, "signal": signal})
        return refer(MaterialTexture, await apply_async("loadMaterialTexture", source, given))
