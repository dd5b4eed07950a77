"""Loading of textures: what may be loaded, and how."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import islice
from typing import Any, cast

from pyodide.ffi import create_proxy, to_js

from ._bridge import awaited, call, core, options_object
from ._callbacks import remembering
from ._cancelling import abort_when_cancelled
from ._checks import file_name, integer
from ._convert import byte_string, flat_numbers
from ._option_names import check_choices, check_names, option_names
from .errors import FileError, InvalidArgumentError, MissingFileError
from .options import TexturePath
from .region_source import RegionSource, TextureInput
from .results import DescribedTexture


async def load_async(handle: int, path: TextureInput, options: dict[str, Any]) -> DescribedTexture:
    """Load a texture and return everything that the core reports of it."""
    path, options = _source_of(path, options)
    check_names(options, option_names()["load"], "load texture")
    check_choices(options, "load texture")
    given = {
        **options,
        **_placement_numbers(options),
        **_image_numbers(options),
        **_picture_numbers(options),
        **_wrap_modes(options),
    }
    on_progress = options.get("on_progress")
    report = None
    if on_progress is not None:
        if not callable(on_progress):
            raise InvalidArgumentError(
                f"Cannot use on_progress as it must be a function: "
                f"current value is {on_progress!r}",
                argument="on_progress",
            )

        def tell(progress: Any) -> None:
            on_progress(progress.to_py())

        report = create_proxy(remembering(tell))
    try:
        with abort_when_cancelled() as signal:
            given |= {"on_progress": report, "signal": signal}
            call(core.check_load_options, options_object(given))
            if isinstance(path, RegionSource):
                read = create_proxy(path.answer)
                regions = options_object(path.describe())
                load = core.load_regions
                loaded = await awaited(load, handle, read, regions, options_object(given))
            else:
                source = host_input(path, "load texture")
                loaded = await awaited(core.load_texture, handle, source, options_object(given))
    finally:
        if report is not None:
            report.destroy()
    return cast("DescribedTexture", loaded.to_py())


# What only a function needs to be told.
_REGION_OPTIONS = ("size", "format", "levels", "premultiplied", "name")


def _source_of(
    path: TextureInput, options: dict[str, Any]
) -> tuple[TexturePath | RegionSource, dict[str, Any]]:
    """Return a function with its options as a source, and the options that are left."""
    told = {name: options[name] for name in _REGION_OPTIONS if options.get(name) is not None}
    rest = {name: value for name, value in options.items() if name not in _REGION_OPTIONS}
    if isinstance(path, RegionSource) or not callable(path):
        for name in told:
            raise InvalidArgumentError(
                f"Cannot load texture as {name} is an option of functions alone: {path!r} says it "
                "itself",
                argument=name,
            )
        return path, rest
    if "size" not in told:
        raise InvalidArgumentError(
            "Cannot load texture as a function needs size=(width, height), and format=, such as "
            f"'rgba8': current value of size is None, of {path!r}",
            argument="size",
        )
    return RegionSource(path, color_space=options.get("color_space"), **told), rest


# How many numbers each of these options holds.
_PLACEMENT_NUMBERS = {"origin": 3, "extent": 2, "axis_u": 3, "axis_v": 3}


def _placement_numbers(options: dict[str, Any]) -> dict[str, list[float]]:
    """Return those options that hold numbers, flattened."""
    return {
        name: flat_numbers(options[name], count, name)
        for name, count in _PLACEMENT_NUMBERS.items()
        if options.get(name) is not None
    }


def _picture_numbers(options: dict[str, Any]) -> dict[str, Any]:
    """Return those options that choose a page and bands, as integers of Python."""
    numbers: dict[str, Any] = {}
    if options.get("page") is not None:
        numbers["page"] = integer(options["page"], "page", 0)
    bands = options.get("bands")
    if bands is not None:
        numbers["bands"] = [integer(band, "bands", 1) for band in _listed_bands(bands)]
    return numbers


# One more than there can be: the core tells how many there are at most, and a sequence may not end.
_MOST_LISTED = 5


def _listed_bands(bands: Any) -> list[Any]:
    """Return the elements of a sequence."""
    try:
        if isinstance(bands, (str, bytes)):
            raise TypeError
        return list(islice(bands, _MOST_LISTED))
    except (TypeError, ValueError):
        # Such as a buffer that was released.
        raise InvalidArgumentError(
            f"Cannot load texture as bands must be a sequence of integers: "
            f"current value is {bands!r}",
            argument="bands",
        ) from None


def _wrap_modes(options: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the modes of both axes, if there is one for each; the core checks which there are."""
    wrap = options.get("wrap")
    if not isinstance(wrap, (list, tuple)):
        return {}
    modes = cast("Sequence[Any]", wrap)
    if not all(isinstance(mode, str) for mode in modes):
        raise InvalidArgumentError(
            f"Cannot load texture as wrap must be a text or two of them, for u and v: "
            f"current value is {wrap!r}",
            argument="wrap",
        )
    return {"wrap": [str(mode) for mode in modes]}


# Which image of a file with several.
_IMAGE_NUMBERS = ("layer", "face", "slice")


def _image_numbers(options: dict[str, Any]) -> dict[str, int]:
    """Return those options that choose an image, as integers of Python."""
    return {
        name: integer(options[name], name, 0)
        for name in _IMAGE_NUMBERS
        if options.get(name) is not None
    }


def host_input(path: TexturePath, action: str) -> Any:
    """Return what the core reads of a file: its path on the host, or its bytes.

    Parameters
    ----------
    path : str, os.PathLike or bytes
        The file, or its content.
    action : str
        What cannot be done without it, for messages.

    Raises
    ------
    InvalidArgumentError
        If it is neither a path nor bytes.
    FileError
        If there is no such file, or it cannot be read.
    """
    if isinstance(path, (bytes, bytearray, memoryview)):
        return to_js(byte_string(path, "path"))
    try:
        name = file_name(path, "path")
    except InvalidArgumentError:
        raise InvalidArgumentError(
            f"Cannot use path as it must be a path or bytes: current value is {path!r}",
            argument="path",
        ) from None
    if not name:
        raise MissingFileError(f"Cannot {action} as its path is empty", path=name)
    if "\0" in name:
        raise FileError(f"Cannot {action} as its path has a NUL: {name!r}", path=name)
    full = os.path.abspath(name)
    on_host = core.host_path(full)
    if isinstance(on_host, str):
        return on_host
    try:
        with open(full, "rb") as file:
            return to_js(file.read())
    except FileNotFoundError:
        raise MissingFileError(
            f"Cannot {action} as there is no such file: {name}", path=name
        ) from None
    except OSError as error:
        raise FileError(
            f"Cannot {action} as its file cannot be read: {name} ({error.strerror})", path=name
        ) from None
    except UnicodeEncodeError:
        raise FileError(f"Cannot {action} as its path is no text: {name!r}", path=name) from None
