import math
import operator

from forge3d import rvt
from forge3d.errors import InvalidArgumentError, OutOfRangeError
from forge3d.rvt import expressions as e

from checks import raises
from ground import make_asset


def graph_of(expression):
    """Return the nodes of a graph, as a document has them."""
    wide = expression if expression.components == 4 else e.append(expression.x, 0, 0, 0)
    return rvt.Material("graph", domain="virtual_texture", mask4=wide).to_json()["nodes"]


def same(a, b):
    return graph_of(a) == graph_of(b)


def test_operators_make_what_functions_make():
    a, b = e.world_position().x, e.world_position().y
    pairs = {
        operator.add: e.add,
        operator.sub: e.subtract,
        operator.mul: e.multiply,
        operator.truediv: e.divide,
        operator.pow: e.power,
        operator.ge: e.step,
        operator.and_: e.minimum,
        operator.or_: e.maximum,
    }
    for operate, function in pairs.items():
        for left, right in ((a, b), (a, 0.5), (0.5, b)):
            if operate is operator.ge and left is not a:
                continue
            assert same(operate(left, right), function(left, right)), (operate, left, right)
    assert same(-a, e.subtract(0, a))
    assert same(abs(a), e.absolute(a))
    assert same(~a, e.one_minus(a))
    assert same(a // b, e.floor(e.divide(a, b)))
    assert same(a % b, e.subtract(a, e.multiply(b, e.floor(e.divide(a, b)))))
    assert same(+a, a)
    square = a * a
    for exponent, product in (
        (2, a * a),
        (3.0, a * a * a),
        (e.constant(4), square * square),
        (-1, 1 / a),
        (-2, 1 / (a * a)),
        (1, a),
        (0, e.constant(1)),
        (17, e.power(a, 17)),
        (b, e.power(a, b)),
    ):
        assert same(a**exponent, product), exponent
    # Negative control: the order of inputs counts.
    assert not same(a - b, e.subtract(b, a))


def test_comparisons_make_masks():
    a, b = e.world_position().x, e.world_position().y
    assert same(a <= b, e.step(b, a))
    assert same(a > b, e.one_minus(e.step(b, a)))
    assert same(a < 0.5, e.one_minus(e.step(a, 0.5)))
    assert same(a > 0.5, a > 0.5)
    assert not same(a > b, a >= b)


def test_components_are_taken_by_name_and_in_order():
    p = e.world_position()
    assert (p.xy.components, p.z.components, p.xyz.components) == (2, 1, 3)
    assert same(p["zx"].x, e.component_mask(p, "zx").x)
    x, y, z = p
    assert same(x, p.x) and same(y, p.y) and same(z, p.z)
    with raises(OutOfRangeError, "channels must be 1 to 4 of xyz"):
        _ = p.w


def test_functions_take_numbers_of_every_kind():
    import array

    wanted = e.lerp([0.25, 0.5], [1, 0], 0.5)
    numbers = (0.25, 0.5), array.array("d", [0.25, 0.5]), memoryview(array.array("f", [0.25, 0.5]))
    for color in numbers:
        assert same(e.lerp(color, [1, 0], 0.5), wanted)
    assert e.clamp(e.world_position(), 0, 1).components == 3
    assert e.smoothstep(e.world_position().z, 1, 3).components == 1
    assert e.length([3, 4]).components == 1
    assert e.constant([1, 2, 3, 4]).components == 4
    assert e.noise(e.world_position(), "gradient", octaves=2, seed=5).kind == "noise"


def test_expressions_know_what_they_are():
    sum_ = e.add(e.layer_weight("rock"), 1).named("sum")
    assert (sum_.kind, sum_.components, sum_.name) == ("operation", 1, "sum")
    assert [node.kind for node in sum_.inputs] == ["layer_weight", "constant"]
    assert e.world_position().name is None
    assert sum_.inputs[0] == sum_.inputs[0]
    assert e.world_position() != e.world_position()
    assert len({sum_, sum_.inputs[0], sum_.inputs[0]}) == 2
    assert "add, 1 components" in repr(sum_)


def test_an_expression_is_neither_true_nor_false():
    height = e.world_position().z
    with raises(TypeError, "choose by lerp"):
        _ = 1 if height > 0.4 else 2
    with raises(TypeError, "join masks by & and |"):
        _ = 0.2 < height < 0.4
    assert ((height > 0.2) & (height < 0.4)).components == 1


def test_wrong_inputs_are_typed_errors_at_once():
    p = e.world_position()
    for wrong in (lambda: p + "a", lambda: p * None, lambda: e.lerp(p, {1}, 0), lambda: p * [True]):
        with raises(InvalidArgumentError, "must be an expression|no meaning"):
            wrong()
    with raises(OutOfRangeError, "b must have 1 or 3 components, like a: current value has 2"):
        p * [1, 2]
    with raises(OutOfRangeError, "finite in 32 bits"):
        e.sine(math.inf)
    with raises(InvalidArgumentError, "no pin octave"):
        e.runtime_virtual_texture_output(octave=1)
    with raises(OutOfRangeError, "mip_mode must be one of|the mip mode level must have level"):
        e.runtime_virtual_texture_sample(make_asset(), mip_mode="level")


def test_samples_have_outputs_and_become_parameters():
    asset = make_asset(material_type="base_color_normal_roughness_specular")
    sample = e.runtime_virtual_texture_sample(asset, by="uv", uv=[0.5, 0.5], feedback=False)
    assert (sample.base_color.components, sample.roughness.components) == (3, 1)
    assert sample.has_output("base_color") and not sample.has_output("world_height")
    parameter = e.convert_to_parameter(sample, "ground")
    material = rvt.Material("shown", base_color=parameter.base_color)
    assert material.parameters["ground"]["kind"] == "runtime_virtual_texture"
    assert material.parameters["ground"]["default_asset"] is asset
    named = e.runtime_virtual_texture_sample_parameter("other", asset)
    assert rvt.Material("other", base_color=named.base_color).parameters.keys() == {"other"}
    other_type = make_asset(material_type="mask4")
    with raises(OutOfRangeError, "material_type|material type of asset"):
        e.runtime_virtual_texture_sample(other_type, material_type="base_color")


def test_switches_and_wgsl_are_nodes():
    assert e.virtual_texture_feature_switch(yes=[1, 0, 0], no=0.5).components == 3
    assert e.runtime_virtual_texture_replace(default=1, output=0).components == 1
    assert e.view_property("virtual_texture_output_derivative").components == 2
    made = e.custom_wgsl("return myColor * 2.0;", components=3, inputs={"myColor": [1, 2, 3]})
    assert made.kind == "custom_wgsl"
    with raises(OutOfRangeError, "identifiers as names"):
        e.custom_wgsl("return 1.0;", components=1, inputs={"my color": 1})


def test_material_functions_are_called_like_functions():
    calls = []

    def build(color, byHow):  # noqa: N803
        calls.append(color.components)
        return {"dark": color * (1 - byHow), "light": color + byHow}

    tint = rvt.MaterialFunction("tint", {"color": 3, "byHow": 1}, build)
    outputs = tint(color=[1, 0.5, 0], byHow=e.scalar_parameter("by", 0.5))
    assert list(outputs) == ["dark", "light"]
    assert [each.kind for each in outputs.values()] == ["function_call"] * 2
    assert calls == [3] and tint.inputs == {"color": 3, "byHow": 1}
    again = rvt.MaterialFunction.from_json(tint.to_json())
    assert again.to_json() == tint.to_json()
    with raises(TypeError, "no input hue"):
        tint(color=1, byHow=1, hue=2)
    with raises(ValueError, "input byHow must be given"):
        tint(color=1)

    def fail(**_inputs):
        raise KeyError("mine")

    with raises(KeyError, "mine"):
        rvt.MaterialFunction("failing", {"a": 1}, fail)
    with raises(TypeError, "build must be a function"):
        rvt.MaterialFunction("odd", {"a": 1}, 7)
    with raises(TypeError, "outputs as it must be a dictionary"):
        rvt.MaterialFunction("odd", {"a": 1}, lambda a: a)
