/**
 * Packing and unpacking of planes in doubles, one texel at a time, written without the product's
 * tables of channels: what tests compare the shaders with.
 *
 * @module
 */

import { type AttributeName, ATTRIBUTES } from "../../../src/rvt/asset/attributes.ts";
import type { PlaneKind } from "../../../src/rvt/planes/mod.ts";
import { decodeBlocks, type TexelFormat } from "../../../src/texels/mod.ts";
import { linearToSrgb, srgbToLinear } from "../../../src/texels/mod.ts";

/** Numbers of attributes; those that are left out have their clear values. */
export type Values = Partial<Record<AttributeName, readonly number[]>>;

/** A stored texel: red, green, blue and alpha, 0 to 1. */
export type Texel = readonly [number, number, number, number];

const byte = (value: number) => Math.floor(Math.min(1, Math.max(0, value)) * 255 + 0.5) / 255;

/** What a compressed or uncompressed form stores of one texel, before blocks. */
export function packTexel(
  { materialType, compressed }: PlaneKind,
  values: Values,
  heightRange: readonly [number, number] = [0, 1],
): Texel[] {
  const of = (name: AttributeName) => values[name] ?? ATTRIBUTES[name].clearValue;
  const color = of("baseColor").map((light) => byte(linearToSrgb(light)));
  const [r, g, b] = [color[0]!, color[1]!, color[2]!];
  const vector = of("normal");
  const length = Math.hypot(...vector);
  const [x, y, z] = length === 0 ? [0, 0, 1] : vector.map((n) => n / length) as Vector;
  const [nx, ny, sign] = [byte((x + 1) / 2), byte((y + 1) / 2), z >= 0 ? 1 : 0];
  const [roughness, specular] = [byte(of("roughness")[0]!), byte(of("specular")[0]!)];
  const mask = byte(of("mask")[0]!);
  switch (materialType) {
    case "base_color":
      return [[r, g, b, 1]];
    case "base_color_normal_roughness_specular":
      return [[r, g, b, nx], [roughness, specular, sign, ny]];
    case "ycocg_base_color_normal_specular":
      return compressed
        ? [[r, g, b, 1], [nx, ny, 0, 1], [roughness, specular, sign, 1]]
        : [[r, g, b, nx], [roughness, specular, sign, ny]];
    case "ycocg_base_color_normal_specular_mask":
      return compressed
        ? [[r, g, b, 1], [nx, ny, 0, 1], [roughness, specular, sign, mask]]
        : [[r, g, b, nx], [roughness, specular, sign, ny], [mask, 0, 0, 1]];
    case "world_height": {
      const [least, most] = heightRange;
      const height = Math.min(1, Math.max(0, (of("worldHeight")[0]! - least) / (most - least)));
      return [[Math.floor(height * 65535 + 0.5) / 65535, 0, 0, 1]];
    }
    case "displacement":
      return [[byte(of("displacement")[0]!), 0, 0, 1]];
    case "mask4":
      return [of("mask4").map(byte) as unknown as Texel];
  }
}

type Vector = [number, number, number];

/**
 * Every attribute of one texel: colours linear.
 *
 * @param planes Stored texels, colours still gamma-encoded and not in YCoCg.
 */
export function unpackTexel(
  { materialType, compressed }: PlaneKind,
  planes: readonly Texel[],
  heightRange: readonly [number, number] = [0, 1],
): Record<AttributeName, readonly number[]> {
  const found: Record<AttributeName, readonly number[]> = Object.fromEntries(
    Object.entries(ATTRIBUTES).map(([name, { clearValue }]) => [name, clearValue]),
  ) as Record<AttributeName, readonly number[]>;
  const [first, second, third] = planes;
  if (materialType.includes("base_color")) {
    found.baseColor = first!.slice(0, 3).map(srgbToLinear);
  }
  if (materialType.includes("normal")) {
    const isThree = compressed && materialType.startsWith("ycocg");
    const surface = isThree ? third! : second!;
    const x = 2 * (isThree ? second![0] : first![3]) - 1;
    const y = 2 * (isThree ? second![1] : second![3]) - 1;
    const z = (2 * surface[2] - 1) * Math.sqrt(Math.max(0, 1 - x * x - y * y));
    found.normal = [x, y, z];
    found.roughness = [surface[0]];
    found.specular = [surface[1]];
    if (materialType.endsWith("mask")) found.mask = [compressed ? third![3] : third![0]];
  }
  if (materialType === "world_height") {
    found.worldHeight = [heightRange[0] + (heightRange[1] - heightRange[0]) * first![0]];
  }
  if (materialType === "displacement") found.displacement = [first![0]];
  if (materialType === "mask4") found.mask4 = first!;
  return found;
}

/** The stored texels of a plane of a tile: `texels` by `texels`, from an atlas's bytes. */
export function decodePlane(
  bytes: Uint8Array,
  { format, texels, isYcocg }: {
    readonly format: TexelFormat;
    readonly texels: number;
    readonly isYcocg: boolean;
  },
): Texel[] {
  const decoded = decodeBlocks(format, bytes, texels, texels);
  const count = texels * texels;
  if (format === "r16unorm" || format === "r16uint") {
    const heights = new Uint16Array(decoded.buffer);
    return Array.from({ length: count }, (_, i) => [heights[i]! / 65535, 0, 0, 1]);
  }
  if (decoded.length === count) return Array.from(decoded, (value) => [value / 255, 0, 0, 1]);
  return Array.from({ length: count }, (_, i) => {
    const texel = Array.from(
      decoded.subarray(4 * i, 4 * i + 4),
      (v) => v / 255,
    ) as unknown as Texel;
    return isYcocg ? decodeYcocg(texel) : texel;
  });
}

/** Gamma-encoded colour of a stored texel in YCoCg. */
export function decodeYcocg([red, green, blue, y]: Texel): Texel {
  const scale = 1 + 255 * blue / 8;
  const [co, cg] = [(red - 128 / 255) / scale, (green - 128 / 255) / scale];
  const unit = (value: number) => Math.min(1, Math.max(0, value));
  return [unit(y + co - cg), unit(y + cg), unit(y - co - cg), 1];
}
