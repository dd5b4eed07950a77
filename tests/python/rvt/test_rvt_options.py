"""Types name the options and choices that the core has."""

import array
import inspect
import re
from typing import get_type_hints

import forge3d.options
from forge3d import rvt
from forge3d.errors import Forge3dError
from forge3d.rvt import component_options, expressions, options
from forge3d.rvt.components import foliage, meshes
from forge3d.rvt.materials import material_texture

from ground import make_asset

PLAIN = {"material": rvt.Material("plain", base_color=1)}
FLAT = {"heights": array.array("f", [0] * 4), "width": 2, "height": 2}
POINTS = [{"position": (x, 0, 0), "width": 1} for x in range(2)]
SCATTER = {"seed": 1, "region": {"min": (0, 0), "max": (1, 1)}, "count": 1}
TEXEL = bytes(4)


def texture(**given):
    return rvt.MaterialTexture(TEXEL, 1, 1, **given)


def volume(**given):
    return rvt.RuntimeVirtualTextureVolume(make_asset(), **given)


def material(**given):
    return rvt.Material("a", **given)


def sample(**given):
    return expressions.runtime_virtual_texture_sample(make_asset(), **given)


def told(call, pattern, **given):
    """Return the names that the message of a wrong call lists."""
    try:
        call(**given)
    except Forge3dError as error:
        found = re.search(pattern, str(error))
        assert found, str(error)
        return set(found[1].split(", "))
    raise AssertionError(f"{call} took {given}")


def fields(*types):
    return set().union(*(kind.__annotations__ for kind in types))


def test_types_name_the_options_of_the_core():
    mesh = {"mesh": rvt.plane_mesh()}
    rows = {
        rvt.RuntimeVirtualTexture: ({}, fields(options.AssetSettings)),
        volume: ({}, fields(options.VolumeSettings)),
        rvt.StaticMeshComponent: (PLAIN | mesh, fields(component_options.MeshComponentOptions)),
        rvt.InstancedStaticMeshComponent: (PLAIN | mesh, fields(meshes.InstancedMeshOptions)),
        rvt.LandscapeComponent: (PLAIN | FLAT, fields(component_options.LandscapeOptions)),
        rvt.LandscapeSplineComponent: (
            {**PLAIN, "points": POINTS},
            fields(component_options.SplineOptions),
        ),
        rvt.scatter_transforms: (SCATTER, fields(component_options.ScatterOptions)),
        texture: (
            {},
            fields(material_texture.TextureOptions) | {"width", "height", "texels"},
        ),
        sample: ({}, fields(expressions.RuntimeSampleOptions)),
        expressions.runtime_virtual_texture_output: ({}, fields(expressions.OutputPins)),
        material: ({}, fields(expressions.MaterialPins) | {"name", "domain", "two_sided"}),
    }
    for call, (given, wanted) in rows.items():
        listed = told(call, r"(?:options|there) are (.*)$", **given, houses=1)
        assert listed - {"name"} == wanted - {"name"}, (call, listed ^ wanted)
    # Those that share a message with their base.
    for kind, own in ((meshes.DecalOptions, "size"), (foliage.FoliageOptions, "scatter")):
        assert own in fields(kind)
    # Negative control: other options are other names.
    assert fields(options.AssetSettings) != fields(options.VolumeSettings)


def test_types_name_the_choices_of_the_core():
    decal = lambda **given: rvt.DecalComponent(**PLAIN, **given)  # noqa: E731
    assert set(rvt.attributes()) == set(options.AttributeName.__value__.__args__)
    rows = (
        (rvt.RuntimeVirtualTexture, "material_type", options.MaterialTypeName),
        (rvt.RuntimeVirtualTexture, "compression_quality", options.Compression),
        (rvt.RuntimeVirtualTexture, "ycocg_scale", options.YcocgScale),
        (rvt.RuntimeVirtualTexture, "custom_priority", options.TexturePriority),
        (decal, "draw_in_main_pass", options.DrawInMainPass),
        (decal, "mobility", options.Mobility),
        (material, "domain", options.MaterialDomain),
        (texture, "addressing", options.TextureAddressing),
        (texture, "color_space", forge3d.options.ColorSpace),
        (expressions.view_property, "property", expressions.inputs.ViewProperty),
    )
    for call, name, alias in rows:
        listed = told(call, rf"{name} must be one of (.*): current", **{name: "houses"})
        assert listed == set(alias.__value__.__args__), name
    hints = get_type_hints(expressions.RuntimeSampleOptions)
    modes = told(sample, "mip_mode must be one of (.*): current", mip_mode="houses")
    assert all(mode in str(hints["mip_mode"]) for mode in modes)


def test_types_that_signatures_name_are_exported():
    exporting = (rvt, options, component_options, expressions, rvt.types, forge3d.options)
    exporting += (forge3d, forge3d.streaming, forge3d.results, forge3d.camera)
    exported = {id(getattr(module, name)) for module in exporting for name in module.__all__}
    missing = set()
    for holder in (rvt, expressions):
        for name in holder.__all__:
            missing |= {
                f"{named.__name__} of {name}"
                for call in calls_of(getattr(holder, name))
                for named in named_types(call)
                if id(named) not in exported
            }
    assert not missing, missing
    # Negative control: a type that is not exported is found.
    assert any(id(each) not in exported for each in named_types(needs_hidden))


def needs_hidden(hidden: "_Hidden") -> None:
    """Name a type that no module exports."""


class _Hidden:
    pass


_Hidden.__module__ = "forge3d.hidden"


def calls_of(kind):
    """Return a function, or the public ones of a class."""
    if inspect.isfunction(kind):
        return [kind]
    members = vars(kind).items() if inspect.isclass(kind) else ()
    found = [each for name, each in members if name == "__init__" or not name.startswith("_")]
    unwrapped = (getattr(each, "fget", None) or getattr(each, "__func__", each) for each in found)
    return [each for each in unwrapped if inspect.isfunction(each)]


def named_types(call):
    """Return the types of this package that a signature names."""
    notes = inspect.get_annotations(call).values()
    names = {name for note in notes for name in re.findall(r"\b_?[A-Z]\w+", str(note))}
    known = (call.__globals__.get(name) for name in names)
    return [each for each in known if getattr(each, "__module__", "").startswith("forge3d")]
