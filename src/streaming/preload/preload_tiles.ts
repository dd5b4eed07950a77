/**
 * The tiles that a preload keeps: all of them, of however many textures, or none.
 *
 * @module
 */

import { MalformedFileError } from "../../errors.ts";
import { VisitedTiles } from "../../residency/mod.ts";
import { type Region, tileCountOfRegion, tilesOfRegion } from "../frame/region.ts";
import type { GpuPool } from "../memory/gpu_pool.ts";
import { storedRegion } from "../stored_parts.ts";
import type { StreamedTexture } from "../streamed_texture.ts";
import type { SystemParts } from "../system_parts.ts";
import type { TextureState } from "../texture_state.ts";
import { assertFit, type PoolNeed } from "./preload_budget.ts";

/** What cannot be done, for messages. */
export const PRELOAD_FAILURE = "Cannot preload region";

/** A region of a texture. */
export interface TextureRegion {
  /** The texture. */
  readonly texture: StreamedTexture;
  /** The region, at its level. */
  readonly region: Region;
}

/** A region in texels that are stored, and what is kept of its texture. */
interface RegionOfTexture {
  readonly texture: TextureState;
  readonly region: Region;
}

/** The tiles of one region. */
interface TilesOfTexture {
  readonly texture: TextureState;
  readonly tiles: readonly number[];
}

function tilesOf({ texture, region }: RegionOfTexture): TilesOfTexture {
  return { texture, tiles: [...tilesOfRegion(texture.grid, region, PRELOAD_FAILURE)] };
}

/** The tiles of regions. Where those of one texture overlap, tiles count twice. */
export class PreloadTiles {
  readonly #parts: SystemParts;
  readonly #regions: readonly RegionOfTexture[];
  readonly #needs: ReadonlyMap<GpuPool, PoolNeed>;
  /** None before they are known to fit: a large region has hundreds of millions. */
  #all: readonly TilesOfTexture[] = [];

  /** @throws {InvalidArgumentError} if a texture is not one of the system's. */
  constructor(parts: SystemParts, regions: readonly TextureRegion[]) {
    this.#parts = parts;
    this.#regions = regions.map(({ texture, region }) => {
      const state = parts.set.stateOf(texture);
      return { texture: state, region: storedRegion(region, state) };
    });
    this.#needs = needsOf(this.#regions);
  }

  /**
   * Checks that all of them could come.
   *
   * @throws {InvalidArgumentError} if a texture was unloaded.
   * @throws {BudgetError} naming a budget that is enough if there are more than a pool could ever keep.
   */
  assertPossible(): void {
    for (const { texture: { handle } } of this.#regions) this.#parts.set.stateOf(handle);
    // A pool that is moved is smaller for a moment.
    if (!this.#parts.plan.isMoving) assertFit(this.#parts, this.#needs);
  }

  /**
   * Keeps all at once, so that no other preload takes the same room or waits with half of its tiles for
   * the other half.
   *
   * @returns False if others keep too much, or a pool is too small at the moment; none is kept then.
   */
  tryKeeping(): boolean {
    for (const [{ residency }, { slots }] of this.#needs) {
      if (slots > residency.preloadCapacity) return false;
    }
    if (this.#all.length === 0) this.#all = this.#regions.map(tilesOf);
    const more = new Map<GpuPool, number>();
    for (const { texture: { pool, residency }, tiles } of this.#all) {
      const isNew = (tile: number) => !residency.isTail(tile) && !residency.preloads.has(tile);
      more.set(pool, (more.get(pool) ?? 0) + tiles.filter(isNew).length);
    }
    for (const [{ residency }, count] of more) {
      if (residency.preloadCount + count > residency.preloadCapacity) return false;
    }
    for (const { texture: { residency }, tiles } of this.#all) {
      for (const tile of tiles) residency.keepTile(tile);
    }
    return true;
  }

  /** Whether there still is room for all that preloads keep: a pool may be smaller than before. */
  get haveRoom(): boolean {
    return [...this.#needs.keys()].every(({ residency }) =>
      residency.preloadCount <= residency.preloadCapacity
    );
  }

  /** Lets all be evicted. */
  release(): void {
    for (const { texture: { residency }, tiles } of this.#all) {
      for (const tile of tiles) residency.releaseTile(tile);
    }
  }

  /** Lets what has failed before be asked for at once. */
  retryFailed(): void {
    for (const { texture: { residency }, tiles } of this.#all) {
      for (const tile of tiles) residency.retries.succeeded(tile);
    }
  }

  /** Whether all are resident and up to date, and nothing better is to come of any. */
  get areSharp(): boolean {
    const isCurrent = this.#all.every(({ texture: { residency }, tiles }) =>
      tiles.every((tile) => {
        const slot = residency.slotOf.get(tile);
        return slot !== -1 && !residency.isStale(tile, slot);
      })
    );
    return isCurrent && !this.#areImproving;
  }

  get #areImproving(): boolean {
    const visits = new VisitedTiles();
    return this.#all.some(({ texture: { producer }, tiles }) =>
      producer.isImproving !== undefined &&
      tiles.some((tile) => producer.isImproving!(tile, visits))
    );
  }

  /** Tries once more what tiles lack that they are made from. */
  improve(): void {
    const visits = new VisitedTiles();
    for (const { texture: { producer }, tiles } of this.#all) {
      for (const tile of tiles) producer.improveTile?.(tile, visits);
    }
  }

  /** Why a tile cannot be made; null if none has failed. */
  get failure(): Error | null {
    for (const { texture, tiles } of this.#all) {
      const failed = tiles.find((tile) => texture.residency.retries.hasFailed(tile));
      if (failed !== undefined) return failureOf(texture, failed);
    }
    return null;
  }
}

/** What regions need of the pools of their textures. */
function needsOf(regions: readonly RegionOfTexture[]): Map<GpuPool, PoolNeed> {
  const needs = new Map<GpuPool, PoolNeed>();
  for (const { texture, region } of regions) {
    const { pool, grid, description: { name } } = texture;
    const count = tileCountOfRegion(grid, region, PRELOAD_FAILURE);
    const isTail = grid.tileIndexOf(region.level ?? 0, 0, 0) >= grid.tailFirstTile;
    const { slots, names } = needs.get(pool) ?? { slots: 0, names: [] };
    needs.set(
      pool,
      isTail || count === 0 ? { slots, names } : { slots: slots + count, names: [...names, name] },
    );
  }
  return needs;
}

function failureOf({ lastFailure, description, grid }: TextureState, tile: number): Error {
  if (lastFailure !== null) return lastFailure;
  const { level, x, y } = grid.addressOf(tile);
  return new MalformedFileError(
    description.name,
    `${PRELOAD_FAILURE} of ${description.name} as its producer has no tile ${x}, ${y} of level ${level}`,
  );
}
