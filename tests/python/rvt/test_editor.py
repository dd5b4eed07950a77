import array
import asyncio
import os
import tempfile

from forge3d import rvt
from forge3d.errors import (
    DisposedError,
    MalformedFileError,
    MissingFileError,
    SourceChangedError,
)
from forge3d.rvt import expressions as e

from checks import raises
from ground import SIDE, draw, make_asset, make_land, make_system, place, rgb_at, writing

RED = (255, 0, 0)


def near(a, b):
    return all(abs(x - y) < 10 for x, y in zip(a, b, strict=True))


def project_of(asset):
    """Make a project of a decal that fills a volume and shows what it writes."""
    red = writing(asset, e.vector_parameter("color", [1, 0, 0]), "red").to_json()
    component = {
        "kind": "decal",
        "name": "square",
        "material": "red",
        "size": [16, 16],
        "drawInMainPass": "always",
        "transform": {"position": [8, 8, 0]},
        "renderToVirtualTextures": [asset.name],
    }
    volume = {"asset": asset.name, "position": [8, 8, 0], "scale": [16, 16, 2]}
    return rvt.Project(
        "small",
        assets=[
            {"name": asset.name, "materialType": "base_color", "sizeInTilesLog2": 1, "tileSize": 64}
        ],
        materials=[red],
        scenes=[
            {
                "name": "main",
                "options": {"mode": "editor"},
                "components": [component],
                "volumes": [volume],
            }
        ],
    )


def test_a_console_sets_variables_and_tells_statistics():
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system, mode="editor") as scene:
        asset = make_asset()
        land = make_land(asset, [1, 0, 0])
        place(scene, asset, land)
        levels = {"low": {"r.VT.PoolSizeScale": 0.5}}
        console = rvt.VirtualTextureConsole(scene, scalability=levels)
        assert console.scene is scene
        name = "r.VT.MaxUploadsPerFrameInEditor"
        assert console.get(name) == 64
        assert console.exec(f"{name} 5") == f"{name} = 5"
        assert scene.options["max_uploads_per_frame_in_editor"] == 5
        console.set(name, 6)
        console.reset(name)
        assert console.get(name) == 64
        told = {each["name"]: each for each in console.variables()}
        assert told[name]["default_value"] == 64 and told[name]["is_integer"]
        assert console.scalability == levels and console.scalability_level is None
        console.set_scalability_level("low")
        assert console.scalability_level == "low" and console.get("r.VT.PoolSizeScale") == 0.5
        console.set_scalability_level(None)
        assert console.get("r.vt.poolsizescale") == 1
        land.material = writing(asset, [0, 1, 0])
        draw(scene)
        statistics = console.statistics()
        assert statistics["updates"]["most"]["tiles_drawn"] > 0
        assert statistics["updates"]["last"]["stage_ms"].keys() >= {"feedback", "page_tables"}
        assert statistics["counters"] == system.get_statistics().as_dict()
        memory = console.memory()
        assert memory["pools"][0]["textures"] == ["ground"]
        assert memory["total"] == system.get_memory_info()
        assert "Tiles rendered" in console.exec("stat virtualtexturing")
        scene.request_preload({"min": (0, 0, -1), "max": (16, 16, 1)})
        assert console.flush_caches() == 4
        for wrong, message in (
            (lambda: console.exec("r.VT.Fly"), "r.VT.Fly"),
            (lambda: console.set(name, -1), "current value is -1"),
            (lambda: console.get("r.VT.Fly"), "no console variable r.VT.Fly"),
            (lambda: console.set_scalability_level("high"), 'no level "high": there are "low"'),
            (lambda: rvt.VirtualTextureConsole(system), "scene must be a Runtime"),
            (lambda: rvt.VirtualTextureConsole(scene, scalability={"low": 3}), "dictionary"),
        ):
            with raises((TypeError, ValueError), message):
                wrong()
    with raises(DisposedError, "closed"):
        console.exec("help")


