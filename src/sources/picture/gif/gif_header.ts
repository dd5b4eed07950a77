/**
 * Headers of GIF files (GIF89a specification, CompuServe, 1990).
 *
 * @module
 */

import type { HeaderReader } from "../headers/header_reader.ts";
import {
  frameNotes,
  malformedPicture,
  type PictureHeader,
  unsupportedPicture,
} from "../headers/picture_header.ts";

const SCREEN_BYTES = 13;
const IMAGE_BYTES = 9;
const BLOCK = { extension: 0x21, image: 0x2c, end: 0x3b } as const;
const BYTES_AT_ONCE = 64 * 1024;
const SHORT_BYTES = 64;
const HAS_COLORS = 0x80;
const SCREENS = [[640, 480], [640, 512], [800, 600], [1024, 768], [1280, 1024], [1600, 1200]];
const DOUBTED_SIDE = 2048;
/** Blocks that are gone through: long films have some frames each second. */
const MOST_BLOCKS = 262_144;

/** Where the texels of a frame lie, and what they may be. */
export interface GifFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Colours of its table. */
  readonly colors: number;
  /** Where the minimum code size lies, before the blocks of codes. */
  readonly dataStart: number;
}

/** Header of a GIF file. */
export interface GifHeader extends PictureHeader {
  /** The first frame, which is the one that is shown. */
  readonly frame: GifFrame;
}

/**
 * Goes through all blocks up to the trailer, and so sees that the file is whole.
 *
 * @throws {MalformedFileError} if the file breaks the format or is cut off.
 */
export async function readGifHeader(file: HeaderReader): Promise<GifHeader> {
  const { name } = file;
  const screen = await file.view(0, SCREEN_BYTES, "the logical screen");
  const width = screen.getUint16(6, true);
  const height = screen.getUint16(8, true);
  const globalColors = colorsOf(screen.getUint8(10));
  let at = SCREEN_BYTES + 3 * globalColors;
  let frame: GifFrame | null = null;
  const all = { count: 0, right: 0, bottom: 0 };
  for (let blocks = 0; blocks < MOST_BLOCKS; blocks++) {
    const kind = (await file.view(at, 1, "the next block")).getUint8(0);
    if (kind === BLOCK.end) {
      if (frame === null) {
        throw malformedPicture(name, "it must have a picture: it ends without one");
      }
      return headerOf({ ...sizeOf(name, { width, height }, all), frame, frames: all.count });
    }
    if (kind === BLOCK.extension) at = await skipSubBlocks(file, at + 2);
    else if (kind === BLOCK.image) {
      const image = await file.view(at + 1, IMAGE_BYTES, "a frame");
      const localColors = colorsOf(image.getUint8(8));
      const dataStart = at + 1 + IMAGE_BYTES + 3 * localColors;
      const next = frameOf(image, { colors: localColors || globalColors, dataStart });
      frame ??= checkedFrame(name, next);
      all.count++;
      all.right = Math.max(all.right, next.left + next.width);
      all.bottom = Math.max(all.bottom, next.top + next.height);
      at = await skipSubBlocks(file, dataStart + 1);
    } else {
      throw malformedPicture(name, `its blocks must be those of GIF: one begins with ${kind}`);
    }
  }
  throw malformedPicture(name, `it must have less than ${MOST_BLOCKS} blocks`);
}

function colorsOf(flags: number): number {
  return (flags & HAS_COLORS) === 0 ? 0 : 2 ** ((flags & 7) + 1);
}

function frameOf(
  image: DataView,
  { colors, dataStart }: { colors: number; dataStart: number },
): GifFrame {
  const [left, top, width, height] = [0, 2, 4, 6].map((at) => image.getUint16(at, true));
  return { left: left!, top: top!, width: width!, height: height!, colors, dataStart };
}

function checkedFrame(name: string, frame: GifFrame): GifFrame {
  const { width, height, colors } = frame;
  if (width === 0 || height === 0) {
    throw malformedPicture(name, `its first frame must have texels: it has ${width}×${height}`);
  }
  if (colors === 0) throw malformedPicture(name, "its first frame must have a table of colours");
  return frame;
}

/** The size of the picture: of the logical screen, or of the frames where that is empty. */
function sizeOf(
  name: string,
  { width, height }: { width: number; height: number },
  { right, bottom }: { right: number; bottom: number },
): { width: number; height: number } {
  if (width === 0 || height === 0) return { width: right, height: bottom };
  if (right > width || bottom > height) {
    throw malformedPicture(
      name,
      `its frames must lie in its ${width}×${height} texels: one ends at ${right}, ${bottom}`,
    );
  }
  if (isDoubted(width, height) && (right < width || bottom < height)) {
    const why =
      `its frames must cover its ${width}×${height} texels, a size that is often wrong: they ` +
      `end at ${right}, ${bottom}. To load it, convert it to PNG`;
    throw unsupportedPicture(name, { feature: "GIF with an uncovered screen", why });
  }
  return { width, height };
}

/** Whether the decoder takes the size of the frames instead, as some programs wrote their own screen's. */
function isDoubted(width: number, height: number): boolean {
  return width > DOUBTED_SIDE || height > DOUBTED_SIDE ||
    SCREENS.some(([screenWidth, screenHeight]) => width === screenWidth && height === screenHeight);
}

/** The rectangles of a picture that its first frame leaves free, and that are not empty. */
export function besideFrame({ frame, storedWidth, storedHeight }: GifHeader): {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}[] {
  const { left, top, width, height } = frame;
  const right = left + width;
  const bottom = top + height;
  return [
    { left: 0, top: 0, width: storedWidth, height: top },
    { left: 0, top, width: left, height },
    { left: right, top, width: storedWidth - right, height },
    { left: 0, top: bottom, width: storedWidth, height: storedHeight - bottom },
  ].filter((rectangle) => rectangle.width > 0 && rectangle.height > 0);
}

/** Returns where the block behind some sub-blocks begins. */
async function skipSubBlocks(file: HeaderReader, start: number): Promise<number> {
  let at = start;
  // Most blocks are short. Hostile files have millions of parts.
  for (let wanted = SHORT_BYTES;; wanted = BYTES_AT_ONCE) {
    const count = Math.max(1, Math.min(wanted, file.size - at));
    const bytes = await file.read(at, count, "the next part of a block");
    let i = 0;
    while (i < count) {
      const length = bytes[i]!;
      i += 1 + length;
      if (length === 0) return at + i;
    }
    at += i;
  }
}

function headerOf(
  { width, height, frame, frames }: {
    width: number;
    height: number;
    frame: GifFrame;
    frames: number;
  },
): GifHeader {
  return {
    container: "gif",
    storedWidth: width,
    storedHeight: height,
    orientation: 1,
    isGrey: false,
    channels: 4,
    // What a frame does not cover is transparent.
    hasAlpha: true,
    sample: { bits: 8, type: "unsigned" },
    heldWholeAs: "GIF",
    notes: frameNotes(frames),
    frame,
  };
}
