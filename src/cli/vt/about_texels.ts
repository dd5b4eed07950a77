/**
 * What `vt info` tells of how texels are meant.
 *
 * @module
 */

import type { Appearance, ColorSpace } from "../../texels/mod.ts";

/** How texels are meant. Names are those of the JSON that `vt info` prints. */
export interface TexelsInfo {
  /** How stored columns and rows run over the picture: `rd`, `ru`, `ld` or `lu`; they are turned when sampled. */
  readonly orientation: string;
  /** Where red, green, blue and alpha come from when sampled. */
  readonly swizzle: string;
  /** Whether colours are stored, and sampled, multiplied by alpha. */
  readonly premultiplied: boolean;
  /** Name of the transfer function; values of others than `sRGB` are sampled as they are stored. */
  readonly transfer: string;
  /** Name of the colour primaries; colours are sampled as they are stored. */
  readonly primaries: string;
}

/** What is said of texels; what is absent is as usual. */
export function texelsInfo(
  { orientation, swizzle, premultiplied, transfer, primaries }: Appearance,
  usual: { readonly colorSpace: ColorSpace; readonly transfer?: string },
): TexelsInfo {
  return {
    orientation: orientation ?? "rd",
    swizzle: swizzle ?? "rgba",
    premultiplied: premultiplied ?? false,
    transfer: transfer ?? usual.transfer ?? (usual.colorSpace === "srgb" ? "sRGB" : "linear"),
    primaries: primaries ?? "BT.709",
  };
}

/** What is not as usual of texels, and what is done about it; of alpha, tile stores tell themselves. */
export function texelsParts(info: TexelsInfo & { readonly store: object | null }): string[] {
  const { orientation, swizzle, premultiplied, transfer, primaries, store } = info;
  const isKnown = ["unspecified", "linear", "sRGB"].includes(transfer);
  return [
    ...(orientation === "rd" ? [] : [`orientation ${orientation} (turned when sampled)`]),
    ...(swizzle === "rgba" ? [] : [`swizzle ${swizzle} (followed when sampled)`]),
    ...(premultiplied && store === null ? ["premultiplied alpha"] : []),
    ...(isKnown ? [] : [`transfer function ${transfer} (sampled as stored)`]),
    ...(primaries === "BT.709" ? [] : [`primaries ${primaries} (sampled as stored)`]),
  ];
}
