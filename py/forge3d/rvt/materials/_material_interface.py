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
        """What instances can change, by name: each with its ``kind``."""
        return cast("dict[str, dict[str, Any]]", from_plain(get(self, "parameters")))

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
