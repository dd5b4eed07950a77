"""Code that type checkers accept: every kind of call, with every option."""

from typing import assert_type

import forge3d
from forge3d import Image, memory, streaming
from forge3d.options import LoadOptions, PoolConfig, SystemOptions
from forge3d.results import UpdateResult, WrapMode


def use(device: forge3d.Device, matrix: forge3d.camera.Matrix) -> None:
    settings: SystemOptions = {"border": 8, "fade_frames": 3, "cache_folder": None}
    system = streaming.VirtualTextureSystem(device, 64, tile_size=128, **settings)
    with streaming.create_streaming_system(device, max_anisotropy=4.0) as other:
        assert_type(other, streaming.VirtualTextureSystem)
    texture = system.load_texture("a.ktx2", preferred_format="BC7", quality="high")
    system.load_texture(b"", color_space="linear", placement="y_up", origin=(0, 0, 0))
    system.load_texture("a.png", wrap="repeat")
    assert_type(system.load_texture("a.png", wrap=("repeat", "clamp")).wrap[0], WrapMode)
    system.load_texture("a.png", on_progress=lambda progress: print(progress["fraction"]))
    options: LoadOptions = {"quality": "low", "axis_u": (1, 0, 0), "axis_v": (0, 1, 0)}
    loaded = forge3d.load_virtual_texture(system.handle, "a.png", **options)
    assert_type(loaded["width"], int)

    result = system.update_streaming((1, 2, 3), matrix, (matrix,), texture, time_budget_ms=None)
    assert_type(result, UpdateResult)
    assert_type(result["tiles_loaded"], int)
    assert_type(result["update_time_ms"], float)
    picture = system.render((1, 2, 3), matrix, None, 64, 36, filter="anisotropic", debug="level")
    assert_type(picture, Image)
    for key, value in system.get_memory_info().items():
        print(f"{key}: {value // 1024}" if "memory" in key else value)
    assert_type(system.get_memory_info()["atlas_memory"], int)
    assert_type(system.get_statistics().cache_hit_rate, float)
    system.configure_pools({"pools": [{"formats": ["bc7-rgba-unorm"], "size_mb": 0.5}]})
    assert_type(system.pool_config, PoolConfig)
    assert_type(forge3d.get_virtual_texture_stats(system.handle)["tiles_loaded"], int)
    assert_type(streaming.calculate_memory_requirements(8, 8)["tile_count"], int)
    assert_type(streaming.estimate_streaming_performance((8, 8))["memory_pressure_factor"], float)


def use_memory(device: forge3d.Device) -> None:
    state = memory.init_memory_system(device, staging_memory_mb=64, pool_memory_mb=128)
    assert_type(state["staging_rings"], bool)
    memory.init_memory_system(
        staging_rings=True, memory_pools=True, ring_count=3, buffer_size=1048576
    )
    memory.init_memory_system(True, True, 3, 1048576)
    assert_type(memory.staging_stats()["bytes_in_flight"], int)
    assert_type(memory.pool_stats()["fragmentation_ratio"], float)
    memory.deallocate_pool_block(memory.allocate_from_pool(1024))
    rings = memory.StagingRingManager(3, 1048576)
    assert_type(rings.initialize(), bool)
    assert_type(rings.stats()["ring_count"], int)
    pools = memory.MemoryPoolManager()
    assert_type(pools.defragment()["bytes_moved"], int)
    assert_type(pools.memory_report()["pool_bytes"], int)


async def use_async(system: streaming.VirtualTextureSystem) -> None:
    texture = await system.load_texture_async("a.ktx2", "RGBA8", placement="rows_down")
    result = await system.update_streaming_async((1, 2, 3), texture_handle=texture)
    assert_type(result, UpdateResult)
    assert_type(await system.flush_async(), bool)
    await system.unload_texture_async(texture)
