/** TIFF files of any samples, of one directory or several, that the tests write by themselves. */

import { deflateSync, zstdCompressSync } from "node:zlib";

const SHORT = 3;
const LONG = 4;
const ASCII = 2;
const UNDEFINED = 7;

/** Samples of a picture, those of a texel together, row by row. */
export type Samples =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** One directory. */
export interface MadeRaster {
  readonly samples: Samples;
  readonly width: number;
  readonly height: number;
  /** Samples of a texel; default 1. */
  readonly bands?: number;
  /** Default grey, or red, green and blue for three bands or more. */
  readonly photometric?: number;
  /** Kinds of the extra samples; default none are said. */
  readonly extra?: readonly number[];
  readonly compression?: "none" | "deflate" | "zstd";
  /** Differences of neighbours. */
  readonly predicts?: boolean;
  /** Edge of tiles; default strips of 8 rows. */
  readonly tile?: number;
  readonly isSeparate?: boolean;
  readonly isBigEndian?: boolean;
  readonly noData?: string;
  /** NewSubfileType. */
  readonly kind?: number;
  readonly orientation?: number;
  /** Bits of a sample where they are fewer than the array's; samples are packed. */
  readonly bits?: number;
  /** Texels that share chroma, across and down. */
  readonly subsampling?: readonly [number, number];
  /** The colours of a palette: reds, greens, blues. */
  readonly palette?: readonly number[];
  /** Chunks that are left out. */
  readonly leftOut?: readonly number[];
  /** A mask of 1-bit values, of as many texels, which follows as a directory of its own. */
  readonly mask?: Uint8Array;
}

const ROWS_PER_STRIP = 8;

/** A file of directories that follow each other, with numbers of 32 bits for places. */
export function madeRaster(...rasters: readonly MadeRaster[]): Uint8Array {
  const directories = rasters.flatMap((raster) => {
    if (raster.mask === undefined) return [raster];
    const { width, height, mask, isBigEndian = false } = raster;
    return [raster, {
      samples: mask,
      width,
      height,
      bits: 1,
      kind: 4,
      photometric: 4,
      isBigEndian,
    }];
  });
  const isLittle = !(rasters[0]!.isBigEndian ?? false);
  const parts: Uint8Array[] = [];
  let end = 8;
  const add = (bytes: Uint8Array) => {
    const at = end;
    const padded = new Uint8Array(bytes.byteLength + bytes.byteLength % 2);
    padded.set(bytes);
    parts.push(padded);
    end += padded.byteLength;
    return at;
  };
  /** Where the place of the next directory is to be written. */
  const links: { part: Uint8Array; at: number }[] = [];
  const starts: number[] = [];
  for (const raster of directories) {
    const chunks = chunksOf(raster);
    const left = new Set(raster.leftOut ?? []);
    const offsets = chunks.map((chunk, i) => left.has(i) ? 0 : add(chunk));
    const sizes = chunks.map((chunk, i) => left.has(i) ? 0 : chunk.byteLength);
    const fields = fieldsOf(raster, { offsets, sizes });
    const part = new Uint8Array(2 + 12 * fields.length + 4);
    const view = new DataView(part.buffer);
    view.setUint16(0, fields.length, isLittle);
    fields.forEach(([tag, type, value], i) => {
      const at = 2 + 12 * i;
      const bytes = valueBytes(type, value, isLittle);
      view.setUint16(at, tag, isLittle);
      view.setUint16(at + 2, type, isLittle);
      view.setUint32(at + 4, value.length, isLittle);
      if (bytes.byteLength <= 4) part.set(bytes, at + 8);
      else view.setUint32(at + 8, add(bytes), isLittle);
    });
    starts.push(end);
    links.push({ part, at: 2 + 12 * fields.length });
    parts.push(part);
    end += part.byteLength;
  }
  links.forEach(({ part, at }, i) => {
    new DataView(part.buffer).setUint32(at, starts[i + 1] ?? 0, isLittle);
  });
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  view.setUint16(0, isLittle ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, starts[0]!, isLittle);
  let at = 8;
  for (const part of parts) {
    file.set(part, at);
    at += part.byteLength;
  }
  return file;
}

