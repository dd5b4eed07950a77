/**
 * A small writer of KTX2 files for tests. It shares no code with the library, so that a mistake in
 * one does not hide in the other.
 *
 * @module
 */

import type { TexelFormat } from "../../../src/texels/mod.ts";

/** One sample: first bit, bits, channel with qualifiers in the high half, lower and upper value. */
export type SampleRow = readonly [number, number, number, number, number];

/** What the descriptor of a format says, written by hand from the specification. */
export interface FormatRow {
  readonly vkFormat: number;
  readonly typeSize: number;
  readonly model: number;
  readonly blockEdge: number;
  readonly blockBytes: number;
  readonly srgb: boolean;
  readonly samples: readonly SampleRow[];
}

const MAX = 0xffffffff;
const LINEAR_ALPHA = 0x1f;

function rgba8(srgb: boolean): FormatRow {
  const samples = [0, 1, 2, srgb ? LINEAR_ALPHA : 15].map((channel, index): SampleRow => [
    8 * index,
    8,
    channel,
    0,
    255,
  ]);
  return {
    vkFormat: srgb ? 43 : 37,
    typeSize: 1,
    model: 1,
    blockEdge: 1,
    blockBytes: 4,
    srgb,
    samples,
  };
}

function grey(vkFormat: number, bytes: number): FormatRow {
  const samples: SampleRow[] = [[0, 8 * bytes, 0, 0, 2 ** (8 * bytes) - 1]];
  return {
    vkFormat,
    typeSize: bytes,
    model: 1,
    blockEdge: 1,
    blockBytes: bytes,
    srgb: false,
    samples,
  };
}

function blocks(
  vkFormat: number,
  model: number,
  rest: { blockBytes: number; srgb: boolean; samples: readonly SampleRow[] },
): FormatRow {
  return { vkFormat, typeSize: 1, model, blockEdge: 4, ...rest };
}

function bc3(srgb: boolean): FormatRow {
  return blocks(srgb ? 138 : 137, 130, {
    blockBytes: 16,
    srgb,
    samples: [[0, 64, srgb ? LINEAR_ALPHA : 15, 0, MAX], [64, 64, 0, 0, MAX]],
  });
}

/** Formats that tiles can be read in. */
export const FORMAT_ROWS: Readonly<Partial<Record<TexelFormat, FormatRow>>> = {
  "r8unorm": grey(9, 1),
  "r16unorm": grey(70, 2),
  "rgba8unorm": rgba8(false),
  "rgba8unorm-srgb": rgba8(true),
  "bc1-rgba-unorm": blocks(133, 128, {
    blockBytes: 8,
    srgb: false,
    samples: [[0, 64, 1, 0, MAX]],
  }),
  "bc1-rgba-unorm-srgb": blocks(134, 128, {
    blockBytes: 8,
    srgb: true,
    samples: [[0, 64, 1, 0, MAX]],
  }),
  "bc3-rgba-unorm": bc3(false),
  "bc3-rgba-unorm-srgb": bc3(true),
  "bc4-r-unorm": blocks(139, 131, { blockBytes: 8, srgb: false, samples: [[0, 64, 0, 0, MAX]] }),
  "bc5-rg-unorm": blocks(141, 132, {
    blockBytes: 16,
    srgb: false,
    samples: [[0, 64, 0, 0, MAX], [64, 64, 1, 0, MAX]],
  }),
  "bc7-rgba-unorm": blocks(145, 134, {
    blockBytes: 16,
    srgb: false,
    samples: [[0, 128, 0, 0, MAX]],
  }),
  "bc7-rgba-unorm-srgb": blocks(146, 134, {
    blockBytes: 16,
    srgb: true,
    samples: [[0, 128, 0, 0, MAX]],
  }),
};

/** One level's bytes as they are stored. */
export interface LevelBytes {
  readonly stored: Uint8Array;
  /** Bytes without supercompression; default, the stored length. */
  readonly uncompressedLength?: number;
}

/** Everything a file is made of. */
export interface Ktx2Parts {
  readonly row: FormatRow;
  readonly width: number;
  readonly height: number;
  readonly levels: readonly LevelBytes[];
  readonly depth?: number;
  readonly layers?: number;
  readonly faces?: number;
  /** The header's level count; default, the number of levels. */
  readonly levelCount?: number;
  readonly scheme?: number;
  /** Default: sRGB or linear as the format asks. */
  readonly transfer?: number;
  /** Default: BT.709. */
  readonly primaries?: number;
  readonly flags?: number;
  readonly keyValues?: readonly (readonly [key: string, value: Uint8Array | string])[];
  readonly globalData?: Uint8Array;
  readonly planeBytes?: readonly number[];
  /** Bytes after the last level. */
  readonly padding?: number;
}

