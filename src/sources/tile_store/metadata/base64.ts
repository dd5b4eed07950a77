/**
 * Base64 as bytes, in parts and without strings in between.
 *
 * @module
 */

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
   * @throws {Error} if one is not base64's.
   */
  push(part: Uint8Array): void {
    for (let i = 0; i < part.byteLength; i++) {
      const value = VALUES[part[i]!]!;
      if (value === NO_VALUE) this.#assertPadding(part[i]!);
      this.#bits = (this.#bits << 6) | (value & 63);
      if (++this.#waiting < 4) continue;
      // Bytes that only padding would make fall behind the end.
      this.bytes[this.#at] = this.#bits >>> 16;
      this.bytes[this.#at + 1] = this.#bits >>> 8;
      this.bytes[this.#at + 2] = this.#bits;
      this.#at += 3;
      this.#waiting = 0;
      this.#bits = 0;
    }
  }

  /** Padding stands for what lies behind the last byte. */
  #assertPadding(character: number): void {
    if (character === PADDING && this.#at + this.#waiting > this.bytes.byteLength - 1) return;
    throw new Error("it is not base64");
  }
}
