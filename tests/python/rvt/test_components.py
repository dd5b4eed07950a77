import array
import math

from forge3d import rvt

from checks import close, raises
from ground import SIDE, make_asset, make_land, writing


def plain(**options):
    return {"material": rvt.Material("plain", base_color=[1, 1, 1])} | options


def test_components_have_settings_that_change():
    asset = make_asset()
    box = rvt.StaticMeshComponent(**plain(mesh=rvt.box_mesh((2, 2, 2)), name="box"))
    assert (box.name, box.label, box.lod_count) == ("box", 'static mesh "box"', 1)
    assert box.draw_in_main_pass == "from_virtual_texture"
    box.draw_in_main_pass = "always"
    box.translucency_sort_priority = 4
    box.virtual_texture_lod_bias, box.virtual_texture_skip_mips = -1, 2
    box.virtual_texture_min_coverage = 3
    assert box.virtual_texture_min_coverage == 3
    box.virtual_texture_min_coverage = None
    assert box.virtual_texture_min_coverage is None
    box.render_to_virtual_textures = [asset]
    assert box.render_to_virtual_textures[0] is asset
    box.mobility = "movable"
    assert "is movable" in box.warnings()[0]
    box.material = writing(asset, [1, 0, 0])
    assert box.material.name == "writer"
    with raises(ValueError, "draw_in_main_pass must be one of never"):
        box.draw_in_main_pass = "often"
    with raises(TypeError, "material must be a Material"):
        box.material = asset
    with raises(TypeError, "no option colour: options are name, material, transform, render_to"):
        rvt.StaticMeshComponent(**plain(mesh=rvt.box_mesh(), colour=3))
    with raises(TypeError, "mesh must be made by make_mesh"):
        rvt.StaticMeshComponent(**plain(mesh=3))


def test_components_are_placed_by_transforms():
    turn = rvt.rotation_about((0, 0, 1), math.pi / 2)
    place = {"position": (1, 2, 3), "rotation": turn, "scale": [2, 2, 1]}
    box = rvt.StaticMeshComponent(**plain(mesh=rvt.box_mesh((1, 1, 1)), transform=place))
    assert box.transform["position"] == [1, 2, 3]
    assert close(box.boxes()[0]["center"], [1, 2, 3])
    box.transform = {"position": array.array("f", [4, 5, 6])}
    assert box.transform == {"position": [4, 5, 6], "rotation": [0, 0, 0, 1], "scale": [1, 1, 1]}
    with raises(ValueError, "scale"):
        box.transform = {"scale": (0, 1, 1)}
    with raises(TypeError, "must be a dictionary with position, rotation and scale"):
        box.transform = {"place": (0, 1, 1)}
    with raises(TypeError, "rotation as it must be 4 numbers"):
        box.transform = {"rotation": (0, 1, 1)}
    assert box.transform["position"] == [4, 5, 6]


def test_landscapes_take_heights_from_buffers_and_arrays():
    ramp = array.array("f", (column for _ in range(4) for column in range(5)))
    flat = rvt.LandscapeComponent(**plain(heights=ramp, width=5, height=4))
    shaped = memoryview(ramp).cast("B").cast("f", (4, 5))
    for heights in (shaped, shaped[::-1], memoryview(array.array("d", ramp)).cast("B").cast("d")):
        sides = {} if heights.ndim == 2 else {"width": 5, "height": 4}
        land = rvt.LandscapeComponent(**plain(heights=heights, **sides))
        for x, y in ((0, 0), (2, 1), (3.5, 2)):
            point = land.surface_at((x, y, 0))
            assert close(point["position"], [x, y, x], 1e-6)
            assert point == flat.surface_at((x, y, 0))

    class Array:
        """An array of another library."""

        def __array__(self):
            return shaped

    land = rvt.LandscapeComponent(**plain(heights=Array()))
    assert land.surface_at((2, 1, 0))["position"] == [2, 1, 2]
    halves = array.array("q", [3] * 20)
    land = rvt.LandscapeComponent(**plain(heights=halves, width=5, height=4))
    assert land.surface_at((1, 1, 0))["position"] == [1, 1, 3]
    assert flat.surface_at((9, 9, 0)) is None
    assert flat.section_quads == 64
    with raises(TypeError, "heights must be 20 numbers"):
        rvt.LandscapeComponent(**plain(heights=ramp[1:], width=5, height=4))
    with raises(TypeError, "buffer or an array of numbers"):
        rvt.LandscapeComponent(**plain(heights=[0.0] * 20, width=5, height=4))
    with raises(TypeError, "must hold numbers"):
        rvt.LandscapeComponent(**plain(heights=memoryview(b"abcd").cast("c"), width=2, height=2))


