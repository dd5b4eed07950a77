/**
 * Frames between a program and the decoder: a kind (1 byte), the number of bytes (4, little-endian)
 * and the bytes. Each side checks what comes from the other.
 *
 * @module
 */

/**
 * Kinds of frames. A program sends `open`, `data`, `end` and `finish`, and may then begin anew; the
 * others answer, `finished` after `finish`.
 */
export const FRAME: {
  /** What to decode: JSON, see `OpenMessage`. */
  readonly open: 1;
  /** The next bytes of the picture. */
  readonly data: 2;
  /** All bytes were sent. */
  readonly end: 3;
  /** The fraction that is decoded: JSON, a number. */
  readonly progress: 4;
  /** The picture is decoded: JSON, the path of the file. */
  readonly decoded: 5;
  /** The picture cannot be decoded: JSON, see `FailedMessage`. */
  readonly failed: 6;
  /** The program has what it wanted, or wants it no more: the decoder ends. */
  readonly finish: 7;
  /** The decoder has ended, and nothing is left of the picture. */
  readonly finished: 8;
} = Object.freeze({
  open: 1,
  data: 2,
  end: 3,
  progress: 4,
  decoded: 5,
  failed: 6,
  finish: 7,
  finished: 8,
});

/** A kind of frame. */
export type FrameKind = typeof FRAME[keyof typeof FRAME];

/** One frame. */
export interface Frame {
  /** What the body is. */
  readonly kind: FrameKind;
  /** At most {@linkcode MOST_FRAME_BYTES}. */
  readonly body: Uint8Array;
}

/** Most bytes of a frame's body. */
export const MOST_FRAME_BYTES: number = 256 * 1024;

const HEAD_BYTES = 5;

/** A stream that breaks the protocol. */
export class FrameError extends Error {
  /** Name of the class. */
  override readonly name = "FrameError";
}

/** The bytes of a frame. */
export function encodeFrame(kind: FrameKind, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + body.byteLength);
  bytes[0] = kind;
  new DataView(bytes.buffer).setUint32(1, body.byteLength, true);
  bytes.set(body, HEAD_BYTES);
  return bytes;
}

/** The bytes of a frame whose body is JSON. */
export function encodeJson(kind: FrameKind, value: unknown): Uint8Array {
  return encodeFrame(kind, new TextEncoder().encode(JSON.stringify(value)));
}

/**
 * The JSON in a frame.
 *
 * @throws {FrameError} if it is none.
 */
export function decodeJson({ body }: Frame): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new FrameError("a frame must hold JSON");
  }
}

/**
 * The frames of a stream, in memory for two of them.
 *
 * @param kinds Kinds that may come.
 * @throws {FrameError} if another kind comes, a frame is too long, or the last is cut off.
 */
export async function* readFrames(
  stream: ReadableStream<Uint8Array>,
  kinds: readonly FrameKind[],
): AsyncGenerator<Frame> {
  const buffer = new Uint8Array(HEAD_BYTES + MOST_FRAME_BYTES);
  const view = new DataView(buffer.buffer);
  let filled = 0;
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.byteLength;) {
      // First the head, then as much as it says.
      const wanted = filled < HEAD_BYTES ? HEAD_BYTES : HEAD_BYTES + view.getUint32(1, true);
      const count = Math.min(wanted - filled, chunk.byteLength - at);
      buffer.set(chunk.subarray(at, at + count), filled);
      filled += count;
      at += count;
      if (filled < HEAD_BYTES) continue;
      const length = view.getUint32(1, true);
      const kind = kinds.find((kind) => kind === buffer[0]);
      if (kind === undefined || length > MOST_FRAME_BYTES) {
        throw new FrameError(`a frame of kind ${buffer[0]} and ${length} bytes must not come`);
      }
      if (filled < HEAD_BYTES + length) continue;
      yield { kind, body: buffer.slice(HEAD_BYTES, filled) };
      filled = 0;
    }
  }
  if (filled > 0) throw new FrameError("the last frame is cut off");
}
