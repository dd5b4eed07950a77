"""Textures whose texels a function gives, region by region."""

import array
import asyncio
import struct
import traceback

import forge3d
from forge3d import streaming
from forge3d.errors import InvalidArgumentError, OutOfRangeError
from forge3d.streaming import RegionSource

from checks import raises
from scene import EYE, PATH, PROJECTION, VIEW, make, settle

SIZE = (300, 200)


def rgba(level, x, y, width, height):
    """Every texel says where it is."""
    texels = bytearray(b"\xff" * (4 * width * height))
    texels[0::4] = bytes([20 * level]) * (width * height)
    texels[1::4] = bytes((x + column << level) % 256 for column in range(width)) * height
    texels[2::4] = b"".join(bytes([(y + row << level) % 256]) * width for row in range(height))
    return texels


def middle_of(system):
    """Return the texel in the middle of a picture, as drawn."""
    settle(system)
    image = system.render(EYE, VIEW, PROJECTION, 64, 36)
    return tuple(image.pixel(32, 18))


def load(system, read, texels="rgba8", **options):
    return system.load_texture(RegionSource(read, SIZE, texels, **options))


def test_a_function_gives_the_texels_of_any_region():
    asked = []

    def read(*region):
        asked.append(region)
        return rgba(*region)

    with make() as system:
        texture = load(system, read, color_space="linear", name="places")
        assert texture.size == SIZE and texture.format == "rgba8unorm"
        assert texture.info.startswith("regions of 300")
        red, green, blue, alpha = middle_of(system)
        assert alpha == 255 and abs(green - 150) < 3 and abs(blue - 100) < 3 and red < 41
    assert {type(value) for region in asked for value in region} == {int}
    for level, x, y, width, height in asked:
        assert x >= 0 and x + width <= max(1, 300 >> level)
        assert y >= 0 and y + height <= max(1, 200 >> level)


def test_a_function_itself_is_loaded_with_its_size_and_format():
    async def late(*region):
        await asyncio.sleep(0)
        return rgba(*region)

    for read in (rgba, late):
        with make() as system:
            texture = system.load_texture(
                read, size=SIZE, format="rgba8", color_space="linear", name="places"
            )
            assert texture.size == SIZE and texture.info.startswith("regions of 300")
            assert abs(middle_of(system)[1] - 150) < 3
    with make() as system:
        texture = system.load_texture(
            lambda *region: bytes(region[3] * region[4]), size=SIZE, format="r8", levels=1
        )
        assert texture.format == "r8unorm" and "made from level 0" in texture.info
        for wrong, kind in (
            ({"size": 3}, TypeError),
            ({"size": SIZE, "format": "bc7"}, ValueError),
            ({"size": SIZE, "levels": 0}, ValueError),
            ({"size": SIZE, "name": 3}, TypeError),
            ({"size": SIZE, "premultiplied": 1}, TypeError),
        ):
            with raises(kind, list(wrong)[-1]):
                system.load_texture(rgba, **wrong)
        loaded = streaming.load_virtual_texture(system.handle, rgba, size=SIZE)
        assert (loaded["width"], loaded["height"]) == SIZE


def test_a_texture_of_a_function_may_repeat():
    asked = []

    def read(*region):
        asked.append(region)
        return rgba(*region)

    with make() as system:
        texture = load(system, read, color_space="linear")
        assert texture.wrap == ("clamp", "clamp")
    with make() as system:
        texture = load(system, read, color_space="linear")
        with raises(RuntimeError, "color_space"):
            system.load_texture(RegionSource(read, SIZE, color_space="linear"), color_space="srgb")
    asked.clear()
    with make() as system:
        source = RegionSource(read, SIZE, color_space="linear")
        texture = system.load_texture(source, wrap=("repeat", "clamp"))
        assert texture.wrap == ("repeat", "clamp")
        settle(system)
    for level, x, y, width, height in asked:
        assert x >= 0 and x + width <= max(1, 300 >> level) and y + height <= max(1, 200 >> level)


