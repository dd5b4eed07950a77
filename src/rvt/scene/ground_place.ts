/**
 * Where the texture of a volume lies for a camera. Pure, in float64.
 *
 * @module
 */

import { vec3d } from "npm:wgpu-matrix@3.4.2";
import type { PlacementOptions, Transform, Vec3 } from "../../geometry/mod.ts";
import { type LandscapeComponent, landscapePositionAt } from "../component/mod.ts";
import type { VolumeView } from "../tile/tile_view.ts";
import { volumeToWorld } from "../volume/mod.ts";

/** Part of a texel that is enough to be inside. */
const MARGIN = 0.5;

/** A volume and the ground in it. */
interface Ground {
  readonly transform: Transform;
  readonly view: VolumeView;
  readonly landscapes: readonly LandscapeComponent[];
}

/**
 * How a texture lies in the world, as what a camera sees of it is estimated: as a plane across the
 * volume, at the height of the highest landscape below or above the camera, or in the volume's middle
 * where there is none. What the estimate leaves out comes by feedback.
 */
export function groundPlace(eye: Vec3, ground: Ground): PlacementOptions {
  const m = volumeToWorld(ground.transform);
  const row = (i: number) => [m[i]!, m[i + 1]!, m[i + 2]!];
  const down = row(8);
  const depth = groundDepth(eye, ground, m) ?? 0.5;
  return {
    origin: row(12).map((at, i) => at + depth * down[i]!),
    axisU: row(0),
    axisV: row(4),
  };
}

/** w of the highest landscape where the volume is nearest to a point; null if there is none. */
function groundDepth(
  eye: Vec3,
  { view: { toVolume, grid }, landscapes }: Ground,
  volumeToWorld: Float64Array,
): number | null {
  const inside = Array.from(vec3d.transformMat4(eye as unknown as number[], toVolume))
    // Half a texel inside, as the edges are shared with what lies beyond.
    .map((at, i) =>
      Math.min(1 - MARGIN / grid.width, Math.max(MARGIN / grid.width, i < 2 ? at : 0.5))
    );
  const world = vec3d.transformMat4(inside, volumeToWorld);
  let highest: number | null = null;
  for (const component of landscapes) {
    const ground = landscapePositionAt(component, world as unknown as Vec3);
    if (ground === null) continue;
    const depth = vec3d.transformMat4(ground as unknown as number[], toVolume)[2]!;
    if (depth >= 0 && depth <= 1) highest = Math.min(highest ?? 1, depth);
  }
  return highest;
}
