"""Projects: what scenes are made of, as JSON files in a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, Self, TypedDict, Unpack, cast

from ..._bridge import awaited, core, wait
from ..._cancelling import abort_when_cancelled
from ..._host_path import host_path
from ...errors import InvalidArgumentError
from ...system import VirtualTextureSystem
from .._core import Made, Reading, apply, apply_async, from_plain, get
from .._reference import Reference, refer, take, wrapped
from .._values import camel_case, options, to_core
from ..asset import RuntimeVirtualTexture
from ..components.component import PrimitiveComponent
from ..components.deferred import DeferredComponent
from ..materials._documents import document_text
from ..materials.material_instance import AnyMaterial
from ..scene import RuntimeVirtualTextureScene
from ..volume import RuntimeVirtualTextureVolume
from .console import Scalability, VirtualTextureConsole, console_of

__all__ = [
    "Project",
    "ProjectScene",
    "describe_scene",
    "describe_scene_async",
    "load_project",
    "load_project_async",
    "open_project_scene",
    "open_project_scene_async",
    "save_project",
    "save_project_async",
]

type Documents = Sequence[Mapping[str, Any]]
"""JSON documents, as the files of a project hold them."""


class ProjectContent(TypedDict, total=False):
    """The lists of a project; names in their documents are those of the files, in camelCase.

    Attributes
    ----------
    textures, streamed_textures, assets, material_functions, materials, scenes : list of dict
        One document for each; default none.
    pools : dict
        Sizes of memory pools, as ``[/Script/Engine.VirtualTexturePoolConfig]`` has them.
    scalability : dict of str to dict of str to float
        Values of console variables by scalability level.
    """

    textures: Documents
    streamed_textures: Documents
    assets: Documents
    material_functions: Documents
    materials: Documents
    scenes: Documents
    pools: Mapping[str, Any]
    scalability: Scalability


class Project(Made):
    """Textures, assets, materials and scenes as JSON, checked, with all that they name.

    It is immutable, and holds nothing on a GPU; :func:`open_project_scene` makes what it describes.

    Parameters
    ----------
    name : str
        What messages call it.
    **content
        The lists of :class:`ProjectContent`.

    Raises
    ------
    TypeError
        If a list does not exist, or the name is no text.
    MalformedFileError
        If something is not what it must be, or names what is not there; the message says where.
    """

    name = Reading[str]("What messages call it.")
    folder = Reading[str | None]("The folder that it was read from; None if it was made in code.")

    def __init__(self, name: str, **content: Unpack[ProjectContent]) -> None:
        take(self, apply("makeProjectJson", _content_text({"name": name, **content})))

    def __repr__(self) -> str:
        return f"<forge3d.rvt.Project {self.name!r}>"

    @property
    def content(self) -> dict[str, Any]:
        """A copy of all of it: its name, and each list by its name in the files."""
        content: dict[str, Any] = json.loads(apply("writeProjectJson", self.core_object))
        return content

    def scene(self, name: str | None = None) -> dict[str, Any]:
        """Return a copy of the document of a scene.

        Parameters
        ----------
        name : str, optional
            The scene's name; default the only one.

        Raises
        ------
        TypeError, ValueError
            If there is no such scene.
        """
        within = None if name is None else to_core(name, "scene")
        document: dict[str, Any] = json.loads(apply("writeSceneJson", self.core_object, within))
        return document

    def with_content(self, **content: Unpack[ProjectContent]) -> Project:
        """Return the same project with other lists.

        Elements that keep their names stay in the files where they lie.

        Raises
        ------
        TypeError, MalformedFileError
            As when it is made.
        """
        return refer(Project, apply("changeProjectJson", self.core_object, _content_text(content)))


class ProjectScene(Reference):
    """A scene of a project, in a system, with what it was made of. A context manager.

    Made by :func:`open_project_scene`.
    """

    making = "open_project_scene makes one"

    project = Reading[Project]("The project.")

    @property
    def document(self) -> dict[str, Any]:
        """A copy of what the project says of it."""
        document: dict[str, Any] = json.loads(apply("writeOpenedJson", self.core_object))
        return document

    _scene: RuntimeVirtualTextureScene
    _console: VirtualTextureConsole | None = None

    @property
    def scene(self) -> RuntimeVirtualTextureScene:
        """The scene, which borrows the system."""
        return self._scene

    @property
    def console(self) -> VirtualTextureConsole | None:
        """The console that has put a scalability level into force; None if none was asked for."""
        return self._console

    def __repr__(self) -> str:
        return f"<forge3d.rvt.ProjectScene of {self.project.name!r}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close_async()

    @property
    def assets(self) -> dict[str, RuntimeVirtualTexture]:
        """The assets of the project, by name."""
        return cast("dict[str, RuntimeVirtualTexture]", from_plain(get(self, "assets")))

    @property
    def materials(self) -> dict[str, AnyMaterial]:
        """Materials and instances that the scene uses, by name.

        Of deferred components, they are there once those are loaded.
        """
        return cast("dict[str, AnyMaterial]", from_plain(get(self, "materials")))

    @property
    def components(self) -> tuple[PrimitiveComponent, ...]:
        """Its components, as the project lists them, but for the deferred ones."""
        return tuple(map(wrapped, get(self, "components")))

    @property
    def deferred_components(self) -> tuple[DeferredComponent, ...]:
        """Its deferred components, as the project lists them, loaded or not."""
        return tuple(map(wrapped, get(self, "deferredComponents")))

    @property
    def volumes(self) -> tuple[RuntimeVirtualTextureVolume, ...]:
        """Its volumes, as the project lists them."""
        return tuple(map(wrapped, get(self, "volumes")))

    def close(self) -> None:
        """Close the scene, and unload the textures that were loaded for it. The system stays open.

        Closing :attr:`scene` does the same.
        """
        self.scene.close()

    async def close_async(self) -> None:
        """Async version of :meth:`close`."""
        await self.scene.close_async()


def describe_scene(
    scene: RuntimeVirtualTextureScene,
    name: str,
    *,
    folder: str | os.PathLike[str] | None = None,
) -> Project:
    """Make a project of a scene, which :func:`save_project` writes with its pictures and meshes.

    Heights become pictures of 16 bits, or of floats where 16 bits do not hold them as they are, and
    streaming textures are the files that they were loaded from; all else is as it was.

    Parameters
    ----------
    scene : RuntimeVirtualTextureScene
        The scene.
    name : str
        The project's name, and the scene's.
    folder : str or os.PathLike, optional
        The folder that it will be saved to: files of streaming textures that lie in it stay where
        they are. Those of others, all by default, are copied when it is saved.

    Raises
    ------
    TypeError
        If the scene is none, the name is no text, or the folder no path.
    ValueError
        If two assets, materials, functions or textures have one name.
    UnsupportedError
        If something has no form in a project, such as a streaming texture that was loaded from no
        file; it names what.
    MalformedFileError
        If two components have one name.
    """
    describing = describe_scene_async(scene, name, folder=folder)
    return wait(describing, "forge3d.rvt.describe_scene_async()")


async def describe_scene_async(
    scene: RuntimeVirtualTextureScene,
    name: str,
    *,
    folder: str | os.PathLike[str] | None = None,
) -> Project:
    """Async version of :func:`describe_scene`."""
    place = None if folder is None else host_path(folder, "describe scene")
    how = options({"name": name, "folder": place})
    return refer(Project, await apply_async("describeScene", to_core(scene, "scene"), how))


def load_project(path: str | os.PathLike[str]) -> Project:
    """Load a project: its JSON files, which are checked with all names in them.

    Pictures, meshes and textures are loaded with scenes. Nothing outside of its folder is read.

    Parameters
    ----------
    path : str or os.PathLike
        The project's folder, which holds ``project.json``, or a JSON file in a folder.

    Raises
    ------
    MissingFileError, FileError
        If a file is missing, or cannot be read.
    MalformedFileError
        If a file says something that it must not; the message names file and place.
    UnsupportedError
        If the project has another version.
    """
    return wait(load_project_async(path), "forge3d.rvt.load_project_async()")


async def load_project_async(path: str | os.PathLike[str]) -> Project:
    """Async version of :func:`load_project`."""
    return refer(Project, await apply_async("loadProject", host_path(path, "load project")))


def save_project(
    project: Project, folder: str | os.PathLike[str], *, overwrite: bool = False
) -> list[str]:
    """Save a project. One that is loaded and saved is the same, byte for byte.

    Into another folder what it names is copied. Files that hold the same bytes are left alone.

    Parameters
    ----------
    project : Project
        The project.
    folder : str or os.PathLike
        Made if it is not there.
    overwrite : bool
        Whether JSON files that were edited since it was loaded are written over; default False.

    Returns
    -------
    list of str
        The files that were written, from the folder on.

    Raises
    ------
    SourceChangedError
        If a JSON file was edited since the project was loaded from the folder.
    MissingFileError, FileError
        If a file that is to be copied is missing, or one would be written outside of the folder.
    BakeError
        If a file cannot be written.
    """
    saving = save_project_async(project, folder, overwrite=overwrite)
    return wait(saving, "forge3d.rvt.save_project_async()")


async def save_project_async(
    project: Project, folder: str | os.PathLike[str], *, overwrite: bool = False
) -> list[str]:
    """Async version of :func:`save_project`."""
    given, how = to_core(project, "project"), options({"overwrite": overwrite})
    written = await apply_async("saveProject", given, host_path(folder, "save project"), how)
    return [str(name) for name in written]


def open_project_scene(
    project: Project,
    system: VirtualTextureSystem,
    scene: str | None = None,
    *,
    scalability_level: str | None = None,
) -> ProjectScene:
    """Make a scene that a project describes, with its components and volumes.

    Sizes of pools that the project sets are set in the system, which keeps them.

    Parameters
    ----------
    project : Project
        The project.
    system : VirtualTextureSystem
        Streams its textures; borrowed.
    scene : str, optional
        The scene's name; default the project's only one.
    scalability_level : str, optional
        Level of the project's ``scalability`` that is put into force; default none.

    Raises
    ------
    TypeError
        If the project or the system is none, or a name is not text.
    ValueError
        If there is no such scene or level.
    FileError, MalformedFileError, UnsupportedError
        If a file is missing, damaged, or needs what is not supported.
    BudgetError
        If the system's budget is too small. After an error nothing is left of the scene.
    """
    opening = open_project_scene_async(project, system, scene, scalability_level=scalability_level)
    return wait(opening, "forge3d.rvt.open_project_scene_async()")


async def open_project_scene_async(
    project: Project,
    system: VirtualTextureSystem,
    scene: str | None = None,
    *,
    scalability_level: str | None = None,
) -> ProjectScene:
    """Async version of :func:`open_project_scene`. Cancelled, it leaves nothing of the scene."""
    if not isinstance(system, VirtualTextureSystem):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidArgumentError(
            f"Cannot open scene as system must be a VirtualTextureSystem: "
            f"current value is {system!r:.80}",
            argument="system",
        )
    given = to_core(project, "project")
    with abort_when_cancelled() as signal:
        how = options({"scene": scene, "scalability_level": scalability_level, "signal": signal})
        made = await awaited(core.rvt_open_project, given, system.handle, how)
    opened = refer(ProjectScene, made)
    scene_of_it = RuntimeVirtualTextureScene.opened(system, made.scene)
    console = get(opened, "console")
    made_console = None if console is None else console_of(scene_of_it, console)
    vars(opened).update(_scene=scene_of_it, _console=made_console)
    return opened


def _content_text(content: Mapping[str, Any]) -> str:
    return document_text({camel_case(name): each for name, each in content.items()})
