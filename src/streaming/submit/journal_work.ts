/**
 * What a journal has written down.
 *
 * @module
 */

import type { PageEdit } from "../../residency/mod.ts";
import type { GpuPool } from "../memory/gpu_pool.ts";
import type { TextureState } from "../texture_state.ts";
import type { JournaledTile } from "./record_tiles.ts";

/** A pool that moves to another atlas. It belongs in the same submit, before everything else. */
export interface JournaledMove {
  readonly pool: GpuPool;
  record(encoder: GPUCommandEncoder): void;
  /** Called right after the submit. */
  submitted(): void;
  /** Called if the submit has failed; it is recorded again. */
  failed(): void;
  /** Called when it is over: the submit is known to be valid, or the pool is gone. */
  finished(): void;
}

/** The edits of one table, in the order in which they were made. */
export interface JournaledEdits {
  readonly texture: TextureState;
  readonly edits: readonly PageEdit[];
}

/** What is written down, each in its order. */
export interface Work {
  moves: JournaledMove[];
  tiles: JournaledTile[];
  edits: JournaledEdits[];
}

export function noWork(): Work {
  return { moves: [], tiles: [], edits: [] };
}

/** What is left of work without a texture, whose tiles give their memory back. */
export function workWithout(texture: TextureState, { moves, tiles, edits }: Work): Work {
  for (const tile of tiles) if (tile.texture === texture) tile.ticket.release();
  return {
    moves,
    tiles: tiles.filter((tile) => tile.texture !== texture),
    edits: edits.filter((edit) => edit.texture !== texture),
  };
}

/** Staging and scratch memory that recording a tile takes. */
export function scratchOfTile({ texture: { recorder }, ticket }: JournaledTile): number {
  const { cost: { scratchBytes } } = recorder;
  const ofTile = recorder.scratchBytesOf?.(ticket.payload) ?? scratchBytes;
  return Math.min(scratchBytes, ofTile);
}

/** Staging and scratch memory that recording tiles takes. */
export function scratchOf(tiles: readonly JournaledTile[]): number {
  return tiles.reduce((bytes, tile) => bytes + scratchOfTile(tile), 0);
}

/** Tiles that recording it draws, instead of uploading them. */
export function drawnTilesOf({ tiles }: Work): number {
  return tiles.filter(({ texture, ticket }) => texture.draws(ticket.payload)).length;
}
