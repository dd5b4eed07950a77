/**
 * Textures whose texels a function of the caller gives, region by region.
 *
 * @module
 */

import {
  checkedBoolean,
  checkedChoice,
  checkedFunction,
  checkedInteger,
  checkedSignal,
  checkedString,
  checkOptionNames,
} from "../../checks.ts";
import { DisposedError } from "../../errors.ts";
import {
  type Appearance,
  COLOR_SPACES,
  type ColorSpace,
  DECODED_TEXEL_FORMATS,
  formatInfo,
  type StoredFormat,
} from "../../texels/mod.ts";
import { checkedWrap, CLAMPED, TileGrid, type Wrap, type WrapModes } from "../../tiles/mod.ts";
import { assembleSlot, type BlockRegion, blockRegion, checkSlotShape } from "../block_region.ts";
import type { ReadOptions } from "../bytes/byte_source.ts";
import type { RowFormat } from "../row_source.ts";
import { checkedTileRequest } from "../tile_request.ts";
import type { ReadCounters, TileSource } from "../tile_source.ts";
import { CoarseLevels } from "./coarse_levels.ts";
import { type LevelRegion, type ReadRegion, RegionReader } from "./region_reader.ts";

/** Options of {@linkcode openRegionSource}. */
export interface RegionSourceOptions {
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels. */
  readonly height: number;
  /** Format of the texels, such as `"rgba8unorm"` or `"r32float"`; values are little-endian. */
  readonly format: RowFormat;
  /** Edge of a tile's payload in texels; default 256. */
  readonly tileSize?: number;
  /** Texels on each side of a payload that belong to its neighbours; default 4. */
  readonly border?: number;
  /** How to interpret the values; default `"srgb"` for 8-bit formats, else `"linear"`. */
  readonly colorSpace?: ColorSpace;
  /**
   * Whether colours are multiplied by alpha: levels that are made are filtered as they are, and the texture
   * says so; default false.
   */
  readonly premultiplied?: boolean;
  /**
   * Levels that the function gives, from the finest on; default all, down to 1 × 1 texel. A level has
   * ⌊size / 2⌋ of the size of the one before, at least 1. Those that it does not give are made when the
   * source is opened, from the coarsest that it gives, which is read as a whole; they are kept in CPU memory
   * outside any budget, and take a third of the bytes of that level.
   */
  readonly levels?: number;
  /** How the texture goes on beyond its edges, of both axes or of u and v; default `"clamp"`. */
  readonly wrap?: Wrap;
  /** Name of the texture in messages; default `"regions"`. */
  readonly name?: string;
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined;
}

const OPTION_NAMES: readonly (keyof RegionSourceOptions)[] = [
  "width",
  "height",
  "format",
  "tileSize",
  "border",
  "colorSpace",
  "premultiplied",
  "levels",
  "wrap",
  "name",
  "signal",
];

const FAILURE = "Cannot open region source";

/** Options with every default filled in, and checked. */
interface CheckedOptions {
  readonly name: string;
  readonly grid: TileGrid;
  readonly border: number;
  readonly format: RowFormat;
  readonly colorSpace: ColorSpace;
  readonly appearance: Appearance;
  readonly levels: number;
  readonly wrap: WrapModes;
  readonly signal: AbortSignal | undefined;
}

function checkedOptions(options: RegionSourceOptions): CheckedOptions {
  const failure = FAILURE;
  checkOptionNames(options, { failure, names: OPTION_NAMES });
  const { width, height, tileSize = 256, border = 4, name = "regions", signal } = options;
  const choices = DECODED_TEXEL_FORMATS;
  const format = checkedChoice(options.format, { name: "format", failure, choices });
  checkSlotShape({ tileSize, border, format });
  const grid = new TileGrid(width, height, tileSize);
  const usual = /8unorm$/.test(format) ? "srgb" : "linear";
  const { colorSpace = usual, levels = grid.levelCount, premultiplied = false } = options;
  checkedChoice(colorSpace, { name: "colorSpace", failure, choices: COLOR_SPACES });
  checkedInteger(levels, { name: "levels", failure, range: [1, grid.levelCount] });
  const wrap = options.wrap === undefined ? CLAMPED : checkedWrap(options.wrap, { failure });
  checkedBoolean(premultiplied, { name: "premultiplied", failure });
  checkedSignal(signal, failure);
  const appearance = premultiplied ? { premultiplied } : {};
  const text = checkedString(name, { name: "name", failure });
  return { name: text, grid, border, format, colorSpace, appearance, levels, wrap, signal };
}

class RegionTileSource implements TileSource {
  readonly name: string;
  readonly grid: TileGrid;
  readonly border: number;
  readonly format: StoredFormat;
  readonly colorSpace: ColorSpace;
  readonly wrap: WrapModes;
  readonly appearance: Appearance;
  readonly info: string;
  readonly #rows: RowFormat;
  readonly #levels: number;
  readonly #reader: RegionReader;
  #coarse: CoarseLevels | null;

