/**
 * The options that choose a page and bands of a picture.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import { checkedPictureChoice, type PictureChoiceOptions } from "../../sources/mod.ts";

/** The options, for the parser. */
export const PICTURE_OPTIONS = {
  bands: { type: "string" },
  page: { type: "string" },
} as const;

/**
 * What of a picture the options name.
 *
 * @throws {InvalidArgumentError} or {@linkcode OutOfRangeError} if it is no page, or are no bands.
 */
export function pictureChoiceOption(
  { bands, page }: { readonly bands?: string | undefined; readonly page?: string | undefined },
  failure: string,
): PictureChoiceOptions {
  const numbers = bands?.split(",").map(numberOf);
  const choice = checkedPictureChoice({
    ...(numbers === undefined ? {} : { bands: numbers }),
    ...(page === undefined ? {} : { page: numberOf(page) }),
  }, failure);
  return {
    ...(choice.page === null ? {} : { page: choice.page }),
    ...(choice.bands === null ? {} : { bands: choice.bands }),
  };
}

/**
 * Refuses a choice for a file that is no picture.
 *
 * @param failure Says what could not be done with what.
 * @throws {UnsupportedError} if a page or bands are chosen.
 */
export function assertNoPictureOption(choice: PictureChoiceOptions, failure: string): void {
  for (const option of ["page", "bands"] as const) {
    if (choice[option] === undefined) continue;
    throw new UnsupportedError(
      option,
      `${failure} as it is no picture, so that --${option} must be left out: current value is ` +
        `${choice[option]}`,
    );
  }
}

/** A number, or the text itself where it is none, so that messages show it. */
function numberOf(text: string): unknown {
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number) ? text : number;
}
