/**
 * Checks that the first frame of a GIF file has all its texels, and that they name colours of its
 * table. The picture decoder leaves what is missing transparent.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { HeaderReader } from "../headers/header_reader.ts";
import { malformedPicture } from "../headers/picture_header.ts";
import type { GifFrame } from "./gif_header.ts";

const MOST_CODES = 4096;
const MOST_CODE_BITS = 12;
/** Blocks between two looks at the clock. */
const BLOCKS_AT_ONCE = 1024;

/**
 * Reads all codes of the frame (GIF89a specification, appendix F).
 *
 * @param checkTime Called again and again; throws when that takes too long.
 * @throws {MalformedFileError} if texels are missing or too many, or a code or colour does not exist.
 */
export async function verifyGif(
  bytes: ByteSource,
  { width, height, colors, dataStart }: GifFrame,
  checkTime: () => void,
): Promise<void> {
  const file = new HeaderReader(bytes, await bytes.size());
  const bits = (await file.view(dataStart, 1, "the code size")).getUint8(0);
  if (bits < 1 || bits > 8) {
    throw malformedPicture(
      bytes.name,
      `its codes must begin with 1 to 8 bits: current value is ${bits}`,
    );
  }
  const codes = new CodeReader(bytes.name, { bits, colors, texels: width * height });
  let at = dataStart + 1;
  for (let blocks = 1;; blocks++) {
    const length = (await file.view(at, 1, "the next block of codes")).getUint8(0);
    if (length === 0 || codes.take(await file.read(at + 1, length, "a block of codes"))) break;
    at += 1 + length;
    if (blocks % BLOCKS_AT_ONCE === 0) checkTime();
  }
  codes.finish();
}

/** Counts the texels of codes, without making them. */
class CodeReader {
  readonly #name: string;
  readonly #colors: number;
  readonly #texels: number;
  readonly #clear: number;
  readonly #firstBits: number;
  /** Texels of each code. */
  readonly #lengths = new Uint32Array(MOST_CODES);
  #next: number;
  #bits: number;
  #before = -1;
  #count = 0;
  #held = 0;
  #heldBits = 0;

  constructor(
    name: string,
    { bits, colors, texels }: { bits: number; colors: number; texels: number },
  ) {
    this.#name = name;
    this.#colors = colors;
    this.#texels = texels;
    this.#clear = 1 << bits;
    this.#firstBits = bits + 1;
    this.#lengths.fill(1, 0, this.#clear);
    this.#next = this.#clear + 2;
    this.#bits = this.#firstBits;
  }

  /** Takes the next bytes; returns whether the end of the codes was among them. */
  take(bytes: Uint8Array): boolean {
    for (const byte of bytes) {
      this.#held |= byte << this.#heldBits;
      this.#heldBits += 8;
      while (this.#heldBits >= this.#bits) {
        const code = this.#held & (1 << this.#bits) - 1;
        this.#held >>>= this.#bits;
        this.#heldBits -= this.#bits;
        if (code === this.#clear + 1) return true;
        this.#takeCode(code);
      }
    }
    return false;
  }

  #takeCode(code: number): void {
    if (code === this.#clear) {
      this.#next = this.#clear + 2;
      this.#bits = this.#firstBits;
      this.#before = -1;
      return;
    }
    if (code < this.#clear && code >= this.#colors) {
      throw malformedPicture(
        this.#name,
        `its texels must name colours of its table, which has ${this.#colors}: one names colour ${code}`,
      );
    }
    // The code that is being made may be used at once.
    const known = this.#before < 0 ? this.#clear : this.#next + (this.#next < MOST_CODES ? 1 : 0);
    if (code >= known) {
      throw malformedPicture(this.#name, `its codes must exist: code ${code} is none of ${known}`);
    }
    if (this.#before >= 0 && this.#next < MOST_CODES) {
      this.#lengths[this.#next++] = this.#lengths[this.#before]! + 1;
      if (this.#next === 1 << this.#bits && this.#bits < MOST_CODE_BITS) this.#bits++;
    }
    this.#before = code;
    this.#count += this.#lengths[code]!;
  }

  /** Checks that there are as many texels as there must be. */
  finish(): void {
    if (this.#count === this.#texels) return;
    throw malformedPicture(
      this.#name,
      `its first frame must have ${this.#texels} texels: it has ${this.#count}`,
    );
  }
}
