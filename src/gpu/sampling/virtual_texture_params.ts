/**
 * The uniform that the sampling shaders read: `vt_Params` of
 * shaders/sampling/virtual_texture_bindings.wgsl. Pure.
 *
 * @module
 */

import { checkedInteger, checkedNumber, checkOptionNames } from "../../checks.ts";
import { type Appearance, flippedAxes, USUAL_SWIZZLE } from "../../texels/mod.ts";
import { type TileGrid, type Wrap, wrapModes } from "../../tiles/mod.ts";
import { MAX_PLANES } from "./planes.ts";

/** Levels that the uniform has room for: those of a texture of 2^20 texels. */
const MAX_LEVELS = 21;

/** Words before the levels' first tiles. */
const HEADER_WORDS = 8;

/** Size of the uniform in bytes. */
export const VIRTUAL_TEXTURE_PARAMS_BYTES: number = (HEADER_WORDS + 4 * MAX_LEVELS) * 4;

/** Most taps along a footprint's longer axis. */
export const MAX_ANISOTROPY = 16;

/** Settings of one texture that may change while it is drawn. */
export interface SamplingSettings {
  /** Added to the hardware's level of detail; default 0. */
  readonly lodBias?: number;
  /** Rendered frames that a new tile takes to fade in; default 0: it shows at once. */
  readonly fadeFrames?: number;
  /** Most taps along a footprint's longer axis, 1 to {@linkcode MAX_ANISOTROPY}; default 1. */
  readonly maxAnisotropy?: number;
}

/** Where a texture's tiles lie. */
export interface VirtualTextureLayout {
  /** Texels around a slot's payload, 0 to 15. */
  readonly border: number;
  /** The page table is 2^tableShift texels wide, 0 to 15. */
  readonly tableShift: number;
  /** Key of the texture's first tile in the feedback. */
  readonly feedbackBase: number;
  /** Whether alpha is 1 whatever the texels say, of all planes or of each; default false. */
  readonly opaque?: boolean | readonly boolean[];
  /** How the texture goes on beyond its edges; default `"clamp"`. */
  readonly wrap?: Wrap;
  /** How its texels are meant; default as usual. */
  readonly appearance?: Appearance;
}

/** The uniform's bytes, in two views of one buffer. */
export class VirtualTextureParams {
  /** What is uploaded. */
  readonly bytes: ArrayBuffer = new ArrayBuffer(VIRTUAL_TEXTURE_PARAMS_BYTES);
  readonly #floats = new Float32Array(this.bytes);
  readonly #words = new Uint32Array(this.bytes);

  /**
   * Describes a texture with the default settings.
   *
   * @throws {OutOfRangeError} if the tile size is not a power of 2, or a value is out of its range.
   */
  constructor(grid: TileGrid, layout: VirtualTextureLayout) {
    const { border, tableShift, feedbackBase, opaque = false } = layout;
    const tileShift = Math.log2(grid.tileSize);
    checkBits("the logarithm of tileSize", tileShift, 15);
    checkBits("border", border, 15);
    checkBits("tableShift", tableShift, 15);
    let opaqueBits = 0;
    for (let plane = 0; plane < MAX_PLANES; plane++) {
      const isOpaque = typeof opaque === "boolean" ? opaque : opaque[plane] ?? false;
      opaqueBits |= Number(isOpaque) << plane;
    }
    const [repeatsU, repeatsV] = wrapModes(layout.wrap).map((mode) => Number(mode === "repeat"));
    const [flipsU, flipsV] = flippedAxes(layout.appearance).map(Number);
    this.#words[0] = grid.width - 1 | tileShift << 20 | opaqueBits << 24 | repeatsU! << 27 |
      tableShift << 28;
    this.#words[1] = grid.height - 1 | grid.levelCount - 1 << 20 | border << 25 | flipsU! << 29 |
      flipsV! << 30 | repeatsV! << 31;
    this.#words[5] = feedbackBase;
    this.#words[6] = appearanceWord(layout.appearance);
    for (const { level, firstTile } of grid.levels) {
      this.#words[HEADER_WORDS + 4 * level] = firstTile;
    }
    this.setSettings({});
  }

  /**
   * Sets what may change; values outside their ranges are clamped.
   *
   * @returns Whether the bytes have changed.
   */
  setSettings(settings: SamplingSettings): boolean {
    const { lodBias = 0, fadeFrames = 0, maxAnisotropy = 1 } = settings;
    const floats = this.#floats;
    const [factor, anisotropy, perFrame] = [floats[2], floats[3], floats[4]];
    floats[2] = 2 ** lodBias;
    floats[3] = Math.min(MAX_ANISOTROPY, Math.max(1, maxAnisotropy));
    floats[4] = 1 / Math.max(1, fadeFrames);
    return floats[2] !== factor || floats[3] !== anisotropy || floats[4] !== perFrame;
  }
}

/** Where channels come from in the order of their selectors. */
const SELECTORS = "rgba01";
const PREMULTIPLIED_BIT = 12;

/** The word that virtual_texture_appearance.wgsl reads. */
function appearanceWord(
  { swizzle = USUAL_SWIZZLE, premultiplied = false }: Appearance = {},
): number {
  const selectors = [...swizzle].map((channel, i) => SELECTORS.indexOf(channel) << 3 * i);
  return selectors.reduce((word, bits) => word | bits, Number(premultiplied) << PREMULTIPLIED_BIT);
}

const SETTING_NAMES = ["lodBias", "fadeFrames", "maxAnisotropy"] as const;

/**
 * Checks settings that a caller made.
 *
 * @throws {InvalidArgumentError} if a setting does not exist or is not a number.
 * @throws {OutOfRangeError} if one is NaN.
 */
export function checkSamplingSettings(settings: SamplingSettings): void {
  const failure = "Cannot set how virtual texture is sampled";
  checkOptionNames(settings, { failure, names: SETTING_NAMES });
  for (const name of SETTING_NAMES) {
    checkedNumber(settings[name] ?? 0, { name, failure, range: [-Infinity, Infinity] });
  }
}

function checkBits(name: string, value: number, most: number): void {
  checkedInteger(value, { name, failure: "Cannot sample virtual texture", range: [0, most] });
}
