import os
import pathlib

import forge3d
from forge3d import camera

from checks import raises
from scene import BC7, EYE, FOLDER, PATH, PROJECTION, VIEW, make, settle


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
        for options in (
            {"quality": "best"},
            {"color_space": "cmyk"},
            {"placement": "up"},
            {"preferred_format": "JPEG"},
        ):
            name = next(iter(options))
            with raises(ValueError, name):
                system.load_texture(PATH, **options)
            with raises(TypeError, name):
                system.load_texture(PATH, **{name: 3})
            # Options are checked before the file is looked at.
            with raises(ValueError, name):
                system.load_texture("/nowhere/none.png", **options)
        for options in ({"origin": (1, 2)}, {"axis_u": (1, 0, 0)}, {"on_progress": 3}):
            with raises(TypeError, "|".join(("origin", "axis_v", "on_progress"))):
                system.load_texture("/nowhere/none.png", **options)
        with raises(ValueError, "extent"):
            system.load_texture("/nowhere/none.png", extent=(0, 1))
        assert (system.get_memory_info(), len(system.textures)) == before
        with raises(FileNotFoundError) as _:
            try:
                system.load_texture("none.ktx2")
            except forge3d.errors.MissingFileError as error:
                assert error.path.endswith("none.ktx2") and error.filename == error.path
                assert error.code == "file-not-found"
                raise


def test_a_texture_may_be_placed_anywhere():
    with make() as system:
        system.load_texture(PATH, origin=(10, 20, 0), extent=(3.0, 2.0))
        eye = (11.5, 21.0, 1.0)
        view = camera.look_at(eye, (11.5, 21.0, 0))
        system.update_streaming(eye, view, PROJECTION, viewport=(64, 36), time_budget_ms=None)
        assert system.render(eye, view, PROJECTION, 64, 36).pixel(32, 18)[3] == 255
        upright = system.load_texture(PATH, origin=(0, 0, 2), axis_u=(3, 0, 0), axis_v=(0, 0, -2))
        assert upright.size == (300, 200)


def test_compressed_blocks_are_streamed_unchanged():
    with make() as system:
        texture = system.load_texture(BC7, preferred_format="BC7", quality="high")
        if "texture-compression-bc" in forge3d.get_device().features:
            assert texture.format == "bc7-rgba-unorm-srgb"
        settle(system)
        red, green, _, _ = system.render(EYE, VIEW, PROJECTION, 64, 36).pixel(32, 18)
        assert abs(red - 128) <= 6 and abs(green - 128) <= 6


def test_progress_is_reported_while_a_picture_is_baked():
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


def test_a_texture_that_repeats_says_so():
    with make() as system:
        clamped = system.load_texture(PATH)
        assert clamped.wrap == ("clamp", "clamp")
        for wrap in ("repeat", ("repeat", "repeat"), ["repeat", "repeat"]):
            assert system.load_texture(PATH, wrap=wrap).wrap == ("repeat", "repeat")
        assert system.load_texture(PATH, wrap=("clamp", "repeat")).wrap == ("clamp", "repeat")
        assert system.load_texture(PATH, wrap=None).wrap == ("clamp", "clamp")
        for wrap in (("repeat",), (), ("repeat", "mirror"), "Repeat"):
            with raises(ValueError, "^Cannot load texture as wrap"):
                system.load_texture(PATH, wrap=wrap)
        for wrap in (("repeat", 1), {"u": "repeat"}, {"repeat"}, 3.5, b"repeat"):
            with raises(TypeError, "wrap"):
                system.load_texture(PATH, wrap=wrap)
