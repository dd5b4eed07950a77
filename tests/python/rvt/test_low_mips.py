"""Low mips are built, kept and streamed; what is deferred is loaded when it is needed."""

import array
import asyncio
import io
import os
import re

from forge3d import rvt
from forge3d.errors import BakeError, DisposedError, MissingFileError

from checks import raises
from ground import draw, make_asset, make_land, make_system, place, rgb_at
from scene import FOLDER

RED = [1, 0, 0]
CORNER = {"min": (0, 0, -1), "max": (4, 4, 1)}


def built_scene(system, asset, **settings):
    """Make a scene whose volume streams low mips."""
    scene = rvt.RuntimeVirtualTextureScene(system)
    volume = place(scene, asset, make_land(asset, RED))
    volume.change(streaming_low_mips=1, **settings)
    scene.settled()
    return scene, volume


def patch(asset):
    return rvt.DecalComponent(
        name="patch",
        material=rvt.Material("blue", domain="virtual_texture", base_color=[0, 0, 1]),
        size=(2, 2),
        transform={"position": (2, 2, 0)},
        translucency_sort_priority=1,
        render_to_virtual_textures=[asset],
    )


def deferred_patch(asset, load, **options):
    given = {"name": "patch", "bounds": CORNER, "identity": "patch 1"}
    return rvt.DeferredComponent(
        **(given | {"render_to_virtual_textures": [asset], "load": load} | options)
    )


def test_a_volume_is_built_and_streams_what_was_built():
    asset = make_asset()
    told = []
    with make_system() as system:
        scene, volume = built_scene(system, asset)
        with scene:
            assert "are rendered: " in volume.warnings[0]
            assert asset.streamed_low_mips == 0
            report = scene.build(volume, on_progress=told.append)
            assert report["volume"] is volume and report["levels"] == 1
            assert report["tile_count"] == 1 and report["incomplete_tiles"] == 0
            assert told[-1] == {"volume": volume, "tiles": 1, "tile_count": 1}
            builder = report["builder"]
            assert volume.settings["virtual_texture_builder"] is builder
            assert (builder.path, builder.generation) == (None, 1)
            assert len(builder.bytes) == report["byte_length"]
            assert volume.warnings == [] and asset.streamed_low_mips == 1
            scene.add_component(patch(asset))
            assert "1 of 1 baked tiles" in volume.warnings[0]
            # Built again, and kept in a file.
            path = os.path.join(FOLDER, "low.pmtiles")
            volume.change(virtual_texture_builder=rvt.VirtualTextureBuilder(path=path))
            (again,) = scene.build_virtual_textures()
            assert os.path.getsize(path) == again["byte_length"]
            assert again["builder"].bytes is None and volume.warnings == []
            volume.change(build_debug=True)
            scene.build(volume)
            assert "colours are tinted" in volume.warnings[0]
            # Settings have the names that they have here.
            asset.change(compression_quality="low", tile_border=8)
            scene.settled()
            assert "tile_border is 8 and was" in volume.warnings[0], volume.warnings
            (finding,) = (each for each in rvt.check_scene(scene) if "border" in each["message"])
            assert "tile_border is 8 and was" in finding["message"]


def test_a_volume_lets_its_builder_go():
    asset = make_asset()
    with make_system() as system:
        scene, volume = built_scene(system, asset)
        with scene:
            builder = scene.build(volume)["builder"]
            # Other settings leave it, and so does None for one of them.
            assert volume.change(expand_bounds=1, build_debug=None) == "none"
            assert volume.settings["virtual_texture_builder"] is builder
            assert volume.change(virtual_texture_builder=None) == "texture"
            scene.settled()
            assert volume.settings["virtual_texture_builder"] is None
            assert asset.streamed_low_mips == 0 and "are rendered: " in volume.warnings[0]
            assert scene.build(volume)["builder"] is not builder
            assert volume.change(virtual_texture_builder=builder) == "texture"
            assert volume.settings["virtual_texture_builder"] is builder


def test_bytes_of_a_build_are_streamed_by_another_scene():
    with make_system() as system:
        scene, volume = built_scene(system, make_asset())
        with scene:
            content = scene.build(volume)["builder"].bytes
        asset = make_asset()
        builder = rvt.VirtualTextureBuilder(name="kept", bytes=content)
        scene, volume = built_scene(system, asset, virtual_texture_builder=builder)
        with scene:
            assert asset.streamed_low_mips == 1 and volume.warnings == []
        # Negative control: bytes that are no build.
        asset = make_asset()
        broken = rvt.VirtualTextureBuilder(bytes=bytes(300))
        scene, volume = built_scene(system, asset, virtual_texture_builder=broken)
        with scene:
            assert asset.streamed_low_mips == 0 and len(volume.warnings) == 1


class Counted(io.BytesIO):
    """A file that gives a few bytes at a time, as others may, and counts what is read."""

    count = 0

    def read(self, size):
        part = super().read(min(size, 1000))
        self.count += len(part)
        return part


