import array
import asyncio
import gc
import weakref

from pyodide.code import run_js

import forge3d
from forge3d import rvt, streaming
from forge3d.errors import DisposedError
from forge3d.rvt import expressions as e

from checks import raises
from ground import (
    EYE,
    PIXELS,
    PROJECTION,
    SIDE,
    VIEW,
    draw,
    make_asset,
    make_land,
    make_system,
    place,
    rgb_at,
    writing,
)
from scene import PATH

WHITE = (255, 255, 255)
RED = (255, 0, 0)
BLACK = (0, 0, 0)
# Blocks of BC1 hold two colours exactly and steps between them.
TOLERANCE = 9


def near(a, b):
    return all(abs(x - y) <= TOLERANCE for x, y in zip(a, b, strict=True))


def test_a_scene_draws_what_its_materials_write():
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system, mode="editor") as scene:
        asset = make_asset()
        place_ = e.world_position()
        # Left of x = 4 white, right of it red below y = 8, else black.
        left = place_.x < 4
        color = e.lerp(e.lerp([1, 0, 0], 0, place_.y >= 8), 1, left)
        land = make_land(asset, color)
        volume = place(scene, asset, land)
        assert scene.texture_of(make_asset()) is None
        assert scene.components == (land,) and scene.volumes == (volume,)
        picture = draw(scene)
        assert picture.size == (PIXELS, PIXELS)
        assert near(rgb_at(picture, 2, 4), WHITE)
        assert near(rgb_at(picture, 12, 4), RED)
        assert near(rgb_at(picture, 12, 12), BLACK)
        texture = scene.texture_of(asset)
        assert texture is scene.texture_of(asset) and texture.size == (128, 128)
        held = system.render(EYE, VIEW, PROJECTION, PIXELS, PIXELS, texture)
        assert near(rgb_at(held, 2, 4), WHITE) and near(rgb_at(held, 12, 4), RED)
        # Negative control: another place has another colour.
        assert not near(rgb_at(picture, 2, 4), rgb_at(picture, 12, 4))


def test_masks_hold_where_they_say():
    # A ramp: the height is x / 16.
    ramp = array.array("f", (column / 16 for _ in range(SIDE) for column in range(SIDE)))
    height = e.world_position().z
    masks = {
        "height > 0.4": (height > 0.4, lambda h: h > 0.4),
        "height <= 0.4": (height <= 0.4, lambda h: h <= 0.4),
        "(height > 0.2) & (height < 0.6)": (
            (height > 0.2) & (height < 0.6),
            lambda h: 0.2 < h < 0.6,
        ),
        "(height < 0.2) | ~(height < 0.6)": (
            (height < 0.2) | ~(height < 0.6),
            lambda h: h < 0.2 or h >= 0.6,
        ),
        "height % 0.5 // 0.25": (height % 0.5 // 0.25, lambda h: h % 0.5 >= 0.25),
    }
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system, mode="editor") as scene:
        asset = make_asset()
        land = make_land(asset, 0, ramp)
        place(scene, asset, land)
        found = set()
        for name, (mask, wanted) in masks.items():
            land.material = writing(asset, e.lerp([0, 0, 0], [1, 1, 1], mask))
            picture = draw(scene)
            for x in (1, 2, 5, 7, 8.5, 11, 14):
                value = rgb_at(picture, x, 8)
                assert near(value, WHITE if wanted(x / 16) else BLACK), (name, x, value)
                found.add(value[0] > 128)
        assert found == {True, False}


def test_an_edit_is_drawn_and_nothing_else_changes():
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system, mode="editor") as scene:
        asset = make_asset()
        layer = e.layer_weight("snow")
        weights = bytes(SIDE * SIDE)
        land = make_land(asset, e.lerp([1, 0, 0], 1, layer), layers={"snow": weights})
        place(scene, asset, land)
        before = draw(scene)
        land.set_weights("snow", {"x": 2, "y": 2, "width": 4, "height": 4}, bytes([255] * 16))
        after = draw(scene)
        assert near(rgb_at(before, 3.5, 3.5), RED) and near(rgb_at(after, 3.5, 3.5), WHITE)
        assert near(rgb_at(after, 12, 12), RED)
        decal = rvt.DecalComponent(
            material=rvt.Material("black", domain="virtual_texture", base_color=0),
            size=(4, 4),
            transform={"position": (12, 12, 0)},
            translucency_sort_priority=1,
            render_to_virtual_textures=[asset],
        )
        scene.add_component(decal)
        assert near(rgb_at(draw(scene), 12, 12), BLACK)
        decal.transform = {"position": (12, 4, 0)}
        moved = draw(scene)
        assert near(rgb_at(moved, 12, 12), RED) and near(rgb_at(moved, 12, 4), BLACK)
        assert not scene.draws_in_main_pass(decal) and scene.draws_in_main_pass(land)
        assert scene.remove_component(decal) and not scene.remove_component(decal)
        assert near(rgb_at(draw(scene), 12, 4), RED)


