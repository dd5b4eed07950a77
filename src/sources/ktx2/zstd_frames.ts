/**
 * Where the frames of Zstandard data begin and end (RFC 8878, section 3.1).
 *
 * The decompressor stops without a word after the first frame, also where that is a skippable one,
 * so it is given one frame at a time.
 *
 * @module
 */

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;

/** Least window that a frame can state, as a power of two (section 3.1.1.1.2). */
const LEAST_WINDOW_LOG = 10;

/** Bytes of the dictionary's id, and of the content's size, by the bits of the descriptor. */
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];

/** Kinds of blocks, by their bits; 0 is raw. */
const BLOCK_RLE = 1;
const BLOCK_COMPRESSED = 2;
const BLOCK_RESERVED = 3;
/** Most bytes that a compressed block gives (section 3.1.1.2.4). */
const MAX_BLOCK_BYTES = 128 * 1024;
/** More frames than this take long to begin and to end, whatever is in them. */
const MAX_FRAMES = 65536;

/** One frame with content. */
export interface ZstdFrame {
  readonly bytes: Uint8Array;
  /** The frame gives no more bytes than these. */
  readonly mostContentBytes: number;
}

/** Data that breaks a rule; the message completes "as …". */
export class RuleError extends Error {}

/** The largest window that the decompressor takes by itself, as a power of two. */
const DEFAULT_WINDOW_LOG = 27;

/** The largest window that content needs, as a power of two. */
export function windowLogOf(contentBytes: number): number {
  return Math.max(DEFAULT_WINDOW_LOG, Math.ceil(Math.log2(Math.max(1, contentBytes))));
}

/**
 * The frames that hold content, in their order; skippable ones are left out. A frame that states a window
 * larger than 128 MiB and all content, as `zstd --long=31` makes them, comes with a smaller one: nothing lies
 * farther back, and the decompressor refuses windows, or takes memory for them, that no such content needs.
 *
 * @param contentBytes Bytes that all frames give together, where more than 128 MiB matter.
 * @throws {RuleError} if a frame is cut off, bytes follow that begin no frame, or there are more
 * than 65,536 frames.
 */
export function zstdFrames(bytes: Uint8Array, contentBytes = 0): ZstdFrame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: ZstdFrame[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const magic = at + 4 <= bytes.byteLength ? view.getUint32(at, true) : 0;
    const isSkippable = (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
    if (magic !== FRAME_MAGIC && !isSkippable) {
      throw new RuleError(`its ${bytes.byteLength - at} bytes from byte ${at} on begin no frame`);
    }
    const { end, most } = isSkippable ? skippableFrame(view, at) : contentFrame(view, at);
    if (end > bytes.byteLength) throw new RuleError(`its frame at byte ${at} is cut off`);
    if (!isSkippable) {
      const frame = withWindow(bytes.subarray(at, end), windowLogOf(contentBytes));
      frames.push({ bytes: frame, mostContentBytes: most });
    }
    if (frames.length > MAX_FRAMES) throw new RuleError(`it has more than ${MAX_FRAMES} frames`);
    at = end;
  }
  return frames;
}

/** A frame with a window of at most a power of two. */
function withWindow(frame: Uint8Array, mostLog: number): Uint8Array {
  const isSingleSegment = (frame[4]! & 0x20) !== 0;
  const most = (mostLog - LEAST_WINDOW_LOG) << 3;
  if (isSingleSegment || frame[5]! <= most) return frame;
  const changed = frame.slice();
  changed[5] = most;
  return changed;
}

/** Where a frame ends, beyond the data if it is cut off, and the most bytes that it can give. */
interface FrameExtent {
  readonly end: number;
  readonly most: number;
}

const CUT_OFF: FrameExtent = { end: Infinity, most: 0 };

function skippableFrame(view: DataView, at: number): FrameExtent {
  if (at + 8 > view.byteLength) return CUT_OFF;
  return { end: at + 8 + view.getUint32(at + 4, true), most: 0 };
}

function contentFrame(view: DataView, start: number): FrameExtent {
  if (start + 5 > view.byteLength) return CUT_OFF;
  const descriptor = view.getUint8(start + 4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeBits = descriptor >>> 6;
  const sizeBytes = sizeBits === 0 && isSingleSegment ? 1 : CONTENT_SIZE_BYTES[sizeBits]!;
  let at = start + 5 + (isSingleSegment ? 0 : 1) + DICTIONARY_BYTES[descriptor & 3]! + sizeBytes;
  let most = 0;
  for (let isLast = false; !isLast;) {
    if (at + BLOCK_HEADER_BYTES > view.byteLength) return CUT_OFF;
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    const kind = (header >>> 1) & 3;
    if (kind === BLOCK_RESERVED) throw new RuleError(`its block at byte ${at} is of no known kind`);
    isLast = (header & 1) !== 0;
    most += kind === BLOCK_COMPRESSED ? MAX_BLOCK_BYTES : header >>> 3;
    at += BLOCK_HEADER_BYTES + (kind === BLOCK_RLE ? 1 : header >>> 3);
  }
  return { end: at + ((descriptor & 4) === 0 ? 0 : CHECKSUM_BYTES), most };
}