def test_an_async_function_may_wait_and_be_called_again_meanwhile():
    running = most = 0

    async def read(*region):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.005)
        running -= 1
        return rgba(*region)

    with make() as system:
        load(system, read, color_space="linear")
        assert abs(middle_of(system)[1] - 150) < 3
    assert most > 1 and running == 0


def test_levels_that_are_not_given_are_made():
    levels = set()

    def read(level, x, y, width, height):
        levels.add(level)
        return memoryview(bytes([128, 64, 32]) * (width * height)).cast("B", (height, width, 3))

    with make() as system:
        texture = load(system, read, "rgb8", levels=1)
        assert "made from level 0" in texture.info
        far = (150.0, 100.0, 900.0)
        view = forge3d.camera.look_at(far, (150, 100, 0))
        system.update_streaming(far, view, PROJECTION, time_budget_ms=None)
        assert middle_of(system) == (128, 64, 32, 255)
    assert levels == {0}


def test_values_of_every_type_arrive():
    cases = {
        "r8": ("B", 255),
        "rg8": ("B", 255),
        "r16": ("H", 65535),
        "rgba16": ("H", 65535),
        "r32float": ("f", 1.0),
        "RGBA32F": ("f", 1.0),
        "rgb32float": ("f", 1.0),
        "rg32": ("f", 1.0),
    }
    for name, (code, one) in cases.items():
        channels = sum(letter in "rgba" for letter in name.lower().partition("f")[0])

        texel = array.array(code, [one] * channels)

        def read(level, x, y, width, height, texel=texel):
            return texel * (width * height)

        with make() as system:
            load(system, read, name, color_space="linear")
            drawn = middle_of(system)
            assert drawn[0] == 255 and drawn[3] == 255, (name, drawn)


def test_half_floats_become_floats_of_the_same_values():
    half = struct.pack("<e", 0.5)

    def read(level, x, y, width, height):
        return memoryview(half * (width * height)).cast("B").cast("e")

    with make() as system:
        texture = load(system, read, "r16float")
        assert "r32float" in texture.info
        assert abs(middle_of(system)[0] - 128) <= 1


class SceneError(ValueError):
    """What a function raises."""


def test_what_the_function_raises_ends_the_load_with_its_traceback():
    def broken(level, x, y, width, height):
        raise SceneError("no such scene")

    async def late(*region):
        await asyncio.sleep(0)
        broken(*region)

    with make() as system:
        load(system, rgba)
        settle(system)
        before = system.get_statistics().active_tiles, system.textures
        for read in (broken, late):
            for levels in (None, 1):
                try:
                    load(system, read, levels=levels)
                except SceneError as error:
                    assert "in broken" in "".join(traceback.format_exception(error))
                else:
                    raise AssertionError("nothing was raised")
        assert (system.get_statistics().active_tiles, system.textures) == before


def test_a_tile_that_fails_later_is_tried_again():
    fails = False

    def read(*region):
        if fails:
            raise OSError("the disk is gone")
        return rgba(*region)

    with make() as system:
        load(system, read, color_space="linear")
        fails = True
        result = settle(system)
        assert result["tiles_failed"] > 0 and result["tiles_loaded"] == 0
        fails = False
        for _ in range(200):
            if not settle(system)["tiles_queued"]:
                break
        assert abs(middle_of(system)[1] - 150) < 3


