/**
 * Base64 as bytes, in parts and without strings in between.
 *
 * @module
 */

import { Complaint } from "../complaint.ts";

const PADDING = 0x3D;
const NO_VALUE = 255;
const VALUES = base64Values();

function base64Values(): Uint8Array {
  const values = new Uint8Array(256).fill(NO_VALUE);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
  return values;
}

/** Characters of base64, padding included, for a number of bytes. */
export function base64Length(byteLength: number): number {
  return Math.ceil(byteLength / 3) * 4;
}

/** Decodes {@linkcode base64Length} characters that come in parts. */
export class Base64Decoder {
  /** The bytes, complete once all characters were pushed. */
  readonly bytes: Uint8Array;
  #at = 0;
  /** Values of up to three characters that wait for the fourth. */
  #bits = 0;
  #waiting = 0;

  constructor(byteLength: number) {
    this.bytes = new Uint8Array(byteLength);
  }

  /**
   * Decodes the next characters.
   *
   * @throws {Complaint} if one is not base64's.
   */
  push(part: Uint8Array): void {
    const { bytes } = this;
    // In locals, as this loop sees up to 64 MiB.
    let at = this.#at;
    let bits = this.#bits;
    let waiting = this.#waiting;
    for (let i = 0; i < part.byteLength; i++) {
      const value = VALUES[part[i]!]!;
      if (value === NO_VALUE) this.#assertPadding(part[i]!, at + waiting);
      bits = (bits << 6) | (value & 63);
      if (++waiting < 4) continue;
      // Bytes that only padding would make fall behind the end.
      bytes[at] = bits >>> 16;
      bytes[at + 1] = bits >>> 8;
      bytes[at + 2] = bits;
      at += 3;
      waiting = 0;
      bits = 0;
    }
    this.#at = at;
    this.#bits = bits;
    this.#waiting = waiting;
  }

  /** Padding stands for what lies behind the last byte. */
  #assertPadding(character: number, at: number): void {
    if (character === PADDING && at > this.bytes.byteLength - 1) return;
    throw new Complaint("it is not base64");
  }
}
