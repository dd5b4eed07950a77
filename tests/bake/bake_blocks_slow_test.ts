import assert from "node:assert/strict";
import { read as readKtx2 } from "ktx-parse";
import sharp from "sharp";
import { bakePicture } from "../../src/bake/mod.ts";
import { type ForgeDevice, requestDevice } from "../../src/gpu/mod.ts";
import { MemorySink, memorySource, openTileStore, type TileStore } from "../../src/sources/mod.ts";
import {
  decodeBlocks,
  decodedTexelBytes,
  regionBytes,
  type TexelFormat,
} from "../../src/texels/mod.ts";
import { type ReferenceLevel, referenceMips } from "./reference_mips.ts";

const WIDTH = 203;
const HEIGHT = 94;

/** Smooth colours with detail on top, opaque. */
function pixels(): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) => {
    const x = (i >> 2) % WIDTH;
    const y = Math.floor((i >> 2) / WIDTH);
    const wave = Math.sin(x / 9) * Math.cos(y / 7) * 20 + ((x * 7 + y * 13) % 5) * 2;
    return [60 + x / 2 + wave, 90 + y + wave, 200 - x / 3 - wave, 255][i % 4]!;
  });
}

async function png(texels: Uint8Array, channels: 1 | 4): Promise<Uint8Array> {
  const made = sharp(texels, { raw: { width: WIDTH, height: HEIGHT, channels } });
  return new Uint8Array(await (channels === 1 ? made.toColourspace("b-w") : made).png().toBuffer());
}

async function withDevice(work: (device: ForgeDevice) => Promise<void>): Promise<void> {
  const device = await requestDevice();
  try {
    await work(device);
  } finally {
    device.close();
  }
}

async function bakeStore(
  device: ForgeDevice,
  input: Uint8Array,
  options: {
    format: string;
    quality?: "low" | "medium" | "high";
    colorSpace?: "srgb" | "linear";
    border?: number;
  },
): Promise<TileStore> {
  const sink = new MemorySink("picture.pmtiles");
  await bakePicture(device, input, { border: 4, ...options, output: sink, tileSize: 32 });
  return await openTileStore(memorySource(sink.bytes!, "picture.pmtiles"));
}

/** Peak signal to noise, in dB, of decoded texels against a level, over the level's own texels. */
function psnrOf(
  decoded: (x: number, y: number, channel: number) => number,
  level: ReferenceLevel,
  channels: number,
): number {
  let sum = 0;
  for (let i = 0; i < level.values.length; i++) {
    const texel = Math.floor(i / channels);
    const x = texel % level.width;
    const y = Math.floor(texel / level.width);
    sum += (decoded(x, y, i % channels) - level.values[i]!) ** 2;
  }
  return 10 * Math.log10(255 ** 2 / (sum / level.values.length));
}

async function psnrOfStore(store: TileStore, level: ReferenceLevel, channels: 1 | 4) {
  const { tileSize } = store.grid;
  const edge = tileSize + 2 * store.border;
  const tiles: Uint8Array[][] = [];
  const { tilesX, tilesY } = store.grid.level(0);
  for (let y = 0; y < tilesY; y++) {
    tiles.push([]);
    for (let x = 0; x < tilesX; x++) {
      tiles[y]!.push(decodeBlocks(store.format, await store.readTile(0, x, y), edge, edge));
    }
  }
  return psnrOf(
    (x, y, channel) => {
      const tile = tiles[Math.floor(y / tileSize)]![Math.floor(x / tileSize)]!;
      const at = (store.border + y % tileSize) * edge + store.border + x % tileSize;
      return tile[at * decodedTexelBytes(store.format) + channel]!;
    },
    level,
    channels,
  );
}

const COLOR = { width: WIDTH, height: HEIGHT, format: "rgba8unorm", srgb: true } as const;