def test_regions_of_wrong_types_and_shapes_are_errors_by_name():
    def flat(code, count):
        return lambda level, x, y, width, height: array.array(code, [0]) * count(width, height)

    wrong = [
        (None, "rgba8", InvalidArgumentError, "NoneType"),
        ([1, 2], "rgba8", InvalidArgumentError, "list"),
        ("text", "rgba8", InvalidArgumentError, "str"),
        (flat("B", lambda w, h: 4 * w * h - 1), "rgba8", OutOfRangeError, "bytes"),
        (flat("d", lambda w, h: w * h), "r32float", InvalidArgumentError, "float64"),
        (flat("H", lambda w, h: 4 * w * h), "rgba8", InvalidArgumentError, "uint16"),
        (flat("f", lambda w, h: w * h + 1), "r32float", OutOfRangeError, "shape"),
        (flat("h", lambda w, h: w * h), "r16", InvalidArgumentError, "int16"),
        (flat("B", lambda w, h: w * h), "r16", OutOfRangeError, "bytes"),
    ]
    with make() as system:
        for value, name, kind, part in wrong:
            read = value if callable(value) else lambda *_, value=value: value
            with raises(kind, part):
                load(system, read, name)
        with raises(OutOfRangeError, "(6, 9)"):
            load(system, lambda *_: memoryview(bytes(54)).cast("B", (6, 9)), "r8")
        assert system.textures == ()


def test_what_is_no_region_source_is_refused():
    for arguments, kind, part in (
        ((3, SIZE), TypeError, "read"),
        ((rgba, 300), TypeError, "size"),
        ((rgba, (300,)), TypeError, "size"),
        ((rgba, (300, 0)), ValueError, "size"),
        ((rgba, (300, 2**21)), ValueError, "size"),
        ((rgba, (300, "2")), TypeError, "size"),
        ((rgba, SIZE, 8), TypeError, "format"),
        ((rgba, SIZE, "bc7"), ValueError, "format"),
        ((rgba, SIZE, "r8float"), ValueError, "format"),
        ((rgba, SIZE, "r32unorm"), ValueError, "format"),
    ):
        with raises(kind, part):
            RegionSource(*arguments)
    for name, value, kind in (
        ("levels", 0, ValueError),
        ("levels", 10, ValueError),
        ("levels", 1.5, TypeError),
        ("color_space", "xyz", ValueError),
        ("color_space", [], ValueError),
        ("name", 3, TypeError),
    ):
        with raises(kind, name):
            RegionSource(rgba, SIZE, **{name: value})
    with make() as system:
        with raises(TypeError, "size="):
            system.load_texture(rgba)
        with raises(TypeError, "size"):
            system.load_texture(PATH, size=SIZE)
        with raises(TypeError, "levels"):
            system.load_texture(RegionSource(rgba, SIZE), levels=1)
        with raises(RuntimeError, "preferred_format"):
            system.load_texture(RegionSource(rgba, SIZE), "BC7")
        assert system.textures == ()


def test_the_function_is_let_go_with_its_texture():
    import gc
    import weakref

    class Reader:
        def __call__(self, *region):
            return rgba(*region)

    reader = Reader()
    alive = weakref.ref(reader)
    with make() as system:
        texture = load(system, reader)
        del reader
        gc.collect()
        assert alive() is not None
        system.unload_texture(texture)
        gc.collect()
        assert alive() is None


def test_a_region_source_says_what_it_is():
    source = streaming.RegionSource(rgba, SIZE, "rgba8", name="places")
    assert source.size == SIZE and source.format == "rgba8"
    assert "places" in repr(source) and "300 x 200" in repr(source)


def test_colours_may_be_premultiplied_and_pictures_show_them_straight():
    def read(_level, _x, _y, width, height):
        return bytes((64, 32, 0, 128)) * (width * height)

    with make() as system:
        texture = load(system, read, color_space="linear", premultiplied=True)
        assert texture.premultiplied and texture.swizzle == "rgba" and texture.orientation == "rd"
        assert texture.transfer == "linear" and texture.primaries == "BT.709"
        red, green, blue, alpha = middle_of(system)
        assert abs(red - 128) < 3 and abs(green - 64) < 3 and blue == 0 and alpha == 128
    with raises(InvalidArgumentError, "premultiplied"):
        RegionSource(read, SIZE, premultiplied=1)
