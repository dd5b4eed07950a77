/**
 * Stored values of a part of a level, read from its tiles.
 *
 * @module
 */

import { checkedInteger, checkedSignal, checkedVector, checkOptionNames } from "../../checks.ts";
import { MalformedFileError, OutOfRangeError } from "../../errors.ts";
import {
  decodeBlocks,
  type DecodedFormat,
  decodedTexelFormat,
  decodedValues,
  flippedAxes,
  formatInfo,
  regionBytes,
  type TexelArray,
} from "../../texels/mod.ts";
import type { TileSource } from "../tile_source.ts";
import { valueScaleOf } from "./value_scale.ts";

/** Which values to read. */
export interface ReadRegionOptions {
  /** Level, 0 the finest; default 0. */
  readonly level?: number;
  /** Ends the wait; the read then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Stored values: rows from the picture's top down, columns from its left, the values of a texel one after
 * another, in the order of the stored channels, whatever is said of where channels come from.
 */
export interface ValueRegion {
  /** Width in texels. */
  readonly width: number;
  /** Height in texels. */
  readonly height: number;
  /** Values of a texel: 1, 2 or 4. Three bands have a fourth value, alpha. */
  readonly bands: 1 | 2 | 4;
  /**
   * `height * width * bands` values in units of the file: `Uint8Array` for 8 bits (as they are stored, also
   * in sRGB), `Uint16Array` for 16 bits, also where the device keeps them as floats; else `Float32Array`, in
   * which NaN is no value.
   */
  readonly data: TexelArray;
}

/** A part of a level: its upper left texel and its size. */
export type TexelRect = readonly [x: number, y: number, width: number, height: number];

/** Tiles that are read at the same time. */
const TILES_AT_ONCE = 4;
/** Most bytes of a region. */
const MOST_BYTES = 2 ** 30;
const NAMES: readonly (keyof ReadRegionOptions)[] = ["level", "signal"];

/**
 * Reads values of a source: each tile that the region touches once, a few at a time.
 *
 * @param rect x, y, width and height in texels of the level.
 * @throws {InvalidArgumentError} if a number is none, or an option does not exist.
 * @throws {OutOfRangeError} if the region is empty, leaves the level, or has more than 1 GiB of values.
 * @throws {SourceReadError} if bytes cannot be read now.
 * @throws {DisposedError} if the source was closed.
 * @throws The signal's reason.
 */
export async function readValues(
  source: TileSource,
  rect: TexelRect,
  options: ReadRegionOptions = {},
): Promise<ValueRegion> {
  const failure = `Cannot read values of ${source.name}`;
  const { level, signal, region: asked } = checkRegion(source, rect, { options, failure });
  const region = storedRect(asked, source, level);
  const [x, y, width, height] = region;
  const decoded = decodedTexelFormat(source.format);
  const bands = formatInfo(decoded).channels;
  const whole = decodedValues(new Uint8Array(regionBytes(decoded, width, height)), decoded);
  const { tileSize } = source.grid;
  const [first, last] = [[x, y], [x + width - 1, y + height - 1]].map((corner) =>
    corner.map((at) => Math.floor(at / tileSize))
  ) as [number[], number[]];
  const tiles: [number, number][] = [];
  for (let row = first[1]!; row <= last[1]!; row++) {
    for (let column = first[0]!; column <= last[0]!; column++) tiles.push([column, row]);
  }
  for (let at = 0; at < tiles.length; at += TILES_AT_ONCE) {
    signal?.throwIfAborted();
    await Promise.all(
      tiles.slice(at, at + TILES_AT_ONCE).map(async ([column, row]) => {
        const bytes = await source.readTile(level, column, row, signal ? { signal } : {});
        copyTile(tileValues(source, bytes, decoded), {
          ...{ source, column, row, bands, rect: region, whole },
        });
      }),
    );
  }
  signal?.throwIfAborted();
  const data = inFileUnits(upright(whole, { width, bands, source }), valueScaleOf(source));
  return { width, height, bands, data };
}

/** A part of the picture, in texels that are stored, whose columns and rows may run the other way. */
function storedRect(
  [x, y, width, height]: TexelRect,
  { grid, appearance }: TileSource,
  level: number,
): TexelRect {
  const [flipsU, flipsV] = flippedAxes(appearance);
  const of = grid.level(level);
  return [
    flipsU ? of.width - x - width : x,
    flipsV ? of.height - y - height : y,
    width,
    height,
  ];
}

/** Stored values, in the order of the picture's columns and rows. */
function upright(
  values: TexelArray,
  { width, bands, source }: {
    readonly width: number;
    readonly bands: number;
    readonly source: TileSource;
  },
): TexelArray {
  const [flipsU, flipsV] = flippedAxes(source.appearance);
  if (!flipsU && !flipsV) return values;
  const turned = values.slice();
  const height = values.length / (width * bands);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (flipsV ? height - 1 - y : y) * width + (flipsU ? width - 1 - x : x);
      const to = bands * (y * width + x);
      for (let band = 0; band < bands; band++) turned[to + band] = values[bands * from + band]!;
    }
  }
  return turned;
}

