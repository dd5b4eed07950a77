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

/**
 * Whether there is room for what a tile needs beside what is needed already, and if not, whether there
 * would be none even if it were alone.
 *
 * What a tile needs may be made from tiles of the same pool in turn, through some textures. So that all of
 * them find room and nothing waits for ever, a pool is shared out: tiles take no more than leaves a share
 * to each texture below them, and what is needed takes one share at most.
 *
 * @param options Whether others wait for the tile, and through how many textures what it needs is made
 * from tiles of a pool.
 */
export function fitNeeds(
  needs: Needs,
  { isNeeded, depthBelow }: {
    readonly isNeeded: boolean;
    readonly depthBelow: (pool: object) => number;
  },
): { readonly isFitting: boolean; readonly isAlone: boolean } {
  const counts = new Map<object, { readonly source: SourceTexture; readonly count: number }>();
  for (const { source, tiles } of needs.values()) {
    let count = counts.get(source.pool)?.count ?? 0;
    for (const tile of tiles) if (tile < source.grid.tailFirstTile) count++;
    counts.set(source.pool, { source, count });
  }
  let isFitting = true;
  let isAlone = true;
  for (const { source: { neededCount, room, pool, poolDepth }, count } of counts.values()) {
    if (count === 0 || room === Infinity) continue;
    const share = Math.max(1, room / poolDepth);
    const most = Math.max(share, room - share * depthBelow(pool));
    if (neededCount + count <= most && (!isNeeded || count <= share)) continue;
    isFitting = false;
    if (count <= (isNeeded ? share : most)) isAlone = false;
  }
  return { isFitting, isAlone };
}
