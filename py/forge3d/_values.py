"""Values of textures: reading them, and ranges of them that are shown."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from itertools import islice
from typing import Any, cast

from ._bridge import awaited, core, options_object
from ._cancelling import abort_when_cancelled
from ._checks import integer, real_number
from .errors import InvalidArgumentError


async def read_values_async(
    place: tuple[int, int], x: Any, y: Any, width: Any, height: Any, level: Any
) -> memoryview[Any]:
    """Return the values of a part of a level, of shape ``(height, width, bands)``."""
    columns, rows = integer(width, "width", least=1), integer(height, "height", least=1)
    rect = [integer(x, "x", least=0), integer(y, "y", least=0), columns, rows]
    request = {"rect": rect, "level": integer(level, "level", least=0)}
    with abort_when_cancelled() as signal:
        options = options_object(request | {"signal": signal})
        packed = await awaited(core.read_values, *place, options)
    content: Any = memoryview(bytearray(packed.bytes.to_bytes()))
    shape = (rows, columns, packed.bands)
    values: memoryview[Any] = content.cast(packed.code, shape)
    return values


def as_array(values: memoryview[Any]) -> Any:
    """Return a numpy array of values where numpy is installed, else the values."""
    if importlib.util.find_spec("numpy") is None:
        return values
    return importlib.import_module("numpy").asarray(values)


# One pair more than there can be: the core tells how many there are at most.
_MOST_PARTS = 5


def range_request(value_range: Any) -> dict[str, Any]:
    """Return the options by which the core is told of a range of values."""
    if value_range is None:
        return {}
    if isinstance(value_range, str):
        return {"value_range": str(value_range)}
    parts = _parts(value_range, value_range)
    if all(isinstance(part, str) for part in parts):
        numbers = [_percentage(part) for part in _pair(parts, value_range)]
        return {"value_range": numbers, "are_percentiles": True}
    if any(_is_listed(part) for part in parts):
        pairs = [_pair(_parts(part, value_range), value_range) for part in parts]
    else:
        pairs = [_pair(parts, value_range)]
    return {"value_range": [real_number(end, "value_range") for pair in pairs for end in pair]}


def _is_listed(value: Any) -> bool:
    return not isinstance(value, str) and hasattr(cast("type[object]", type(value)), "__len__")


def _parts(value: Any, value_range: Any) -> list[Any]:
    """Return the elements of a sequence."""
    try:
        if isinstance(value, (str, bytes)):
            raise TypeError
        return list(islice(cast("Sequence[Any]", value), _MOST_PARTS))
    except (TypeError, ValueError):
        # Such as a buffer that was released.
        raise _refused(value_range) from None


def _pair(parts: list[Any], value_range: Any) -> list[Any]:
    if len(parts) != 2:
        raise _refused(value_range)
    return parts


def _percentage(text: str) -> float:
    try:
        if not text.endswith("%"):
            raise ValueError
        return real_number(float(text[:-1]), "value_range")
    except ValueError:
        raise _refused(text) from None


def _refused(value: Any) -> InvalidArgumentError:
    return InvalidArgumentError(
        'Cannot use value_range as it must be two numbers, two percentages such as ("2%", "98%"), '
        f'"minmax", "percentiles", or two numbers for each band: current value is {value!r}',
        argument="value_range",
    )
