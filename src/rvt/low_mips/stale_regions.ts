/**
 * Where in the world a bake is stale for a reason that no look at a scene finds. Pure.
 *
 * @module
 */

import {
  type OrientedBox,
  orientedBoxOf,
  type WorldBounds,
  worldBoundsOf,
} from "../../geometry/mod.ts";

/** Boxes that are kept: of more, the nearest ones are joined. */
const MOST_BOXES = 64;

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** Boxes in the world, of whose bounds none hold another's. */
export class StaleRegions {
  #boxes: readonly OrientedBox[] = [];

  /** The boxes: another list after every change. */
  get boxes(): readonly OrientedBox[] {
    return this.#boxes;
  }

  /** Adds a box. */
  add(box: OrientedBox): void {
    const bounds = boundsOf(box);
    if (this.#boxes.some((other) => holds(boundsOf(other), bounds))) return;
    const others = this.#boxes.filter((other) => !holds(bounds, boundsOf(other)));
    if (others.length < MOST_BOXES) {
      this.#boxes = [...others, box];
      return;
    }
    const growths = others.map((other) => sizeOf(boundsOf(other, box)) - sizeOf(boundsOf(other)));
    const [nearest] = others.splice(growths.indexOf(Math.min(...growths)), 1);
    this.#boxes = others;
    this.add(orientedBoxOf(boundsOf(nearest!, box), IDENTITY));
  }

  /** Forgets boxes of an earlier list; others, such as those that they were joined to, stay. */
  forget(boxes: readonly OrientedBox[]): void {
    const forgotten = new Set(boxes);
    this.#boxes = this.#boxes.filter((box) => !forgotten.has(box));
  }
}

function boundsOf(...boxes: readonly OrientedBox[]): WorldBounds {
  return worldBoundsOf(boxes)!;
}

function holds(outer: WorldBounds, inner: WorldBounds): boolean {
  return [0, 1, 2].every((axis) =>
    outer.min[axis]! <= inner.min[axis]! && outer.max[axis]! >= inner.max[axis]!
  );
}

/** The sum of the lengths: flat boxes have one, too. */
function sizeOf({ min, max }: WorldBounds): number {
  return max.reduce((sum, value, axis) => sum + (value - min[axis]!), 0);
}
