import assert from "node:assert/strict";
import fc from "fast-check";
import sharp from "sharp";
import { bakePicture } from "../../src/bake/mod.ts";
import { distinctTexels, repeatBlocks } from "../../src/bake/repeated_blocks.ts";
import { BlockEncoder, requestDevice } from "../../src/gpu/mod.ts";
import { MemorySink, memorySource, openTileStore, type TileStore } from "../../src/sources/mod.ts";
import { largestDifference } from "./compare_store.ts";
import { referenceMips } from "./reference_mips.ts";

const TILE = 32;
const BORDER = 4;
const EDGE = TILE + 2 * BORDER;
const SIZES = [[1, 300], [300, 1], [1, 1], [3, 90], [70, 5], [29, 200], [32, 33]] as const;

/** Noise, opaque. */
function pixels(width: number, height: number): Uint8Array {
  return Uint8Array.from(
    { length: 4 * width * height },
    (_, i) => i % 4 === 3 ? 255 : Math.imul(i + 1, 2654435761) >>> 24,
  );
}

async function png(width: number, height: number): Promise<Uint8Array> {
  const raw = { width, height, channels: 4 } as const;
  return new Uint8Array(await sharp(pixels(width, height), { raw }).png().toBuffer());
}

async function bakeStore(
  input: Uint8Array,
  options: Omit<Parameters<typeof bakePicture>[2], "output">,
  device: Parameters<typeof bakePicture>[0] = null,
): Promise<TileStore> {
  const sink = new MemorySink("picture.pmtiles");
  await bakePicture(device, input, { tileSize: TILE, border: BORDER, ...options, output: sink });
  return await openTileStore(memorySource(sink.bytes!, "picture.pmtiles"));
}

Deno.test("tiles of narrow and of low pictures repeat the last texels, as the reference", async () => {
  for (const [width, height] of SIZES) {
    const store = await bakeStore(await png(width, height), {});
    const levels = referenceMips(pixels(width, height), {
      ...{ width, height, format: "rgba8unorm", srgb: true },
    });
    assert.ok(await largestDifference(store, levels, "rgba8unorm") <= 1, `${width}×${height}`);
    store.close();
  }
});

Deno.test("blocks of narrow and of low pictures are those of the whole tile, encoded", async () => {
  using device = await requestDevice();
  const encoder = new BlockEncoder(device);
  for (const [width, height] of SIZES) {
    const input = await png(width, height);
    const plain = await bakeStore(input, {});
    const store = await bakeStore(input, { format: "bc7" }, device);
    for (let tile = 0; tile < store.grid.tileCount; tile++) {
      const { level, x, y } = store.grid.addressOf(tile);
      const texels = await plain.readTile(level, x, y);
      const [wanted] = await encoder.encodeTiles(store.description.format, [
        { texels, width: EDGE, height: EDGE },
      ]);
      const found = await store.readTile(level, x, y);
      assert.deepEqual(found, wanted, `${width}×${height}: ${level} ${x} ${y}`);
    }
    store.close();
    plain.close();
  }
});

/** Counts what it encodes. */
class CountingEncoder extends BlockEncoder {
  calls = 0;
  texels = 0;

  override encodeTiles(...args: Parameters<BlockEncoder["encodeTiles"]>) {
    this.calls++;
    for (const { width, height } of args[1]) this.texels += width * height;
    return super.encodeTiles(...args);
  }
}

Deno.test("a picture of one row or column costs its texels and few calls, not those of its tiles", async () => {
  using device = await requestDevice();
  for (const [width, height] of [[20_000, 1], [1, 20_000]] as const) {
    const blockEncoder = new CountingEncoder(device);
    const options = { format: "bc7", tileSize: 256, blockEncoder };
    (await bakeStore(await png(width, height), options, device)).close();
    const ofTiles = Math.ceil(20_000 / 256) * 264 ** 2;
    assert.ok(blockEncoder.texels < ofTiles / 10, `${blockEncoder.texels} texels of ${ofTiles}`);
    // At most two for each level.
    assert.ok(blockEncoder.calls <= 2 * 15, `${blockEncoder.calls} calls`);
  }
});

Deno.test("repeating the last blocks gives what clamped coordinates give", () => {
  const size = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(size, size, size, size, fc.constantFrom(1, 4, 16), (w, h, moreW, moreH, bytes) => {
      const blocks = Uint8Array.from({ length: w * h * bytes }, (_, i) => i * 31 + (i >> 8));
      const to = { width: w + moreW - 1, height: h + moreH - 1 };
      const whole = repeatBlocks(blocks, { from: { width: w, height: h }, to, blockBytes: bytes });
      for (let y = 0; y < to.height; y++) {
        for (let x = 0; x < to.width; x++) {
          const from = (Math.min(y, h - 1) * w + Math.min(x, w - 1)) * bytes;
          const at = (y * to.width + x) * bytes;
          assert.deepEqual(whole.subarray(at, at + bytes), blocks.subarray(from, from + bytes));
        }
      }
    }),
  );
});

Deno.test("what is encoded of a tile ends with one block that repeats, or with the tile", () => {
  const options = { tileSize: 256, border: 4 };
  assert.equal(distinctTexels(1, { ...options, blockTexels: 4 }), 8);
  assert.equal(distinctTexels(2, { ...options, blockTexels: 4 }), 12);
  assert.equal(distinctTexels(1, { ...options, blockTexels: 1 }), 5);
  assert.equal(distinctTexels(256, { ...options, blockTexels: 4 }), 264);
  assert.equal(distinctTexels(257, { ...options, blockTexels: 4 }), 264);
});
