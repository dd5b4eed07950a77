/**
 * Frame headers of lossy WebP (RFC 6386, sections 9 and 19).
 *
 * @module
 */

import type { HeaderReader } from "../headers/header_reader.ts";
import { malformedPicture } from "../headers/picture_header.ts";
import { BoolReader } from "./bool_reader.ts";
import type { WebpChunk } from "./webp_chunks.ts";

const HEADER_BYTES = 10;
/** More than what is read of the first partition takes, at about a bit for each yes or no. */
const MOST_READ = 64;
const SIZE_BYTES = 3;

/**
 * Reads the dimensions of a key frame, and checks that its partitions lie in their chunk. The
 * decoder would cut them off, and make up what is missing.
 *
 * @throws {MalformedFileError} if it is no key frame, has no texels, or a partition is cut off.
 */
export async function readVp8Frame(
  file: HeaderReader,
  chunk: WebpChunk,
): Promise<{ readonly width: number; readonly height: number }> {
  const { name } = file;
  const view = await chunkView(file, chunk, { offset: 0, length: HEADER_BYTES });
  const tag = view.getUint16(0, true) | view.getUint8(2) << 16;
  const isKeyFrame = (tag & 1) === 0;
  if (!isKeyFrame || view.getUint8(3) !== 0x9d || view.getUint16(4, true) !== 0x2a01) {
    throw malformedPicture(name, "its chunk VP8 must begin with a key frame");
  }
  const width = view.getUint16(6, true) & 0x3fff;
  const height = view.getUint16(8, true) & 0x3fff;
  if (width === 0 || height === 0) {
    throw malformedPicture(name, `it must have texels: it is ${width}×${height}`);
  }
  await checkPartitions(file, chunk, tag >> 5);
  return { width, height };
}

/** The first partition, the sizes of the others but the last, and these (section 9.5). */
async function checkPartitions(
  file: HeaderReader,
  chunk: WebpChunk,
  firstBytes: number,
): Promise<void> {
  const first = { offset: HEADER_BYTES, length: Math.min(firstBytes, MOST_READ) };
  const partitions = partitionCount(await chunkView(file, chunk, first));
  const sizes = {
    offset: HEADER_BYTES + firstBytes,
    length: SIZE_BYTES * (partitions - 1),
  };
  const view = await chunkView(file, chunk, sizes);
  let end = sizes.offset + sizes.length;
  for (let at = 0; at < sizes.length; at += SIZE_BYTES) {
    end += view.getUint16(at, true) | view.getUint8(at + 2) << 16;
  }
  // The last one has the rest, and is never empty.
  if (end >= chunk.length) throw cutOff(file, chunk, end + 1);
}

/** Reads the header in the first partition (section 9.2 to 9.6, 19.2) up to their number. */
function partitionCount(first: DataView): number {
  const reader = new BoolReader(first);
  const skipSigned = (bits: number) => reader.flag() && reader.skip(bits + 1);
  const repeat = (count: number, read: () => void) => {
    for (let i = 0; i < count; i++) read();
  };
  reader.skip(2); // colour space, clamping
  if (reader.flag()) { // segments
    const updatesMap = reader.flag();
    if (reader.flag()) {
      reader.skip(1);
      repeat(4, () => skipSigned(7));
      repeat(4, () => skipSigned(6));
    }
    if (updatesMap) repeat(3, () => reader.flag() && reader.skip(8));
  }
  reader.skip(1 + 6 + 3); // loop filter
  if (reader.flag() && reader.flag()) repeat(8, () => skipSigned(6));
  return 2 ** reader.bits(2);
}

async function chunkView(
  file: HeaderReader,
  chunk: WebpChunk,
  { offset, length }: { offset: number; length: number },
): Promise<DataView> {
  if (offset + length > chunk.length) throw cutOff(file, chunk, offset + length);
  return await file.view(chunk.at + offset, length, "the chunk VP8");
}

function cutOff({ name }: HeaderReader, { length }: WebpChunk, least: number): Error {
  return malformedPicture(
    name,
    `its chunk VP8 must have at least ${least} bytes for its partitions: it has ${length}`,
  );
}
