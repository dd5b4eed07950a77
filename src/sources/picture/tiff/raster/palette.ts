/**
 * Palettes of TIFF files (TIFF 6.0, section 5).
 *
 * @module
 */

import { malformedPicture } from "../../headers/picture_header.ts";
import type { TiffDirectory } from "../tiff_directory.ts";

const COLOR_MAP_TAG = 320;

/** The colours of a palette, of 8 bits. */
export class PaletteColors {
  /** Whether red, green and blue are the same in every entry. */
  readonly isGrey: boolean;
  /** All reds, then all greens, then all blues. */
  readonly #values: Uint8Array;
  readonly #entries: number;

  private constructor(values: Uint8Array, isGrey: boolean) {
    this.#values = values;
    this.#entries = values.length / 3;
    this.isGrey = isGrey;
  }

  /**
   * Reads the palette of a directory.
   *
   * @param bits Bits of an entry's number.
   * @throws {MalformedFileError} if entries are missing.
   */
  static async ofDirectory(
    name: string,
    directory: TiffDirectory,
    bits: number,
  ): Promise<PaletteColors> {
    const entries = 2 ** Math.min(bits, 16);
    const stored = await directory.numbers(COLOR_MAP_TAG, 3 * entries);
    if (stored.length < 3 * entries) {
      throw malformedPicture(
        name,
        `its palette must have ${3 * entries} values: it has ${stored.length}`,
      );
    }
    // Old writers gave 8 bits.
    const isNarrow = stored.every((value) => value < 256);
    const values = Uint8Array.from(stored, (value) => isNarrow ? value : value >> 8);
    let isGrey = true;
    for (let i = 0; i < entries && isGrey; i++) {
      isGrey = stored[i] === stored[entries + i] && stored[i] === stored[2 * entries + i];
    }
    return new PaletteColors(values, isGrey);
  }

  /**
   * Red (0), green (1) or blue (2) of an entry.
   *
   * @param entry Its number; those of fewer bits than entries are always there.
   */
  valueOf(entry: number, part: number): number {
    return this.#values[part * this.#entries + entry]!;
  }
}
