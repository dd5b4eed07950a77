/**
 * What lies on the changed parts of a landscape, seen along its z.
 *
 * @module
 */

import { cornersOf, type OrientedBox, transformPoint, type Vec3 } from "../../../geometry/mod.ts";
import type { LandscapeComponent } from "./landscape_component.ts";

/** A rectangle of a landscape's own x and y: x0, y0, x1, y1. */
type Area = readonly [number, number, number, number];

/** The places that some boxes cover on a landscape. */
export class ChangedArea {
  readonly #fromWorld: ArrayLike<number>;
  readonly #areas: readonly Area[];

  /** Takes boxes, and how far in world units what lies there may be away. */
  constructor(
    landscape: LandscapeComponent,
    { boxes, reach }: { readonly boxes: readonly OrientedBox[]; readonly reach: number },
  ) {
    const { fromWorld } = landscape;
    const grow = reach * mostLengthening(fromWorld);
    this.#fromWorld = fromWorld;
    this.#areas = boxes.map((box) => {
      const [x0, y0, x1, y1] = areaOf(cornersOf(box), fromWorld);
      return [x0 - grow, y0 - grow, x1 + grow, y1 + grow];
    });
  }

  /** Whether some of these points, or of what lies between them, may lie there. */
  meets(points: readonly Vec3[]): boolean {
    const [x0, y0, x1, y1] = areaOf(points, this.#fromWorld);
    return this.#areas.some((area) =>
      x0 <= area[2] && y0 <= area[3] && x1 >= area[0] && y1 >= area[1]
    );
  }
}

function areaOf(points: readonly Vec3[], fromWorld: ArrayLike<number>): Area {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const point of points) {
    const [x, y] = transformPoint(fromWorld, point);
    [x0, y0] = [Math.min(x0, x), Math.min(y0, y)];
    [x1, y1] = [Math.max(x1, x), Math.max(y1, y)];
  }
  return [x0, y0, x1, y1];
}

/** By how much a matrix lengthens a vector at most, or somewhat more: its Frobenius norm. */
function mostLengthening(m: ArrayLike<number>): number {
  return Math.hypot(...[0, 1, 2].flatMap((column) => [0, 1, 2].map((row) => m[4 * column + row]!)));
}
