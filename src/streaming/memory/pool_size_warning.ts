/**
 * Sizes of pools that are below what the pools' textures need.
 *
 * @module
 */

import type { TileGrid } from "../../tiles/mod.ts";
import { textureDemand } from "./budget_needs.ts";
import { poolKey, type PoolKind, poolSlotBytes } from "./gpu_pool.ts";
import { leastPoolBytes } from "./pool_budget.ts";
import type { PoolLimit, PoolLimits } from "./pool_limits.ts";

/** A pool of which it is asked whether its size holds its textures. */
export interface PoolOfTextures {
  readonly kind: PoolKind;
  /** The textures in it. */
  readonly textures: readonly { readonly grid: TileGrid }[];
}

const MIB = 2 ** 20;

/** Bytes of the smallest pool that can hold its textures, whatever its size is. */
export function neededPoolBytes({ kind, textures }: PoolOfTextures): number {
  const demands = textures.map(({ grid }) => textureDemand(grid));
  return leastPoolBytes([{ slotBytes: poolSlotBytes(kind), textures: demands }]);
}

/** What a pool's size lacks of what its textures need, and what to write; null if that fits, or it has none. */
export function poolSizeWarning(pool: PoolOfTextures, limit: PoolLimit): string | null {
  if (limit.sizeBytes === null) return null;
  const needed = neededPoolBytes(pool);
  if (!isBelow(limit, needed)) return null;
  const count = pool.textures.length;
  return `The pool of ${poolKey(pool.kind)} is larger than its size: ${sizeText(limit)}, and its ` +
    `${count === 1 ? "texture needs" : `${count} textures need`} ${mebibytes(needed)} MiB. ` +
    sizeRemedy(limit, { kind: pool.kind, needed });
}

/** Whether a pool has a size that does not hold so many bytes. */
export function isBelow({ sizeBytes, sizeScale }: PoolLimit, needed: number): boolean {
  return sizeBytes !== null && sizeBytes * sizeScale < needed;
}

/** The size of a pool, and what of the pool configuration gives it. */
export function sizeText({ sizeBytes, sizeScale, scalabilityGroup, setBy }: PoolLimit): string {
  const scale = sizeScale === 1
    ? ""
    : ` × ${sizeScale}, the scale of scalability group ${scalabilityGroup}`;
  return `${setBy} of the pool configuration gives it ${sizeBytes! / MIB} MiB${scale}`;
}

/**
 * What to write so that a pool's size holds what it does not.
 *
 * @param limit With a size.
 */
export function sizeRemedy(
  limit: PoolLimit,
  { kind, needed }: { readonly kind: PoolKind; readonly needed: number },
): string {
  const { sizeBytes, sizeScale, scalabilityGroup } = limit;
  const least = Math.ceil(100 * needed / sizeBytes!) / 100;
  const ofGroup = `scalability group ${scalabilityGroup}`;
  if (sizeScale >= 1 || least > 1) {
    const scale = sizeScale === 0 ? 1 : sizeScale;
    const rescale = sizeScale === 0 ? `, and give ${ofGroup} the scale 1` : "";
    return sizeToWrite(limit, { kind, sizeMb: needed / scale / MIB }) + rescale;
  }
  const rescale = `ive ${ofGroup} a scale of at least ${least}`;
  if (sizeScale === 0) return `G${rescale}`;
  return `${sizeToWrite(limit, { kind, sizeMb: needed / sizeScale / MIB })}, or g${rescale}`;
}

function sizeToWrite(
  { setBy }: PoolLimit,
  { kind, sizeMb }: { readonly kind: PoolKind; readonly sizeMb: number },
): string {
  const mb = Math.ceil(sizeMb);
  if (setBy !== "defaultSizeMb") {
    return `Write sizeMb: ${mb} there (SizeInMegabyte=${mb} in an ini text)`;
  }
  const { formats, tileSize } = kind;
  const entry = { formats, minTileSize: tileSize, maxTileSize: tileSize, sizeMb: mb };
  return `Write defaultSizeMb: ${mb} (DefaultSizeInMegabyte=${mb} in an ini text), or add ` +
    `${JSON.stringify(entry)} to its pools`;
}

function mebibytes(bytes: number): string {
  return (Math.ceil(100 * bytes / MIB) / 100).toFixed(2);
}

/** Sizes that were warned of; they outlive the system's device. */
export class PoolSizeWarnings {
  /** Bytes that were warned of, by pool. */
  readonly #warned = new Map<string, number>();

  /** Warnings that are news: one for each pool and size, until the size holds what is needed. */
  takeWarnings(pools: Iterable<PoolOfTextures>, limits: PoolLimits): string[] {
    const news: string[] = [];
    for (const pool of pools) {
      const limit = limits.limitOf(pool.kind);
      const key = poolKey(pool.kind);
      const warning = poolSizeWarning(pool, limit);
      const bytes = (limit.sizeBytes ?? 0) * limit.sizeScale;
      if (warning === null) this.#warned.delete(key);
      else if (this.#warned.get(key) !== bytes) {
        this.#warned.set(key, bytes);
        news.push(warning);
      }
    }
    return news;
  }
}
