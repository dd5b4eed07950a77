import math
import struct

from test_rasters import tiff

from forge3d import camera
from forge3d.errors import OutOfRangeError, UnsupportedError
from forge3d.region_source import RegionSource

from checks import raises
from scene import PATH, make

SIZE = 64
EYE = (32.0, 32.0, 1.0)
VIEW = camera.look_at(EYE, (32, 32, 0))
# Top and bottom swapped, so that row 0 comes out on top.
PROJECTION = camera.orthographic(-32, 32, 32, -32, 0, 2)


def pixels(system, texture, **options):
    """Return the picture of a texture, a pixel for each texel."""
    system.update_streaming(EYE, VIEW, PROJECTION, viewport=(SIZE, SIZE), time_budget_ms=None)
    return system.render(EYE, VIEW, PROJECTION, SIZE, SIZE, texture, **options)


def heights():
    """Return a raster of heights, of which the first texel has none."""
    numbers = [math.nan, *(10.0 * (i % 100) for i in range(1, SIZE * SIZE))]
    return tiff(struct.pack(f"<{SIZE * SIZE}f", *numbers), SIZE, SIZE, 32, 3)


def test_values_are_those_of_the_file():
    with make() as system:
        texture = system.load_texture(heights())
        assert texture.value_at(5, 1) == (690.0,)
        (hole,) = texture.value_at(0, 0)
        assert math.isnan(hole)
        region = memoryview(texture.read_region(62, 0, 2, 3))
        assert region.shape == (3, 2, 1) and region.format == "f"
        assert region[1, 1, 0] == 10.0 * (127 % 100)
        assert memoryview(texture.read_region(0, 0, 32, 32, level=1)).shape == (32, 32, 1)
        rgba = system.load_texture(PATH)
        assert rgba.value_at(299, 0)[2:] == (9, 255)
        assert memoryview(rgba.read_region(0, 0, 4, 2)).shape == (2, 4, 4)
        with raises(OutOfRangeError, "x must be"):
            texture.value_at(64, 0)
        with raises(OutOfRangeError, "level must be"):
            texture.read_region(0, 0, 1, 1, level=7)
        with raises(TypeError, "y as it must be an integer"):
            texture.value_at(0, 0.5)
        system.unload_texture(texture)
        with raises(OutOfRangeError):
            texture.value_at(0, 0)


def test_dark_values_of_16_bits_are_shown_by_a_range():
    data = struct.pack("<4096H", *(i % 200 for i in range(4096)))
    with make() as system:
        texture = system.load_texture(tiff(data, SIZE, SIZE, 16, 1))
        assert texture.value_at(63, 63) == (4095 % 200,)
        assert pixels(system, texture).pixel(63, 0) == (0, 0, 0, 255)
        shown = pixels(system, texture, value_range=(0, 255))
        assert shown.pixel(63, 0) == (63, 63, 63, 255)
        for value_range in ("percentiles", ("2%", "98%"), "minmax", ("0%", "100%"), [(0, 199)]):
            shown = pixels(system, texture, value_range=value_range)
            assert abs(shown.pixel(63, 0)[0] - 255 * 63 / 199) < 4, value_range


def test_heights_are_shown_in_the_colours_of_a_map():
    with make() as system:
        texture = system.load_texture(heights())
        shown = pixels(system, texture, color_map="viridis", value_range=(0, 630))
        assert shown.pixel(0, 0)[3] == 0, "no value is transparent"
        assert shown.pixel(63, 0) == (253, 231, 36, 255)
        turned = pixels(system, texture, color_map="viridis", value_range=(630, 0))
        assert turned.pixel(63, 0) == (68, 1, 84, 255)
        by_extremes = pixels(system, texture, color_map="grey")
        assert abs(by_extremes.pixel(63, 0)[0] - 255 * 630 / 990) < 3


def test_ranges_and_maps_that_cannot_be_are_typed_errors():
    with make() as system:
        texture = system.load_texture(heights())
        for value_range in (5, (1,), (1, 2, 3), ("2%", 98), ("2", "98"), [(0, 1), 2], (0, None)):
            with raises(TypeError, "value_range"):
                pixels(system, texture, value_range=value_range)
        for value_range in ("all", ("98%", "2%"), (0, math.inf), [(0, 1), (0, 1)], ("2%", "200%")):
            with raises(ValueError):
                pixels(system, texture, value_range=value_range)
        with raises(ValueError, "color_map must be one of"):
            pixels(system, texture, color_map="jet")
        rgba = system.load_texture(PATH)
        with raises(UnsupportedError, "color_map"):
            pixels(system, rgba, color_map="viridis")


def test_values_come_from_functions_too():
    def read(level, x, y, width, height):
        return bytes(((x + i) + 3 * (y + j)) % 256 for j in range(height) for i in range(width))

    with make() as system:
        texture = system.load_texture(RegionSource(read, (100, 80), "r8"))
        assert texture.value_at(7, 5) == (22,)