Deno.test("tiles of BC formats decode to the picture, better with higher quality", () =>
  withDevice(async (device) => {
    const [level] = referenceMips(pixels(), COLOR);
    const input = await png(pixels(), 4);
    const least: [format: string, stored: TexelFormat, decibels: number][] = [
      ["bc1", "bc1-rgba-unorm-srgb", 34],
      ["bc3", "bc3-rgba-unorm-srgb", 34],
      ["bc7", "bc7-rgba-unorm-srgb", 40],
    ];
    for (const [format, stored, decibels] of least) {
      const store = await bakeStore(device, input, { format });
      assert.equal(store.format, stored);
      const psnr = await psnrOfStore(store, level!, 4);
      assert.ok(psnr > decibels, `${format}: ${psnr} dB`);
    }
    const byQuality: number[] = [];
    for (const quality of ["low", "medium", "high"] as const) {
      byQuality.push(
        await psnrOfStore(await bakeStore(device, input, { format: "bc7", quality }), level!, 4),
      );
    }
    assert.ok(byQuality[0]! < byQuality[1]! && byQuality[1]! <= byQuality[2]!, `${byQuality} dB`);
  }));

Deno.test("a border is bit for bit what the neighbour holds", () =>
  withDevice(async (device) => {
    const store = await bakeStore(device, await png(pixels(), 4), { format: "bc7" });
    const blocks = 10; // of a row of 32 + 2·4 texels
    const left = await store.readTile(0, 2, 1);
    const right = await store.readTile(0, 3, 1);
    for (let row = 0; row < blocks; row++) {
      // The left tile's last payload block is the right tile's first border block.
      const inLeft = (row * blocks + 8) * 16;
      const inRight = row * blocks * 16;
      assert.deepEqual(left.slice(inLeft, inLeft + 32), right.slice(inRight, inRight + 32));
    }
  }));

Deno.test("payloads decode to the picture with any even border", () =>
  withDevice(async (device) => {
    const [level] = referenceMips(pixels(), COLOR);
    const input = await png(pixels(), 4);
    for (const border of [0, 2, 6]) {
      const store = await bakeStore(device, input, { format: "bc7", border });
      const psnr = await psnrOfStore(store, level!, 4);
      assert.ok(psnr > 40, `border ${border}: ${psnr} dB`);
    }
    await assert.rejects(
      () => bakeStore(device, input, { format: "bc7", border: 3 }),
      /border must be a multiple of 2 from 0 to 64: current value is 3/,
    );
  }));

Deno.test("grey is encoded from grey", () =>
  withDevice(async (device) => {
    const grey = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => 60 + (i % WIDTH) / 2);
    const [level] = referenceMips(grey, { ...COLOR, format: "r8unorm", srgb: false });
    const input = await png(grey, 1);
    for (const format of ["bc4", "bc7"]) {
      const store = await bakeStore(device, input, { format, colorSpace: "linear" });
      const psnr = await psnrOfStore(store, level!, 1);
      assert.ok(psnr > 45, `${format}: ${psnr} dB`);
    }
  }));

Deno.test("whole levels of a KTX2 file decode to the picture, whatever their sizes", () =>
  withDevice(async (device) => {
    const sink = new MemorySink("picture.ktx2");
    await bakePicture(device, await png(pixels(), 4), { output: sink });
    const file = readKtx2(sink.bytes!);
    assert.equal(file.vkFormat, 146);
    const levels = referenceMips(pixels(), COLOR);
    assert.equal(file.levels.length, levels.length);
    for (const [i, level] of levels.entries()) {
      const { levelData } = file.levels[i]!;
      const format = "bc7-rgba-unorm-srgb";
      assert.equal(levelData.byteLength, regionBytes(format, level.width, level.height));
      const decoded = decodeBlocks(format, levelData.slice(), level.width, level.height);
      const psnr = psnrOf((x, y, c) => decoded[(y * level.width + x) * 4 + c]!, level, 4);
      assert.ok(psnr > 34, `level ${i}: ${psnr} dB`);
    }
  }));

Deno.test("a bake that is cancelled while encoding ends soon and leaves nothing", () =>
  withDevice(async (device) => {
    const controller = new AbortController();
    const sink = new MemorySink("picture.pmtiles");
    const work = bakePicture(device, await png(pixels(), 4), {
      output: sink,
      format: "bc7",
      signal: controller.signal,
      onProgress: ({ phase }) => phase === "decode" && controller.abort(new Error("enough")),
    });
    await assert.rejects(work, /enough/);
    assert.equal(sink.bytes, null);
  }));
