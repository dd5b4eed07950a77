import math

from forge3d.camera import look_at, orthographic, perspective

from checks import close, raises


def apply(matrix, point):
    return [math.sumprod(row, (*point, 1.0)) for row in matrix]


def clip(matrix, point):
    x, y, z, w = apply(matrix, point)
    return (x / w, y / w, z / w)


def test_the_target_lies_on_the_negative_z_axis_at_its_distance():
    for eye, target, up in (
        ((0, 0, 5), (0, 0, 0), (0, 1, 0)),
        ((3, -2, 7), (1, 4, -2), (0, 0, 1)),
        ((1000, 2000, 500), (1000, 2000, 0), (0, 1, 0)),
    ):
        view = look_at(eye, target, up)
        assert close(apply(view, target), [0, 0, -math.dist(eye, target), 1])
        assert close(apply(view, eye), [0, 0, 0, 1])


def test_up_is_up_and_the_view_is_right_handed():
    view = look_at((0, 0, 10), (0, 0, 0))
    assert apply(view, (1, 0, 0))[0] > 0
    assert apply(view, (0, 1, 0))[1] > 0
    tilted = look_at((0, -10, 5), (0, 0, 0), (0, 0, 1))
    assert apply(tilted, (0, 0, 1))[1] > 0
    rows = [row[:3] for row in tilted[:3]]
    (a, b, c), (d, e, f), (g, h, i) = rows
    assert close(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g), 1)


def test_perspective_maps_the_edges_and_both_depths():
    projection = perspective(60, 2.0, 1.0, 100.0)
    top = math.tan(math.radians(30))
    assert close(clip(projection, (2 * top, top, -1)), (1, 1, 0))
    assert close(clip(projection, (-200 * top, -100 * top, -100)), (-1, -1, 1))


def test_reverse_depth_swaps_near_and_far():
    assert close(clip(perspective(60, 1, 1, 100, reverse_depth=True), (0, 0, -1))[2], 1)
    assert close(clip(perspective(60, 1, 1, 100, reverse_depth=True), (0, 0, -100))[2], 0)
    box = orthographic(-2, 2, -1, 1, 0, 10, reverse_depth=True)
    assert close(clip(box, (2, 1, 0)), (1, 1, 1))
    assert close(clip(box, (-2, -1, -10)), (-1, -1, 0))


def test_the_far_plane_may_be_infinite():
    assert close(clip(perspective(60, 1, 1, math.inf), (0, 0, -1e12))[2], 1)
    assert close(clip(perspective(60, 1, 1, math.inf, reverse_depth=True), (0, 0, -1e12))[2], 0)


def test_orthographic_maps_its_box():
    box = orthographic(10, 30, -5, 5, 1, 11)
    assert close(clip(box, (10, -5, -1)), (-1, -1, 0))
    assert close(clip(box, (30, 5, -11)), (1, 1, 1))


def test_matrices_are_nested_tuples_of_floats():
    for matrix in (look_at((0, 0, 1), (0, 0, 0)), perspective(60, 1, 1, 2)):
        assert type(matrix) is tuple and len(matrix) == 4
        assert all(type(row) is tuple and len(row) == 4 for row in matrix)
        assert all(type(x) is float for row in matrix for x in row)


def test_impossible_cameras_are_refused():
    with raises(ValueError, "another point"):
        look_at((1, 2, 3), (1, 2, 3))
    with raises(ValueError, "along the view"):
        look_at((0, 0, 1), (0, 0, 0), (0, 0, 5))
    with raises(ValueError, "along the view"):
        look_at((0, 0, 1), (0, 0, 0), (0, 0, 0))
    with raises(ValueError, "finite"):
        look_at((0, 0, math.nan), (0, 0, 0))
    with raises(TypeError, "3 numbers"):
        look_at((0, 0), (0, 0, 0))
    for arguments in ((0, 1, 1, 2), (180, 1, 1, 2), (60, 0, 1, 2), (60, 1, 0, 2), (60, 1, 2, 2)):
        with raises(ValueError):
            perspective(*arguments)
    with raises(TypeError, "fov_y_degrees as it must be a number"):
        perspective("60", 1, 1, 2)
    for arguments in ((1, 1, 0, 1, 0, 1), (0, 1, 1, 1, 0, 1), (0, 1, 0, 1, 1, 1)):
        with raises(ValueError):
            orthographic(*arguments)
