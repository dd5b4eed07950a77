"""Material functions: parts of graphs that several materials share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Unpack

from pyodide.ffi import create_proxy

from ..._callbacks import remembering
from ...errors import InvalidArgumentError
from .._core import apply, get
from .._reference import Reference, keep, refer, take
from .._values import by_name, options, to_core
from ..materials._documents import NamedObjects, document_text, lookup_tables
from ._node import Expression, ExpressionInput

__all__ = ["MaterialFunction"]

type Build = Callable[..., Mapping[str, ExpressionInput]]
"""Takes the inputs by name, and returns the outputs by name."""


class MaterialFunction(Reference):
    """A part of a graph with a name, inputs and outputs, which is called like a function.

    Parameters
    ----------
    name : str
        By which documents refer to it; unique in a material.
    inputs : dict of str to int
        Components of each input by its name.
    build : callable
        Called once with a node for each input, by name; returns a dictionary of the outputs.

    Raises
    ------
    TypeError
        If an argument has the wrong type, or an output is neither an expression nor numbers.
    ValueError
        If a name is empty, the components of an input are not 1 to 4, there is no output, or one
        uses the inputs of another function.

    Examples
    --------
    >>> tint = MaterialFunction("tint", {"color": 3}, lambda color: {"color": color * 0.5})
    >>> tint(color=[1, 1, 1])["color"].components
    3
    """

    def __init__(self, name: str, inputs: Mapping[str, int], build: Build) -> None:
        if not callable(build):
            raise InvalidArgumentError(
                f"Cannot make material function as build must be a function: "
                f"current value is {build!r:.80}",
                argument="build",
            )

        def built(nodes: Any) -> Any:
            given = {key: refer(Expression, node) for key, node in _entries(nodes)}
            outputs = by_name(build(**given), "outputs")
            keep(self, "outputs", outputs)
            return to_core(outputs, "outputs")

        proxy = create_proxy(remembering(built))
        try:
            how = options({"inputs": by_name(inputs, "inputs"), "build": proxy})
            take(self, apply("materialFunction", to_core(name, "name"), how))
        finally:
            proxy.destroy()

    @property
    def name(self) -> str:
        """By which documents refer to it."""
        return str(get(self, "name"))

    @property
    def inputs(self) -> dict[str, int]:
        """Components of each input by its name."""
        return {name: int(count) for name, count in _entries(self.core_object.inputs)}

    def __repr__(self) -> str:
        return f"<forge3d.rvt.MaterialFunction {self.name!r}({', '.join(self.inputs)})>"

    def __call__(self, **inputs: ExpressionInput) -> dict[str, Expression]:
        """Make the outputs for some inputs.

        Returns
        -------
        dict of str to Expression
            The outputs by their names.

        Raises
        ------
        TypeError
            If an input does not exist, or is neither an expression nor numbers.
        ValueError
            If one is missing, or has another number of components.
        """
        given = to_core(by_name(inputs, "inputs"), "inputs")
        outputs = apply("callMaterialFunction", self.core_object, given)
        made = {str(name): refer(Expression, outputs.get(name)) for name in outputs}
        for output in made.values():
            keep(output, "of", [self, inputs])
        return made

    def to_json(self) -> dict[str, Any]:
        """Return the function as a JSON document, which names textures, assets and functions.

        Raises
        ------
        ValueError
            If two textures, assets or functions share a name.
        """
        document: dict[str, Any] = json.loads(apply("writeFunctionJson", self.core_object))
        return document

    @classmethod
    def from_json(
        cls, document: Mapping[str, Any], **named: Unpack[NamedObjects]
    ) -> MaterialFunction:
        """Read a function that :meth:`to_json` has written.

        Parameters
        ----------
        document : dict
            The document.
        **named
            What it names, as for :meth:`Material.from_json`.

        Raises
        ------
        TypeError, ValueError
            If a field is missing or not valid, or something that is named is not given.
        UnsupportedError
            If the document has another version.
        """
        made = apply("readFunctionJson", document_text(document), lookup_tables(named))
        function = refer(cls, made)
        keep(function, "named", {**named})
        return function


def _entries(core_object: Any) -> list[tuple[str, Any]]:
    from js import Object

    return [(str(name), value) for name, value in Object.entries(core_object)]
