"""A scene of many components, some of which move in each frame: the side of Python."""

import time

from pyodide.code import run_js

import forge3d
from forge3d import _calls, camera, rvt, streaming
from forge3d.rvt import _placing

_do_nothing = run_js("(function () {})")
_place, _update = _placing._place, _calls._update


class MovingComponents:
    """Decals in rows over a square ground, seen from above."""

    def __init__(self, side, spacing, budget_mb, tile_size, size_in_tiles_log2, pixels):
        size = side * spacing
        self.side, self.spacing = side, spacing
        self.system = streaming.VirtualTextureSystem(
            forge3d.get_device(), max_memory_mb=budget_mb, tile_size=tile_size
        )
        self.scene = rvt.RuntimeVirtualTextureScene(self.system)
        asset = rvt.RuntimeVirtualTexture(
            material_type="base_color", tile_size=tile_size, size_in_tiles_log2=size_in_tiles_log2
        )
        paint = rvt.Material("paint", domain="virtual_texture", base_color=(0.8, 0.1, 0.1))
        self.viewport = (pixels, pixels)
        self.eye = (size / 2, size / 2, 10)
        self.view = camera.look_at(self.eye, (size / 2, size / 2, 0), (0, 1, 0))
        half = size / 2
        self.projection = camera.orthographic(-half, half, -half, half, 1, 100)
        self.components = []
        self.volume = rvt.RuntimeVirtualTextureVolume(
            asset, position=(half, half, 0), scale=(size, size, 4)
        )
        self._asset, self._paint = asset, paint

    def fill(self, count):
        """Add the components and the volume, and wait for the tiles."""
        for index in range(count):
            component = rvt.DecalComponent(
                name=f"decal {index}",
                material=self._paint,
                transform={"position": self._place_of(index, 0)},
                render_to_virtual_textures=[self._asset],
            )
            self.scene.add_component(component)
            self.components.append(component)
        self.scene.add_volume(self.volume)
        self.system.update_streaming(
            self.eye, self.view, self.projection, viewport=self.viewport, time_budget_ms=None
        )

    def run_frame(self, moved, shift):
        """Move the first components and update; return milliseconds and what the frame did."""
        start = time.perf_counter()
        for index in range(moved):
            self.components[index].transform = {"position": self._place_of(index, shift)}
        result = self.system.update_streaming(
            self.eye, self.view, self.projection, viewport=self.viewport, time_budget_ms=0
        )
        elapsed_ms = (time.perf_counter() - start) * 1e3
        return elapsed_ms, result["tiles_wanted"], result["tiles_loaded"], self._first_x()

    def run_frame_alone(self, moved, shift):
        """Run a frame with functions of the core that do nothing."""
        _placing._place = _calls._update = _do_nothing
        try:
            return self.run_frame(moved, shift)
        finally:
            _placing._place, _calls._update = _place, _update

    def drain(self):
        """Wait until tiles and the GPU have nothing left to do."""
        self.system.flush()
        self.scene.render(self.eye, self.view, self.projection, 8, 8, feedback=False)

    def _place_of(self, index, shift):
        row, column = divmod(index, self.side)
        return (column * self.spacing + shift, row * self.spacing, 0)

    def _first_x(self):
        return self.components[0].transform["position"][0]
