/**
 * Headers of WebP files (RFC 9649).
 *
 * @module
 */

import { exifOrientation } from "../headers/exif_orientation.ts";
import type { HeaderReader } from "../headers/header_reader.ts";
import { frameNotes, malformedPicture, type PictureHeader } from "../headers/picture_header.ts";
import { readVp8Frame } from "./vp8_frame.ts";
import { readWebpChunks, type WebpChunk } from "./webp_chunks.ts";

const RIFF_BYTES = 12;
const CHUNK_BYTES = 8;
const ANIMATED_FRAME_BYTES = 16;
const HAS_ALPHA = 0x10;
const HAS_EXIF = 0x08;
const MOST_EXIF_BYTES = 1024 * 1024;
const LOSSLESS_SIGNATURE = 0x2f;

interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** What a chunk of texels says of them. */
interface Texels extends Dimensions {
  readonly hasAlpha: boolean;
}

/**
 * Reads the dimensions, and the orientation from wherever it lies; checks that all chunks lie in the
 * file, and that the texels are as many as its header says. Bytes behind the chunks are no part of
 * the picture, and are not looked at (section 2.4).
 *
 * @throws {MalformedFileError} if the file breaks the format or is cut off.
 */
export async function readWebpHeader(file: HeaderReader): Promise<PictureHeader> {
  const { name } = file;
  const start = await file.view(0, RIFF_BYTES + CHUNK_BYTES, "the header");
  const end = CHUNK_BYTES + start.getUint32(4, true);
  if (end > file.size) {
    throw malformedPicture(name, `it is cut off: it must have ${end} bytes and has ${file.size}`);
  }
  const chunks = await readWebpChunks(file, { from: RIFF_BYTES, end });
  const first = chunks[0];
  if (first?.kind === "VP8X") return await readExtended(file, { first, chunks });
  const texels = first === undefined ? null : await readTexels(file, first);
  if (texels !== null) return header(texels, { orientation: 1 });
  throw malformedPicture(
    name,
    `its first chunk must be VP8, VP8L or VP8X: it is ${first?.kind ?? "missing"}`,
  );
}

/** A header before texels, which may have alpha in a chunk of their own (section 2.7). */
async function readExtended(
  file: HeaderReader,
  { first, chunks }: { first: WebpChunk; chunks: readonly WebpChunk[] },
): Promise<PictureHeader> {
  const view = await chunkView(file, first, 10);
  const flags = view.getUint8(0);
  const canvas = { width: sideAt(view, 4), height: sideAt(view, 7) };
  const image = chunks.find(({ kind }) => isTexels(kind) || kind === "ANMF");
  if (image?.kind === "ANMF") await checkAnimatedFrame(file, image, canvas);
  else await checkTexels(file, image, canvas);
  const orientation = (flags & HAS_EXIF) === 0 ? 1 : await readOrientation(file, chunks);
  const notes = frameNotes(chunks.filter(({ kind }) => kind === "ANMF").length);
  return header({ ...canvas, hasAlpha: (flags & HAS_ALPHA) !== 0 }, { orientation, notes });
}

/** The first frame, which is the one that is decoded. */
async function checkAnimatedFrame(
  file: HeaderReader,
  frame: WebpChunk,
  canvas: Dimensions,
): Promise<void> {
  const view = await chunkView(file, frame, ANIMATED_FRAME_BYTES);
  const size = { width: sideAt(view, 6), height: sideAt(view, 9) };
  const right = 2 * (sideAt(view, 0) - 1) + size.width;
  const bottom = 2 * (sideAt(view, 3) - 1) + size.height;
  if (right > canvas.width || bottom > canvas.height) {
    throw malformedPicture(
      file.name,
      `its first frame must lie in ${canvas.width}×${canvas.height} texels: it ends at ${right}, ` +
        `${bottom}`,
    );
  }
  const part = { from: frame.at + ANIMATED_FRAME_BYTES, end: frame.at + frame.length };
  const inside = await readWebpChunks(file, part);
  await checkTexels(file, inside.find(({ kind }) => isTexels(kind)), size);
}

/** Checks that a chunk of texels is there and has the dimensions that a header before it says. */
async function checkTexels(
  file: HeaderReader,
  chunk: WebpChunk | undefined,
  { width, height }: Dimensions,
): Promise<void> {
  const texels = chunk === undefined ? null : await readTexels(file, chunk);
  if (texels?.width === width && texels.height === height) return;
  const found = texels === null ? "has none" : `has ${texels.width}×${texels.height}`;
  throw malformedPicture(
    file.name,
    `it must have ${width}×${height} texels, as its header says: it ${found}`,
  );
}

function isTexels(kind: string): boolean {
  return kind === "VP8 " || kind === "VP8L";
}

/** Reads the beginning of a chunk of texels; null if it is another chunk. */
async function readTexels(file: HeaderReader, chunk: WebpChunk): Promise<Texels | null> {
  if (chunk.kind === "VP8 ") return { ...await readVp8Frame(file, chunk), hasAlpha: false };
  if (chunk.kind !== "VP8L") return null;
  const view = await chunkView(file, chunk, 5);
  if (view.getUint8(0) !== LOSSLESS_SIGNATURE) {
    throw malformedPicture(file.name, "its chunk VP8L must begin with its signature");
  }
  const bits = view.getUint32(1, true);
  return {
    width: (bits & 0x3fff) + 1,
    height: (bits >>> 14 & 0x3fff) + 1,
    hasAlpha: (bits >>> 28 & 1) === 1,
  };
}

function header(
  { width, height, hasAlpha }: Texels,
  { orientation, notes = [] }: { orientation: number; notes?: readonly string[] },
): PictureHeader {
  return {
    container: "webp",
    storedWidth: width,
    storedHeight: height,
    orientation,
    isGrey: false,
    channels: hasAlpha ? 4 : 3,
    hasAlpha,
    sample: { bits: 8, type: "unsigned" },
    // The decoder has no other way; sides are at most 16384.
    heldWholeAs: "WebP",
    notes,
  };
}

async function readOrientation(
  file: HeaderReader,
  chunks: readonly WebpChunk[],
): Promise<number> {
  const chunk = chunks.find(({ kind }) => kind === "EXIF");
  if (chunk === undefined || chunk.length > MOST_EXIF_BYTES) return 1;
  return exifOrientation(await file.read(chunk.at, chunk.length, "the chunk EXIF"));
}

/** The first bytes of a chunk. */
async function chunkView(file: HeaderReader, chunk: WebpChunk, length: number): Promise<DataView> {
  const { kind, at } = chunk;
  if (chunk.length >= length) return await file.view(at, length, `the chunk ${kind}`);
  throw malformedPicture(
    file.name,
    `its chunk ${kind.trim()} must have at least ${length} bytes: it has ${chunk.length}`,
  );
}

/** A number of three bytes, less one as it is stored. */
function sideAt(view: DataView, offset: number): number {
  return (view.getUint16(offset, true) | view.getUint8(offset + 2) << 16) + 1;
}
