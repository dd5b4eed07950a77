"""JSON documents of materials, and what they name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from ...errors import InvalidArgumentError
from ...texture import VirtualTexture
from .._values import ByName, by_name, to_core

if TYPE_CHECKING:
    from ..asset import RuntimeVirtualTexture
    from ..expressions.material_function import MaterialFunction
    from .material_instance import AnyMaterial
    from .material_texture import MaterialTexture

__all__ = ["NamedObjects", "document_text", "lookup_tables"]


class NamedObjects(TypedDict, total=False):
    """What a document names: objects by their names.

    Attributes
    ----------
    textures : dict of str to MaterialTexture
        Plain textures.
    virtual_textures : dict of str to VirtualTexture
        Streaming virtual textures.
    runtime_virtual_textures : dict of str to RuntimeVirtualTexture
        Assets.
    material_functions : dict of str to MaterialFunction
        Material functions.
    """

    textures: Mapping[str, MaterialTexture]
    virtual_textures: Mapping[str, VirtualTexture]
    runtime_virtual_textures: Mapping[str, RuntimeVirtualTexture]
    material_functions: Mapping[str, MaterialFunction]


class NamedByInstances(NamedObjects, total=False):
    """What a document of an instance names: its parent, too.

    Attributes
    ----------
    materials : dict of str to Material or MaterialInstance
        Materials, and instances of them.
    """

    materials: Mapping[str, AnyMaterial]


# What the core calls them.
_KINDS = {
    "textures": "texture",
    "virtual_textures": "streamedTexture",
    "runtime_virtual_textures": "runtimeVirtualTexture",
    "material_functions": "materialFunction",
    "materials": "material",
}


def document_text(document: Mapping[str, Any]) -> str:
    """Return a document as text.

    Raises
    ------
    InvalidArgumentError
        If it is no dictionary that JSON can hold.
    """
    try:
        return json.dumps(dict(document), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise InvalidArgumentError(
            f"Cannot read document as it must be a dictionary as to_json returns it: "
            f"current value is {document!r:.80}",
            argument="document",
        ) from None


def lookup_tables(named: Mapping[str, Any]) -> Any:
    """Return what a document names as the core takes it.

    Raises
    ------
    InvalidArgumentError
        If there is no such kind of objects, or they are no dictionary.
    """
    for kind in named:
        if kind not in _KINDS:
            raise InvalidArgumentError(
                f"Cannot read document as there is no option {kind!r}: options are "
                f"{', '.join(_KINDS)}",
                argument=kind,
            )
    tables = {_KINDS[kind]: by_name(each, kind) for kind, each in named.items()}
    return to_core(ByName(tables), "named objects")
