/**
 * The header of a KTX2 file and the index of its sections (KTX 2.0, sections 3.1 to 3.9).
 *
 * @module
 */

import { checkRule } from "./rules/malformed.ts";
import { isBlockScheme, isScheme, SCHEME, schemeName } from "./rules/supercompression.ts";
import {
  is3dCompressedFormat,
  isCompressedFormat,
  isDepthStencilFormat,
  isExtensionFormat,
  isProhibitedFormat,
  vkFormatName,
} from "./rules/vk_format.ts";

/** Bytes of the header and the section index, before the level index. */
export const HEADER_BYTES = 80;
/** Bytes of one entry of the level index. */
export const LEVEL_INDEX_ENTRY_BYTES = 24;

const IDENTIFIER = [0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb, 0x0d, 0x0a, 0x1a, 0x0a];

/** Where a section lies in the file; both 0 if it is not there. */
export interface Section {
  /** First byte in the file. */
  readonly offset: number;
  /** Number of bytes. */
  readonly length: number;
}

/** The header, with numbers as they stand in the file. */
export interface Ktx2Header {
  /** Number of the Vulkan format, 0 if there is none. */
  readonly vkFormat: number;
  /** Bytes of the unit that byte order applies to. */
  readonly typeSize: number;
  /** Width of level 0 in texels. */
  readonly pixelWidth: number;
  /** Height of level 0 in texels; 0 for a one-dimensional texture. */
  readonly pixelHeight: number;
  /** 0 for a texture that is not three-dimensional. */
  readonly pixelDepth: number;
  /** 0 for a texture that is not an array. */
  readonly layerCount: number;
  /** 6 for a cube map, else 1. */
  readonly faceCount: number;
  /** 0 asks the reader to make the levels that are missing. */
  readonly levelCount: number;
  /** Number of the scheme that levels are compressed with as a whole. */
  readonly supercompressionScheme: number;
  /** Where the data format descriptor lies. */
  readonly dataFormatDescriptor: Section;
  /** Where the key/value data lies. */
  readonly keyValueData: Section;
  /** Where the tables of the supercompression lie. */
  readonly supercompressionGlobalData: Section;
}

/** The least multiple of `step` that is at least `value`. */
export function alignUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** A 64-bit number of a file; Infinity if a JavaScript number cannot hold it exactly. */
export function readUint64(view: DataView, offset: number): number {
  const value = view.getBigUint64(offset, true);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Infinity : Number(value);
}

/** Levels that the file stores: a level count of 0 still comes with the first. */
export function storedLevelCount(header: Ktx2Header): number {
  return Math.max(1, header.levelCount);
}

/** Whether bytes begin with the identifier. */
export function beginsAsKtx2(bytes: Uint8Array): boolean {
  return IDENTIFIER.every((byte, index) => bytes[index] === byte);
}

/**
 * Reads the first {@linkcode HEADER_BYTES} and checks every rule that depends on these alone.
 *
 * @throws {MalformedFileError} at the first rule that is broken.
 */