function checkRegion(
  source: TileSource,
  rect: TexelRect,
  { options, failure }: { readonly options: ReadRegionOptions; readonly failure: string },
): {
  readonly level: number;
  readonly signal: AbortSignal | undefined;
  readonly region: TexelRect;
} {
  checkOptionNames(options, { failure, names: NAMES });
  const { grid } = source;
  const level = checkedInteger(options.level ?? 0, {
    name: "level",
    failure,
    range: [0, grid.levelCount - 1],
  });
  const size = grid.level(level);
  const [x, y, width, height] = Array.from(
    checkedVector(rect, { name: "rect", failure, length: 4 }),
  ) as [number, number, number, number];
  checkedInteger(x, { name: "x", failure, range: [0, size.width - 1] });
  checkedInteger(y, { name: "y", failure, range: [0, size.height - 1] });
  checkedInteger(width, { name: "width", failure, range: [1, size.width - x] });
  checkedInteger(height, { name: "height", failure, range: [1, size.height - y] });
  const bytes = regionBytes(decodedTexelFormat(source.format), width, height);
  if (bytes > MOST_BYTES) {
    throw new OutOfRangeError(
      "width",
      `${failure} as a region must have at most ${MOST_BYTES} bytes: current value is ${bytes} for ` +
        `${width} × ${height} texels`,
    );
  }
  const region = [x, y, width, height] as const;
  return { level, region, signal: checkedSignal(options.signal, failure) };
}

function tileValues(source: TileSource, bytes: Uint8Array, decoded: DecodedFormat): TexelArray {
  const { name, format, grid, border } = source;
  const edge = grid.tileSize + 2 * border;
  const wanted = regionBytes(format, edge, edge);
  if (!(bytes instanceof Uint8Array) || bytes.byteLength !== wanted) {
    throw new MalformedFileError(
      name,
      `Cannot read values of ${name} as a tile must have ${wanted} bytes: current value is ` +
        `${(bytes as Uint8Array | undefined)?.byteLength}`,
    );
  }
  const isStored = format.replace(/-srgb$/, "") === decoded;
  const texels = isStored ? bytes : decodeBlocks(format, bytes, edge, edge);
  const isAligned = texels.byteOffset % 4 === 0;
  return decodedValues(isAligned ? texels : texels.slice(), decoded);
}

/** Copies what of a tile lies in the region. */
function copyTile(
  values: TexelArray,
  { source, column, row, bands, rect: [x, y, width, height], whole }: {
    readonly source: TileSource;
    readonly column: number;
    readonly row: number;
    readonly bands: number;
    readonly rect: TexelRect;
    readonly whole: TexelArray;
  },
): void {
  const { border, grid: { tileSize } } = source;
  const edge = tileSize + 2 * border;
  const [left, top] = [column * tileSize, row * tileSize];
  const [from, to] = [Math.max(x, left), Math.min(x + width, left + tileSize)];
  for (let line = Math.max(y, top); line < Math.min(y + height, top + tileSize); line++) {
    const at = bands * ((line - top + border) * edge + from - left + border);
    whole.set(
      values.subarray(at, at + bands * (to - from)),
      bands * ((line - y) * width + from - x),
    );
  }
}

/** Values as the file has them; integers that are kept as floats become integers again. */
function inFileUnits(values: TexelArray, scale: number): TexelArray {
  if (!(values instanceof Float32Array) || scale === 1) return values;
  if (scale !== 255 && scale !== 65535) return values.map((value) => value * scale);
  const integers = scale === 255 ? new Uint8Array(values.length) : new Uint16Array(values.length);
  for (const [i, value] of values.entries()) integers[i] = Math.round(value * scale);
  return integers;
}
