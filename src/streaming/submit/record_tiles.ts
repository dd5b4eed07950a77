/**
 * Recording the content of tiles into their slots.
 *
 * @module
 */

import { asDeviceError, type RecordedTile, type TileRecorder } from "../../gpu/mod.ts";
import type { Ticket } from "../../residency/mod.ts";
import type { GpuPool } from "../memory/gpu_pool.ts";
import type { FrameProfile } from "../frame/frame_profile.ts";
import type { TextureState } from "../texture_state.ts";

/** Content that goes into a slot. */
export interface JournaledTile {
  readonly texture: TextureState;
  readonly pool: GpuPool;
  readonly slot: number;
  readonly ticket: Ticket<unknown>;
}

/** What one recorder records into one pool. */
interface Batch {
  readonly pool: GpuPool;
  readonly recorder: TileRecorder<unknown>;
  /** Of the texture, or the first of those that share the recorder. */
  readonly name: string;
  /** Through how many textures the content is made from tiles of others. */
  readonly depth: number;
  readonly items: RecordedTile<unknown>[];
}

/**
 * Records content, a batch for each recorder and pool; of several for one slot the last. What others may be
 * made from comes first.
 *
 * @param profile Counts the tiles.
 * @throws {DeviceError} with what a recorder throws as its cause, and the texture's name.
 */
export function recordTiles(
  encoder: GPUCommandEncoder,
  tiles: readonly JournaledTile[],
  profile: FrameProfile,
): void {
  const batches = batchesOf(tiles, profile).sort((a, b) => a.depth - b.depth);
  for (const { pool, recorder, name, items } of batches) {
    try {
      recorder.record(encoder, pool.atlas, items);
    } catch (cause) {
      throw asDeviceError(cause, `recording tiles of ${name}`);
    }
  }
}

function batchesOf(tiles: readonly JournaledTile[], profile: FrameProfile): Batch[] {
  const last = new Map<GpuPool, Map<number, JournaledTile>>();
  for (const tile of tiles) {
    if (!isCurrent(tile)) continue;
    let slots = last.get(tile.pool);
    if (slots === undefined) last.set(tile.pool, slots = new Map());
    slots.set(tile.slot, tile);
  }
  return [...last].flatMap(([pool, slots]) => {
    const batches = new Map<TileRecorder<unknown>, Batch>();
    for (const { slot, ticket, texture } of slots.values()) {
      const { recorder, producer, description: { name } } = texture;
      profile.count(texture.draws(ticket.payload) ? "tilesDrawn" : "tilesUploaded", 1);
      let batch = batches.get(recorder);
      if (batch === undefined) {
        const depth = producer.depthIn?.(null) ?? 0;
        batches.set(recorder, batch = { pool, recorder, name, depth, items: [] });
      }
      batch.items.push({ slot, payload: ticket.payload });
    }
    return [...batches.values()];
  });
}

/** Whether a slot still waits for this content. */
export function isCurrent({ texture, pool, slot, ticket }: JournaledTile): boolean {
  return texture.residency.slotOf.get(ticket.tile) === slot &&
    pool.residency.slots.versionOf(slot) === ticket.version;
}
