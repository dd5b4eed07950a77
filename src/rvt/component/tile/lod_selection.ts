/**
 * How detailed a component is drawn into a tile, and whether at all.
 *
 * @module
 */

import { checkedAbove, checkedInteger, checkedNumber, checkedVector } from "../../../checks.ts";
import type { OrientedBox } from "../../../geometry/mod.ts";

/** What the LOD of a component depends on. */
export interface LodSelection {
  /** Its size on the tile: {@linkcode projectedSizeTexels}. */
  readonly coverageTexels: number;
  /** Edge of the tile in texels. */
  readonly tileSize: number;
  /** LODs that there are. */
  readonly lodCount: number;
  /** `virtualTextureLodBias`; default 0. */
  readonly bias?: number;
}

/** What it depends on whether a component is left out of a level. */
export interface Culling {
  /** `virtualTextureSkipMips`: how many of the coarsest levels show nothing of it. */
  readonly skipMips: number;
  /** `virtualTextureMinCoverage`, or null. */
  readonly minCoverage: number | null;
  /** The level that is rendered, 0 the finest. */
  readonly level: number;
  /** The coarsest level. */
  readonly maxLevel: number;
  /** Its size on the level: {@linkcode projectedSizeTexels}. */
  readonly coveragePixels: number;
}

/**
 * The estimated size of a box on a level of a texture: the longest of its edges, as it is seen along
 * the volume's z. The angle at which the box stands does not change it.
 *
 * @param worldToVolume See {@linkcode footprintOf}.
 * @param level Texels of the level along u and v.
 * @throws {InvalidArgumentError} if a value has the wrong type.
 * @throws {OutOfRangeError} if a number is not finite, or a side is not above 0.
 */
export function projectedSizeTexels(
  box: OrientedBox,
  worldToVolume: ArrayLike<number>,
  level: { readonly width: number; readonly height: number },
): number {
  const failure = "Cannot estimate size";
  const m = checkedVector(worldToVolume, { name: "worldToVolume", failure, length: 16 });
  const width = checkedAbove(level.width, { name: "width", failure, bound: 0 });
  const height = checkedAbove(level.height, { name: "height", failure, bound: 0 });
  // An axis is half an edge.
  const lengths = box.axes.map(([x, y, z]) => {
    const u = m[0]! * x + m[4]! * y + m[8]! * z;
    const v = m[1]! * x + m[5]! * y + m[9]! * z;
    return 2 * Math.hypot(u * width, v * height);
  });
  return Math.max(...lengths);
}

/**
 * The LOD that a component is drawn in. LOD 0 is for components that are at least as large as the
 * tile, and each further one for sizes down to half of that before: LOD k from tileSize / 2^k. The
 * bias is added, and the sum clamped to the LODs that there are.
 *
 * @throws {InvalidArgumentError} if a value has the wrong type.
 * @throws {OutOfRangeError} if a value is out of its range.
 */
export function selectLod(
  { coverageTexels, tileSize, lodCount, bias = 0 }: LodSelection,
): number {
  const failure = "Cannot select LOD";
  checkedNumber(coverageTexels, { name: "coverageTexels", failure, range: [0, Infinity] });
  checkedAbove(tileSize, { name: "tileSize", failure, bound: 0 });
  checkedInteger(lodCount, { name: "lodCount", failure, range: [1, Infinity] });
  checkedInteger(bias, { name: "bias", failure, range: [-Infinity, Infinity] });
  const halvings = Math.ceil(Math.log2(tileSize / coverageTexels));
  return Math.min(lodCount - 1, Math.max(0, Math.max(0, halvings) + bias));
}

/**
 * Whether a component is left out of a level: with `minCoverage`, if it is smaller than 2 to this
 * power there, so that 3 leaves out what is below 8 pixels; without, if the level is one of the
 * `skipMips` coarsest.
 *
 * @throws {InvalidArgumentError} if a value has the wrong type.
 * @throws {OutOfRangeError} if a value is out of its range.
 */
export function isCulled(culling: Culling): boolean {
  const { skipMips, minCoverage, level, maxLevel, coveragePixels } = culling;
  const failure = "Cannot decide whether component is rendered";
  checkedInteger(maxLevel, { name: "maxLevel", failure, range: [0, Infinity] });
  checkedInteger(level, { name: "level", failure, range: [0, maxLevel] });
  checkedInteger(skipMips, { name: "skipMips", failure, range: [0, Infinity] });
  checkedNumber(coveragePixels, { name: "coveragePixels", failure, range: [0, Infinity] });
  if (minCoverage === null) return level > maxLevel - skipMips;
  checkedNumber(minCoverage, { name: "minCoverage", failure, range: [0, Number.MAX_VALUE] });
  return coveragePixels < 2 ** minCoverage;
}
