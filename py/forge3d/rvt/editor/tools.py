"""Tools of an editor: checks of scenes and projects, materials of an asset, and single tiles."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, NotRequired, TypedDict, cast

from ..._bridge import awaited, core, wait
from ..._messages import spelled
from .._core import apply, apply_async, from_plain
from .._reference import refer
from .._values import options, to_core
from ..asset import RuntimeVirtualTexture
from ..scene import RuntimeVirtualTextureScene
from .project import Project

__all__ = [
    "Finding",
    "FixedMaterials",
    "FoundMaterial",
    "check_project",
    "check_project_async",
    "check_scene",
    "find_materials",
    "fix_materials",
    "inspect_tile",
    "inspect_tile_async",
]


class Finding(TypedDict):
    """Something that a check has found.

    Attributes
    ----------
    code : str
        What it is, such as ``"no_volume"``.
    severity : {"error", "warning", "note"}
        How bad it is.
    names : list of str
        What it is about: names of assets, volumes, components and materials.
    message : str
        What is wrong, and what would mend it.
    scene : str, optional
        The scene of a project in which it was found; missing in what concerns the whole project,
        and in what is found in a scene alone.
    """

    code: str
    severity: Literal["error", "warning", "note"]
    names: list[str]
    message: str
    scene: NotRequired[str]


class FoundMaterial(TypedDict):
    """Something that samples an asset.

    Attributes
    ----------
    kind : {"material", "material function", "material instance"}
        What it is.
    name, file : str
        Its name, and the file of the project that holds it.
    nodes : list of int
        Numbers of its own nodes that sample the asset.
    parameters, through : list of str
        Parameters of an instance that give the asset; functions and parents by which it samples it.
    """

    kind: Literal["material", "material function", "material instance"]
    name: str
    file: str
    nodes: list[int]
    parameters: list[str]
    through: list[str]


class FixedMaterials(NamedTuple):
    """A project whose samples were fixed, what was changed, and what fits no more."""

    project: Project
    changes: list[dict[str, Any]]
    misfits: list[dict[str, Any]]


def check_scene(scene: RuntimeVirtualTextureScene) -> list[Finding]:
    """Check a scene, without rendering anything (Map Check).

    Finds samples of other types than their assets', what writes or samples outside of volumes,
    assets without volumes, components that are never drawn, orders that are left to chance, and
    more.

    Raises
    ------
    TypeError
        If it is not a scene.
    """
    return _findings(apply("checkScene", to_core(scene, "scene")))


def check_project(project: Project, scene: str | None = None) -> list[Finding]:
    """Check the scenes of a project as :func:`check_scene` does, and all its materials.

    Parameters
    ----------
    project : Project
        The project.
    scene : str, optional
        The name of the scene that is checked; default all of the project.

    Raises
    ------
    TypeError
        If the project is none.
    ValueError
        If there is no such scene.
    FileError, MalformedFileError, UnsupportedError
        If a file is missing, damaged, or needs what is not supported.
    """
    return wait(check_project_async(project, scene), "forge3d.rvt.check_project_async()")


async def check_project_async(project: Project, scene: str | None = None) -> list[Finding]:
    """Async version of :func:`check_project`."""
    given = to_core(project, "project")
    return _findings(await apply_async("checkProject", given, options({"scene": scene})))


def find_materials(project: Project, asset: str) -> list[FoundMaterial]:
    """Find the materials, functions and instances that sample an asset (Find Materials Using This).

    Raises
    ------
    TypeError
        If the project is none.
    ValueError
        If the project has no such asset.
    """
    found = apply("findMaterials", to_core(project, "project"), to_core(asset, "asset"))
    return cast("list[FoundMaterial]", from_plain(found))


def fix_materials(project: Project, asset: str) -> FixedMaterials:
    """Give every sample of an asset the material type that the asset has (Fix Material Usage).

    Parameters
    ----------
    project : Project
        Stays as it is.
    asset : str
        Name of the asset.

    Returns
    -------
    FixedMaterials
        The project as it is now, which can be saved, and ``changes``: dicts with ``kind``,
        ``name``, ``file``, ``node``, ``asset``, ``from``, ``to``, and ``lacks``, which is the
        attribute that the asset does not store, or None. In ``misfits``, dicts with ``name``,
        ``file``, ``parameter``, ``asset``, ``wanted`` and ``stored``: what instances give to
        parameters that it does not fit any more. :func:`check_project` finds that, too.

    Raises
    ------
    TypeError
        If the project is none.
    ValueError
        If the project has no such asset.
    """
    fixed = apply("fixMaterials", to_core(project, "project"), to_core(asset, "asset"))
    return FixedMaterials(
        refer(Project, fixed.project),
        from_plain(fixed.changes),
        from_plain(fixed.misfits),
    )


def inspect_tile(
    scene: RuntimeVirtualTextureScene,
    asset: RuntimeVirtualTexture,
    level: int,
    x: int,
    y: int,
) -> dict[str, Any]:
    """Tell everything about a tile of an asset's texture.

    Parameters
    ----------
    scene : RuntimeVirtualTextureScene
        Holds a volume that places the asset.
    asset : RuntimeVirtualTexture
        The asset.
    level, x, y : int
        The tile's level, column and row.

    Returns
    -------
    dict
        ``writers``, the lowest first: which components write it, at which level of detail, from
        which sources, and what covers them; ``absent``: which do not, and why; ``deferred``: which
        may write it once they are loaded; ``residency``; ``bake``: what is known of it in baked low
        mips, or None;
        ``compression``: how far compression takes it from what was rendered; and its place.

    Raises
    ------
    TypeError
        If an argument has the wrong type, or no volume places the asset.
    ValueError
        If the texture has no such tile.
    DisposedError
        If the scene or its system was closed.
    """
    inspecting = inspect_tile_async(scene, asset, level, x, y)
    return wait(inspecting, "forge3d.rvt.inspect_tile_async()")


async def inspect_tile_async(
    scene: RuntimeVirtualTextureScene,
    asset: RuntimeVirtualTexture,
    level: int,
    x: int,
    y: int,
) -> dict[str, Any]:
    """Async version of :func:`inspect_tile`."""
    tile = options({"level": level, "x": x, "y": y})
    within = to_core(scene, "scene")
    told = await awaited(core.rvt_inspect_tile, within, to_core(asset, "asset"), tile)
    return cast("dict[str, Any]", from_plain(told))


def _findings(found: Any) -> list[Finding]:
    findings: list[Finding] = from_plain(found)
    return [{**each, "message": spelled(each["message"])} for each in findings]
