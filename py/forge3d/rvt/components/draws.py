"""What components hand to renderers."""

from __future__ import annotations

from typing import Any, Literal, TypedDict, cast

from ...camera import Matrix
from .._arrays import matrix_of
from .._reference import refer, wrapped
from ..materials.material_instance import AnyMaterial
from ..mesh import Mesh

__all__ = ["ComponentDraw", "LandscapeDraw", "LandscapeSection", "MeshDraw", "draw_of"]


class MeshDraw(TypedDict):
    """A mesh, once or several times.

    Attributes
    ----------
    kind : str
        ``"mesh"``.
    mesh : Mesh
        What is drawn, in its own space.
    material : Material or MaterialInstance
        What it is drawn with.
    instances : list of Matrix
        Object to world of each, in the order in which they are drawn.
    """

    kind: Literal["mesh"]
    mesh: Mesh
    material: AnyMaterial
    instances: list[Matrix]


class LandscapeSection(TypedDict):
    """A part of a landscape: from sample `x0`, `y0` to sample `x1`, `y1`, both included."""

    x0: int
    y0: int
    x1: int
    y1: int


class LandscapeDraw(TypedDict):
    """A part of a landscape.

    Attributes
    ----------
    kind : str
        ``"landscape"``.
    material : Material or MaterialInstance
        What it is drawn with.
    to_world : Matrix
        Landscape to world.
    section : LandscapeSection
        The part.
    quads : int
        Quads along each edge of the section whose corners carry vertex data.
    """

    kind: Literal["landscape"]
    material: AnyMaterial
    to_world: Matrix
    section: LandscapeSection
    quads: int


type ComponentDraw = MeshDraw | LandscapeDraw
"""Something to draw."""


def draw_of(draw: Any) -> ComponentDraw:
    """Return a draw of the core, of which meshes and surfaces stay where they are."""
    material = cast("AnyMaterial", wrapped(draw.material))
    if draw.kind == "mesh":
        instances = [matrix_of(each.to_py()) for each in draw.instances]
        mesh = refer(Mesh, draw.mesh)
        return {"kind": "mesh", "mesh": mesh, "material": material, "instances": instances}
    return {
        "kind": "landscape",
        "material": material,
        "to_world": matrix_of(draw.to_world.to_py()),
        "section": cast("LandscapeSection", draw.section.to_py()),
        "quads": int(draw.quads),
    }
