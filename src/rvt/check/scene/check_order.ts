/**
 * Checks whether sort priorities say which component lies above which. Pure.
 *
 * @module
 */

import type { OrientedBox } from "../../../geometry/mod.ts";
import type { RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import { inSortOrder, type PrimitiveComponent } from "../../component/mod.ts";
import { type Finding, finding } from "../finding.ts";
import type { CheckedScene } from "./checked_scene.ts";
import { overlappingPairs } from "./overlapping_pairs.ts";

/** Pairs that are named for each texture. */
const MOST_PAIRS = 20;
/** Comparisons of boxes in a whole scene: some seconds at most. */
const MOST_STEPS = 200_000_000;

interface Writer {
  readonly component: PrimitiveComponent;
  readonly boxes: readonly OrientedBox[];
  readonly attributes: ReadonlySet<string>;
}

/**
 * Pairs of components of one priority that write the same to the same place. Of World Height the highest
 * stays, in any order.
 */
export function* checkOrder(scene: CheckedScene): Generator<Finding> {
  const budget = { steps: MOST_STEPS };
  for (const { asset, transform } of scene.volumes) {
    if (asset.materialType === "world_height") continue;
    const toVolume = scene.toVolume({ transform });
    const writers = writersOf(scene, asset);
    const byPriority = Map.groupBy(writers, (one) => one.component.translucencySortPriority);
    let pairs = 0;
    for (const tied of byPriority.values()) {
      const options = { toVolume, isCompared: writeTheSame, budget };
      for (const pair of overlappingPairs(tied, options)) {
        if (++pairs > MOST_PAIRS) break;
        const [first, second] = inSortOrder(pair.map(({ component }) => component));
        yield tie(asset, first!, second!);
      }
      if (pairs > MOST_PAIRS || budget.steps < 0) break;
    }
    if (pairs > MOST_PAIRS) {
      yield finding(
        "undefined_order",
        [asset.name],
        `More components than those lie above each other in "${asset.name}" with one Translucency Sort ` +
          `Priority`,
      );
    } else if (budget.steps < 0) {
      yield finding(
        "undefined_order",
        [asset.name],
        `More components of one Translucency Sort Priority may lie above each other in "${asset.name}": it ` +
          `holds too many to compare all of them`,
      );
    }
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

/** Components that come to a texture. */
function writersOf(scene: CheckedScene, asset: RuntimeVirtualTextureLike): Writer[] {
  return scene.writersOf(asset).flatMap((component) => {
    if (scene.whyNotRendered(component, asset) !== null) return [];
    const attributes = new Set(scene.writtenTo(component, asset));
    return [{ component, boxes: component.boxes(), attributes }];
  });
}

function writeTheSame(a: Writer, b: Writer): boolean {
  return !a.attributes.isDisjointFrom(b.attributes);
}
