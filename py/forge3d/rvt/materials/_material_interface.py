"""What materials and instances of them have in common."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypedDict, cast

from .._core import Made, Reading, apply, from_plain, get
from .._subscription import Subscription, subscribe
from ..asset import RuntimeVirtualTexture
from .material_texture import MaterialTexture

__all__ = ["MaterialInterface", "MaterialOverrides"]

# Where overrides have the values of a kind, if not among the numbers.
_OVERRIDES = {"texture": "textures", "runtime_virtual_texture": "runtime_virtual_textures"}


class MaterialOverrides(TypedDict):
    """Values of parameters that differ from the graph's own, by the parameters' names.

    Attributes
    ----------
    numbers : dict of str to list of float
        Of scalar and vector parameters.
    textures : dict of str to MaterialTexture
        Of texture parameters.
    runtime_virtual_textures : dict of str to RuntimeVirtualTexture
        Of samples of runtime virtual textures.
    """

    numbers: dict[str, list[float]]
    textures: dict[str, MaterialTexture]
    runtime_virtual_textures: dict[str, RuntimeVirtualTexture]


class MaterialInterface(Made):
    """What components are drawn with: a material, or an instance of one."""

    name = Reading[str]("What messages and documents call it.")
    revision = Reading[int]("Rises with every change of it, and of what it is an instance of.")
    overrides = Reading[MaterialOverrides](
        "The values of parameters that differ from the graph's own; of a material none."
    )

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """What instances can change, by name.

        Each is a dictionary with its ``kind`` (``"scalar"``, ``"vector"``, ``"texture"`` or
        ``"runtime_virtual_texture"``), the ``value`` that is in force, whether that ``is_set`` by
        this very instance, and what the graph says of it, such as ``default_values``.
        """
        told: dict[str, dict[str, Any]] = from_plain(get(self, "parameters"))
        set_here = self._set_here()
        in_force = self.overrides
        for name, parameter in told.items():
            kind = parameter["kind"]
            parameter["value"] = _value(name, parameter, in_force)
            parameter["is_set"] = name in cast("Any", set_here)[_OVERRIDES.get(kind, "numbers")]
        return told

    def _set_here(self) -> MaterialOverrides:
        """Return the values that it has set itself; a material sets none."""
        return self.overrides

    def subscribe(self, listener: Callable[[], object]) -> Subscription:
        """Call a function after every change of a parameter or of the graph.

        Parameters
        ----------
        listener : callable
            Called without arguments. An exception that it raises is logged.

        Returns
        -------
        Subscription
            What ends this: by its ``close()``, or as a context manager.

        Raises
        ------
        TypeError
            If it is not a function.
        """
        return subscribe(self, listener, tells_change=False)

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON document, which names its parent, textures, assets and functions.

        Raises
        ------
        ValueError
            If two textures, assets or functions share a name.
        """
        document: dict[str, Any] = json.loads(apply("writeJson", self.core_object))
        return document


def _value(name: str, parameter: dict[str, Any], in_force: MaterialOverrides) -> Any:
    kind = parameter["kind"]
    if kind == "texture":
        return in_force["textures"].get(name, parameter["default_texture"])
    if kind == "runtime_virtual_texture":
        return in_force["runtime_virtual_textures"].get(name, parameter["default_asset"])
    values = in_force["numbers"].get(name, [])
    # Of a parameter that had another number of components before the graph was changed.
    if len(values) != parameter["components"]:
        values = parameter["default_values"]
    return values[0] if kind == "scalar" else values