def test_landscapes_are_edited_by_brushes():
    asset = make_asset()
    weights = array.array("f", [0.5]) * (SIDE * SIDE)
    land = make_land(asset, [1, 1, 1], layers={"rockFace": weights, "sand": bytes(SIDE * SIDE)})
    region = {"x": 2, "y": 3, "width": 2, "height": 1}
    land.set_heights(region, array.array("d", [5, 6]))
    assert land.surface_at((2, 3, 0))["position"][2] == 5
    land.set_weights("rockFace", region, array.array("f", [0, 1]))
    land.set_weights("sand", region, bytes([1, 2]))
    with raises(ValueError, 'layer must be one of "rockFace", "sand": current value is .grass.'):
        land.set_weights("grass", region, bytes(2))
    with raises(ValueError, "floats must be from 0 to 1: current value at 1 is 2"):
        land.set_weights("sand", region, array.array("f", [0, 2]))
    with raises(
        TypeError, r"layer .sand. as they must be unsigned bytes .* format is .h., so convert"
    ):
        land.set_weights("sand", region, array.array("h", [0, 2]))
    with raises(ValueError, "region.width"):
        land.set_heights(region | {"width": 99}, array.array("d", [5, 6]))
    land.virtual_texture_num_lods = 3
    assert land.lod_count == 4


def test_splines_and_foliage_lie_on_landscapes():
    land = make_land(make_asset(), [1, 1, 1], array.array("f", [7.0]) * (SIDE * SIDE))
    points = [{"position": (x, 8, 0), "width": 2} for x in (1, 8, 15)]
    road = rvt.LandscapeSplineComponent(**plain(points=points, landscape=land))
    assert road.landscape is land and len(road.points) == 3 and road.quads_across == 4
    assert close(road.boxes()[0]["center"][2], 7, 1e-3)
    road.update_point(1, {"position": (8, 9, 0), "width": 3, "roll_radians": 0.1})
    assert road.points[1]["roll_radians"] == 0.1
    road.insert_point(3, {"position": (16, 8, 0), "width": 1})
    road.remove_point(0)
    assert [point["position"][0] for point in road.points] == [8, 15, 16]
    road.points = points
    road.landscape = None
    assert road.landscape is None
    scatter = {"seed": 3, "region": {"min": (1, 1), "max": (15, 15)}, "count": 9, "onto": land}
    leaves = rvt.FoliageComponent(**plain(scatter=scatter))
    assert [each["position"][2] for each in leaves.instances] == [7] * 9
    assert leaves.scatter["onto"] is land
    assert rvt.scatter_transforms(**scatter) == leaves.instances
    leaves.scatter = scatter | {"count": 4, "scale_range": (2, 2)}
    assert [each["scale"][0] for each in leaves.instances] == [2] * 4
    with raises(TypeError, "no option align: options are seed, region, .*align_to_surface"):
        rvt.scatter_transforms(**scatter, align=True)


def test_meshes_are_made_drawn_and_instanced():
    corners = array.array("f", [0, 0, 0, 1, 0, 0, 0, 1, 0])
    triangle = rvt.make_mesh(corners, array.array("H", [0, 1, 2]))
    assert (triangle.vertex_count, triangle.triangle_count) == (3, 1)
    assert triangle.bounds == ((0, 0, 0), (1, 1, 0))
    grid = rvt.grid_mesh((2, 2), (8, 8))
    assert grid.triangle_count == 128 and rvt.plane_mesh().triangle_count == 2
    lods = rvt.simplify_mesh(grid, [0.5, 0.1])
    assert lods[0] is grid and lods[2].triangle_count <= lods[1].triangle_count < 128
    drawn = rvt.StaticMeshComponent(**plain(mesh=lods))
    assert drawn.lod_count == 3 and drawn.lods[1] is lods[1]
    drawn.lods = triangle
    assert drawn.lods == (triangle,)
    stones = rvt.InstancedStaticMeshComponent(
        **plain(mesh=grid, instances=[{"position": (1, 1, 1)}])
    )
    assert stones.add_instances([{"position": (2, 2, 2)}, {}]) == 1
    stones.update_instance(0, {"scale": (3, 3, 3)})
    stones.remove_instance(1)
    assert [each["scale"][0] for each in stones.instances] == [3, 1]
    with raises(ValueError, "index"):
        stones.remove_instance(5)
    decal = rvt.DecalComponent(**plain(size=(3, 4)))
    decal.size = [5, 6]
    assert decal.size == [5, 6] and decal.draw_in_main_pass == "never"
    animated = rvt.AnimatedMeshComponent(**plain(frames=[grid, triangle]))
    animated.frame = 1
    assert animated.lods == (triangle,) and len(animated.warnings()) == 1
    assert "bind pose" in rvt.SkeletalMeshComponent(**plain(mesh=grid)).warnings()[0]
    with raises(TypeError, "positions"):
        rvt.make_mesh(array.array("f", [0, 0]))
    with raises(ValueError, "ratios must be from 0 to 1"):
        rvt.simplify_mesh(grid, [2])
