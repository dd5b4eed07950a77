"""Vectors: their components, products, lengths, and normals.

Every function raises `TypeError` for an input that is neither an expression nor one to four
numbers, and `ValueError` for a number of components that it does not take.
"""

from __future__ import annotations

from .._values import to_core
from ._node import Expression, ExpressionInput, input_of, made, node

__all__ = [
    "append",
    "blend_normals",
    "component_mask",
    "cross",
    "distance",
    "dot",
    "length",
    "normalize",
]


def component_mask(x: ExpressionInput, channels: str) -> Expression:
    """Make some components of a value, in any order: what ``x["yx"]`` makes, too.

    Parameters
    ----------
    x : expression
        Whose.
    channels : str
        One to four of x, y, z and w, of those that the value has.
    """
    return node("componentMask", input_of(x, "x"), to_core(channels, "channels"), of=x)


def append(*values: ExpressionInput) -> Expression:
    """Make the components of two to four values, one after the other: four at most."""
    return made("append", *values)


def dot(a: ExpressionInput, b: ExpressionInput) -> Expression:
    """Make the scalar product, of one component."""
    return made("dot", a, b)


def cross(a: ExpressionInput, b: ExpressionInput) -> Expression:
    """Make the vector product of two values of three components."""
    return made("cross", a, b)


def normalize(x: ExpressionInput) -> Expression:
    """Make the vector of length 1 in the same direction, and 0 for 0. Two to four components."""
    return made("normalize", x)


def length(x: ExpressionInput) -> Expression:
    """Make the length of a vector, of one component."""
    return made("length", x)


def distance(a: ExpressionInput, b: ExpressionInput) -> Expression:
    """Make the length of the difference of two values."""
    return made("distance", a, b)


def blend_normals(base: ExpressionInput, detail: ExpressionInput) -> Expression:
    """Make a detail's normal on a surface that has a normal of its own.

    It is the detail, turned by the shortest rotation that takes (0, 0, 1) to the base. Both are
    normalised first, and (0, 0, 1) changes nothing.
    """
    return made("blendNormals", base, detail)
