/**
 * The bytes of a tile's uncompressed planes.
 *
 * @module
 */

import type { AttributeName } from "../../../src/rvt/asset/attributes.ts";
import type { MaterialTypeName } from "../../../src/rvt/asset/material_type.ts";
import { normalized } from "./affine.ts";
import type { ComposedTile } from "./compose_tile.ts";

/** One plane: numbers of 8 or 16 bits by texel, the channels of a texel side by side. */
export interface EncodedPlane {
  readonly channels: number;
  /** The largest number: 255 or 65,535. */
  readonly largest: number;
  readonly data: Uint8Array | Uint16Array;
}

/** One channel of a plane as a number from 0 to 1. */
type Channel = (texel: number) => number;

/** Linear to sRGB, both 0 to 1 (IEC 61966-2-1, amendment 1). */
export function srgbFromLinear(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}

/** A number from 0 to 1 as an integer, to the nearest, halves upwards; what is outside is clamped. */
export function quantized(value: number, largest: number): number {
  return Math.floor(Math.min(1, Math.max(0, value)) * largest + 0.5);
}

/**
 * Encodes a tile as a material type stores it without compression. Base colour is sRGB-encoded. Normals
 * are normalised, one of length 0 being 0, 0, 1; their x and y are stored as (n + 1) / 2, and of z
 * whether it is at least 0. World height is its part of the way from the lowest to the highest z of
 * `heightRange`. Everything else is stored as it is.
 *
 * | material type | planes |
 * | --- | --- |
 * | Base Color | base colour, 1 |
 * | with Normal, Roughness, Specular | base colour, normal x; roughness, specular, sign of z, normal y |
 * | with Mask | the same, and mask alone |
 * | World Height | height in 16 bits |
 * | Displacement | displacement |
 * | Mask4 | its four numbers |
 */
export function encodePlanes(
  tile: ComposedTile,
  { materialType, heightRange }: {
    readonly materialType: MaterialTypeName;
    readonly heightRange: readonly [number, number];
  },
): EncodedPlane[] {
  const number = (name: AttributeName, component = 0, components = 1): Channel => (texel) =>
    tile.values.get(name)![texel * components + component]!;
  const color = [0, 1, 2].map((k): Channel => {
    const linear = number("baseColor", k, 3);
    return (texel) => srgbFromLinear(Math.min(1, Math.max(0, linear(texel))));
  });
  const normal = (texel: number) => {
    const at = (k: number) => number("normal", k, 3)(texel);
    return normalized([at(0), at(1), at(2)]);
  };
  const surface = [
    [...color, (texel: number) => (normal(texel)[0] + 1) / 2],
    [
      number("roughness"),
      number("specular"),
      (texel: number) => normal(texel)[2] >= 0 ? 1 : 0,
      (texel: number) => (normal(texel)[1] + 1) / 2,
    ],
  ];
  const [low, high] = heightRange;
  const planes: Record<MaterialTypeName, Channel[][]> = {
    base_color: [[...color, () => 1]],
    base_color_normal_roughness_specular: surface,
    ycocg_base_color_normal_specular: surface,
    ycocg_base_color_normal_specular_mask: [...surface, [number("mask")]],
    world_height: [[(texel) => (number("worldHeight")(texel) - low) / (high - low)]],
    displacement: [[number("displacement")]],
    mask4: [[0, 1, 2, 3].map((k) => number("mask4", k, 4))],
  };
  const largest = materialType === "world_height" ? 65_535 : 255;
  return planes[materialType].map((channels) => encodedPlane(tile, { channels, largest }));
}

function encodedPlane(
  tile: ComposedTile,
  { channels, largest }: { readonly channels: readonly Channel[]; readonly largest: number },
): EncodedPlane {
  const texels = tile.width * tile.height;
  const numbers = Array.from(
    { length: texels * channels.length },
    (_, k) => quantized(channels[k % channels.length]!(Math.floor(k / channels.length)), largest),
  );
  const data = largest === 255 ? Uint8Array.from(numbers) : Uint16Array.from(numbers);
  return { channels: channels.length, largest, data };
}
