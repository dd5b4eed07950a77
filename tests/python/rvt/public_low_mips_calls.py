"""Public calls of low mips and deferred components, with arguments that are right."""

import os

from forge3d import rvt

from scene import FOLDER


def low_mips_calls(asset):
    path = os.path.join(FOLDER, "identified.bin")
    with open(path, "wb") as file:
        file.write(b"1")
    deferred = rvt.DeferredComponent(**deferred_options(asset))
    return {
        "file_identity": (rvt.file_identity, (path,)),
        "DeferredComponent.boxes": (deferred.boxes, ()),
        "DeferredComponent.load": (deferred.load, ()),
        "DeferredComponent.unload": (deferred.unload, ()),
    }


def deferred_options(asset):
    material = rvt.Material("plain", domain="virtual_texture", base_color=1)
    return {
        "name": "a",
        "bounds": {"min": (-1, -1, -1), "max": (1, 1, 1)},
        "identity": "a",
        "render_to_virtual_textures": [asset],
        "load": lambda: rvt.DecalComponent(material=material),
    }


def low_mips_scene_calls(scene, volume):
    def add(given):
        scene.add_deferred_component(given)
        scene.remove_deferred_component(given)

    def build(given):
        volume.change(streaming_low_mips=1)
        scene.build(given)

    deferred = rvt.DeferredComponent(**deferred_options(volume.asset))
    prefix = "RuntimeVirtualTextureScene"
    return {
        f"{prefix}.add_deferred_component": (add, (deferred,)),
        f"{prefix}.remove_deferred_component": (scene.remove_deferred_component, (deferred,)),
        f"{prefix}.build": (build, (volume,)),
        f"{prefix}.build_virtual_textures": (scene.build_virtual_textures, ()),
    }
