"""A small landscape with a texture, and a camera above it, for the tests of runtime textures."""

import array

import forge3d
from forge3d import camera, rvt, streaming
from forge3d.rvt import expressions as e

SIDE = 17
EYE = (8.0, 8.0, 30.0)
VIEW = camera.look_at(EYE, (8, 8, 0), (0, 1, 0))
PROJECTION = camera.orthographic(-8, 8, -8, 8, 1, 100)
PIXELS = 32
# Light from above, as bright as a matte surface is coloured.
LIGHT = {"towards_light": (0, 0, 1), "light_color": (1, 1, 1)}


def make_system(max_memory_mb=16):
    return streaming.VirtualTextureSystem(
        forge3d.get_device(), max_memory_mb=max_memory_mb, tile_size=64
    )


def make_asset(name="ground", **settings):
    given = {"material_type": "base_color", "size_in_tiles_log2": 1, "tile_size": 64}
    return rvt.RuntimeVirtualTexture(name=name, **(given | settings))


def writing(asset, color, name="writer"):
    """Make a material that writes a colour, and shows what the texture holds."""
    sample = e.runtime_virtual_texture_sample(asset)
    return rvt.Material(
        name,
        base_color=sample.base_color,
        roughness=1,
        specular=0,
        rvt_output=e.runtime_virtual_texture_output(base_color=color),
    )


def make_land(asset, color, heights=None, **options):
    flat = array.array("f", [0.0]) * (SIDE * SIDE) if heights is None else heights
    return rvt.LandscapeComponent(
        material=writing(asset, color),
        heights=flat,
        width=SIDE,
        height=SIDE,
        render_to_virtual_textures=[asset],
        **options,
    )


def place(scene, asset, source):
    """Add a component, and a volume around it."""
    scene.add_component(source)
    volume = rvt.RuntimeVirtualTextureVolume(asset)
    scene.add_volume(volume)
    scene.set_bounds(volume, source)
    scene.settled()
    return volume


def draw(scene, **options):
    """Draw from above until no more tiles are wanted."""
    for _ in range(8):
        result = scene.system.update_streaming(
            EYE, VIEW, PROJECTION, viewport=(PIXELS, PIXELS), time_budget_ms=None
        )
        picture = scene.render(EYE, VIEW, PROJECTION, PIXELS, PIXELS, **LIGHT, **options)
        if result["tiles_loaded"] == 0:
            break
    return picture


def rgb_at(picture, x, y):
    """Return the colour at a place of the landscape: rows of pictures run downwards."""
    scale = PIXELS / (SIDE - 1)
    return picture.pixel(int(x * scale), PIXELS - 1 - int(y * scale))[:3]
