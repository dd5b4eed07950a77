/**
 * Finds out the kind of a file from its content.
 *
 * @module
 */

import { MalformedFileError } from "../errors.ts";
import type { ByteSource, ReadOptions } from "./bytes/byte_source.ts";
import { assertNotForeign, FOREIGN_BYTES } from "./foreign_file.ts";

/** Kinds of file that textures come from. */
export type FileKind = "ktx2" | "tile store" | "picture";

/** First bytes of each kind of file that has such a signature. */
const MAGICS: readonly { readonly kind: FileKind; readonly start: readonly number[] }[] = [
  // KTX 2.0, section 3.1: «KTX 20»; `readKtx2` checks the line breaks after it.
  { kind: "ktx2", start: [0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb] },
  // PMTiles 3: "PMTiles".
  { kind: "tile store", start: [0x50, 0x4d, 0x54, 0x69, 0x6c, 0x65, 0x73] },
  { kind: "picture", start: [0x89, 0x50, 0x4e, 0x47] }, // PNG
  { kind: "picture", start: [0xff, 0xd8, 0xff] }, // JPEG
  { kind: "picture", start: [0x49, 0x49, 0x2a, 0x00] }, // TIFF, little-endian
  { kind: "picture", start: [0x4d, 0x4d, 0x00, 0x2a] }, // TIFF, big-endian
  { kind: "picture", start: [0x52, 0x49, 0x46, 0x46] }, // WebP, in a RIFF container
];

/** The kind that the ending of a name claims, where the content is of no known kind. */
const ENDINGS: readonly { readonly ending: string; readonly what: string; start: string }[] = [
  { ending: ".ktx2", what: "KTX2 file", start: "the KTX2 identifier" },
  { ending: ".pmtiles", what: "tile store", start: '"PMTiles"' },
];

/** Bytes that messages show of a file. */
const SHOWN_BYTES = 8;
/** Characters that they show of a text. */
const SHOWN_CHARACTERS = 24;

/**
 * Finds out the kind of a file from its first bytes. One of no known kind counts as a picture, as
 * the decoder knows more kinds of those, unless its name claims another kind.
 *
 * @param bytes The file; it stays open and belongs to the caller.
 * @throws {MalformedFileError} if it is empty, a Git LFS pointer, a web page, or not what its name
 * claims.
 * @throws {UnsupportedError} if it is of a known kind that has to be unpacked or converted first.
 * @throws {SourceReadError} if the bytes cannot be read.
 */
export async function fileKind(bytes: ByteSource, options: ReadOptions = {}): Promise<FileKind> {
  const { name } = bytes;
  const size = await bytes.size();
  if (size === 0) throw new MalformedFileError(name, `Cannot read ${name} as it is empty`);
  const start = await bytes.read(0, Math.min(FOREIGN_BYTES, size), options);
  const known = MAGICS.find((magic) => magic.start.every((value, i) => start[i] === value));
  if (known !== undefined) return known.kind;
  assertNotForeign(name, start);
  const lower = name.toLowerCase();
  const named = ENDINGS.find(({ ending }) => lower.endsWith(ending));
  if (named !== undefined) {
    throw new MalformedFileError(
      name,
      `Cannot read ${named.what} ${name} as it must begin with ${named.start}: it has ${size} ` +
        `bytes and begins with ${shown(start)}`,
    );
  }
  return "picture";
}

/** The first bytes: as text where they are plain text, else as hexadecimal numbers. */
function shown(start: Uint8Array): string {
  const text = start.subarray(0, SHOWN_CHARACTERS);
  if (text.every((byte) => byte >= 0x20 && byte < 0x7f)) {
    return JSON.stringify(String.fromCharCode(...text));
  }
  return Array.from(start.subarray(0, SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, "0"))
    .join(" ");
}
