"""What is read from files and from streaming virtual textures."""

import array
import json
import os
import struct
import tempfile
import zlib

import forge3d
from forge3d import rvt
from forge3d.errors import MalformedFileError, MissingFileError, UnsupportedError

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


def grey_png(width, height, values):
    """Return the bytes of a grey PNG file of 8 bits."""

    def chunk(kind, content):
        checksum = zlib.crc32(content, zlib.crc32(kind))
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    rows = b"".join(b"\0" + values[y * width : (y + 1) * width] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def triangle_glb():
    """Return the bytes of a GLB file of one triangle, whose y is up."""
    corners = array.array("f", [0, 0, 0, 1, 0, 0, 0, 1, 0]).tobytes()
    accessor = {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"}
    document = {
        "asset": {"version": "2.0"},
        "scenes": [{"nodes": [0]}],
        "nodes": [{"name": "corner", "mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [accessor | {"min": [0, 0, 0], "max": [1, 1, 0]}],
        "bufferViews": [{"buffer": 0, "byteLength": len(corners)}],
        "buffers": [{"byteLength": len(corners)}],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    length = 12 + 8 + len(text) + 8 + len(corners)
    head = struct.pack("<4sII", b"glTF", 2, length) + struct.pack("<I4s", len(text), b"JSON")
    return head + text + struct.pack("<I4s", len(corners), b"BIN\0") + corners


def test_landscapes_take_grey_pictures():
    picture = rvt.load_height_picture(grey_png(3, 2, bytes([0, 10, 20] * 2)), scale=0.5, offset=1)
    assert picture.size == (3, 2)
    land = rvt.LandscapeComponent(**plain(picture=picture))
    assert land.surface_at((2, 1, 0))["position"] == [2, 1, 11]
    with raises(TypeError, "width and height"):
        rvt.LandscapeComponent(**plain(picture=picture, width=3))
    image = forge3d.Image(bytes([80, 80, 80, 255]) * 12, 4, 3)
    path = os.path.join(tempfile.mkdtemp(), "colours.png")
    image.save(path)
    with raises(UnsupportedError, "must be grey"):
        rvt.load_height_picture(path, scale=1)
    with raises(ValueError, "scale must be finite and > 0"):
        rvt.load_height_picture(path, scale=0)


def test_landscapes_take_streamed_heights():
    path = os.path.join(tempfile.mkdtemp(), "heights.ktx2")
    write_rgba8(path, 64, 64, lambda u, v: (int(255 * u), 0, 0))
    grey = grey_png(64, 48, bytes(range(48)) * 64)
    with make_streaming() as system:
        texture = system.load_texture(grey, color_space="linear")
        land = rvt.LandscapeComponent(
            **plain(height_texture={"texture": texture, "scale": 3.0, "offset": 1})
        )
        assert [round(part) for part in land.boxes()[0]["center"]] in ([32, 24, 2], [31, 23, 2])
        with raises(UnsupportedError, "heights are streamed from texture"):
            land.surface_at((1, 1, 0))
        assert rvt.expressions.virtual_texture_sample(texture, uv=[0, 0]).components == 4
        colours = {"texture": system.load_texture(path), "scale": 3.0}
        with raises(ValueError, "heights must be linear"):
            rvt.LandscapeComponent(**plain(height_texture=colours))
        by_hand = forge3d.streaming.VirtualTexture(1, 64, 64, 64)
        with raises(ValueError, "no system has loaded it"):
            rvt.LandscapeComponent(**plain(height_texture=colours | {"texture": by_hand}))


def test_meshes_come_from_glb_files():
    path = os.path.join(tempfile.mkdtemp(), "corner.glb")
    with open(path, "wb") as file:
        file.write(triangle_glb())
    for given in (path, triangle_glb()):
        ((name, mesh),) = rvt.load_glb(given)
        assert (name, mesh.triangle_count) == ("corner", 1)
        # What is up in the file is z here.
        assert mesh.bounds == ((0, 0, 0), (1, 0, 1))
    with raises(MalformedFileError, "bytes"):
        rvt.load_glb(triangle_glb()[:50])
    with raises(MissingFileError, "Cannot load GLB file as there is no such file"):
        rvt.load_glb("/nowhere/none.glb")
