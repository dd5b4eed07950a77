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

/** Calls after which a tile that has not come is not waited for, so that another has its turn. */
const PATIENCE_CALLS = 64;
/** Calls from one look at what has not come to the next. */
const CALLS_BETWEEN_LOOKS = 16;

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
  readonly #cancel: (texture: TextureResidency, tile: number) => void;
  /** Calls so far: frames at rest have no number of their own. */
  #calls = 0;

  /**
   * Works on the textures of a `Residency`.
   *
   * @param cancel Withdraws the request for a tile.
   */
  constructor(
    textures: ReadonlyMap<number, TextureResidency>,
    cancel: (texture: TextureResidency, tile: number) => void,
  ) {
    this.#textures = textures;
    this.#cancel = cancel;
  }

  /** Asks for tiles; see `Residency.refreshTiles`. */
  refreshTiles(
    budget: AdmissionBudget,
    limits: RefreshLimits & { readonly frame: number },
    noteFailed: (texture: TextureResidency, tile: number) => void,
  ): number {
    if (++this.#calls % CALLS_BETWEEN_LOOKS === 0) this.#giveUpLate();
    // What is in flight counts, as frames that are held up land all of it at once.
    const most = Math.min(limits.most - this.#refreshingCount(), this.#countCandidates());
    if (most < 1) return 0;
    const { frame, random, drawnTiles } = limits;
    let left = Math.min(most, budget.tiles, budget.drawnTiles, drawnTiles - this.#drawnCount());
    let asked = 0;
    this.#saturated.clear();
    const pools = this.#pools;
    let slotCount = 0;
    for (const { slots } of pools) slotCount += slots.capacity;
    for (let tries = 0; tries < MOST_TRIES && left >= 1; tries++) {
      let slot = Math.floor(random() * slotCount);
      let at = 0;
      while (slot >= pools[at]!.slots.capacity) slot -= pools[at++]!.slots.capacity;
      const { slots } = pools[at]!;
      const texture = this.#textures.get(slots.textureOf(slot));
      const tile = slots.tileOf(slot);
      if (texture === undefined || !this.#mayAsk(texture, tile, { budget, frame })) continue;
      // Content lands if it is newer, and nothing is stale for it.
      if (texture.versions.newest <= slots.versionOf(slot)) texture.versions.beginInvalidation();
      const version = texture.versions.newest;
      const answer = texture.producer.request(tile, version, 0);
      if (answer === "saturated") this.#saturated.add(texture);
      else if (answer === "invalid") noteFailed(texture, tile);
      else {
        texture.setPending(tile, { frame: this.#calls, reason: REFRESH, version });
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

  #giveUpLate(): void {
    for (const texture of this.#textures.values()) {
      if (texture.refreshingCount === 0) continue;
      const late: number[] = [];
      texture.forEachPending(this.#calls, (tile, calls) => {
        if (calls > PATIENCE_CALLS && texture.isRefreshing(tile)) late.push(tile);
      });
      for (const tile of late.sort((a, b) => a - b)) this.#cancel(texture, tile);
    }
  }

  #refreshingCount(): number {
    let count = 0;
    for (const texture of this.#textures.values()) count += texture.refreshingCount;
    return count;
  }

  #drawnCount(): number {
    let count = 0;
    for (const texture of this.#textures.values()) {
      if (texture.isDrawn) count += texture.pendingCount + texture.refreshingCount;
    }
    return count;
  }

  #mayAsk(
    texture: TextureResidency,
    tile: number,
    { budget, frame }: { readonly budget: AdmissionBudget; readonly frame: number },
  ): boolean {
    if (!texture.isContinuous || this.#saturated.has(texture)) return false;
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
