import assert from "node:assert/strict";
import { constants, deflateSync, zstdCompressSync } from "node:zlib";
import { MalformedFileError } from "../../../src/errors.ts";
import { ktx2RowSource, memorySource, readKtx2 } from "../../../src/sources/mod.ts";
import { makeKtx2, noise } from "./make_ktx2.ts";
import { RGBA8 } from "./sample_parts.ts";

const ZSTD = 2;
const ZLIB = 3;
const SIZE = { width: 160, height: 64 };
/** Longer than what decompressors take in one step. */
const CONTENT = noise(SIZE.width * SIZE.height * 4, 1).map((byte) => byte & 15);

function joined(...parts: (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function zstd(content: Uint8Array): Uint8Array {
  const params = { [constants.ZSTD_c_checksumFlag]: 1 };
  return new Uint8Array(zstdCompressSync(content, { params }));
}

/** A frame that does not say how long its content is, as streams make them. */
function zstdOfUnknownLength(content: Uint8Array): Uint8Array {
  const params = { [constants.ZSTD_c_contentSizeFlag]: 0, [constants.ZSTD_c_compressionLevel]: 19 };
  return new Uint8Array(zstdCompressSync(content, { params }));
}

function zlib(content: Uint8Array): Uint8Array {
  return new Uint8Array(deflateSync(content));
}

/** The level of a file that holds these bytes. */
async function inflated(scheme: number, stored: Uint8Array): Promise<Uint8Array> {
  const levels = [{ stored, uncompressedLength: CONTENT.length }];
  const bytes = memorySource(makeKtx2({ row: RGBA8, ...SIZE, scheme, levels }), "test.ktx2");
  const file = await readKtx2(bytes);
  return await ktx2RowSource(bytes, file, { level: 0 }).readRows(0, SIZE.height);
}

const SKIPPABLE = [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 7, 7, 7];
const [FIRST, SECOND] = [CONTENT.subarray(0, 10001), CONTENT.subarray(10001)];

/** A frame that states a window as large as can be, of which it uses what its content takes. */
function zstdOfHugeWindow(content: Uint8Array): Uint8Array {
  const frame = zstdOfUnknownLength(content);
  assert.equal(frame[4]! & 0x20, 0, "there is a window");
  frame[5] = (31 - 10) << 3;
  return frame;
}

Deno.test("Zstandard data may be several frames, with skippable and empty ones among them; ZLIB of any effort", async () => {
  const ways = {
    "one frame": zstd(CONTENT),
    "two frames": joined(zstd(FIRST), zstd(SECOND)),
    "content of unknown length": zstdOfUnknownLength(CONTENT),
    "frames of unknown length": joined(zstdOfUnknownLength(FIRST), zstdOfUnknownLength(SECOND)),
    "a window of 2 GiB, as of zstd --long=31": zstdOfHugeWindow(CONTENT),
    "a skippable frame first": joined(SKIPPABLE, zstd(CONTENT)),
    "skippable frames between and last": joined(zstd(FIRST), SKIPPABLE, zstd(SECOND), SKIPPABLE),
    "empty frames": joined(zstd(new Uint8Array(0)), zstd(CONTENT), zstd(new Uint8Array(0))),
    "a frame for each part of 37 bytes": joined(
      ...Array.from(
        { length: Math.ceil(CONTENT.length / 37) },
        (_, i) => zstd(CONTENT.subarray(37 * i, 37 * i + 37)),
      ),
    ),
  };
  for (const [way, stored] of Object.entries(ways)) {
    assert.deepEqual(await inflated(ZSTD, stored), CONTENT, way);
  }
  for (let level = -1; level <= 9; level++) {
    for (const memLevel of [1, 9]) {
      const stored = new Uint8Array(
        deflateSync(CONTENT, { level, memLevel, windowBits: 9 + level % 7 }),
      );
      assert.deepEqual(await inflated(ZLIB, stored), CONTENT, `ZLIB of level ${level}`);
    }
  }
});

Deno.test("bytes that begin no further frame are refused, and so is what is cut off or too much", async () => {
  const whole = zstd(CONTENT);
  const bad: [number, string, Uint8Array, RegExp][] = [
    [ZSTD, "one byte more", joined(whole, [0]), /its 1 bytes from byte \d+ on begin no frame/],
    [ZSTD, "zeros", joined(whole, new Uint8Array(64)), /its 64 bytes .* begin no frame/],
    [ZSTD, "text", joined(whole, [65, 66, 67, 68, 69]), /its 5 bytes .* begin no frame/],
    [ZSTD, "half a magic", joined(whole, SKIPPABLE.slice(0, 3)), /its 3 bytes .* begin no frame/],
    [ZSTD, "half a skippable frame", joined(whole, SKIPPABLE.slice(0, 9)), /is cut off/],
    [ZSTD, "half a frame", joined(zstd(FIRST), zstd(SECOND).slice(0, -9)), /is cut off/],
    [ZSTD, "the checksum cut off", whole.slice(0, -1), /is cut off/],
    [
      ZSTD,
      "a second content",
      joined(whole, whole),
      /as it gives more than 40960 bytes, the size of the level$/,
    ],
    [
      ZSTD,
      "too little",
      zstd(FIRST),
      /as it gives fewer than 40960 bytes, the size of the level: 10001$/,
    ],
    [
      ZSTD,
      "nothing",
      Uint8Array.from(SKIPPABLE),
      /fewer than 40960 bytes, the size of the level: 0$/,
    ],
    [
      ZSTD,
      "frames without number",
      joined(whole, ...Array(70000).fill(zstd(new Uint8Array(0)))),
      /more than 65536 frames/,
    ],
    [ZLIB, "one byte more", joined(zlib(CONTENT), [0]), /1 of \d+ bytes do/],
    [ZLIB, "a second stream", joined(zlib(FIRST), zlib(SECOND)), /nothing must follow its data/],
    [ZSTD, "too much", zstd(joined(CONTENT, CONTENT)), /gives more than 40960 bytes/],
    [
      ZSTD,
      "too much of unknown length",
      zstdOfUnknownLength(joined(CONTENT, [1])),
      /gives more than/,
    ],
    [ZSTD, "too little of unknown length", zstdOfUnknownLength(FIRST), /gives fewer than/],
    [ZSTD, "one byte too much", zstd(joined(CONTENT, [1])), /gives more than 40960 bytes/],
    [
      ZSTD,
      "a frame of one byte too much",
      joined(whole, zstd(new Uint8Array(1))),
      /gives more than/,
    ],
    [ZLIB, "too much", zlib(joined(CONTENT, CONTENT)), /gives more than 40960 bytes/],
    [ZLIB, "one byte too much", zlib(joined(CONTENT, [1])), /gives more than 40960 bytes/],
    [
      ZLIB,
      "too little",
      zlib(FIRST),
      /as it gives fewer than 40960 bytes, the size of the level: 10001$/,
    ],
  ];
  for (const [scheme, what, stored, message] of bad) {
    await assert.rejects(inflated(scheme, stored), (error) => {
      assert.ok(error instanceof MalformedFileError, `${what}: ${error}`);
      assert.match(error.message, /^Cannot inflate level 0 of test\.ktx2 as /, what);
      assert.match(error.message, message, what);
      return true;
    });
  }
});

Deno.test("one wrong bit anywhere in compressed data is a MalformedFileError and never ends the process", async () => {
  for (const [scheme, whole] of [[ZSTD, zstd(CONTENT)], [ZLIB, zlib(CONTENT)]] as const) {
    for (let bit = 0; bit < 8 * whole.length; bit += 1 + Math.floor(whole.length / 25)) {
      const damaged = whole.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      const given = await inflated(scheme, damaged).catch((error) => error);
      if (given instanceof MalformedFileError) continue;
      assert.deepEqual(given, CONTENT, `bit ${bit} of scheme ${scheme} does not matter`);
    }
  }
});
