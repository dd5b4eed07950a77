/**
 * Draws small KTX2 files of Basis Universal near and far.
 *
 * @module
 */

import assert from "node:assert/strict";
import { lookAt, perspective } from "../../../src/geometry/mod.ts";
import type { ForgeDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { type LoadTextureOptions, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { type Picture, samplePicture } from "../../sources/ktx2/basis/encode_basis.ts";

const WIDTH = 118;
const HEIGHT = 104;
const SIDE = 96;
/** How the files are cut. */
export const TILE = { tileSize: 64, border: 4 } as const;

/** What is drawn of a file. */
export interface Drawn {
  /** A pixel for each texel. */
  readonly near: Uint8Array;
  /** A pixel for each 4 × 4 texels. */
  readonly far: Uint8Array;
  readonly format: TexelFormat;
  readonly info: string;
}

/** Loads a file and draws it. */
export async function drawn(
  device: ForgeDevice,
  file: Uint8Array,
  { cacheFolder, load = {} }: {
    readonly cacheFolder: string;
    readonly load?: LoadTextureOptions;
  },
): Promise<Drawn> {
  using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, ...TILE, cacheFolder });
  const { format, info } = await system.loadTexture(file, { placement: "y_up", ...load });
  const pixels: Uint8Array[] = [];
  for (const texelsPerPixel of [1, 4]) {
    const height = texelsPerPixel * SIDE / 2 / Math.tan(Math.PI / 6);
    const camera = {
      position: [60, 52, height],
      view: lookAt([60, 52, height], [60, 52, 0]),
      projection: perspective({ fovYDegrees: 60, aspect: 1, near: 1, far: 1e4 }),
      ...{ width: SIDE, height: SIDE, viewport: [SIDE, SIDE] },
    };
    await system.update(camera);
    assert.equal(await system.flush(), true);
    pixels.push(new Uint8Array((await render(system, camera)).data));
  }
  return { near: pixels[0]!, far: pixels[1]!, format, info };
}

/** What a pixel for each texel shows of a picture. */
export function shown({ texels, width }: Picture): Uint8Array {
  const pixels = new Uint8Array(4 * SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    const from = 4 * ((y + 4) * width + 12);
    pixels.set(texels.subarray(from, from + 4 * SIDE), 4 * y * SIDE);
  }
  return pixels;
}

/** Runs work with a folder of its own, which is removed. */
export async function inFolder(run: (cacheFolder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What is encoded. */
export const PICTURE = samplePicture(WIDTH, HEIGHT);
/** Channels that are compared. */
export const COLOR = [0, 1, 2];
/** Least likeness of what is drawn to the picture, in decibels. */
export const LIKENESS = { ETC1S: 26, UASTC: 36 } as const;
