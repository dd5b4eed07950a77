"""What the package uses of JavaScript's global scope."""

from typing import Any

AbortController: Any
Object: Any
