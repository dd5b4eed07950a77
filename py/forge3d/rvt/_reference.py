"""Objects of the core that Python refers to."""

from __future__ import annotations

from typing import Any, ClassVar, Never, cast
from weakref import WeakValueDictionary

from .._sealed import Sealed
from ..errors import InvalidArgumentError

__all__ = ["Reference", "forget", "keep", "kept_for", "refer", "take", "wrapped"]

_kinds: dict[str, type[Reference]] = {}


class Reference(Sealed):
    """Something that the core has made. It lives in the core for as long as it is used here."""

    core_object: Any
    """The core's own object, for calls into the core."""
    is_unique: ClassVar[bool] = True
    """Whether two that refer to the same object are the same here, too."""

    is_part: ClassVar[bool] = False
    """Whether it is a part of a graph: what is made of it keeps what it keeps, not the part itself.

    Graphs may be deeper than a chain of objects that free each other.
    """

    core_class: ClassVar[str] = ""
    """Name of the class in the core: that of the class here, or of the one that it extends."""
    settable = frozenset({"core_object"})
    making: ClassVar[str] = ""
    """What makes one, if not its class."""

    def __init__(self) -> None:
        # Those that their class makes have one of their own.
        name = type(self).__name__
        raise InvalidArgumentError(
            f"Cannot make {name} as its class alone makes none: {self.making}", argument=name
        )

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Classes of callers are no classes of the core.
        if not cls.is_callers:
            cls.core_class = cls.__name__
            _kinds[cls.__name__] = cls

    def __copy__(self) -> Never:
        raise self._not_copied("copy")

    def __deepcopy__(self, memo: object) -> Never:
        raise self._not_copied("copy")

    def __reduce_ex__(self, protocol: object) -> Never:
        raise self._not_copied("pickle")

    def _not_copied(self, act: str) -> InvalidArgumentError:
        is_made = type(self).__init__ is not Reference.__init__
        making = f"make another one by {type(self).__name__}(…)" if is_made else self.making
        return InvalidArgumentError(
            f"Cannot {act} {self!r} as it stands for an object outside of Python: {making}"
        )


# Lists and dictionaries in each other; one may hold itself.
_MOST_DEEP = 4
_WITHOUT_REFERENCES = frozenset((bool, int, float, str))


def _references_in(value: object, depth: int = _MOST_DEEP) -> list[Reference]:
    if isinstance(value, Reference):
        return [value]
    if depth == 0:
        return []
    if isinstance(value, dict):
        value = [*cast("dict[Any, object]", value).values()]
    if not isinstance(value, (list, tuple)):
        return []
    parts = cast("list[object]", value)
    return [each for part in parts for each in _references_in(part, depth - 1)]


def keep(holder: Reference, what: object, value: object) -> None:
    """Keep the objects in what something was set to, for as long as it is.

    Else those that callers do not keep would lose what callers gave them: class and attributes.
    """
    if type(value) in _WITHOUT_REFERENCES:
        return
    kept: dict[object, list[Reference]] = vars(holder).setdefault("_kept", {})
    references = _whole(_references_in(value))
    if references:
        kept[what] = references
    else:
        kept.pop(what, None)


def _whole(references: list[Reference]) -> list[Reference]:
    """Return references without parts of graphs, but with what those keep; each of them once."""
    if not any(each.is_part for each in references):
        return references
    lists = [
        kept
        for each in references
        for kept in (vars(each).get("_kept", {}).values() if each.is_part else [[each]])
    ]
    # Most nodes are made of what one of their inputs was made of.
    if len(lists) <= 1:
        return lists[0] if lists else []
    return [*{id(each): each for kept in lists for each in kept}.values()]


def kept_for(holder: Reference, what: object) -> list[Reference]:
    """Return what is kept of what something was set to."""
    kept: dict[object, list[Reference]] = vars(holder).get("_kept", {})
    return kept.get(what, [])


def forget(holder: Reference, what: object = None) -> None:
    """Keep no more what something was set to, or all."""
    kept: dict[object, list[Reference]] = vars(holder).get("_kept", {})
    if what is None:
        kept.clear()
    else:
        kept.pop(what, None)


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
