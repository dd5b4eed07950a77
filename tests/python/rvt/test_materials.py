import array

from forge3d import rvt
from forge3d.errors import OutOfRangeError
from forge3d.rvt import expressions as e

from checks import raises
from ground import make_asset, writing


def texture(name="checks", width=2, height=2):
    return rvt.MaterialTexture(bytes(range(4 * width * height)), width, height, name=name)


def test_assets_have_settings_that_change():
    asset = rvt.RuntimeVirtualTexture(name="land", size_in_tiles_log2=2, tile_size=128)
    assert (asset.name, asset.material_type) == ("land", "base_color_normal_roughness_specular")
    assert asset.settings["tile_border"] == 4
    assert asset.change(tile_size=64, custom_priority="high") == "texture"
    assert asset.change(compression_quality="medium") == "content"
    assert asset.change(custom_priority=None) == "none"
    assert asset.settings["custom_priority"] == "high"
    small, large = asset.estimate_memory(), asset.estimate_memory(tile_count_bias=2)
    assert large["physical_bytes"] > 10 * small["physical_bytes"]
    assert set(small) == {"tile_bytes", "physical_bytes", "page_table_bytes"}
    assert rvt.RuntimeVirtualTexture(material_type="base_color_normal").material_type == (
        "base_color_normal_roughness_specular"
    )
    with raises(ValueError, "tile_size must be a power of 2 from 64 to 1024: current value is 96"):
        asset.change(tile_size=96)
    with raises(TypeError, "no option tile_sise: options are material_type"):
        asset.change(tile_sise=64)
    assert asset.settings["tile_size"] == 64
    with raises(AttributeError, "Cannot set name of .*land.* as it can be read alone"):
        asset.name = "other"


def test_volumes_have_settings_that_change():
    asset = make_asset()
    volume = rvt.RuntimeVirtualTextureVolume(asset, name="here", scale=(4, 4, 1))
    assert volume.asset is asset and volume.name == "here"
    assert volume.transform["scale"] == [4, 4, 1]
    assert volume.box["center"] == [0, 0, 0] and volume.box["axes"][0] == [2, 0, 0]
    assert volume.change(position=array.array("d", [1, 2, 3])) == "texture"
    assert volume.settings["transform"]["position"] == [1, 2, 3]
    turned = rvt.rotation_about((0, 0, 1), 0.5)
    volume.change(rotation=turned)
    assert volume.transform["rotation"] == list(turned)
    with raises(ValueError, "scale"):
        volume.change(scale=(0, 1, 1))
    with raises(TypeError, "asset must be a RuntimeVirtualTexture"):
        rvt.RuntimeVirtualTextureVolume(volume)


def test_materials_are_connected_anew():
    asset = make_asset()
    material = writing(asset, [1, 0, 0])
    assert (material.domain, material.two_sided, material.revision) == ("surface", False, 0)
    material.connect(base_color=[0, 1, 0])
    assert material.revision == 1
    with raises(TypeError, "no pin of a surface mask4"):
        material.connect(mask4=1)
    with raises(ValueError, "domain must be one of surface, virtual_texture"):
        rvt.Material("odd", domain="paint")
    assert rvt.Material("thin", two_sided=True).two_sided


def test_instances_set_parameters():
    asset, other = make_asset("one"), make_asset("two")
    shown = e.texture_sample_parameter("picture", texture(), uv=[0.5, 0.5]).xyz
    shown = shown * e.vector_parameter("tint", [1, 1, 1]) * e.scalar_parameter("light", 1)
    cached = e.runtime_virtual_texture_sample_parameter("cache", asset).base_color
    leaf = rvt.Material("leaf", base_color=shown + cached)
    assert {name: each["kind"] for name, each in leaf.parameters.items()} == {
        "picture": "texture",
        "tint": "vector",
        "light": "scalar",
        "cache": "runtime_virtual_texture",
    }
    yellow = rvt.MaterialInstance(leaf, "yellow")
    yellow.set_vector("tint", array.array("f", [0.5, 0.25, 0]))
    yellow.set_scalar("light", 2)
    yellow.set_texture("picture", texture("other"))
    yellow.set_runtime_virtual_texture("cache", other)
    assert yellow.revision == 4
    pale = rvt.MaterialInstance(yellow, name="pale")
    assert pale.parent is yellow and pale.material is leaf
    in_force = {name: each["value"] for name, each in pale.parameters.items()}
    assert in_force["tint"] == [0.5, 0.25, 0] and in_force["light"] == 2
    assert in_force["picture"].name == "other" and in_force["cache"] is other
    assert leaf.parameters["light"]["value"] == 1 and leaf.parameters["cache"]["value"] is asset
    assert all(each["is_set"] for each in yellow.parameters.values())
    assert not any(
        each["is_set"] for each in (*pale.parameters.values(), *leaf.parameters.values())
    )
    document = yellow.to_json()
    assert document["numbers"] == {"tint": [0.5, 0.25, 0], "light": [2]}
    again = rvt.MaterialInstance.from_json(
        document,
        materials={"leaf": leaf},
        textures={"other": texture("other")},
        runtime_virtual_textures={"two": other},
    )
    assert again.to_json() == document and again.parent is leaf
    yellow.reset("tint")
    assert "tint" not in yellow.to_json()["numbers"]
    with raises(ValueError, 'no vector of that name: it has "tint"'):
        yellow.set_vector("hue", [1, 2, 3])
    with raises(ValueError, 'no material "leaf"'):
        rvt.MaterialInstance.from_json(document)


def test_materials_are_documents():
    asset = make_asset()
    tint = rvt.MaterialFunction("tint", {"color": 3}, lambda color: {"color": color * 0.5})
    color = tint(color=e.texture_sample(texture()).xyz)["color"]
    material = writing(asset, color, "painted")
    document = material.to_json()
    named = {
        "textures": {"checks": texture()},
        "material_functions": {"tint": tint},
        "runtime_virtual_textures": {"ground": asset},
    }
    assert rvt.Material.from_json(document, **named).to_json() == document
    with raises(OutOfRangeError, 'no texture "checks"'):
        rvt.Material.from_json(document, **(named | {"textures": {}}))
    with raises(TypeError, "no option 'texture': options are textures"):
        rvt.Material.from_json(document, texture={})
    with raises(TypeError, "must be a dictionary"):
        rvt.Material.from_json("{}")


def test_references_are_the_same_object_for_as_long_as_they_live():
    asset = make_asset()
    material = writing(asset, [1, 0, 0])
    component = rvt.DecalComponent(material=material, render_to_virtual_textures=[asset])
    assert component.material is material
    assert component.render_to_virtual_textures[0] is asset
    del material
    # One that nobody has any more is found again.
    assert component.material.name == "writer"
    assert isinstance(component.material, rvt.Material)
