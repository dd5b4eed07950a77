"""Names and choices of options, as the core has them."""

from __future__ import annotations

from typing import Any, TypedDict, cast

from ._bridge import call, core
from ._checks import integer
from .errors import InvalidArgumentError, OutOfRangeError


class OptionNames(TypedDict):
    """What the core reports; see `OptionNames` in ``src/python/option_names.ts``."""

    system: list[str]
    load: list[str]
    choices: dict[str, list[str]]
    arguments: dict[str, str]
    tile_sizes: list[int]


_names: OptionNames | None = None


def option_names() -> OptionNames:
    """Return the names; the core is asked once.

    Raises
    ------
    DisposedError
        If there has been no device yet.
    """
    global _names
    if _names is None:
        _names = cast("OptionNames", call(core.option_names).to_py())
    return _names


def check_names(options: dict[str, Any], known: list[str], action: str) -> None:
    """Refuse options that do not exist."""
    for name in options:
        if name not in known:
            raise InvalidArgumentError(
                f"Cannot {action} as there is no option {name!r}: options are "
                f"{', '.join(sorted(known))}",
                argument=name,
            )


def check_choices(options: dict[str, Any], action: str) -> None:
    """Refuse values that are not among the choices of their options; None is not given."""
    for name, choices in option_names()["choices"].items():
        value = options.get(name)
        if value is None:
            continue
        wanted = (
            f"Cannot {action} as {name} must be one of {', '.join(choices)}: "
            f"current value is {value!r}"
        )
        if not isinstance(value, str):
            raise InvalidArgumentError(wanted, argument=name)
        # The core takes names of formats in either case.
        known = value.upper() if name == "preferred_format" else value
        if known not in choices:
            raise OutOfRangeError(wanted, argument=name)


def checked_tile_size(tile_size: int) -> int:
    """Check a tile size for streaming."""
    least, most = option_names()["tile_sizes"]
    edge = integer(tile_size, "tile_size")
    if edge < least or edge > most or edge & (edge - 1):
        raise OutOfRangeError(
            f"Cannot use tile_size as it must be a power of 2 from {least} to {most}: "
            f"current value is {edge}",
            argument="tile_size",
        )
    return edge
