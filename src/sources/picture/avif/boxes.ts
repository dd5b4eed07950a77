/**
 * Boxes of the ISO base media file format (ISO/IEC 14496-12, section 4.2), in memory.
 *
 * @module
 */

import { malformedPicture, MOST_PARTS } from "../headers/picture_header.ts";

/** A box. */
export interface Box {
  /** Its four letters. */
  readonly type: string;
  /** What is in it, behind its type. */
  readonly view: DataView;
}

/** Length of a box, from its first bytes; see {@linkcode boxAt}. */
export interface BoxStart {
  readonly type: string;
  /** Bytes before the content. */
  readonly headBytes: number;
  /** Bytes in all. */
  readonly length: number;
}

/** Most bytes before a box's content. */
export const BOX_HEAD_BYTES = 16;

/**
 * Reads the beginning of a box.
 *
 * @param head Its first 8 bytes or more; 16 for a long one.
 * @param left Bytes from its first one to the end of what holds it.
 * @returns Null if it is cut off, or its length makes no sense.
 */
export function boxAt(head: DataView, left: number): BoxStart | null {
  if (head.byteLength < 8) return null;
  const short = head.getUint32(0);
  const type = String.fromCharCode(...[4, 5, 6, 7].map((at) => head.getUint8(at)));
  const isLong = short === 1;
  if (isLong && head.byteLength < BOX_HEAD_BYTES) return null;
  const headBytes = isLong ? BOX_HEAD_BYTES : 8;
  const length = short === 0 ? left : isLong ? Number(head.getBigUint64(8)) : short;
  return length < headBytes || length > left ? null : { type, headBytes, length };
}

/**
 * The boxes in a box.
 *
 * @param name Name of the picture in messages.
 * @throws {MalformedFileError} if one reaches beyond the end, or there are too many.
 */
export function boxesIn(name: string, view: DataView, from = 0): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at < view.byteLength;) {
    const left = view.byteLength - at;
    const start = boxAt(new DataView(view.buffer, view.byteOffset + at, left), left);
    if (start === null || boxes.length === MOST_PARTS) {
      throw malformedPicture(name, "its boxes must lie in one another, and be less than 65536");
    }
    const { type, headBytes, length } = start;
    const offset = view.byteOffset + at + headBytes;
    boxes.push({ type, view: new DataView(view.buffer, offset, length - headBytes) });
    at += length;
  }
  return boxes;
}

/** Reads numbers of a box one after the other. */
export class BoxReader {
  readonly #name: string;
  readonly #view: DataView;
  #at = 0;

  /** @param name Name of the picture in messages. */
  constructor(name: string, view: DataView) {
    this.#name = name;
    this.#view = view;
  }

  /**
   * The next big-endian number of 0, 1, 2, 3, 4 or 8 bytes.
   *
   * @throws {MalformedFileError} if the box ends before it.
   */
  number(bytes: number): number {
    if (this.#at + bytes > this.#view.byteLength) {
      throw malformedPicture(this.#name, "its boxes must not end before what they hold");
    }
    let value = 0;
    for (let i = 0; i < bytes; i++) value = value * 256 + this.#view.getUint8(this.#at + i);
    this.#at += bytes;
    return value;
  }

  /** The version of a full box, with which it begins; its flags are left out. */
  version(): number {
    const version = this.number(1);
    this.number(3);
    return version;
  }
}
