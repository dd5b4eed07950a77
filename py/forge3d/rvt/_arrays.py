"""Rows of numbers and matrices of the core, as Python has them."""

from __future__ import annotations

from typing import Any

from ..camera import Matrix

__all__ = ["array_of", "matrix_of"]


def array_of(numbers: Any, shape: tuple[int, ...]) -> memoryview[Any]:
    """Return a copy of a typed array, with a shape."""
    copied: Any = numbers.to_py()
    shaped: memoryview[Any] = copied.cast("B").cast(copied.format, shape)
    return shaped


def matrix_of(columns: Any) -> Matrix:
    """Return a matrix of 16 numbers, which the core has column by column, as rows."""
    a, b, c, d = (tuple(float(number) for number in columns[row::4]) for row in range(4))
    return (a, b, c, d)  # type: ignore[return-value]
