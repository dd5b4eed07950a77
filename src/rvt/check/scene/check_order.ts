/**
 * Checks whether sort priorities say which component lies above which. Pure.
 *
 * @module
 */

import type { RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import {
  BoxOutlines,
  type Footprint,
  footprintOf,
  type FootprintRect,
  type PrimitiveComponent,
} from "../../component/mod.ts";
import type { RuntimeVirtualTextureVolume } from "../../volume/mod.ts";
import { type Finding, finding } from "../finding.ts";
import type { CheckedScene } from "./checked_scene.ts";

/** Pairs that are named for each texture. */
const MOST_PAIRS = 20;
/** Pairs of components that are compared for each texture, and of their boxes for each pair. */
const MOST_COMPARED = 1_000_000;
const MOST_BOXES = 10_000;

interface Writer {
  readonly component: PrimitiveComponent;
  readonly bounds: FootprintRect;
  readonly attributes: ReadonlySet<string>;
}

/**
 * Pairs of components of one priority that write the same to the same place. Of World Height the highest
 * stays, in any order.
 */
export function* checkOrder(scene: CheckedScene): Generator<Finding> {
  for (const volume of scene.volumes) {
    const { asset } = volume;
    if (asset.materialType === "world_height") continue;
    const toVolume = scene.toVolume(volume);
    let pairs = 0;
    for (const [first, second] of tiedPairs(writersIn(scene, volume), toVolume)) {
      if (++pairs > MOST_PAIRS) break;
      yield tie(asset, first, second);
    }
    if (pairs <= MOST_PAIRS) continue;
    yield finding(
      "undefined_order",
      [asset.name],
      `More components than those lie above each other in "${asset.name}" with one Translucency Sort ` +
        `Priority`,
    );
  }
}

function tie(
  asset: RuntimeVirtualTextureLike,
  first: PrimitiveComponent,
  second: PrimitiveComponent,
): Finding {
  return finding(
    "undefined_order",
    [first.name, second.name, asset.name],
    `${first.label} and ${second.label} lie above each other in "${asset.name}" with the same ` +
      `Translucency Sort Priority ${first.translucencySortPriority}: which is on top depends on which was ` +
      `made first. Give one of them another priority`,
  );
}

function writersIn(scene: CheckedScene, volume: RuntimeVirtualTextureVolume): Writer[] {
  return scene.writersOf(volume.asset).flatMap((component) => {
    const attributes = new Set(scene.writtenTo(component, volume.asset));
    const { bounds } = new BoxOutlines(component.boxes(), scene.toVolume(volume));
    return bounds === null || attributes.size === 0 ? [] : [{ component, bounds, attributes }];
  });
}

/** Pairs in the order of their left edges. */
function* tiedPairs(
  writers: readonly Writer[],
  toVolume: ArrayLike<number>,
): Generator<[PrimitiveComponent, PrimitiveComponent]> {
  const sorted = [...writers].sort((a, b) => a.bounds.u0 - b.bounds.u0);
  const open = new Map<number, Writer[]>();
  let compared = 0;
  for (const writer of sorted) {
    const priority = writer.component.translucencySortPriority;
    const others = (open.get(priority) ?? []).filter(({ bounds }) => bounds.u1 > writer.bounds.u0);
    for (const other of others) {
      if (++compared > MOST_COMPARED) return;
      if (!rectsOverlap(other.bounds, writer.bounds)) continue;
      if (other.attributes.isDisjointFrom(writer.attributes)) continue;
      if (!overlap(other.component, writer.component, toVolume)) continue;
      const inOrder = other.component.order < writer.component.order;
      yield inOrder ? [other.component, writer.component] : [writer.component, other.component];
    }
    others.push(writer);
    open.set(priority, others);
  }
}

/** Whether outlines of two components have more than an edge in common; many boxes count as a whole. */
function overlap(
  a: PrimitiveComponent,
  b: PrimitiveComponent,
  toVolume: ArrayLike<number>,
): boolean {
  const [boxesA, boxesB] = [a.boxes(), b.boxes()];
  if (boxesA.length * boxesB.length > MOST_BOXES) return true;
  const outlinesOf = (boxes: typeof boxesA) =>
    boxes.map((box) => footprintOf(box, toVolume)).filter((outline) => outline.length > 0);
  const others = outlinesOf(boxesB);
  return outlinesOf(boxesA).some((one) => others.some((other) => outlinesOverlap(one, other)));
}

/** By the axes that may part two convex polygons: the normals of their edges. */
function outlinesOverlap(a: Footprint, b: Footprint): boolean {
  return [a, b].every((outline) =>
    outline.every(([u, v], index) => {
      const [nextU, nextV] = outline[(index + 1) % outline.length]!;
      const spans = [a, b].map((points) => {
        const along = points.map((point) => point[0] * (nextV - v) - point[1] * (nextU - u));
        return [Math.min(...along), Math.max(...along)] as const;
      });
      const [[leastA, mostA], [leastB, mostB]] = spans as [typeof spans[0], typeof spans[0]];
      return leastA! < mostB! && leastB! < mostA!;
    })
  );
}

function rectsOverlap(a: FootprintRect, b: FootprintRect): boolean {
  return a.u0 < b.u1 && b.u0 < a.u1 && a.v0 < b.v1 && b.v0 < a.v1;
}
