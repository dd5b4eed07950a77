/**
 * Checks whether 16 bits are enough for the heights of a volume. Pure.
 *
 * @module
 */

import { worldBoundsOf } from "../../../geometry/mod.ts";
import { type RuntimeVirtualTextureVolume, volumeHeightRange } from "../../volume/mod.ts";
import { type Finding, finding, labelOf } from "../finding.ts";
import type { CheckedScene } from "./checked_scene.ts";

const STEPS = 2 ** 16 - 1;
/** A step between neighbouring texels is a slope of its own: above this, shading shows terraces (1.8°). */
const STEEPEST_STEP = 1 / 32;
/** Steps that heights should span at least. */
const LEAST_STEPS = 1024;

/**
 * Volumes of World Height whose range is so large that a step of 16 bits is a slope that shows, or that what
 * is rendered takes few of the steps.
 */
export function* checkHeights(scene: CheckedScene): Generator<Finding> {
  for (const volume of scene.volumes) {
    if (volume.asset.materialType !== "world_height") continue;
    const [least, most] = volumeHeightRange(volume.transform);
    const step = (most - least) / STEPS;
    const grid = scene.gridOf(volume);
    if (grid === null) continue;
    const { width, height } = grid;
    const [x, y] = volume.transform.scale;
    const texel = Math.min(Math.abs(x) / width, Math.abs(y) / height);
    if (step > STEEPEST_STEP * texel) {
      yield coarse(
        volume,
        `a step of 16 bits is ${short(step)} high, over texels of ${
          short(texel)
        }: slopes are off by up to ` +
          `${short(Math.atan2(step, texel) * 180 / Math.PI)}°`,
      );
      continue;
    }
    const boxes = scene.writersOf(volume.asset).flatMap((component) => component.boxes());
    const bounds = worldBoundsOf(boxes);
    if (bounds === null) continue;
    const span = Math.min(most, bounds.max[2]) - Math.max(least, bounds.min[2]);
    if (span <= 0 || span / step >= LEAST_STEPS) continue;
    yield coarse(
      volume,
      `what is rendered spans ${short(span)} of it, which is ${
        Math.floor(span / step)
      } of 65536 steps`,
    );
  }
}

function coarse(volume: RuntimeVirtualTextureVolume, why: string): Finding {
  const { name, asset, transform } = volume;
  const [least, most] = volumeHeightRange(transform);
  return finding(
    "coarse_heights",
    [name, asset.name],
    `The heights of ${labelOf(volume)}, ${short(least)} to ${
      short(most)
    }, are coarse in 16 bits: ${why}. ` +
      `Make the volume as low as what it holds`,
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
