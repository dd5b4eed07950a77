/**
 * Looks at JSON metadata before it is parsed: a parser makes an object of a few hundred bytes from
 * each pair of brackets.
 *
 * @module
 */

import { Complaint } from "../complaint.ts";

/** Most bytes of the metadata, decompressed, without version 1's checksums. */
export const MAX_METADATA_BYTES: number = 512 * 1024;
/** Most bytes of version 1's checksums as base64: some six million tiles. */
export const MAX_CHECKSUM_TEXT_BYTES: number = 64 * 2 ** 20;
/** Most brackets and braces inside one another. */
export const MAX_METADATA_DEPTH = 16;
/** Most brackets, braces, colons, commas, strings, numbers and words. */
export const MAX_METADATA_TOKENS = 16384;

const QUOTE = 0x22;
const COMMA = 0x2C;
const COLON = 0x3A;
const BACKSLASH = 0x5C;
const OPENING: readonly number[] = [0x5B, 0x7B];
const CLOSING: readonly number[] = [0x5D, 0x7D];
const SPACE = 0x20;

/** Names the bound that is exceeded. */
function assertBound(condition: boolean, bound: string): void {
  if (!condition) throw new Complaint(`it must have at most ${bound}`);
}

/** What a scan leaves. */
export interface ScannedMetadata {
  /** The JSON, in which the string that was taken out is empty. */
  readonly json: string;
  /** Bytes of the string that was taken out, or null if there was none. */
  readonly takenOutBytes: number | null;
}

/** Where a string goes that is taken out; it begins again with a key that occurs twice. */
export interface TakenOutSink {
  begin(): void;
  take(part: Uint8Array): void;
}

/**
 * Takes JSON in parts of any size, and throws as soon as a bound is exceeded. One string may be
 * longer than the bounds allow: the value of a key in an object of the outermost object, which is
 * taken out.
 */
export class MetadataScanner {
  readonly #longPath: readonly [string, string];
  readonly #kept = new Uint8Array(MAX_METADATA_BYTES);
  #keptBytes = 0;
  #tokens = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isInScalar = false;
  /** Where the latest string lies in what is kept, without its quotes. */
  #stringStart = 0;
  #stringEnd = 0;
  /** The latest string at depths 1 and 2 that a colon follows. */
  readonly #keys: [string, string] = ["", ""];
  #isAfterColon = false;
  #isTakingOut = false;
  readonly #sink: TakenOutSink | null;
  #takenOutBytes: number | null = null;
  /** Bytes of every string that was taken out, though only the last one counts. */
  #allTakenBytes = 0;

  /**
   * Begins a scan.
   *
   * @param longPath Key of the inner object, and key in it of the string that may be long.
   * @param sink Takes that string; without one, its bytes are only counted.
   */
  constructor(longPath: readonly [string, string], sink: TakenOutSink | null = null) {
    this.#longPath = longPath;
    this.#sink = sink;
  }

  /**
   * Looks at the next bytes.
   *
   * @throws {Complaint} naming the bound that is exceeded.
   */
  push(part: Uint8Array): void {
    for (let at = 0; at < part.byteLength;) {
      at = this.#isTakingOut ? this.#takeOut(part, at) : this.#keep(part, at);
    }
  }

  /**
   * The text to parse.
   *
   * @throws {Complaint} if it is not UTF-8.
   */
  finish(): ScannedMetadata {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const bytes = this.#kept.subarray(0, this.#keptBytes);
    let json: string;
    try {
      json = decoder.decode(bytes);
    } catch (cause) {
      throw new Complaint("it is not UTF-8", { cause });
    }
    return { json, takenOutBytes: this.#takenOutBytes };
  }

  /** Takes bytes up to the string's end, which it leaves, or the part's. */
  #takeOut(part: Uint8Array, at: number): number {
    const rest = part.subarray(at);
    const quote = rest.indexOf(QUOTE);
    const length = quote === -1 ? rest.byteLength : quote;
    this.#takenOutBytes! += length;
    this.#allTakenBytes += length;
    assertBound(
      this.#allTakenBytes <= MAX_CHECKSUM_TEXT_BYTES,
      `${MAX_CHECKSUM_TEXT_BYTES} bytes of ${this.#longPath[1]}`,
    );
    this.#sink?.take(rest.subarray(0, length));
    if (quote !== -1) this.#isTakingOut = false;
    return at + length;
  }

  #keep(part: Uint8Array, at: number): number {
    const byte = part[at]!;
    assertBound(this.#keptBytes < MAX_METADATA_BYTES, `${MAX_METADATA_BYTES} bytes`);
    this.#kept[this.#keptBytes++] = byte;
    if (this.#isInString) this.#continueString(byte);
    else this.#continueStructure(byte);
    return at + 1;
  }

  #continueString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#isInString = false;
      this.#stringEnd = this.#keptBytes - 1;
    }
  }

  #continueStructure(byte: number): void {
    if (byte <= SPACE) {
      this.#isInScalar = false;
      return;
    }
    if (byte === QUOTE) {
      this.#beginString();
    } else if (byte === COLON) {
      this.#countToken();
      if (this.#depth === 1 || this.#depth === 2) {
        this.#keys[this.#depth - 1] = this.#latestString();
      }
    } else if (OPENING.includes(byte)) {
      this.#countToken();
      this.#depth++;
      assertBound(this.#depth <= MAX_METADATA_DEPTH, `${MAX_METADATA_DEPTH} levels of nesting`);
    } else if (CLOSING.includes(byte)) {
      this.#countToken();
      this.#depth--;
    } else if (byte === COMMA) {
      this.#countToken();
    } else {
      if (!this.#isInScalar) this.#countToken();
      this.#isInScalar = true;
      this.#isAfterColon = false;
      return;
    }
    this.#isInScalar = false;
    this.#isAfterColon = byte === COLON;
  }

  #beginString(): void {
    this.#countToken();
    this.#isInString = true;
    this.#stringStart = this.#keptBytes;
    const [outer, inner] = this.#longPath;
    const isLong = this.#isAfterColon && this.#depth === 2 && this.#keys[0] === outer &&
      this.#keys[1] === inner;
    if (!isLong) return;
    this.#isTakingOut = true;
    // Of a key that occurs twice, the last one counts.
    this.#takenOutBytes = 0;
    this.#sink?.begin();
  }

  /** The latest string as it is spelled; empty if it is longer than the keys of the path. */
  #latestString(): string {
    const longest = Math.max(...this.#longPath.map((key) => key.length));
    if (this.#stringEnd - this.#stringStart > longest) return "";
    return new TextDecoder().decode(this.#kept.subarray(this.#stringStart, this.#stringEnd));
  }

  #countToken(): void {
    assertBound(++this.#tokens <= MAX_METADATA_TOKENS, `${MAX_METADATA_TOKENS} tokens`);
  }
}
