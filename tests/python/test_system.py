import array
import gc
import math
import os
import pathlib
import tempfile
import weakref

from checks import raises
from helpers.tiny_ktx2 import write_bc7, write_rgba8

import _forge3d_core
import forge3d
from forge3d import camera, streaming

FOLDER = tempfile.mkdtemp()
PATH = os.path.join(FOLDER, "ramp.ktx2")
write_rgba8(PATH, 300, 200, lambda u, v: (int(255 * u), int(255 * v), 9))
BC7 = os.path.join(FOLDER, "blocks.ktx2")
write_bc7(BC7, 300, 200, lambda u, v: (int(255 * u), int(255 * v), 9))

EYE = (150.0, 100.0, 60.0)
VIEW = camera.look_at(EYE, (150, 100, 0))
PROJECTION = camera.perspective(60, 16 / 9, 0.1, 1000)
INTS = (
    "tiles_requested tiles_loaded tiles_evicted tiles_failed tiles_wanted tiles_pending "
    "tiles_queued cache_hits cache_misses bytes_uploaded waited"
).split()


def make(max_memory_mb=8, tile_size=64, **options):
    return streaming.VirtualTextureSystem(
        forge3d.get_device(), max_memory_mb=max_memory_mb, tile_size=tile_size, **options
    )


def settle(system):
    return system.update_streaming(EYE, VIEW, PROJECTION, time_budget_ms=None)


def test_the_device_describes_itself_and_is_shared():
    device = forge3d.get_device()
    assert forge3d.get_device() is device
    assert device.name in repr(device) and device.backend in repr(device)
    assert isinstance(device.features, frozenset)
    assert device.limits["maxTextureDimension2D"] >= 8192
    assert all(type(limit) is int for limit in device.limits.values())


def test_impossible_systems_are_refused():
    for megabytes in (0, -1, -0.5):
        with raises(ValueError, "^max_memory_mb must be positive"):
            make(max_memory_mb=megabytes)
    for size in (0, -256, 100, 32, 2048):
        with raises(ValueError, "^tile_size must be a positive power of 2"):
            make(tile_size=size)
    with raises(TypeError, "tile_size"):
        make(tile_size=256.0)
    with raises(TypeError, "max_memory_mb"):
        make(max_memory_mb="8")
    with raises(TypeError, "no option 'max_memory'"):
        make(max_memory=8)
    with raises(TypeError, "device"):
        streaming.VirtualTextureSystem(None)
    with raises(forge3d.errors.BudgetError, ">= ") as _:
        make(max_memory_mb=0.001)


def test_a_texture_loads_from_a_path_a_path_like_and_bytes():
    with make() as system:
        for source in (PATH, pathlib.Path(PATH), pathlib.Path(PATH).read_bytes()):
            texture = system.load_texture(source)
            assert texture.size == (300, 200)
            assert texture.tile_count == (5, 4)
            assert texture.format == "rgba8unorm-srgb" and texture.color_space == "srgb"
            assert "KTX2" in texture.info
        buffer = bytearray(pathlib.Path(PATH).read_bytes())
        assert system.load_texture(memoryview(buffer)).size == (300, 200)
        assert len(system.textures) == 4
        assert len({texture.handle for texture in system.textures}) == 4


def test_a_relative_path_starts_from_the_working_folder():
    before = os.getcwd()
    os.chdir(FOLDER)
    try:
        with make() as system:
            assert system.load_texture("ramp.ktx2").size == (300, 200)
    finally:
        os.chdir(before)


def test_a_file_that_only_python_has_is_loaded_too():
    # Python's own file system, below its own folders, is not on the host.
    path = "/lib/only_python.ktx2"
    pathlib.Path(path).write_bytes(pathlib.Path(PATH).read_bytes())
    with make() as system:
        assert system.load_texture(path).size == (300, 200)


