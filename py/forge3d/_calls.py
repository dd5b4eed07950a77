"""Calls that may wait, on a system given by its handle, each beside its async version.

The camera of an update reaches the core, and the result comes back, through memory that both share.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Any, cast

from pyodide.ffi import JsException, run_sync

from ._bridge import awaited, can_wait, core, options_object, wait
from ._checks import real_number, texture_number, texture_or_all
from ._convert import Numbers, column_major, flat_numbers
from ._from_core import from_core
from ._option_names import check_choices
from .errors import InvalidArgumentError, OutOfRangeError
from .results import UpdateResult

DEFAULT_TIME_BUDGET_MS = 16.0
"""Longest time that an update waits for the tiles that it requested."""

# As in the core's layout: position, which of the others are present, viewport, view, projection.
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
    camera: Numbers,
    view: Numbers | None,
    proj: Numbers | None,
    texture_handle: int | None,
    viewport: Numbers | None,
    time_budget_ms: float | None,
) -> UpdateResult:
    """Stream for a camera, waiting for the tiles where that is possible."""
    put_camera(camera, view, proj, viewport)
    texture = texture_or_all(texture_handle)
    try:
        promise = _update(handle, texture, _time_budget(time_budget_ms), can_wait())
        take = _take_numbers if promise is None else run_sync(promise).assign_to
    except JsException as error:
        raise from_core(error) from None
    return _result_dict(take)


async def update_async(
    handle: int,
    camera: Numbers,
    view: Numbers | None,
    proj: Numbers | None,
    texture_handle: int | None,
    viewport: Numbers | None,
    time_budget_ms: float | None,
) -> UpdateResult:
    """Async version of :func:`update`."""
    put_camera(camera, view, proj, viewport)
    budget = _time_budget(time_budget_ms)
    texture = texture_or_all(texture_handle)
    try:
        promise = _update(handle, texture, budget, True)
        take = _take_numbers if promise is None else (await promise).assign_to
    except JsException as error:
        raise from_core(error) from None
    return _result_dict(take)


def flush(handle: int) -> bool:
    """Wait until nothing is pending."""
    return wait(flush_async(handle), "VirtualTextureSystem.flush_async()")


async def flush_async(handle: int) -> bool:
    """Async version of :func:`flush`."""
    return bool(await awaited(core.flush, handle))


async def unload_async(handle: int, texture_handle: int) -> None:
    """Unload a texture."""
    await awaited(core.unload_texture, handle, texture_number(texture_handle))


async def render_async(
    handle: int,
    camera: Numbers,
    view: Numbers,
    proj: Numbers | None,
    texture_handle: int | None,
    options: dict[str, Any],
) -> bytes:
    """Draw what is resident and return the bytes of the picture."""
    texture = texture_or_all(texture_handle)
    check_choices(options, "render")
    given = options_object(options)
    put_render_camera(camera, view, proj)
    data = await awaited(core.render, handle, texture, given)
    return cast("bytes", data.to_bytes())


def put_camera(
    camera: Numbers, view: Numbers | None, proj: Numbers | None, viewport: Numbers | None
) -> None:
    """Write a camera to where the core reads it."""
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


def put_render_camera(camera: Numbers, view: Numbers, proj: Numbers | None) -> None:
    """Write the camera of a picture, which has a view, to where the core reads it."""
    if column_major(view, "view_matrix") is None:
        raise InvalidArgumentError(
            "Cannot render as view_matrix must be given: current value is None",
            argument="view_matrix",
        )
    put_camera(camera, view, proj, None)


def _viewport(viewport: Numbers) -> list[float]:
    size = flat_numbers(viewport, 2, "viewport")
    if min(size) <= 0:
        raise OutOfRangeError(
            f"Cannot use viewport as it must be positive: "
            f"current value is {size[0]:g} x {size[1]:g}",
            argument="viewport",
        )
    return size


def _time_budget(time_budget_ms: float | None) -> float:
    if time_budget_ms is None:
        return _WAIT_FOR_ALL
    budget = real_number(time_budget_ms, "time_budget_ms")
    if budget < 0:
        raise OutOfRangeError(
            f"Cannot use time_budget_ms as it must be >= 0, or None: current value is {budget}",
            argument="time_budget_ms",
        )
    return budget


def _result_dict(take: Callable[[Any], None]) -> UpdateResult:
    take(_RESULT_NUMBERS)
    values = _RESULT_NUMBERS.tolist()
    packed: dict[str, int | float] = dict(zip(_FIELDS, map(int, values), strict=True))
    packed["update_time_ms"] = values[_TIME_INDEX]
    return cast("UpdateResult", packed)
