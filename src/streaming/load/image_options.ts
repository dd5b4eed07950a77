/**
 * The options that choose an image of a file that has several.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";
import { IMAGE_OPTIONS, type ImageChoice } from "../../sources/mod.ts";

/** Options of loading one image of a file that has several; null counts as not given. */
export interface ImageOptions {
  /**
   * Layer of a KTX2 array, from 0. An array of one layer is loaded without it; with a file that is no
   * array, it is an error.
   */
  readonly layer?: number | null;
  /**
   * Face of a KTX2 cube map: 0 to 5 for +X, −X, +Y, −Y, +Z, −Z. With a file that is no cube map, it is
   * an error.
   */
  readonly face?: number | null;
  /**
   * Slice of a KTX2 file of a 3D texture, from 0; its mips are filtered from that slice. With a file that
   * is no 3D texture, it is an error.
   */
  readonly slice?: number | null;
}

/**
 * Checks each as far as is possible without the file.
 *
 * @throws {InvalidArgumentError} if one is not a number.
 * @throws {OutOfRangeError} if one is not an integer, or negative.
 */
export function checkImageOptions(options: ImageOptions, failure: string): void {
  for (const name of IMAGE_OPTIONS) {
    const value = options[name];
    if (value === undefined || value === null) continue;
    checkedInteger(value, { name, failure, range: [0, Number.MAX_SAFE_INTEGER] });
  }
}

/** The image that options name. */
export function imageChoiceOf(options: ImageOptions): ImageChoice {
  const given = IMAGE_OPTIONS.flatMap((name) => {
    const value = options[name];
    return value === undefined || value === null ? [] : [[name, value]];
  });
  return Object.fromEntries(given);
}

/**
 * Refuses a choice for something that is no KTX2 file.
 *
 * @param failure Says what could not be done with what.
 * @throws {OutOfRangeError} if an image is chosen.
 */
export function assertNoImageChoice(options: ImageOptions, failure: string): void {
  for (const name of IMAGE_OPTIONS) {
    const value = options[name];
    if (value === undefined || value === null) continue;
    throw new OutOfRangeError(
      name,
      `${failure} as it is no KTX2 file, so that ${name} must be left out: current value is ${value}`,
    );
  }
}
