/**
 * Moving a pool's content to an atlas of another size.
 *
 * @module
 */

import type { ForgeDevice, VirtualTextureBinding } from "../../gpu/mod.ts";
import type { Residency } from "../../residency/mod.ts";
import type { SubmitJournal } from "../submit/submit_journal.ts";
import type { TextureState } from "../texture_state.ts";
import type { GpuPool, PoolStore } from "./gpu_pool.ts";

/** What a pool is moved with; all of it is borrowed. */
export interface MovePoolParts {
  readonly device: ForgeDevice;
  readonly residency: Residency;
  readonly journal: SubmitJournal;
  readonly textures: ReadonlyMap<number, TextureState>;
}

/**
 * Moves a pool's content to an atlas of another size, and waits until the GPU has taken it. The atlas
 * is made at once, in memory that is free now; no content may be on its way to the pool.
 */
export async function movePool(
  { device, residency, journal, textures }: MovePoolParts,
  pool: GpuPool,
  slots: number,
): Promise<void> {
  const { value: { store, targets }, error } = device.guard(`resizing pool ${pool.key}`, () => {
    const store = pool.makeStore(slots);
    const members = [...textures.values()].filter((texture) => texture.pool === pool);
    try {
      return { store, targets: members.map(({ binding }) => targetIn(binding, store)) };
    } catch (error) {
      pool.freeStore(store);
      throw error;
    }
  });
  try {
    const failure = await device.health.unlessLost(error);
    if (failure !== null) throw failure;
  } catch (failure) {
    pool.freeStore(store);
    throw failure;
  }
  const move = pool.beginMove(store, residency);
  // The tables name slots of one atlas or the other, never of both: bindings follow them.
  let isBound = false;
  journal.addMove({
    pool,
    record: (encoder) => move.record(encoder),
    submitted: () => {
      isBound = true;
      for (const { binding, target } of targets) binding.pointAt(target);
    },
    failed: () => {
      if (isBound) { for (const { binding, before } of targets) binding.pointAt(before); }
      isBound = false;
    },
    finished: () => move.finish(),
  });
  await journal.settle();
}

/** What a binding points at before and after a move. */
function targetIn(binding: VirtualTextureBinding, { atlas, frames }: PoolStore) {
  const target = binding.makeTarget(atlas, frames.buffer);
  return { binding, before: binding.target, target };
}