def test_a_project_is_saved_loaded_and_opened():
    folder = os.path.join(tempfile.mkdtemp(), "small")
    project = project_of(make_asset())
    assert (project.name, project.folder) == ("small", None)
    written = rvt.save_project(project, folder)
    assert "project.json" in written
    loaded = rvt.load_project(folder)
    assert loaded.content == project.content and loaded.folder == folder
    assert rvt.save_project(loaded, folder) == []
    with open(os.path.join(folder, "project.json"), "a") as file:
        file.write("\n")
    with raises(SourceChangedError, "was edited since the project was loaded"):
        rvt.save_project(loaded, folder)
    assert rvt.save_project(loaded, folder, overwrite=True) == ["project.json"]
    with make_system() as system:
        with rvt.open_project_scene(loaded, system) as opened:
            assert opened.console is None and opened.deferred_components == ()
            assert opened.document == loaded.scene() == loaded.scene("main")
            assert opened.document["components"][0]["drawInMainPass"] == "always"
            assert opened.project is loaded and opened.assets["ground"].name == "ground"
            (square,) = opened.components
            assert isinstance(square, rvt.DecalComponent) and square in opened.scene.components
            assert square.material is opened.materials["red"]
            assert opened.volumes[0].asset is opened.assets["ground"]
            assert near(rgb_at(draw(opened.scene), 8, 8), RED)
        assert opened.scene.closed
        with raises(ValueError, 'scene must be one of "main": current value is "other"'):
            rvt.open_project_scene(loaded, system, "other")
        tuned = loaded.with_content(scalability={"low": {"r.VT.MaxUploadsPerFrame": 2}})
        with rvt.open_project_scene(tuned, system, scalability_level="low") as opened:
            assert opened.scene.options["max_uploads_per_frame"] == 2
            assert opened.console.scene is opened.scene
            assert opened.console.scalability_level == "low"
            assert opened.console.get("r.VT.MaxUploadsPerFrame") == 2
            opened.console.exec("r.VT.MaxUploadsPerFrame 3")
            assert opened.scene.options["max_uploads_per_frame"] == 3
        with raises(ValueError, 'scalability_level must be one of "low": current value is .odd.'):
            rvt.open_project_scene(tuned, system, scalability_level="odd")
        with raises(TypeError, "project must be a Project"):
            rvt.open_project_scene(folder, system)
    with raises(MissingFileError, "none"):
        rvt.load_project(os.path.join(folder, "none"))
    with raises(MalformedFileError, r"assets\[0\]"):
        project.with_content(assets=[{"name": 3}])
    with raises(ValueError, 'scene must be one of "main": current value is "other"'):
        loaded.scene("other")
    with raises(TypeError, "scene must be"):
        loaded.scene(3)
    with raises(TypeError, "no option houses"):
        rvt.Project("odd", houses=[])


def test_a_scene_whose_opening_is_cancelled_leaves_nothing():
    project = project_of(make_asset())

    async def cancelled(system):
        opening = asyncio.ensure_future(rvt.open_project_scene_async(project, system))
        await asyncio.sleep(0)
        opening.cancel()
        with raises(asyncio.CancelledError):
            await opening
        await system.flush_async()

    with make_system() as system:
        with rvt.open_project_scene(project, system):
            opened = system.get_memory_info()["page_table_memory"]
        closed = system.get_memory_info()["page_table_memory"]
        asyncio.run(cancelled(system))
        assert system.get_memory_info()["page_table_memory"] == closed < opened


def test_deferred_components_of_a_project_are_loaded_when_they_are_seen():
    project = project_of(make_asset())
    (scene,) = project.content["scenes"]
    (square,) = scene["components"]
    bounds = {"min": [0, 0, -1], "max": [16, 16, 1]}
    deferred = {**square, "deferred": {"bounds": bounds}}
    project = project.with_content(scenes=[{**scene, "components": [deferred]}])
    with make_system() as system, rvt.open_project_scene(project, system) as opened:
        (later,) = opened.deferred_components
        assert opened.components == () and opened.scene.deferred_components == (later,)
        assert later.bounds == bounds and later.name == "square"
        # Nothing is drawn that would sample a tile.
        opened.scene.request_preload(bounds)
        assert opened.scene.components == (later.component,)
        assert isinstance(later.component, rvt.DecalComponent)
        assert later.unload() and later.load() is later.component


