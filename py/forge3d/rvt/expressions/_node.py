"""The nodes of a material's graph, with operators."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Any, cast

from ..._convert import Numbers
from ...errors import InvalidArgumentError
from .._core import apply, from_plain, get
from .._reference import Reference, keep, refer
from .._values import to_core

__all__ = ["Expression", "ExpressionInput", "input_of", "made", "node"]


class Expression(Reference):
    """A value of a material's graph: one to four 32-bit floating-point numbers.

    The functions of :mod:`forge3d.rvt.expressions` make them, and so do operators, with other
    expressions and with numbers:

    - ``a + b``, ``a - b``, ``a * b``, ``a / b`` (0 where b is 0), ``a % b``, ``a // b``, ``-a``,
      ``abs(a)``;
    - ``a ** b``: a product where b is a constant integer from -16 to 16; with other exponents 0
      where a is not above 0, as :func:`~forge3d.rvt.expressions.power` is always;
    - masks, which are 1 where they hold, else 0: ``a > b``, ``a >= b``, ``a < b``, ``a <= b``;
    - of masks ``a & b`` (the lesser), ``a | b`` (the greater) and ``~a`` (1 - a);
    - components: ``a.x``, ``a.xy``, ``a["yx"]``, ``x, y = uv``.

    Where one side has one component, it stands for as many equal ones as the other has. Expressions
    have no truth value, and ``==`` asks whether two are the same node: take
    :func:`~forge3d.rvt.expressions.lerp` by a mask to choose.

    Examples
    --------
    >>> height = world_position().z
    >>> (height > 0.4).components
    1
    """

    making = "the functions of forge3d.rvt.expressions and operators make expressions"

    # An array on the left leaves its operators to this class.
    __array_ufunc__ = None
    is_unique = False
    is_part = True

    @property
    def kind(self) -> str:
        """Which kind of node, such as ``"operation"``."""
        return str(self.core_object.kind)

    @property
    def components(self) -> int:
        """Numbers of its value, 1 to 4."""
        return int(self.core_object.components)

    @property
    def name(self) -> str | None:
        """What messages call it; None where they call it by its kind."""
        name: str | None = from_plain(get(self, "name"))
        return name

    @property
    def inputs(self) -> tuple[Expression, ...]:
        """The nodes that it computes with."""
        return tuple(refer(Expression, each) for each in self.core_object.inputs)

    def __repr__(self) -> str:
        what = getattr(self.core_object, "operation", self.kind)
        return f"<forge3d.rvt.Expression {what}, {self.components} components>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return bool(self.core_object.js_id == other.core_object.js_id)

    def __hash__(self) -> int:
        return hash(self.core_object.js_id)

    def __bool__(self) -> bool:
        raise InvalidArgumentError(
            "Cannot use an expression as true or false as its value is known on the GPU alone: "
            "choose by lerp(a, b, mask), and join masks by & and |",
            argument="expression",
        )

    def __add__(self, other: ExpressionInput) -> Expression:
        return made("add", self, other)

    def __radd__(self, other: ExpressionInput) -> Expression:
        return made("add", other, self)

    def __sub__(self, other: ExpressionInput) -> Expression:
        return made("subtract", self, other)

    def __rsub__(self, other: ExpressionInput) -> Expression:
        return made("subtract", other, self)

    def __mul__(self, other: ExpressionInput) -> Expression:
        return made("multiply", self, other)

    def __rmul__(self, other: ExpressionInput) -> Expression:
        return made("multiply", other, self)

    def __truediv__(self, other: ExpressionInput) -> Expression:
        return made("divide", self, other)

    def __rtruediv__(self, other: ExpressionInput) -> Expression:
        return made("divide", other, self)

    def __floordiv__(self, other: ExpressionInput) -> Expression:
        return made("floor", self / other)

    def __rfloordiv__(self, other: ExpressionInput) -> Expression:
        return made("floor", other / self)

    def __mod__(self, other: ExpressionInput) -> Expression:
        return self - other * (self // other)

    def __rmod__(self, other: ExpressionInput) -> Expression:
        return other - self * (other // self)

    def __pow__(self, other: ExpressionInput) -> Expression:
        exponent = _constant_integer(other)
        if exponent is None or abs(exponent) > _MOST_FACTORS:
            return made("power", self, other)
        if exponent < 0:
            return 1 / self._multiplied(-exponent)
        return self._multiplied(exponent)

    def _multiplied(self, times: int) -> Expression:
        """Return the value multiplied by itself, which has its sign."""
        if times == 0:
            return node("constant", to_core([1.0] * self.components, "values"))
        half = self if times == 1 else self._multiplied(times // 2)
        even = self if times == 1 else half * half
        return even * self if times > 1 and times % 2 == 1 else even

    def __rpow__(self, other: ExpressionInput) -> Expression:
        return made("power", other, self)

    def __neg__(self) -> Expression:
        return made("subtract", 0, self)

    def __pos__(self) -> Expression:
        return self

    def __abs__(self) -> Expression:
        return made("absolute", self)

    def __ge__(self, other: ExpressionInput) -> Expression:
        return _at_least(self, other)

    def __le__(self, other: ExpressionInput) -> Expression:
        return _at_least(other, self)

    def __gt__(self, other: ExpressionInput) -> Expression:
        return ~_at_least(other, self)

    def __lt__(self, other: ExpressionInput) -> Expression:
        return ~_at_least(self, other)

    def __and__(self, other: ExpressionInput) -> Expression:
        return made("minimum", self, other)

    def __rand__(self, other: ExpressionInput) -> Expression:
        return made("minimum", other, self)

    def __or__(self, other: ExpressionInput) -> Expression:
        return made("maximum", self, other)

    def __ror__(self, other: ExpressionInput) -> Expression:
        return made("maximum", other, self)

    def __invert__(self) -> Expression:
        return made("oneMinus", self)

    def __getitem__(self, channels: str) -> Expression:
        return node("componentMask", self.core_object, to_core(channels, "channels"), of=self)

    def __iter__(self) -> Iterator[Expression]:
        return (self[channel] for channel in "xyzw"[: self.components])

    @property
    def x(self) -> Expression:
        """The first component."""
        return self["x"]

    @property
    def y(self) -> Expression:
        """The second component."""
        return self["y"]

    @property
    def z(self) -> Expression:
        """The third component."""
        return self["z"]

    @property
    def w(self) -> Expression:
        """The fourth component."""
        return self["w"]

    @property
    def xy(self) -> Expression:
        """The first two components."""
        return self["xy"]

    @property
    def xyz(self) -> Expression:
        """The first three components."""
        return self["xyz"]

    def named(self, name: str) -> Expression:
        """Return the same node with a name, which messages about it use.

        Raises
        ------
        TypeError, ValueError
            If the name is no text, empty, or longer than 120 characters.
        """
        return node("named", self.core_object, to_core(name, "name"), of=self)


# Factors of the longest product that a power becomes.
_MOST_FACTORS = 16

type ExpressionInput = Expression | float | Numbers
"""An expression, a number, or one to four numbers."""


def input_of(value: Any, name: str) -> Any:
    """Return what builders of the core take for an input."""
    if isinstance(value, Expression):
        return value.core_object
    if value is None:
        raise InvalidArgumentError(
            f"Cannot make expression as {name} must be an expression, a number or 1 to 4 numbers: "
            f"current value is None",
            argument=name,
        )
    return to_core(value, name)


def node(builder: str, *args: Any, of: object = None) -> Expression:
    """Make a node by a builder, of what the core takes; it keeps what it is made of."""
    made_node = refer(Expression, apply(builder, *args))
    keep(made_node, "of", of)
    return made_node


def made(builder: str, *inputs: ExpressionInput) -> Expression:
    """Make a node by a builder that takes inputs alone."""
    values = (input_of(value, f"input {index}") for index, value in enumerate(inputs))
    return node(builder, *values, of=inputs)


def _constant_integer(value: ExpressionInput) -> int | None:
    """Return an integer that is known now, as a number or a constant; else None."""
    if isinstance(value, Expression) and value.kind == "constant" and value.components == 1:
        value = float(value.core_object.values[0])
    if hasattr(type(value), "__index__") and not isinstance(value, bool):
        return operator.index(cast("int", value))
    return int(value) if isinstance(value, float) and value.is_integer() else None


def _at_least(value: ExpressionInput, edge: ExpressionInput) -> Expression:
    from .arithmetic import step

    return step(value, edge)
