/**
 * Finds out the kind of a picture from its first bytes.
 *
 * @module
 */

import { malformedPicture, type PictureContainer, unsupportedPicture } from "./picture_header.ts";
import { matchesStart, refusedKind } from "./refused_kinds.ts";

/** Bytes that {@linkcode pictureContainer} looks at. */
export const PICTURE_KIND_BYTES = 64;

interface Signature {
  readonly kind: PictureContainer;
  /** Bytes as characters; `.` is any. */
  readonly start: string;
}

const READ: readonly Signature[] = [
  { kind: "png", start: "\x89PNG\r\n\x1a\n" },
  { kind: "jpeg", start: "\xff\xd8\xff" },
  { kind: "tiff", start: "II*\0" },
  { kind: "tiff", start: "MM\0*" },
  { kind: "tiff", start: "II+\0" },
  { kind: "tiff", start: "MM\0+" },
  { kind: "webp", start: "RIFF....WEBP" },
  { kind: "gif", start: "GIF87a" },
  { kind: "gif", start: "GIF89a" },
  { kind: "avif", start: "....ftypavif" },
  { kind: "avif", start: "....ftypavis" },
  { kind: "bmp", start: "BM" },
];

/** The brand of AV1 pictures among those that a file of the HEIF family is compatible with. */
const AVIF_BRAND = /^[^]{4}ftyp(?:mif1|msf1)[^]{4}(?:[^]{4})*?avi[fs]/;

/**
 * The kind of a picture.
 *
 * @param name Its name in messages.
 * @param start Its first {@linkcode PICTURE_KIND_BYTES} bytes, or all of it.
 * @throws {UnsupportedError} that names the kind, if it is a known one that is not read, and says what
 * to do.
 * @throws {MalformedFileError} if it is no known kind of picture.
 */
export function pictureContainer(name: string, start: Uint8Array): PictureContainer {
  const text = String.fromCharCode(...start.subarray(0, PICTURE_KIND_BYTES));
  const read = READ.find((signature) => matchesStart(text, signature.start));
  if (read !== undefined) return read.kind;
  if (AVIF_BRAND.test(text)) return "avif";
  const wanted = "it must be PNG, JPEG, TIFF, WebP, GIF, AVIF or BMP";
  const refused = refusedKind(text);
  if (refused === null) {
    const shown = Array.from(start.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0"));
    throw malformedPicture(name, `${wanted}: it begins with ${shown.join(" ")}`);
  }
  const { name: feature, remedy } = refused;
  throw unsupportedPicture(name, {
    feature,
    why: `${wanted}: it is ${feature}. To load it, ${remedy}`,
  });
}
