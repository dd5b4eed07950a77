"""The console of a scene: commands, variables, and statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict, cast

from ..._bridge import awaited, core, wait
from ...errors import InvalidArgumentError
from .._core import Made, Reading, from_plain, tell
from .._reference import refer
from .._values import ByName, by_name, options, to_core
from ..scene import RuntimeVirtualTextureScene

__all__ = ["ConsoleVariable", "VirtualTextureConsole", "console_of"]

type Scalability = Mapping[str, Mapping[str, float]]
"""Values of variables by their names, for each level by its name."""


class ConsoleVariable(TypedDict):
    """A variable of a console.

    Attributes
    ----------
    name : str
        Its name, with its group unless that is 0.
    value, default_value : float
        Its value now, and until it is set.
    in_force : float
        What is in force: the value, but 1 or the system's ``max_anisotropy`` for
        ``r.VT.MaxAnisotropy`` until it is set.
    range : list of two numbers
        Least and largest value.
    is_integer : bool
        Whether values are integers.
    set_by : {"default", "scalability", "options", "console"}
        What has set it.
    help : str
        What it does.
    """

    name: str
    value: float
    default_value: float
    in_force: float
    range: list[float]
    is_integer: bool
    set_by: Literal["default", "scalability", "options", "console"]
    help: str


class VirtualTextureConsole(Made):
    """Commands and variables of runtime virtual textures, and statistics.

    Borrows the scene and its system, whose options the variables are. Commands are ``r.VT.Flush``,
    ``stat virtualtexturing``, ``stat virtualtexturememory`` and ``help``; ``NAME``, ``NAME ?`` and
    ``NAME VALUE`` print, explain and set a variable. Consoles of one scene are one, and all
    variables but ``r.VT.RVT.TileCountBias`` are those of the system. Making a console changes no
    picture: textures are filtered trilinearly until ``r.VT.MaxAnisotropy`` (8 by default) is set.

    Parameters
    ----------
    scene : RuntimeVirtualTextureScene
        The scene that it is of.
    scalability : dict of str to dict of str to float, optional
        Values of variables by scalability level, such as ``{"low": {"r.VT.PoolSizeScale": 0.5}}``.

    Raises
    ------
    TypeError
        If it is not a scene, or an option is of the wrong type.
    ValueError
        For a level with a variable that does not exist, or a value out of its range.
    DisposedError
        If the scene or its system was closed.

    Examples
    --------
    Fewer tiles in an update, and half the memory::

        console = VirtualTextureConsole(scene)
        console.exec("r.VT.MaxUploadsPerFrame 4; r.VT.PoolSizeScale 0.5")
        print(console.exec("stat virtualtexturememory"))
    """

    scalability_level = Reading[str | None]("The scalability level in force; None for none.")

    def __init__(
        self, scene: RuntimeVirtualTextureScene, *, scalability: Scalability | None = None
    ) -> None:
        if not isinstance(scene, RuntimeVirtualTextureScene):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidArgumentError(
                f"Cannot make console as scene must be a RuntimeVirtualTextureScene: "
                f"current value is {scene!r:.80}",
                argument="scene",
            )
        levels = None if scalability is None else _levels(scalability)
        self._scene = scene
        self._make(scene.core_object, options({"scalability": levels}))

    def __repr__(self) -> str:
        return f"<forge3d.rvt.VirtualTextureConsole of {self.scene!r}>"

    @property
    def scene(self) -> RuntimeVirtualTextureScene:
        """The scene that it is of."""
        return self._scene

    @property
    def scalability(self) -> dict[str, dict[str, float]]:
        """Values of variables by scalability level."""
        # As they are, as names of variables are no names of options.
        return cast("dict[str, dict[str, float]]", from_plain(self.core_object.scalability))

    def exec(self, commands: str) -> str:
        """Run commands, one after the other, and return what they print.

        Parameters
        ----------
        commands : str
            Parted by line ends, semicolons or commas; case does not matter. All of them are read
            before the first one is run.

        Raises
        ------
        TypeError
            If they are not text, or a value is not a number.
        ValueError
            For a command or variable that does not exist, or a value that is not allowed; nothing
            changes then.
        DisposedError
            If the scene or its system was closed.
        """
        return wait(self.exec_async(commands), "VirtualTextureConsole.exec_async()")

    async def exec_async(self, commands: str) -> str:
        """Async version of :meth:`exec`."""
        return str(await self._waiting("exec", to_core(commands, "commands")))

    def variables(self) -> list[ConsoleVariable]:
        """Return every variable; those of scalability groups for each group that is in use."""
        return cast("list[ConsoleVariable]", from_plain(tell(self, "variables")))

    def get(self, name: str) -> float:
        """Return the value of a variable.

        Parameters
        ----------
        name : str
            In any case; ``NAME.Group<x>`` for a scalability group, which is 0 without.

        Raises
        ------
        TypeError, ValueError
            If there is no such variable.
        """
        return cast("float", tell(self, "get", to_core(name, "name")))

    def set(self, name: str, value: float) -> None:
        """Set a variable, whatever a scalability level says of it.

        Raises
        ------
        TypeError, ValueError
            If there is no such variable, or the value is out of its range; nothing changes then.
        DisposedError
            If the scene or its system was closed.
        """
        wait(self.set_async(name, value), "VirtualTextureConsole.set_async()")

    async def set_async(self, name: str, value: float) -> None:
        """Async version of :meth:`set`."""
        await self._waiting("set", to_core(name, "name"), to_core(value, "value"))

    def reset(self, name: str) -> None:
        """Give a variable the value that it has if nothing but the scalability level sets it.

        Raises
        ------
        TypeError, ValueError, DisposedError
            As of :meth:`set`.
        """
        wait(self.reset_async(name), "VirtualTextureConsole.reset_async()")

    async def reset_async(self, name: str) -> None:
        """Async version of :meth:`reset`."""
        await self._waiting("reset", to_core(name, "name"))

    def set_scalability_level(self, level: str | None) -> None:
        """Put a scalability level into force, or none; what the console has set stays.

        Raises
        ------
        TypeError, ValueError
            If there is no such level; nothing changes then.
        DisposedError
            If the scene or its system was closed.
        """
        setting = self.set_scalability_level_async(level)
        wait(setting, "VirtualTextureConsole.set_scalability_level_async()")

    async def set_scalability_level_async(self, level: str | None) -> None:
        """Async version of :meth:`set_scalability_level`."""
        await self._waiting("setScalabilityLevel", to_core(level, "level"))

    def flush_caches(self) -> int:
        """Empty the physical caches, as ``r.VT.Flush`` does, and return how many tiles were lost.

        It is not :meth:`forge3d.streaming.VirtualTextureSystem.flush`, which settles.

        Raises
        ------
        DisposedError
            If the scene or its system was closed.
        """
        return int(tell(self, "flushCaches"))

    def statistics(self) -> dict[str, Any]:
        """Return what ``stat virtualtexturing`` shows.

        Returns
        -------
        dict
            ``updates``, measured since there is a console: their number, and the ``last``, the
            ``mean`` and the ``most`` of ``stage_ms`` (a dict), ``total_ms``, ``gpu_ms`` (None where
            tiles were drawn and none has been measured yet), ``tiles_drawn``, ``tiles_uploaded``,
            ``page_table_edits`` and ``submits``; and ``counters``, as
            :meth:`forge3d.streaming.StreamingStats.as_dict` has them.

        Raises
        ------
        DisposedError
            If the scene or its system was closed.
        """
        return cast("dict[str, Any]", from_plain(tell(self, "statistics")))

    def memory(self) -> dict[str, Any]:
        """Return what ``stat virtualtexturememory`` shows.

        Returns
        -------
        dict
            ``pools``, a list of dicts with formats, sizes, slots and bytes of each; and ``total``,
            as :meth:`forge3d.streaming.VirtualTextureSystem.get_memory_info` has it.

        Raises
        ------
        DisposedError
            If the scene or its system was closed.
        """
        return cast("dict[str, Any]", from_plain(tell(self, "memory")))

    async def _waiting(self, method: str, *args: Any) -> Any:
        scene = self.scene.core_object
        return await awaited(core.rvt_wait, scene, self.core_object, method, *args)


def console_of(scene: RuntimeVirtualTextureScene, core_object: Any) -> VirtualTextureConsole:
    """Return the console that something else has made of a scene."""
    console = refer(VirtualTextureConsole, core_object)
    vars(console)["_scene"] = scene
    return console


def _levels(scalability: Scalability) -> ByName:
    levels = by_name(scalability, "scalability")
    return ByName({level: by_name(values, level) for level, values in levels.items()})
