"""Updates: the camera to the core and the result back, through memory that both share."""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Any

from pyodide.ffi import JsException, can_run_sync, run_sync

from ._bridge import core
from ._convert import column_major, flat_numbers, real_number, texture_or_all
from .errors import OutOfRangeError, from_core

DEFAULT_TIME_BUDGET_MS = 16.0
"""How long an update waits at most for the tiles that it asked for."""

# As in the core's layout: position, which of the rest are there, viewport, view, projection.
_CAMERA = Struct("<40d")
_CAMERA_NUMBERS: Any = memoryview(bytearray(_CAMERA.size)).cast("d")
_NO_MATRIX = [0.0] * 16
_NO_VIEWPORT = [0.0, 0.0]
_FIELDS: tuple[str, ...] = tuple(core.update_fields().to_py())
_RESULT_NUMBERS = memoryview(bytearray(8 * len(_FIELDS))).cast("d")
_put_numbers = core.camera.assign
_take_numbers = core.results.assign_to
_update = core.update
_TIME_INDEX = _FIELDS.index("update_time_ms")
_WAIT_FOR_ALL = -1.0


def update(
    handle: int,
    camera: Any,
    view: Any,
    proj: Any,
    texture_handle: int | None,
    viewport: Any,
    time_budget_ms: float | None,
) -> dict[str, int | float]:
    """Stream for a camera, waiting for the tiles where that is possible."""
    put_camera(camera, view, proj, viewport)
    texture = texture_or_all(texture_handle)
    try:
        promise = _update(handle, texture, _time_budget(time_budget_ms), can_run_sync())
        take = _take_numbers if promise is None else run_sync(promise).assign_to
    except JsException as error:
        raise from_core(error) from None
    return _result_dict(take)


async def update_async(
    handle: int,
    camera: Any,
    view: Any,
    proj: Any,
    texture_handle: int | None,
    viewport: Any,
    time_budget_ms: float | None,
) -> dict[str, int | float]:
    """Stream for a camera, awaiting the tiles."""
    put_camera(camera, view, proj, viewport)
    budget = _time_budget(time_budget_ms)
    texture = texture_or_all(texture_handle)
    try:
        promise = _update(handle, texture, budget, True)
        take = _take_numbers if promise is None else (await promise).assign_to
    except JsException as error:
        raise from_core(error) from None
    return _result_dict(take)


def put_camera(camera: Any, view: Any, proj: Any, viewport: Any) -> None:
    """Leave a camera where the core looks for it."""
    position = flat_numbers(camera, 3, "camera_position")
    view_columns = column_major(view, "view_matrix")
    proj_columns = column_major(proj, "projection_matrix")
    size = None if viewport is None else _viewport(viewport)
    _CAMERA.pack_into(
        _CAMERA_NUMBERS,
        0,
        *position,
        view_columns is not None,
        proj_columns is not None,
        size is not None,
        *(size or _NO_VIEWPORT),
        *(view_columns or _NO_MATRIX),
        *(proj_columns or _NO_MATRIX),
    )
    _put_numbers(_CAMERA_NUMBERS)


def _viewport(viewport: Any) -> list[float]:
    size = flat_numbers(viewport, 2, "viewport")
    if min(size) <= 0:
        raise OutOfRangeError(
            f"viewport must be positive: current value is {size[0]:g} x {size[1]:g}",
            argument="viewport",
        )
    return size


def _time_budget(time_budget_ms: float | None) -> float:
    if time_budget_ms is None:
        return _WAIT_FOR_ALL
    budget = real_number(time_budget_ms, "time_budget_ms")
    if budget < 0:
        raise OutOfRangeError(
            f"time_budget_ms must be >= 0, or None: current value is {budget}",
            argument="time_budget_ms",
        )
    return budget


def _result_dict(take: Callable[[Any], None]) -> dict[str, int | float]:
    take(_RESULT_NUMBERS)
    values = _RESULT_NUMBERS.tolist()
    packed: dict[str, int | float] = dict(zip(_FIELDS, map(int, values), strict=True))
    packed["update_time_ms"] = values[_TIME_INDEX]
    return packed
