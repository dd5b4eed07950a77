/**
 * Where the strips or tiles of a TIFF file lie.
 *
 * @module
 */

import type { ByteRange } from "../../bytes/read_range.ts";
import type { HeaderReader } from "../headers/header_reader.ts";
import { malformedPicture, unsupportedPicture } from "../headers/picture_header.ts";
import { TIFF_COMPRESSION } from "./tiff_compression.ts";
import type { TiffDirectory } from "./tiff_directory.ts";

/** Tags of fields. */
const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  jpegTables: 347,
  subsampling: 530,
} as const;

/** Section 15. */
const TILE_STEP = 16;
const TOGETHER = 1;
const SEPARATE_PLANES = 2;
const YCBCR = 6;
/** Tiles of 256 texels of the largest picture that is read. */
const MOST_CHUNKS = 2 ** 24;

/** How a TIFF file is cut into chunks: its strips or its tiles. */
export interface TiffLayout {
  readonly what: "strip" | "tile";
  readonly width: number;
  readonly height: number;
  readonly chunkWidth: number;
  readonly chunkHeight: number;
  /** Columns of chunks. */
  readonly columns: number;
  /** Rows of chunks. */
  readonly rows: number;
  /** Planes that are stored one after the other: 1, or one for each sample. */
  readonly planes: number;
  /** Chunks in all planes. */
  readonly count: number;
  readonly compression: number;
  /** Samples of a texel in a chunk. */
  readonly samples: number;
  /** Bits of a texel in a chunk. */
  readonly texelBits: number;
  /**
   * Texels that share chroma samples, across and down, where samples of chroma are fewer than texels
   * (YCbCr); null otherwise.
   */
  readonly subsampling: readonly [across: number, down: number] | null;
  /** Tag of the field of offsets. */
  readonly offsetsTag: number;
  /** Tag of the field of sizes in bytes. */
  readonly bytesTag: number;
}

/** One strip or tile. */
export interface TiffChunk {
  readonly index: number;
  readonly offset: number;
  /** Bytes in the file; 0 if the chunk is not there, as in sparse files. */
  readonly bytes: number;
}

/**
 * Reads how a file is cut into strips or tiles.
 *
 * @throws {MalformedFileError} if it is impossible.
 * @throws {UnsupportedError} if there are too many.
 */
export async function readTiffLayout(
  name: string,
  directory: TiffDirectory,
): Promise<TiffLayout> {
  const width = await directory.number(TAG.width, 0);
  const height = await directory.number(TAG.height, 0);
  const samples = await directory.number(TAG.samples, 1);
  const isTiled = directory.count(TAG.tileWidth) > 0;
  if (isTiled !== directory.count(TAG.tileHeight) > 0) {
    throw malformedPicture(name, "its tiles must have a width and a height");
  }
  const chunkWidth = isTiled ? await directory.number(TAG.tileWidth, 0) : width;
  const chunkHeight = isTiled
    ? await directory.number(TAG.tileHeight, 0)
    : Math.min(height, await directory.number(TAG.rowsPerStrip, height));
  if (chunkWidth === 0 || chunkHeight === 0) {
    throw malformedPicture(
      name,
      `its ${isTiled ? "tiles" : "strips"} must have texels: they are ${chunkWidth}×${chunkHeight}`,
    );
  }
  if (isTiled && (chunkWidth % TILE_STEP !== 0 || chunkHeight % TILE_STEP !== 0)) {
    throw malformedPicture(
      name,
      `the sides of its tiles must be multiples of ${TILE_STEP}: they are ${chunkWidth} and ` +
        `${chunkHeight}`,
    );
  }
  const planar = await directory.number(TAG.planar, TOGETHER);
  if (planar !== TOGETHER && planar !== SEPARATE_PLANES) {
    throw malformedPicture(
      name,
      `its planar configuration must be ${TOGETHER} or ${SEPARATE_PLANES}: current value is ${planar}`,
    );
  }
  const isSeparate = planar === SEPARATE_PLANES;
  const [bits = 1] = await directory.numbers(TAG.bits, 1);
  const planes = isSeparate ? samples : 1;
  const photometric = await directory.number(TAG.photometric, 1);
  const isYcbcr = photometric === YCBCR && samples === 3;
  const [across = 2, down = 2] = await directory.numbers(TAG.subsampling, 2);
  const isSubsampled = isYcbcr && across * down !== 1;
  const columns = Math.ceil(width / chunkWidth);
  const rows = Math.ceil(height / chunkHeight);
  const count = columns * rows * planes;
  if (count > MOST_CHUNKS) {
    const why = `it must have at most ${MOST_CHUNKS} strips or tiles: it has ${count}`;
    throw unsupportedPicture(name, { feature: `${count} strips or tiles`, why });
  }
  return {
    what: isTiled ? "tile" : "strip",
    width,
    height,
    chunkWidth,
    chunkHeight,
    columns,
    rows,
    planes,
    count,
    compression: await directory.number(TAG.compression, 1),
    samples: isSeparate ? 1 : samples,
    texelBits: bits * (isSeparate ? 1 : samples),
    subsampling: isSubsampled ? [Math.max(1, across), Math.max(1, down)] : null,
    offsetsTag: directory.count(TAG.tileOffsets) > 0 ? TAG.tileOffsets : TAG.stripOffsets,
    bytesTag: directory.count(TAG.tileBytes) > 0 ? TAG.tileBytes : TAG.stripBytes,
  };
}

