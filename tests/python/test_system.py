import array
import gc
import math
import weakref

import _forge3d_core
import forge3d
from forge3d import camera, streaming
from forge3d.results import UpdateResult

from checks import raises
from scene import EYE, PATH, PROJECTION, VIEW, make, settle

INTS = [name for name in UpdateResult.__annotations__ if name != "update_time_ms"]


def test_the_device_describes_itself_and_is_shared():
    device = forge3d.get_device()
    assert forge3d.get_device() is device
    assert device.name in repr(device) and device.backend in repr(device)
    assert device.is_cpu in (True, False)
    assert isinstance(device.features, frozenset)
    assert device.limits["maxTextureDimension2D"] >= 8192
    assert all(type(limit) is int for limit in device.limits.values())


def test_impossible_systems_are_refused():
    for megabytes in (0, -1, -0.5):
        with raises(ValueError, "^Cannot use max_memory_mb as it must be positive"):
            make(max_memory_mb=megabytes)
    for size in (0, -256, 100, 32, 2048):
        with raises(ValueError, "^Cannot use tile_size as it must be a power of 2"):
            make(tile_size=size)
    with raises(TypeError, "tile_size"):
        make(tile_size=256.0)
    for megabytes in (1e303, 1e308, 2**34):
        with raises(ValueError, "^Cannot use max_memory_mb as it must be <="):
            make(max_memory_mb=megabytes)
    with raises(TypeError, "max_memory_mb"):
        make(max_memory_mb="8")
    with raises(TypeError, "no option 'max_memory'"):
        make(max_memory=8)
    with raises(TypeError, "device"):
        streaming.VirtualTextureSystem(None)
    with raises(forge3d.errors.BudgetError, ">= ") as _:
        make(max_memory_mb=0.001)


def test_an_update_returns_a_dict_of_ints_and_one_float():
    with make() as system:
        system.load_texture(PATH)
        first = settle(system)
        assert type(first) is dict
        for name in INTS:
            assert type(first[name]) is int, name
        assert type(first["update_time_ms"]) is float and first["update_time_ms"] > 0
        assert set(first) == {*INTS, "update_time_ms"}
        assert first["tiles_loaded"] > 0 and first["tiles_pending"] == 0
        assert first["waited"] == 1
        again = settle(system)
        assert (again["tiles_requested"], again["tiles_loaded"], again["waited"]) == (0, 0, 0)
        assert again["cache_misses"] == 0 and again["cache_hits"] == again["tiles_wanted"] > 0


def test_an_update_takes_what_a_call_from_c_passes():
    with make() as system:
        system.load_texture(PATH)
        settle(system)
        same = system.update_streaming(EYE, (VIEW,), (PROJECTION,))
        assert same["tiles_requested"] == 0 and same["cache_hits"] > 0
        flat = array.array("d", [x for row in VIEW for x in row])
        same = system.update_streaming(array.array("d", EYE), flat, PROJECTION)
        assert same["tiles_requested"] == 0 and same["cache_hits"] > 0
        none = system.update_streaming(EYE, (None,), (None,))
        assert none["cache_hits"] > 0


def test_matrices_are_row_major():
    with make() as system:
        system.load_texture(PATH)
        wanted = settle(system)["tiles_wanted"]
        transposed = tuple(zip(*VIEW, strict=True))
        other = system.update_streaming(EYE, transposed, PROJECTION, time_budget_ms=None)
        assert other["tiles_wanted"] != wanted


