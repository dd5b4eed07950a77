"""Instances of materials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, Unpack, cast

from ..._convert import Numbers
from .._core import Reading, apply, from_plain, get, tell
from .._reference import forget, keep, kept_for, refer
from .._values import to_core
from ..asset import RuntimeVirtualTexture
from ._documents import NamedByInstances, document_text, lookup_tables
from ._material_interface import MaterialInterface, MaterialOverrides
from .material import Material
from .material_texture import MaterialTexture

__all__ = ["AnyMaterial", "MaterialInstance"]

# No names of parameters.
_PARENT, _NAMED = 0, 1


class MaterialInstance(MaterialInterface):
    """A material with values of its own for parameters; others are its parent's.

    Parameters
    ----------
    parent : Material or MaterialInstance
        What it is an instance of.
    name : str
        What messages and documents call it.

    Raises
    ------
    TypeError
        If the parent is neither.
    ValueError
        If the name is empty.
    """

    material = Reading[Material]("The material at the root of its parents.")
    own_overrides = Reading[MaterialOverrides](
        "The values that it has set itself; all others are its parent's."
    )

    def __init__(self, parent: AnyMaterial, name: str) -> None:
        self._make_of_options({"name": name}, to_core(parent, "parent"))
        # All of its parents, the nearest last, are freed one by one, however many there are.
        keep(self, _PARENT, [*kept_for(parent, _PARENT), parent])

    def _set_here(self) -> MaterialOverrides:
        return self.own_overrides

    def __repr__(self) -> str:
        return f"<forge3d.rvt.MaterialInstance {self.name!r} of {self.parent.name!r}>"

    @property
    def parent(self) -> AnyMaterial:
        """What it is an instance of."""
        return cast("AnyMaterial", from_plain(get(self, "parent")))

    def set_scalar(self, name: str, value: float) -> None:
        """Set a scalar parameter.

        Raises
        ------
        TypeError, ValueError
            If there is no such parameter, or the value is not a number that is finite in 32 bits.
        """
        self._set("setScalar", name, value)

    def set_vector(self, name: str, values: Numbers) -> None:
        """Set a vector parameter, to as many numbers as it has.

        Raises
        ------
        TypeError, ValueError
            If there is no such parameter, or the values are not as many finite numbers.
        """
        self._set("setVector", name, values)

    def set_texture(self, name: str, texture: MaterialTexture) -> None:
        """Set a texture parameter.

        Raises
        ------
        TypeError, ValueError
            If there is no such parameter, or the texture is none.
        """
        self._set("setTexture", name, texture)

    def set_runtime_virtual_texture(self, name: str, asset: RuntimeVirtualTexture) -> None:
        """Set which asset a Runtime Virtual Texture Sample Parameter samples.

        Raises
        ------
        TypeError, ValueError
            If there is no such parameter, or the asset has another material type than it.
        """
        self._set("setRuntimeVirtualTexture", name, asset)

    def reset(self, name: str) -> None:
        """Take back a value, so that the parent's holds. Of other names, nothing."""
        tell(self, "reset", to_core(name, "name"))
        forget(self, str(name))

    def _set(self, method: str, name: str, value: Any) -> None:
        tell(self, method, to_core(name, "name"), to_core(value, "value"))
        keep(self, name, value)

    @classmethod
    def from_json(cls, document: Mapping[str, Any], **named: Unpack[NamedByInstances]) -> Self:
        """Read an instance that :meth:`to_json` has written.

        Parameters
        ----------
        document : dict
            The document.
        **named
            What it names, objects by name: ``materials``, and as for :meth:`Material.from_json`.

        Raises
        ------
        TypeError, ValueError
            If a field is missing or not valid, or something that is named is not given.
        UnsupportedError
            If the document has another version.
        """
        made = apply("readInstanceJson", document_text(document), lookup_tables(named))
        instance = refer(cls, made)
        keep(instance, _NAMED, {**named})
        return instance


type AnyMaterial = Material | MaterialInstance
"""What components are drawn with."""
