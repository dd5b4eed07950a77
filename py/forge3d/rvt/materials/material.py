"""Materials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, Unpack

from .._core import Reading, apply, tell
from .._reference import forget, keep, refer
from .._values import options
from ..expressions.sample_options import MaterialPins
from ..options import MaterialDomain
from ._documents import NamedObjects, document_text, lookup_tables
from ._material_interface import MaterialInterface

__all__ = ["Material"]


class Material(MaterialInterface):
    """A graph of expressions with a name.

    Its expressions are immutable; its pins can be connected anew.

    Parameters
    ----------
    name : str
        What messages and documents call it.
    domain : {"surface", "virtual_texture"}, optional
        What it is for; default ``"surface"``. A surface has pins that shade pictures, and
        `rvt_output`, which is what it writes to runtime virtual textures; in the domain
        ``"virtual_texture"``, the pins are those that are written.
    two_sided : bool, optional
        Whether triangles that are seen from behind are drawn; default False.
    **pins
        Those of :class:`~forge3d.rvt.expressions.MaterialPins`.

    Raises
    ------
    TypeError
        If a pin does not exist in the domain, or gets neither an expression nor numbers.
    ValueError
        If the name is empty, a pin gets a wrong number of components, or two parameters share a
        name and differ.
    UnsupportedError
        If there are too many parameters or nodes.
    """

    domain = Reading[MaterialDomain]("What it is for.")
    two_sided = Reading[bool]("Whether triangles that are seen from behind are drawn.")

    def __init__(
        self,
        name: str,
        *,
        domain: MaterialDomain | None = None,
        two_sided: bool | None = None,
        **pins: Unpack[MaterialPins],
    ) -> None:
        given: Mapping[str, Any] = {"domain": domain, "two_sided": two_sided, **pins}
        self._make_of_options({"name": name, **given})

    def __repr__(self) -> str:
        return f"<forge3d.rvt.{type(self).__name__} {self.name!r}, {self.domain}>"

    def connect(self, **pins: Unpack[MaterialPins]) -> None:
        """Connect the pins anew: those that are left out are not connected any more.

        Raises
        ------
        TypeError, ValueError, UnsupportedError
            As when it is made; nothing has changed then.
        """
        tell(self, "connect", options(pins))
        forget(self)
        for name, value in pins.items():
            keep(self, name, value)

    @classmethod
    def from_json(cls, document: Mapping[str, Any], **named: Unpack[NamedObjects]) -> Self:
        """Read a material that :meth:`to_json` has written.

        Parameters
        ----------
        document : dict
            The document.
        **named
            What it names, objects by name: ``textures``, ``virtual_textures``,
            ``runtime_virtual_textures`` and ``material_functions``.

        Raises
        ------
        TypeError, ValueError
            If a field is missing or not valid, or something that is named is not given.
        UnsupportedError
            If the document has another version.
        """
        made = apply("readMaterialJson", document_text(document), lookup_tables(named))
        material = refer(cls, made)
        keep(material, "named", {**named})
        return material
