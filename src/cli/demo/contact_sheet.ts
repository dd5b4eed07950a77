/**
 * Many pictures on one sheet.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";

/** How a sheet is laid out. */
export interface ContactSheetOptions {
  /** Pictures in a row. */
  readonly columns?: number;
  /** Width of one picture on the sheet in pixels; its height keeps its shape. */
  readonly pictureWidth?: number;
  /** Pixels between pictures and around them. */
  readonly gap?: number;
}

/** Default options. */
export const CONTACT_SHEET_DEFAULTS = Object.freeze(
  { columns: 4, pictureWidth: 320, gap: 8 } as const,
);

/** Colour around the pictures: sRGB. */
const BACKGROUND = { r: 24, g: 26, b: 30, alpha: 1 };

/**
 * Puts PNG pictures of one size on a sheet, row by row from the top left.
 *
 * @param pictures PNG files; transparent parts show the sheet
 * @returns the sheet as a PNG file
 * @throws {InvalidArgumentError} if there is no picture
 */
export async function contactSheet(
  pictures: readonly Uint8Array[],
  options: ContactSheetOptions = {},
): Promise<Uint8Array> {
  const { columns, pictureWidth, gap } = { ...CONTACT_SHEET_DEFAULTS, ...options };
  const first = pictures[0];
  if (first === undefined) {
    throw new InvalidArgumentError("pictures", "Cannot lay out a sheet as there is no picture");
  }
  const sharp = (await import("sharp")).default;
  const { width, height } = await sharp(first).metadata();
  const pictureHeight = Math.round(pictureWidth * height / width);
  const used = Math.min(columns, pictures.length);
  const rows = Math.ceil(pictures.length / columns);
  const placed = await Promise.all(pictures.map(async (picture, index) => ({
    input: await sharp(picture).resize(pictureWidth, pictureHeight, { fit: "fill" }).png()
      .toBuffer(),
    left: gap + index % columns * (pictureWidth + gap),
    top: gap + Math.floor(index / columns) * (pictureHeight + gap),
  })));
  const sheet = await sharp({
    create: {
      width: gap + used * (pictureWidth + gap),
      height: gap + rows * (pictureHeight + gap),
      channels: 4,
      background: BACKGROUND,
    },
  }).composite(placed).png({ compressionLevel: 9 }).toBuffer();
  return new Uint8Array(sheet);
}
