"""Meshes, and pictures of heights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .._bridge import wait
from .._cancelling import abort_when_cancelled
from .._checks import real_number
from .._convert import Numbers, flat_numbers
from .._load import host_input
from ..options import TexturePath
from ._arrays import array_of
from ._core import apply, apply_async, from_plain, get
from ._number_arrays import NumberBuffer, check_rows, number_array
from ._reference import Reference, refer
from ._values import options, to_core

__all__ = [
    "HeightPicture",
    "Mesh",
    "NamedMesh",
    "box_mesh",
    "grid_mesh",
    "load_glb",
    "load_glb_async",
    "load_height_picture",
    "load_height_picture_async",
    "make_mesh",
    "plane_mesh",
    "simplify_mesh",
    "simplify_mesh_async",
]


class Mesh(Reference):
    """Triangles with a normal and a texture coordinate for each vertex. Never changed once made.

    Made by :func:`make_mesh`, :func:`box_mesh`, :func:`grid_mesh`, :func:`plane_mesh` and
    :func:`load_glb`.
    """

    making = "make_mesh, box_mesh, grid_mesh, plane_mesh and load_glb make meshes"

    def __repr__(self) -> str:
        return f"<forge3d.rvt.Mesh {self.vertex_count} vertices, {self.triangle_count} triangles>"

    @property
    def vertex_count(self) -> int:
        """How many vertices it has."""
        return int(get(self, "positions").length) // 3

    @property
    def triangle_count(self) -> int:
        """How many triangles it has."""
        return int(get(self, "indices").length) // 3

    @property
    def positions(self) -> memoryview[float]:
        """A copy of the positions, of shape (vertices, 3)."""
        return self._rows("positions", 3)

    @property
    def normals(self) -> memoryview[float]:
        """A copy of the normals, of shape (vertices, 3)."""
        return self._rows("normals", 3)

    @property
    def uvs(self) -> memoryview[float]:
        """A copy of the texture coordinates, of shape (vertices, 2)."""
        return self._rows("uvs", 2)

    @property
    def indices(self) -> memoryview[int]:
        """A copy of the vertices of each triangle, of shape (triangles, 3)."""
        return self._rows("indices", 3)

    def _rows(self, name: str, columns: int) -> memoryview[Any]:
        numbers = get(self, name)
        return array_of(numbers, (int(numbers.length) // columns, columns))

    @property
    def bounds(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The least and the largest corner of the box around it, in the object's space."""
        box = from_plain(get(self, "bounds"))
        return (tuple(box["min"]), tuple(box["max"]))


class NamedMesh(NamedTuple):
    """A mesh of a file."""

    name: str
    mesh: Mesh