def test_impossible_cameras_are_refused():
    with make() as system:
        texture = system.load_texture(PATH)
        for position in ((1, 2), "123", None, (1, 2, "3")):
            with raises(TypeError, "camera_position"):
                system.update_streaming(position)
        for bad in (math.nan, math.inf):
            with raises(ValueError, "camera_position"):
                system.update_streaming((1, bad, 3))
            with raises(ValueError, "view_matrix"):
                system.update_streaming(EYE, [[bad] * 4] * 4)
        with raises(TypeError, "projection_matrix"):
            system.update_streaming(EYE, VIEW, [1, 2, 3])
        for viewport in ((0, 100), (100, -1), (100, math.nan)):
            with raises(ValueError, "viewport"):
                system.update_streaming(EYE, viewport=viewport)
        with raises(TypeError, "viewport"):
            system.update_streaming(EYE, viewport=100)
        with raises(ValueError, "time_budget_ms"):
            system.update_streaming(EYE, time_budget_ms=-1)
        with raises(TypeError, "time_budget_ms"):
            system.update_streaming(EYE, time_budget_ms="16")
        for handle in (texture.handle + 99, -1):
            with raises(ValueError, "handle"):
                system.update_streaming(EYE, texture_handle=handle)
            with raises(ValueError, "handle"):
                system.evict_tiles(handle)
            with raises(ValueError, "handle"):
                system.prefetch_region(handle, 0, 0, 1, 1)
            with raises(ValueError, "handle"):
                system.unload_texture(handle)
        with raises(TypeError, "texture"):
            system.update_streaming(EYE, texture_handle="ramp")
        assert system.update_streaming(EYE, texture_handle=texture.handle)["tiles_wanted"] > 0
        assert system.update_streaming(EYE, texture_handle=texture)["tiles_wanted"] > 0


def test_a_time_budget_of_zero_does_not_wait():
    with make() as system:
        system.load_texture(PATH)
        result = system.update_streaming(EYE, VIEW, PROJECTION, time_budget_ms=0)
        assert result["waited"] == 0 and result["tiles_pending"] > 0


def test_without_a_time_budget_an_update_leaves_nothing_out():
    def left(time_budget_ms):
        with make(tiles_per_update=1) as system:
            system.load_texture(PATH)
            result = system.update_streaming(EYE, VIEW, PROJECTION, time_budget_ms=time_budget_ms)
            assert result["tiles_wanted"] > 2
            return result["tiles_queued"] + result["tiles_pending"]

    assert left(None) == 0
    # Negative control: with a time budget the limit of an update ends it.
    assert left(1000) > 0


def test_a_loop_that_never_awaits_streams_with_the_default_budget():
    with make() as system:
        system.load_texture(PATH)
        for _ in range(200):
            result = system.update_streaming(EYE, VIEW, PROJECTION)
            if not (result["tiles_pending"] or result["tiles_queued"]):
                break
        assert settle(system)["cache_misses"] == 0


def test_prefetched_tiles_are_resident_when_they_are_seen():
    with make() as system:
        texture = system.load_texture(PATH)
        for level in (0, 1, 2):
            assert system.prefetch_region(texture, 0, 0, 300, 200, mip_level=level) is True
        assert system.flush() is True
        result = settle(system)
        assert result["cache_misses"] == 0 and result["tiles_requested"] == 0
        assert system.get_statistics().prefetches_used > 0
        assert system.prefetch_region(texture, -500.5, -20.25, 10_000, 1e6, mip_level=1) is True
        assert system.prefetch_region(texture, 5000, 5000, 10, 10) is True
        with raises(ValueError):
            system.prefetch_region(texture, 0, 0, 10, 10, mip_level=30)
        with raises(ValueError):
            system.prefetch_region(texture, 0, 0, -10, 10)
        with raises(TypeError, "texture"):
            system.prefetch_region(None, 0, 0, 10, 10)
        with raises(TypeError, "region_x"):
            system.prefetch_region(texture, "0", 0, 10, 10)
        with raises(ValueError, "region_x"):
            system.prefetch_region(texture, math.nan, 0, 10, 10)


def test_evicted_tiles_are_loaded_again_and_pinned_ones_stay():
    with make() as system:
        texture = system.load_texture(PATH)
        pinned = system.get_statistics().active_tiles
        assert pinned > 0
        loaded = settle(system)["tiles_loaded"]
        evicted = system.evict_tiles()
        assert type(evicted) is int and evicted == loaded
        assert system.get_statistics().active_tiles == pinned
        assert system.evict_tiles(texture) == 0
        assert settle(system)["tiles_loaded"] == loaded


def test_quality_settings_are_checked_and_have_defaults():
    with make() as system:
        assert system.set_quality_settings(1.0, 0.8, 2.0) is True
        assert system.set_quality_settings(cache_priority_boost=3.0) is True
        assert system.set_quality_settings() is True
        for name in ("max_mip_bias", "lod_scale", "cache_priority_boost"):
            with raises(ValueError, name) as _:
                try:
                    system.set_quality_settings(**{name: -1.0})
                except forge3d.errors.OutOfRangeError as error:
                    assert error.argument == name
                    raise
            with raises(ValueError):
                system.set_quality_settings(**{name: math.nan})
            with raises(TypeError):
                system.set_quality_settings(**{name: "1"})


