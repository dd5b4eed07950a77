/**
 * The buffer of a pool that holds the frame in which each slot got its content, headed by what
 * changes with each frame: `vt_SlotFrames` of shaders/sampling/virtual_texture_bindings.wgsl. Pure.
 *
 * The head is here and not in the textures' uniforms, so that a frame writes it once for each pool.
 *
 * @module
 */

/** Words before the frame of the first slot. */
export const SLOT_FRAMES_HEADER_WORDS = 2;

/** Pixels of the feedback's cells, which write in turn: 8 by 8. */
export const FEEDBACK_CELL_PIXELS = 64;

/** Size in bytes of the buffer for a number of slots. */
export function slotFramesBytes(slots: number): number {
  return 4 * (SLOT_FRAMES_HEADER_WORDS + Math.max(1, slots));
}

/**
 * The head of the buffer, to be written at offset 0.
 *
 * @param frame Number of the frame that is drawn next, counted as the slots' birth frames are. It
 * also decides which pixels write feedback.
 */
export function slotFramesHeader(frame: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.of(frame, feedbackPixel(frame));
}

/**
 * Which pixel of each 8×8 cell writes feedback in a frame, as x + 8 · y. 64 frames visit every
 * pixel once, and any four in a row each quarter of the cell (the order of Bayer's matrix).
 */
export function feedbackPixel(frame: number): number {
  let x = 0;
  let y = 0;
  for (let bit = 0; bit < 3; bit++) {
    const quarter = (frame >>> (2 * bit)) & 3;
    x |= ((quarter ^ (quarter >> 1)) & 1) << (2 - bit);
    y |= (quarter & 1) << (2 - bit);
  }
  return x + 8 * y;
}
