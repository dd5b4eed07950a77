/**
 * Lets tests see what a system keeps to itself: tables, slots and mappings of its textures.
 *
 * @module
 */

import { FeedbackLoop } from "../../src/streaming/frame/feedback_loop.ts";
import type { StreamedTexture } from "../../src/streaming/mod.ts";
import type { TextureState } from "../../src/streaming/texture_state.ts";

const states = new WeakMap<StreamedTexture, TextureState>();

const addToLoop = FeedbackLoop.prototype.add;
// Every texture of every system is handed to its feedback loop once, when it is loaded.
FeedbackLoop.prototype.add = function (texture: TextureState, base: number): void {
  states.set(texture.handle, texture);
  addToLoop.call(this, texture, base);
};

/** What its system keeps of a texture. */
export function insideOf(texture: StreamedTexture): TextureState {
  return states.get(texture)!;
}
