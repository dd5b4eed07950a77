/**
 * Rows of texels from samples: values are scaled, alpha is divided out, and holes are marked.
 *
 * @module
 */

import { floatToHalf, halfToFloat } from "../../../../texels/mod.ts";
import { makeSampleArray, type SampleArray } from "../codecs/unpack_samples.ts";
import { rowTexelBytes } from "../../../row_source.ts";
import type { PaletteColors } from "./palette.ts";
import type { TiffRaster } from "./raster.ts";
import { PHOTOMETRIC, type TiffSamples } from "./samples.ts";

/** Texels whose samples were read. */
export interface SampledTexels {
  /** Chosen samples of each texel, alpha last; of a palette the entry's number, and alpha. */
  readonly values: SampleArray;
  /** Not 0 where there is data; null if there is no mask. */
  readonly mask: Uint8Array | null;
  readonly count: number;
}

/** Converts the texels of one picture. */
export class TexelRows {
  readonly #raster: TiffRaster;
  readonly #palette: PaletteColors | null;
  /** Samples of a texel that are read. */
  readonly #step: number;
  /** Whether stored values are subtracted from the largest. */
  readonly #isInverted: boolean;
  /** The most that a value of unsigned samples can be. */
  readonly #most: number;
  /** What alpha of 1 is stored as. */
  readonly #mostAlpha: number;
  /** Channels of colour or values. */
  readonly #bands: number;

  /**
   * Takes how a picture becomes texels.
   *
   * @param options `bits` are those of the samples as they are read; `isConverted` says that they are
   * colours already.
   */
  constructor(
    raster: TiffRaster,
    { palette, isConverted, bits }: {
      palette: PaletteColors | null;
      isConverted: boolean;
      bits: number;
    },
  ) {
    this.#raster = raster;
    this.#palette = palette;
    const { samples, alphaBand, bands } = raster;
    this.#bands = bands.length;
    this.#step = (palette === null ? bands.length : 1) + (alphaBand === null ? 0 : 1);
    const isUnsigned = samples.type === "unsigned" && bits <= 16;
    // Of several bands the numbers are values, and no shades.
    const isShade = samples.count - (samples.alpha === null ? 0 : 1) === 1;
    this.#isInverted = !isConverted && isUnsigned && isShade &&
      samples.photometric === PHOTOMETRIC.whiteIsZero;
    this.#most = isConverted ? 255 : 2 ** bits - 1;
    this.#mostAlpha = samples.type === "float"
      ? 1
      : samples.type === "signed"
      ? 2 ** (bits - 1) - 1
      : this.#most;
  }

  /** The bytes of rows. */
  convert(texels: SampledTexels): Uint8Array {
    const { format } = this.#raster;
    const holes = this.#holes(texels);
    const asTheyAre = holes === null ? this.#unchanged(texels) : null;
    if (asTheyAre !== null) return asTheyAre;
    const bytes = new Uint8Array(texels.count * rowTexelBytes(format));
    if (format.endsWith("8unorm")) this.#toUnorm(bytes, 255, { texels, holes });
    else if (format.endsWith("16unorm")) {
      this.#toUnorm(new Uint16Array(bytes.buffer), 65535, { texels, holes });
    } else this.#toFloats(new Float32Array(bytes.buffer), { texels, holes });
    return bytes;
  }

  /** The bytes of samples that are texels already, or lack only alpha; null of others. */
  #unchanged({ values, count }: SampledTexels): Uint8Array | null {
    const { format, isAssociated } = this.#raster;
    const isNumber = format.endsWith("8unorm")
      ? values instanceof Uint8Array && this.#most === 255
      : format.endsWith("16unorm")
      ? values instanceof Uint16Array && this.#most === 65535
      : false;
    if (!isNumber || this.#isInverted || isAssociated || this.#palette !== null) return null;
    const channels = rowTexelBytes(format) / values.BYTES_PER_ELEMENT;
    if (this.#step === channels) {
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    }
    if (this.#step !== 3) return null;
    const out = makeSampleArray(
      { bits: 8 * values.BYTES_PER_ELEMENT, type: "unsigned" },
      4 * count,
    );
    const one = this.#most;
    if (out instanceof Uint8Array) {
      withOpaqueAlpha(values as Uint8Array, new Uint32Array(out.buffer));
      return out;
    }
    for (let from = 0, to = 0; to < out.length; from += 3, to += 4) {
      out[to] = values[from]!;
      out[to + 1] = values[from + 1]!;
      out[to + 2] = values[from + 2]!;
      out[to + 3] = one;
    }
    return new Uint8Array(out.buffer);
  }

  /** 1 for texels without data; null if all have some. */
  #holes({ values, mask, count }: SampledTexels): Uint8Array | null {
    const { noData, samples } = this.#raster;
    const isFloat = samples.type === "float";
    if (noData === null && mask === null && !isFloat) return null;
    const holes = new Uint8Array(count);
    if (mask !== null) { for (let i = 0; i < count; i++) holes[i] = mask[i] === 0 ? 1 : 0; }
    const absent = noData === null ? null : storedNoData(noData, samples);
    if (absent === null && !isFloat) return holes;
    const bands = this.#palette === null ? this.#bands : 1;
    const step = this.#step;
    for (let texel = 0, at = 0; texel < count; texel++, at += step) {
      let missing = 0;
      for (let i = at; i < at + bands; i++) {
        const value = values[i]!;
        if (value === absent || value !== value) missing++;
      }
      if (isFloat ? missing > 0 : missing === bands) holes[texel] = 1;
    }
    return holes;
  }

