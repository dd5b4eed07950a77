/**
 * Recording the content of tiles into their slots.
 *
 * @module
 */

import type { RecordedTile, TileRecorder } from "../../gpu/mod.ts";
import type { Ticket } from "../../residency/mod.ts";
import type { GpuPool } from "../memory/gpu_pool.ts";
import type { TextureState } from "../texture_state.ts";

/** Content that goes into a slot. */
export interface JournaledTile {
  readonly texture: TextureState;
  readonly pool: GpuPool;
  readonly slot: number;
  readonly ticket: Ticket<unknown>;
}

/** Records content, a batch for each recorder and pool; of several for one slot the last. */
export function recordTiles(encoder: GPUCommandEncoder, tiles: readonly JournaledTile[]): void {
  const last = new Map<GpuPool, Map<number, JournaledTile>>();
  for (const tile of tiles) {
    if (!isCurrent(tile)) continue;
    let slots = last.get(tile.pool);
    if (slots === undefined) last.set(tile.pool, slots = new Map());
    slots.set(tile.slot, tile);
  }
  for (const [pool, slots] of last) {
    const batches = new Map<TileRecorder<unknown>, RecordedTile<unknown>[]>();
    for (const { slot, ticket, texture: { recorder } } of slots.values()) {
      let items = batches.get(recorder);
      if (items === undefined) batches.set(recorder, items = []);
      items.push({ slot, payload: ticket.payload });
    }
    for (const [recorder, items] of batches) recorder.record(encoder, pool.atlas, items);
  }
}

/** Whether a slot still waits for this content. */
export function isCurrent({ texture, pool, slot, ticket }: JournaledTile): boolean {
  return texture.residency.slotOf.get(ticket.tile) === slot &&
    pool.residency.slots.versionOf(slot) === ticket.version;
}
