"""Every public call of forge3d.rvt, with arguments that are right."""

import array
import contextlib
import os

from public_low_mips_calls import deferred_options, low_mips_scene_calls

import forge3d
from forge3d import rvt
from forge3d.rvt import expressions as e

from ground import EYE, PROJECTION, SIDE, VIEW, make_asset, make_land, writing
from scene import FOLDER

BOUNDS = {"min": (0, 0, -1), "max": (2, 2, 1)}
REGION = {"x": 0, "y": 0, "width": 2, "height": 1}
POINT = {"position": (9, 9, 0), "width": 1}
TRIANGLE = array.array("f", [0, 0, 0, 1, 0, 0, 0, 1, 0])
SCATTER = {"seed": 1, "region": {"min": (1, 1), "max": (9, 9)}, "count": 2}


def one_input_functions():
    names = "absolute floor fraction sqrt sine cosine one_minus saturate length normalize constant"
    return {f"e.{name}": (getattr(e, name), ([1, 2],)) for name in names.split()}


def two_input_functions():
    names = "add subtract multiply divide minimum maximum power step dot distance"
    rows = {f"e.{name}": (getattr(e, name), ([1, 2], 3)) for name in names.split()}
    cross = {
        f"e.{name}": (getattr(e, name), ([0, 0, 1],) * 2) for name in ("cross", "blend_normals")
    }
    return rows | cross


def expression_calls(asset):
    texture = rvt.MaterialTexture(bytes(16), 2, 2)
    function = rvt.MaterialFunction("same", {"a": 1}, lambda a: {"a": a})
    sample = e.runtime_virtual_texture_sample(asset)
    return {
        **one_input_functions(),
        **two_input_functions(),
        "e.append": (e.append, (1, 2)),
        "e.clamp": (e.clamp, (1, 0, 1)),
        "e.lerp": (e.lerp, (1, 0, 1)),
        "e.smoothstep": (e.smoothstep, (1, 0, 1)),
        "e.component_mask": (e.component_mask, ([1, 2], "x")),
        "e.custom_wgsl": (lambda code: e.custom_wgsl(code, components=1), ("return 1.0;",)),
        "e.layer_weight": (e.layer_weight, ("rock",)),
        "e.noise": (e.noise, ([1, 2], "value")),
        "e.scalar_parameter": (e.scalar_parameter, ("a", 1)),
        "e.vector_parameter": (e.vector_parameter, ("a", [1, 2])),
        "e.texture_coordinate": (e.texture_coordinate, ()),
        "e.vertex_normal": (e.vertex_normal, ()),
        "e.world_position": (e.world_position, ()),
        "e.view_property": (e.view_property, ("virtual_texture_max_level",)),
        "e.convert_to_parameter": (e.convert_to_parameter, (sample, "a")),
        "e.texture_sample": (e.texture_sample, (texture,)),
        "e.texture_sample_parameter": (e.texture_sample_parameter, ("a", texture)),
        "e.virtual_texture_sample": (refused(e.virtual_texture_sample), (3,)),
        "e.runtime_virtual_texture_sample": (e.runtime_virtual_texture_sample, (asset,)),
        "e.runtime_virtual_texture_sample_parameter": (
            e.runtime_virtual_texture_sample_parameter,
            ("a", asset),
        ),
        "e.RuntimeVirtualTextureSample.has_output": (sample.has_output, ("mask",)),
        "e.Expression.named": (e.world_position().named, ("a",)),
        # What its own function raises is the caller's.
        "e.MaterialFunction": (make_function, ("a", {"b": 1})),
        "e.MaterialFunction.to_json": (function.to_json, ()),
        "e.MaterialFunction.from_json": (rvt.MaterialFunction.from_json, (function.to_json(),)),
    }


def make_function(name, inputs):
    rvt.MaterialFunction(name, inputs, lambda **_inputs: {"c": 1})


def refused(call):
    """Return a call that is right if it refuses what it is given."""

    def refuse(value):
        with contextlib.suppress(TypeError):
            call(value)

    return refuse


