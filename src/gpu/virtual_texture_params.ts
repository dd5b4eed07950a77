/**
 * The uniform that the sampling shaders read, as shaders/virtual_texture_bindings.wgsl declares it.
 * Pure.
 *
 * @module
 */

import type { TileGrid } from "../tiles/mod.ts";

/** Levels that the uniform has room for: those of a texture of 2^20 texels. */
const MAX_LEVELS = 21;

/** Words before the levels' first entries. */
const HEADER_WORDS = 20;

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

/** Size and slots of an atlas layer. */
export interface AtlasShape {
  /** Edge of a slot in texels. */
  readonly slotTexels: number;
  /** Texels around a slot's payload. */
  readonly border: number;
  /** Slots in a row and in a column of a layer. */
  readonly plan: { readonly gridX: number; readonly gridY: number };
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
  readonly #grid: TileGrid;

  /**
   * Describes a texture; call `write` before the first use.
   *
   * @param tableShift The page table is 2^tableShift texels wide.
   * @param feedbackBase Key of the texture's first page-table entry in the feedback.
   */
  constructor(grid: TileGrid, tableShift: number, feedbackBase: number) {
    this.#grid = grid;
    this.#floats.set([grid.width, grid.height], 0);
    this.#floats.set([grid.tileSize, 1 / grid.tileSize], 8);
    this.#words.set([grid.levelCount - 1, tableShift, 2 ** tableShift - 1], 12);
    this.#words[18] = feedbackBase;
    for (const { level, firstEntry } of grid.levels) {
      this.#words[HEADER_WORDS + 4 * level] = firstEntry;
    }
    this.setFrame({ frame: 0 });
  }

  /** Sets what depends on the atlas. */
  setAtlas(atlas: AtlasShape): void {
    const { slotTexels, border, plan } = atlas;
    this.#floats.set([1 / (plan.gridX * slotTexels), 1 / (plan.gridY * slotTexels)], 4);
    this.#words.set([plan.gridX, plan.gridY], 6);
    this.#floats.set([slotTexels, border], 10);
  }

  /** Sets what depends on the frame; values outside their ranges are clamped. */
  setFrame(settings: SamplingSettings): void {
    const { frame, lodBias = 0, fadeFrames = 0, maxAnisotropy = 1 } = settings;
    const scale = 2 ** lodBias;
    this.#floats.set([this.#grid.width * scale, this.#grid.height * scale], 2);
    this.#floats[15] = Math.min(MAX_ANISOTROPY, Math.max(1, maxAnisotropy));
    this.#words[16] = frame;
    this.#floats[17] = 1 / Math.max(1, fadeFrames);
    this.#words[19] = feedbackPixel(frame);
  }
}
