"""Code that type checkers refuse: on each line that ends in `mistake`, and on no other."""

import forge3d
from forge3d import rvt, streaming
from forge3d.options import LoadOptions
from forge3d.rvt import expressions


def misspelt_keys(system: streaming.VirtualTextureSystem) -> None:
    print(system.update_streaming((1, 2, 3))["tiles_loadd"])  # mistake
    print(system.get_memory_info()["atlas_memry"])  # mistake
    print(system.get_statistics().cache_hit_rat)  # mistake
    print(forge3d.get_virtual_texture_stats(1)["tiles_loadd"])  # mistake
    print(forge3d.load_virtual_texture(1, "a")["hight"])  # mistake
    print(streaming.calculate_memory_requirements(8, 8)["tile_cnt"])  # mistake
    print(streaming.estimate_streaming_performance((8, 8))["cache_capacity"])  # mistake


async def misspelt_keys_async(system: streaming.VirtualTextureSystem) -> None:
    print((await system.update_streaming_async((1, 2, 3)))["tiles_loadd"])  # mistake


def unknown_options(device: forge3d.Device) -> None:
    system = streaming.VirtualTextureSystem(device, tile_sise=64)  # mistake
    streaming.create_streaming_system(device, boarder=8)  # mistake
    forge3d.create_virtual_texture_system(device, 1, 64, labl="a")  # mistake
    system.load_texture("a", colour_space="srgb")  # mistake
    forge3d.load_virtual_texture(1, "a", qualty="low")  # mistake
    system.update_streaming((1, 2, 3), view_port=(8, 8))  # mistake
    system.render((1, 2, 3), [], [], 8, 8, filters="bilinear")  # mistake
    system.set_quality_settings(mip_bias=1.0)  # mistake
    system.configure_pools({"pool": []})  # mistake
    options: LoadOptions = {"placment": "y_up"}  # mistake
    print(options)


def wrong_choices(system: streaming.VirtualTextureSystem) -> None:
    system.render((1, 2, 3), [], [], 8, 8, filter="nearest")  # mistake
    system.render((1, 2, 3), [], [], 8, 8, debug="levels")  # mistake
    system.load_texture("a", quality="best")  # mistake
    system.load_texture("a", preferred_format="BC9")  # mistake
    system.load_texture("a", placement="up")  # mistake
    system.load_texture("a", color_space="cmyk")  # mistake
    system.load_texture("a", wrap="mirror")  # mistake
    system.load_texture("a", wrap=("repeat", "mirror"))  # mistake
    forge3d.load_virtual_texture(1, "a", quality="best")  # mistake
    options: LoadOptions = {"color_space": "rgb"}  # mistake
    print(options)


async def wrong_choices_async(system: streaming.VirtualTextureSystem) -> None:
    await system.render_async((1, 2, 3), [], [], 8, 8, filter="nearest")  # mistake
    await system.load_texture_async("a", preferred_format="BC9")  # mistake
    await system.load_texture_async("a", placement="up")  # mistake


def wrong_types(device: forge3d.Device, system: streaming.VirtualTextureSystem) -> None:
    streaming.VirtualTextureSystem(1)  # mistake
    streaming.VirtualTextureSystem(device, fade_frames="3")  # mistake
    system.update_streaming(None)  # mistake
    system.load_texture(3)  # mistake
    system.load_texture("a", on_progress=3)  # mistake
    system.load_texture("a").size = (1, 2)  # mistake


def wrong_runtime_textures(asset: rvt.RuntimeVirtualTexture, material: rvt.Material) -> None:
    rvt.RuntimeVirtualTexture(tile_sise=64)  # mistake
    rvt.RuntimeVirtualTexture(material_type="colour")  # mistake
    rvt.Material("a", base_colour=1)  # mistake
    rvt.StaticMeshComponent(mesh=rvt.box_mesh())  # mistake
    rvt.LandscapeComponent(material=material, heights=[0.0])  # mistake
    rvt.DecalComponent(material=asset)  # mistake
    rvt.DecalComponent(material=material).draw_in_main_pass = "often"  # mistake
    rvt.DecalComponent(material=material).name = "b"  # mistake
    rvt.VirtualTextureBuilder(path=3)  # mistake
    rvt.VirtualTextureBuilder(open=lambda: 3)  # mistake
    rvt.RuntimeVirtualTextureVolume(asset, virtual_texture_builder="a")  # mistake
    rvt.DecalComponent(material=material).position = (1, 2, 3)  # mistake
    rvt.LandscapeSplineComponent(material=material, points=[]).points = 3  # mistake
    asset.subscribe(3)  # mistake
    asset.subscribe(lambda: None)  # mistake
    material.subscribe(lambda change: print(change))  # mistake
    print(rvt.RuntimeVirtualTextureVolume(asset).grid()["tiles"])  # mistake
    expressions.lerp(1, 2, None)  # mistake
    print(expressions.world_position().zz)  # mistake
