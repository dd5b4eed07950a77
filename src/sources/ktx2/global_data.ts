/**
 * The supercompression global data of a KTX2 file: where each image's slices lie (KTX 2.0,
 * appendices "BasisLZ Global Data" and "Basis UASTC HDR 6x6 Intermediate Global Data").
 *
 * @module
 */

import type { ByteRange } from "../bytes/read_range.ts";
import type { DataFormatDescriptor } from "./data_format_descriptor.ts";
import type { Ktx2Header } from "./header.ts";
import type { Ktx2Level } from "./level_index.ts";
import { checkRule } from "./rules/malformed.ts";
import { SCHEME } from "./rules/supercompression.ts";

const BASIS_HEADER_BYTES = 20;
const BASIS_IMAGE_BYTES = 20;
const HDR_IMAGE_BYTES = 12;
/** The only image flag: the image is a difference from the one before it in an animation. */
const P_FRAME = 2;
const HDR_PROFILE = 0xab;
const HDR_VERSIONS = [0xcd, 0xce];
const HDR_SLICE_HEADER_BYTES = 6;

/** The sections that the global data must agree with. */
export interface GlobalDataContext {
  readonly header: Ktx2Header;
  readonly descriptor: DataFormatDescriptor;
  readonly levels: readonly Ktx2Level[];
  readonly isAnimation: boolean;
  /** Reads bytes of the file. */
  readonly read: (range: ByteRange) => Promise<Uint8Array>;
}

/** Images of one level. */
function imagesOf({ header }: GlobalDataContext, level: number): number {
  const depth = Math.max(1, Math.floor(header.pixelDepth / 2 ** level));
  return Math.max(1, header.layerCount) * header.faceCount * depth;
}

/**
 * Checks the global data; reads its tables, not the code books.
 *
 * @returns Whether some images are differences from others: P-frames of a video.
 * @throws {MalformedFileError} at the first rule that is broken.
 */
export async function checkGlobalData(name: string, context: GlobalDataContext): Promise<boolean> {
  const scheme = context.header.supercompressionScheme;
  if (scheme === SCHEME.BASIS_LZ) return await checkBasisLz(name, context);
  if (scheme === SCHEME.UASTC_HDR_6X6_INTERMEDIATE) await checkHdr(name, context);
  return false;
}

async function checkBasisLz(name: string, context: GlobalDataContext): Promise<boolean> {
  const { offset, length } = context.header.supercompressionGlobalData;
  checkRule(
    name,
    length >= BASIS_HEADER_BYTES,
    () => `the BasisLZ global data must take at least 20 bytes: current value is ${length}`,
  );
  const header = viewOf(await context.read({ offset, length: BASIS_HEADER_BYTES }));
  const images = context.levels.reduce((sum, { level }) => sum + imagesOf(context, level), 0);
  const tableBytes = BASIS_IMAGE_BYTES * images;
  const [endpoints, selectors, tables, extended] = [4, 8, 12, 16].map((at) =>
    header.getUint32(at, true)
  );
  const expected = BASIS_HEADER_BYTES + tableBytes + endpoints! + selectors! + tables! + extended!;
  checkRule(
    name,
    length === expected,
    () => `the BasisLZ global data must take ${expected} bytes: current value is ${length}`,
  );
  checkRule(
    name,
    extended === 0,
    () => `extendedByteLength must be 0 with ETC1S: current value is ${extended}`,
  );
  const table = viewOf(
    await context.read({ offset: offset + BASIS_HEADER_BYTES, length: tableBytes }),
  );
  let at = 0;
  let hasDifferences = false;
  for (const level of context.levels) {
    for (let image = 0; image < imagesOf(context, level.level); image++) {
      const words = (word: number) => table.getUint32(at + 4 * word, true);
      checkBasisImage(name, { words, level }, context);
      hasDifferences ||= (words(0) & P_FRAME) !== 0;
      at += BASIS_IMAGE_BYTES;
    }
  }
  return hasDifferences;
}

