/**
 * Many pictures on one sheet.
 *
 * @module
 */

import { InvalidArgumentError } from "../../errors.ts";
import { Picture } from "../../scene/mod.ts";
import { openPicture, readPictureInfo } from "../../sources/mod.ts";

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

/** Colour around the pictures: sRGB and alpha. */
const BACKGROUND = [24, 26, 30, 255] as const;

/**
 * Puts pictures of one size on a sheet, row by row from the top left.
 *
 * @param pictures PNG files or rendered pictures; transparent parts show the sheet
 * @returns the sheet as a PNG file
 * @throws {InvalidArgumentError} if there is no picture
 */
export async function contactSheet(
  pictures: readonly (Uint8Array | Picture)[],
  options: ContactSheetOptions = {},
): Promise<Uint8Array> {
  const { columns, pictureWidth, gap } = { ...CONTACT_SHEET_DEFAULTS, ...options };
  const first = pictures[0];
  if (first === undefined) {
    throw new InvalidArgumentError("pictures", "Cannot lay out a sheet as there is no picture");
  }
  const { width, height } = first instanceof Picture ? first : await readPictureInfo(first);
  const pictureHeight = Math.round(pictureWidth * height / width);
  const used = Math.min(columns, pictures.length);
  const rows = Math.ceil(pictures.length / columns);
  const sheetWidth = gap + used * (pictureWidth + gap);
  const sheetHeight = gap + rows * (pictureHeight + gap);
  const sheet = new Uint8Array(4 * sheetWidth * sheetHeight);
  for (let at = 0; at < sheet.length; at += 4) sheet.set(BACKGROUND, at);
  await Promise.all(pictures.map(async (picture, index) => {
    const left = gap + index % columns * (pictureWidth + gap);
    const top = gap + Math.floor(index / columns) * (pictureHeight + gap);
    const scaled = await scaledRows(picture, pictureWidth, pictureHeight);
    for (let row = 0; row < pictureHeight; row++) {
      const pixels = scaled.subarray(4 * row * pictureWidth, 4 * (row + 1) * pictureWidth);
      sheet.set(pixels, 4 * ((top + row) * sheetWidth + left));
    }
  }));
  return await new Picture(sheetWidth, sheetHeight, sheet).toPng();
}

/** A picture on the background, each pixel the average of those that it covers. */
async function scaledRows(
  picture: Uint8Array | Picture,
  width: number,
  height: number,
): Promise<Uint8Array> {
  const { rows, ...from } = picture instanceof Picture
    ? { rows: overBackground(picture.data), width: picture.width, height: picture.height }
    : await readRows(picture);
  const narrow = averagedRows(rows, { width: from.width, wanted: width });
  const turned = transposedRows(narrow, width);
  const low = averagedRows(turned, { width: from.height, wanted: height });
  return Uint8Array.from(transposedRows(low, height), Math.round);
}

/** Opaque rows of a file, and its size. */
async function readRows(file: Uint8Array) {
  const picture = await openPicture(file);
  try {
    const { width, height, format } = picture;
    const rows = await picture.readRows(0, height);
    return { width, height, rows: format === "r8unorm" ? greyRows(rows) : overBackground(rows) };
  } finally {
    await picture.close();
  }
}

function greyRows(rows: Uint8Array): Float32Array {
  return Float32Array.from(
    { length: 4 * rows.length },
    (_, i) => i % 4 === 3 ? 255 : rows[i >> 2]!,
  );
}

function overBackground(rows: Uint8Array): Float32Array {
  return Float32Array.from(rows, (value, i) => {
    if (i % 4 === 3) return 255;
    const alpha = rows[i | 3]! / 255;
    return value * alpha + BACKGROUND[i % 4]! * (1 - alpha);
  });
}

/** Rows that are made narrower or wider: weights are the widths that pixels share. */
function averagedRows(
  rows: Float32Array,
  { width, wanted }: { width: number; wanted: number },
): Float32Array {
  const count = rows.length / 4 / width;
  const averaged = new Float32Array(4 * wanted * count);
  const scale = width / wanted;
  for (let x = 0; x < wanted; x++) {
    const [from, to] = [x * scale, (x + 1) * scale];
    for (let source = Math.floor(from); source < Math.min(width, to); source++) {
      const share = (Math.min(to, source + 1) - Math.max(from, source)) / scale;
      for (let row = 0; row < count; row++) {
        for (let channel = 0; channel < 4; channel++) {
          averaged[4 * (row * wanted + x) + channel]! += share *
            rows[4 * (row * width + source) + channel]!;
        }
      }
    }
  }
  return averaged;
}

/** Columns as rows. */
function transposedRows(rows: Float32Array, width: number): Float32Array {
  const height = rows.length / 4 / width;
  const turned = new Float32Array(rows.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 4 * (y * width + x);
      turned.set(rows.subarray(from, from + 4), 4 * (x * height + y));
    }
  }
  return turned;
}
