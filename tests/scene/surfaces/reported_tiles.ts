/**
 * The tiles that pictures report as wanted.
 *
 * @module
 */

import { Feedback } from "../../../src/gpu/mod.ts";
import { FeedbackLoop } from "../../../src/streaming/frame/feedback_loop.ts";
import type { StreamedTexture, VirtualTextureSystem } from "../../../src/streaming/mod.ts";

const firstKeys = new WeakMap<StreamedTexture, number>();
const heard = new Set<number>();

const add = FeedbackLoop.prototype.add;
FeedbackLoop.prototype.add = function (texture, base) {
  firstKeys.set(texture.handle, base);
  add.call(this, texture, base);
};
const takeFrames = Feedback.prototype.takeFrames;
Feedback.prototype.takeFrames = function () {
  const frames = takeFrames.call(this);
  for (const { keys } of frames) for (const key of keys) heard.add(key);
  return frames;
};

/** A tile by its place. */
export interface ReportedTile {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

/**
 * Draws pictures with updates in between, until most pixels have had a turn to report.
 *
 * @returns The tiles of a texture that were reported.
 */
export async function reportedTiles(
  system: VirtualTextureSystem,
  texture: StreamedTexture,
  { draw, frames = 8 }: { readonly draw: () => Promise<unknown>; readonly frames?: number },
): Promise<ReportedTile[]> {
  const update = () => system.update({ position: [0, 0, 1e6], viewport: [16, 16] });
  // What earlier pictures have reported arrives first.
  for (let frame = 0; frame < 4; frame++) await update();
  heard.clear();
  for (let frame = 0; frame < frames; frame++) {
    await draw();
    await update();
  }
  const base = firstKeys.get(texture)!;
  return [...heard].map((key) => key - base)
    .filter((tile) => tile >= 0 && tile < texture.grid.tileCount)
    .map((tile) => texture.grid.addressOf(tile));
}
