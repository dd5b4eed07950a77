"""A world of components of several kinds, described by plain values, for random edits."""

import array
import copy

from forge3d import rvt
from forge3d.rvt import expressions as e

from ground import EYE, PIXELS, PROJECTION, SIDE, VIEW, draw, make_asset, make_system

# As many as the texture has texels, so that level 0 is compared.
HELD_PIXELS = 8 * PIXELS
LAYER = "snow"


def flat_world():
    """Describe a landscape without anything on it."""
    return {
        "asset": {"compress_textures": False, "tile_border": 4, "clear_before_render": True},
        "volume": {"position": (8.0, 8.0, 0.0), "scale": (16.0, 16.0, 40.0)},
        "heights": array.array("f", [0.0]) * (SIDE * SIDE),
        "weights": bytearray(SIDE * SIDE),
        "tint": (0.2, 0.6, 0.1),
        "components": [],
    }


class EditedWorld:
    """A scene that is what a description says; edits change both."""

    def __init__(self, described):
        self.described = copy.deepcopy(described)
        self.system = make_system()
        self.scene = rvt.RuntimeVirtualTextureScene(self.system, mode="editor")
        self.asset = make_asset(size_in_tiles_log2=2, **self.described["asset"])
        self.paint = rvt.Material(
            "paint", domain="virtual_texture", base_color=e.vector_parameter("tint", (1, 1, 1))
        )
        self.land = self._make_land()
        self.scene.add_component(self.land)
        self.components = []
        for each in self.described["components"]:
            self._add(each)
        self.volume = rvt.RuntimeVirtualTextureVolume(self.asset, **self.described["volume"])
        self.scene.add_volume(self.volume)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.scene.close()
        self.system.close()

    def add(self, component):
        self.described["components"].append(component)
        self._add(component)

    def remove(self, index):
        del self.described["components"][index]
        assert self.scene.remove_component(self.components.pop(index))

    def move(self, index, transform):
        self.described["components"][index]["transform"] = transform
        self.components[index].transform = transform

    def set_priority(self, index, priority):
        self.described["components"][index]["priority"] = priority
        self.components[index].translucency_sort_priority = priority

    def tint(self, index, tint):
        self.described["components"][index]["tint"] = tint
        self.components[index].material.set_vector("tint", tint)

    def tint_land(self, tint):
        self.described["tint"] = tint
        self.land.material.set_vector("tint", tint)

    def exchange_material(self, index, tint):
        self.described["components"][index]["tint"] = tint
        self.components[index].material = self._painted(tint)

    def set_heights(self, region, heights):
        _write(self.described["heights"], region, heights)
        self.land.set_heights(region, heights)

    def set_weights(self, region, weights):
        _write(self.described["weights"], region, weights)
        self.land.set_weights(LAYER, region, weights)

    def change_asset(self, **settings):
        self.described["asset"] |= settings
        self.asset.change(**settings)

    def change_volume(self, **settings):
        self.described["volume"] |= settings
        self.volume.change(**settings)

    def update(self, time_budget_ms):
        return self.system.update_streaming(
            EYE, VIEW, PROJECTION, viewport=(PIXELS, PIXELS), time_budget_ms=time_budget_ms
        )

    def pictures(self):
        """Draw the main pass, and what the texture holds, when all has taken effect."""
        self.scene.settled()
        main = draw(self.scene)
        bounds = {"min": (-8, -8, -20), "max": (24, 24, 20)}
        self.scene.request_preload(bounds)
        size = (HELD_PIXELS, HELD_PIXELS)
        texture = self.scene.texture_of(self.asset)
        return main, self.system.render(EYE, VIEW, PROJECTION, *size, texture)

    def _make_land(self):
        tint = e.vector_parameter("tint", (1, 1, 1))
        color = e.lerp(tint, (0.9, 0.9, 0.95), e.layer_weight(LAYER))
        high = e.saturate(e.world_position().z * 0.25)
        sample = e.runtime_virtual_texture_sample(self.asset)
        material = rvt.Material(
            "land",
            base_color=sample.base_color,
            roughness=1,
            specular=0,
            rvt_output=e.runtime_virtual_texture_output(base_color=e.lerp(color, 0, high)),
        )
        instance = rvt.MaterialInstance(material, "land")
        instance.set_vector("tint", self.described["tint"])
        return rvt.LandscapeComponent(
            material=instance,
            heights=self.described["heights"],
            width=SIDE,
            height=SIDE,
            layers={LAYER: bytes(self.described["weights"])},
            render_to_virtual_textures=[self.asset],
        )

    def _painted(self, tint):
        instance = rvt.MaterialInstance(self.paint, "painted")
        instance.set_vector("tint", tint)
        return instance

    def _add(self, described):
        options = {
            "material": self._painted(described["tint"]),
            "transform": described["transform"],
            "translucency_sort_priority": described["priority"],
            "render_to_virtual_textures": [self.asset],
        }
        if described["kind"] == "decal":
            component = rvt.DecalComponent(size=(2, 3), **options)
        else:
            component = rvt.StaticMeshComponent(mesh=rvt.box_mesh((2, 1, 1)), **options)
        self.scene.add_component(component)
        self.components.append(component)


def greatest_difference(one, other):
    """Return by how much two pictures differ at most, of 255."""
    assert one.size == other.size
    pairs = zip(one.tobytes(), other.tobytes(), strict=True)
    return max(abs(a - b) for a, b in pairs)


def _write(samples, region, values):
    for row in range(region["height"]):
        start = (region["y"] + row) * SIDE + region["x"]
        first = row * region["width"]
        samples[start : start + region["width"]] = values[first : first + region["width"]]
