/**
 * Parts of KTX2 files of every colour model, and ways to break the files made of them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { MalformedFileError } from "../../../src/errors.ts";
import { memorySource, readKtx2 } from "../../../src/sources/mod.ts";
import {
  FORMAT_ROWS,
  type FormatRow,
  type Ktx2Parts,
  makeKtx2,
  noise,
  noiseLevels,
} from "./make_ktx2.ts";

export const RGBA8 = FORMAT_ROWS["rgba8unorm"]!;
export const BC7 = FORMAT_ROWS["bc7-rgba-unorm-srgb"]!;
export const BC3 = FORMAT_ROWS["bc3-rgba-unorm-srgb"]!;
export const R8 = FORMAT_ROWS["r8unorm"]!;

/** Colour and alpha of ETC1S, as BasisLZ has them. */
export const ETC1S: FormatRow = {
  vkFormat: 0,
  typeSize: 1,
  model: 163,
  blockEdge: 4,
  blockBytes: 8,
  srgb: true,
  samples: [[0, 64, 0, 0, 0xffffffff]],
};
export const UASTC: FormatRow = {
  ...ETC1S,
  model: 166,
  blockBytes: 16,
  samples: [[0, 128, 3, 0, 0xffffffff]],
};
/** An array of floats that may carry `KTXmapRange`. */
export const R32F: FormatRow = {
  ...R8,
  vkFormat: 100,
  typeSize: 4,
  blockBytes: 4,
  samples: [[0, 32, 0xc0, 0xbf800000, 0x3f800000]],
};
export const D16: FormatRow = {
  ...R8,
  vkFormat: 124,
  typeSize: 2,
  blockBytes: 2,
  samples: [[0, 16, 14, 0, 65535]],
};
export const YUV422: FormatRow = {
  ...R8,
  vkFormat: 1000156000,
  model: 2,
  blockBytes: 4,
  samples: [[0, 8, 0, 0, 255], [8, 8, 1, 0, 255], [16, 8, 0, 0, 255], [24, 8, 2, 0, 255]],
};
export const ASTC_HDR: FormatRow = {
  ...BC7,
  vkFormat: 1000066000,
  model: 162,
  srgb: false,
  samples: [[0, 128, 0xc0, 0xbf800000, 0x3f800000]],
};

export const SIZE = { width: 20, height: 12 };

export function parts(row: FormatRow, over: Partial<Ktx2Parts> = {}): Ktx2Parts {
  const size = { width: over.width ?? SIZE.width, height: over.height ?? SIZE.height };
  return { row, ...size, levels: noiseLevels(row, size, 3), ...over };
}

