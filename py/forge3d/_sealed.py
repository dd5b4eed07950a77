"""Classes whose objects have no other attributes than theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ._refused_attributes import offered_options, refused_attribute

__all__ = ["PACKAGE", "Sealed"]

PACKAGE = "forge3d."
"""Where the classes of this package are; others are of callers."""


class Sealed:
    """Refuses attributes that its class does not have; classes of callers may have their own."""

    is_callers: ClassVar[bool] = False
    """Whether the class is one of a caller, whose objects may have attributes of their own."""
    settable: ClassVar[frozenset[str]] = frozenset()
    """Public attributes that can be set; one that can be read alone tells so itself."""

    def __init_subclass__(cls) -> None:
        # What says that it cannot be set, says why.
        own = {name for name, each in vars(cls).items() if hasattr(each, "__set__")}
        cls.settable = cls.settable | own
        cls.is_callers = not cls.__module__.startswith(PACKAGE)

    if not TYPE_CHECKING:
        # Type checkers would take it for a sign that any attribute can be set.
        def __setattr__(self, name: str, value: Any) -> None:
            is_own = self.is_callers and name not in offered_options(type(self))
            if not (is_own or name in self.settable or name.startswith("_")):
                raise refused_attribute(self, name)
            object.__setattr__(self, name, value)
