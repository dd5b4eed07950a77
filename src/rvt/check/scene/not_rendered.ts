/**
 * Why components do not come to textures. Pure.
 *
 * @module
 */

import type { RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import {
  BoxOutlines,
  footprintTouchesRect,
  isCulled,
  isTurnedAway,
  type KnownOutlines,
  type PrimitiveComponent,
  WHOLE_TEXTURE,
} from "../../component/mod.ts";
import { labelOf } from "../finding.ts";
import type { CheckedScene } from "./checked_scene.ts";

/** Why nothing of a component is rendered to a texture; null if something may be. */
export function whyNotRendered(
  scene: CheckedScene,
  component: PrimitiveComponent,
  asset: RuntimeVirtualTextureLike,
): string | null {
  const volume = scene.volumeOf(asset);
  if (volume === undefined) return `no volume places "${asset.name}"`;
  if (scene.writtenTo(component, asset).length === 0) {
    return `its material writes nothing to "${asset.name}"`;
  }
  const boxes = component.boxes();
  const toVolume = scene.toVolume(volume);
  const known: KnownOutlines = new WeakMap();
  const outlines = new BoxOutlines(boxes, toVolume, known);
  const isInside = boxes.some((box) => footprintTouchesRect(known.get(box)!, WHOLE_TEXTURE));
  if (!isInside) return `it lies outside of ${labelOf(volume)}`;
  const grid = scene.gridOf(volume);
  if (grid === null) return `${labelOf(volume)} cannot be placed`;
  const coveragePixels = outlines.largestSizeTexels(boxes.map((_, i) => i), grid.level(0));
  const isLeftOut = isCulled({
    skipMips: component.virtualTextureSkipMips,
    minCoverage: component.virtualTextureMinCoverage,
    level: 0,
    maxLevel: grid.levelCount - 1,
    coveragePixels,
  });
  if (isLeftOut) {
    return component.virtualTextureMinCoverage === null
      ? `its Virtual Texture Skip Mips leaves out all ${grid.levelCount} levels of "${asset.name}"`
      : `it is smaller than its Virtual Texture Min Coverage on every level of "${asset.name}"`;
  }
  const lods = Array.from({ length: component.lodCount }, (_, lod) => component.draws(lod));
  if (!lods.every((draws) => isTurnedAway(draws, toVolume))) return null;
  return `it turns its back to the top of ${labelOf(volume)}, and its material is not two-sided`;
}
