"""Calls that make, read and change objects of the core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Never, Self, cast, overload

from pyodide.ffi import JsProxy

from .._bridge import awaited, call, core
from .._refused_attributes import refused_attribute
from ._loading import ensure_loaded
from ._reference import Reference, keep, take, wrapped
from ._values import camel_case, options, to_core

__all__ = [
    "Made",
    "Reading",
    "Setting",
    "SettingOf",
    "apply",
    "apply_async",
    "from_plain",
    "get",
    "tell",
]


# Looking a function of the core up takes longer than calling it.
_make_object = core.rvt_make
_apply_function = core.rvt_apply
_call_method = core.rvt_call
_get_property = core.rvt_get
_set_property = core.rvt_set


def apply(name: str, *args: Any) -> Any:
    """Call a function of the core, and return its result as it is."""
    ensure_loaded()
    return call(_apply_function, name, *args)


async def apply_async(name: str, *args: Any) -> Any:
    """Call a function of the core, and await its result as it is."""
    await awaited(core.load_engine)
    return await awaited(cast("Callable[..., Any]", _apply_function), name, *args)


def get(target: Reference, name: str) -> Any:
    """Read a property of an object of the core."""
    return call(_get_property, target.core_object, name)


def tell(target: Reference, method: str, *args: Any) -> Any:
    """Call a method of an object of the core."""
    return call(_call_method, target.core_object, method, *args)


def from_plain(value: Any) -> Any:
    """Return a plain value of the core as Python's; objects in it as what refers to them."""
    if not isinstance(value, JsProxy):
        return value
    return cast("Any", value).to_py(default_converter=_converted)


def _converted(core_object: Any, *_: Any) -> Any:
    return wrapped(core_object)


class Made(Reference):
    """Something that is made here, of a class that has the same name in the core."""

    def _make(self, *args: Any) -> None:
        ensure_loaded()
        take(self, call(_make_object, self.core_class, *args))

    def _make_of_options(self, given: Mapping[str, Any], *before: Any) -> None:
        self._make(*before, options(given))
        for name, value in given.items():
            keep(self, name, value)


class Reading[T]:
    """A property that can be read."""

    def __init__(self, doc: str) -> None:
        self.__doc__ = doc
        self.name = self._core_name = ""

    def __set_name__(self, owner: type[Reference], name: str) -> None:
        self.name = name
        self._core_name = camel_case(name)

    @overload
    def __get__(self, target: None, owner: type[Reference]) -> Self: ...
    @overload
    def __get__(self, target: Reference, owner: type[Reference]) -> T: ...
    def __get__(self, target: Reference | None, owner: type[Reference]) -> Self | T:
        if target is None:
            return self
        return cast("T", from_plain(get(target, self._core_name)))

    def __set__(self, target: Reference, value: Never) -> None:
        raise refused_attribute(target, self.name)


class SettingOf[T, Given](Reading[T]):
    """A property that can be set to more than what it is then."""

    def __set__(self, target: Reference, value: Given) -> None:
        call(_set_property, target.core_object, self._core_name, to_core(value, self.name))
        keep(target, self.name, value)


class Setting[T](SettingOf[T, T]):
    """A property that can be set."""
