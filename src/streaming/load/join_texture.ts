/**
 * Joining a texture to those of a system.
 *
 * @module
 */

import type { FrameRunner } from "../frame/frame_runner.ts";
import type { PoolLimits } from "../memory/pool_limits.ts";
import type { PoolSizeWarnings } from "../memory/pool_size_warning.ts";
import type { TextureState } from "../texture_state.ts";
import { loadTail, type TailLoaderParts } from "./tail_loader.ts";
import type { NewTextureParts, TextureSet } from "./texture_set.ts";

/** What joining works with; all of it is borrowed. */
export interface JoinParts extends TailLoaderParts {
  readonly set: TextureSet;
  readonly frames: FrameRunner;
  readonly poolLimits: PoolLimits;
  readonly sizeWarnings: PoolSizeWarnings;
}

/** Whether the system is still open, and when to cancel. */
export interface JoinOptions {
  readonly signal?: AbortSignal | undefined;
  readonly isClosed: () => boolean;
  /** Throws if the system was closed. */
  readonly assertOpen: () => void;
}

/**
 * Makes room for a texture and waits until its tail is resident. On failure everything is as it was
 * before.
 */
export async function joinTexture(
  parts: JoinParts,
  texture: NewTextureParts,
  options: JoinOptions,
): Promise<TextureState> {
  const { set, frames, changes } = parts;
  const { signal, isClosed, assertOpen } = options;
  const added = await changes.enqueue(async () => {
    assertOpen();
    const state = await set.addTexture(texture);
    frames.invalidate();
    return state;
  }, signal);
  try {
    await loadTail(parts, { texture: added, signal, isClosed });
    assertOpen();
    signal?.throwIfAborted();
    set.finishLoading(added);
    frames.invalidate();
    warnOfSizes(parts);
    return added;
  } catch (error) {
    if (!isClosed()) await removeTexture(parts, added, { assertOpen }).catch(() => {});
    throw error;
  }
}

/** How a texture is removed. */
export interface RemoveOptions extends Pick<JoinOptions, "signal" | "assertOpen"> {
  /** Called when the texture is gone, before its memory is given to the others. */
  readonly noteRemoved?: () => void;
}

/** Forgets a texture and gives its memory to the others. */
export function removeTexture(
  parts: JoinParts,
  texture: TextureState,
  options: RemoveOptions,
): Promise<void> {
  const { set, frames, changes, device, guard } = parts;
  return changes.enqueue(async () => {
    options.assertOpen();
    device.assertAlive();
    set.stateOf(texture.handle);
    guard.run(() => set.removeTexture(texture));
    options.noteRemoved?.();
    frames.invalidate();
    await evenPools(parts);
  }, options.signal);
}

/**
 * Gives the memory of a texture that is gone to the others.
 *
 * @param options `isExact`: whether every pool is to have its very share; default false.
 */
export function rebalancePools(
  parts: JoinParts,
  options: Pick<JoinOptions, "signal" | "assertOpen"> & { readonly isExact?: boolean },
): Promise<void> {
  return parts.changes.enqueue(async () => {
    options.assertOpen();
    await evenPools(parts, options.isExact);
  }, options.signal);
}

async function evenPools(parts: JoinParts, isExact = false): Promise<void> {
  const { frames, pools, device, settings } = parts;
  try {
    await pools.rebalance(isExact);
  } catch (error) {
    device.assertAlive();
    // The texture is gone all the same; a later update gives its room to the others.
    settings.logger.warn(`${settings.label}: ${(error as Error).message}. It is tried again`);
  }
  // What was destroyed counts until the GPU is done with it.
  await device.submits.wait();
  frames.invalidate();
  warnOfSizes(parts);
}

/** Warns of sizes of pools that are below what the textures in them need. */
function warnOfSizes(
  { pools, set, poolLimits, sizeWarnings, settings, guard }: JoinParts,
): void {
  const held = [...pools.pools].map((pool) => ({
    kind: pool.kind,
    textures: set.loaded.filter((texture) => texture.pool === pool),
  })).filter(({ textures }) => textures.length > 0);
  for (const warning of sizeWarnings.takeWarnings(held, poolLimits)) {
    guard.run(() => settings.logger.warn(`${settings.label}: ${warning}`));
  }
}
