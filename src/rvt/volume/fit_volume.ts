/**
 * Set Bounds: the transform of a volume around what writes to its texture. Pure, in float64.
 *
 * @module
 */

import {
  cornersOf,
  type OrientedBox,
  type Transform,
  transformMatrix,
  type Vec3,
} from "../../geometry/mod.ts";

/** Samples of a landscape, which a volume's texels can be made to lie on. */
export interface LandscapeSamples {
  /** World position of sample (0, 0). */
  readonly origin: Vec3;
  /** World distance of neighbouring samples along the volume's own x and y. */
  readonly spacing: readonly [number, number];
}

/** What {@linkcode fitVolume} fits a volume around. */
export interface FitOptions {
  /** Rotation of the volume: that of the component that the bounds come from. */
  readonly rotation: Transform["rotation"];
  /** Boxes of that component and of all that write to the texture; at least one. */
  readonly boxes: readonly OrientedBox[];
  /** World lengths added on each side, along the volume's own axes; default 0. */
  readonly expandBounds?: number;
  /** Samples that texels are to lie on; default none. */
  readonly snap?: {
    readonly samples: LandscapeSamples;
    readonly texels: readonly [number, number];
    /** How many times texels are doubled beyond the least that cover the bounds; default 0 and 0. */
    readonly doublings?: readonly [number, number];
  };
}

/** A volume is never flatter than this, so that what lies flat in it can be rendered. */
const LEAST_DEPTH = 1;

/**
 * A transform whose volume holds boxes: with a given rotation, the least position and scale that do.
 *
 * Snapped to a landscape, texels are a power of two times as large as the distance of its samples, the
 * least that still covers the bounds, and the centres of texels lie on samples, or midway between two
 * where texels are smaller.
 */
export function fitVolume({ rotation, boxes, expandBounds = 0, snap }: FitOptions): Transform {
  const turn = transformMatrix({ position: [0, 0, 0], rotation, scale: [1, 1, 1] });
  const axes = [0, 1, 2].map((i) => turn.subarray(4 * i, 4 * i + 3));
  const along = (at: Vec3, axis: number) =>
    at[0] * axes[axis]![0]! + at[1] * axes[axis]![1]! + at[2] * axes[axis]![2]!;
  const corners = boxes.flatMap(cornersOf);
  const least: number[] = [];
  const most: number[] = [];
  for (const axis of [0, 1, 2]) {
    const places = corners.map((corner) => along(corner, axis));
    // There may be more of them than a call takes arguments.
    least[axis] = places.reduce((a, b) => Math.min(a, b), Infinity) - expandBounds;
    most[axis] = places.reduce((a, b) => Math.max(a, b), -Infinity) + expandBounds;
  }
  if (most[2]! - least[2]! < LEAST_DEPTH) {
    const middle = (least[2]! + most[2]!) / 2;
    [least[2], most[2]] = [middle - LEAST_DEPTH / 2, middle + LEAST_DEPTH / 2];
  }
  if (snap !== undefined) {
    for (const axis of [0, 1] as const) {
      const spacing = snap.samples.spacing[axis];
      const sample = along(snap.samples.origin, axis);
      const fitted = snapAxis([least[axis]!, most[axis]!], {
        spacing,
        sample,
        texels: snap.texels[axis],
        doublings: snap.doublings?.[axis] ?? 0,
      });
      [least[axis], most[axis]] = fitted;
    }
  }
  const middle = [0, 1, 2].map((axis) => (least[axis]! + most[axis]!) / 2);
  const position = [0, 1, 2].map((row) =>
    axes.reduce((sum, axis, i) => sum + axis[row]! * middle[i]!, 0)
  );
  const scale = [0, 1, 2].map((axis) => most[axis]! - least[axis]!);
  return { position, rotation, scale } as unknown as Transform;
}

/** Bounds along one axis whose texels lie on samples. */
function snapAxis(
  [least, most]: readonly [number, number],
  options: {
    readonly spacing: number;
    readonly sample: number;
    readonly texels: number;
    readonly doublings: number;
  },
): [number, number] {
  const { spacing, sample, texels } = options;
  let { doublings } = options;
  for (let log2 = Math.floor(Math.log2((most - least) / (texels * spacing)));; log2++) {
    const texel = spacing * 2 ** log2;
    // Texel centres lie at sample + k · texel.
    const start = sample + Math.floor((least - sample) / texel + 0.5) * texel - texel / 2;
    const end = start + texels * texel;
    if (end >= most && doublings-- === 0) return [start, end];
  }
}
