import struct

import forge3d
from forge3d import camera

from checks import raises
from scene import PROJECTION, make

EDGE = 64
EYE = (EDGE / 2, EDGE / 2, 20.0)
VIEW = camera.look_at(EYE, (EDGE / 2, EDGE / 2, 0))


def ktx2(layers=0, faces=1, depth=0, height=EDGE):
    """Return a KTX2 file of 8-bit grey (R8_UNORM), each image of one value."""
    count = max(1, layers) * faces * max(1, depth)
    texels = b"".join(bytes([40 + 15 * image]) * EDGE * max(1, height) for image in range(count))
    sample = struct.pack("<HBB4xII", 0, 7, 0, 0, 255)
    block = struct.pack("<IHHBBBB4B8B", 0, 2, 40, 1, 1, 1, 0, 0, 0, 0, 0, 1, *bytes(7)) + sample
    descriptor = struct.pack("<I", len(block) + 4) + block
    at = 80 + 24 + len(descriptor)
    header = struct.pack("<9I", 9, 1, EDGE, height, depth, layers, faces, 1, 0)
    index = struct.pack("<4I2Q", 104, len(descriptor), 0, 0, 0, 0)
    level = struct.pack("<3Q", at, len(texels), len(texels))
    return b"\xabKTX 20\xbb\r\n\x1a\n" + header + index + level + descriptor + texels


class Number:
    """Stands for an integer, as those of numpy do."""

    def __index__(self):
        return 2


def test_layer_face_and_slice_choose_an_image():
    cases = [
        (ktx2(layers=3), {"layer": 1}, 55),
        (ktx2(layers=3), {"layer": Number()}, 70),
        (ktx2(faces=6), {"face": 4}, 100),
        (ktx2(depth=3), {"slice": 2}, 70),
        (ktx2(layers=2, faces=6), {"layer": 1, "face": 0}, 130),
        (ktx2(layers=1), {"layer": None}, 40),
    ]
    with make() as system:
        for data, choice, value in cases:
            texture = system.load_texture(data, **choice)
            system.update_streaming(EYE, VIEW, PROJECTION, time_budget_ms=None)
            picture = system.render(EYE, VIEW, PROJECTION, 8, 8)
            assert picture.pixel(4, 4) == (value, value, value, 255)
            for name in choice:
                assert choice[name] is None or name in texture.info
            system.unload_texture(texture)


def test_without_a_choice_the_error_names_the_option():
    with make() as system:
        for data, name, most in [
            (ktx2(layers=3), "layer", 2),
            (ktx2(faces=6), "face", 5),
            (ktx2(depth=2), "slice", 1),
        ]:
            with raises(forge3d.errors.UnsupportedError, f"choose {name} from 0 to {most}"):
                system.load_texture(data)
            with raises(ValueError, name):
                system.load_texture(data, **{name: most + 1})
            with raises(ValueError, name):
                system.load_texture(data, **{name: -1})
            with raises(TypeError, name):
                system.load_texture(data, **{name: 0.0})
            with raises(TypeError, name):
                system.load_texture(data, **{name: True})
        with raises(ValueError, "layer must be left out"):
            system.load_texture(ktx2(), layer=0)
        assert not system.textures