export function parseHeader(name: string, bytes: Uint8Array): Ktx2Header {
  checkRule(
    name,
    beginsAsKtx2(bytes),
    () => "it does not begin with the KTX2 identifier",
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (index: number) => view.getUint32(12 + 4 * index, true);
  const header: Ktx2Header = {
    vkFormat: word(0),
    typeSize: word(1),
    pixelWidth: word(2),
    pixelHeight: word(3),
    pixelDepth: word(4),
    layerCount: word(5),
    faceCount: word(6),
    levelCount: word(7),
    supercompressionScheme: word(8),
    dataFormatDescriptor: { offset: word(9), length: word(10) },
    keyValueData: { offset: word(11), length: word(12) },
    supercompressionGlobalData: {
      offset: readUint64(view, 64),
      length: readUint64(view, 72),
    },
  };
  checkFormat(name, header);
  checkDimensions(name, header);
  checkSections(name, header);
  return header;
}

function checkFormat(name: string, header: Ktx2Header): void {
  const { vkFormat, typeSize, supercompressionScheme: scheme } = header;
  const format = vkFormatName(vkFormat);
  checkRule(
    name,
    format !== null || isExtensionFormat(vkFormat),
    () => `vkFormat must be a format of Vulkan: current value is ${vkFormat}`,
  );
  checkRule(
    name,
    format === null || !isProhibitedFormat(format),
    () => `KTX2 does not allow the format ${format}`,
  );
  checkRule(
    name,
    isScheme(scheme),
    () => `supercompressionScheme must be 0 to 6 or a vendor's: current value is ${scheme}`,
  );
  checkRule(
    name,
    !isBlockScheme(scheme) || vkFormat === 0,
    () => `vkFormat must be UNDEFINED with ${schemeName(scheme)}: current value is ${format}`,
  );
  const sizeIsOne = vkFormat === 0 || (format !== null && isCompressedFormat(format));
  checkRule(
    name,
    !sizeIsOne || typeSize === 1,
    () => `typeSize must be 1 with the format ${format}: current value is ${typeSize}`,
  );
}

function checkDimensions(name: string, header: Ktx2Header): void {
  const { pixelWidth: width, pixelHeight: height, pixelDepth: depth, faceCount } = header;
  const format = vkFormatName(header.vkFormat) ?? "";
  checkRule(name, width > 0, () => "pixelWidth must be at least 1: current value is 0");
  checkRule(
    name,
    depth === 0 || height > 0,
    () => `pixelHeight must be at least 1 where pixelDepth is ${depth}: current value is 0`,
  );
  checkRule(
    name,
    faceCount === 1 || faceCount === 6,
    () => `faceCount must be 1 or 6: current value is ${faceCount}`,
  );
  checkRule(
    name,
    faceCount === 1 || width === height,
    () => `the faces of a cube map must be square: current size is ${width} × ${height}`,
  );
  checkRule(
    name,
    faceCount === 1 || depth === 0,
    () => `pixelDepth of a cube map must be 0: current value is ${depth}`,
  );
  checkRule(
    name,
    depth === 0 || !isDepthStencilFormat(format),
    () => `pixelDepth must be 0 with the format ${format}: current value is ${depth}`,
  );
  checkRule(
    name,
    depth > 0 || !is3dCompressedFormat(format),
    () => `pixelDepth must be at least 1 with the format ${format}: current value is 0`,
  );
  if (isCompressedFormat(format)) checkBlockDimensions(name, header, format);
  if (isBlockScheme(header.supercompressionScheme)) {
    checkBlockDimensions(name, header, schemeName(header.supercompressionScheme));
  }
  const levels = storedLevelCount(header);
  const largest = Math.max(width, height, depth);
  checkRule(
    name,
    largest >= 2 ** (levels - 1),
    () =>
      `levelCount must be at most ${Math.floor(Math.log2(largest)) + 1} with a largest dimension ` +
      `of ${largest}: current value is ${levels}`,
  );
}

/** Checks the rules for every block-compressed texture; `what` names the compression. */
export function checkBlockDimensions(name: string, header: Ktx2Header, what: string): void {
  checkRule(
    name,
    header.pixelHeight > 0,
    () => `pixelHeight must be at least 1 with ${what}: current value is 0`,
  );
  checkRule(
    name,
    header.levelCount > 0,
    () => `levelCount must be at least 1 with ${what}: current value is 0`,
  );
}

function checkSections(name: string, header: Ktx2Header): void {
  const scheme = header.supercompressionScheme;
  const dfd = header.dataFormatDescriptor;
  const kvd = header.keyValueData;
  const sgd = header.supercompressionGlobalData;
  let end = HEADER_BYTES + LEVEL_INDEX_ENTRY_BYTES * storedLevelCount(header);
  checkRule(name, dfd.offset > 0 && dfd.length > 0, () => "it has no data format descriptor");
  checkOffset(name, "the data format descriptor", { at: dfd.offset, expected: alignUp(end, 4) });
  end = dfd.offset + dfd.length;
  if (kvd.length > 0) {
    checkOffset(name, "the key/value data", { at: kvd.offset, expected: alignUp(end, 4) });
    checkRule(
      name,
      kvd.offset === end,
      () => `the data format descriptor must end at byte ${kvd.offset}: it ends at byte ${end}`,
    );
    end = kvd.offset + kvd.length;
  } else {
    checkRule(name, kvd.offset === 0, () => "the key/value data has an offset and no length");
  }
  if (sgd.length > 0) {
    checkRule(
      name,
      scheme !== SCHEME.ZSTD && scheme !== SCHEME.ZLIB && scheme !== SCHEME.NONE,
      () => `supercompression ${schemeName(scheme)} must have no global data`,
    );
    checkOffset(name, "the supercompression global data", {
      at: sgd.offset,
      expected: alignUp(end, 8),
    });
  } else {
    checkRule(
      name,
      sgd.offset === 0,
      () => "the supercompression global data has an offset and no length",
    );
    checkRule(
      name,
      !isBlockScheme(scheme),
      () => `supercompression ${schemeName(scheme)} must have global data`,
    );
  }
}

function checkOffset(name: string, section: string, where: { at: number; expected: number }): void {
  checkRule(
    name,
    where.at === where.expected,
    () => `${section} must begin at byte ${where.expected}: current value is ${where.at}`,
  );
}
