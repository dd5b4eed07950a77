"""What is read from files and from streaming virtual textures."""

import os
import tempfile

import forge3d
from forge3d import rvt
from forge3d.errors import MissingFileError, UnsupportedError

from checks import raises
from helpers.tiny_ktx2 import write_rgba8
from scene import make as make_streaming


def plain(**options):
    return {"material": rvt.Material("plain", base_color=[1, 1, 1])} | options


def test_textures_are_made_of_buffers_and_loaded_from_files():
    texels = memoryview(bytes(4 * 6)).cast("B", (3, 2, 4))
    made = rvt.MaterialTexture(texels, name="made", color_space="linear", addressing="clamp")
    assert (made.width, made.height, made.color_space) == (2, 3, "linear")
    image = forge3d.Image(bytes([80]) * 4 * 12, 4, 3)
    assert rvt.MaterialTexture(image).width == 4
    path = os.path.join(tempfile.mkdtemp(), "grey.png")
    image.save(path)
    loaded = rvt.load_material_texture(path, name="grey")
    assert (loaded.name, loaded.width, loaded.height) == ("grey", 4, 3)
    with open(path, "rb") as file:
        assert rvt.load_material_texture(file.read()).width == 4
    with raises(MissingFileError, "Cannot load texture as there is no such file"):
        rvt.load_material_texture("/nowhere/none.png")
    with raises(ValueError, "texels must have 16 bytes: current value has 12"):
        rvt.MaterialTexture(bytes(12), 2, 2)
    with raises(TypeError, "buffer or an array"):
        rvt.MaterialTexture([1, 2, 3, 4], 1, 1)


def test_landscapes_take_pictures_and_streamed_heights():
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "heights.ktx2")
    write_rgba8(path, 64, 64, lambda u, v: (int(255 * u), 0, 0))
    # Colours are no heights; a grey picture is made by no call of the package.
    image = forge3d.Image(bytes([80, 80, 80, 255]) * 12, 4, 3)
    image.save(os.path.join(folder, "grey.png"))
    with raises(UnsupportedError, "must be grey"):
        rvt.load_height_picture(os.path.join(folder, "grey.png"), scale=1)
    with raises(ValueError, "scale must be finite and > 0"):
        rvt.load_height_picture(os.path.join(folder, "grey.png"), scale=0)
    with make_streaming() as system:
        texture = system.load_texture(path)
        given = {"texture": texture, "scale": 3.0}
        with raises(ValueError, "heights must be linear"):
            rvt.LandscapeComponent(**plain(height_texture=given))
        by_hand = forge3d.streaming.VirtualTexture(1, 64, 64, 64)
        with raises(ValueError, "no system has loaded it"):
            rvt.LandscapeComponent(**plain(height_texture=given | {"texture": by_hand}))
        assert rvt.expressions.virtual_texture_sample(texture, uv=[0, 0]).components == 4