/** Rows of a chunk that belong to the picture; the last may reach beyond it. */
export function chunkSeenRows(layout: TiffLayout, index: number): number {
  const row = Math.floor(index / layout.columns) % layout.rows;
  return Math.min(layout.chunkHeight, layout.height - row * layout.chunkHeight);
}

/** Uncompressed bytes of a chunk; the last strip may be lower than the others. */
export function chunkTexelBytes(layout: TiffLayout, index: number): number {
  const { what, chunkWidth, chunkHeight, texelBits, subsampling, planes } = layout;
  const height = what === "tile" ? chunkHeight : chunkSeenRows(layout, index);
  if (subsampling === null || planes > 1) return height * Math.ceil(chunkWidth * texelBits / 8);
  // Section 21: a unit is the luma of its texels, and one pair of chroma.
  const [across, down] = subsampling;
  return Math.ceil(chunkWidth / across) * Math.ceil(height / down) * (across * down + 2);
}

/**
 * The chunks of a file, in order.
 *
 * @throws {MalformedFileError} if there are fewer than the dimensions imply, or sizes are missing.
 */
export async function* tiffChunks(
  name: string,
  directory: TiffDirectory,
  layout: TiffLayout,
): AsyncGenerator<TiffChunk> {
  const { what, count, offsetsTag, bytesTag } = layout;
  const [offsetCount, sizeCount] = [directory.count(offsetsTag), directory.count(bytesTag)];
  if (offsetCount < count || sizeCount !== offsetCount) {
    throw malformedPicture(
      name,
      `it must have the offsets and sizes of ${count} ${what}s: it has ${offsetCount} and ` +
        `${sizeCount}`,
    );
  }
  if (!directory.isOfOffsets(offsetsTag)) {
    throw malformedPicture(name, `the offsets of its ${what}s must be integers of 16 bits or more`);
  }
  const sizes = directory.values(bytesTag, count);
  for await (const { first, values } of directory.values(offsetsTag, count)) {
    const block = (await sizes.next()).value!;
    for (let i = 0; i < values.length; i++) {
      yield { index: first + i, offset: values[i]!, bytes: block.values[i]! };
    }
  }
}

/**
 * Checks that every chunk that is there lies in the file, and is long enough if it is not
 * compressed; and that JPEG tables do.
 *
 * @throws {MalformedFileError} if one does not, as in a file that is cut off.
 */
export async function checkTiffChunks(file: HeaderReader, directory: TiffDirectory): Promise<void> {
  const { name } = file;
  const layout = await readTiffLayout(name, directory);
  for await (const { index, offset, bytes } of tiffChunks(name, directory, layout)) {
    // A chunk that is left out has neither a place nor a size.
    if (offset === 0 && bytes === 0) continue;
    const isStored = layout.compression === TIFF_COMPRESSION.none;
    const least = isStored ? chunkTexelBytes(layout, index) : 1;
    // Some writers give the last strip the size of the others.
    const end = offset + (isStored ? Math.min(bytes, least) : bytes);
    if (offset === 0 || end > file.size) {
      throw malformedPicture(
        name,
        `its ${layout.what} ${index} must lie in the file: it takes ${bytes} bytes from byte ` +
          `${offset} on, and the file has ${file.size}`,
      );
    }
    if (bytes < least) {
      throw malformedPicture(
        name,
        `its ${layout.what} ${index} must have at least ${least} bytes: it has ${bytes}`,
      );
    }
  }
  jpegTablesRange(file, directory);
}

/**
 * Where the tables lie that the JPEG data of all chunks shares; null if there are none.
 *
 * @throws {MalformedFileError} if they do not lie in the file.
 */
export function jpegTablesRange(file: HeaderReader, directory: TiffDirectory): ByteRange | null {
  const range = directory.range(TAG.jpegTables);
  if (range === null || range.offset + range.length <= file.size) return range;
  throw malformedPicture(
    file.name,
    `its JPEG tables must lie in the file: they take ${range.length} bytes from byte ` +
      `${range.offset} on, and the file has ${file.size}`,
  );
}
