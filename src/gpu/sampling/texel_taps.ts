/**
 * How the planes of a virtual texture are tapped: what is done with stored values besides filtering.
 *
 * @module
 */

import cornersCode from "../../../shaders/sampling/tap_corners.wgsl" with { type: "text" };
import filteredCode from "../../../shaders/sampling/tap_filtered.wgsl" with { type: "text" };
import uint16Code from "../../../shaders/sampling/tap_uint16.wgsl" with { type: "text" };
import ycocgCode from "../../../shaders/sampling/tap_ycocg.wgsl" with { type: "text" };
import ycocgBlocksCode from "../../../shaders/sampling/tap_ycocg_block_scale.wgsl" with {
  type: "text",
};
import ycocgColorCode from "../../../shaders/sampling/ycocg_color.wgsl" with { type: "text" };

import { checkedChoice } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../errors.ts";
import type { PlaneCount } from "./planes.ts";

/**
 * How a plane is tapped:
 *
 * - `filtered`: as the hardware filters it;
 * - `ycocg`: the hardware filters YCoCg with one scale a tile, which is then decoded: linear light,
 *   and 1 in alpha. Texels are mixed in gamma-encoded YCoCg within a tap, in light between taps;
 * - `ycocg_block_scale`: four texels of YCoCg with a scale a block are decoded, then filtered in light;
 * - `uint16`: four texels of `r16uint` are filtered, 0 to 1. Only as the one plane of a texture.
 */
export type TexelTap = "filtered" | "ycocg" | "ycocg_block_scale" | "uint16";

/** Every {@linkcode TexelTap}. */
export const TEXEL_TAPS: readonly TexelTap[] = Object.freeze([
  "filtered",
  "ycocg",
  "ycocg_block_scale",
  "uint16",
]);

/**
 * Checks the taps of a number of planes; undefined means `filtered` for each.
 *
 * @throws {InvalidArgumentError} if they are not an array of strings.
 * @throws {OutOfRangeError} if one is unknown, or there is not one for each plane.
 * @throws {UnsupportedError} if `uint16` is not the only one.
 */
export function checkedTaps(
  taps: readonly TexelTap[] | undefined,
  { planes, failure }: { readonly planes: PlaneCount; readonly failure: string },
): readonly TexelTap[] {
  if (taps === undefined) return new Array<TexelTap>(planes).fill("filtered");
  if (!Array.isArray(taps)) {
    throw new InvalidArgumentError(
      "taps",
      `${failure} as taps must be an array: current value is of type ${typeof taps}`,
    );
  }
  for (const [plane, tap] of taps.entries()) {
    checkedChoice(tap, { name: `taps[${plane}]`, failure, choices: TEXEL_TAPS });
  }
  if (taps.length !== planes) {
    throw new OutOfRangeError(
      "taps",
      `${failure} as taps must have ${planes} values, one for each plane: ` +
        `current length is ${taps.length}`,
    );
  }
  if (taps.includes("uint16") && planes > 1) {
    throw new UnsupportedError(
      "uint16",
      `${failure} as planes must be 1 for taps of uint16: current value is ${planes}`,
    );
  }
  return taps;
}

/** WGSL of the functions that the taps need. */
export function tapsWgsl(taps: readonly TexelTap[]): string {
  const parts: string[] = [];
  const isUint = taps.includes("uint16");
  if (isUint || taps.includes("ycocg_block_scale")) parts.push(cornersCode);
  parts.push(isUint ? uint16Code : filteredCode);
  if (taps.some((tap) => tap.startsWith("ycocg"))) parts.push(ycocgColorCode);
  if (taps.includes("ycocg")) parts.push(ycocgCode);
  if (taps.includes("ycocg_block_scale")) parts.push(ycocgBlocksCode);
  return parts.join("\n");
}

/**
 * Makes each plane's taps call the function of its kind, in code that calls `vt_tap` with
 * `shape.least_alpha.x`, `y` or `z`.
 */
export function withTaps(code: string, taps: readonly TexelTap[]): string {
  if (taps[0] === "uint16") {
    return code.replaceAll("texture_2d_array<f32>", "texture_2d_array<u32>");
  }
  return code.replace(/\bvt_tap\((place, shape\.least_alpha\.)([xyz])/g, (call, rest, plane) => {
    const tap = taps["xyz".indexOf(plane)];
    return tap === "filtered" || tap === undefined ? call : `vt_tap_${tap}(${rest}${plane}`;
  });
}
