/**
 * The seam of a texture that repeats, at every level: a wave of whole periods goes on without a step.
 *
 * @module
 */

import type { ForgeDevice } from "../../src/gpu/mod.ts";
import { buildMipChain } from "../../src/texels/mod.ts";
import { levelSize, type Wrap } from "../../src/tiles/mod.ts";
import { assert } from "./assertions.ts";
import { drawViews } from "./draw_views.ts";
import type { LevelContents } from "./level_contents.ts";
import { type ResidentTexture, withResident } from "./resident_texture.ts";
import { PICTURE_SIZE, viewsOf } from "./views.ts";

const PERIODS = 3;
/** Half of the difference between crests and troughs, of 255. */
const AMPLITUDE = 120;
/** Texels of a level around the seam that a picture shows. */
const SHOWN_TEXELS = 4;
const TILE_SIZE = 64;

/** As high as wide, so that every level is there along both axes. */
function waves(width: number): LevelContents {
  const height = width;
  const texels = new Uint8Array(4 * width * height);
  for (let x = 0; x < width; x++) {
    const value = 128 + AMPLITUDE * Math.sin(2 * Math.PI * PERIODS * (x + 0.5) / width);
    for (let y = 0; y < height; y++) {
      texels.fill(value, 4 * (y * width + x), 4 * (y * width + x) + 4);
    }
  }
  const layout = { storage: "unorm8", channels: 4, colorSpace: "linear" } as const;
  const chain = buildMipChain(texels, { width, height, layout });
  return {
    width,
    height,
    format: "rgba8unorm",
    levels: chain.map((level) => new Uint8Array(level.texels)),
  };
}

/** Levels that a picture shows, one below the other. */
const LEVELS = 6;
const BAND = PICTURE_SIZE.height / LEVELS;

/**
 * The largest step between neighbouring pixels across the seam of each level, of 255.
 *
 * @param place Where it is sampled: an expression of a place from 0.5 to 1.5.
 */
async function largestSteps(
  device: ForgeDevice,
  texture: ResidentTexture,
  place: string,
): Promise<number[]> {
  const { width, height } = texture.grid;
  const views = viewsOf(width, height, TILE_SIZE).filter(({ name }) => name === "near");
  const body = `
    let level = u32(pixel.y / ${BAND}.0);
    let texels = f32(max(${width}u >> level, 1u));
    let across = (pixel.x / ${PICTURE_SIZE.width}.0 - 0.5) * ${SHOWN_TEXELS}.0 / texels;
    let along = 1.0 + across;
    return vec4(vt_bilinear(vec2(${place}, 0.5), level).rgb, 1.0);
  `;
  const [picture] = await drawViews(device, texture, { views, shading: { body } });
  return Array.from({ length: LEVELS }, (_, level) => {
    const row = 4 * PICTURE_SIZE.width * Math.floor((level + 0.5) * BAND);
    let largest = 0;
    for (let column = 1; column < PICTURE_SIZE.width; column++) {
      const at = row + 4 * column;
      assert(picture![at + 3] === 255, "near, the texture fills the picture");
      largest = Math.max(largest, Math.abs(picture![at]! - picture![at - 4]!));
    }
    return largest;
  });
}

/** What the wave may rise from one pixel to the next, and rounding to 8 bits, of texels and of pixels. */
function boundOf(width: number, level: number): number {
  const perTexel = AMPLITUDE * 2 * Math.PI * PERIODS / levelSize(width, level);
  return perTexel * SHOWN_TEXELS / PICTURE_SIZE.width + 2;
}

for (const width of [256, 203]) {
  Deno.test(`waves of whole periods have no step at the seam of any level, ${width} texels wide`, async () => {
    const contents = waves(width);
    const steps = async (wrap: Wrap, place: string) => {
      let found: number[] = [];
      await withResident({ contents, tileSize: TILE_SIZE, wrap }, async (device, texture) => {
        found = await largestSteps(device, texture, place);
      });
      return found;
    };
    const bounds = Array.from({ length: LEVELS }, (_, level) => boundOf(width, level));
    const repeated = await steps(["repeat", "clamp"], "along");
    assert(repeated.every((step, level) => step <= bounds[level]!), `steps of ${repeated}`);
    const clamped = await steps("clamp", "fract(along)");
    assert(clamped.every((step, level) => step > bounds[level]!), `negative control: ${clamped}`);
  });
}