  #toUnorm(
    out: Uint8Array | Uint16Array,
    one: number,
    { texels: { values, count }, holes }: { texels: SampledTexels; holes: Uint8Array | null },
  ): void {
    const { alphaBand, isAssociated } = this.#raster;
    const channels = out.length / count;
    const palette = this.#palette;
    const step = this.#step;
    const bands = this.#bands;
    const scaled = this.#scaledTo(one);
    const hasAlphaChannel = channels === 4;
    const isGrey = hasAlphaChannel && bands === 1;
    for (let texel = 0, at = 0, to = 0; texel < count; texel++, at += step, to += channels) {
      if (holes !== null && holes[texel] === 1) continue;
      let alpha = one;
      if (alphaBand !== null) alpha = scaled(values[at + step - 1]!, false);
      for (let band = 0; band < bands; band++) {
        const value = palette === null
          ? scaled(values[at + band]!, true)
          : palette.valueOf(values[at]!, this.#raster.bands[band]!);
        out[to + band] = !isAssociated
          ? value
          : alpha === 0
          ? 0
          : Math.min(one, Math.round(value * one / alpha));
      }
      if (isGrey) out[to + 1] = out[to + 2] = out[to]!;
      if (hasAlphaChannel && bands < 4) out[to + 3] = alpha;
    }
  }

  /** A function from stored values to normalised integers. */
  #scaledTo(one: number): (value: number, isColor: boolean) => number {
    const most = this.#most;
    const isInverted = this.#isInverted;
    if (most === one && !isInverted) return (value) => value;
    const scale = one / most;
    return (value, isColor) => {
      const stored = isInverted && isColor ? most - value : value;
      return Math.round(Math.min(most, Math.max(0, stored)) * scale);
    };
  }

  #toFloats(
    out: Float32Array,
    { texels: { values, count }, holes }: { texels: SampledTexels; holes: Uint8Array | null },
  ): void {
    const { alphaBand, isAssociated, samples } = this.#raster;
    const channels = out.length / count;
    const palette = this.#palette;
    const step = this.#step;
    const bands = this.#bands;
    const isShare = samples.type === "unsigned" && this.#most <= 65535;
    const scale = isShare ? this.#most : 1;
    const isGrey = channels === 4 && bands === 1;
    for (let texel = 0, at = 0, to = 0; texel < count; texel++, at += step, to += channels) {
      if (holes !== null && holes[texel] === 1) {
        for (let i = 0; i < channels; i++) out[to + i] = NaN;
        continue;
      }
      const alpha = alphaBand === null ? 1 : values[at + step - 1]! / this.#mostAlpha;
      for (let band = 0; band < bands; band++) {
        const stored = palette === null
          ? values[at + band]!
          : palette.valueOf(values[at]!, this.#raster.bands[band]!);
        const value = (this.#isInverted ? this.#most - stored : stored) / scale;
        out[to + band] = !isAssociated ? value : alpha === 0 ? 0 : value / alpha;
      }
      if (isGrey) out[to + 1] = out[to + 2] = out[to]!;
      if (channels === 4 && bands < 4) out[to + 3] = alpha;
    }
  }
}

/** Writes red, green, blue and an alpha of 1 of each texel: one number of 32 bits is faster than four of 8. */
function withOpaqueAlpha(colors: Uint8Array, out: Uint32Array): void {
  for (let from = 0, to = 0; to < out.length; from += 3, to++) {
    const color = colors[from]! | colors[from + 1]! << 8 | colors[from + 2]! << 16;
    out[to] = color | 0xff000000;
  }
}

/** The value for no data as samples hold it: floats of fewer bits than the number of the text. */
function storedNoData(noData: number, { type, bits }: TiffSamples): number {
  if (type !== "float" || bits > 32) return noData;
  return bits > 16 ? Math.fround(noData) : halfToFloat(floatToHalf(noData));
}
