/**
 * What a file says of how its texels are meant. Pure.
 *
 * @module
 */

import { checkedChoice, checkOptionNames } from "../checks.ts";

/**
 * Directions in which stored columns and rows run over the picture: `"rd"` right and down, as in most
 * files; `"ru"` right and up; `"ld"` left and down; `"lu"` left and up.
 */
export type Orientation = "rd" | "ru" | "ld" | "lu";

/** Every {@linkcode Orientation}. */
export const ORIENTATIONS: readonly Orientation[] = Object.freeze(["rd", "ru", "ld", "lu"]);

/** How texels are meant that are stored in any other way than usual; what is absent is as usual. */
export interface Appearance {
  /** How stored columns and rows run over the picture; default `"rd"`. */
  readonly orientation?: Orientation;
}

const NAMES: readonly (keyof Appearance)[] = ["orientation"];

/**
 * Checks what is said of texels.
 *
 * @throws {InvalidArgumentError} if it is not an object, or something is of the wrong type or not known.
 * @throws {OutOfRangeError} if a value is not allowed.
 */
export function checkedAppearance(appearance: Appearance, failure: string): Appearance {
  checkOptionNames(appearance, { failure, names: NAMES });
  const { orientation } = appearance;
  if (orientation !== undefined) {
    checkedChoice(orientation, { name: "orientation", failure, choices: ORIENTATIONS });
  }
  return appearance;
}

/** Whether stored columns run against the picture's, and stored rows. */
export function flippedAxes(
  { orientation = "rd" }: Appearance = {},
): readonly [u: boolean, v: boolean] {
  return [orientation[0] === "l", orientation[1] === "u"];
}
