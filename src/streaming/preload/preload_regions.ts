/**
 * Waiting until regions are sharp.
 *
 * @module
 */

import type { SystemParts } from "../system_parts.ts";
import { FramePacer, type PacerOptions } from "../wait/frame_pacer.ts";
import { PreloadTiles, type TextureRegion } from "./preload_tiles.ts";

/** Milliseconds between two looks at whether other preloads have given their room back. */
const POLL_MS = 4;

/** What is preloaded. */
export interface PreloadOptions extends PacerOptions {
  readonly regions: readonly TextureRegion[];
}

/**
 * Keeps the tiles of regions from being evicted until all of them are sharp at the same time: resident and
 * up to date, and so is what they are made from, tiles of other textures through any number of these. Where
 * that cannot be read or has no room, after some tries, the best that can be made is sharp.
 *
 * @throws {InvalidArgumentError} if a texture is not one of the system's, or was unloaded meanwhile.
 * @throws {BudgetError} naming a budget that is enough if a pool has too few slots for all tiles together.
 * @throws What made a tile impossible.
 * @throws {DeviceError} if the device is lost, or keeps refusing what is submitted.
 * @throws The signal's reason.
 */
export async function preloadRegions(parts: SystemParts, options: PreloadOptions): Promise<void> {
  const tiles = new PreloadTiles(parts, options.regions);
  for (let isSharp = false; !isSharp;) {
    await keepTiles(parts, tiles, options.signal);
    parts.frames.invalidate();
    try {
      isSharp = await waitUntilSharp(parts, tiles, options);
    } finally {
      tiles.release();
    }
  }
}

/** Keeps tiles as soon as what other preloads keep leaves room for them. */
async function keepTiles(
  parts: SystemParts,
  tiles: PreloadTiles,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    parts.device.assertAlive();
    tiles.assertPossible();
    if (tiles.tryKeeping()) return;
    await parts.wakeUp.waitForChange({ timeoutMs: POLL_MS, signal });
  }
}

/** Returns false if there is less room than before, too little for all preloads at the same time. */
async function waitUntilSharp(
  parts: SystemParts,
  tiles: PreloadTiles,
  options: PreloadOptions,
): Promise<boolean> {
  const { device, journal, frames, guard } = parts;
  const { signal } = options;
  const pacer = new FramePacer(parts, options);
  const watch = journal.watch();
  // What has failed before is tried once more.
  tiles.retryFailed();
  const areSharp = () => {
    // What tiles are made from may have changed since the last frame.
    frames.takeStaleTiles();
    return guard.run(() => tiles.areSharp);
  };
  let isImproved = false;
  for (;;) {
    signal.throwIfAborted();
    device.assertAlive();
    watch.checkedFailures();
    tiles.assertPossible();
    let isSharp = areSharp();
    if (isSharp && !isImproved) {
      // What they are made from and has failed before is tried once more, too.
      isImproved = true;
      guard.run(() => tiles.improve());
      isSharp = areSharp();
    }
    if (isSharp) {
      await journal.settle(signal);
      if (areSharp()) return true;
    }
    if (!tiles.haveRoom) return false;
    const { failure } = tiles;
    if (failure !== null) throw failure;
    await pacer.waitForFrame();
  }
}
