"""What was given can be read again: heights, weights, meshes, draws, matrices and grids."""

import array
import math

from forge3d import camera, rvt
from forge3d.rvt import expressions

from checks import close, raises
from ground import SIDE, make_asset, make_land


def product(matrix, point):
    column = (*point, 1)
    return [sum(a * b for a, b in zip(row, column, strict=True)) for row in matrix]


def plain(**options):
    return {"material": rvt.Material("plain", base_color=1)} | options


def test_landscapes_give_their_heights_and_weights():
    ramp = array.array("f", (7 * row + column for row in range(SIDE) for column in range(SIDE)))
    weights = bytes(range(SIDE)) * SIDE
    land = make_land(make_asset(), 1, ramp, layers={"rockFace": weights, "sand": bytes(SIDE**2)})
    assert land.size == (SIDE, SIDE) and land.layers == ("rockFace", "sand")
    heights = land.heights
    assert (heights.shape, heights.format) == ((SIDE, SIDE), "f")
    assert heights.tobytes() == ramp.tobytes()
    assert land.weights("rockFace").tobytes() == weights
    # A copy: a change of it changes nothing, and one of the landscape does not reach it.
    heights[2, 3] = 99
    land.set_heights({"x": 4, "y": 1, "width": 1, "height": 1}, array.array("f", [5]))
    assert (land.heights[2, 3], land.heights[1, 4], heights[1, 4]) == (17, 5, 11)
    with raises(ValueError, 'layer must be one of "rockFace", "sand": current value is .grass.'):
        land.weights("grass")
    oblong = rvt.LandscapeComponent(**plain(heights=ramp[:10], width=5, height=2))
    assert oblong.size == (5, 2) and oblong.heights.shape == (2, 5)


def test_meshes_give_their_vertices():
    corners = array.array("f", [0, 0, 0, 1, 0, 0, 0, 1, 0])
    triangle = rvt.make_mesh(corners, array.array("H", [0, 1, 2]))
    assert triangle.positions.tobytes() == corners.tobytes()
    assert triangle.indices.tolist() == [[0, 1, 2]]
    assert close(triangle.normals.tolist(), [[0, 0, 1]] * 3)
    assert triangle.uvs.shape == (3, 2)
    grid = rvt.grid_mesh((2, 2), (3, 3))
    again = rvt.make_mesh(grid.positions, grid.indices, normals=grid.normals, uvs=grid.uvs)
    for name in ("positions", "normals", "uvs", "indices"):
        assert getattr(again, name).tobytes() == getattr(grid, name).tobytes(), name


def test_matrices_have_rows():
    turn = rvt.rotation_about((0, 0, 1), math.pi / 2)
    where = {"position": (1, 2, 3), "rotation": turn, "scale": (2, 2, 2)}
    box = rvt.StaticMeshComponent(**plain(mesh=rvt.box_mesh(), transform=where))
    assert close(product(box.to_world, (1, 0, 0)), [1, 4, 3, 1])
    land = make_land(make_asset(), 1, transform=where)
    assert close(product(land.from_world, product(land.to_world, (4, 5, 6))[:3]), [4, 5, 6, 1])
    # As the helpers of cameras have them.
    assert product(camera.look_at((0, 0, 5), (0, 0, 0), (0, 1, 0)), (0, 0, 0))[2] == -5


def test_components_give_what_they_draw():
    grid, box = rvt.grid_mesh(), rvt.box_mesh()
    places = [{"position": (x, 0, 0)} for x in range(3)]
    stones = rvt.InstancedStaticMeshComponent(**plain(mesh=[grid, box], instances=places))
    (fine,), (coarse,) = stones.draws(), stones.draws(1)
    assert (fine["kind"], fine["mesh"], coarse["mesh"]) == ("mesh", grid, box)
    assert fine["material"] is stones.material
    assert [product(each, (0, 0, 0))[0] for each in fine["instances"]] == [0, 1, 2]
    land = make_land(make_asset(), 1, section_quads=8, transform={"position": (0, 0, 9)})
    parts = land.draws()
    assert [part["section"]["x0"] for part in parts] == [0, 8, 0, 8]
    assert parts[0]["section"] == {"x0": 0, "y0": 0, "x1": 8, "y1": 8}
    assert parts[0]["kind"] == "landscape" and parts[0]["quads"] == 1
    assert parts[3]["to_world"] == land.to_world and parts[3]["material"] is land.material
    frames = rvt.AnimatedMeshComponent(**plain(frames=[grid, box]))
    assert frames.frames == (grid, box) and frames.draws()[0]["mesh"] is grid
    for lod, kind in ((2, ValueError), (-1, ValueError), ("a", TypeError), (0.5, ValueError)):
        with raises(kind, "lod must be"):
            stones.draws(lod)


def test_textures_give_their_levels():
    texels = bytes([0, 0, 0, 255] * 4 + [255] * 16)
    texture = rvt.MaterialTexture(texels, 2, 4, color_space="linear")
    assert texture.format == "rgba8unorm"
    assert [level.shape for level in texture.levels] == [(4, 2, 4), (2, 1, 4), (1, 1, 4)]
    assert texture.levels[0].tobytes() == texels
    assert texture.levels[1].tolist() == [[[0, 0, 0, 255]], [[255] * 4]]
    assert rvt.MaterialTexture(texels, 2, 4).format == "rgba8unorm-srgb"


def test_material_types_say_what_they_store():
    types, attributes = rvt.material_types(), rvt.attributes()
    for name, each in types.items():
        asset = rvt.RuntimeVirtualTexture(material_type=name)
        sample = expressions.runtime_virtual_texture_sample(asset)
        assert each["attributes"], name
        for attribute in attributes:
            assert sample.has_output(attribute) == (attribute in each["attributes"]), name
        assert len(each["compressed_formats"]) >= len(each["uncompressed_formats"]) > 0
    assert len(types) == 7 and types["base_color"]["label"] == "Base Color"
    assert attributes["world_height"] == {"components": 1, "clear_value": [0]}


def test_volumes_give_the_grid_of_their_texture():
    volume = rvt.RuntimeVirtualTextureVolume(make_asset(), scale=(4, 2, 1))
    grid = volume.grid()
    assert (grid["width"], grid["height"], grid["tile_size"]) == (128, 64, 64)
    assert [level["tiles_x"] for level in grid["levels"]] == [2, 1]
    assert grid["tile_count"] == 3 and grid["levels"][1]["first_tile"] == 2
    assert grid["tail_level"] == 1
    assert volume.grid(1)["width"] == 256
    assert volume.grid_at((2, 4, 1))["height"] == 128
    assert volume.grid_at((4, 2, 1)) == grid
    for wrong, message in (
        (lambda: volume.grid(99), "tile_count_bias must be"),
        (lambda: volume.grid(None), "tile_count_bias must be"),
        (lambda: volume.grid_at((1, 2)), "extent as it must be 3 numbers"),
        (lambda: volume.grid_at((0, 1, 1)), "extent must be"),
    ):
        with raises((TypeError, ValueError), message):
            wrong()
