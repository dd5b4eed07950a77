"""Code for `forge3d.rvt` that type checkers accept: every kind of object, with every option."""

import array
from typing import assert_type

from forge3d import Image, rvt, streaming
from forge3d.rvt import expressions as e
from forge3d.rvt.component_options import ScatterOptions
from forge3d.rvt.options import AssetSettings


def halved(a: e.Expression) -> dict[str, e.Expression]:
    return {"b": a * 0.5}


def make_material(asset: rvt.RuntimeVirtualTexture) -> rvt.Material:
    height = e.world_position().z
    assert_type(height > 0.4, e.Expression)
    assert_type(1 - height * [1, 2, 3] / height["xxx"], e.Expression)
    mask = (height > 0.2) & ~(height >= 0.6) | (e.layer_weight("rock") < 0.5)
    color = e.lerp([0.1, 0.3, 0.05], e.vector_parameter("tint", (1, 1, 1)), mask)
    sample = e.runtime_virtual_texture_sample(asset, mip_mode="bias", bias=0.5)
    assert_type(sample.base_color, e.Expression)
    halve = rvt.MaterialFunction("halve", {"a": 3}, halved)
    output = e.runtime_virtual_texture_output(base_color=halve(a=color)["b"], height_range=(0, 9))
    return rvt.Material("ground", base_color=sample.base_color, rvt_output=output, two_sided=True)


def use(system: streaming.VirtualTextureSystem, matrix: tuple[tuple[float, ...], ...]) -> None:
    settings: AssetSettings = {"material_type": "base_color", "tile_size": 128}
    asset = rvt.RuntimeVirtualTexture(name="ground", **settings)
    assert_type(asset.settings["tile_size"], int)
    assert_type(asset.estimate_memory((2, 1))["tile_bytes"], int)
    material = make_material(asset)
    yellow = rvt.MaterialInstance(material, name="yellow")
    yellow.set_vector("tint", [1, 1, 0])
    land = rvt.LandscapeComponent(
        material=yellow,
        heights=array.array("f", [0.0] * 4),
        width=2,
        height=2,
        layers={"rock": bytes(4)},
        render_to_virtual_textures=[asset],
    )
    land.transform = {"position": (1, 2, 3)}
    land.draw_in_main_pass = "always"
    land.render_to_virtual_textures = (asset,)
    road = rvt.LandscapeSplineComponent(material=material, points=(), landscape=land)
    points: rvt.component_options.SplinePoint = {"position": (1, 2, 3), "width": 1}
    road.points = (points, points)
    scatter: ScatterOptions = {"seed": 1, "region": {"min": (0, 0), "max": (1, 1)}, "onto": land}
    leaves = rvt.FoliageComponent(material=material, scatter=scatter)
    assert_type(leaves.instances, list[rvt.options.Transform])
    stones = rvt.StaticMeshComponent(material=material, mesh=[rvt.box_mesh(), rvt.plane_mesh()])
    assert_type(stones.lods, tuple[rvt.Mesh, ...])
    with rvt.RuntimeVirtualTextureScene(system, mode="editor", seed=3) as scene:
        scene.add_component(land)
        volume = rvt.RuntimeVirtualTextureVolume(asset, expand_bounds=1.0)
        scene.add_volume(volume)
        scene.set_bounds(volume, land)
        picture = scene.render((1, 2, 3), matrix, None, 64, 36, layers="direct", background=[0] * 4)
        assert_type(picture, Image)
        assert_type(scene.render((1, 2, 3), matrix, width=64, height=36), Image)
        assert_type(scene.components, tuple[rvt.PrimitiveComponent, ...])


def use_low_mips(scene: rvt.RuntimeVirtualTextureScene, asset: rvt.RuntimeVirtualTexture) -> None:
    kept = rvt.VirtualTextureBuilder(path="low.pmtiles")

    async def fetch() -> bytes:
        return b""

    rvt.VirtualTextureBuilder(open=lambda: open("low.pmtiles", "rb"))  # noqa: SIM115
    rvt.VirtualTextureBuilder(open=fetch)
    volume = rvt.RuntimeVirtualTextureVolume(
        asset, streaming_low_mips=2, virtual_texture_builder=kept
    )
    assert_type(scene.build(volume, on_progress=print)["builder"], rvt.VirtualTextureBuilder)
    assert_type(kept.bytes, bytes | None)
    assert_type(volume.warnings, list[str])
    material = rvt.Material("a", domain="virtual_texture", base_color=1)

    async def load() -> rvt.DecalComponent:
        return rvt.DecalComponent(material=material)

    for loader in (load, lambda: rvt.DecalComponent(material=material)):
        deferred = rvt.DeferredComponent(
            name="a",
            bounds={"min": (0, 0, 0), "max": (1, 1, 1)},
            identity=rvt.file_identity(["a.glb"]),
            render_to_virtual_textures=[asset],
            load=loader,
        )
        scene.add_deferred_component(deferred)
        assert_type(deferred.component, rvt.PrimitiveComponent | None)
        assert_type(deferred.landscape, rvt.LandscapeComponent | None)
    assert_type(scene.deferred_components, tuple[rvt.DeferredComponent, ...])


def use_what_is_told_and_read(
    asset: rvt.RuntimeVirtualTexture, land: rvt.LandscapeComponent, opened: rvt.ProjectScene
) -> None:
    with asset.subscribe(lambda change: assert_type(change, rvt.options.SettingsChange)) as heard:
        assert_type(heard, rvt.Subscription)
    land.subscribe(lambda change: print(change["boxes"][0]["center"]))
    land.material.subscribe(lambda: None)
    assert_type(land.heights, memoryview[float] | None)
    assert_type(rvt.box_mesh().indices, memoryview[int])
    for draw in land.draws(0):
        if draw["kind"] == "landscape":
            assert_type(draw["section"]["x0"], int)
        else:
            assert_type(draw["mesh"], rvt.Mesh)
    volume = rvt.RuntimeVirtualTextureVolume(asset)
    assert_type(volume.grid()["levels"][0]["tiles_x"], int)
    assert_type(volume.change(virtual_texture_builder=None), rvt.options.SettingsChange)
    assert_type(opened.console, rvt.VirtualTextureConsole | None)
    assert_type(opened.deferred_components, tuple[rvt.DeferredComponent, ...])


async def use_async(scene: rvt.RuntimeVirtualTextureScene) -> None:
    await scene.request_preload_async({"min": (0, 0, 0), "max": (1, 1, 1)}, level=2)
    assert_type(await rvt.load_material_texture_async("a.png", name="a"), rvt.MaterialTexture)
    assert_type(await rvt.simplify_mesh_async(rvt.box_mesh(), [0.5]), list[rvt.Mesh])
