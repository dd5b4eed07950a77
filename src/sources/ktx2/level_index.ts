/**
 * The level index of a KTX2 file: where each level lies (KTX 2.0, sections 3.9.7 and 3.11).
 *
 * The finest level comes first in the index and last in the file.
 *
 * @module
 */

import { levelSize } from "../../tiles/mod.ts";
import type { DataFormatDescriptor } from "./data_format_descriptor.ts";
import { expectedDescriptor } from "./rules/expected_descriptor.ts";
import {
  alignUp,
  HEADER_BYTES,
  type Ktx2Header,
  LEVEL_INDEX_ENTRY_BYTES,
  readUint64,
  storedLevelCount,
} from "./header.ts";
import { checkRule } from "./rules/malformed.ts";
import { isBlockScheme, isNewerScheme, SCHEME, schemeName } from "./rules/supercompression.ts";
import { is3dCompressedFormat, vkFormatName } from "./rules/vk_format.ts";

/** One level of a KTX2 file. */
export interface Ktx2Level {
  /** 0 is the finest level. */
  readonly level: number;
  /** First byte in the file. */
  readonly offset: number;
  /** Bytes in the file. */
  readonly length: number;
  /** Bytes without supercompression; 0 for schemes with a block compression of their own. */
  readonly uncompressedLength: number;
  /** Width in texels. */
  readonly width: number;
  /** Height in texels, 1 for a one-dimensional texture. */
  readonly height: number;
}

/** The sections that determine the sizes and places of levels. */
export interface LevelContext {
  readonly header: Ktx2Header;
  readonly descriptor: DataFormatDescriptor;
  /** Bytes of the whole file. */
  readonly fileSize: number;
}

/**
 * Reads the index and checks order, places, sizes and ends of the levels.
 *
 * @param bytes The level index, `24 · levels` bytes.
 * @throws {MalformedFileError} at the first rule that is broken.
 */
export function parseLevels(name: string, bytes: Uint8Array, context: LevelContext): Ktx2Level[] {
  const { header } = context;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const levels: Ktx2Level[] = [];
  for (let level = 0; level < storedLevelCount(header); level++) {
    const at = LEVEL_INDEX_ENTRY_BYTES * level;
    levels.push({
      level,
      offset: readUint64(view, at),
      length: readUint64(view, at + 8),
      uncompressedLength: readUint64(view, at + 16),
      width: levelSize(header.pixelWidth, level),
      height: levelSize(header.pixelHeight, level),
    });
  }
  checkOrder(name, levels);
  checkPlaces(name, levels, context);
  for (const level of levels) checkLengths(name, level, context);
  return levels;
}

/** Bytes of a level without supercompression; null where neither format nor descriptor says. */
function levelBytes(level: number, { header, descriptor }: LevelContext): number | null {
  const format = vkFormatName(header.vkFormat);
  const expected = (format === null ? null : expectedDescriptor(format)) ??
    { block: descriptor.block, blockBytes: descriptor.planeBytes[0]! };
  if (expected.blockBytes === 0) return null;
  const [width, height, depth] = expected.block;
  return Math.ceil(levelSize(header.pixelWidth, level) / width) *
    Math.ceil(levelSize(header.pixelHeight, level) / height) *
    Math.ceil(levelSize(header.pixelDepth, level) / depth) *
    expected.blockBytes * header.faceCount * Math.max(1, header.layerCount);
}

/** Levels begin at multiples of this: the least common multiple of a block's bytes and 4. */
function levelAlignment({ header, descriptor }: LevelContext): number {
  if (header.supercompressionScheme !== SCHEME.NONE) return 1;
  const format = vkFormatName(header.vkFormat);
  const expected = format === null ? null : expectedDescriptor(format);
  const blockBytes = Math.max(1, expected?.blockBytes ?? descriptor.planeBytes[0]!);
  return blockBytes % 4 === 0 ? blockBytes : blockBytes % 2 === 0 ? 2 * blockBytes : 4 * blockBytes;
}

function endOfSections(header: Ktx2Header): number {
  const sections = [
    header.supercompressionGlobalData,
    header.keyValueData,
    header.dataFormatDescriptor,
  ];
  const last = sections.find(({ length }) => length > 0);
  return last ? last.offset + last.length : HEADER_BYTES;
}

function checkOrder(name: string, levels: readonly Ktx2Level[]): void {
  for (const [index, level] of levels.entries()) {
    const finer = levels[index - 1];
    if (finer === undefined) continue;
    checkRule(
      name,
      level.uncompressedLength <= finer.uncompressedLength,
      () =>
        `level ${index} must not be larger than level ${index - 1}: it takes ` +
        `${level.uncompressedLength} bytes against ${finer.uncompressedLength}`,
    );
    checkRule(
      name,
      level.offset <= finer.offset,
      () => `level ${index} must lie before level ${index - 1}: it begins at byte ${level.offset}`,
    );
  }
}

function checkPlaces(name: string, levels: readonly Ktx2Level[], context: LevelContext): void {
  const alignment = levelAlignment(context);
  let end = endOfSections(context.header);
  for (const { level, offset, length } of levels.toReversed()) {
    const expected = alignUp(end, alignment);
    checkRule(
      name,
      offset === expected,
      () => `level ${level} must begin at byte ${expected}: current value is ${offset}`,
    );
    end = offset + length;
    checkRule(
      name,
      end <= context.fileSize,
      () =>
        `level ${level} must end within the file: it ends at byte ${end} of ${context.fileSize}`,
    );
  }
}

function checkLengths(name: string, found: Ktx2Level, context: LevelContext): void {
  const { header } = context;
  const { level, length, uncompressedLength } = found;
  const scheme = header.supercompressionScheme;
  checkRule(name, length > 0, () => `level ${level} must have bytes: current value is 0`);
  if (isNewerScheme(scheme)) return;
  if (isBlockScheme(scheme)) {
    checkRule(
      name,
      uncompressedLength === 0,
      () =>
        `uncompressedByteLength of level ${level} must be 0 with ${schemeName(scheme)}: ` +
        `current value is ${uncompressedLength}`,
    );
    return;
  }
  const expected = levelBytes(level, context);
  if (expected === null) {
    const images = header.faceCount * Math.max(1, header.layerCount);
    checkRule(
      name,
      uncompressedLength > 0 && uncompressedLength % images === 0,
      () =>
        `uncompressedByteLength of level ${level} must be a positive multiple of ${images}: ` +
        `current value is ${uncompressedLength}`,
    );
  } else if (!hasPartialSlice(context)) {
    checkRule(
      name,
      uncompressedLength === expected,
      () =>
        `uncompressedByteLength of level ${level} must be ${expected}: ` +
        `current value is ${uncompressedLength}`,
    );
  }
  checkRule(
    name,
    scheme !== SCHEME.NONE || length === uncompressedLength,
    () =>
      `byteLength of level ${level} must be ${uncompressedLength} without supercompression: ` +
      `current value is ${length}`,
  );
}

/**
 * Encoders disagree on the number of slices of a 3D block format if its depth is not whole blocks.
 */
function hasPartialSlice({ header }: LevelContext): boolean {
  const format = vkFormatName(header.vkFormat) ?? "";
  if (!is3dCompressedFormat(format)) return false;
  return header.pixelDepth % expectedDescriptor(format)!.block[2] !== 0;
}