function align(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

function keyValueBytes(pairs: NonNullable<Ktx2Parts["keyValues"]>): Uint8Array {
  const bytes: number[] = [];
  for (const [key, value] of pairs) {
    const text = typeof value === "string" ? new TextEncoder().encode(value) : value;
    const entry = [...new TextEncoder().encode(key), 0, ...text];
    bytes.push(entry.length & 255, (entry.length >> 8) & 255, entry.length >> 16, 0, ...entry);
    while (bytes.length % 4 !== 0) bytes.push(0);
  }
  return Uint8Array.from(bytes);
}

function descriptorBytes({ row, transfer, primaries, flags, planeBytes }: Ktx2Parts): Uint8Array {
  const bytes = new Uint8Array(28 + 16 * row.samples.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint32(8, 2 | ((bytes.length - 4) << 16), true);
  bytes.set([row.model, primaries ?? 1, transfer ?? (row.srgb ? 2 : 1), flags ?? 0], 12);
  bytes.set([row.blockEdge - 1, row.blockEdge - 1], 16);
  bytes.set(planeBytes ?? [row.blockBytes], 20);
  row.samples.forEach(([offset, bits, channel, lower, upper], index) => {
    const at = 28 + 16 * index;
    view.setUint32(at, (offset | ((bits - 1) << 16) | (channel << 24)) >>> 0, true);
    view.setUint32(at + 8, lower, true);
    view.setUint32(at + 12, upper, true);
  });
  return bytes;
}

/** Writes a file. */
export function makeKtx2(parts: Ktx2Parts): Uint8Array {
  const { row, levels, scheme = 0 } = parts;
  const descriptor = descriptorBytes(parts);
  const keyValues = keyValueBytes(parts.keyValues ?? [["KTXwriter", "a test\0"]]);
  const globalData = parts.globalData ?? new Uint8Array(0);
  const descriptorAt = 80 + 24 * levels.length;
  const keyValuesAt = descriptorAt + descriptor.length;
  const globalDataAt = align(keyValuesAt + keyValues.length, globalData.length > 0 ? 8 : 1);
  const step = scheme === 0 ? Math.max(4, row.blockBytes) : 1;
  const offsets: number[] = [];
  let end = globalDataAt + globalData.length;
  for (let level = levels.length - 1; level >= 0; level--) {
    offsets[level] = align(end, step);
    end = offsets[level]! + levels[level]!.stored.length;
  }
  const bytes = new Uint8Array(end + (parts.padding ?? 0));
  const view = new DataView(bytes.buffer);
  bytes.set([0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb, 0x0d, 0x0a, 0x1a, 0x0a]);
  [
    row.vkFormat,
    row.typeSize,
    parts.width,
    parts.height,
    parts.depth ?? 0,
    parts.layers ?? 0,
    parts.faces ?? 1,
    parts.levelCount ?? levels.length,
    scheme,
    descriptorAt,
    descriptor.length,
    keyValues.length > 0 ? keyValuesAt : 0,
    keyValues.length,
    globalData.length > 0 ? globalDataAt : 0,
    0,
    globalData.length,
  ].forEach((word, index) => view.setUint32(12 + 4 * index, word, true));
  levels.forEach(({ stored, uncompressedLength }, level) => {
    const at = 80 + 24 * level;
    view.setBigUint64(at, BigInt(offsets[level]!), true);
    view.setBigUint64(at + 8, BigInt(stored.length), true);
    view.setBigUint64(at + 16, BigInt(uncompressedLength ?? stored.length), true);
    bytes.set(stored, offsets[level]);
  });
  bytes.set(descriptor, descriptorAt);
  bytes.set(keyValues, keyValuesAt);
  bytes.set(globalData, globalDataAt);
  return bytes;
}

/** Bytes of one level of a format. */
export function levelLength(row: FormatRow, width: number, height: number): number {
  return Math.ceil(width / row.blockEdge) * Math.ceil(height / row.blockEdge) * row.blockBytes;
}

/** Pseudo-random bytes from a seed. */
export function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = (seed * 2654435761 + 1) >>> 0;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

/** Levels of noise, finest first. */
export function noiseLevels(
  row: FormatRow,
  size: { readonly width: number; readonly height: number },
  count: number,
): LevelBytes[] {
  return Array.from({ length: count }, (_, level) => {
    const width = Math.max(1, size.width >> level);
    const height = Math.max(1, size.height >> level);
    return { stored: noise(levelLength(row, width, height), level + 1) };
  });
}
