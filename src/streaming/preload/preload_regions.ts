/**
 * Waiting until a region is sharp.
 *
 * @module
 */

import { BudgetError, MalformedFileError } from "../../errors.ts";
import { type Region, tilesOfRegion } from "../frame/region.ts";
import { poolSlotBytes } from "../memory/gpu_pool.ts";
import type { StreamedTexture } from "../streamed_texture.ts";
import type { SystemParts } from "../system_parts.ts";
import type { TextureState } from "../texture_state.ts";
import { FramePacer, type PacerOptions } from "../wait/frame_pacer.ts";

const FAILURE = "Cannot preload region";
/** Milliseconds between two looks at whether other preloads have given their room back. */
const POLL_MS = 4;

/** What is preloaded. */
export interface PreloadOptions extends PacerOptions {
  readonly texture: StreamedTexture;
  readonly region: Region;
}

/**
 * Keeps the tiles of a region from being evicted until all of them are sharp: resident and up to date, and
 * so is what they are made from, tiles of other textures through any number of these. Where that cannot be
 * read or has no room, after some tries, the best that can be made is sharp.
 *
 * @throws {InvalidArgumentError} if the texture is not one of the system's, or was unloaded meanwhile.
 * @throws {BudgetError} naming the least budget if the region has more tiles than the pool has slots.
 * @throws What made a tile impossible.
 * @throws {DeviceError} if the device is lost, or keeps refusing what is submitted.
 * @throws The signal's reason.
 */
export async function preloadRegion(parts: SystemParts, options: PreloadOptions): Promise<void> {
  const { signal } = options;
  const texture = parts.set.stateOf(options.texture);
  const tiles = tilesThatFit(parts, texture, options.region);
  for (let isSharp = false; !isSharp;) {
    await keepTiles(parts, texture, { tiles, signal });
    parts.frames.invalidate();
    try {
      isSharp = await waitUntilSharp(parts, texture, { ...options, tiles });
    } finally {
      for (const tile of tiles) texture.residency.releaseTile(tile);
    }
  }
}

/** The tiles of a region, unless there are more than the pool could ever hold. */
function tilesThatFit(parts: SystemParts, texture: TextureState, region: Region): number[] {
  const { pool, grid } = texture;
  const capacity = pool.residency.preloadCapacity + grid.tailTileCount;
  const tiles: number[] = [];
  for (const tile of tilesOfRegion(grid, region, FAILURE)) {
    tiles.push(tile);
    // A large region has hundreds of millions: one more than fit says enough.
    if (tiles.length > capacity) break;
  }
  assertFits(parts, texture, tiles);
  return tiles;
}

function assertFits(parts: SystemParts, texture: TextureState, tiles: readonly number[]): void {
  const { pool, description } = texture;
  const { budgetBytes } = parts.settings;
  const { preloadCapacity: slots, streamingCapacity } = pool.residency;
  const needed = slotsNeeded(texture, tiles);
  if (needed <= slots) return;
  const more = pool.residency.slotsToKeep(needed) - streamingCapacity;
  const minimum = budgetBytes + more * poolSlotBytes(pool.kind);
  const beside = streamingCapacity - slots;
  const others = beside === 0 ? "" : ` beside ${beside} for what tiles are made from`;
  throw new BudgetError(
    budgetBytes,
    minimum,
    `${FAILURE} of ${description.name} as it needs ${needed} slots or more: ` +
      `its pool has ${slots}${others}. Preload a coarser level or a smaller region, or make the memory budget >= ${minimum} bytes`,
  );
}

/** Slots for tiles that are not of the pinned tail. */
function slotsNeeded({ residency }: TextureState, tiles: readonly number[]): number {
  return tiles.reduce((count, tile) => count + (residency.isTail(tile) ? 0 : 1), 0);
}

/** Keeps tiles as soon as what other preloads keep leaves room for them. */
async function keepTiles(
  parts: SystemParts,
  texture: TextureState,
  { tiles, signal }: { readonly tiles: readonly number[]; readonly signal: AbortSignal },
): Promise<void> {
  const { pool, residency, handle } = texture;
  for (;;) {
    signal.throwIfAborted();
    parts.device.assertAlive();
    parts.set.stateOf(handle);
    assertFits(parts, texture, tiles);
    const more = tiles.filter((tile) => !residency.isTail(tile) && !residency.preloads.has(tile));
    if (pool.residency.preloadCount + more.length <= pool.residency.preloadCapacity) {
      // At once, so that no other preload takes the same room.
      for (const tile of tiles) residency.keepTile(tile);
      return;
    }
    await parts.wakeUp.waitForChange({ timeoutMs: POLL_MS, signal });
  }
}

/** Returns false if there is less room than before, too little for all preloads at the same time. */
async function waitUntilSharp(
  parts: SystemParts,
  texture: TextureState,
  options: PreloadOptions & { readonly tiles: readonly number[] },
): Promise<boolean> {
  const { device, journal, set, frames, guard } = parts;
  const { tiles, signal } = options;
  const { residency, handle, pool } = texture;
  const pacer = new FramePacer(parts, options);
  const watch = journal.watch();
  // What has failed before is tried once more.
  for (const tile of tiles) residency.retries.succeeded(tile);
  const { producer } = texture;
  const isSharp = (tile: number) => {
    const slot = residency.slotOf.get(tile);
    return slot !== -1 && !residency.isStale(tile, slot) && !producer.isImproving?.(tile);
  };
  const areSharp = () => {
    // What tiles are made from may have changed since the last frame.
    frames.takeStaleTiles();
    return guard.run(() => tiles.every(isSharp));
  };
  let isImproved = producer.improveTile === undefined;
  for (;;) {
    signal.throwIfAborted();
    device.assertAlive();
    watch.checkedFailures();
    set.stateOf(handle);
    assertFits(parts, texture, tiles);
    if (areSharp() && !isImproved) {
      // What they are made from and has failed before is tried once more, too.
      isImproved = true;
      guard.run(() => tiles.forEach((tile) => producer.improveTile!(tile)));
    }
    if (areSharp()) {
      await journal.settle(signal);
      if (areSharp()) return true;
    }
    if (pool.residency.preloadCount > pool.residency.preloadCapacity) return false;
    const failed = tiles.find((tile) => residency.retries.hasFailed(tile));
    if (failed !== undefined) throw failureOf(texture, failed);
    await pacer.waitForFrame();
  }
}

function failureOf({ lastFailure, description, grid }: TextureState, tile: number): Error {
  if (lastFailure !== null) return lastFailure;
  const { level, x, y } = grid.addressOf(tile);
  return new MalformedFileError(
    description.name,
    `${FAILURE} of ${description.name} as its producer has no tile ${x}, ${y} of level ${level}`,
  );
}
