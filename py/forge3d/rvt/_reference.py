"""Objects of the core that Python refers to."""

from __future__ import annotations

from typing import Any, ClassVar
from weakref import WeakValueDictionary

__all__ = ["Reference", "refer", "take", "wrapped"]

# Classes of callers are no classes of the core.
_PACKAGE = "forge3d.rvt."
_kinds: dict[str, type[Reference]] = {}


class Reference:
    """Something that the core has made. It lives in the core for as long as it is used here."""

    core_object: Any
    """The core's own object, for calls into the core."""
    is_unique: ClassVar[bool] = True
    """Whether two that refer to the same object are the same here, too."""

    core_class: ClassVar[str] = ""
    """Name of the class in the core: that of the class here, or of the one that it extends."""

    def __init_subclass__(cls) -> None:
        if cls.__module__.startswith(_PACKAGE):
            cls.core_class = cls.__name__
            _kinds[cls.__name__] = cls


# By the number that JavaScript's object has for as long as one of these refers to it.
_alive: WeakValueDictionary[int, Reference] = WeakValueDictionary()


def take(reference: Reference, core_object: Any) -> None:
    """Make something refer to an object of the core."""
    reference.core_object = core_object
    if reference.is_unique:
        _alive[core_object.js_id] = reference


def refer[T: Reference](kind: type[T], core_object: Any) -> T:
    """Return what refers to an object of the core."""
    if kind.is_unique:
        known = _alive.get(core_object.js_id)
        if isinstance(known, kind):
            return known
    made = kind.__new__(kind)
    take(made, core_object)
    return made


def wrapped(core_object: Any) -> Any:
    """Return what refers to an object of the core, whatever it is."""
    known = _alive.get(core_object.js_id)
    if known is not None:
        return known
    kind = _kinds.get(str(core_object.constructor.name))
    return core_object if kind is None else refer(kind, core_object)