export function floats(...values: number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** BasisLZ global data of three images; words are those of the tables. */
export function basisData(image: number[] = [0, 0, 8, 0, 0], header: number[] = [0, 0, 0, 0, 0]) {
  const words = [...header, ...image, 0, 0, 8, 0, 0, 0, 0, 8, 0, 0];
  return new Uint8Array(Uint32Array.from(words).buffer);
}

export function basis(over: Partial<Ktx2Parts> = {}): Ktx2Parts {
  const levels = [1, 2, 3].map((seed) => ({ stored: noise(8, seed), uncompressedLength: 0 }));
  return parts(ETC1S, { scheme: 1, levels, globalData: basisData(), ...over });
}

/** UASTC HDR 6x6 intermediate of one level; the slice begins with type, width and height. */
export function hdr(over: { table?: number[]; slice?: number[]; parts?: Partial<Ktx2Parts> } = {}) {
  const row = { ...ETC1S, model: 168, blockEdge: 6, blockBytes: 16, srgb: false };
  const slice = over.slice ?? [0xabcd, 20, 12, 0];
  return parts({ ...row, samples: [[0, 128, 0x80, 0, 0x3f800000]] }, {
    scheme: 4,
    levels: [{
      stored: new Uint8Array(Uint16Array.from(slice).buffer),
      uncompressedLength: 0,
    }],
    globalData: new Uint8Array(Uint32Array.from(over.table ?? [0, 8, 0xabcd]).buffer),
    ...over.parts,
  });
}

export async function read(bytes: Uint8Array) {
  return await readKtx2(memorySource(bytes, "test.ktx2"));
}

/** A file made from parts, with 32-bit words, bytes or 64-bit words changed by place. */
export type Patch = (view: DataView, at: { descriptor: number; keyValues: number }) => void;

export function patched(from: Ktx2Parts, patch: Patch): Uint8Array {
  const bytes = makeKtx2(from);
  const view = new DataView(bytes.buffer);
  patch(view, { descriptor: view.getUint32(48, true), keyValues: view.getUint32(56, true) });
  return bytes;
}

export function word(index: number, value: number): Patch {
  return (view) => view.setUint32(12 + 4 * index, value, true);
}

export function descriptorByte(offset: number, value: number): Patch {
  return (view, { descriptor }) => view.setUint8(descriptor + offset, value);
}

/** Adds to a 64-bit field of the level index. */
export function levelField(level: number, field: 0 | 1 | 2, change: number): Patch {
  return (view) => {
    const at = 80 + 24 * level + 8 * field;
    view.setBigUint64(at, view.getBigUint64(at, true) + BigInt(change), true);
  };
}

export function keyValue(
  key: string,
  value: string | Uint8Array,
  row: FormatRow = RGBA8,
): Ktx2Parts {
  return parts(row, { keyValues: [[key, value]] });
}

/** A file that breaks one rule: a name for the test, the bytes, and what the message has to say. */
export type BrokenFile = readonly [name: string, bytes: () => Uint8Array, message: RegExp];

/** Registers a test for each broken file. */
export function testBrokenFiles(files: readonly BrokenFile[]): void {
  for (const [name, bytes, message] of files) {
    Deno.test(`a broken rule is a malformed file: ${name}`, async () => {
      await assert.rejects(read(bytes()), (error) => {
        assert.ok(error instanceof MalformedFileError, String(error));
        assert.equal(error.path, "test.ktx2");
        assert.match(error.message, message);
        assert.match(error.message, /^Cannot read KTX2 file test\.ktx2 as /);
        return true;
      });
    });
  }
}

/** Parts of valid files of many kinds. */
export const VALID: Record<string, Ktx2Parts> = {
  "RGBA8, three levels": parts(RGBA8),
  "one level": parts(BC7, { levels: noiseLevels(BC7, SIZE, 1) }),
  "full chain": parts(BC7, { levels: noiseLevels(BC7, SIZE, 5) }),
  "a level count of 0": parts(RGBA8, { levels: noiseLevels(RGBA8, SIZE, 1), levelCount: 0 }),
  "R8 with padding between levels": parts(R8, { width: 21, height: 13 }),
  "no key/value data": parts(RGBA8, { keyValues: [] }),
  "2 MiB behind the data": parts(RGBA8, { padding: 2 * 1024 * 1024 }),
  "cube map": parts(RGBA8, {
    width: 4,
    height: 4,
    faces: 6,
    levels: [{ stored: noise(4 * 4 * 4 * 6, 1) }],
  }),
  "array": parts(RGBA8, { layers: 2, levels: [{ stored: noise(20 * 12 * 4 * 2, 1) }] }),
  "3D": parts(RGBA8, { depth: 2, levels: [{ stored: noise(20 * 12 * 4 * 2, 1) }] }),
  "1D": parts(RGBA8, { height: 0, levels: [{ stored: noise(80, 1) }] }),
  "vendor's scheme": parts(RGBA8, {
    scheme: 0x10001,
    levels: [{ stored: noise(7, 1), uncompressedLength: 20 * 12 * 4 }],
  }),
  "BasisLZ": basis(),
  "UASTC": parts(UASTC),
  "UASTC HDR 6x6 intermediate": hdr(),
  "all reserved keys of a 2D texture": parts(RGBA8, {
    keyValues: [
      ["KTXorientation", "rd\0"],
      ["KTXswizzle", "rgb1\0"],
      ["KTXwriter", "a test\0"],
      ["KTXwriterScParams", "--none\0"],
      ["custom", "anything"],
    ],
  }),
  "a range of floats": keyValue("KTXmapRange", floats(2, -1), R32F),
  "an unknown extension format": {
    ...parts({ ...RGBA8, vkFormat: 1000999000 }),
  },
  "non-linear colour in a UNORM format": parts({
    ...BC3,
    vkFormat: 137,
    samples: [[0, 64, 0x1f, 0, 0xffffffff], BC3.samples[1]!],
  }, { transfer: 18 }),
};
