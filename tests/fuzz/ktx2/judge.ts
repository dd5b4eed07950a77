/**
 * An opinion on whether a KTX2 file is valid, independent of the reader: written from the text of
 * the KTX 2.0 specification, with tables of its own.
 *
 * @module
 */

import { judgeDescriptor } from "./judge_descriptor.ts";
import { judgeKeyValues } from "./judge_key_values.ts";
import { judgeGlobalData } from "./judge_global_data.ts";
import { Broken, hasUnitTypeSize, isBlockFormat, knownFormat, Undecided } from "./judge_formats.ts";

/** What a file says, as far as it has been judged. */
export interface Judged {
  readonly view: DataView;
  readonly vkFormat: number;
  readonly typeSize: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly layers: number;
  readonly faces: number;
  readonly levelCount: number;
  readonly scheme: number;
  readonly dfd: readonly [at: number, length: number];
  readonly kvd: readonly [at: number, length: number];
  readonly sgd: readonly [at: number, length: number];
  readonly levels: readonly JudgedLevel[];
}

/** A level of the index. */
export interface JudgedLevel {
  readonly at: number;
  readonly length: number;
  readonly whole: number;
}

/** The opinion: `null` where this judge has none. */
export interface Opinion {
  readonly isValid: boolean | null;
  readonly reason: string;
  readonly file: Judged | null;
}

const MAGIC = [0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb, 0x0d, 0x0a, 0x1a, 0x0a];

/** Judges a file. */
export function judgeKtx2(bytes: Uint8Array): Opinion {
  let file: Judged | null = null;
  try {
    file = parse(bytes);
    judgeHeader(file);
    judgeSections(file);
    const block = judgeDescriptor(file);
    judgeLevels(file, block);
    judgeKeyValues(file);
    judgeGlobalData(file);
    judgePadding(file);
    return { isValid: true, reason: "no rule is broken", file };
  } catch (error) {
    if (error instanceof Broken) return { isValid: false, reason: error.message, file };
    if (error instanceof Undecided) return { isValid: null, reason: error.message, file };
    throw error;
  }
}

/** Throws unless a rule holds. */
export function must(holds: boolean, rule: string): void {
  if (!holds) throw new Broken(rule);
}

function big(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  return value > 0x1fffffffffffffn ? Infinity : Number(value);
}

function parse(bytes: Uint8Array): Judged {
  must(bytes.length >= 80, "80 bytes of header");
  must(MAGIC.every((byte, i) => bytes[i] === byte), "identifier");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number) => view.getUint32(at, true);
  const levelCount = word(40);
  const stored = Math.max(1, levelCount);
  must(levelCount <= 32, "levelCount");
  must(80 + 24 * stored <= bytes.length, "the index is in the file");
  const levels = Array.from({ length: stored }, (_, level) => ({
    at: big(view, 80 + 24 * level),
    length: big(view, 88 + 24 * level),
    whole: big(view, 96 + 24 * level),
  }));
  return {
    view,
    vkFormat: word(12),
    typeSize: word(16),
    width: word(20),
    height: word(24),
    depth: word(28),
    layers: word(32),
    faces: word(36),
    levelCount,
    scheme: word(44),
    dfd: [word(48), word(52)],
    kvd: [word(56), word(60)],
    sgd: [big(view, 64), big(view, 72)],
    levels,
  };
}

function judgeHeader(file: Judged): void {
  const { vkFormat, width, height, depth, faces, levelCount, scheme } = file;
  must(knownFormat(vkFormat), "a vkFormat that KTX allows");
  must(scheme <= 6 || (scheme >= 0x10000 && scheme <= 0x1ffff), "a known scheme");
  if (scheme > 4 && scheme < 0x10000) throw new Undecided("schemes after the specification");
  const isBasis = scheme === 1 || scheme === 4;
  must(!isBasis || vkFormat === 0, "vkFormat 0 with BasisLZ");
  must(width > 0, "pixelWidth");
  must(depth === 0 || height > 0, "pixelHeight of a 3D texture");
  must(faces === 1 || faces === 6, "faceCount");
  must(faces === 1 || (width === height && depth === 0), "square faces");
  must(levelCount <= 1 + Math.floor(Math.log2(Math.max(width, height, depth))), "levelCount");
  must(!hasUnitTypeSize(vkFormat) || file.typeSize === 1, "typeSize");
  if (isBlockFormat(vkFormat) || isBasis) {
    must(height > 0, "pixelHeight of blocks");
    must(levelCount > 0, "levelCount of blocks");
  }
  // Depth and stencil formats are never three-dimensional.
  must(depth === 0 || vkFormat < 124 || vkFormat > 130, "no depth of depths");
  if (vkFormat >= 1000288000 && vkFormat < 1000288030) must(depth > 0, "pixelDepth of 3D blocks");
}