  constructor(reader: RegionReader, coarse: CoarseLevels, options: CheckedOptions) {
    const { name, grid, border, format, colorSpace, levels, wrap } = options;
    this.name = name;
    this.grid = grid;
    this.border = border;
    this.colorSpace = colorSpace;
    this.wrap = wrap;
    this.appearance = options.appearance;
    this.#rows = format;
    // Of the formats of rows, one has a variant that the hardware decodes.
    this.format = format === "rgba8unorm" && colorSpace === "srgb" ? "rgba8unorm-srgb" : format;
    this.#levels = levels;
    this.#reader = reader;
    this.#coarse = coarse;
    const made = levels < grid.levelCount
      ? `; levels from ${levels} on made from level ${levels - 1}`
      : "";
    this.info = `regions of ${grid.width} × ${grid.height} ${format}${made}`;
  }

  get counters(): Readonly<ReadCounters> {
    return this.#reader.counters;
  }

  async readTile(
    level: number,
    x: number,
    y: number,
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    const signal = checkedTileRequest(this.name, { level, x, y, options });
    if (this.#coarse === null) {
      throw new DisposedError(this.name, `Cannot read tile of ${this.name} as it was closed`);
    }
    signal?.throwIfAborted();
    const { grid, border, wrap } = this;
    const shape = { tileSize: grid.tileSize, border, format: this.#rows };
    const place = blockRegion(this.name, { grid, shape, level, x, y, wrap });
    const regions = regionsOf(level, place);
    if (level >= this.#levels) {
      const coarse = this.#coarse;
      return this.#assemble(place, regions.map((region) => coarse.rowsOf(region)));
    }
    const read = await Promise.all(regions.map((region) => this.#reader.read(region, signal)));
    const slotTexels = grid.tileSize + 2 * border;
    const [{ width, height }] = regions as [LevelRegion];
    // A slot that lies in its level is the region itself.
    if (width === slotTexels && height === slotTexels) return read[0]!;
    return this.#assemble(place, read.map((bytes, i) => this.#rowsIn(bytes, regions[i]!)));
  }

  #rowsIn(bytes: Uint8Array, { width, height }: LevelRegion): Uint8Array[] {
    const rowBytes = width * formatInfo(this.#rows).blockBytes;
    return Array.from(
      { length: height },
      (_, row) => bytes.subarray(row * rowBytes, (row + 1) * rowBytes),
    );
  }

  /** Puts the rows of regions, which stand side by side and below each other, into a slot. */
  #assemble(place: BlockRegion, rows: readonly Uint8Array[][]): Uint8Array {
    const across = place.columns.runs.length;
    const chunks = place.rows.runs.flatMap(({ count }, down) =>
      Array.from(
        { length: count },
        (_, row) => rows.slice(down * across, (down + 1) * across).map((region) => region[row]!),
      ).flat()
    );
    return assembleSlot(place, chunks, this.#rows);
  }

  close(): void {
    this.#coarse = null;
    this.#reader.close();
  }
}

/** The regions of a level that a slot holds, row by row of them: blocks are texels, and where it repeats, several. */
function regionsOf(level: number, { columns, rows }: BlockRegion): LevelRegion[] {
  return rows.runs.flatMap(({ first: y, count: height }) =>
    columns.runs.map(({ first: x, count: width }) => ({ level, x, y, width, height }))
  );
}

/**
 * Opens an array in memory, a database or a computation as a texture, by a function that reads its regions.
 * Its tiles are cut here: the function knows nothing of borders, and no region that it is asked for reaches
 * beyond its level.
 *
 * What the function throws, a read of the tile throws. A system then shows the next coarser level in its
 * place and asks again later, less and less often; while a texture is loaded, it ends the load.
 *
 * @param readRegion Gives the texels of a region.
 * @returns A source for `VirtualTextureSystem.loadTexture`, of the system's tile size and border.
 * @throws {InvalidArgumentError} if an option does not exist, or has the wrong type.
 * @throws {OutOfRangeError} if a value is not allowed.
 * @throws {UnsupportedError} if the levels that are not given would take more than 1 GiB.
 * @throws What the function throws, or a `MalformedFileError` if it gives something else than the texels, while
 * levels are made.
 *
 * @example A gradient of any size
 * ```ts
 * import { openRegionSource } from "@forge3d/forge3d";
 *
 * const source = await openRegionSource(({ level, x, y, width, height }) => {
 *   const texels = new Uint8Array(width * height);
 *   for (let i = 0; i < texels.length; i++) {
 *     texels[i] = ((x + (i % width)) << level) / 2 ** 10 + (y + Math.floor(i / width) << level) / 2 ** 10;
 *   }
 *   return texels;
 * }, { width: 2 ** 17, height: 2 ** 17, format: "r8unorm" });
 * await source.readTile(0, 511, 511);
 * ```
 */
export async function openRegionSource(
  readRegion: ReadRegion,
  options: RegionSourceOptions,
): Promise<TileSource> {
  checkedFunction(readRegion, { name: "readRegion", failure: FAILURE });
  const checked = checkedOptions(options);
  checked.signal?.throwIfAborted();
  const reader = new RegionReader(readRegion, checked);
  return new RegionTileSource(reader, await CoarseLevels.make(reader, checked), checked);
}
