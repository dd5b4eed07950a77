import ast
import inspect
import os
import pathlib
from typing import get_type_hints

from js import Object

import _forge3d_core
import forge3d
import forge3d.options
from forge3d import results, streaming
from forge3d._option_names import option_names
from forge3d.handles import create_virtual_texture_system, load_virtual_texture

from checks import raises
from scene import EYE, FOLDER, PATH, PROJECTION, VIEW, make, settle

CHOICES = {
    "preferred_format": forge3d.options.PreferredFormat,
    "quality": forge3d.options.Quality,
    "color_space": forge3d.options.ColorSpace,
    "placement": forge3d.options.Placement,
    "filter": forge3d.options.SampleFilter,
    "debug": forge3d.options.DebugView,
    "color_map": forge3d.options.ColorMap,
}


def choices_of(alias):
    return set(alias.__value__.__args__)


def test_types_name_the_options_and_choices_of_the_core():
    forge3d.get_device()
    names = option_names()
    assert set(get_type_hints(forge3d.options.SystemOptions)) == set(names["system"])
    assert set(get_type_hints(forge3d.options.LoadOptions)) == set(names["load"])
    assert set(CHOICES) == set(names["choices"])
    for name, choices in names["choices"].items():
        assert choices_of(CHOICES[name]) == set(choices), name
    # Negative control: other options are other names.
    assert set(names["system"]) != set(names["load"])
    assert choices_of(CHOICES["filter"]) != set(names["choices"]["quality"])


def test_types_name_what_the_core_reports():
    with make() as system:
        system.load_texture(PATH)
        assert set(settle(system)) == set(results.UpdateResult.__annotations__)
        assert set(system.get_memory_info()) == choices_of(results.MemoryInfoKey)
        told = streaming.get_virtual_texture_stats(system.handle)
        assert set(told) == set(results.Statistics.__annotations__), sorted(told)
        assert system.get_statistics().as_dict() == told
        loaded = load_virtual_texture(system.handle, PATH)
        assert set(loaded) == set(results.LoadedTexture.__annotations__)
    assert set(streaming.calculate_memory_requirements(8, 8)) == set(
        results.MemoryRequirements.__annotations__
    )
    assert set(streaming.estimate_streaming_performance((8, 8))) == set(
        results.PerformanceEstimate.__annotations__
    )


def test_the_stub_matches_the_core():
    package = os.path.dirname(forge3d.__file__)
    with open(os.path.join(package, "..", "stubs", "_forge3d_core.pyi")) as file:
        body = ast.parse(file.read()).body
    described = {one.name for one in body if isinstance(one, ast.FunctionDef)}
    described |= {one.target.id for one in body if isinstance(one, ast.AnnAssign)}
    assert described == set(dir(_forge3d_core)) - set(dir(Object.new()))


def test_a_call_and_its_async_version_take_the_same_arguments():
    pairs = 0
    for owner in (streaming.VirtualTextureSystem, forge3d):
        for name in dir(owner):
            if name.endswith("_async"):
                plain = inspect.signature(getattr(owner, name.removesuffix("_async")))
                assert plain == inspect.signature(getattr(owner, name)), name
                assert getattr(owner, name).__doc__.startswith("Async version of"), name
                pairs += 1
    assert pairs == 7


def test_options_are_checked_before_a_file_is_looked_for():
    with make() as system:
        for options in (
            {"preferred_format": "BC9"},
            {"quality": "best"},
            {"color_space": "cmyk"},
            {"placement": "up"},
            {"wrap": "mirror"},
        ):
            (name,) = options
            with raises(
                ValueError, f"^Cannot load texture as {name} must be one of .*: current value is"
            ):
                system.load_texture("none.ktx2", **options)
            with raises(TypeError, f"^Cannot load texture as {name} must be one of"):
                system.load_texture("none.ktx2", **{name: 3})
        with raises(TypeError, "no option 'colour_space': options are axis_u, "):
            system.load_texture("none.ktx2", colour_space="srgb")
        with raises(TypeError, "no option 'signal'"):
            system.load_texture("none.ktx2", signal=None)
        with raises(TypeError, "origin as it must be 3 numbers"):
            system.load_texture("none.ktx2", origin=(1, 2))
        with raises(ValueError, "extent as it must be finite"):
            system.load_texture("none.ktx2", extent=(1, float("inf")))
        # Negative control: with valid options the missing file is the error.
        with raises(FileNotFoundError):
            system.load_texture("none.ktx2", preferred_format="bc7", quality="low")
        for options in ({"filter": "nearest"}, {"debug": "levels"}):
            with raises(ValueError, f"Cannot render as {next(iter(options))} must be one of"):
                system.render(EYE, VIEW, PROJECTION, 8, 8, **options)


def test_messages_of_the_core_name_arguments_as_python_does():
    for name, value in {"max_anisotropy": 99, "tiles_per_update": 0, "fade_frames": -1}.items():
        with raises(ValueError, name) as _:
            try:
                make(**{name: value})
            except forge3d.errors.OutOfRangeError as error:
                assert error.argument == name
                raise
    with raises(TypeError, "cache_folder as it must be a path"):
        make(cache_folder=3)
    for internal in ("logger", "clock", "max_memory_bytes_"):
        with raises(TypeError, "no option"):
            create_virtual_texture_system(forge3d.get_device(), 2**23, 64, **{internal: 1})
    make(cache_folder=pathlib.Path(FOLDER)).close()
