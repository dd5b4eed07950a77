import os
import sys
import tempfile
import types
import zlib

import forge3d

from checks import raises

PIXELS = bytes(
    (16 * x, 40 * y, 7, 255 if x else 0)[c] for y in range(3) for x in range(5) for c in range(4)
)


def decode_png(data):
    """Decode what the writer makes: one chunk of unfiltered 8-bit RGBA."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert int.from_bytes(data[at + 8 + length : at + 12 + length]) == zlib.crc32(
            kind + content
        )
        chunks[kind] = content
        at += 12 + length
    width, height = (int.from_bytes(chunks[b"IHDR"][i : i + 4]) for i in (0, 4))
    raw = zlib.decompress(chunks[b"IDAT"])
    rows = [raw[y * (4 * width + 1) :][: 4 * width + 1] for y in range(height)]
    assert all(row[0] == 0 for row in rows)
    return width, height, b"".join(row[1:] for row in rows)


def test_an_image_is_a_buffer_of_rows_from_the_top():
    image = forge3d.Image(PIXELS, 5, 3)
    view = memoryview(image)
    assert view.shape == (3, 5, 4) and view.readonly and view.format == "B"
    assert view[2, 1, 1] == 80
    assert bytes(view) == image.tobytes() == PIXELS
    assert image.pixel(1, 2) == (16, 80, 7, 255)
    assert (image.size, image.shape) == ((5, 3), (3, 5, 4))
    assert image == forge3d.Image(bytearray(PIXELS), 5, 3)
    assert image != forge3d.Image(bytes(60), 5, 3)
    with raises(IndexError):
        image.pixel(5, 0)
    with raises(ValueError, "60 bytes"):
        forge3d.Image(PIXELS[:-1], 5, 3)


def test_a_saved_image_holds_the_same_pixels():
    image = forge3d.Image(PIXELS, 5, 3)
    assert decode_png(image._repr_png_()) == (5, 3, PIXELS)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.png")
        image.save(path)
        with open(path, "rb") as file:
            assert decode_png(file.read()) == (5, 3, PIXELS)
        with raises(ValueError, "must end in .png"):
            image.save(os.path.join(folder, "x.jpg"))
        assert os.listdir(folder) == ["x.png"]
        with raises(OSError):
            image.save(os.path.join(folder, "none", "x.png"))


def test_numpy_gets_a_writable_array_and_is_not_needed():
    image = forge3d.Image(PIXELS, 5, 3)
    if "numpy" not in sys.modules:
        with raises(ModuleNotFoundError, "numpy"):
            image.numpy()

    class Array:
        def __init__(self, data, dtype):
            self.data, self.dtype, self.shape = data, dtype, (len(data),)

        def reshape(self, shape):
            self.shape = shape
            return self

    stand_in = types.ModuleType("numpy")
    stand_in.uint8 = "uint8"
    stand_in.frombuffer = Array
    sys.modules["numpy"] = stand_in
    try:
        made = image.numpy()
    finally:
        del sys.modules["numpy"]
    assert (made.shape, made.dtype) == ((3, 5, 4), "uint8")
    made.data[0] = 99
    assert image.tobytes() == PIXELS
