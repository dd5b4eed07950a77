/**
 * Bakes levels that a file lacks, or holds in a form that cannot be streamed, to a tile store.
 *
 * @module
 */

import { InvalidArgumentError } from "../errors.ts";
import {
  type BlockEncoder,
  checkEncodeQuality,
  type EncodeQuality,
  type ForgeDevice,
} from "../gpu/mod.ts";
import {
  type ByteSink,
  lastLevelOf,
  openFileSink,
  type SourceIdentity,
  type TileSource,
  type TileStoreDescription,
} from "../sources/mod.ts";
import { type Appearance, type ColorSpace, hasAlpha, type TexelFormat } from "../texels/mod.ts";
import { type TileGrid, type Wrap, wrapModes } from "../tiles/mod.ts";
import { resolveBakeFormat, type ResolvedFormat } from "./bake_format.ts";
import { bakeLevels, type LevelRows } from "./bake_levels.ts";
import { checkBakeOptions, checkedTileOptions } from "./bake_options.ts";
import { makeEncoder } from "./piece_encoder.ts";
import { BakeProgress, type ProgressReport } from "./progress.ts";
import { checkStoredTiles, putStoredTiles, type StoredTiles } from "./stored_tiles.ts";
import { TileStoreOutput } from "./tile_store_output.ts";

/** How to bake rows. */
export interface BakeRowsOptions {
  /** The file to write, or a sink. */
  readonly output: string | ByteSink;
  /** All levels of the texture; its tile size is the store's. */
  readonly grid: TileGrid;
  /** Finest level that the store holds; it holds all coarser ones as well. */
  readonly firstLevel: number;
  /** A name from `BAKE_FORMATS` or of a texel format; default see `resolveBakeFormat`. */
  readonly format?: string;
  /** Effort of the encoder of a BC format. Default "medium". */
  readonly quality?: EncodeQuality;
  /**
   * Encodes BC formats on the device. Default: one whose buffers, some 6 MiB, are in no budget.
   */
  readonly blockEncoder?: BlockEncoder;
  /** Texels around a payload, 0 to 64, for BC even. Default 4. */
  readonly border?: number;
  /** How the texture goes on beyond its edges; default `"clamp"`. */
  readonly wrap?: Wrap;
  /** How the texels are meant, rows and tiles; default as usual. */
  readonly appearance?: Appearance;
  /**
   * Tiles that exist in the format and with the borders that are wanted: the levels that they have are
   * stored as they are, bit for bit. Rows make the levels after them.
   */
  readonly stored?: StoredTiles;
  /** What the store's metadata names as its source. */
  readonly identity: SourceIdentity;
  /** A line that describes the store. Default: which levels were baked to what. */
  readonly info?: string;
  /** Cancels the bake; nothing is left behind. */
  readonly signal?: AbortSignal;
  /** Called with the progress of the bake; the fraction never decreases. */
  readonly onProgress?: (progress: ProgressReport) => void;
}

/** Summary of a bake. */
export interface BakeRowsReport {
  /** The output's name. */
  readonly output: string;
  /** Tiles stored. */
  readonly tiles: number;
  /** Format of the stored texels. */
  readonly format: TexelFormat;
  /** Size of the store in bytes. */
  readonly byteLength: number;
}

const ROWS_OPTIONS: readonly (keyof BakeRowsOptions)[] = [
  "output",
  "grid",
  "firstLevel",
  "format",
  "quality",
  "border",
  "wrap",
  "appearance",
  "stored",
  "identity",
  "info",
  "signal",
  "onProgress",
  "blockEncoder",
];

const PHASES = [["bake", 0.9], ["write", 0.1]] as const;
/** Part of the work of levels that storing the tiles of others takes. */
const STORED_SHARE = 0.5;

/** What a store says of how its texels are meant: alpha that its format lacks multiplies nothing. */
function storeAppearance(
  { premultiplied = false, ...appearance }: Appearance,
  format: TexelFormat,
): Pick<TileStoreDescription, "appearance" | "premultipliedAlpha"> {
  return { appearance, premultipliedAlpha: premultiplied && hasAlpha(format) };
}

/** What the tiles of a store are. */
interface Target {
  readonly format: TexelFormat;
  readonly colorSpace: ColorSpace;
  /** What rows are converted to; null if there are none. */
  readonly resolved: ResolvedFormat | null;
}

/** Finest level that is made of rows. */
function firstRowLevel({ firstLevel, stored }: BakeRowsOptions): number {
  return Math.max(firstLevel, stored?.levelCount ?? 0);
}

