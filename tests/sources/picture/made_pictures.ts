/** Pictures for tests. */

import { crc32, deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";

/** Bytes of texels that differ from their neighbours, none of them 0. */
export function gradient(width: number, height: number, channels: 1 | 2 | 3 | 4): Uint8Array {
  return Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const texel = Math.floor(i / channels);
    const value = (texel % width) * 5 + Math.floor(texel / width) * 9 + (i % channels) * 60;
    return 1 + value % 255;
  });
}

/** The encoder of pictures, with 8-bit texels for its input. */
export function encoder(texels: Uint8Array, width: number, channels: 1 | 2 | 3 | 4): Sharp {
  const height = texels.length / width / channels;
  const pipeline = sharp(texels, { raw: { width, height, channels } });
  return channels > 2 ? pipeline : pipeline.toColourspace("b-w");
}

/** Red, green and blue with an alpha of 255. */
export function withAlpha(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: rgb.length / 3 * 4 },
    (_, i) => i % 4 === 3 ? 255 : rgb[Math.floor(i / 4) * 3 + i % 4]!,
  );
}

/** A black square as a PNG file of one bit a texel: many texels in a small file. */
export function blackPng(side: number): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, side);
  view.setUint32(4, side);
  header[8] = 1;
  const rows = deflateSync(new Uint8Array(side * (1 + Math.ceil(side / 8))), { level: 1 });
  return pngOf([["IHDR", header], ["IDAT", rows]]);
}

/** How numbers of colours are stored. */
export interface PaletteLayout {
  readonly width: number;
  readonly height: number;
  readonly bits: 1 | 2 | 4 | 8;
  readonly isInterlaced: boolean;
  /** Of every row. */
  readonly filter: number;
}

/** A PNG file with a palette of some colours, whose red is 10 more than their number. */
export function palettePng(
  numbers: Uint8Array,
  layout: PaletteLayout & { readonly colors: number },
): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, layout.width);
  view.setUint32(4, layout.height);
  header.set([layout.bits, 3, 0, 0, layout.isInterlaced ? 1 : 0], 8);
  const colors = Uint8Array.from(
    { length: 3 * layout.colors },
    (_, i) => i % 3 === 0 ? 10 + i / 3 : 77,
  );
  const data = paletteData(numbers, layout);
  const half = data.length >> 1;
  return pngOf([
    ["IHDR", header],
    ["PLTE", colors],
    ["IDAT", data.subarray(0, half)],
    ["IDAT", data.subarray(half)],
  ]);
}

/** The compressed rows of a PNG file with a palette. */
export function paletteData(numbers: Uint8Array, layout: PaletteLayout): Uint8Array {
  const { width, height, bits, isInterlaced, filter } = layout;
  // The pass of each texel of a square of eight (PNG, third edition, section 8.1).
  const passes = "1646264677777777565656567777777736463646777777775656565677777777";
  const rows: number[] = [];
  for (let pass = 1; pass <= (isInterlaced ? 7 : 1); pass++) {
    let above: number[] = [];
    for (let y = 0; y < height; y++) {
      const of = (x: number) => isInterlaced ? Number(passes[8 * (y % 8) + x % 8]) : 1;
      const texels = Array.from({ length: width }, (_, x) => x).filter((x) => of(x) === pass)
        .map((x) => numbers[y * width + x]!.toString(2).padStart(bits, "0")).join("");
      if (texels === "") continue;
      const row = texels.match(/.{1,8}/g)!.map((byte) => parseInt(byte.padEnd(8, "0"), 2));
      rows.push(filter, ...row.map((byte, i) => byte - predicted(filter, row, above, i) & 255));
      above = row;
    }
  }
  return deflateSync(Uint8Array.from(rows));
}

function predicted(filter: number, row: number[], above: number[], i: number): number {
  const [a, b, c] = [row[i - 1] ?? 0, above[i] ?? 0, above[i - 1] ?? 0];
  const nearest = [a, b, c].toSorted((left, right) =>
    Math.abs(a + b - c - left) - Math.abs(a + b - c - right)
  )[0]!;
  return [0, a, b, (a + b) >> 1, nearest][filter]!;
}

function pngOf(chunks: readonly (readonly [name: string, data: Uint8Array])[]): Uint8Array {
  const all = [...chunks, ["IEND", new Uint8Array(0)] as const];
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10],
    ...all.flatMap(([name, data]) => [...pngChunk(name, data)]),
  ]);
}

function pngChunk(name: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.byteLength);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.byteLength);
  chunk.set(new TextEncoder().encode(name), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.byteLength, crc32(chunk.subarray(4, 8 + data.byteLength)));
  return chunk;
}
