"""What runtime virtual textures can store."""

from __future__ import annotations

from typing import TypedDict, cast

from ._core import apply, from_plain
from .options import AttributeName

__all__ = ["AttributeInfo", "MaterialTypeInfo", "attributes", "material_types"]


class MaterialTypeInfo(TypedDict):
    """How a material type stores its attributes.

    Attributes
    ----------
    label : str
        The name as people read it.
    attributes : list of str
        The attributes that it stores.
    compressed_formats, uncompressed_formats : list of str
        Formats of the planes, as blocks, and without compression.
    """

    label: str
    attributes: list[AttributeName]
    compressed_formats: list[str]
    uncompressed_formats: list[str]


class AttributeInfo(TypedDict):
    """What is known of an attribute whatever stores it.

    Attributes
    ----------
    components : int
        Numbers that it has.
    clear_value : list of float
        What a texture holds where nothing was written, and what is read of one that lacks the
        attribute; colours are linear. Of world heights, the least z of the volume instead.
    """

    components: int
    clear_value: list[float]


def material_types() -> dict[str, MaterialTypeInfo]:
    """Return every material type by its name.

    Examples
    --------
    >>> material_types()["mask4"]["attributes"]
    ['mask4']
    """
    return cast("dict[str, MaterialTypeInfo]", from_plain(apply("materialTypes")))


def attributes() -> dict[AttributeName, AttributeInfo]:
    """Return every attribute by its name.

    Examples
    --------
    >>> attributes()["normal"]["clear_value"]
    [0, 0, 1]
    """
    return cast("dict[AttributeName, AttributeInfo]", from_plain(apply("attributes")))
