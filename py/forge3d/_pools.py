"""Sizes of pools, on a system given by its handle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from ._bridge import awaited, call, core
from .errors import InvalidArgumentError
from .options import PoolConfig

__all__ = ["configure_pools_async", "pool_config"]


def pool_config(handle: int) -> PoolConfig:
    """Return the sizes that are in force."""
    return cast("PoolConfig", json.loads(call(core.pool_config, handle)))


async def configure_pools_async(handle: int, config: PoolConfig | str) -> None:
    """Set sizes of pools, given as they are or as the text of a file of settings."""
    if isinstance(config, str):
        await awaited(core.configure_pools, handle, str(config), True)
        return
    try:
        if not isinstance(config, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError
        text = json.dumps(dict(config), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise InvalidArgumentError(
            f"Cannot configure pools as config must be a dictionary of numbers, text and lists, or "
            f"the text of a file of settings: current value is {config!r:.80}",
            argument="config",
        ) from None
    await awaited(core.configure_pools, handle, text, False)