def test_a_failed_load_is_a_runtime_error_and_changes_nothing():
    bad = pathlib.Path(FOLDER, "bad.ktx2")
    cut = pathlib.Path(FOLDER, "cut.ktx2")
    bad.write_bytes(b"\xabKTX 20\xbb\r\n\x1a\n" + bytes(80))
    cut.write_bytes(pathlib.Path(PATH).read_bytes()[:-1000])
    with make() as system:
        system.load_texture(PATH)
        settle(system)
        before = system.get_memory_info(), len(system.textures)
        for path in ("", "none.ktx2", os.path.join(FOLDER, "no", "such.ktx2")):
            with raises(FileNotFoundError):
                system.load_texture(path)
            with raises(RuntimeError):
                system.load_texture(path)
        for path in ("a\0b", FOLDER, str(bad), str(cut), b"", b"nothing", bad.read_bytes()):
            with raises(RuntimeError):
                system.load_texture(path)
        with raises(forge3d.errors.MalformedFileError):
            system.load_texture(bad)
        with raises(TypeError, "path"):
            system.load_texture(None)
        with raises(TypeError, "path"):
            system.load_texture(3)
        with raises(TypeError, "no option 'colour_space'"):
            system.load_texture(PATH, colour_space="linear")
        for options in ({"quality": "best"}, {"color_space": "cmyk"}, {"placement": "up"}):
            with raises(TypeError, next(iter(options))[:5]):
                system.load_texture(PATH, **options)
        with raises(RuntimeError):
            system.load_texture(PATH, preferred_format="JPEG")
        assert (system.get_memory_info(), len(system.textures)) == before
        with raises(FileNotFoundError) as _:
            try:
                system.load_texture("none.ktx2")
            except forge3d.errors.MissingFileError as error:
                assert error.path.endswith("none.ktx2") and error.filename == error.path
                assert error.code == "file-not-found"
                raise


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
        transposed = tuple(zip(*VIEW))
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
        with raises(ValueError, "handle"):
            system.update_streaming(EYE, texture_handle=texture.handle + 99)
        with raises(TypeError, "texture"):
            system.update_streaming(EYE, texture_handle="ramp")
        assert system.update_streaming(EYE, texture_handle=texture.handle)["tiles_wanted"] > 0
        assert system.update_streaming(EYE, texture_handle=texture)["tiles_wanted"] > 0


def test_a_budget_of_no_time_does_not_wait():
    with make() as system:
        system.load_texture(PATH)
        result = system.update_streaming(EYE, VIEW, PROJECTION, time_budget_ms=0)
        assert result["waited"] == 0 and result["tiles_pending"] > 0


def test_a_loop_that_never_awaits_streams_with_the_default_budget():
    with make() as system:
        system.load_texture(PATH)
        for _ in range(200):
            result = system.update_streaming(EYE, VIEW, PROJECTION)
            if not (result["tiles_pending"] or result["tiles_queued"]):
                break
        assert settle(system)["cache_misses"] == 0


def test_prefetched_tiles_are_there_when_they_are_seen():
    with make() as system:
        texture = system.load_texture(PATH)
        for level in (0, 1):
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
            with raises(ValueError):
                system.set_quality_settings(**{name: -1.0})
            with raises(ValueError):
                system.set_quality_settings(**{name: math.nan})
            with raises(TypeError):
                system.set_quality_settings(**{name: "1"})


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
        assert stats.memory_limit == info["total_budget"]
        assert stats.memory_used == info["used_memory"]
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


def test_a_texture_may_lie_anywhere():
    with make() as system:
        system.load_texture(PATH, origin=(10, 20, 0), extent=(3.0, 2.0))
        eye = (11.5, 21.0, 1.0)
        view = camera.look_at(eye, (11.5, 21.0, 0))
        system.update_streaming(eye, view, PROJECTION, viewport=(64, 36), time_budget_ms=None)
        assert system.render(eye, view, PROJECTION, 64, 36).pixel(32, 18)[3] == 255
        upright = system.load_texture(PATH, origin=(0, 0, 2), axis_u=(3, 0, 0), axis_v=(0, 0, -2))
        assert upright.size == (300, 200)


def test_compressed_blocks_stream_as_they_are():
    with make() as system:
        texture = system.load_texture(BC7, preferred_format="BC7", quality="high")
        if "texture-compression-bc" in forge3d.get_device().features:
            assert texture.format == "bc7-rgba-unorm-srgb"
        settle(system)
        red, green, _, _ = system.render(EYE, VIEW, PROJECTION, 64, 36).pixel(32, 18)
        assert abs(red - 128) <= 6 and abs(green - 128) <= 6


def test_progress_is_told_while_a_picture_is_baked():
    image = forge3d.Image(bytes(range(256)) * 64, 64, 64)
    path = os.path.join(FOLDER, "picture.png")
    image.save(path)
    told = []
    with make(cache_folder=os.path.join(FOLDER, "cache")) as system:
        texture = system.load_texture(path, preferred_format="RGBA8", on_progress=told.append)
        assert texture.size == (64, 64)
    assert told and all(type(one) is dict for one in told)


def test_an_unloaded_texture_is_gone():
    with make() as system:
        first, second = system.load_texture(PATH), system.load_texture(PATH)
        settle(system)
        system.unload_texture(first)
        assert system.textures == (second,)
        for call in (
            lambda: system.unload_texture(first),
            lambda: system.prefetch_region(first, 0, 0, 1, 1),
            lambda: system.evict_tiles(first),
            lambda: system.update_streaming(EYE, texture_handle=first),
            lambda: system.update_streaming(EYE, texture_handle=first.handle),
        ):
            with raises(ValueError, "texture"):
                call()
        assert settle(system)["tiles_wanted"] > 0


def test_a_texture_of_another_system_is_refused():
    with make() as one, make() as other:
        texture = one.load_texture(PATH)
        other.load_texture(PATH)
        with raises(ValueError, "not one of this system"):
            other.prefetch_region(texture, 0, 0, 1, 1)


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


def test_the_functions_underneath_do_the_same():
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