function fieldsOf(
  raster: MadeRaster,
  { offsets, sizes }: { offsets: readonly number[]; sizes: readonly number[] },
): (readonly [tag: number, type: number, value: readonly number[] | string])[] {
  const { samples, width, height, bands = 1, extra, tile, palette } = raster;
  const bits = raster.bits ?? 8 * samples.BYTES_PER_ELEMENT;
  const photometric = raster.photometric ?? (bands >= 3 ? 2 : 1);
  const isFloat = samples instanceof Float32Array || samples instanceof Float64Array;
  const isSigned = !isFloat && samples.constructor.name.startsWith("Int");
  const compression = { none: 1, deflate: 8, zstd: 50000 }[raster.compression ?? "none"];
  const fields: (readonly [number, number, readonly number[] | string])[] = [
    [254, LONG, [raster.kind ?? 0]],
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, new Array(bands).fill(bits)],
    [259, SHORT, [compression]],
    [262, SHORT, [photometric]],
    [274, SHORT, [raster.orientation ?? 1]],
    [277, SHORT, [bands]],
    [284, SHORT, [raster.isSeparate ? 2 : 1]],
    [317, SHORT, [raster.predicts ? 2 : 1]],
    ...palette === undefined ? [] : [[320, SHORT, palette] as const],
    ...extra === undefined ? [] : [[338, SHORT, extra] as const],
    [339, SHORT, new Array(bands).fill(isFloat ? 3 : isSigned ? 2 : 1)],
    ...raster.subsampling === undefined ? [] : [[530, SHORT, raster.subsampling] as const],
    ...raster.noData === undefined ? [] : [[42113, ASCII, raster.noData + "\0"] as const],
  ];
  const places = tile === undefined
    ? [[273, LONG, offsets], [278, LONG, [ROWS_PER_STRIP]], [279, LONG, sizes]] as const
    : [[322, LONG, [tile]], [323, LONG, [tile]], [324, LONG, offsets], [325, LONG, sizes]] as const;
  return [...fields, ...places].sort(([a], [b]) => a - b);
}

function valueBytes(
  type: number,
  value: readonly number[] | string,
  isLittle: boolean,
): Uint8Array {
  if (typeof value === "string") return new TextEncoder().encode(value);
  const size = type === SHORT ? 2 : type === UNDEFINED ? 1 : 4;
  const bytes = new Uint8Array(size * value.length);
  const view = new DataView(bytes.buffer);
  value.forEach((number, i) => {
    if (size === 2) view.setUint16(2 * i, number, isLittle);
    else if (size === 4) view.setUint32(4 * i, number, isLittle);
    else bytes[i] = number;
  });
  return bytes;
}

function chunksOf(raster: MadeRaster): Uint8Array[] {
  const { width, height, bands = 1, tile, isSeparate = false } = raster;
  const chunkWidth = tile ?? width;
  const chunkHeight = tile ?? ROWS_PER_STRIP;
  const planes = isSeparate ? Array.from({ length: bands }, (_, band) => [band]) : [
    Array.from({ length: bands }, (_, band) => band),
  ];
  const chunks: Uint8Array[] = [];
  for (const plane of planes) {
    for (let top = 0; top < height; top += chunkHeight) {
      const rows = tile ?? Math.min(chunkHeight, height - top);
      for (let left = 0; left < width; left += chunkWidth) {
        chunks.push(chunkBytes(raster, { plane, left, top, width: chunkWidth, rows }));
      }
    }
  }
  return chunks;
}

function chunkBytes(
  { samples, width, height, bands = 1, bits, predicts, isBigEndian, compression }: MadeRaster,
  { plane, left, top, width: columns, rows }: {
    plane: readonly number[];
    left: number;
    top: number;
    width: number;
    rows: number;
  },
): Uint8Array {
  const Kind = samples.constructor as new (length: number) => Samples;
  const values = new Kind(columns * rows * plane.length);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const texel = Math.min(height - 1, top + y) * width + Math.min(width - 1, left + x);
      plane.forEach((band, i) => {
        values[(y * columns + x) * plane.length + i] = samples[texel * bands + band]!;
      });
    }
  }
  const rowValues = columns * plane.length;
  if (predicts) {
    for (let row = 0; row < values.length; row += rowValues) {
      for (let i = row + rowValues - 1; i >= row + plane.length; i--) {
        values[i] = values[i]! - values[i - plane.length]!;
      }
    }
  }
  const bytes = bits === undefined
    ? new Uint8Array(values.buffer)
    : packed(values, { bits, rowValues });
  const size = values.BYTES_PER_ELEMENT;
  if (isBigEndian && bits === undefined) {
    for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  }
  if (compression === "deflate") return new Uint8Array(deflateSync(bytes));
  return compression === "zstd" ? new Uint8Array(zstdCompressSync(bytes)) : bytes;
}

function packed(
  values: Samples,
  { bits, rowValues }: { bits: number; rowValues: number },
): Uint8Array {
  const rowBytes = Math.ceil(rowValues * bits / 8);
  const bytes = new Uint8Array(values.length / rowValues * rowBytes);
  for (let i = 0; i < values.length; i++) {
    const start = Math.floor(i / rowValues) * 8 * rowBytes + (i % rowValues) * bits;
    for (let bit = 0; bit < bits; bit++) {
      const at = start + bit;
      bytes[at >> 3]! |= ((values[i]! >> (bits - 1 - bit)) & 1) << (7 - (at & 7));
    }
  }
  return bytes;
}