def test_low_mips_are_opened_by_a_function():
    with make_system() as system:
        scene, volume = built_scene(system, make_asset())
        with scene:
            content = scene.build(volume)["builder"].bytes
        files = []

        async def open_file():
            await asyncio.sleep(0)
            files.append(Counted(content))
            return files[-1]

        for opened in (open_file, lambda: memoryview(content)):
            asset = make_asset()
            builder = rvt.VirtualTextureBuilder(name="elsewhere", open=opened)
            assert (builder.name, builder.path, builder.bytes) == ("elsewhere", None, None)
            scene, volume = built_scene(system, asset, virtual_texture_builder=builder)
            with scene:
                assert asset.streamed_low_mips == 1 and volume.warnings == []
                assert draw(scene).width > 0
                if opened is open_file:
                    assert not files[0].closed
                # What is built later is kept in memory.
                scene.build(volume)
                assert len(builder.bytes) > 0
        assert len(files) == 1 and files[0].closed and files[0].count > 0


def test_why_low_mips_cannot_be_opened_is_a_warning():
    class Failing(io.BytesIO):
        def read(self, size):
            raise KeyError("of the file")

    def fail():
        raise KeyError("of the function")

    with make_system() as system:
        for opened, message in (
            (fail, "KeyError: 'of the function'"),
            (lambda: 3, "open must give bytes, or a file of bytes that can seek: current value is"),
            (lambda: Failing(bytes(300)), "Cannot read .* of elsewhere: KeyError: 'of the file'"),
            (lambda: io.StringIO("a" * 300), "buffer of bytes"),
            (lambda: io.BytesIO(b""), "elsewhere"),
        ):
            asset = make_asset()
            builder = rvt.VirtualTextureBuilder(name="elsewhere", open=opened)
            scene, volume = built_scene(system, asset, virtual_texture_builder=builder)
            with scene:
                assert asset.streamed_low_mips == 0
                assert re.search(message, volume.warnings[0]), volume.warnings


def test_what_on_progress_raises_is_what_a_build_raises():
    with make_system() as system:
        scene, volume = built_scene(system, make_asset())

        def fail(_progress):
            raise KeyError("mine")

        with scene:
            with raises(KeyError, "mine"):
                scene.build(volume, on_progress=fail)
            assert volume.settings["virtual_texture_builder"] is None
            assert asyncio.run(scene.build_async(volume))["tile_count"] == 1


def test_a_build_that_is_cancelled_leaves_the_last_one():
    async def cancelled(scene, volume):
        building = asyncio.ensure_future(scene.build_async(volume))
        await asyncio.sleep(0)
        building.cancel()
        with raises(asyncio.CancelledError):
            await building

    with make_system() as system:
        scene, volume = built_scene(system, make_asset())
        with scene:
            builder = scene.build(volume)["builder"]
            asyncio.run(cancelled(scene, volume))
            # What waits for the scene comes after what was cancelled.
            scene.settled()
            assert builder.generation == 1
            # Negative control: one that is not cancelled builds again.
            scene.build(volume)
            assert builder.generation == 2


def test_a_deferred_component_is_loaded_when_a_tile_shows_it():
    asset = make_asset()
    loads = []

    async def load():
        await asyncio.sleep(0)
        loads.append(patch(asset))
        return loads[-1]

    with make_system() as system, rvt.RuntimeVirtualTextureScene(system) as scene:
        place(scene, asset, make_land(asset, RED))
        deferred = deferred_patch(asset, load)
        assert (deferred.component, deferred.failure) == (None, None)
        assert deferred.boxes() == [deferred.box]
        assert deferred.bounds == {"min": [0, 0, -1], "max": [4, 4, 1]}
        scene.add_deferred_component(deferred)
        assert scene.deferred_components == (deferred,)
        picture = draw(scene)
        assert rgb_at(picture, 2, 2)[2] > 200 > rgb_at(picture, 12, 12)[2]
        assert len(loads) == 1 and deferred.component is loads[0]
        assert loads[0] in scene.components and deferred.load() is loads[0]
        assert deferred.unload() and not deferred.unload()
        assert loads[0] not in scene.components and not deferred.is_loaded
        assert scene.remove_deferred_component(deferred)
        assert not scene.remove_deferred_component(deferred)


def test_what_load_raises_is_why_a_component_could_not_be_loaded():
    asset = make_asset()
    raised = KeyError("mine")

    def fail():
        raise raised

    deferred = deferred_patch(asset, fail)
    for _ in range(2):
        try:
            deferred.load()
        except KeyError as error:
            assert error is raised
        else:
            raise AssertionError("nothing was raised")
    assert deferred.failure is raised and not deferred.is_loaded
    with make_system() as system:
        scene, volume = built_scene(system, asset)
        with scene:
            scene.add_deferred_component(deferred)
            with raises(BakeError, '"patch" cannot be loaded: KeyError: .mine'):
                scene.build(volume)
    for load, message in (
        (lambda: 3, "load must give a component: current value is 3"),
        (lambda: object(), "Cannot use load"),
        (lambda: patch(make_asset()), "must name its textures alone"),
    ):
        wrong = deferred_patch(asset, load)
        with raises((TypeError, ValueError), message):
            wrong.load()
        assert message.split(":")[0] in str(wrong.failure)