def test_a_quality_setting_that_is_left_out_becomes_its_default_again():
    with make() as system:
        system.load_texture(PATH)

        def wanted(**settings):
            system.set_quality_settings(**settings)
            return system.update_streaming(
                EYE, VIEW, PROJECTION, viewport=(192, 108), time_budget_ms=None
            )["tiles_wanted"]

        plain, coarse = wanted(), wanted(lod_scale=0.25)
        assert coarse < plain
        assert wanted(max_mip_bias=1.0) == plain
        # Negative control: a setting that is given is not reset.
        assert wanted(max_mip_bias=1.0, lod_scale=0.25) == coarse


def test_a_smaller_lod_scale_wants_fewer_tiles():
    with make() as system:
        system.load_texture(PATH)
        wanted = []
        for scale in (0.25, 1.0, 4.0):
            system.set_quality_settings(lod_scale=scale)
            result = system.update_streaming(
                EYE, VIEW, PROJECTION, viewport=(192, 108), time_budget_ms=None
            )
            wanted.append(result["tiles_wanted"])
        assert wanted == sorted(wanted) and wanted[0] < wanted[-1], wanted


def test_the_parts_of_memory_add_up():
    with make() as system:
        system.load_texture(PATH)
        settle(system)
        info = system.get_memory_info()
        assert all(type(value) is int for value in info.values())
        assert info["total_budget"] == 8 * 1024 * 1024
        assert info["used_memory"] + info["available_memory"] == info["total_budget"]
        parts = [name for name in info if name.endswith("_memory")]
        parts = [name for name in parts if name not in ("used_memory", "available_memory")]
        assert len(parts) >= 4 and sum(info[name] for name in parts) == info["used_memory"]
        assert 0 < info["atlas_slots_used"] <= info["atlas_slots_total"]
        stats = system.get_statistics()
        assert stats.memory_used == stats.compressed_bytes <= info["atlas_memory"]
        assert stats.memory_limit == stats.uncompressed_bytes
        assert stats.active_tiles == info["active_tiles"]
        assert 0 < stats.atlas_utilization <= 1
        assert f"{stats.cache_hit_rate:.1f}%" in str(stats)


def test_a_rendered_picture_shows_the_texture_and_changes_no_residency():
    with make() as system:
        system.load_texture(PATH)
        settle(system)
        before = system.get_statistics().active_tiles
        image = system.render(EYE, VIEW, PROJECTION, 64, 36)
        assert (image.size, memoryview(image).shape) == ((64, 36), (36, 64, 4))
        red, green, blue, alpha = image.pixel(32, 18)
        assert abs(red - 128) <= 3 and abs(green - 128) <= 3 and (blue, alpha) == (9, 255)
        # World y grows with the rows and upwards in the picture: it is seen mirrored.
        assert image.pixel(32, 4)[1] > green > image.pixel(32, 32)[1]
        assert image.pixel(60, 18)[0] > red
        assert system.get_statistics().active_tiles == before
        with raises(TypeError, "view_matrix"):
            system.render(EYE, None, PROJECTION, 64, 36)
        for size in ((0, 36), (64, -1), (10**6, 1)):
            with raises(ValueError):
                system.render(EYE, VIEW, PROJECTION, *size)
        with raises(ValueError, "filter"):
            system.render(EYE, VIEW, PROJECTION, 8, 8, filter="nearest")


def test_where_nothing_is_drawn_the_picture_is_transparent():
    with make() as system:
        texture = system.load_texture(PATH, placement="y_up")
        far = (150.0, 100.0, 2000.0)
        image = system.render(far, camera.look_at(far, (150, 100, 0)), PROJECTION, 64, 36, texture)
        assert image.pixel(0, 0) == (0, 0, 0, 0)
        assert image.pixel(32, 18)[3] == 255
        away = camera.look_at(far, (150, 100, 4000))
        assert not any(system.render(far, away, PROJECTION, 16, 9).tobytes())


