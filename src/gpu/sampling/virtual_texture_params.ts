/**
 * The uniform that the sampling shaders read, as shaders/sampling/virtual_texture_bindings.wgsl declares it.
 * Pure.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import type { TileGrid } from "../../tiles/mod.ts";

/** Levels that the uniform has room for: those of a texture of 2^20 texels. */
const MAX_LEVELS = 21;

/** Words before the levels' first entries. */
const HEADER_WORDS = 8;

/** Size of the uniform in bytes. */
export const VIRTUAL_TEXTURE_PARAMS_BYTES: number = (HEADER_WORDS + 4 * MAX_LEVELS) * 4;

/** Pixels of the feedback's cells, which write in turn: 8 by 8. */
export const FEEDBACK_CELL_PIXELS = 64;

/** Most taps along a footprint's longer axis. */
export const MAX_ANISOTROPY = 16;

/** Settings that may change from frame to frame. */
export interface SamplingSettings {
  /**
   * Number of the frame that is drawn next, counted as the slots' birth frames are. It also decides
   * which pixels write feedback.
   */
  readonly frame: number;
  /** Added to the hardware's level of detail; default 0. */
  readonly lodBias?: number;
  /** Rendered frames that a new tile takes to fade in; default 0: it shows at once. */
  readonly fadeFrames?: number;
  /** Most taps along a footprint's longer axis, 1 to {@linkcode MAX_ANISOTROPY}; default 1. */
  readonly maxAnisotropy?: number;
}

/** Where a texture's tiles lie. */
export interface VirtualTextureLayout {
  /** Texels around a slot's payload, 0 to 127. */
  readonly border: number;
  /** The page table is 2^tableShift texels wide, 0 to 15. */
  readonly tableShift: number;
  /** Key of the texture's first page-table entry in the feedback. */
  readonly feedbackBase: number;
  /** Whether alpha is 1 whatever the texels say; default false. */
  readonly opaque?: boolean;
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

/** The uniform's bytes, in two views of one buffer. */
export class VirtualTextureParams {
  /** What is uploaded. */
  readonly bytes: ArrayBuffer = new ArrayBuffer(VIRTUAL_TEXTURE_PARAMS_BYTES);
  readonly #floats = new Float32Array(this.bytes);
  readonly #words = new Uint32Array(this.bytes);

  /**
   * Describes a texture; call `write` before the first use.
   *
   * @throws {OutOfRangeError} if the tile size is not a power of 2, or a value is out of its range.
   */
  constructor(grid: TileGrid, layout: VirtualTextureLayout) {
    const { border, tableShift, feedbackBase, opaque = false } = layout;
    const tileShift = Math.log2(grid.tileSize);
    checkBits("the logarithm of tileSize", tileShift, 15);
    checkBits("border", border, 127);
    checkBits("tableShift", tableShift, 15);
    this.#words[0] = grid.width - 1 | tileShift << 20 | Number(opaque) << 24 |
      tableShift << 28;
    this.#words[1] = grid.height - 1 | grid.levelCount - 1 << 20 | border << 25;
    this.#words[6] = feedbackBase;
    for (const { level, firstTile } of grid.levels) {
      this.#words[HEADER_WORDS + 4 * level] = firstTile;
    }
    this.setFrame({ frame: 0 });
  }

  /** Sets what depends on the frame; values outside their ranges are clamped. */
  setFrame(settings: SamplingSettings): void {
    const { frame, lodBias = 0, fadeFrames = 0, maxAnisotropy = 1 } = settings;
    this.#floats[2] = 2 ** lodBias;
    this.#floats[3] = Math.min(MAX_ANISOTROPY, Math.max(1, maxAnisotropy));
    this.#words[4] = frame;
    this.#floats[5] = 1 / Math.max(1, fadeFrames);
    this.#words[7] = feedbackPixel(frame);
  }
}

function checkBits(name: string, value: number, most: number): void {
  checkedInteger(value, { name, failure: "Cannot sample virtual texture", range: [0, most] });
}
