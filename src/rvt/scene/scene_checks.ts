/**
 * Checks of what scenes are given.
 *
 * @module
 */

import { checkedVector, describeValue } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import {
  type OrientedBox,
  orientedBoxOf,
  type Vec3,
  type WorldBounds,
} from "../../geometry/mod.ts";
import type { StreamedTexture } from "../../streaming/mod.ts";
import { LandscapeComponent, PrimitiveComponent } from "../component/mod.ts";

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/**
 * Checks a component.
 *
 * @throws {InvalidArgumentError} if it is none.
 */
export function assertComponent(component: PrimitiveComponent, failure: string): void {
  if (component instanceof PrimitiveComponent) return;
  throw new InvalidArgumentError(
    "component",
    `${failure} as it must be a component: current value is ${describeValue(component)}`,
  );
}

/**
 * Checks that a component takes no heights of a texture that the scene renders itself, which may depend on
 * the component.
 *
 * @throws {InvalidArgumentError} if it does.
 */
export function assertNoRenderedHeights(
  component: PrimitiveComponent,
  { placements, failure }: {
    readonly placements: { isPlaced(texture: StreamedTexture): boolean };
    readonly failure: string;
  },
): void {
  if (!(component instanceof LandscapeComponent)) return;
  const { streamedHeights } = component.surface;
  if (streamedHeights === undefined || !placements.isPlaced(streamedHeights.texture)) return;
  throw new InvalidArgumentError(
    "heightTexture",
    `${failure} as heights of ${component.label} are streamed from runtime virtual texture ` +
      `"${streamedHeights.texture.name}": load a texture of heights`,
  );
}

/**
 * Bounds in the world as a box.
 *
 * @throws {InvalidArgumentError} if they are not two vectors.
 * @throws {OutOfRangeError} if a number is not finite, or a smallest one is above the largest.
 */
export function checkedBounds(bounds: WorldBounds, failure: string): OrientedBox {
  const [min, max] = (["min", "max"] as const).map((name) =>
    Array.from(checkedVector(bounds?.[name], { name, failure, length: 3 })) as unknown as Vec3
  ) as [Vec3, Vec3];
  for (const [i, axis] of ["x", "y", "z"].entries()) {
    if (min[i]! <= max[i]!) continue;
    throw new OutOfRangeError(
      "bounds",
      `${failure} as min ${axis} must be <= max ${axis}: current values are ${min[i]} and ${
        max[i]
      }`,
    );
  }
  return orientedBoxOf({ min, max }, IDENTITY);
}
