/**
 * Points to evaluate graphs at, for tests of those who do.
 *
 * @module
 */

import { normalized, type Vec3 } from "../affine.ts";
import type { Fragment } from "../fragment.ts";

/** What {@linkcode fragmentOf} is to differ in. */
export interface FragmentValues {
  readonly worldPosition?: Vec3;
  readonly uv?: readonly [number, number];
  readonly vertexNormal?: Vec3;
  readonly layers?: Readonly<Record<string, number>>;
  readonly view?: Partial<Fragment["view"]>;
}

/**
 * A point of a plane on which a texel to the right adds 1 to world x and 1/64 to u, and one below adds 1
 * to world y and 1/64 to v.
 */
export function fragmentOf(values: FragmentValues = {}): Fragment {
  const { worldPosition = [0, 0, 0], uv = [0, 0], vertexNormal = [0, 0, 1], layers = {} } = values;
  const [x, y, z] = worldPosition;
  return {
    worldPosition,
    uv,
    vertexNormal,
    layerWeight: (name) => layers[name] ?? 0,
    view: { outputLevel: 0, levelCount: 9, outputDerivative: [1, 1], ...values.view },
    shifted: (columns, rows) =>
      fragmentOf({
        ...values,
        worldPosition: [x + columns, y + rows, z],
        uv: [uv[0] + columns / 64, uv[1] + rows / 64],
      }),
  };
}

/** A random point within a distance of a centre. */
export function randomFragment(
  random: () => number,
  { center, radius }: { readonly center: Vec3; readonly radius: number },
): Fragment {
  const between = (low: number, high: number) => low + (high - low) * random();
  return fragmentOf({
    worldPosition: center.map((part) => part + between(-radius, radius)) as unknown as Vec3,
    uv: [random(), random()],
    vertexNormal: normalized([between(-1, 1), between(-1, 1), between(0.1, 1)]),
    layers: { grass: random(), rock: random() },
    view: { outputLevel: Math.floor(random() * 9), outputDerivative: [random() * 2, random() * 2] },
  });
}
