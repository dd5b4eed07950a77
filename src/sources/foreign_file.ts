/**
 * Files that came in place of the one that was wanted: what Git or a server left under its name, or one
 * that has to be unpacked or converted first.
 *
 * @module
 */

import { MalformedFileError, UnsupportedError } from "../errors.ts";

/** Bytes of a file that {@linkcode assertNotForeign} looks at. */
export const FOREIGN_BYTES = 512;

/** First line of what Git keeps in place of a large file (Git LFS, version 1). */
const LFS_POINTER = "version https://git-lfs.github.com/spec/";

/** What stands in for a file by mistake, by how it begins; spaces and a byte order mark are left out. */
const STAND_INS: readonly { readonly begins: RegExp; readonly what: string }[] = [
  {
    begins: new RegExp(`^${LFS_POINTER}`),
    what: "a Git LFS pointer, not the file itself: run git lfs pull",
  },
  {
    begins: /^(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body|title)\b/is,
    what: "an HTML page, such as of an error or a login, not the file itself: download it again",
  },
  {
    begins: /^<(?:\?xml\b|[a-z][\w:.-]*[\s>])/i,
    what: "an XML document, such as of a server's error, not the file itself: download it again",
  },
];

/** Formats that are known and not read, by their first bytes as characters. */
const OTHERS: readonly { readonly begins: string; readonly what: string; readonly how: string }[] =
  [
    {
      begins: "\xabKTX 11\xbb",
      what: "KTX 1 file",
      how: "convert it to KTX 2, as with ktx2ktx2",
    },
    { begins: "DDS ", what: "DDS file", how: "convert it to KTX 2" },
    { begins: "\x1f\x8b", what: "gzip file", how: "unpack it, as with gunzip" },
    { begins: "\x28\xb5\x2f\xfd", what: "Zstandard file", how: "unpack it, as with unzstd" },
    { begins: "PK\x03\x04", what: "ZIP archive", how: "unpack it" },
    { begins: "sB", what: "Basis file", how: "convert it to KTX 2" },
  ];

/** A Basis Universal file has its version, 0x13, behind its two letters. */
const BASIS_VERSION = 0x13;

/**
 * Checks that a file is none of these.
 *
 * @param name Name of the file in messages.
 * @param start The file's first {@linkcode FOREIGN_BYTES} bytes, or all of it.
 * @throws {MalformedFileError} that says how to get the file: for a Git LFS pointer, an HTML page or an
 * XML document other than SVG.
 * @throws {UnsupportedError} that says what to do: for KTX 1, DDS, Basis, gzip, Zstandard and ZIP files.
 */
export function assertNotForeign(name: string, start: Uint8Array): void {
  const seen = start.subarray(0, FOREIGN_BYTES);
  const text = new TextDecoder().decode(seen).trimStart();
  const isSvg = /<svg\b|<!doctype\s+svg\b/i.test(text);
  const standIn = isSvg ? undefined : STAND_INS.find(({ begins }) => begins.test(text));
  if (standIn !== undefined) {
    throw new MalformedFileError(name, `Cannot read ${name} as it is ${standIn.what}`);
  }
  const characters = String.fromCharCode(...seen.subarray(0, 8));
  const other = OTHERS.find(({ begins }) => characters.startsWith(begins));
  if (other === undefined) return;
  if (other.begins === "sB" && seen[2] !== BASIS_VERSION) return;
  throw new UnsupportedError(
    other.what,
    `Cannot read ${name} as it is a ${other.what}, which is not supported: ${other.how}`,
  );
}
