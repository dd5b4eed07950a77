/**
 * Which of many things, each with many outlines on a texture, lie above each other. Pure.
 *
 * @module
 */

import type { OrientedBox } from "../../../geometry/mod.ts";
import {
  type Footprint,
  footprintOf,
  outlinesOverlap,
  WHOLE_TEXTURE,
  withinRect,
} from "../../component/mod.ts";

/** Something with boxes. */
export interface Overlapping {
  /** Its boxes in the world. */
  readonly boxes: readonly OrientedBox[];
}

/** How things are compared. */
export interface OverlapOptions<Thing> {
  /** World to volume, column-major. */
  readonly toVolume: ArrayLike<number>;
  /** Whether two things are compared at all. */
  readonly isCompared: (a: Thing, b: Thing) => boolean;
  /** Steps that are left, of about 20 ns each; what is found is not all if none are. */
  readonly budget: { steps: number };
}

/** Steps that comparing two outlines costs, which are found from their boxes first. */
const OUTLINE_STEPS = 100;
const MOST_STRIPS = 1024;
/** Strips that boxes lie in on average, at most. */
const MOST_STRIPS_COVERED = 4;

/**
 * Pairs of things whose outlines have more than an edge in common on the texture, each once: bounds of boxes
 * are swept along u, in strips along v.
 */
export function* overlappingPairs<Thing extends Overlapping>(
  things: readonly Thing[],
  options: OverlapOptions<Thing>,
): Generator<readonly [Thing, Thing]> {
  if (things.length < 2) return;
  const { toVolume, isCompared, budget } = options;
  const all = things.flatMap((thing, owner) => boundedBoxes(thing.boxes, owner, toVolume))
    .sort((a, b) => a.u0 - b.u0);
  const strips = new Strips(all);
  const settled = new Set<number>();
  for (const [strip, boxes] of strips.lists.entries()) {
    const open = new Map<number, BoundedBox[]>();
    for (const box of boxes) {
      for (const [other, before] of open) {
        if (--budget.steps < 0) return;
        const pair = Math.min(other, box.owner) * things.length + Math.max(other, box.owner);
        if (other === box.owner || settled.has(pair)) continue;
        if (!isCompared(things[other]!, things[box.owner]!)) {
          settled.add(pair);
          continue;
        }
        const still = before.filter(({ u1 }) => u1 > box.u0);
        budget.steps -= before.length;
        open.set(other, still);
        for (const one of still) {
          // Two boxes that share several strips are compared in the first.
          if (one.v0 >= box.v1 || box.v0 >= one.v1) continue;
          if (strips.stripAt(Math.max(one.v0, box.v0)) !== strip) continue;
          if ((budget.steps -= OUTLINE_STEPS) < 0) return;
          if (!outlinesOverlap(outlineOf(one, toVolume), outlineOf(box, toVolume))) continue;
          settled.add(pair);
          yield [things[other]!, things[box.owner]!];
          break;
        }
      }
      const own = open.get(box.owner);
      if (own === undefined) open.set(box.owner, [box]);
      else own.push(box);
    }
  }
}

/** A box, whose it is, and the part of the texture that its outline lies in. */
interface BoundedBox {
  readonly box: OrientedBox;
  readonly owner: number;
  readonly u0: number;
  readonly v0: number;
  readonly u1: number;
  readonly v1: number;
  /** Found when it is needed. */
  outline: Footprint | null;
}

/** Boxes that have an area on the texture. */
function boundedBoxes(
  boxes: readonly OrientedBox[],
  owner: number,
  m: ArrayLike<number>,
): BoundedBox[] {
  return boxes.flatMap((box) => {
    const span = (row: number): [number, number] => {
      const along = ([x, y, z]: ArrayLike<number> & Iterable<number>) =>
        m[row]! * x! + m[4 + row]! * y! + m[8 + row]! * z!;
      const middle = along(box.center) + m[12 + row]!;
      const reach = box.axes.reduce((sum, axis) => sum + Math.abs(along(axis)), 0);
      return [middle - reach, middle + reach];
    };
    const [[u0, u1], [v0, v1], [w0, w1]] = [span(0), span(1), span(2)];
    const clipped = {
      u0: Math.max(0, u0),
      v0: Math.max(0, v0),
      u1: Math.min(1, u1),
      v1: Math.min(1, v1),
    };
    const hasArea = clipped.u0 < clipped.u1 && clipped.v0 < clipped.v1;
    if (!hasArea || w1 < 0 || w0 > 1) return [];
    return [{ box, owner, ...clipped, outline: null }];
  });
}

function outlineOf(bounded: BoundedBox, toVolume: ArrayLike<number>): Footprint {
  return bounded.outline ??= withinRect(footprintOf(bounded.box, toVolume), WHOLE_TEXTURE);
}

/** Boxes by the strips of v in which they lie. */
class Strips {
  /** Those of each strip, in their order. */
  readonly lists: readonly BoundedBox[][];
  readonly #from: number;
  readonly #perUnit: number;

  constructor(boxes: readonly BoundedBox[]) {
    let [from, to] = [Infinity, -Infinity];
    for (const { v0, v1 } of boxes) [from, to] = [Math.min(from, v0), Math.max(to, v1)];
    const length = boxes.reduce((sum, { v0, v1 }) => sum + v1 - v0, 0);
    // A box lies in one strip more than it is long, on average.
    const most = (MOST_STRIPS_COVERED - 1) * boxes.length * (to - from) / length;
    const count = Math.max(1, Math.floor(Math.min(MOST_STRIPS, Math.sqrt(boxes.length), most)));
    this.#from = from;
    this.#perUnit = count / (to - from);
    this.lists = Array.from({ length: boxes.length === 0 ? 0 : count }, () => []);
    for (const box of boxes) {
      const last = this.stripAt(box.v1);
      for (let strip = this.stripAt(box.v0); strip <= last; strip++) this.lists[strip]!.push(box);
    }
  }

  /** The strip in which a v lies. */
  stripAt(v: number): number {
    const strip = Math.floor((v - this.#from) * this.#perUnit);
    return Math.min(this.lists.length - 1, Math.max(0, strip));
  }
}
