/**
 * Why components do not come to textures. Pure.
 *
 * @module
 */

import type { TileGrid } from "../../../tiles/mod.ts";
import type { RuntimeVirtualTextureLike } from "../../asset/mod.ts";
import {
  footprintOf,
  footprintTouchesRect,
  isCulled,
  isTurnedAway,
  type PrimitiveComponent,
  projectedSizeTexels,
  WHOLE_TEXTURE,
} from "../../component/mod.ts";
import type { RuntimeVirtualTextureVolume } from "../../volume/mod.ts";
import { labelOf } from "../finding.ts";

/** What of a scene is looked at. */
interface SceneVolumes {
  volumeOf(asset: RuntimeVirtualTextureLike): RuntimeVirtualTextureVolume | undefined;
  writtenTo(component: PrimitiveComponent, asset: RuntimeVirtualTextureLike): readonly string[];
  toVolume(volume: RuntimeVirtualTextureVolume): ArrayLike<number>;
  gridOf(volume: RuntimeVirtualTextureVolume): TileGrid | null;
}

/** Why nothing of a component is rendered to a texture; null if something may be. */
export function whyNotRendered(
  scene: SceneVolumes,
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
  const isInside = boxes.some((box) =>
    footprintTouchesRect(footprintOf(box, toVolume), WHOLE_TEXTURE)
  );
  if (!isInside) return `it lies outside of ${labelOf(volume)}`;
  const grid = scene.gridOf(volume);
  if (grid === null) return `${labelOf(volume)} cannot be placed`;
  const minCoverage = component.virtualTextureMinCoverage;
  const isLeftOut = isCulled({
    skipMips: component.virtualTextureSkipMips,
    minCoverage,
    level: 0,
    maxLevel: grid.levelCount - 1,
    coveragePixels: minCoverage === null ? 0 : boxes.reduce(
      (most, box) => Math.max(most, projectedSizeTexels(box, toVolume, grid.level(0))),
      0,
    ),
  });
  if (isLeftOut) {
    return minCoverage === null
      ? `its Virtual Texture Skip Mips leaves out all ${grid.levelCount} levels of "${asset.name}"`
      : `it is smaller than its Virtual Texture Min Coverage on every level of "${asset.name}"`;
  }
  const lods = Array.from({ length: component.lodCount }, (_, lod) => component.draws(lod));
  if (!lods.every((draws) => isTurnedAway(draws, toVolume))) return null;
  return `it turns its back to the top of ${labelOf(volume)}, and its material is not two-sided`;
}