function checkBasisImage(
  name: string,
  { words, level }: { words: (word: number) => number; level: Ktx2Level },
  { descriptor, isAnimation }: GlobalDataContext,
): void {
  const flags = words(0);
  const rgb = { offset: words(1), length: words(2) };
  const alpha = { offset: words(3), length: words(4) };
  checkRule(
    name,
    (flags & ~P_FRAME) === 0,
    () => `imageFlags of level ${level.level} must be 0 or 2: current value is ${flags}`,
  );
  checkRule(
    name,
    (flags & P_FRAME) === 0 || isAnimation,
    () => `level ${level.level} has a P-frame, which must come with KTXanimData`,
  );
  checkRule(name, rgb.length > 0, () => `the colour slice of level ${level.level} has no bytes`);
  checkSlice(name, rgb, level);
  checkSlice(name, alpha, level);
  checkRule(
    name,
    (alpha.length > 0) === (descriptor.samples.length === 2),
    () =>
      `level ${level.level} must ${descriptor.samples.length === 2 ? "" : "not "}have an alpha ` +
      `slice, as its descriptor has ${descriptor.samples.length} samples`,
  );
}

function checkSlice(name: string, slice: ByteRange, level: Ktx2Level): void {
  const end = slice.offset + slice.length;
  checkRule(
    name,
    end <= level.length,
    () => `a slice of level ${level.level} must end by byte ${level.length}: it ends at ${end}`,
  );
}

async function checkHdr(name: string, context: GlobalDataContext): Promise<void> {
  const { offset, length } = context.header.supercompressionGlobalData;
  const images = context.levels.reduce((sum, { level }) => sum + imagesOf(context, level), 0);
  const expected = HDR_IMAGE_BYTES * images;
  checkRule(
    name,
    length === expected,
    () => `the UASTC HDR global data must take ${expected} bytes: current value is ${length}`,
  );
  const table = viewOf(await context.read({ offset, length }));
  let at = 0;
  for (const level of context.levels) {
    for (let image = 0; image < imagesOf(context, level.level); image++) {
      const slice = {
        offset: table.getUint32(at, true),
        length: table.getUint32(at + 4, true),
      };
      checkRule(name, slice.length > 0, () => `the slice of level ${level.level} has no bytes`);
      checkSlice(name, slice, level);
      await checkHdrSlice(name, { slice, level, type: table.getUint32(at + 8, true) }, context);
      at += HDR_IMAGE_BYTES;
    }
  }
}

async function checkHdrSlice(
  name: string,
  { slice, level, type }: { slice: ByteRange; level: Ktx2Level; type: number },
  context: GlobalDataContext,
): Promise<void> {
  const profile = (type >>> 8) & 0xff;
  const version = type & 0xff;
  checkRule(
    name,
    profile === HDR_PROFILE && HDR_VERSIONS.includes(version),
    () => `the slice type of level ${level.level} must be 0xabcd or 0xabce: it is ${type}`,
  );
  checkRule(
    name,
    slice.length >= HDR_SLICE_HEADER_BYTES,
    () => `the slice of level ${level.level} must take at least 6 bytes: it takes ${slice.length}`,
  );
  const header = viewOf(
    await context.read({
      offset: level.offset + slice.offset,
      length: HDR_SLICE_HEADER_BYTES,
    }),
  );
  const [stored, width, height] = [0, 2, 4].map((word) => header.getUint16(word, true));
  checkRule(
    name,
    stored === (type & 0xffff),
    () => `the slice of level ${level.level} must be of type ${type & 0xffff}: it is of ${stored}`,
  );
  checkRule(
    name,
    width === level.width && height === level.height,
    () =>
      `the slice of level ${level.level} must be of ${level.width} × ${level.height} texels: ` +
      `it is of ${width} × ${height}`,
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