def material_calls(asset):
    material = rvt.Material(
        "all",
        base_color=e.vector_parameter("v", [1, 2, 3]) * e.scalar_parameter("s", 1),
        opacity=e.texture_sample_parameter("t", rvt.MaterialTexture(bytes(16), 2, 2)).x,
        roughness=e.runtime_virtual_texture_sample_parameter("a", asset).roughness,
    )
    plain = rvt.Material("plain", base_color=1)
    instance = rvt.MaterialInstance(material, "one")
    picture = os.path.join(FOLDER, "grey.png")
    forge3d.Image(bytes([80]) * 16, 2, 2).save(picture)
    document = rvt.MaterialInstance(plain, "two").to_json()

    def read_instance(given):
        return rvt.MaterialInstance.from_json(given, materials={"plain": plain})

    return {
        "Material": (rvt.Material, ("a",)),
        "Material.connect": (plain.connect, ()),
        "Material.to_json": (plain.to_json, ()),
        "Material.subscribe": (subscribing(material), (silent,)),
        "Material.from_json": (rvt.Material.from_json, (plain.to_json(),)),
        "MaterialInstance": (rvt.MaterialInstance, (material, "a")),
        "MaterialInstance.set_scalar": (instance.set_scalar, ("s", 1)),
        "MaterialInstance.set_vector": (instance.set_vector, ("v", [1, 2, 3])),
        "MaterialInstance.set_texture": (
            instance.set_texture,
            ("t", rvt.MaterialTexture(bytes(16), 2, 2)),
        ),
        "MaterialInstance.set_runtime_virtual_texture": (
            instance.set_runtime_virtual_texture,
            ("a", asset),
        ),
        "MaterialInstance.reset": (instance.reset, ("s",)),
        "MaterialInstance.to_json": (instance.to_json, ()),
        "MaterialInstance.subscribe": (subscribing(instance), (silent,)),
        "MaterialInstance.from_json": (read_instance, (document,)),
        "MaterialTexture": (rvt.MaterialTexture, (bytes(16), 2, 2)),
        "load_material_texture": (rvt.load_material_texture, (picture,)),
        "load_height_picture": (lambda path: rvt.load_height_picture(path, scale=1), ("none",)),
        "load_glb": (rvt.load_glb, ("none",)),
    }


def silent(*_change):
    pass


def subscribing(target):
    """Return a call that subscribes to something, and ends that."""
    return lambda listener: target.subscribe(listener).close()


def placing_calls(asset):
    volume = rvt.RuntimeVirtualTextureVolume(asset)
    return {
        "RuntimeVirtualTexture.subscribe": (subscribing(asset), (silent,)),
        "RuntimeVirtualTextureVolume.subscribe": (subscribing(volume), (silent,)),
        "RuntimeVirtualTextureVolume.grid": (volume.grid, (1,)),
        "RuntimeVirtualTextureVolume.grid_at": (volume.grid_at, ((1, 1, 1), 1)),
        "attributes": (rvt.attributes, ()),
        "material_types": (rvt.material_types, ()),
        "Subscription.close": (asset.subscribe(silent).close, ()),
    }


def component_calls(land):
    grid = rvt.grid_mesh()
    material = rvt.Material("plain", base_color=1)
    box = rvt.StaticMeshComponent(material=material, mesh=grid)
    stones = rvt.InstancedStaticMeshComponent(material=material, mesh=grid, instances=[{}] * 99)
    points = [{"position": (x, 0, 0), "width": 1} for x in range(80)]
    road = rvt.LandscapeSplineComponent(material=material, points=points)
    return {
        "make_mesh": (rvt.make_mesh, (TRIANGLE, array.array("B", [0, 1, 2]))),
        "box_mesh": (rvt.box_mesh, ((1, 1, 1),)),
        "plane_mesh": (rvt.plane_mesh, ((1, 1),)),
        "grid_mesh": (rvt.grid_mesh, ((1, 1), (1, 1))),
        "simplify_mesh": (rvt.simplify_mesh, (grid, [0.5])),
        "rotation_about": (rvt.rotation_about, ((0, 0, 1), 1)),
        "PrimitiveComponent.boxes": (box.boxes, ()),
        "PrimitiveComponent.warnings": (box.warnings, ()),
        "PrimitiveComponent.draws": (box.draws, (0,)),
        "PrimitiveComponent.subscribe": (subscribing(box), (silent,)),
        "InstancedStaticMeshComponent.add_instances": (stones.add_instances, ([{}],)),
        "InstancedStaticMeshComponent.update_instance": (stones.update_instance, (0, {})),
        "InstancedStaticMeshComponent.remove_instance": (stones.remove_instance, (0,)),
        "LandscapeComponent.set_heights": (land.set_heights, (REGION, array.array("f", [1, 2]))),
        "LandscapeComponent.set_weights": (land.set_weights, ("rock", REGION, bytes(2))),
        "LandscapeComponent.weights": (land.weights, ("rock",)),
        "LandscapeComponent.surface_at": (land.surface_at, ((1, 1, 1),)),
        "LandscapeSplineComponent.update_point": (road.update_point, (0, POINT)),
        "LandscapeSplineComponent.insert_point": (road.insert_point, (3, POINT)),
        "LandscapeSplineComponent.remove_point": (road.remove_point, (0,)),
    }


