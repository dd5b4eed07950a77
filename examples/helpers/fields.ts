/**
 * A patchwork of fields, 65,536 texels wide: a texture that no file holds.
 *
 * @module
 */

import { proceduralTileSource, type TileSource } from "@forge3d/forge3d";

/** Width and height in texels. */
export const FIELDS_SIZE = 2 ** 16;
/** Fields in a row and in a column. */
export const FIELDS_ACROSS = 64;
/** Colours of the fields, in sRGB. */
export const FIELD_COLORS: readonly (readonly [number, number, number])[] = [
  [214, 178, 76],
  [122, 160, 62],
  [62, 118, 70],
  [176, 104, 66],
  [150, 120, 170],
];
const PATH_COLOR = [236, 228, 206] as const;

const FIELD_TEXELS = FIELDS_SIZE / FIELDS_ACROSS;
const PATH_TEXELS = 24;
const FURROW_TEXELS = 32;
/** Level from which furrows are too narrow to be told apart. */
const SMOOTH_LEVEL = 5;

/** The colour of a field; column and row count from the upper left. */
export function fieldColor(column: number, row: number): readonly [number, number, number] {
  const mixed = Math.imul(column * 73 + row * 151 + 7, 0x9e3779b1) >>> 0;
  return FIELD_COLORS[mixed % FIELD_COLORS.length]!;
}

/** Writes the texel of a level: a field with furrows, or the path around it. */
function makeTexel(level: number, column: number, row: number, out: Uint8Array, at: number): void {
  const x = (column + 0.5) * 2 ** level;
  const y = (row + 0.5) * 2 ** level;
  const inX = x % FIELD_TEXELS;
  const inY = y % FIELD_TEXELS;
  const isPath = Math.min(inX, inY) < PATH_TEXELS;
  const field = Math.floor(x / FIELD_TEXELS) + Math.floor(y / FIELD_TEXELS);
  const across = field % 2 === 0 ? inX : inY;
  const isRidge = Math.floor(across / FURROW_TEXELS) % 2 === 0;
  const color = isPath
    ? PATH_COLOR
    : fieldColor(Math.floor(x / FIELD_TEXELS), Math.floor(y / FIELD_TEXELS));
  const brightness = isPath ? 1 : level >= SMOOTH_LEVEL ? 0.88 : isRidge ? 1 : 0.76;
  for (let channel = 0; channel < 3; channel++) out[at + channel] = color[channel]! * brightness;
  out[at + 3] = 255;
}

/** The patchwork, tile by tile. */
export function fieldsSource(): TileSource {
  return proceduralTileSource(makeTexel, {
    name: "fields",
    width: FIELDS_SIZE,
    height: FIELDS_SIZE,
    tileSize: 128,
    border: 4,
    format: "rgba8unorm-srgb",
  });
}
