"""A small texture, its file, and a camera above it, for the tests of systems."""

import os
import tempfile

import forge3d
from forge3d import camera, streaming

from helpers.tiny_ktx2 import write_bc7, write_rgba8

FOLDER = tempfile.mkdtemp()
PATH = os.path.join(FOLDER, "ramp.ktx2")
write_rgba8(PATH, 300, 200, lambda u, v: (int(255 * u), int(255 * v), 9))
BC7 = os.path.join(FOLDER, "blocks.ktx2")
write_bc7(BC7, 300, 200, lambda u, v: (int(255 * u), int(255 * v), 9))

EYE = (150.0, 100.0, 60.0)
VIEW = camera.look_at(EYE, (150, 100, 0))
PROJECTION = camera.perspective(60, 16 / 9, 0.1, 1000)


def make(max_memory_mb=8, tile_size=64, **options):
    return streaming.VirtualTextureSystem(
        forge3d.get_device(), max_memory_mb=max_memory_mb, tile_size=tile_size, **options
    )


def settle(system):
    return system.update_streaming(EYE, VIEW, PROJECTION, time_budget_ms=None)
