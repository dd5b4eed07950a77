import assert from "node:assert/strict";
import { constants, zstdCompressSync } from "node:zlib";
import { MalformedFileError } from "../../../src/errors.ts";
import { openPicture } from "../../../src/sources/mod.ts";
import { inflateBytes } from "../../../src/sources/picture/tiff/codecs/inflate_chunk.ts";
import { EditedTiff } from "./edited_tiff.ts";
import { madeRaster } from "./made_raster.ts";

const SIZE = 64;
const OFFSETS_TAG = 273;
const SIZES_TAG = 279;

function samples(): Float32Array {
  return Float32Array.from({ length: SIZE * SIZE }, (_, i) => Math.round(100 * Math.sin(i / 9)));
}

Deno.test("damaged Zstandard data is malformed, whatever the damage, and never another error", async () => {
  const file = madeRaster({ samples: samples(), width: SIZE, height: SIZE, compression: "zstd" });
  const edited = new EditedTiff(file);
  const [offset, length] = [edited.get(OFFSETS_TAG, 3), edited.get(SIZES_TAG, 3)];
  let refused = 0;
  for (let i = 0; i < length; i += 8) {
    const damaged = file.slice();
    damaged[offset + i]! ^= 0xff;
    try {
      await (await openPicture(damaged)).close();
    } catch (error) {
      assert.ok(error instanceof MalformedFileError, `byte ${i}: ${error}`);
      assert.match(error.message, /as its strip 3 must (be Zstandard data|give \d+ bytes): /);
      refused++;
    }
  }
  assert.ok(refused > 0.2 * length / 8, `${refused} of ${length / 8} are refused`);
  const whole = await openPicture(file);
  assert.deepEqual(new Float32Array((await whole.readRows(0, SIZE)).buffer), samples());
  await whole.close();
});

Deno.test("Zstandard data with checksums shows every damage of what it gives", async () => {
  const bytes = new Uint8Array(samples().buffer);
  const params = { [constants.ZSTD_c_checksumFlag]: 1 };
  const data = new Uint8Array(zstdCompressSync(bytes, { params }));
  const inflating = { name: "a.tif", what: "its tile 7", wanted: bytes.length, most: 1 << 20 };
  assert.deepEqual(new Uint8Array(await inflateBytes(data, "Zstandard", inflating)), bytes);
  let refused = 0;
  for (let i = 6; i < data.length; i += 3) {
    const damaged = data.slice();
    damaged[i]! ^= 0x10;
    const outcome = await inflateBytes(damaged, "Zstandard", inflating).catch((error) => error);
    if (outcome instanceof MalformedFileError) refused++;
    // Of some bits nothing depends.
    else assert.deepEqual(new Uint8Array(outcome), bytes);
  }
  assert.ok(refused > 0.9 * data.length / 3);
});

Deno.test("frames of Zstandard give no more together than one may", async () => {
  const frame = new Uint8Array(zstdCompressSync(new Uint8Array(60_000)));
  const data = new Uint8Array(frame.length * 20_000);
  for (let i = 0; i < 20_000; i++) data.set(frame, i * frame.length);
  const inflating = { name: "a.tif", what: "its tile 7", wanted: 60_000, most: 120_000 };
  const two = await inflateBytes(data.slice(0, 2 * frame.length), "Zstandard", inflating);
  assert.equal(two.length, 60_000);
  const start = performance.now();
  await assert.rejects(
    () => inflateBytes(data, "Zstandard", inflating),
    { name: "MalformedFileError", message: /its tile 7 must give at most 120000 bytes: it gives/ },
  );
  assert.ok(performance.now() - start < 1000);
});
