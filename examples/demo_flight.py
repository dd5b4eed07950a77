"""Flies from far to near over a picture, north up, with less memory than the picture takes.

Run it with ``deno task py examples/demo_flight.py TEXTURE FOLDER``. It writes each frame as a PNG
file, and ``stats.json``: a record a frame with all that the three calls below returned.
"""
# picture: compared with tests/golden/demo_flight.png

import argparse
import json
from pathlib import Path

import forge3d
import forge3d.camera as camera
import forge3d.streaming as streaming

FIELD_OF_VIEW_DEG = 60.0


def smooth(t):
    """Ease in and out: 0 at 0, 1 at 1, flat at both (a cubic Hermite step)."""
    t = min(1.0, max(0.0, t))
    return t * t * (3.0 - 2.0 * t)


def view_at(t, width, height):
    """Return the camera's eye, target and up at time `t` of 0..1 over a texture of that size.

    With ``placement="y_up"`` world x is the texture's column and world y its height minus the row.
    """

    def place(longitude, latitude):
        return (longitude + 180.0) / 360.0 * width, (latitude + 90.0) / 180.0 * height

    far = height * 1.05
    start = (width / 2, height / 2)
    sicily, himalaya = place(14.0, 37.5), place(86.0, 30.0)
    # First it descends, the same factor in each second; then it glides east.
    descent, glide = smooth(t / 0.6), smooth((t - 0.5) / 0.5)
    altitude = far * (0.1**descent)
    shift = (far - altitude) / (far * 0.9)
    x = start[0] + (sicily[0] - start[0]) * shift + (himalaya[0] - sicily[0]) * glide
    y = start[1] + (sicily[1] - start[1]) * shift + (himalaya[1] - sicily[1]) * glide
    # Near the ground it looks ahead, towards the north.
    ahead = altitude * 0.7 * glide
    return (x, y - ahead, altitude), (x, y, 0.0), (0.0, 1.0, 0.0)


def as_dict(stats):
    """Return the public fields and properties of `stats`."""
    names = [name for name in dir(stats) if not name.startswith("_")]
    values = {name: getattr(stats, name) for name in names}
    return {name: value for name, value in values.items() if not callable(value)}


def fly(arguments):
    """Fly, and return the records."""
    folder = Path(arguments.folder)
    width, height = arguments.size
    records = []
    device = forge3d.get_device()
    with streaming.VirtualTextureSystem(
        device, max_memory_mb=arguments.memory_mb, tile_size=arguments.tile_size
    ) as system:
        texture = system.load_texture(arguments.texture, placement="y_up")
        proj = camera.perspective(FIELD_OF_VIEW_DEG, width / height, 1.0, 10000.0)
        for frame in range(arguments.frames):
            t = frame / max(1, arguments.frames - 1)
            eye, target, up = view_at(t, *texture.size)
            view = camera.look_at(eye, target, up)
            update = system.update_streaming(
                eye, view, proj, viewport=(width, height), time_budget_ms=None
            )
            picture = system.render(eye, view, proj, width, height)
            picture.save(folder / f"frame_{frame:03d}.png")
            records.append(
                {
                    "frame": frame,
                    "camera_position": list(eye),
                    "update_streaming": update,
                    "get_statistics": as_dict(system.get_statistics()),
                    "get_memory_info": system.get_memory_info(),
                }
            )
            print(f"frame {frame + 1} of {arguments.frames}", flush=True)
    return records


def main():
    """Read the command line, fly, and write ``stats.json``."""
    parser = argparse.ArgumentParser(description="Fly over a picture, from far to near.")
    parser.add_argument("texture", help="the picture, a KTX2 file or a tile store")
    parser.add_argument("folder", help="where frames and stats.json go")
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--size", type=int, nargs=2, default=(960, 540), metavar=("W", "H"))
    parser.add_argument("--memory-mb", type=float, default=5)
    parser.add_argument("--tile-size", type=int, default=128)
    arguments = parser.parse_args()
    Path(arguments.folder).mkdir(parents=True, exist_ok=True)
    records = fly(arguments)
    with open(Path(arguments.folder) / "stats.json", "w", encoding="utf-8") as file:
        json.dump(records, file, indent=1)


if __name__ == "__main__":
    main()
