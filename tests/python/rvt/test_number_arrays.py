"""Buffers of numbers are read as what they hold, or refused."""

import array
import ctypes
import struct

import forge3d._convert
from forge3d import rvt
from forge3d.errors import InvalidArgumentError, OutOfRangeError

from checks import close, raises

PLAIN = rvt.Material("plain", base_color=1)
# Rows and columns of samples.
SHAPE = (3, 4)
CELLS = [*range(12)]


class Foreign:
    """An array of another library, whose elements have any format."""

    def __init__(self, numbers, code):
        count = len(numbers)
        kind = {
            "<f": ctypes.c_float.__ctype_le__,
            ">f": ctypes.c_float.__ctype_be__,
            ">h": ctypes.c_int16.__ctype_be__,
            ">d": ctypes.c_double.__ctype_be__,
            "<d": ctypes.c_double.__ctype_le__,
            ">I": ctypes.c_uint32.__ctype_be__,
            ">q": ctypes.c_int64.__ctype_be__,
        }[code]
        self.held = (kind * count).from_buffer_copy(
            struct.pack(f"{code[0]}{count}{code[1]}", *numbers)
        )

    def __buffer__(self, flags):
        return memoryview(self.held)


def shaped(numbers, shape, code="f"):
    return memoryview(array.array(code, numbers)).cast("B").cast(code, shape)


def land(heights=None, **options):
    given = shaped(CELLS, SHAPE) if heights is None else heights
    return rvt.LandscapeComponent(material=PLAIN, heights=given, **options)


def test_numbers_are_read_in_every_format():
    for code in ("<f", ">f", ">h", "<d", ">d", ">I", ">q"):
        made = land(Foreign(CELLS, code), width=4, height=3)
        assert made.heights.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]], code
    halves = memoryview(struct.pack("12e", *CELLS)).cast("e", SHAPE)
    assert land(halves).heights.tolist()[2] == [8, 9, 10, 11]
    assert land(halves[::-1]).heights.tolist()[0] == [8, 9, 10, 11]
    # Short ones, as vectors, too.
    for code in (">f", ">h", "<d"):
        asset = rvt.RuntimeVirtualTexture()
        place = memoryview(Foreign([1, 2, 3], code))
        assert rvt.RuntimeVirtualTextureVolume(asset, position=place).transform["position"] == [
            1,
            2,
            3,
        ]
        assert forge3d._convert.flat_numbers(place, 3, "place") == [1, 2, 3]

    class Pair(ctypes.Structure):
        _fields_ = (("a", ctypes.c_float), ("b", ctypes.c_float))

    with raises(InvalidArgumentError, "one in each element.* current format is 'T"):
        land((Pair * 12)(), width=4, height=3)
    with raises(InvalidArgumentError, "must be 3 numbers"):
        forge3d._convert.flat_numbers(memoryview((Pair * 3)()), 3, "place")


def test_arrays_of_other_things_are_refused():
    class Dates:
        """An array whose elements are no numbers."""

        def __array__(self):
            return object()

    for odd in (Dates(), Dates, 3, "1234", memoryview(b"abcd").cast("c")):
        with raises(InvalidArgumentError, "buffer or an array of numbers|one in each element"):
            land(odd, width=2, height=2)


def test_weights_mean_the_same_in_every_width():
    asked = [0, 1, 1, 0] * 3
    for code in "fd":
        weights = land(layers={"rock": array.array(code, asked)}).weights("rock")
        assert weights.tolist()[0] == [0, 255, 255, 0]
    flags = memoryview(bytes(asked)).cast("?")
    assert land(layers={"rock": flags}).weights("rock").tolist()[0] == [0, 255, 255, 0]
    assert land(layers={"rock": bytes(asked)}).weights("rock").tolist()[0] == [0, 1, 1, 0]
    for code in "bhHiIqQ":
        with raises(InvalidArgumentError, f"layer 'rock' .* format is '{code}', so convert them"):
            land(layers={"rock": array.array(code, asked)})
    with raises(OutOfRangeError, 'layer "rock" as floats must be from 0 to 1: .* at 1 is 2'):
        land(layers={"rock": array.array("f", [0, 2] * 6)})


def test_shapes_that_contradict_sides_are_refused():
    turned = shaped(CELLS, SHAPE[::-1])
    with raises(OutOfRangeError, r"heights as its shape must be \(4, 3\), .* shape is \(3, 4\)"):
        land(shaped(CELLS, SHAPE), width=3, height=4)
    with raises(OutOfRangeError, r"layer 'rock' as its shape must be \(3, 4\), .* is \(4, 3\)"):
        land(layers={"rock": memoryview(bytes(12)).cast("B", (4, 3))})
    made = land(layers={"rock": memoryview(bytes(CELLS)).cast("B", SHAPE)})
    assert made.weights("rock").tolist()[1] == [4, 5, 6, 7]
    whole = {"x": 0, "y": 0, "width": 4, "height": 3}
    with raises(OutOfRangeError, r"heights as its shape must be \(3, 4\)"):
        made.set_heights(whole, turned)
    with raises(OutOfRangeError, r"weights as its shape must be \(3, 4\)"):
        made.set_weights("rock", whole, turned)
    made.set_heights(whole, shaped(CELLS[::-1], SHAPE))
    assert made.heights.tolist()[0] == [11, 10, 9, 8]
    # Axes that are one, or have one element, change nothing.
    for shape in ((12,), (1, 12), (1, 3, 4), (3, 4, 1)):
        made.set_heights(whole, shaped(CELLS, shape))
        assert made.heights.tolist()[0] == [0, 1, 2, 3]


def test_texels_and_meshes_have_the_shapes_of_their_arrays():
    texels = bytes(4 * 2 * 8)
    for shape in ((2, 8, 4), (2, 32), (16, 4), (64,)):
        assert rvt.MaterialTexture(memoryview(texels).cast("B", shape), 8, 2).height == 2
    with raises(OutOfRangeError, r"texels as its shape must be \(4, 4, 4\).* is \(2, 8, 4\)"):
        rvt.MaterialTexture(memoryview(texels).cast("B", (2, 8, 4)), 4, 4)
    with raises(InvalidArgumentError, r"unsigned bytes \(uint8\) from 0 to 255: .* is 'f'"):
        rvt.MaterialTexture(array.array("f", [0.5] * 16), 2, 2)
    corners = [0, 0, 0, 1, 0, 0, 0, 1, 0]
    good = {"positions": shaped(corners, (3, 3)), "indices": shaped([0, 1, 2], (1, 3), "H")}
    good |= {"normals": shaped([0, 0, 1] * 3, (3, 3)), "uvs": shaped([0] * 6, (3, 2))}
    assert rvt.make_mesh(**good).triangle_count == 1
    for name, wrong in (
        ("positions", shaped(CELLS, (3, 4))),
        ("normals", shaped(CELLS, (3, 4))),
        ("uvs", shaped([0] * 6, (2, 3))),
        ("indices", shaped([0, 1, 2], (3, 1), "H")),
    ):
        with raises(OutOfRangeError, f"{name} as its shape must end in [23], or be flat"):
            rvt.make_mesh(**(good | {name: wrong}))
    assert close(rvt.make_mesh(**good).bounds[1], (1, 1, 0))
