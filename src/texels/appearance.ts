/**
 * What a file says of how its texels are meant. Pure.
 *
 * @module
 */

import { checkedBoolean, checkedChoice, checkedString, checkOptionNames } from "../checks.ts";
import { OutOfRangeError } from "../errors.ts";

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
  /**
   * Where red, green, blue and alpha come from: four of `r`, `g`, `b`, `a`, `0` and `1`; default `"rgba"`.
   */
  readonly swizzle?: string;
  /** Whether colours are stored multiplied by alpha; default false. */
  readonly premultiplied?: boolean;
  /** Name of the transfer function where it is neither sRGB's nor none; texels are as it left them. */
  readonly transfer?: string;
  /** Name of the colour primaries where they are not those of BT.709 and sRGB; texels are of them. */
  readonly primaries?: string;
}

const NAMES: readonly (keyof Appearance)[] = [
  "orientation",
  "swizzle",
  "premultiplied",
  "transfer",
  "primaries",
];

/** What is true of texels that are as usual. */
export const USUAL_SWIZZLE = "rgba";

/** Whether a text says where each channel comes from. */
export function isSwizzle(text: unknown): text is string {
  return typeof text === "string" && /^[rgba01]{4}$/.test(text);
}

/**
 * Checks what is said of texels.
 *
 * @throws {InvalidArgumentError} if it is not an object, or something is of the wrong type or not known.
 * @throws {OutOfRangeError} if a value is not allowed.
 */
export function checkedAppearance(appearance: Appearance, failure: string): Appearance {
  checkOptionNames(appearance, { failure, names: NAMES, name: "appearance" });
  const { orientation = "rd", swizzle = USUAL_SWIZZLE, premultiplied = false } = appearance;
  const { transfer = "", primaries = "" } = appearance;
  checkedChoice(orientation, { name: "orientation", failure, choices: ORIENTATIONS });
  checkedString(swizzle, { name: "swizzle", failure });
  if (!isSwizzle(swizzle)) {
    throw new OutOfRangeError(
      "swizzle",
      `${failure} as swizzle must be four of r, g, b, a, 0 and 1: current value is "${swizzle}"`,
    );
  }
  checkedBoolean(premultiplied, { name: "premultiplied", failure });
  checkedString(transfer, { name: "transfer", failure });
  checkedString(primaries, { name: "primaries", failure });
  return appearance;
}

/** Whether stored columns run against the picture's, and stored rows. */
export function flippedAxes(
  { orientation = "rd" }: Appearance = {},
): readonly [u: boolean, v: boolean] {
  return [orientation[0] === "l", orientation[1] === "u"];
}

/** A text that is the same for texels that are meant in the same way; empty for those as usual. */
export function appearanceText(appearance: Appearance = {}): string {
  const { orientation = "rd", swizzle = USUAL_SWIZZLE, premultiplied, transfer, primaries } =
    appearance;
  return [
    orientation === "rd" ? null : `orientation ${orientation}`,
    swizzle === USUAL_SWIZZLE ? null : `swizzle ${swizzle}`,
    premultiplied ? "premultiplied alpha" : null,
    transfer ? `transfer function ${transfer}` : null,
    primaries ? `primaries ${primaries}` : null,
  ].filter((part) => part !== null).join(", ");
}

/**
 * The stored channel that colours are to be weighted by while texels are filtered: alpha's; null where
 * alpha is constant, or colours are multiplied by it already.
 *
 * @param channels Channels of a stored texel; of four, the last is alpha.
 */
export function weighingAlpha(
  { swizzle = USUAL_SWIZZLE, premultiplied = false }: Appearance = {},
  channels: number,
): number | null {
  const alpha = USUAL_SWIZZLE.indexOf(swizzle[3]!);
  return premultiplied || alpha < 0 || alpha >= channels ? null : alpha;
}
