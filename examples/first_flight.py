"""A first flight: a texture larger than its memory, seen from far and from near.

Run it with ``deno task py examples/first_flight.py``, or with a texture of your own:
``deno task py examples/first_flight.py PICTURE``. It writes ``far.png`` and ``near.png`` to the
folder that you stand in; in forge3d's own to ``out``, which is all that scripts write there.
"""
# picture: not compared, it draws whatever texture it is given

import sys
import tempfile
from pathlib import Path

import forge3d
from forge3d import camera, streaming

from helpers.tiny_ktx2 import write_rgba8

WIDTH, HEIGHT = 320, 180
FOLDER = Path("out") if Path("deno.json").exists() else Path(".")


def rings(u, v):
    """Return the colour of the texture at `u`, `v`: rings, redder to the right, greener below."""
    distance = (u - 0.5) ** 2 + (v - 0.5) ** 2
    ring = int(distance * 40) % 2
    return (int(255 * u), int(255 * v), 60 + 140 * ring)


def look_down(x, y, altitude):
    """Return a camera above a point of the texture: its position, view and projection."""
    eye = (x, y, altitude)
    view = camera.look_at(eye, (x, y, 0))
    projection = camera.perspective(60, WIDTH / HEIGHT, 1, 100_000)
    return eye, view, projection


def fly(path):
    """Look at the texture from far and from near, and print what was streamed."""
    device = forge3d.get_device()
    print(f"Flying on {device.name}")
    with streaming.VirtualTextureSystem(device, max_memory_mb=4, tile_size=64) as system:
        # Row r of the picture lies at world y = height - r: north is up.
        texture = system.load_texture(path, placement="y_up")
        width, height = texture.size
        print(f"The texture has {width} x {height} texels in {texture.tile_count} tiles")
        for name, altitude in (("far", height), ("near", height / 10)):
            eye, view, projection = look_down(width / 3, height / 3, altitude)
            # None waits for every tile; leave it out in a loop that must keep its frame rate.
            result = system.update_streaming(
                eye, view, projection, viewport=(WIDTH, HEIGHT), time_budget_ms=None
            )
            picture = FOLDER / f"{name}.png"
            system.render(eye, view, projection, WIDTH, HEIGHT).save(picture)
            print(f"From {name}: {result['tiles_wanted']} tiles wanted, {picture} written")
        print(system.get_statistics())


if len(sys.argv) > 1:
    fly(sys.argv[1])
else:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "rings.ktx2"
        write_rgba8(made, 700, 500, rings)
        fly(made)
