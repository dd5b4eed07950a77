/**
 * Bakes an image of a KTX2 file to a tile store: levels that it holds in the format that is wanted are
 * stored as they are, others are decoded and encoded, and those that it lacks are made.
 *
 * @module
 */

import type { ForgeDevice } from "../gpu/mod.ts";
import {
  type ByteSource,
  chosenImage,
  type ImageChoice,
  isReadAs,
  keptOpen,
  type Ktx2File,
  ktx2RowSource,
  ktx2TileSource,
  readKtx2,
} from "../sources/mod.ts";
import { formatInfo, type TexelFormat } from "../texels/mod.ts";
import { TileGrid } from "../tiles/mod.ts";
import type { LevelRows } from "./bake_levels.ts";
import { BAKE_DEFAULTS } from "./bake_options.ts";
import { bakeRows, type BakeRowsOptions, type BakeRowsReport } from "./bake_rows.ts";

/** How to bake a KTX2 file. */
export interface BakeKtx2Options extends
  ImageChoice,
  Pick<
    BakeRowsOptions,
    "output" | "quality" | "blockEncoder" | "border" | "identity" | "signal" | "onProgress"
  > {
  /** Edge of a tile's payload in texels. Default 256. */
  readonly tileSize?: number;
  /** Format of the store. */
  readonly format: TexelFormat;
  /** Finest level of the store. Default 0. */
  readonly firstLevel?: number;
}

/**
 * Bakes the levels from `firstLevel` on of one image of a KTX2 file.
 *
 * @param device Encodes BC formats; null is enough where nothing is encoded.
 * @param bytes The file; it stays open and belongs to the caller.
 * @throws {MalformedFileError} if the file breaks its specification or is damaged.
 * @throws {UnsupportedError} naming what of it is not supported, or which of `layer`, `face` and `slice`
 * must be given.
 * @throws Anything that `bakeRows` throws.
 */
export async function bakeKtx2(
  device: ForgeDevice | null,
  bytes: ByteSource,
  options: BakeKtx2Options,
): Promise<BakeRowsReport> {
  const {
    layer,
    face,
    slice,
    tileSize = BAKE_DEFAULTS.tileSize,
    border = BAKE_DEFAULTS.border,
    firstLevel = 0,
    ...rest
  } = options;
  const { format } = rest;
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const file = await readKtx2(bytes, signal);
  const { levelCount, text } = chosenImage(file, options);
  const choice = {
    ...(layer === undefined ? {} : { layer }),
    ...(face === undefined ? {} : { face }),
    ...(slice === undefined ? {} : { slice }),
  };
  // Tiles are made of whole blocks only where borders are.
  const isKept = isReadAs(file, format) && firstLevel < levelCount &&
    border % formatInfo(format).blockTexels === 0;
  const tiles = isKept
    ? ktx2TileSource(keptOpen(bytes), file, { tileSize, border, format, ...choice })
    : null;
  const firstRowLevel = tiles === null ? firstLevel : levelCount;
  const levels: LevelRows[] = [];
  try {
    // Levels before the one from which the missing ones are filtered are not needed.
    for (let level = Math.max(0, firstRowLevel - 1); level < levelCount; level++) {
      levels.push({ level, rows: ktx2RowSource(bytes, file, { level, ...choice }) });
    }
    return await bakeRows(device, levels, {
      ...rest,
      grid: new TileGrid(file.width, file.height, tileSize),
      border,
      firstLevel,
      ...(tiles === null ? {} : { stored: { source: tiles, levelCount } }),
      info: infoOf(file, { text, firstRowLevel, format }),
    });
  } finally {
    for (const { rows } of levels) await rows.close();
    tiles?.close();
  }
}

function infoOf(
  file: Ktx2File,
  { text, firstRowLevel, format }: {
    readonly text: string;
    readonly firstRowLevel: number;
    readonly format: TexelFormat;
  },
): string {
  const { levelCount } = new TileGrid(file.width, file.height, BAKE_DEFAULTS.tileSize);
  const parts = [file.describe(), text];
  if (file.basis !== null && isReadAs(file, format)) parts.push(`transcoded to ${format}`);
  else if (firstRowLevel === levelCount) parts.push("its levels stored as they are");
  if (firstRowLevel < levelCount) parts.push(`levels ${firstRowLevel} and on baked to ${format}`);
  return parts.filter((part) => part !== "").join(", ");
}
