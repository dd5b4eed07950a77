"""A landscape that is shaded once, into a runtime virtual texture, and a pond that moves on it."""
# picture: not compared, the test looks for grass, snow and the pond in both

import array
import math
from pathlib import Path

from forge3d import camera, get_device, rvt, streaming
from forge3d.rvt import expressions as e

FOLDER = Path("out") if Path("deno.json").exists() else Path(".")
SIDE, EYE = 129, (64, -30, 50)
VIEW = camera.look_at(EYE, (64, 50, 0), up=(0, 0, 1))

ground = rvt.RuntimeVirtualTexture(name="ground", size_in_tiles_log2=3, tile_size=128)
height = e.world_position().z + 4 * e.noise(e.world_position() / 4, "value", octaves=4)
color = e.lerp([0.08, 0.2, 0.03], [0.3, 0.27, 0.24], e.smoothstep(height, 6, 11))
color = e.lerp(color, [0.9, 0.9, 0.95], height > 14)
cached = e.runtime_virtual_texture_sample(ground)
output = e.runtime_virtual_texture_output(base_color=color, normal=e.vertex_normal(), roughness=1)
soil = rvt.Material("soil", base_color=cached.base_color, normal=cached.normal, rvt_output=output)
hills = array.array("f", (6 + 8 * math.sin(i % SIDE / 20) for i in range(SIDE * SIDE)))
rows = memoryview(hills).cast("B").cast("f", (SIDE, SIDE))
land = rvt.LandscapeComponent(material=soil, heights=rows, render_to_virtual_textures=[ground])
shore = e.smoothstep(2 * e.distance(e.texture_coordinate(), 0.5), 1, 0.9)
water = rvt.Material("water", domain="virtual_texture", base_color=[0, 0.1, 0.3], opacity=shore)
pond = rvt.DecalComponent(material=water, size=(24, 30), render_to_virtual_textures=[ground])
system = streaming.VirtualTextureSystem(get_device(), max_memory_mb=32)
with system, rvt.RuntimeVirtualTextureScene(system, mode="editor") as scene:
    scene.add_component(land)
    scene.add_component(pond)
    scene.add_volume(rvt.RuntimeVirtualTextureVolume(ground, position=(64, 64, 0), scale=[128] * 3))
    for path, y in ((FOLDER / "pond_near.png", 30), (FOLDER / "pond_far.png", 80)):
        pond.transform = {"position": (94, y, 0)}
        for _ in range(3):
            scene.render(EYE, VIEW, None, 480, 270)  # Tells which tiles it misses.
            system.update_streaming(EYE, VIEW, viewport=(480, 270), time_budget_ms=None)
        scene.render(EYE, VIEW, None, 480, 270).save(path)
        print(f"Wrote {path}: {system.get_statistics().tiles_loaded} tiles rendered so far")
