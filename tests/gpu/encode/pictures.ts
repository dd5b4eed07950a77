/**
 * Generated pictures that are hard for block encoders in different ways.
 *
 * @module
 */

import { seededRandom } from "../../helpers/random.ts";

/** RGBA8 texels. */
export interface TestPicture {
  readonly width: number;
  readonly height: number;
  readonly texels: Uint8Array;
}

function draw(
  size: number,
  color: (x: number, y: number) => readonly [number, number, number, number],
): TestPicture {
  const texels = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) texels.set(color(x, y), 4 * (y * size + x));
  }
  return { width: size, height: size, texels: new Uint8Array(texels.buffer) };
}

const SIZE = 128;

/** Pictures by name; `alpha` alone is not opaque. */
export function testPictures(): Readonly<Record<string, TestPicture>> {
  const random = seededRandom(11);
  return {
    darkGradient: draw(SIZE, (x, y) => [x / 8, y / 10, (x + y) / 12, 255]),
    waves: draw(SIZE, (x, y) => [
      128 + 90 * Math.sin(x / 17 + y / 40),
      128 + 90 * Math.sin(y / 23),
      128 + 90 * Math.cos((x + y) / 31),
      255,
    ]),
    rough: draw(SIZE, (x, y) => {
      const grain = 40 * random();
      return [
        90 + grain + 30 * Math.sin(x / 9),
        80 + 0.8 * grain + 10 * random(),
        60 + 0.5 * grain + 20 * Math.sin(y / 5),
        255,
      ];
    }),
    edges: draw(SIZE, (x, y) => {
      const stripe = (3 * x + 7 * y) % 41 < 20;
      const disc = (x - 64) ** 2 + (y - 64) ** 2 < 45 ** 2;
      if (disc) return stripe ? [230, 40, 30, 255] : [20, 60, 200, 255];
      return stripe ? [240, 240, 220, 255] : [30, 120, 40, 255];
    }),
    noise: draw(SIZE, () => [255 * random(), 255 * random(), 255 * random(), 255]),
    alpha: draw(SIZE, (x, y) => [
      128 + 90 * Math.sin(x / 17),
      100 + 10 * random(),
      200 - y / 2,
      128 + 127 * Math.sin(x / 11 + y / 7),
    ]),
  };
}

/**
 * Peak signal-to-noise ratio in dB, over some channels of RGBA8 texels; at most 99, for equality.
 */
export function psnr(
  wanted: Uint8Array,
  actual: Uint8Array,
  channels: readonly number[],
): number {
  let squares = 0;
  for (let texel = 0; texel < wanted.length; texel += 4) {
    for (const c of channels) squares += (wanted[texel + c]! - actual[texel + c]!) ** 2;
  }
  const count = wanted.length / 4 * channels.length;
  return squares === 0 ? 99 : Math.min(99, 10 * Math.log10(255 * 255 * count / squares));
}