def test_bounds_of_deferred_components_are_known_or_checked():
    project = project_of(make_asset())
    (main,) = project.content["scenes"]
    (square,) = main["components"]

    def deferring(deferred):
        components = [{**square, "deferred": deferred}]
        return project.with_content(scenes=[{**main, "components": components}])

    with make_system() as system, rvt.open_project_scene(deferring({}), system) as opened:
        (later,) = opened.deferred_components
        assert isinstance(later.load(), rvt.DecalComponent)
    small = deferring({"bounds": {"min": [0, 0, 0], "max": [1, 1, 1]}})
    found = [each for each in rvt.check_project(small) if each["code"] == "deferred_bounds"]
    assert len(found) == 1 and 'write "bounds"' in found[0]["message"]


def test_a_scene_is_described_saved_and_opened_again():
    folder = tempfile.mkdtemp()
    with make_system() as system:
        with rvt.RuntimeVirtualTextureScene(system, mode="editor") as scene:
            asset = make_asset()
            ramp = array.array("f", (column / 16 for _ in range(SIDE) for column in range(SIDE)))
            color = e.lerp([0, 0, 0], [1, 0, 0], e.world_position().z > 0.5)
            place(scene, asset, make_land(asset, color, ramp, name="land"))
            before = draw(scene)
            described = rvt.describe_scene(scene, "ramp", folder=folder)
            assert described.content == rvt.describe_scene(scene, "ramp").content
            with raises(TypeError, "must be a path: current value is 3"):
                rvt.describe_scene(scene, "ramp", folder=3)
            rvt.save_project(described, folder)
        with rvt.open_project_scene(rvt.load_project(folder), system) as opened:
            after = draw(opened.scene)
            for x in (2, 5, 11, 14):
                assert near(rgb_at(after, x, 8), rgb_at(before, x, 8)), x
            assert near(rgb_at(after, 14, 8), RED) and not near(rgb_at(after, 2, 8), RED)


def test_projects_and_scenes_are_checked_and_mended():
    project = project_of(make_asset())
    assert [each["code"] for each in rvt.check_project(project)] in ([], ["no_fallback"])
    found = rvt.find_materials(project, "ground")
    assert [(each["kind"], each["name"]) for each in found] == [("material", "red")]
    assert rvt.fix_materials(project, "ground") == (project, [], [])
    other = {**project.content["assets"][0], "materialType": "ycocg_base_color_normal_specular"}
    changed = project.with_content(assets=[other])
    assert "type_mismatch" in [each["code"] for each in rvt.check_project(changed)]
    fixed = rvt.fix_materials(changed, "ground")
    assert fixed.changes[0]["to"] == "ycocg_base_color_normal_specular"
    assert "type_mismatch" not in [each["code"] for each in rvt.check_project(fixed.project)]
    with raises(ValueError, "asset must be one of .ground."):
        rvt.find_materials(project, "sky")
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system, mode="editor") as scene:
        asset = make_asset()
        land = make_land(asset, [1, 0, 0], name="land")
        scene.add_component(land)
        assert "no_volume" in [each["code"] for each in rvt.check_scene(scene)]
        scene.remove_component(land)
        place(scene, asset, land)
        assert "no_volume" not in [each["code"] for each in rvt.check_scene(scene)]
        tile = rvt.inspect_tile(scene, asset, 1, 0, 0)
        assert [each["component"] for each in tile["writers"]] == ["land"]
        assert tile["writers"][0]["attributes"] == ["base_color"]
        assert (tile["levels"], tile["columns"], tile["asset"]) == (2, 1, "ground")
        with raises(ValueError, "level"):
            rvt.inspect_tile(scene, asset, 9, 0, 0)
