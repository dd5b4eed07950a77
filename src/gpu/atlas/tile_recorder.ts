/**
 * The GPU half of a supply: puts finished work into slots of an atlas.
 *
 * The other half is `TileProducer` in `residency/`. A recorder of block bytes copies them; one of a
 * runtime virtual texture draws and encodes. A recorder never touches the page table.
 *
 * @module
 */

import type { TileCost } from "../../residency/mod.ts";
import type { Atlas } from "./atlas.ts";

/** Finished work and the slot that it goes into. */
export interface RecordedTile<Payload> {
  /** Where it goes. */
  readonly slot: number;
  /** What the producer's ticket carries. */
  readonly payload: Payload;
}

/** Records batches of finished work. */
export interface TileRecorder<Payload> {
  /** What one tile costs at most; may change from frame to frame. */
  readonly cost: TileCost;
  /** Scratch bytes of one tile, at most those of {@linkcode cost}; default these. */
  scratchBytesOf?(payload: Payload): number;
  /** What a tile costs that is uploaded although others are drawn; left out where there are none. */
  readonly uploadCost?: TileCost;
  /** Whether a tile is uploaded although others are drawn; left out for never. */
  isUploaded?(payload: Payload): boolean;
  /** The part that its memory counts as: `staging` for uploads, `scratch` for drawing. */
  readonly memory: "staging" | "scratch";
  /** Bytes of that memory, counted in the system's ledger, that `record` may use now. */
  readonly availableBytes: number;
  /**
   * Records a batch: every plane of every tile. The encoder must be part of the device's next
   * submit. The same batch may be recorded again if that submit fails, or if this throws: what is
   * thrown becomes the cause of a `DeviceError`.
   */
  record(
    encoder: GPUCommandEncoder,
    atlas: Atlas,
    items: readonly RecordedTile<Payload>[],
  ): void;
}