def test_a_closed_system_says_so():
    system = make()
    texture = system.load_texture(PATH)
    with system as same:
        assert same is system
    assert system.closed and "closed" in repr(system)
    system.close()
    for call in (
        lambda: system.update_streaming(EYE),
        lambda: system.load_texture(PATH),
        lambda: system.flush(),
        lambda: system.get_statistics(),
        lambda: system.get_memory_info(),
        lambda: system.evict_tiles(),
        lambda: system.set_quality_settings(),
        lambda: system.render(EYE, VIEW, PROJECTION, 8, 8),
    ):
        with raises(forge3d.errors.DisposedError, "closed"):
            call()
    with raises(ValueError):
        system.prefetch_region(texture, 0, 0, 1, 1)


def test_a_collected_system_is_closed():
    system = make()
    system.load_texture(PATH)
    settle(system)
    handle, gone = system.handle, weakref.ref(system)
    assert _forge3d_core.busy(handle) is False
    del system
    gc.collect()
    assert gone() is None
    with raises(forge3d.errors.DisposedError):
        streaming.get_virtual_texture_stats(handle)


def test_the_functions_below_the_classes_do_the_same():
    handle = forge3d.create_virtual_texture_system(forge3d.get_device(), 8 * 1024 * 1024, 64)
    loaded = forge3d.load_virtual_texture(handle, PATH)
    assert set(loaded) == {"handle", "width", "height"}
    assert (loaded["width"], loaded["height"]) == (300, 200)
    flat = [x for row in VIEW for x in row]
    result = forge3d.update_virtual_texture_streaming(handle, EYE, flat, PROJECTION, None)
    assert result["tiles_wanted"] > 0
    texture = loaded["handle"]
    assert forge3d.prefetch_virtual_texture_region(handle, texture, 0, 0, 64, 64, 0) is True
    assert forge3d.flush_virtual_texture_system(handle) is True
    assert forge3d.set_virtual_texture_quality(handle, 0.0, 1.0, 1.0) is True
    stats = forge3d.get_virtual_texture_stats(handle)
    assert type(stats) is dict and streaming.StreamingStats(stats).tiles_loaded > 0
    assert forge3d.evict_virtual_texture_tiles(handle, texture) > 0
    forge3d.destroy_virtual_texture_system(handle)
    forge3d.destroy_virtual_texture_system(handle)
    with raises(forge3d.errors.DisposedError):
        forge3d.update_virtual_texture_streaming(handle, EYE, None, None, None)


def test_create_streaming_system_passes_its_arguments_on():
    with streaming.create_streaming_system(
        forge3d.get_device(), max_memory_mb=16, tile_size=128
    ) as system:
        assert system.tile_size == 128
        assert system.get_memory_info()["total_budget"] == 16 * 1024 * 1024


def test_pools_have_sizes():
    with make() as system:
        assert system.pool_config == {"pools": []}
        texture = system.load_texture(PATH, preferred_format="RGBA8")
        whole = system.get_memory_info()["atlas_memory"]
        entry = {"formats": ["rgba8unorm"], "max_tile_size": 64, "size_mb": 0.5}
        system.configure_pools({"pools": [entry], "default_size_mb": 3})
        assert system.pool_config == {"pools": [entry], "default_size_mb": 3}
        assert 0 < system.get_memory_info()["atlas_memory"] <= 2**19 < whole
        for wrong, message in (
            ({"pool": []}, "there is no key pool: there are pools, default_size_mb"),
            ({"pools": [{**entry, "size_mb": 0}]}, r"pools\[0\].size_mb must be finite and > 0"),
            ({"pools": 3}, "pools must be a list"),
            ({"pools": [3]}, r"pools\[0\]"),
            ([], "config must be a dictionary"),
            ({"default_size_mb": float("nan")}, "config must be a dictionary"),
            ("[/Script/Engine.VirtualTexturePoolConfig]\nSize=3", "line 2"),
        ):
            with raises((TypeError, ValueError), message):
                system.configure_pools(wrong)
        assert system.pool_config["pools"] == [entry]
        system.configure_pools(
            "[/Script/Engine.VirtualTexturePoolConfig]\n"
            "+Pools=(Formats=(PF_BC7),SizeInMegabyte=2)\n"
        )
        assert system.pool_config["pools"] == [{"formats": ["bc7-rgba-unorm"], "size_mb": 2}]
        assert system.get_memory_info()["atlas_memory"] == whole
        assert texture in system.textures
