import assert from "node:assert/strict";
import { deflateSync, zstdCompressSync } from "node:zlib";
import {
  InvalidArgumentError,
  MalformedFileError,
  OutOfRangeError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { inputIdentity, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { noisePng } from "../../bake/cache/made_pictures.ts";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";
import { FORMAT_ROWS, makeKtx2 } from "../../sources/ktx2/make_ktx2.ts";
import { makeArchive, SMALL } from "../../sources/tile_store/made_store.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { mapSource } from "../sources.ts";

const EDGE = 128;
const COLORS = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [0, 255, 255], [255, 0, 255]];
const LOGGER = { debug() {}, info() {}, warn() {}, error() {} };

/** A file with one level, each image of one colour. */
function colored(
  shape: { readonly layers?: number; readonly faces?: number; readonly depth?: number },
  scheme: 0 | 2,
): Uint8Array {
  const count = (shape.layers ?? 1) * (shape.faces ?? 1) * (shape.depth ?? 1);
  const texels = new Uint8Array(4 * EDGE * EDGE * count);
  for (let i = 0; i < texels.length; i += 4) {
    texels.set([...COLORS[Math.floor(i / (4 * EDGE * EDGE))]!, 255], i);
  }
  const stored = scheme === 0 ? texels : new Uint8Array(zstdCompressSync(texels));
  const levels = [{ stored, uncompressedLength: texels.length }];
  const row = FORMAT_ROWS["rgba8unorm"]!;
  return makeKtx2({ row, width: EDGE, height: EDGE, levels, scheme, ...shape });
}

const CASES = [
  [{ layers: 3 }, { layer: 1 }, 1],
  [{ layers: 3 }, { layer: 2 }, 2],
  [{ faces: 6 }, { face: 5 }, 5],
  [{ depth: 4 }, { slice: 3 }, 3],
  [{ layers: 1 }, {}, 0],
  [{ layers: 1 }, { layer: 0 }, 0],
] as const;

Deno.test("a chosen image is drawn at every level, streamed and baked, and each has its own baked form", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, {
      maxMemoryMb: 16,
      tileSize: 64,
      cacheFolder,
      logger: LOGGER,
    });
    for (const scheme of [0, 2] as const) {
      for (const [shape, choice, color] of CASES) {
        const texture = await system.loadTexture(colored(shape, scheme), choice);
        for (const [option, value] of Object.entries(choice)) {
          assert.match(texture.info, new RegExp(`${option} ${value} of \\d`));
        }
        for (const level of [0, 3]) {
          const camera = lookDown(EDGE / 2, EDGE / 2, heightOfLevel(level));
          await system.update(camera);
          await system.flush();
          const { data, width, height } = await render(system, camera);
          const middle = 4 * (Math.floor(height / 2) * width + Math.floor(width / 2));
          assert.deepEqual([...data.slice(middle, middle + 3)], COLORS[color], texture.info);
        }
        await system.unloadTexture(texture);
      }
    }
    // Those with the same texels, too: the last two say which differently.
    const stores = (await namesIn(cacheFolder)).filter((name) => name.endsWith(".pmtiles"));
    assert.equal(stores.length, 2 * CASES.length);
  }));

/** A file whose checksum is wrong. */
function damaged(): Uint8Array {
  const stored = new Uint8Array(deflateSync(new Uint8Array(4 * EDGE * EDGE)));
  stored[stored.length - 1]! ^= 1;
  const levels = [{ stored, uncompressedLength: 4 * EDGE * EDGE }];
  const row = FORMAT_ROWS["rgba8unorm"]!;
  return makeKtx2({ row, width: EDGE, height: EDGE, levels, scheme: 3 });
}

Deno.test("a choice that is missing, wrong or for another kind of file, and damage, fail and change nothing", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { maxMemoryMb: 16, tileSize: 64, cacheFolder });
    const store = await makeArchive({ ...SMALL, width: 64, height: 64, tileSize: 64, border: 4 });
    const picture = await noisePng(1, 64, 64);
    const bad: [Parameters<typeof system.loadTexture>[0], object, unknown, RegExp][] = [
      [colored({ layers: 3 }, 0), {}, UnsupportedError, /2D array of 3: choose layer from 0 to 2$/],
      [colored({ faces: 6 }, 2), {}, UnsupportedError, /cube map: choose face from 0 to 5$/],
      [colored({ depth: 2 }, 0), {}, UnsupportedError, /3D texture: choose slice from 0 to 1$/],
      [colored({ layers: 3 }, 2), { layer: 3 }, OutOfRangeError, /layer must be .* from 0 to 2/],
      [colored({ layers: 3 }, 0), { layer: "1" }, InvalidArgumentError, /layer must be an integer/],
      [
        colored({ faces: 6 }, 0),
        { layer: 1 },
        OutOfRangeError,
        /not an array, .*layer must be left/,
      ],
      [colored({}, 0), { face: 0 }, OutOfRangeError, /not a cube map, .*face must be left out/],
      [
        damaged(),
        {},
        MalformedFileError,
        /^Cannot inflate level 0 of bytes as its data is damaged/,
      ],
      [store, { layer: 0 }, OutOfRangeError, /tile store .* layer must be left out/],
      [picture, { slice: 0 }, OutOfRangeError, /picture .* slice must be left out/],
      [mapSource({ width: 64, height: 64 }), { face: 1 }, OutOfRangeError, /face must be left out/],
    ];
    for (const [input, options, kind, message] of bad) {
      await assert.rejects(system.loadTexture(input, options), (error) => {
        assert.ok(error instanceof (kind as typeof Error), String(error));
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(system.textures, []);
    }
    assert.deepEqual(await namesIn(cacheFolder), []);
    // Null counts as not given.
    await system.loadTexture(colored({}, 0), { layer: null, face: null, slice: null });
  }));

Deno.test("the identity of a texture tells its images apart", async () => {
  const file = colored({ layers: 3 }, 0);
  const [none, first, second] = await Promise.all([
    inputIdentity(file, {}),
    inputIdentity(file, { layer: 0 }),
    inputIdentity(file, { layer: 1 }),
  ]);
  assert.equal(new Set([none, first, second]).size, 3);
  assert.equal(await inputIdentity(file, { layer: 1 }), second);
});
