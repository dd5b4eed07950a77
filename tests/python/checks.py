"""Checks for the tests in Python."""

import contextlib
import re


@contextlib.contextmanager
def raises(kind, pattern=""):
    """Expect an exception of a kind whose message matches."""
    try:
        yield
    except kind as error:
        assert re.search(pattern, str(error)), f"{error!s} does not match {pattern}"
    else:
        raise AssertionError(f"{kind} was not raised")


def close(a, b, tolerance=1e-9):
    """Compare numbers, or rows of numbers."""
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(close(x, y, tolerance) for x, y in zip(a, b, strict=True))
    return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))
