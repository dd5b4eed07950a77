import assert from "node:assert/strict";
import fc from "fast-check";
import { vec3d } from "wgpu-matrix";
import { rotationAbout } from "../../../src/geometry/mod.ts";
import {
  LandscapeComponent,
  Material,
  RuntimeVirtualTexture,
  RuntimeVirtualTextureVolume,
} from "../../../src/rvt/mod.ts";
import { volumeAround } from "../../../src/rvt/scene/volume_bounds.ts";
import { worldToVolume } from "../../../src/rvt/volume/mod.ts";

const material = new Material({ name: "ground" });
const side = fc.integer({ min: 2, max: 90 });
const scale = fc.double({ min: 0.1, max: 20, noNaN: true });

Deno.test("a volume that snaps to a landscape has its texels on the samples, whatever the sides and biases", () => {
  const cases = fc.record({
    ...{ width: side, height: side, scaleX: scale, isUniform: fc.boolean(), scaleY: scale },
    sizeInTilesLog2: fc.integer({ min: 0, max: 5 }),
    ownBias: fc.integer({ min: -1, max: 1 }),
    tileCountBias: fc.integer({ min: -2, max: 2 }),
    expandBounds: fc.constantFrom(0, 3.3),
    angle: fc.double({ min: -3, max: 3, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, (one) => {
      const { width, height, tileCountBias } = one;
      const landscape = new LandscapeComponent({
        ...{ material, width, height, heights: new Float32Array(width * height) },
        transform: {
          position: [3, -20, 5],
          rotation: rotationAbout([0, 0, 1], one.angle),
          scale: [one.scaleX, one.isUniform ? one.scaleX : one.scaleY, 1],
        },
      });
      const asset = new RuntimeVirtualTexture({
        sizeInTilesLog2: one.sizeInTilesLog2,
        tileSize: 64,
      });
      const volume = new RuntimeVirtualTextureVolume(asset, {
        snapBoundsToLandscape: true,
        ...{ expandBounds: one.expandBounds, tileCountBias: one.ownBias },
      });
      volume.change(
        volumeAround(volume, landscape, { writers: [], tileCountBias, isLandscape: true }),
      );
      const grid = volume.grid(tileCountBias);
      const toVolume = worldToVolume(volume.transform);
      const sample = vec3d.transformMat4([3, -20, 5], toVolume);
      for (const [axis, texels] of [grid.width, grid.height].entries()) {
        const texel = sample[axis]! * texels - 0.5;
        assert.ok(Math.abs(texel - Math.round(texel)) < 1e-4, `axis ${axis}: ${texel}`);
      }
      for (const box of landscape.boxes()) {
        const [u, v] = vec3d.transformMat4(box.center as unknown as number[], toVolume);
        assert.ok(u! > 0 && u! < 1 && v! > 0 && v! < 1);
      }
    }),
    { numRuns: 300 },
  );
});