def test_a_deferred_landscape_is_loaded_before_what_lies_on_it():
    asset = make_asset()
    land = deferred_patch(
        asset, lambda: make_land(asset, RED), bounds={"min": (0, 0, -1), "max": (16, 16, 1)}
    )

    def load_road():
        return rvt.LandscapeSplineComponent(
            material=rvt.Material("road", domain="virtual_texture", base_color=(0, 0, 1)),
            points=[{"position": (1, 1, 0), "width": 1}, {"position": (3, 3, 0), "width": 1}],
            landscape=road.landscape,
            render_to_virtual_textures=[asset],
        )

    road = deferred_patch(asset, load_road, landscape=land)
    assert road.landscape is None and not road.is_landscape_edited
    assert road.load().landscape is road.landscape is land.component
    one = {"x": 1, "y": 1, "width": 1, "height": 1}
    land.component.set_heights(one, array.array("f", [0.5]))
    assert road.is_landscape_edited and land.is_edited
    assert land.unload() and not road.is_loaded
    with raises(TypeError, "landscape must be a LandscapeComponent, a DeferredComponent or None"):
        deferred_patch(asset, load_road, landscape=asset)


def test_what_is_unloaded_while_it_loads_is_dropped():
    asset = make_asset()
    made = []

    async def load():
        await asyncio.sleep(0.001)
        # A call that waits may be awaited there.
        path = os.path.join(FOLDER, "any.bin")
        with open(path, "wb") as file:
            file.write(b"1")
        assert await rvt.file_identity_async(path)
        made.append(patch(asset))
        return made[-1]

    async def main():
        deferred = deferred_patch(asset, load)
        loading = asyncio.ensure_future(deferred.load_async())
        await asyncio.sleep(0)
        assert not deferred.unload()
        with raises(DisposedError, "as it was unloaded: load it again"):
            await loading
        assert not deferred.is_loaded and deferred.failure is None
        again = await deferred.load_async()
        assert again is made[1] is deferred.component
        again.translucency_sort_priority = 2
        assert deferred.is_edited

    asyncio.run(main())


def test_files_are_identified_by_content():
    paths = [os.path.join(FOLDER, name) for name in ("one.bin", "two.bin")]
    identities = []
    for content in (b"1", b"2", b"1"):
        for path in paths:
            with open(path, "wb") as file:
                file.write(content)
        identities.append((rvt.file_identity(paths[0]), rvt.file_identity(paths)))
    assert identities[0] == identities[2]
    assert identities[0][0] != identities[1][0] and identities[0][1] != identities[1][1]


def test_wrong_low_mips_are_typed_errors():
    asset = make_asset()
    with make_system() as system:
        scene, volume = built_scene(system, asset)
        with scene:
            other = rvt.RuntimeVirtualTextureVolume(asset)
            for wrong, message in (
                (lambda: scene.build(asset), "volume must be"),
                (lambda: scene.build(other), "it is not in the scene: add it first"),
                (lambda: scene.build(volume, on_progress=3), "on_progress must be a function"),
                (lambda: volume.change(streaming_low_mips=99), "streaming_low_mips must be"),
                (lambda: volume.change(virtual_texture_builder=3), "virtual_texture_builder"),
                (lambda: scene.add_deferred_component(asset), "must be"),
                (lambda: rvt.VirtualTextureBuilder(path="a", bytes=b"a"), "one place at most"),
                (lambda: rvt.VirtualTextureBuilder(open=bytes, bytes=b"a"), "one place at most"),
                (lambda: rvt.VirtualTextureBuilder(open=3), "open must be a function"),
                (lambda: rvt.VirtualTextureBuilder(path=3), "path as it must be a path"),
                (lambda: rvt.VirtualTextureBuilder(bytes="a"), "bytes as it must be a buffer"),
                (lambda: deferred_patch(asset, 3), "load must be a function"),
                (lambda: deferred_patch(asset, int, identity=3), "identity must be"),
                (lambda: deferred_patch(asset, int, bounds={"min": (0, 0, 0)}), "max must be"),
                (lambda: rvt.file_identity([]), "a list of one or more"),
                (lambda: rvt.file_identity(3), "a list of one or more"),
            ):
                with raises((TypeError, ValueError), message):
                    wrong()
            volume.change(streaming_low_mips=0)
            with raises(ValueError, "streaming_low_mips must be >= 1"):
                scene.build(volume)
    with raises(MissingFileError):
        rvt.file_identity(os.path.join(FOLDER, "none.bin"))