def test_scenes_have_options_and_ask_for_tiles():
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system) as scene:
        asset = make_asset()
        land = make_land(asset, [1, 0, 0])
        volume = place(scene, asset, land)
        assert (scene.mode, scene.virtual_texturing, scene.system) == ("game", True, system)
        scene.change(max_uploads_per_frame=3, mode="editor")
        assert scene.options["max_uploads_per_frame"] == 3 and scene.mode == "editor"
        bounds = {"min": (0, 0, -1), "max": (16, 16, 1)}
        scene.request_preload(bounds)
        loaded = system.get_statistics().as_dict()["tiles_loaded"]
        scene.request_preload(bounds)
        assert system.get_statistics().as_dict()["tiles_loaded"] == loaded > 0
        scene.invalidate(bounds, "normal")
        scene.request_preload(bounds, 1)
        assert scene.remove_volume(volume) and scene.texture_of(asset) is None
        assert not scene.remove_volume(volume)
        for wrong, message in (
            (lambda: scene.change(mode="movie"), "mode must be one of game, editor"),
            (lambda: scene.change(seeds=1), "no option seeds: options are .*max_uploads_per_frame"),
            (lambda: scene.add_component(asset), "component must be|must be a component"),
            (lambda: scene.add_component(land), "already"),
            (lambda: scene.invalidate({"min": (0, 0, 0)}), "max must be 3 finite numbers"),
            (lambda: scene.set_bounds(volume, land), "volume"),
            (
                lambda: rvt.RuntimeVirtualTextureScene(asset),
                "system must be a VirtualTextureSystem",
            ),
            (lambda: scene.render(EYE, None, None, 8, 8), "view_matrix must be given"),
            (lambda: scene.render(EYE, VIEW, None, 8, 8, layers="all"), "layers must be one of"),
            (lambda: scene.render(EYE, VIEW, None, 0, 8), "width"),
        ):
            with raises((TypeError, ValueError), message):
                wrong()


def test_wgsl_that_does_not_compile_names_its_node():
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system) as scene:
        broken = e.custom_wgsl("return colour;", components=3, name="broken node")
        material = rvt.Material("broken", base_color=broken)
        scene.add_component(rvt.StaticMeshComponent(material=material, mesh=rvt.plane_mesh()))
        with raises(ValueError, "broken node"):
            scene.render(EYE, VIEW, PROJECTION, 8, 8)


def test_calls_of_a_scene_have_async_versions_that_queue():
    async def main():
        device = await forge3d.get_device_async()
        async with streaming.VirtualTextureSystem(device, max_memory_mb=16, tile_size=64) as system:
            async with rvt.RuntimeVirtualTextureScene(system, mode="editor") as scene:
                asset = make_asset()
                land = make_land(asset, [1, 0, 0])
                scene.add_component(land)
                volume = rvt.RuntimeVirtualTextureVolume(asset)
                adding = scene.add_volume_async(volume)
                streamed, _ = await asyncio.gather(system.load_texture_async(PATH), adding)
                scene.set_bounds(volume, land)
                await scene.settled_async()
                for _ in range(4):
                    update = system.update_streaming_async(
                        EYE, VIEW, PROJECTION, time_budget_ms=None
                    )
                    drawing = scene.render_async(EYE, VIEW, PROJECTION, PIXELS, PIXELS)
                    _, picture = await asyncio.gather(update, drawing)
                assert picture.size == (PIXELS, PIXELS)
                assert streamed in system.textures
                await scene.request_preload_async({"min": (0, 0, -1), "max": (9, 9, 1)})
                assert await scene.remove_volume_async(volume)
            assert scene.closed
            await scene.close_async()
            project = rvt.Project("p", scenes=[{"name": "main"}])
            async with await rvt.open_project_scene_async(project, system) as opened:
                assert not opened.scene.closed
            assert opened.scene.closed
        assert system.closed

    asyncio.run(main())


