import struct

from forge3d.errors import UnsupportedError

from checks import raises
from scene import PATH, make


def tiff(data, width, height, bits, sample_format, bands=1):
    """Return a TIFF file of one uncompressed strip; bands beyond the third are no alpha."""
    kinds = {
        256: (4, [width]),
        257: (4, [height]),
        258: (3, [bits] * bands),
        259: (3, [1]),
        262: (3, [2 if bands >= 3 else 1]),
        273: (4, [8]),
        277: (3, [bands]),
        278: (4, [height]),
        279: (4, [len(data)]),
        339: (3, [sample_format] * bands),
    }
    end = 8 + len(data)
    lists = end + 2 + 12 * len(kinds) + 4
    entries, rest = b"", b""
    for tag, (kind, values) in kinds.items():
        packed = struct.pack(f"<{len(values)}{'H' if kind == 3 else 'I'}", *values)
        if len(packed) > 4:
            place, rest = struct.pack("<I", lists + len(rest)), rest + packed
        else:
            place = packed.ljust(4, b"\0")
        entries += struct.pack("<HHI", tag, kind, len(values)) + place
    directory = struct.pack("<H", len(kinds)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<I", end) + data + directory + rest


def test_a_raster_of_numbers_tells_its_values():
    numbers = [i % 200 - 100 for i in range(64 * 64)]
    with make() as system:
        texture = system.load_texture(tiff(struct.pack("<4096h", *numbers), 64, 64, 16, 2))
        assert texture.format == "r32float" and texture.color_space == "linear"
        assert texture.sample_type == "int16" and texture.value_scale == 1
        (band,) = texture.value_statistics
        ordered = sorted(numbers)
        assert band == {
            "min": -100,
            "max": 99,
            "p2": ordered[81],
            "p98": ordered[4014],
            "holes": 0,
        }
        # A file of texels has none.
        assert system.load_texture(PATH).value_statistics is None


def test_bands_are_chosen_and_ordered():
    data = bytes([200, 100, 50, 250] * 4096)
    file = tiff(data, 64, 64, 8, 1, bands=4)
    with make() as system:
        for bands, wanted in (
            (None, [200, 100, 50]),
            ((3, 2, 1), [50, 100, 200]),
            ([4], [250]),
            (range(2, 5), [100, 50, 250]),
        ):
            texture = system.load_texture(file, bands=bands)
            assert [band["min"] for band in texture.value_statistics] == wanted
            assert texture.sample_type == "uint8" and texture.value_scale == 255
        assert "bands 3, 2, 1 of 4" in system.load_texture(file, bands=(3, 2, 1)).info
        for wrong in (7, "321", [1, "2"], [None]):
            with raises(TypeError, "bands"):
                system.load_texture(file, bands=wrong)
        for wrong in ([], [0], [1, 2, 3, 4, 1], [5]):
            with raises(ValueError, "bands"):
                system.load_texture(file, bands=wrong)
        with raises(ValueError, "page must be 0"):
            system.load_texture(file, page=1)
        for choice in ({"bands": (1,)}, {"page": 0}):
            with raises(UnsupportedError, "no picture"):
                system.load_texture(PATH, **choice)