class HeightPicture(Reference):
    """A grey picture whose values stand for heights, from :func:`load_height_picture`."""

    making = "load_height_picture makes one"

    def __repr__(self) -> str:
        return f"<forge3d.rvt.HeightPicture {self.size[0]} x {self.size[1]}>"

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows, one sample each."""
        return (int(self.core_object.width), int(self.core_object.height))


def make_mesh(
    positions: NumberBuffer,
    indices: NumberBuffer | None = None,
    *,
    normals: NumberBuffer | None = None,
    uvs: NumberBuffer | None = None,
) -> Mesh:
    """Make a mesh of buffers or arrays, which are copied.

    Arrays of several axes have x, y and z, u and v, or a triangle's vertices along the last one.

    Parameters
    ----------
    positions : buffer or array
        x, y and z of each vertex, in the object's space.
    indices : buffer or array, optional
        Three vertices for each triangle, counter-clockwise seen from outside; default in order.
    normals : buffer or array, optional
        Normal of each vertex; those that are missing are the means of the triangles around it.
    uvs : buffer or array, optional
        u and v of each vertex, v downwards; default 0, 0.

    Returns
    -------
    Mesh

    Raises
    ------
    TypeError
        If one is neither a buffer nor an array, or has the wrong length.
    ValueError
        If there is no triangle, a number is not finite, an index names no vertex, or the last axis
        of an array has another length.
    """
    lists = {"positions": positions, "indices": indices, "normals": normals, "uvs": uvs}
    given = {
        name: check_rows(number_array(each, name), 2 if name == "uvs" else 3, name).values
        for name, each in lists.items()
        if each is not None
    }
    return refer(Mesh, apply("makeMesh", options(given)))


def box_mesh(size: Numbers = (1.0, 1.0, 1.0)) -> Mesh:
    """Make a box around the origin, with flat faces that show the whole texture each.

    Raises
    ------
    TypeError, ValueError
        If `size` is not three numbers above 0.
    """
    return refer(Mesh, apply("boxMesh", options({"size": flat_numbers(size, 3, "size")})))


def plane_mesh(size: Numbers = (1.0, 1.0)) -> Mesh:
    """Make a rectangle around the origin, in the plane z = 0, that looks up along z.

    Raises
    ------
    TypeError, ValueError
        If `size` is not two numbers above 0.
    """
    return refer(Mesh, apply("planeMesh", options({"size": flat_numbers(size, 2, "size")})))


def grid_mesh(size: Numbers = (1.0, 1.0), quads: Numbers = (1, 1)) -> Mesh:
    """Make the rectangle of :func:`plane_mesh`, cut into equal quads.

    Parameters
    ----------
    size : two numbers
        Extent along x and y, above 0.
    quads : two integers
        Quads along x and y, 1 to 4096.

    Raises
    ------
    TypeError, ValueError
        If a value is out of its range.
    """
    sides = {"size": flat_numbers(size, 2, "size"), "quads": flat_numbers(quads, 2, "quads")}
    return refer(Mesh, apply("gridMesh", options(sides)))


def simplify_mesh(mesh: Mesh, ratios: Sequence[float]) -> list[Mesh]:
    """Make levels of detail of a mesh.

    Parameters
    ----------
    mesh : Mesh
        The finest.
    ratios : list of float
        What part of the triangles each further one keeps, falling, between 0 and 1.

    Returns
    -------
    list of Mesh
        The mesh itself, and one for each ratio.

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type, or `ratios` do not fall from below 1 to above 0.
    """
    return wait(simplify_mesh_async(mesh, ratios), "forge3d.rvt.simplify_mesh_async()")


async def simplify_mesh_async(mesh: Mesh, ratios: Sequence[float]) -> list[Mesh]:
    """Async version of :func:`simplify_mesh`."""
    how = options({"ratios": ratios})
    return _meshes(await apply_async("simplifyMesh", to_core(mesh, "mesh"), how))


def load_glb(path: TexturePath) -> list[NamedMesh]:
    """Load the meshes of a GLB file's scene, placed by its nodes, in a space whose z is up.

    Parameters
    ----------
    path : str, os.PathLike or bytes
        The file, or its content. Materials and pictures in it are not read.

    Returns
    -------
    list of NamedMesh
        One for each primitive of each node: its name and mesh.

    Raises
    ------
    MissingFileError, FileError
        If there is no such file, or it cannot be read.
    MalformedFileError
        If it is not a GLB file, or breaks the specification.
    UnsupportedError
        If it needs an extension that is not supported, or holds other primitives than triangles.
    """
    return wait(load_glb_async(path), "forge3d.rvt.load_glb_async()")


async def load_glb_async(path: TexturePath) -> list[NamedMesh]:
    """Async version of :func:`load_glb`."""
    loaded = await apply_async("loadGlb", host_input(path, "load GLB file"))
    return [NamedMesh(str(each.name), refer(Mesh, each.mesh)) for each in loaded]


def load_height_picture(path: TexturePath, *, scale: float, offset: float = 0.0) -> HeightPicture:
    """Load a grey picture (PNG, TIFF, JPEG, WebP) whose values stand for heights of a landscape.

    Parameters
    ----------
    path : str, os.PathLike or bytes
        The file, or its content. Row 0 lies at y = 0.
    scale : float
        Height of a stored value of 1, above 0; values run to 255 or 65535 in 8 and 16 bits, so that
        500 units from black to white are ``500 / 65535``.
    offset : float
        Height of a value of 0.

    Returns
    -------
    HeightPicture
        What :class:`LandscapeComponent` takes as its `picture`.

    Raises
    ------
    TypeError, ValueError
        For a value of the wrong type or out of its range, or sides that landscapes cannot have.
    MissingFileError, FileError
        If there is no such file, or it cannot be read.
    MalformedFileError
        If it is not a picture, or is damaged.
    UnsupportedError
        If the picture is not grey.
    """
    loading = load_height_picture_async(path, scale=scale, offset=offset)
    return wait(loading, "forge3d.rvt.load_height_picture_async()")


async def load_height_picture_async(
    path: TexturePath, *, scale: float, offset: float = 0.0
) -> HeightPicture:
    """Async version of :func:`load_height_picture`."""
    how = {"scale": real_number(scale, "scale"), "offset": real_number(offset, "offset")}
    source = host_input(path, "load heights")
    with abort_when_cancelled() as signal:
        given = options({**how, "signal": signal})
        return refer(HeightPicture, await apply_async("loadHeightPicture", source, given))


def _meshes(core_objects: Iterable[Any]) -> list[Mesh]:
    return [refer(Mesh, each) for each in core_objects]
