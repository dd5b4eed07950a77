/**
 * The options that choose a page and bands of a picture.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import { checkedPictureChoice, type PictureChoiceOptions } from "../../sources/mod.ts";

/** Options of loading some of a picture; null counts as not given. */
export interface PictureOptions {
  /**
   * Page of a TIFF picture, from 0: pictures in full resolution count, thumbnails and masks do not.
   * Default: the first, or the picture of which that is a thumbnail. With other files it is an error.
   */
  readonly page?: number | null;
  /**
   * One to four bands of a picture in the order that is wanted, numbered from 1, such as `[3, 2, 1]`;
   * one may be named twice. A fourth is alpha. Default: its colours and alpha, or the first three
   * bands. With files that are no pictures it is an error.
   */
  readonly bands?: readonly number[] | null;
}

/** Names of the options. */
const NAMES = ["page", "bands"] as const;

/** What of a picture the options name. */
export function pictureChoiceOf(options: PictureOptions): PictureChoiceOptions {
  const { page, bands } = options;
  return {
    ...(page === undefined || page === null ? {} : { page }),
    ...(bands === undefined || bands === null ? {} : { bands }),
  };
}

/**
 * Checks the options as far as is possible without the picture.
 *
 * @throws {InvalidArgumentError} if one is of the wrong type.
 * @throws {OutOfRangeError} if no picture has such a page or band, or too many bands are named.
 */
export function checkPictureOptions(options: PictureOptions, failure: string): void {
  checkedPictureChoice(options, failure);
}

/**
 * Refuses a choice for something that is no picture.
 *
 * @param failure Says what could not be done with what.
 * @throws {UnsupportedError} if a page or bands are chosen.
 */
export function assertNoPictureChoice(options: PictureOptions, failure: string): void {
  for (const name of NAMES) {
    const value = options[name];
    if (value === undefined || value === null) continue;
    throw new UnsupportedError(
      name,
      `${failure} as it is no picture, so that ${name} must be left out: current value is ${value}`,
    );
  }
}
