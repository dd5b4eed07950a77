/**
 * Textures that repeat, from files to pictures: against ordinary textures with the hardware's address modes.
 *
 * @module
 */

import assert from "node:assert/strict";
import sharp from "sharp";
import { bakePicture } from "../../../src/bake/mod.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { MemorySink } from "../../../src/sources/mod.ts";
import {
  type LoadTextureOptions,
  type StreamedTexture,
  type TextureInput,
  VirtualTextureSystem,
} from "../../../src/streaming/mod.ts";
import type { WrapModes } from "../../../src/tiles/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { PLAIN_TRILINEAR } from "../../scene/assertions.ts";
import { difference, drawViews, type Shading } from "../../scene/draw_views.ts";
import { type LevelContents } from "../../scene/level_contents.ts";
import { plainTexture, type ResidentTexture } from "../../scene/resident_texture.ts";
import { viewsOf } from "../../scene/views.ts";
import { FORMAT_ROWS, makeKtx2 } from "../../sources/ktx2/make_ktx2.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";

/** Edge of the tiles. */
export const TILE_SIZE = 64;

/** Asks for every tile of a texture, and waits for them. */
async function loadAll(system: VirtualTextureSystem, texture: StreamedTexture): Promise<void> {
  const { grid: { levels } } = texture;
  for (const { level, width, height } of levels) {
    assert.ok(system.prefetchRegion(texture, { x: 0, y: 0, width, height, level }));
  }
  for (let i = 0; i < 4; i++) {
    await system.update(lookDown(10, 10, heightOfLevel(0)), { timeBudgetMs: null });
    await system.flush();
  }
}

/** How far pictures of uv from -2 to 3 differ from those of an ordinary texture: of 255 at most. */
async function differenceBeyond(
  device: ForgeDevice,
  texture: StreamedTexture,
  { contents, wrap: [u, v] }: { readonly contents: LevelContents; readonly wrap: WrapModes },
): Promise<number> {
  const plain = plainTexture(device.gpu, contents);
  // What draws it looks at nothing else.
  const { binding, grid, formats, placement } = texture;
  const drawn = { binding, grid, formats, placement, plainPlanes: [plain] } as unknown;
  const views = viewsOf(grid.width, grid.height, TILE_SIZE).filter(({ name }) =>
    ["map", "near", "tilted"].includes(name)
  );
  const wide = (body: string) => "let wide = 5.0 * uv - 2.0;" + body.replaceAll(/\buv\b/g, "wide");
  const draw = (body: string, sampler?: GPUSamplerDescriptor) => {
    const shading: Shading = { body: wide(body), ...(sampler && { sampler }) };
    return drawViews(device, drawn as ResidentTexture, { views, shading });
  };
  const address = { clamp: "clamp-to-edge", repeat: "repeat" } as const;
  const filters = { magFilter: "linear", minFilter: "linear", mipmapFilter: "linear" } as const;
  try {
    const own = await draw("return vt_sample(uv, pixel);");
    const modes = { addressModeU: address[u], addressModeV: address[v] };
    return difference(own, await draw(PLAIN_TRILINEAR, { ...filters, ...modes })).most;
  } finally {
    plain.destroy();
  }
}

/** A KTX2 file of all levels. */
export function ktx2Of({ format, width, height, levels }: LevelContents): Uint8Array {
  const row = FORMAT_ROWS[format]!;
  return makeKtx2({ row, width, height, levels: levels.map((stored) => ({ stored })) });
}

/** A picture of level 0. */
export async function pngOf({ width, height, levels }: LevelContents): Promise<Uint8Array> {
  const raw = { width, height, channels: 4 } as const;
  return new Uint8Array(await sharp(levels[0], { raw }).png().toBuffer());
}

/** A tile store of level 0 and what is filtered from it. */
export async function storeOf(contents: LevelContents, wrap: WrapModes): Promise<Uint8Array> {
  const sink = new MemorySink("map.pmtiles");
  const options = { output: sink, format: "rgba8", tileSize: TILE_SIZE, wrap };
  await bakePicture(null, await pngOf(contents), options);
  return sink.bytes!;
}

/** A texture that is loaded, and what it must look like. */
export interface WrapCase {
  readonly wrap: WrapModes;
  readonly contents: LevelContents;
  readonly input: (
    contents: LevelContents,
    wrap: WrapModes,
  ) => Promise<TextureInput> | TextureInput;
  readonly options?: LoadTextureOptions;
  /** Largest difference of 255. */
  readonly most: number;
  /** What is said of it. */
  readonly info: RegExp;
}

/** Adds a test for a texture that is loaded: it looks like an ordinary one, and not like one that is clamped. */
export function testWrapped(name: string, one: WrapCase): void {
  const { wrap, contents, input, options, most, info } = one;
  Deno.test(`${name} goes on beyond its edges as an ordinary one`, () =>
    withFolder(async (cacheFolder) => {
      using device = await requestDevice();
      using system = new VirtualTextureSystem(device, { tileSize: TILE_SIZE, cacheFolder });
      const bytes = await input(contents, wrap);
      const says = input === storeOf ? {} : { wrap };
      const texture = await system.loadTexture(bytes, { ...options, ...says });
      assert.deepEqual(texture.wrap, wrap);
      assert.match(texture.info, info);
      await loadAll(system, texture);
      const found = await differenceBeyond(device, texture, { contents, wrap });
      assert.ok(found <= most, `differs by ${found}`);
      const clamped = { contents, wrap: ["clamp", "clamp"] } as const;
      const other = await differenceBeyond(device, texture, clamped);
      assert.ok(other > 2 * most, "negative control: a texture that is clamped looks different");
    }));
}
