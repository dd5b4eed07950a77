/**
 * What texels are where a TIFF file has no data.
 *
 * @module
 */

import type { RowFormat } from "../../row_source.ts";
import type { PictureHeader } from "../headers/picture_header.ts";
import type { TiffDirectory } from "./tiff_directory.ts";

/** Tags of fields. The last is GDAL's: the value that stands for no data, as text. */
const TAG = { bits: 258, photometric: 262, colorMap: 320, noData: 42113 } as const;

const PHOTOMETRIC = { whiteIsZero: 0, palette: 3, separated: 5 } as const;
const MOST_TEXT_BYTES = 64;

/**
 * The bytes of one decoded texel where there is no data: the value that the file says stands for
 * it, else 0, as GDAL reads it; transparent if the picture has alpha.
 */
export async function noDataTexel(
  directory: TiffDirectory,
  { header, format }: { header: PictureHeader; format: RowFormat },
): Promise<Uint8Array> {
  const text = await directory.text(TAG.noData, MOST_TEXT_BYTES);
  const value = text.trim() === "" ? 0 : Number(text);
  const stored = Number.isFinite(value) || format === "r32float" ? value : 0;
  if (format === "r32float") return new Uint8Array(Float32Array.of(stored).buffer);
  const bits = await directory.number(TAG.bits, 1);
  const photometric = await directory.number(TAG.photometric, 1);
  if (format === "r16unorm") {
    const grey = greyOf(stored, { bits, photometric });
    return new Uint8Array(Uint16Array.of(Math.round(65535 * grey)).buffer);
  }
  const [red, green, blue] = photometric === PHOTOMETRIC.palette
    ? await paletteColor(directory, { index: stored, bits })
    : Array.from({ length: 3 }, () => greyOf(stored, { bits, photometric }));
  const color = [red!, green!, blue!].map((part) => Math.round(255 * part));
  if (format === "r8unorm") return Uint8Array.of(color[0]!);
  return Uint8Array.of(...color, header.hasAlpha ? 0 : 255);
}

/** A stored number as grey from 0 to 1. */
function greyOf(
  stored: number,
  { bits, photometric }: { bits: number; photometric: number },
): number {
  const share = Math.min(1, Math.max(0, stored / (2 ** bits - 1)));
  // No ink is white.
  const isInverted = photometric === PHOTOMETRIC.whiteIsZero ||
    photometric === PHOTOMETRIC.separated;
  return isInverted ? 1 - share : share;
}

async function paletteColor(
  directory: TiffDirectory,
  { index, bits }: { index: number; bits: number },
): Promise<number[]> {
  const entries = 2 ** Math.min(bits, 16);
  const color: number[] = [];
  for await (const { first, values } of directory.values(TAG.colorMap, 3 * entries)) {
    for (let part = color.length; part < 3; part++) {
      const at = part * entries + Math.min(Math.max(0, Math.floor(index)), entries - 1) - first;
      if (at < values.length) color.push(values[at]! / 65535);
    }
  }
  return color.length === 3 ? color : [0, 0, 0];
}