function targetOf(
  device: ForgeDevice | null,
  levels: readonly LevelRows[],
  options: BakeRowsOptions,
): Target {
  const { stored, grid } = options;
  if (stored !== undefined && firstRowLevel(options) >= grid.levelCount) {
    return { ...colorsOf(stored.source), resolved: null };
  }
  const first = levels[0]?.rows;
  const differs = levels.find(({ rows }) =>
    rows.format !== first?.format || rows.colorSpace !== first.colorSpace
  );
  if (first === undefined || differs !== undefined) {
    throw new InvalidArgumentError(
      "levels",
      `Cannot bake rows as there must be levels, all of one kind: current value is ${
        levels.map(({ rows }) => `${rows.format} ${rows.colorSpace}`).join(", ") || "none"
      }`,
    );
  }
  const { name, format: rows, colorSpace } = first;
  const resolved = resolveBakeFormat(options.format, { name, rows, colorSpace, device });
  const { format } = resolved;
  if (stored !== undefined && stored.source.format !== format) {
    throw new InvalidArgumentError(
      "stored",
      `Cannot bake ${name} as stored tiles must be ${format}: current value is ` +
        stored.source.format,
    );
  }
  return { format, colorSpace, resolved };
}

function colorsOf({ format, colorSpace }: TileSource): Pick<Target, "format" | "colorSpace"> {
  return { format, colorSpace };
}

/**
 * Bakes levels to a tile store. Given levels are stored unchanged (encoded, if the format asks for
 * that); each missing one is filtered from the nearest finer level given.
 *
 * @param device Encodes BC formats; null is enough for uncompressed ones.
 * @param levels Levels that exist, finest first. The first must be `firstLevel`, or the last level of
 * stored tiles, or finer; all must hold the same kind of rows. They stay open; the caller closes them.
 * None are needed if stored tiles have every level.
 * @throws {InvalidArgumentError} if the levels do not fit the grid or one another, or an option
 * does not exist or has the wrong type.
 * @throws {OutOfRangeError} if an option is out of its range, or not one of its choices.
 * @throws {UnsupportedError} if the combination of format, colour space and device is not
 * supported.
 * @throws {SourceReadError} if rows cannot be read.
 * @throws {BakeError} if the output cannot be written.
 */
export async function bakeRows(
  device: ForgeDevice | null,
  levels: readonly LevelRows[],
  options: BakeRowsOptions,
): Promise<BakeRowsReport> {
  checkBakeOptions(options, ROWS_OPTIONS);
  if (options.stored !== undefined) checkStoredTiles(options.stored, { wrap: options.wrap });
  const { format, colorSpace, resolved } = targetOf(device, levels, options);
  const { grid, firstLevel, stored } = options;
  const [wrapX, wrapY] = wrapModes(options.wrap);
  const { border } = checkedTileOptions(format, { ...options, tileSize: grid.tileSize });
  const quality = checkEncodeQuality(options.quality);
  const progress = new BakeProgress(PHASES, options);
  const signal = { signal: progress.signal };
  const sink = typeof options.output === "string"
    ? await openFileSink(options.output)
    : options.output;
  const { blockEncoder } = options;
  const encoder = resolved && makeEncoder(device, resolved, { quality, blockEncoder });
  let output: TileStoreOutput | null = null;
  try {
    output = await TileStoreOutput.openOutput(sink, {
      width: grid.width,
      height: grid.height,
      tileSize: grid.tileSize,
      border,
      format,
      colorSpace,
      firstLevel,
      wrap: { x: wrapX, y: wrapY },
      ...storeAppearance(options.appearance ?? {}, format),
      lastLevel: lastLevelOf(grid),
      source: options.identity,
      info: options.info ??
        `levels ${firstLevel} to ${grid.levelCount - 1} baked to ${format}`,
    }, { encoder, firstCutLevel: firstRowLevel(options) });
    const onProgress = progress.phase("bake");
    const share = stored === undefined ? 0 : resolved === null ? 1 : STORED_SHARE;
    if (stored !== undefined) {
      await putStoredTiles(output, stored, {
        ...signal,
        firstLevel,
        onProgress: (fraction) => onProgress(share * fraction),
      });
    }
    if (resolved !== null) {
      await bakeLevels(output, levels, {
        ...signal,
        grid,
        firstLevel: firstRowLevel(options),
        pixels: resolved.pixels,
        onProgress: (fraction) => onProgress(share + (1 - share) * fraction),
      });
    }
    const summary = await output.finish({ ...signal, onProgress: progress.phase("write") });
    progress.throwListenerError();
    return { output: sink.name, format, ...summary };
  } catch (error) {
    await (output ?? sink).abort();
    throw error;
  }
}
