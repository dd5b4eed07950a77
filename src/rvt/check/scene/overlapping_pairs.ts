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
import { type BoxBounds, boxBounds } from "./box_bounds.ts";

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
  /** Comparisons of bounds that are left; what is found is not all if none are. */
  readonly budget: { steps: number };
}

/** Comparisons of bounds that take as long as one of outlines, which are found from their boxes first. */
const OUTLINE_STEPS = 1000;
const MOST_STRIPS = 1024;
/** Strips that boxes lie in on average, at most. */
const MOST_STRIPS_COVERED = 4;

/**
 * Pairs of things whose outlines have more than an edge in common on the texture, each once: bounds of boxes
 * are swept along u, in strips along v.
 */
export function* overlappingPairs<Thing extends Overlapping>(
  things: readonly Thing[],
  { toVolume, isCompared, budget }: OverlapOptions<Thing>,
): Generator<readonly [Thing, Thing]> {
  if (things.length < 2) return;
  const bounds = boxBounds(things.map(({ boxes }) => boxes), toVolume);
  const { boxes, owners, u0, v0, u1, v1 } = bounds;
  const outlines = new Map<number, Footprint>();
  const outlineOf = (index: number) => {
    let outline = outlines.get(index);
    if (outline === undefined) {
      outline = withinRect(footprintOf(boxes[index]!, toVolume), WHOLE_TEXTURE);
      outlines.set(index, outline);
    }
    return outline;
  };
  const settled = new Set<number>();
  const strips = new Strips(bounds);
  const open = new Uint32Array(boxes.length);
  for (const [strip, list] of strips.lists.entries()) {
    let openCount = 0;
    for (const box of list) {
      const owner = owners[box]!;
      let kept = 0;
      budget.steps -= openCount;
      for (let at = 0; at < openCount; at++) {
        const other = open[at]!;
        if (u1[other]! <= u0[box]!) continue;
        open[kept++] = other;
        if (owners[other] === owner || v0[other]! >= v1[box]! || v0[box]! >= v1[other]!) continue;
        // Two boxes that share several strips are compared in the first.
        if (strips.stripAt(Math.max(v0[other]!, v0[box]!)) !== strip) continue;
        const pair = Math.min(owners[other]!, owner) * things.length +
          Math.max(owners[other]!, owner);
        if (settled.has(pair)) continue;
        if (!isCompared(things[owners[other]!]!, things[owner]!)) {
          settled.add(pair);
          continue;
        }
        budget.steps -= OUTLINE_STEPS;
        if (budget.steps < 0) return;
        if (!outlinesOverlap(outlineOf(other), outlineOf(box))) continue;
        settled.add(pair);
        yield [things[owners[other]!]!, things[owner]!];
      }
      if (budget.steps < 0 || 2 * settled.size === things.length * (things.length - 1)) return;
      open[kept] = box;
      openCount = kept + 1;
    }
  }
}

/** Boxes by the strips of v in which they lie. */
class Strips {
  /** Those of each strip, in the order of their left edges. */
  readonly lists: readonly number[][];
  readonly #from: number;
  readonly #perUnit: number;

  constructor({ u0, v0, v1, count }: BoxBounds) {
    let [from, to, length] = [Infinity, -Infinity, 0];
    for (let box = 0; box < count; box++) {
      from = Math.min(from, v0[box]!);
      to = Math.max(to, v1[box]!);
      length += v1[box]! - v0[box]!;
    }
    // A box lies in one strip more than it is long, on average.
    const most = (MOST_STRIPS_COVERED - 1) * count * (to - from) / length;
    const strips = Math.max(1, Math.floor(Math.min(MOST_STRIPS, Math.sqrt(count), most)));
    this.#from = from;
    this.#perUnit = strips / (to - from);
    this.lists = Array.from({ length: count === 0 ? 0 : strips }, () => []);
    const order = Uint32Array.from({ length: count }, (_, box) => box)
      .sort((a, b) => u0[a]! - u0[b]! || a - b);
    for (const box of order) {
      const last = this.stripAt(v1[box]!);
      for (let strip = this.stripAt(v0[box]!); strip <= last; strip++) {
        this.lists[strip]!.push(box);
      }
    }
  }

  /** The strip in which a v lies. */
  stripAt(v: number): number {
    const strip = Math.floor((v - this.#from) * this.#perUnit);
    return Math.min(this.lists.length - 1, Math.max(0, strip));
  }
}
