/**
 * Colours of luma and chroma of 8 bits (TIFF 6.0, sections 20 and 21).
 *
 * JPEG data is converted by its decoder; for all other data the picture decoder takes luma and chroma for
 * red, green and blue.
 *
 * @module
 */

import { malformedPicture } from "../../headers/picture_header.ts";
import type { TiffDirectory } from "../tiff_directory.ts";

/** Tags of fields. */
const TAG = { coefficients: 529, reference: 532 } as const;
/** Shares of red, green and blue in luma, by default those of CCIR 601-1. */
const COEFFICIENTS = [0.299, 0.587, 0.114] as const;
/** What is stored for black and white of luma, and for 0 and the most of both chromas. */
const REFERENCE = [0, 255, 128, 255, 128, 255] as const;
/** Of chroma from 0 to the most (section 21, ReferenceBlackWhite). */
const CHROMA_RANGE = 127;

/** Converts the texels of one directory. */
export class YcbcrColors {
  readonly #coefficients: readonly number[];
  readonly #reference: readonly number[];

  private constructor(coefficients: readonly number[], reference: readonly number[]) {
    this.#coefficients = coefficients;
    this.#reference = reference;
  }

  /**
   * Reads what the samples stand for.
   *
   * @throws {MalformedFileError} if they stand for no colours.
   */
  static async ofDirectory(name: string, directory: TiffDirectory): Promise<YcbcrColors> {
    const coefficients = await directory.fractions(TAG.coefficients, 3);
    const reference = await directory.fractions(TAG.reference, 6);
    const [red, green, blue] = coefficients.length < 3 ? COEFFICIENTS : coefficients;
    const [black, white, ...chroma] = reference.length < 6 ? REFERENCE : reference;
    const isRight = [red, blue].every((share) => share! >= 0 && share! < 1) && green! > 0 &&
      white !== black && chroma[0] !== chroma[1] && chroma[2] !== chroma[3] &&
      [green!, white!, black!, ...chroma].every(Number.isFinite);
    if (isRight) {
      return new YcbcrColors([red!, green!, blue!], [black!, white!, ...chroma]);
    }
    throw malformedPicture(
      name,
      `its luma must be made of shares of red, green and blue, and its reference values must differ: ` +
        `they are ${coefficients.join(", ")} and ${reference.join(", ")}`,
    );
  }

  /**
   * Converts texels in place.
   *
   * @param texels Luma, blue and red chroma of each, and what `step` leaves room for.
   * @param step Samples of a texel.
   */
  convert(texels: Uint8Array, step: number): void {
    const [red, green, blue] = this.#coefficients as [number, number, number];
    const [black, white, blueZero, blueMost, redZero, redMost] = this.#reference as [
      ...[number, number, number, number, number, number],
    ];
    const ofLuma = 255 / (white - black);
    const ofBlue = (2 - 2 * blue) * CHROMA_RANGE / (blueMost - blueZero);
    const ofRed = (2 - 2 * red) * CHROMA_RANGE / (redMost - redZero);
    const colors = new Uint8ClampedArray(3);
    for (let at = 0; at < texels.length; at += step) {
      const luma = (texels[at]! - black) * ofLuma;
      const r = luma + (texels[at + 2]! - redZero) * ofRed;
      const b = luma + (texels[at + 1]! - blueZero) * ofBlue;
      colors[0] = r;
      colors[1] = (luma - red * r - blue * b) / green;
      colors[2] = b;
      texels.set(colors, at);
    }
  }
}

/**
 * Luma and chroma of each texel, of units of texels that share chroma (section 21, YCbCrSubSampling).
 *
 * @param units Rows of units: the luma of their texels, row by row, then blue and red chroma.
 * @param subsampling Texels of a unit, across and down.
 */
export function spreadUnits(
  units: Uint8Array,
  { width, height, subsampling: [across, down] }: {
    readonly width: number;
    readonly height: number;
    readonly subsampling: readonly [across: number, down: number];
  },
): Uint8Array {
  const texels = new Uint8Array(3 * width * height);
  const columns = Math.ceil(width / across);
  const unitBytes = across * down + 2;
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.floor(y / down) * columns;
    const inUnit = y % down * across;
    for (let x = 0; x < width; x++, to += 3) {
      const unit = (row + Math.floor(x / across)) * unitBytes;
      texels[to] = units[unit + inUnit + x % across]!;
      texels[to + 1] = units[unit + unitBytes - 2]!;
      texels[to + 2] = units[unit + unitBytes - 1]!;
    }
  }
  return texels;
}
