"""Arithmetic on each component.

Inputs have as many components as each other, or one, which stands for as many equal ones. Every
function raises `TypeError` for an input that is neither an expression nor one to four numbers, and
`ValueError` for components that do not agree, or numbers that are not finite in 32 bits.
"""

from __future__ import annotations

from .._values import options
from ._node import Expression, ExpressionInput, input_of, made, node

__all__ = [
    "absolute",
    "add",
    "clamp",
    "cosine",
    "divide",
    "floor",
    "fraction",
    "lerp",
    "maximum",
    "minimum",
    "multiply",
    "one_minus",
    "power",
    "saturate",
    "sine",
    "smoothstep",
    "sqrt",
    "step",
    "subtract",
]


def add(a: ExpressionInput, b: ExpressionInput) -> Expression:
    """Make a + b."""
    return made("add", a, b)


def subtract(a: ExpressionInput, b: ExpressionInput) -> Expression:
    """Make a - b."""
    return made("subtract", a, b)


def multiply(a: ExpressionInput, b: ExpressionInput) -> Expression:
    """Make a * b."""
    return made("multiply", a, b)


def divide(a: ExpressionInput, b: ExpressionInput) -> Expression:
    """Make a / b, and 0 where b is 0."""
    return made("divide", a, b)


def minimum(a: ExpressionInput, b: ExpressionInput) -> Expression:
    """Make the lesser of two values."""
    return made("minimum", a, b)


def maximum(a: ExpressionInput, b: ExpressionInput) -> Expression:
    """Make the greater of two values."""
    return made("maximum", a, b)


def power(base: ExpressionInput, exponent: ExpressionInput) -> Expression:
    """Make the base to the power of the exponent where the base is above 0, else 0."""
    return made("power", base, exponent)


def absolute(x: ExpressionInput) -> Expression:
    """Make the value without its sign."""
    return made("absolute", x)


def floor(x: ExpressionInput) -> Expression:
    """Make the greatest integer that is not above the value."""
    return made("floor", x)


def fraction(x: ExpressionInput) -> Expression:
    """Make x - floor(x), from 0 to 1."""
    return made("fraction", x)


def sqrt(x: ExpressionInput) -> Expression:
    """Make the square root where the value is above 0, else 0."""
    return made("sqrt", x)


def sine(x: ExpressionInput) -> Expression:
    """Make the sine of an angle in radians."""
    return made("sine", x)


def cosine(x: ExpressionInput) -> Expression:
    """Make the cosine of an angle in radians."""
    return made("cosine", x)


def one_minus(x: ExpressionInput) -> Expression:
    """Make 1 - x."""
    return made("oneMinus", x)


def saturate(x: ExpressionInput) -> Expression:
    """Make min(max(x, 0), 1)."""
    return made("saturate", x)


def clamp(x: ExpressionInput, least: ExpressionInput, most: ExpressionInput) -> Expression:
    """Make min(max(x, least), most)."""
    return _with("clamp", (x,), min=least, max=most)


def lerp(a: ExpressionInput, b: ExpressionInput, alpha: ExpressionInput) -> Expression:
    """Make a * (1 - alpha) + b * alpha; alpha, which may be a mask, is not clamped."""
    return _with("lerp", (a, b), alpha=alpha)


def smoothstep(x: ExpressionInput, start: ExpressionInput, end: ExpressionInput) -> Expression:
    """Make a smooth rise from 0 where x is `start` to 1 where x is `end`.

    It is t * t * (3 - 2 t) with t = saturate((x - start) / (end - start)), and falls where `end` is
    below `start`.
    """
    return _with("smoothstep", (x,), **{"from": start, "to": end})


def step(x: ExpressionInput, edge: ExpressionInput) -> Expression:
    """Make 1 where x is at least the edge, else 0: what ``x >= edge`` makes, too."""
    return _with("step", (x,), edge=edge)


def _with(builder: str, inputs: tuple[ExpressionInput, ...], **more: ExpressionInput) -> Expression:
    """Make a node by a builder that takes the last inputs by name."""
    values = (input_of(value, f"input {index}") for index, value in enumerate(inputs))
    by_name = {name: input_of(value, name) for name, value in more.items()}
    return node(builder, *values, options(by_name), of=[inputs, more])
