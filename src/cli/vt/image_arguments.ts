/**
 * The options `--layer`, `--face` and `--slice`.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import type { ImageChoice } from "../../sources/mod.ts";

/** Their definitions for {@linkcode parseCommandLine}. */
export const IMAGE_ARGUMENTS = {
  layer: { type: "string" },
  face: { type: "string" },
  slice: { type: "string" },
} as const;

/** Their lines of a help text. */
export const IMAGE_HELP =
  `  --layer N, --face N, --slice N   the image of a KTX2 file with several: a layer of an array, a face
                            of a cube map (0 to 5 for +X, -X, +Y, -Y, +Z, -Z), a slice of a 3D
                            texture, all from 0`;

/**
 * The image that options name.
 *
 * @throws {OutOfRangeError} if one is not an integer from 0 on.
 */
export function imageArguments(
  values: { readonly [name in keyof ImageChoice]?: string | undefined },
  failure: string,
): ImageChoice {
  const given = (["layer", "face", "slice"] as const).flatMap((name) => {
    const text = values[name];
    if (text === undefined) return [];
    if (/^\d{1,10}$/.test(text)) return [[name, Number(text)]];
    throw new OutOfRangeError(
      `--${name}`,
      `${failure} as --${name} must be an integer from 0 on: current value is ${text}`,
    );
  });
  return Object.fromEntries(given);
}
