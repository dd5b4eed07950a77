/**
 * Continuous update: making random resident tiles anew although they are up to date.
 *
 * A tile is found by a random slot of the pools of the textures concerned, again and again until one
 * holds a tile of such a texture: each is as likely as any other, whatever it is wanted for, and nothing
 * has to be kept for it.
 *
 * @module
 */

import type { AdmissionBudget } from "./admission.ts";
import type { PoolResidency } from "./pool.ts";
import { REFRESH, type TextureResidency } from "./texture_residency.ts";

/** Slots that are looked at in a call; of a pool of 4,096 with one such tile it finds it in 2 of 3. */
const MOST_TRIES = 4096;

/** How much may be made anew in an update. */
export interface RefreshLimits {
  /** Tiles at most. */
  readonly most: number;
  /** Drawn tiles that may be in flight with them. */
  readonly drawnTiles: number;
  /** Random numbers from 0 to below 1. */
  readonly random: () => number;
}

/** Asks producers for tiles that are up to date. */
export class ContinuousRefresh {
  readonly #textures: ReadonlyMap<number, TextureResidency>;
  readonly #pools: PoolResidency[] = [];
  readonly #saturated: Set<TextureResidency> = new Set();

  /** Works on the textures of a `Residency`. */
  constructor(textures: ReadonlyMap<number, TextureResidency>) {
    this.#textures = textures;
  }

  /** Asks for tiles; see `Residency.refreshTiles`. */
  refreshTiles(
    budget: AdmissionBudget,
    limits: RefreshLimits & { readonly frame: number },
    noteFailed: (texture: TextureResidency, tile: number) => void,
  ): number {
    const most = Math.min(limits.most, this.#countCandidates());
    if (most < 1) return 0;
    let left = Math.min(
      most,
      budget.tiles,
      budget.drawnTiles,
      limits.drawnTiles - this.#drawnCount(),
    );
    let asked = 0;
    this.#saturated.clear();
    for (let tries = 0; tries < MOST_TRIES && left >= 1; tries++) {
      const found = this.#slotAt(limits.random());
      if (!this.#mayAsk(found, budget, limits.frame)) continue;
      const { texture, tile, slot } = found!;
      // Content lands if it is newer, and nothing is stale for it.
      if (texture.versions.newest <= texture.pool.slots.versionOf(slot)) {
        texture.versions.beginInvalidation();
      }
      const version = texture.versions.newest;
      const answer = texture.producer.request(tile, version, 0);
      if (answer === "saturated") this.#saturated.add(texture);
      else if (answer === "invalid") noteFailed(texture, tile);
      else {
        texture.setPending(tile, { frame: limits.frame, reason: REFRESH, version });
        spend(budget, texture);
        asked++;
        left--;
      }
    }
    return asked;
  }

  /** Finds the pools of the textures concerned; the number of tiles that are not in flight. */
  #countCandidates(): number {
    const pools = this.#pools;
    pools.length = 0;
    let count = 0;
    for (const texture of this.#textures.values()) {
      if (!texture.isContinuous) continue;
      if (!pools.includes(texture.pool)) pools.push(texture.pool);
      count += texture.slotOf.size - texture.refreshingCount;
    }
    return count;
  }

  #drawnCount(): number {
    let count = 0;
    for (const texture of this.#textures.values()) {
      if (texture.isDrawn) count += texture.pendingCount + texture.refreshingCount;
    }
    return count;
  }

  /** What lies in the slot at a part, from 0 to below 1, of all slots; null if it is nothing of these. */
  #slotAt(part: number): { texture: TextureResidency; tile: number; slot: number } | null {
    let total = 0;
    for (const { slots } of this.#pools) total += slots.capacity;
    let slot = Math.floor(part * total);
    for (const { slots } of this.#pools) {
      if (slot >= slots.capacity) {
        slot -= slots.capacity;
        continue;
      }
      const texture = this.#textures.get(slots.textureOf(slot));
      if (texture === undefined || !texture.isContinuous) return null;
      return { texture, tile: slots.tileOf(slot), slot };
    }
    return null;
  }

  #mayAsk(
    found: { texture: TextureResidency; tile: number } | null,
    budget: AdmissionBudget,
    frame: number,
  ): boolean {
    if (found === null || this.#saturated.has(found.texture)) return false;
    const { texture, tile } = found;
    if (texture.isPending(tile) || texture.retries.isWaiting(tile, frame)) return false;
    const { uploadBytes, gpuMs } = texture.cost;
    if (budget.isUploading && uploadBytes > Math.max(0, budget.bytes)) return false;
    return !budget.isDrawing || gpuMs <= Math.max(0, budget.gpuMs);
  }
}

function spend(budget: AdmissionBudget, texture: TextureResidency): void {
  const { uploadBytes, gpuMs } = texture.cost;
  budget.isUploading ||= uploadBytes > 0;
  budget.isDrawing ||= gpuMs > 0;
  budget.tiles--;
  budget.drawnTiles--;
  budget.bytes -= uploadBytes;
  budget.gpuMs -= gpuMs;
}