function judgeSections(file: Judged): void {
  const { dfd, kvd, sgd, scheme, levels } = file;
  let end = 80 + 24 * levels.length;
  must(dfd[0] === end && dfd[1] >= 4 && dfd[1] % 4 === 0, "place of the data format descriptor");
  end = dfd[0] + dfd[1];
  if (kvd[1] === 0) must(kvd[0] === 0, "no place of no key/values");
  else {
    must(kvd[0] === end, "place of the key/values");
    end += kvd[1];
  }
  const isBasis = scheme === 1 || scheme === 4;
  if (sgd[1] === 0) must(sgd[0] === 0 && !isBasis, "no place of no global data");
  else {
    must(sgd[0] === Math.ceil(end / 8) * 8, "place of the global data");
    must(isBasis || scheme >= 0x10000, "global data only where a scheme has any");
    end = sgd[0] + sgd[1];
  }
  must(end <= file.view.byteLength, "sections end in the file");
}

/** A block's edges in texels, and its bytes; 0 bytes where nothing tells. */
export interface JudgedBlock {
  readonly edges: readonly [number, number, number];
  readonly bytes: number;
}

function judgeLevels(file: Judged, block: JudgedBlock): void {
  const { scheme, levels, width, height, depth, faces, layers, view } = file;
  const [, dfd] = [0, file.dfd[0] + file.dfd[1]];
  let end = file.sgd[1] > 0
    ? file.sgd[0] + file.sgd[1]
    : file.kvd[1] > 0
    ? file.kvd[0] + file.kvd[1]
    : dfd;
  const step = scheme !== 0 ? 1 : lcm4(Math.max(1, block.bytes));
  for (let level = levels.length - 1; level >= 0; level--) {
    const { at, length, whole } = levels[level]!;
    must(at === Math.ceil(end / step) * step, `place of level ${level}`);
    end = at + length;
    must(length > 0 && end <= view.byteLength, `end of level ${level}`);
    const images = faces * Math.max(1, layers);
    const side = (size: number, edge: number) =>
      Math.ceil(Math.max(1, Math.floor(size / 2 ** level)) / edge);
    const expected = side(width, block.edges[0]) * side(height, block.edges[1]) *
      side(depth, block.edges[2]) * block.bytes * images;
    if (scheme === 1 || scheme === 4) must(whole === 0, `no whole length of level ${level}`);
    else if (block.bytes > 0) {
      const isPartial = block.edges[2] > 1 && depth % block.edges[2] !== 0;
      if (isPartial) throw new Undecided("slices of 3D blocks that are not whole");
      must(whole === expected, `whole length of level ${level}`);
    } else must(whole > 0 && whole % images === 0, `whole length of level ${level}`);
    must(scheme !== 0 || length === whole, `length of level ${level}`);
    if (level > 0) must(whole <= levels[level - 1]!.whole, `level ${level} is no larger`);
  }
}

function lcm4(bytes: number): number {
  for (let multiple = bytes;; multiple += bytes) if (multiple % 4 === 0) return multiple;
}

function judgePadding(file: Judged): void {
  const { view, sgd, levels, dfd, kvd } = file;
  const parts = [dfd, kvd, sgd].filter(([, length]) => length > 0)
    .concat(levels.map(({ at, length }) => [at, length] as const))
    .sort(([a], [b]) => a - b);
  let end = parts[0]![0];
  for (const [at, length] of parts) {
    for (let i = end; i < at; i++) must(view.getUint8(i) === 0, `padding at ${i}`);
    end = at + length;
  }
}
