/**
 * Plain textures sampled in float64, and the level that derivatives ask for.
 *
 * @module
 */

import type { MaterialTexture } from "../../../../src/rvt/material/material_texture.ts";
import type { Numbers } from "./operations.ts";

/** One level of linear texels, four numbers each, row by row. */
export interface LinearLevel {
  readonly width: number;
  readonly height: number;
  readonly texels: Float64Array;
}

/** What lies beyond the edges. */
export type Addressing = "repeat" | "clamp";

/** sRGB to linear, both 0 to 1 (IEC 61966-2-1, amendment 1). */
export function linearFromSrgb(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}

/** The levels of a texture, decoded; alpha is linear in any case. */
export function linearLevels(texture: MaterialTexture): LinearLevel[] {
  return texture.levels.map(({ width, height, texels }) => ({
    width,
    height,
    texels: Float64Array.from(
      texels as ArrayLike<number>,
      (byte, k) =>
        texture.colorSpace === "srgb" && k % 4 !== 3 ? linearFromSrgb(byte / 255) : byte / 255,
    ),
  }));
}

/**
 * The level at which a step to the next pixel goes by about a texel: log2 of the longer of the two
 * steps in texels of level 0 (WebGPU leaves the formula open; this is OpenGL 4.6's, 8.14.1).
 */
export function levelOfDerivatives(
  [width, height]: readonly [number, number],
  { ddx, ddy }: { readonly ddx: Numbers; readonly ddy: Numbers },
): number {
  const texels = ([u, v]: Numbers) => Math.hypot(u! * width, v! * height);
  return Math.log2(Math.max(texels(ddx), texels(ddy)));
}

/** Red, green, blue and alpha: bilinear on the two levels around, and linear between them. */
export function sampleTrilinear(
  levels: readonly LinearLevel[],
  { uv, level, addressing }: {
    readonly uv: Numbers;
    /** Clamped to the levels that there are. */
    readonly level: number;
    readonly addressing: Addressing;
  },
): Numbers {
  const clamped = Math.min(Math.max(level, 0), levels.length - 1);
  const finer = Math.floor(clamped);
  const coarser = Math.min(finer + 1, levels.length - 1);
  const [a, b] = [finer, coarser].map((k) => sampleBilinear(levels[k]!, uv, addressing));
  const alpha = clamped - finer;
  return a!.map((value, k) => value * (1 - alpha) + b![k]! * alpha);
}

function sampleBilinear(
  { width, height, texels }: LinearLevel,
  [u, v]: Numbers,
  addressing: Addressing,
): Numbers {
  const [x, y] = [u! * width - 0.5, v! * height - 0.5];
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [s, t] = [x - column, y - row];
  const texel = (dx: number, dy: number, channel: number) => {
    const at = addressed(row + dy, height, addressing) * width +
      addressed(column + dx, width, addressing);
    return texels[4 * at + channel]!;
  };
  return [0, 1, 2, 3].map((k) =>
    (texel(0, 0, k) * (1 - s) + texel(1, 0, k) * s) * (1 - t) +
    (texel(0, 1, k) * (1 - s) + texel(1, 1, k) * s) * t
  );
}

function addressed(index: number, size: number, addressing: Addressing): number {
  if (addressing === "clamp") return Math.min(Math.max(index, 0), size - 1);
  return ((index % size) + size) % size;
}
