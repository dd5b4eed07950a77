/**
 * How the planes of a virtual texture are tapped: what is done with stored values besides filtering.
 *
 * @module
 */

import cornersCode from "../../../shaders/sampling/tap_corners.wgsl" with { type: "text" };
import float32Code from "../../../shaders/sampling/tap_float32.wgsl" with { type: "text" };
import filteredCode from "../../../shaders/sampling/tap_filtered.wgsl" with { type: "text" };
import holesCode from "../../../shaders/sampling/sample_holes.wgsl" with { type: "text" };
import uint16Code from "../../../shaders/sampling/tap_uint16.wgsl" with { type: "text" };
import ycocgCode from "../../../shaders/sampling/tap_ycocg.wgsl" with { type: "text" };
import ycocgBlocksCode from "../../../shaders/sampling/tap_ycocg_block_scale.wgsl" with {
  type: "text",
};
import ycocgColorCode from "../../../shaders/sampling/ycocg_color.wgsl" with { type: "text" };

import { checkedChoice } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../errors.ts";
import type { PlaneCount } from "./planes.ts";
import type { AtlasSampleType } from "./virtual_texture_layout.ts";

/**
 * How a plane is tapped:
 *
 * - `filtered`: as the hardware filters it;
 * - `ycocg`: the hardware filters YCoCg with one scale a tile, which is then decoded: linear light,
 *   and 1 in alpha. Texels are mixed in gamma-encoded YCoCg within a tap, in light between taps;
 * - `ycocg_block_scale`: four texels of YCoCg with a scale a block are decoded, then filtered in light;
 * - `uint16`: four texels of `r16uint` are filtered, 0 to 1. Only as the one plane of a texture;
 * - `float32`: four texels of 32-bit floats are filtered, for devices whose samplers do not
 *   (without `float32-filterable`). Only as the one plane of a texture;
 * - `holes`: four texels of floats are filtered; those that have a NaN are holes, and count for nothing:
 *   the others share their weight. Where all are holes the sample is transparent black, else alpha is the
 *   one of the others, times their share. Only as the one plane of a texture.
 */
export type TexelTap =
  | "filtered"
  | "ycocg"
  | "ycocg_block_scale"
  | "uint16"
  | "float32"
  | "holes";

/** Every {@linkcode TexelTap}. */
export const TEXEL_TAPS: readonly TexelTap[] = Object.freeze([
  "filtered",
  "ycocg",
  "ycocg_block_scale",
  "uint16",
  "float32",
  "holes",
]);

/** Taps that load texels themselves, and take the place of the one that samples. */
const LOADED_TAPS: readonly TexelTap[] = ["uint16", "float32", "holes"];

/** How a plane is tapped unless its description says otherwise. */
export function defaultTap(atlasType: AtlasSampleType): TexelTap {
  return atlasType === "uint" ? "uint16" : atlasType === "float" ? "filtered" : "float32";
}

/**
 * Checks the taps of a number of planes; undefined means `filtered` for each.
 *
 * @throws {InvalidArgumentError} if they are not an array of strings.
 * @throws {OutOfRangeError} if one is unknown, or there is not one for each plane.
 * @throws {UnsupportedError} if there are others beside `uint16`, `float32` or `holes`.
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
  const loaded = taps.find((tap) => LOADED_TAPS.includes(tap));
  if (loaded !== undefined && planes > 1) {
    throw new UnsupportedError(
      loaded,
      `${failure} as planes must be 1 for taps of ${loaded}: current value is ${planes}`,
    );
  }
  return taps;
}

/** What `vt_tap` does where that is not filtering by the sampler. */
const BASE_CODE: Readonly<Partial<Record<TexelTap, string>>> = {
  uint16: uint16Code,
  float32: float32Code,
};

/** Whether sums of taps need more than the texels: what is no hole, and how much that is. */
export function needsShares(taps: readonly TexelTap[]): boolean {
  return taps[0] === "holes";
}

/** WGSL of the functions that the taps need, but `vt_taps` where they need no shares. */
export function tapsWgsl(taps: readonly TexelTap[]): string {
  const parts: string[] = [];
  const needsCorners = [...LOADED_TAPS, "ycocg_block_scale"] as readonly TexelTap[];
  if (taps.some((tap) => needsCorners.includes(tap))) parts.push(cornersCode);
  if (needsShares(taps)) return [...parts, holesCode].join("\n");
  parts.push(BASE_CODE[taps[0]!] ?? filteredCode);
  if (taps.some((tap) => tap.startsWith("ycocg"))) parts.push(ycocgColorCode);
  if (taps.includes("ycocg")) parts.push(ycocgCode);
  if (taps.includes("ycocg_block_scale")) parts.push(ycocgBlocksCode);
  return parts.join("\n");
}

/**
 * Makes each plane's taps call the function of its kind, in code that calls `vt_tap` with
 * `shape.without_alpha.x`, `y` or `z`.
 */
export function withTaps(code: string, taps: readonly TexelTap[]): string {
  if (taps[0] === "uint16") {
    return code.replaceAll("texture_2d_array<f32>", "texture_2d_array<u32>");
  }
  return code.replace(/\bvt_tap\((place, shape\.without_alpha\.)([xyz])/g, (call, rest, plane) => {
    const tap = taps["xyz".indexOf(plane)];
    return tap === undefined || !tap.startsWith("ycocg") ? call : `vt_tap_${tap}(${rest}${plane}`;
  });
}
