/**
 * What blocks hold in the place of the colours that they are made from.
 *
 * @module
 */

import { checkedChoice } from "../../checks.ts";
import { UnsupportedError } from "../../errors.ts";
import type { TexelFormat } from "../../texels/mod.ts";

/**
 * What blocks hold:
 *
 * - `none`: the texels as they are;
 * - `ycocg`: Co in red, Cg in green, their scale in blue, and Y in alpha, of gamma-encoded colours
 *   (J.M.P. van Waveren and I. Castaño, "Real-Time YCoCg-DXT Compression", NVIDIA 2007). A region
 *   has one scale, 1 to 32.875, so that samplers may filter its texels before they are decoded;
 * - `ycocg_block_scale`: the same with a scale for each block, as published, but of as many scales as
 *   blue can hold instead of 1, 2 and 4. Texels must be decoded before they are filtered.
 *
 * A texel is decoded by scale = 1 + 255 blue / 8, Co = (red - 128 / 255) / scale,
 * Cg = (green - 128 / 255) / scale, and gives red = Y + Co - Cg, green = Y + Cg, blue = Y - Co - Cg.
 */
export type EncodeTransform = "none" | "ycocg" | "ycocg_block_scale";

/** Every {@linkcode EncodeTransform}. */
export const ENCODE_TRANSFORMS: readonly EncodeTransform[] = Object.freeze([
  "none",
  "ycocg",
  "ycocg_block_scale",
]);

/**
 * Checks the name of a transform for a format; undefined means `none`.
 *
 * @throws {InvalidArgumentError} if it is not a string.
 * @throws {OutOfRangeError} if there is no such transform.
 * @throws {UnsupportedError} if blocks of the format cannot hold it: YCoCg takes `bc3-rgba-unorm`.
 */
export function checkEncodeTransform(
  transform: string | undefined,
  format: TexelFormat,
): EncodeTransform {
  const choice = checkedChoice(transform ?? "none", {
    name: "transform",
    failure: "Cannot encode blocks",
    choices: ENCODE_TRANSFORMS,
  });
  if (choice === "none" || format === "bc3-rgba-unorm") return choice;
  throw new UnsupportedError(
    format,
    `Cannot encode blocks as format of transform ${choice} must be bc3-rgba-unorm: ` +
      `current value is ${format}`,
  );
}
