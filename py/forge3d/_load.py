"""Loading of textures: what may be loaded, and how."""

from __future__ import annotations

import asyncio
import os
from typing import Any, cast

from pyodide.ffi import create_proxy, to_js

from ._bridge import awaited, call, core, options_object
from ._convert import check_choice, check_names
from .errors import FileError, InvalidArgumentError, MissingFileError

_LOAD_OPTIONS = frozenset(
    {
        "axis_u",
        "axis_v",
        "color_space",
        "extent",
        "on_progress",
        "origin",
        "placement",
        "preferred_format",
        "quality",
    }
)

_CHOICES = {
    "color_space": ("srgb", "linear"),
    "placement": ("rows_down", "y_up"),
    "quality": ("low", "medium", "high"),
}


async def load(handle: int, path: Any, options: dict[str, Any]) -> dict[str, Any]:
    """Load a texture and give all that the core tells of it."""
    check_names(options, _LOAD_OPTIONS, "load texture")
    for name, choices in _CHOICES.items():
        check_choice(options.get(name), name, choices)
    on_progress = options.get("on_progress")
    report = None
    if on_progress is not None:
        if not callable(on_progress):
            raise InvalidArgumentError(
                f"on_progress must be a function: current value is {on_progress!r}",
                argument="on_progress",
            )

        def tell(progress: Any) -> None:
            on_progress(progress.to_py())

        report = create_proxy(tell)
    abandoned = _abort_controller()
    given = {**options, "on_progress": report, "signal": abandoned.signal}
    try:
        call(core.check_load_options, options_object(given))
        source = _texture_input(path)
        loaded = await awaited(core.load_texture, handle, source, options_object(given))
    except asyncio.CancelledError:
        abandoned.abort()
        raise
    finally:
        if report is not None:
            report.destroy()
    return cast("dict[str, Any]", loaded.to_py())


def _abort_controller() -> Any:
    from js import AbortController

    return AbortController.new()


def _texture_input(path: Any) -> Any:
    if isinstance(path, (bytes, bytearray, memoryview)):
        return to_js(memoryview(path).tobytes())
    try:
        name = os.fspath(path)
    except TypeError:
        raise InvalidArgumentError(
            f"path must be a path or bytes: current value is {path!r}", argument="path"
        ) from None
    name = os.fsdecode(name)
    if not name:
        raise MissingFileError("Cannot load texture as its path is empty", path=name)
    if "\0" in name:
        raise FileError(f"Cannot load texture as its path has a NUL: {name!r}", path=name)
    full = os.path.abspath(name)
    on_host = core.host_path(full)
    if isinstance(on_host, str):
        return on_host
    try:
        with open(full, "rb") as file:
            return to_js(file.read())
    except FileNotFoundError:
        raise MissingFileError(
            f"Cannot load texture as there is no such file: {name}", path=name
        ) from None
    except OSError as error:
        raise FileError(
            f"Cannot load texture as its file cannot be read: {name} ({error.strerror})", path=name
        ) from None
