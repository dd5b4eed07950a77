/**
 * What a supply hands out next.
 *
 * @module
 */

import type { TileCost } from "../../residency/mod.ts";
import type { TextureState } from "../texture_state.ts";

/** Finished tiles that are handed out next, all of one kind. */
export interface FinishedTiles {
  /** How many there are at most, failures included. */
  readonly count: number;
  /** Whether they are drawn instead of uploaded. */
  readonly isDrawn: boolean;
  /** What each costs. */
  readonly cost: TileCost;
}

/** The next ones of a texture: those that are uploaded come before those that are drawn. */
export function nextFinishedTiles(
  { recorder, producer, isDrawn }: Pick<TextureState, "recorder" | "producer" | "isDrawn">,
): FinishedTiles {
  const { finishedUploads = 0 } = producer;
  if (finishedUploads > 0 && recorder.uploadCost !== undefined) {
    return { count: finishedUploads, isDrawn: false, cost: recorder.uploadCost };
  }
  return { count: producer.finishedCount, isDrawn, cost: recorder.cost };
}
