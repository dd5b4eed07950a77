/**
 * The GPU half of a producer: puts finished work into slots of an atlas.
 *
 * The other half is `TileProducer` in `residency/`. A recorder of block bytes copies them; one of a
 * runtime virtual texture draws and encodes. A recorder never touches the page table.
 *
 * @module
 */

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
  /** Bytes of its own memory that {@linkcode TileRecorder.record} may use now. */
  readonly availableBytes: number;
  /** Bytes of that memory that one tile of an atlas takes. */
  bytesFor(atlas: Atlas): number;
  /** Records a batch. The encoder must be part of the device's next submit. */
  record(
    encoder: GPUCommandEncoder,
    atlas: Atlas,
    items: readonly RecordedTile<Payload>[],
  ): void;
}
