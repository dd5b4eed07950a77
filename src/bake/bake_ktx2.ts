/**
 * Bakes an image of a KTX2 file to a tile store: levels that it holds in the format that is wanted are
 * stored as they are, others are decoded and encoded, and those that it lacks are made.
 *
 * @module
 */

import { UnsupportedError } from "../errors.ts";
import type { ForgeDevice } from "../gpu/mod.ts";
import {
  type ByteSource,
  chosenImage,
  decodedFormat,
  fileAppearance,
  type ImageChoice,
  isReadAs,
  keptOpen,
  type Ktx2File,
  ktx2RowSource,
  ktx2TileSource,
  readKtx2,
  texelFormatOrThrow,
  withColorSpace,
} from "../sources/mod.ts";
import { type ColorSpace, formatInfo, isTexelFormat, type TexelFormat } from "../texels/mod.ts";
import { TileGrid, wrapModes } from "../tiles/mod.ts";
import { isBakeFormat, resolveBakeFormat } from "./bake_format.ts";
import type { LevelRows } from "./bake_levels.ts";
import { BAKE_DEFAULTS } from "./bake_options.ts";
import { bakeRows, type BakeRowsOptions, type BakeRowsReport } from "./bake_rows.ts";

/** How to bake a KTX2 file. */
export interface BakeKtx2Options extends
  ImageChoice,
  Pick<
    BakeRowsOptions,
    | "output"
    | "quality"
    | "blockEncoder"
    | "border"
    | "wrap"
    | "identity"
    | "signal"
    | "onProgress"
  > {
  /** Edge of a tile's payload in texels. Default 256. */
  readonly tileSize?: number;
  /** Format of the store: a texel format, or a name from `BAKE_FORMATS`. Default as in the file. */
  readonly format?: string;
  /**
   * Whether who reads the store knows that blocks of a format without alpha are opaque; a store does not
   * say so. Default false: they are decoded, and encoded with alpha.
   */
  readonly keepsOpaqueBlocks?: boolean;
  /** How stored values are read; default as the file says. */
  readonly colorSpace?: ColorSpace | null;
  /** Finest level of the store. Default 0. */
  readonly firstLevel?: number;
}

/** Summary of a bake. */
export interface BakeKtx2Report extends BakeRowsReport {
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels. */
  readonly height: number;
  /** Levels in the store. */
  readonly levels: number;
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
): Promise<BakeKtx2Report> {
  const {
    layer,
    face,
    slice,
    tileSize = BAKE_DEFAULTS.tileSize,
    border = BAKE_DEFAULTS.border,
    firstLevel = 0,
    keepsOpaqueBlocks = false,
    colorSpace: asked = null,
    format: wanted,
    ...rest
  } = options;
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const file = withColorSpace(await readKtx2(bytes, signal), asked);
  const { levelCount, text } = chosenImage(file, options);
  const choice = {
    ...(layer === undefined ? {} : { layer }),
    ...(face === undefined ? {} : { face }),
    ...(slice === undefined ? {} : { slice }),
  };
  const grid = new TileGrid(file.width, file.height, tileSize);
  let format = wanted === undefined
    ? texelFormatOrThrow(file)
    : isTexelFormat(wanted) && isReadAs(file, wanted)
    ? wanted
    : resolvedFormat(device, bytes, { file, choice, wanted });
  // Alpha of opaque blocks that were transcoded is 254/255 at least.
  const mayKeep = keepsOpaqueBlocks || !file.opaque || file.basis !== null;
  // Tiles are made of whole blocks only where borders are.
  const isKept = isReadAs(file, format) && firstLevel < levelCount &&
    border % formatInfo(format).blockTexels === 0 && mayKeep;
  const cut = { tileSize, border, format, wrap: wrapModes(options.wrap), ...choice };
  let tiles = isKept ? ktx2TileSource(keptOpen(bytes), file, cut) : null;
  const isWhole = tiles !== null && tiles.presentLevels >= grid.levelCount;
  if (tiles !== null && !isWhole && (tiles.presentLevels <= firstLevel || !isBakeFormat(format))) {
    tiles.close();
    tiles = null;
  }
  // Where nothing is encoded to a format, levels of the same values are made without compression.
  if (!isWhole) format = encodedFormat(file, format);
  const firstRowLevel = tiles === null ? firstLevel : tiles.presentLevels;
  const levels: LevelRows[] = [];
  try {
    // Levels before the one from which the missing ones are filtered are not needed.
    const firstRead = Math.max(0, Math.min(firstRowLevel, levelCount - 1));
    for (let level = firstRead; level < levelCount && !isWhole; level++) {
      levels.push({ level, rows: ktx2RowSource(bytes, file, { level, ...choice }) });
    }
    const report = await bakeRows(device, levels, {
      ...rest,
      ...(isWhole ? {} : { format }),
      grid,
      border,
      firstLevel,
      appearance: fileAppearance(file),
      ...(tiles === null ? {} : { stored: { source: tiles, levelCount: firstRowLevel } }),
      info: infoOf(file, { text, firstRowLevel, format }),
    });
    const { width, height } = grid;
    return { ...report, width, height, levels: grid.levelCount - firstLevel };
  } finally {
    for (const { rows } of levels) await rows.close();
    tiles?.close();
  }
}

/** The format that a name asks for, of the file's rows. */
function resolvedFormat(
  device: ForgeDevice | null,
  bytes: ByteSource,
  { file, choice, wanted }: {
    readonly file: Ktx2File;
    readonly choice: ImageChoice;
    readonly wanted: string;
  },
): TexelFormat {
  const { name } = file;
  const { format: rows, colorSpace } = ktx2RowSource(bytes, file, { level: 0, ...choice });
  return resolveBakeFormat(wanted, { name, rows, colorSpace, device }).format;
}

/** The format that levels of the values of another one are encoded to. */
function encodedFormat({ name }: Ktx2File, format: TexelFormat): TexelFormat {
  const encoded = isBakeFormat(format) ? format : decodedFormat(format);
  if (isBakeFormat(encoded)) return encoded;
  throw new UnsupportedError(
    `levels of ${format}`,
    `Cannot bake ${name} as its levels cannot be made of ${format}, which is decoded by devices ` +
      `alone: store all levels in the file, with a border of whole blocks, or transcode it`,
  );
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
  const size = file.basis === null ? sizeText(texelFormatOrThrow(file), format) : "";
  if (file.basis !== null && isReadAs(file, format) && firstRowLevel > 0) {
    parts.push(`transcoded to ${format}`);
  } else if (firstRowLevel === levelCount) {
    parts.push(`its levels stored ${size === "" ? "as they are" : `as ${format}${size}`}`);
  }
  if (firstRowLevel < levelCount) {
    parts.push(`levels ${firstRowLevel} and on baked to ${format}${size}`);
  }
  return parts.filter((part) => part !== "").join(", ");
}

/** What a texel takes if that is not what it takes in the file, as it is inflated. */
function sizeText(stored: TexelFormat, format: TexelFormat): string {
  const [before, after] = [stored, format].map((each) => {
    const { blockBytes, blockTexels } = formatInfo(each);
    return blockBytes / blockTexels ** 2;
  });
  return before === after ? "" : ` (${after} instead of ${before} bytes a texel)`;
}