def option_calls(asset, land):
    """Every call with options, by name, with those that are right."""
    grid = rvt.grid_mesh()
    common = {
        "material": writing(asset, 1),
        "name": "a",
        "transform": {"position": (1, 1, 1), "rotation": (0, 0, 0, 1), "scale": (1, 1, 1)},
        "render_to_virtual_textures": [asset],
        "draw_in_main_pass": "always",
        "virtual_texture_lod_bias": 1,
        "virtual_texture_skip_mips": 1,
        "virtual_texture_min_coverage": 1.0,
        "translucency_sort_priority": 1,
        "mobility": "static",
    }
    flat = array.array("f", [0]) * 4
    return {
        "RuntimeVirtualTexture": (rvt.RuntimeVirtualTexture, asset.settings | {"name": "a"}),
        "RuntimeVirtualTexture.change": (make_asset().change, asset.settings),
        "RuntimeVirtualTexture.estimate_memory": (
            asset.estimate_memory,
            {"extent": (1, 1), "tile_count_bias": 0, "device": forge3d.get_device()},
        ),
        "RuntimeVirtualTextureVolume": (
            lambda **given: rvt.RuntimeVirtualTextureVolume(asset, **given),
            {"name": "a", "position": (1, 1, 1), "expand_bounds": 1, "scalability_group": 0},
        ),
        "RuntimeVirtualTextureVolume.change": (
            rvt.RuntimeVirtualTextureVolume(asset).change,
            {"scale": (1, 1, 1), "hide_primitives_in_game": True, "tile_count_bias": 1},
        ),
        "VirtualTextureBuilder": (rvt.VirtualTextureBuilder, {"name": "a", "bytes": b"a"}),
        "VirtualTextureBuilder(open)": (rvt.VirtualTextureBuilder, {"open": bytes}),
        "DeferredComponent": (rvt.DeferredComponent, deferred_options(asset)),
        "StaticMeshComponent": (rvt.StaticMeshComponent, common | {"mesh": grid}),
        "SkeletalMeshComponent": (rvt.SkeletalMeshComponent, common | {"mesh": [grid]}),
        "AnimatedMeshComponent": (rvt.AnimatedMeshComponent, common | {"frames": [grid]}),
        "InstancedStaticMeshComponent": (
            rvt.InstancedStaticMeshComponent,
            common | {"mesh": grid, "instances": [{}]},
        ),
        "DecalComponent": (rvt.DecalComponent, common | {"size": (1, 1)}),
        "FoliageComponent": (rvt.FoliageComponent, common | {"mesh": grid, "scatter": SCATTER}),
        "LandscapeComponent": (
            rvt.LandscapeComponent,
            {
                **common,
                "heights": flat,
                "width": 2,
                "height": 2,
                "layers": {"a": bytes(4)},
                "section_quads": 1,
                "virtual_texture_num_lods": 1,
            },
        ),
        "LandscapeSplineComponent": (
            rvt.LandscapeSplineComponent,
            {
                **common,
                "points": [POINT, {**POINT, "position": (1, 1, 1)}],
                "quads_along": 2,
                "quads_across": 2,
                "landscape": land,
                "landscape_offset": 1.0,
            },
        ),
        "scatter_transforms": (
            rvt.scatter_transforms,
            {**SCATTER, "onto": land, "min_distance": 0.1, "yaw_range": (0, 1)},
        ),
        "Material": (
            lambda **given: rvt.Material("a", **given),
            {"domain": "virtual_texture", "two_sided": True, "mask4": [1, 2, 3, 4]},
        ),
        "e.runtime_virtual_texture_output": (
            e.runtime_virtual_texture_output,
            {"base_color": 1, "mask": 1, "opacity": 1, "height_range": (0, 1)},
        ),
        "e.runtime_virtual_texture_sample": (
            lambda **given: e.runtime_virtual_texture_sample(asset, **given),
            {"mip_mode": "level", "level": 1, "by": "uv", "uv": [0, 0], "feedback": False},
        ),
        "e.runtime_virtual_texture_replace": (
            e.runtime_virtual_texture_replace,
            {"default": 1, "output": 0},
        ),
        "e.virtual_texture_feature_switch": (
            e.virtual_texture_feature_switch,
            {"yes": 1, "no": 0},
        ),
        "e.noise": (lambda **given: e.noise([1, 2], "value", **given), {"octaves": 1, "seed": 1}),
        "e.custom_wgsl": (
            e.custom_wgsl,
            {"code": "return 1.0;", "components": 1, "inputs": {"a": 1}, "name": "a"},
        ),
    }