def test_a_preload_that_is_cancelled_asks_for_nothing_more():
    bounds = {"min": (0, 0, -1), "max": (16, 16, 1)}

    async def cancelled(scene):
        preloading = asyncio.ensure_future(scene.request_preload_async(bounds))
        await asyncio.sleep(0)
        preloading.cancel()
        with raises(asyncio.CancelledError):
            await preloading
        # It does not stand in the way of what waits for the scene next.
        await scene.settled_async()

    with make_system() as system, rvt.RuntimeVirtualTextureScene(system) as scene:
        asset = make_asset(size_in_tiles_log2=3)
        place(scene, asset, make_land(asset, [1, 0, 0]))
        asyncio.run(cancelled(scene))
        assert system.get_statistics().as_dict()["tiles_loaded"] < 32
        # Negative control: one that is not cancelled has all 64.
        scene.request_preload(bounds)
        assert system.get_statistics().as_dict()["tiles_loaded"] >= 64


def test_where_waiting_is_impossible_calls_name_their_async_version():
    without_promise = run_js("(call) => { call(); }")
    errors = []
    with make_system() as system:
        scene = rvt.RuntimeVirtualTextureScene(system)
        calls = {
            "add_volume_async": lambda: scene.add_volume(
                rvt.RuntimeVirtualTextureVolume(make_asset())
            ),
            "settled_async": lambda: scene.settled(),
            "render_async": lambda: scene.render(EYE, VIEW, PROJECTION, 8, 8),
        }

        def handler():
            for name, call in calls.items():
                try:
                    call()
                except RuntimeError as error:
                    errors.append(name in str(error) and hasattr(scene, name))
            scene.close()

        without_promise(handler)
        assert errors == [True] * len(calls)
        assert scene.closed


def test_a_closed_scene_says_so():
    with make_system() as system:
        scene = rvt.RuntimeVirtualTextureScene(system)
        land = make_land(make_asset(), 1)
        scene.add_component(land)
        assert "1 components" in repr(scene)
        scene.close()
        scene.close()
        assert scene.closed and "closed" in repr(scene)
        with raises(DisposedError, "scene as it was closed"):
            scene.add_component(land)
        with raises(DisposedError, "scene as it was closed"):
            scene.render(EYE, VIEW, PROJECTION, 8, 8)
        other = rvt.RuntimeVirtualTextureScene(system)
        other.add_component(land)
    with raises(DisposedError):
        other.render(EYE, VIEW, PROJECTION, 8, 8)
    other.close()
    with raises(DisposedError, "closed"):
        rvt.RuntimeVirtualTextureScene(system)


def test_pictures_have_sizes_by_name_and_a_projection_of_their_own():
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system) as scene:
        scene.add_component(make_land(make_asset(), 1))
        wanted = scene.render(EYE, VIEW, None, 16, 8)
        assert scene.render(EYE, VIEW, width=16, height=8).tobytes() == wanted.tobytes()
        with raises(TypeError, "width as it must be an integer: current value is None"):
            scene.render(EYE, VIEW, height=8)


def test_continuous_updates_are_told():
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system) as scene:
        asset = make_asset(continuous_update=True)
        place(scene, asset, make_land(asset, 1))
        draw(scene)
        told = [
            system.update_streaming(EYE, VIEW, PROJECTION, time_budget_ms=None) for _ in range(4)
        ]
        counted = system.get_statistics().tiles_refreshed
    assert sum(each["tiles_refreshed"] for each in told) > 0
    assert counted >= sum(each["tiles_refreshed"] for each in told)


def test_a_square_is_positive_on_both_sides_of_0():
    x, y, _ = e.world_position()
    circle = (x - 8) ** 2 + (y - 8) ** 2 < 36
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system) as scene:
        land = make_land(make_asset(), 1)
        land.material = rvt.Material("circle", base_color=e.lerp(0, [1, 1, 1], circle))
        scene.add_component(land)
        picture = draw(scene)
    inside = [rgb_at(picture, *place)[0] > 128 for place in ((5, 5), (11, 5), (5, 11), (11, 11))]
    outside = [rgb_at(picture, *place)[0] > 128 for place in ((2, 2), (14, 2), (2, 14), (8, 15))]
    assert all(inside) and not any(outside), (inside, outside)


def test_a_scene_that_nobody_has_is_freed():
    with make_system() as system:
        scene = rvt.RuntimeVirtualTextureScene(system)
        asset = make_asset()
        place(scene, asset, make_land(asset, 1))
        used = system.get_memory_info()["page_table_memory"]
        gone = weakref.ref(scene)
        del scene
        gc.collect()
        assert gone() is None
        system.flush()
        assert system.get_memory_info()["page_table_memory"] < used
