import array
import math

from forge3d._convert import column_major, flat_numbers

from checks import raises

ROWS = tuple(tuple(float(4 * row + column) for column in range(4)) for row in range(4))
COLUMNS = [ROWS[row][column] for column in range(4) for row in range(4)]
FLAT = [x for row in ROWS for x in row]


class ListedArray:
    """Like a numpy array: nested lists on demand, and a shape."""

    def __init__(self, nested):
        self.nested = nested

    def __len__(self):
        return len(self.nested)

    def tolist(self):
        return self.nested


class Buffer:
    """An object with the buffer protocol and nothing else."""

    def __init__(self, values, code="d"):
        self.values = array.array(code, values)

    def __buffer__(self, flags, /):
        return memoryview(self.values)


class Scalar:
    """A number of another library."""

    def __init__(self, value):
        self.value = value

    def __float__(self):
        return self.value


def test_a_matrix_is_read_from_any_nesting_buffer_or_array():
    square = memoryview(array.array("d", FLAT)).cast("B").cast("d", (4, 4))
    for matrix in (
        ROWS,
        [list(row) for row in ROWS],
        FLAT,
        tuple(FLAT),
        [[FLAT[:8]], [FLAT[8:]]],
        array.array("d", FLAT),
        array.array("f", FLAT),
        memoryview(array.array("d", FLAT)),
        square,
        [memoryview(array.array("f", row)) for row in ROWS],
        Buffer(FLAT),
        Buffer([int(x) for x in FLAT], "i"),
        ListedArray([list(row) for row in ROWS]),
        ListedArray(FLAT),
        [ListedArray(list(row)) for row in ROWS],
        [[Scalar(x) for x in row] for row in ROWS],
        [[int(x) for x in row] for row in ROWS],
        iter(ROWS),
        map(list, ROWS),
    ):
        assert column_major(matrix, "view_matrix") == COLUMNS, matrix


def test_one_element_tuples_are_unpacked_as_calls_from_c_make_them():
    assert column_major((ROWS,), "view_matrix") == COLUMNS
    assert column_major(((ROWS,),), "view_matrix") == COLUMNS
    assert column_major((ListedArray(FLAT),), "view_matrix") == COLUMNS
    assert column_major(None, "view_matrix") is None
    assert column_major((None,), "view_matrix") is None
    assert flat_numbers(((1, 2, 3),), 3, "camera_position") == [1, 2, 3]


def test_other_shapes_and_types_are_type_errors():
    for wrong in (FLAT[:15], [*FLAT, 1.0], ROWS[:3], "0123456789abcdef", b"0123456789abcdef", 3.0):
        with raises(TypeError, "view_matrix as it must be 16 numbers"):
            column_major(wrong, "view_matrix")
    for wrong in (
        "123",
        (1, 2),
        (1, 2, "3"),
        (1, 2, None),
        object(),
        {"x": 1},
        {1, 2, 3},
        {1: 0, 2: 0, 3: 0},
    ):
        with raises(TypeError, "camera_position"):
            flat_numbers(wrong, 3, "camera_position")


def test_numbers_that_are_not_finite_are_value_errors():
    for bad in (math.nan, math.inf, -math.inf):
        with raises(ValueError, "finite"):
            flat_numbers((1, bad, 3), 3, "camera_position")
        with raises(ValueError, "finite"):
            column_major([*FLAT[:9], bad, *FLAT[10:]], "view_matrix")
        rows = [list(row) for row in ROWS]
        rows[2][1] = bad
        with raises(ValueError, "finite"):
            column_major(rows, "view_matrix")


def test_numbers_that_no_float_can_hold_are_value_errors():
    with raises(ValueError, "camera_position"):
        flat_numbers((10**400, 0, 0), 3, "camera_position")
    with raises(ValueError, "view_matrix"):
        column_major([[10**400, 0, 0, 0], *ROWS[1:]], "view_matrix")


def test_negative_control_the_transpose_is_a_different_matrix():
    assert column_major(tuple(zip(*ROWS, strict=True)), "view_matrix") == FLAT != COLUMNS
