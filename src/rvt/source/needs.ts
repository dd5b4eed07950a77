/**
 * The tiles of other textures that a tile is made from, and whether there is room for them.
 *
 * @module
 */

import type { SourceTexture } from "../../streaming/mod.ts";
import { addTilesOfRegion, type SampledObject, type SampledRegion } from "./sampled_regions.ts";

/** Tiles that are needed, by what they belong to. */
export type Needs = ReadonlyMap<
  SampledObject,
  { readonly source: SourceTexture; readonly tiles: ReadonlySet<number> }
>;

/**
 * The tiles that regions need; of more than there is ever room for, not all are listed.
 *
 * @param options Levels by which they are coarser than is sampled, and what finds the textures.
 */
export function needsOf(
  regions: readonly SampledRegion[],
  { coarser, sourceOf }: {
    readonly coarser: number;
    readonly sourceOf: (object: SampledObject) => SourceTexture | null;
  },
): Needs {
  const needs = new Map<SampledObject, { source: SourceTexture; tiles: Set<number> }>();
  for (const region of regions) {
    const source = sourceOf(region.object);
    if (source === null || source.grid !== region.grid) continue;
    let need = needs.get(region.object);
    if (need === undefined) needs.set(region.object, need = { source, tiles: new Set() });
    const { grid, room } = source;
    addTilesOfRegion(region, need.tiles, { coarser, most: room + grid.tailTileCount });
  }
  return needs;
}

/** Part of the room for tiles that nothing waits for: the rest is for what they wait for. */
const TOP_PART = 3 / 4;

/**
 * Whether there is room for what a tile needs beside what is needed already, and if not, whether there
 * would be none even if it were alone.
 *
 * @param options Whether others wait for the tile; such a one may always be made if its texture holds
 * nothing yet, as those who wait may hold all the room.
 */
export function fitNeeds(
  needs: Needs,
  { isNeeded, isIdle }: { readonly isNeeded: boolean; readonly isIdle: boolean },
): { readonly isFitting: boolean; readonly isAlone: boolean } {
  const counts = new Map<object, { readonly source: SourceTexture; readonly count: number }>();
  for (const { source, tiles } of needs.values()) {
    let count = counts.get(source.pool)?.count ?? 0;
    for (const tile of tiles) if (tile < source.grid.tailFirstTile) count++;
    counts.set(source.pool, { source, count });
  }
  let isFitting = true;
  let isAlone = true;
  for (const { source: { neededCount, room }, count } of counts.values()) {
    const used = isNeeded && isIdle ? 0 : neededCount;
    const most = isNeeded || used === 0 ? room : TOP_PART * room;
    if (count === 0 || used + count <= most) continue;
    isFitting = false;
    if (used > 0 && count <= room) isAlone = false;
  }
  return { isFitting, isAlone };
}
