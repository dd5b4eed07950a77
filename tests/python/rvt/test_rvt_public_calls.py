"""Every public call with arguments of every kind: a typed error, or no harm."""

import inspect
import logging

from public_editor_calls import console_calls, opening_calls, project_calls
from public_low_mips_calls import low_mips_calls

from forge3d import rvt
from forge3d.rvt import expressions

from ground import draw, make_asset, make_land, make_system, place
from public_rvt_calls import (
    component_calls,
    expression_calls,
    material_calls,
    option_calls,
    painted_land,
    placing_calls,
    scene_calls,
    scene_option_calls,
)
from test_public_calls import bad_values, breach, breaches

SETTABLE = (
    "material",
    "transform",
    "render_to_virtual_textures",
    "draw_in_main_pass",
    "virtual_texture_lod_bias",
    "virtual_texture_min_coverage",
    "translucency_sort_priority",
    "mobility",
    "size",
)


def rows():
    """Yield each call by its name, with arguments, or options, that are right."""
    asset = make_asset()
    land = painted_land(asset)
    yield from expression_calls(asset).items()
    yield from material_calls(asset).items()
    yield from component_calls(land).items()
    yield from placing_calls(asset).items()
    yield from project_calls().items()
    yield from option_calls(asset, land).items()
    yield from low_mips_calls(asset).items()


def found_in(name, function, given):
    if isinstance(given, tuple):
        return breaches(name, function, given)
    found = []
    for option in given:
        for what, value in bad_values().items():
            wrong = breach(lambda o=option, v=value: function(**(given | {o: v})), ())
            if wrong is not None:
                found.append(f"{name}({option}={what}): {wrong}")
    return found


def call_as_is(function, given):
    return function(*given) if isinstance(given, tuple) else function(**given)


def test_every_call_answers_a_bad_argument_with_a_typed_error_or_does_no_harm():
    logging.disable(logging.CRITICAL)
    found = []
    try:
        for name, (function, given) in rows():
            if name not in ("load_height_picture", "load_glb"):
                call_as_is(function, given)
            found += found_in(name, function, given)
    finally:
        logging.disable(logging.NOTSET)
    assert not found, "\n".join([f"{len(found)} breaches", *found])


def test_properties_answer_a_bad_value_with_a_typed_error():
    decal = rvt.DecalComponent(material=rvt.Material("plain", base_color=1))
    found = []
    for name in SETTABLE:
        for what, value in bad_values().items():
            wrong = breach(lambda n=name, v=value: setattr(decal, n, v), ())
            if wrong is not None:
                found.append(f"{name} = {what}: {wrong}")
    assert not found, "\n".join(found)


def test_operators_answer_a_bad_operand_with_a_typed_error():
    p = expressions.world_position()
    found = []
    for what, value in bad_values().items():
        for operate in (
            lambda v: p + v,
            lambda v: v - p,
            lambda v: p > v,
            lambda v: p[v],
            lambda v: v & p,
        ):
            wrong = breach(operate, (value,))
            # A class or an array may answer for itself, as it would to any other operand.
            if wrong is not None and not wrong.startswith("TypeError: unsupported operand"):
                found.append(f"{what}: {wrong}")
    assert not found, "\n".join(found)


def test_every_call_of_a_scene_answers_a_bad_argument_with_a_typed_error_or_does_no_harm():
    logging.disable(logging.CRITICAL)
    found = []
    try:
        with make_system() as system, rvt.RuntimeVirtualTextureScene(system) as scene:
            asset = make_asset()
            land = make_land(asset, [1, 0, 0])
            volume = place(scene, asset, land)
            calls = scene_calls(system, scene, volume, land)
            calls |= console_calls(scene) | opening_calls(system, scene, asset)
            for name, (function, given) in calls.items():
                call_as_is(function, given)
                found += found_in(name, function, given)
            for name, (function, given) in scene_option_calls(system, scene).items():
                found += found_in(name, function, given)
            scene.settled()
            assert draw(scene).width > 0
    finally:
        logging.disable(logging.NOTSET)
    assert not found, "\n".join([f"{len(found)} breaches", *found])


def public_names():
    """Return the names of every public function, class and method."""
    names = set()
    for module, prefix in ((rvt, ""), (expressions, "e.")):
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isfunction(value):
                names.add(prefix + name)
            elif inspect.isclass(value):
                for method, member in inspect.getmembers(value):
                    is_call = inspect.isfunction(member) or inspect.ismethod(member)
                    if is_call and not method.startswith("_") and method in vars(value):
                        names.add(f"{prefix}{name}.{method}")
    return names


def test_every_public_call_is_in_the_table():
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system) as scene:
        asset = make_asset()
        land = painted_land(asset)
        volume = place(scene, asset, land)
        known = {name for name, _ in rows()} | set(scene_calls(system, scene, volume, land))
        known |= set(console_calls(scene)) | set(opening_calls(system, scene, asset))
    known |= {name.removeprefix("e.") for name in known if name.startswith("e.MaterialFunction")}
    missing = {name for name in public_names() if name not in known and not name.endswith("_async")}
    assert not missing, missing
    # Negative control: names are found at all.
    assert "LandscapeComponent.set_heights" in public_names()
    assert len(public_names()) > 80
