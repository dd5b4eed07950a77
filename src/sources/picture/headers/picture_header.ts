/**
 * What the header of a picture says, whatever its kind.
 *
 * @module
 */

import { MalformedFileError, UnsupportedError } from "../../../errors.ts";

/** Kinds of pictures that are read. */
export type PictureContainer = "png" | "jpeg" | "tiff" | "webp" | "gif" | "avif" | "bmp";

/** How a sample is stored. */
export interface SampleKind {
  readonly bits: number;
  readonly type: "unsigned" | "signed" | "float" | "complex";
}

/** Header of a picture. */
export interface PictureHeader {
  readonly container: PictureContainer;
  /** Width in texels as stored, before the orientation is applied. */
  readonly storedWidth: number;
  /** Height in texels as stored. */
  readonly storedHeight: number;
  /** Orientation that the file asks for, 1 to 8 as in EXIF 2.3, tag 0x0112. */
  readonly orientation: number;
  /** Whether the texels are shades of grey. */
  readonly isGrey: boolean;
  /** Samples of a texel, alpha included. */
  readonly channels: number;
  /** Whether one of the samples is alpha, or a colour stands for transparency. */
  readonly hasAlpha: boolean;
  readonly sample: SampleKind;
  /**
   * Why the decoder holds the whole picture in memory ("interlaced", "progressive"), or null if it
   * decodes some rows at a time.
   */
  readonly heldWholeAs: string | null;
  /** What of the file is shown, such as `frame 1 of 12`, if that is not all; default none. */
  readonly notes?: readonly string[];
}

/** Most parts of a file that are gone through for its header: hostile files have millions. */
export const MOST_PARTS = 65_536;

/** Says that the first frame of a film is shown; nothing if it has no others. */
export function frameNotes(count: number): readonly string[] {
  return count > 1 ? [`frame 1 of ${count}`] : [];
}

/** The error of a picture that breaks its format. */
export function malformedPicture(name: string, why: string): MalformedFileError {
  return new MalformedFileError(name, `Cannot read picture ${name} as ${why}`);
}

/** The error of a picture that this library cannot read. */
export function unsupportedPicture(
  name: string,
  { feature, why }: { readonly feature: string; readonly why: string },
): UnsupportedError {
  return new UnsupportedError(feature, `Cannot read picture ${name} as ${why}`);
}
