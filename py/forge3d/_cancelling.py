"""Cancels what the core does when a task that waits for it is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

__all__ = ["abort_when_cancelled"]


@contextmanager
def abort_when_cancelled() -> Generator[Any]:
    """Give a signal for the core, which is aborted when the task is cancelled meanwhile."""
    from js import AbortController

    cancelled = AbortController.new()
    try:
        yield cancelled.signal
    except asyncio.CancelledError:
        cancelled.abort()
        raise