def scene_calls(system, scene, volume, land):
    def make(*args):
        rvt.RuntimeVirtualTextureScene(*args).close()

    def add(component):
        scene.add_component(component)
        scene.remove_component(component)

    def add_volume(given):
        scene.add_volume(given)
        scene.remove_volume(given)

    material = rvt.Material("plain", base_color=1)
    decal = rvt.DecalComponent(material=material)
    other = rvt.RuntimeVirtualTextureVolume(make_asset())
    return {
        **low_mips_scene_calls(scene, volume),
        "RuntimeVirtualTextureScene": (make, (system,)),
        "RuntimeVirtualTextureScene.add_component": (add, (decal,)),
        "RuntimeVirtualTextureScene.remove_component": (scene.remove_component, (decal,)),
        "RuntimeVirtualTextureScene.add_volume": (add_volume, (other,)),
        "RuntimeVirtualTextureScene.remove_volume": (scene.remove_volume, (other,)),
        "RuntimeVirtualTextureScene.set_bounds": (scene.set_bounds, (volume, land)),
        "RuntimeVirtualTextureScene.settled": (scene.settled, ()),
        "RuntimeVirtualTextureScene.invalidate": (scene.invalidate, (BOUNDS, "high")),
        "RuntimeVirtualTextureScene.request_preload": (scene.request_preload, (BOUNDS, 1)),
        "RuntimeVirtualTextureScene.draws_in_main_pass": (scene.draws_in_main_pass, (land,)),
        "RuntimeVirtualTextureScene.texture_of": (scene.texture_of, (volume.asset,)),
        "RuntimeVirtualTextureScene.render": (scene.render, (EYE, VIEW, PROJECTION, 8, 8)),
        "RuntimeVirtualTextureScene.change": (scene.change, ()),
        "RuntimeVirtualTextureScene.close": (lambda: None, ()),
    }


def scene_option_calls(system, scene):
    def make(**given):
        rvt.RuntimeVirtualTextureScene(system, **given).close()

    def render(**given):
        scene.render(EYE, VIEW, PROJECTION, 8, 8, **given)

    options = {name: value for name, value in scene.options.items() if name != "tile_count_bias"}
    looks = {
        "towards_light": (0, 0, 1),
        "light_color": (1, 1, 1),
        "background": (0, 0, 0, 0),
        "layers": "sampled",
        "feedback": True,
    }

    def build(**given):
        # With nothing to build, so that what a function raises is not called wrong.
        for volume in scene.volumes:
            volume.change(streaming_low_mips=0)
        scene.build_virtual_textures(**given)

    return {
        "RuntimeVirtualTextureScene": (make, scene.options),
        "RuntimeVirtualTextureScene.build_virtual_textures": (build, {"on_progress": dict}),
        "RuntimeVirtualTextureScene.change": (scene.change, options),
        "RuntimeVirtualTextureScene.render": (render, looks),
    }


def painted_land(asset):
    return make_land(asset, 1, layers={"rock": bytes(SIDE * SIDE)})
