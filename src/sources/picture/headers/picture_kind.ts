/**
 * Finds out the kind of a picture from its first bytes.
 *
 * @module
 */

import { malformedPicture, type PictureContainer, unsupportedPicture } from "./picture_header.ts";

/** Bytes that {@linkcode pictureContainer} looks at. */
export const PICTURE_KIND_BYTES = 64;

interface Signature<Kind extends string> {
  readonly kind: Kind;
  /** Bytes as characters; `.` is any. */
  readonly start: string;
}

const READ: readonly Signature<PictureContainer>[] = [
  { kind: "png", start: "\x89PNG\r\n\x1a\n" },
  { kind: "jpeg", start: "\xff\xd8\xff" },
  { kind: "tiff", start: "II*\0" },
  { kind: "tiff", start: "MM\0*" },
  { kind: "tiff", start: "II+\0" },
  { kind: "tiff", start: "MM\0+" },
  { kind: "webp", start: "RIFF....WEBP" },
];

/** Kinds that messages name. */
const NAMED: readonly Signature<string>[] = [
  { kind: "gif", start: "GIF8" },
  { kind: "bmp", start: "BM" },
  { kind: "heif", start: "....ftyp" },
  { kind: "jpeg xl", start: "\xff\x0a" },
  { kind: "jpeg xl", start: "\0\0\0\x0cJXL " },
  { kind: "jpeg 2000", start: "\0\0\0\x0cjP  " },
  { kind: "jpeg 2000", start: "\xff\x4f\xff\x51" },
  { kind: "psd", start: "8BPS" },
  { kind: "openexr", start: "\x76\x2f\x31\x01" },
  { kind: "radiance hdr", start: "#?RADIANCE" },
  { kind: "pdf", start: "%PDF" },
];

/**
 * The kind of a picture.
 *
 * @param name Its name in messages.
 * @param start Its first {@linkcode PICTURE_KIND_BYTES} bytes, or all of it.
 * @throws {UnsupportedError} that names the kind, if it is a known one that is not read.
 * @throws {MalformedFileError} if it is no known kind of picture.
 */
export function pictureContainer(name: string, start: Uint8Array): PictureContainer {
  const text = String.fromCharCode(...start.subarray(0, PICTURE_KIND_BYTES));
  const read = READ.find((signature) => matches(text, signature.start));
  if (read !== undefined) return read.kind;
  const known = NAMED.find((signature) => matches(text, signature.start))?.kind ??
    (/^\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg)/i.test(text) ? "svg" : undefined);
  const wanted = "it must be PNG, JPEG, TIFF or WebP";
  if (known === undefined) {
    const shown = Array.from(start.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0"));
    throw malformedPicture(name, `${wanted}: it begins with ${shown.join(" ")}`);
  }
  throw unsupportedPicture(name, { feature: known, why: `${wanted}: current value is ${known}` });
}

function matches(text: string, start: string): boolean {
  if (text.length < start.length) return false;
  for (let i = 0; i < start.length; i++) {
    if (start[i] !== "." && start[i] !== text[i]) return false;
  }
  return true;
}
