/**
 * Bakes pictures to tile stores and KTX2 files.
 *
 * @module
 */

import { UnsupportedError } from "../errors.ts";
import {
  type BlockEncoder,
  checkEncodeQuality,
  type EncodeQuality,
  type ForgeDevice,
} from "../gpu/mod.ts";
import {
  type ByteSink,
  openFileSink,
  openPicture,
  type PictureChoiceOptions,
  type PictureInfo,
  type PictureInput,
  type PictureLimits,
  readPictureInfo,
  type SourceIdentity,
} from "../sources/mod.ts";
import type { ColorSpace, TexelFormat } from "../texels/mod.ts";
import { repeats, TileGrid, type Wrap, wrapModes, wrapText } from "../tiles/mod.ts";
import { resolveBakeFormat } from "./bake_format.ts";
import { bakeLevels } from "./bake_levels.ts";
import {
  type BakeContainer,
  checkBakeDevice,
  checkBakeOptions,
  checkedTileOptions,
  checkOutputDiffers,
  containerOf,
} from "./bake_options.ts";
import { Ktx2Output } from "./ktx2_output.ts";
import type { LevelOutput } from "./level_output.ts";
import { makeEncoder } from "./piece_encoder.ts";
import { BakeProgress, type ProgressReport } from "./progress.ts";
import { CountedRows } from "./statistics/value_counter.ts";
import { TileStoreOutput } from "./tile_store_output.ts";

/** How to bake a picture. */
export interface BakePictureOptions extends PictureChoiceOptions {
  /**
   * The file to write, or a sink. Its name ends in `.pmtiles` (a tile store) or `.ktx2` (whole
   * levels, a full mip chain).
   */
  readonly output: string | ByteSink;
  /** A name from `BAKE_FORMATS` or of a texel format; default see `resolveBakeFormat`. */
  readonly format?: string;
  /** Effort of the encoder of a BC format. Default "medium". */
  readonly quality?: EncodeQuality;
  /**
   * Encodes BC formats on the device. Default: one whose buffers, some 6 MiB, are in no budget.
   *
   * @internal
   */
  readonly blockEncoder?: BlockEncoder;
  /** Edge of a tile's payload in texels, 2 to 4096, for BC a multiple of 4. Default 256. */
  readonly tileSize?: number;
  /** Texels around a payload, 0 to 64, for BC even. Default 4. */
  readonly border?: number;
  /** How to interpret the picture's values. Default: 8-bit "srgb", deeper "linear". */
  readonly colorSpace?: ColorSpace;
  /**
   * How the picture goes on beyond its edges; default `"clamp"`. KTX2 files, which hold whole levels and no
   * borders, do not say it.
   */
  readonly wrap?: Wrap;
  /**
   * Folder for the decoded picture while it is baked. Default: the output's; where pictures are
   * decoded in a process of their own, that process has one.
   */
  readonly scratchFolder?: string;
  /** Limits of decoding the picture. */
  readonly limits?: PictureLimits;
  /** What a tile store's metadata names as its source. Default: the picture's name. */
  readonly identity?: SourceIdentity;
  /** Cancels the bake; nothing is left behind. */
  readonly signal?: AbortSignal;
  /** Called with the progress of the bake; the fraction never decreases. */
  readonly onProgress?: (progress: ProgressReport) => void;
}

/** Summary of a bake. */
export interface BakeReport {
  /** The output's name. */
  readonly output: string;
  /** Kind of file that was written. */
  readonly container: BakeContainer;
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels. */
  readonly height: number;
  /** Levels in the file, down to 1×1. */
  readonly levels: number;
  /** Tiles stored; 0 in KTX2 files. */
  readonly tiles: number;
  /** Format of the stored texels. */
  readonly format: TexelFormat;
  /** How to interpret the stored values. */
  readonly colorSpace: ColorSpace;
  /** Size of the file in bytes. */
  readonly byteLength: number;
  /** Time taken in milliseconds. */
  readonly timeMs: number;
}

const PICTURE_OPTIONS: readonly (keyof BakePictureOptions)[] = [
  "output",
  "format",
  "quality",
  "tileSize",
  "border",
  "colorSpace",
  "page",
  "bands",
  "wrap",
  "scratchFolder",
  "limits",
  "identity",
  "signal",
  "onProgress",
  "blockEncoder",
];

/** Fractions of the work, for progress. */
const PHASES = [["decode", 0.15], ["bake", 0.75], ["write", 0.1]] as const;

/**
 * Bakes a PNG, JPEG, TIFF, WebP, GIF, AVIF or BMP picture: all mip levels, filtered in linear light and
 * premultiplied, encoded, and written to a file that appears whole or not at all.
 *
 * Memory: about twice `(tileSize + 2·border) · width` texels of decoded rows for a tile store
 * (every level keeps one row of tiles), about 4 MiB a level for KTX2, and a batch of tiles;
 * whatever the picture's height. On disk, beside the output: the decoded picture, and for a tile
 * store its tiles once more. Where rows repeat, each level keeps a row of tiles more.
 *
 * @param device Encodes BC formats; null is enough for uncompressed ones.
 * @param input A path, or the bytes of a file.
 * @throws {FileError} if the picture is missing or may not be read.
 * @throws {MalformedFileError} if it is not a picture, is cut off or damaged.
 * @throws {UnsupportedError} if the picture or the combination of format, colour space and device
 * is not supported, or a KTX2 file is to repeat.
 * @throws {InvalidArgumentError} if the device is none, or an option does not exist or has the wrong
 * type.
 * @throws {OutOfRangeError} if an option is out of its range, or not one of its choices, or the
 * output is the picture's own file.
 * @throws {BakeError} if the output cannot be written.
 *
 * @example Bake a picture for streaming
 * ```ts ignore
 * import { bakePicture, requestDevice } from "@forge3d/forge3d";
 *
 * using device = await requestDevice();
 * const report = await bakePicture(device, "earth.jpg", { output: "earth.pmtiles" });
 * console.log(report.tiles, report.format); // 179 bc7-rgba-unorm-srgb
 * ```
 */
export async function bakePicture(
  device: ForgeDevice | null,
  input: PictureInput,
  options: BakePictureOptions,
): Promise<BakeReport> {
  const startMs = performance.now();
  checkBakeOptions(options, PICTURE_OPTIONS);
  checkBakeDevice(device);
  const container = containerOf(options.output);
  const [wrapX, wrapY] = wrapModes(options.wrap);
  if (container === "ktx2" && repeats(options.wrap)) {
    throw new UnsupportedError(
      "wrap",
      `Cannot bake as wrap must be clamp for a KTX2 file, which does not say it: current value is ` +
        `${wrapText(options.wrap)}; say it when the file is loaded`,
    );
  }
  const progress = new BakeProgress(PHASES, options);
  // The header alone tells whether the options fit, before anything is decoded.
  const limits = options.limits === undefined ? {} : { limits: options.limits };
  const choice = choiceOf(options);
  const info = await readPictureInfo(input, { ...limits, ...choice });
  await checkOutputDiffers(input, options.output);
  const colorSpace = options.colorSpace ?? info.defaultColorSpace;
  const target = resolveBakeFormat(options.format, {
    name: info.name,
    rows: info.format,
    colorSpace,
    device,
    samples: info,
  });
  const { tileSize, border } = checkedTileOptions(target.format, options);
  const quality = checkEncodeQuality(options.quality);
  const signal = { signal: progress.signal };
  // The output is opened before the picture is decoded, so that an output that cannot be written
  // fails early.
  const sink = typeof options.output === "string"
    ? await openFileSink(options.output)
    : options.output;
  const { blockEncoder } = options;
  const encoder = makeEncoder(device, target, { quality, blockEncoder });
  let picture: CountedRows | null = null;
  let output: LevelOutput | null = null;
  try {
    const scratchFolder = options.scratchFolder ?? await folderOf(options.output);
    const opened = await openPicture(input, {
      ...signal,
      ...limits,
      ...choice,
      ...(scratchFolder === null ? {} : { scratchFolder }),
      colorSpace,
      onProgress: progress.phase("decode"),
    });
    picture = new CountedRows(opened, info);
    const grid = new TileGrid(picture.width, picture.height, tileSize);
    const description = {
      width: grid.width,
      height: grid.height,
      tileSize,
      border,
      format: target.format,
      colorSpace,
      firstLevel: 0,
      wrap: { x: wrapX, y: wrapY },
      source: options.identity ?? { name: await baseName(info.name) },
      info: pictureLine(info, target.format),
    };
    output = container === "ktx2"
      ? await Ktx2Output.openOutput(sink, { ...description, levels: grid.levels }, { encoder })
      : await TileStoreOutput.openOutput(sink, description, { encoder });
    await bakeLevels(output, [{ level: 0, rows: picture }], {
      ...signal,
      grid,
      firstLevel: 0,
      pixels: target.pixels,
      onProgress: progress.phase("bake"),
    });
    const summary = await output.finish({
      ...signal,
      onProgress: progress.phase("write"),
      valueStatistics: picture.statistics(),
    });
    progress.throwListenerError();
    return {
      output: sink.name,
      container,
      width: grid.width,
      height: grid.height,
      levels: grid.levelCount,
      tiles: summary.tiles,
      format: target.format,
      colorSpace,
      byteLength: summary.byteLength,
      timeMs: performance.now() - startMs,
    };
  } catch (error) {
    await (output ?? sink).abort();
    throw error;
  } finally {
    await picture?.close();
  }
}

/** The options that say what of a picture is read. */
export function choiceOf({ page, bands }: PictureChoiceOptions): PictureChoiceOptions {
  return {
    ...(page === undefined ? {} : { page }),
    ...(bands === undefined ? {} : { bands }),
  };
}

/** One line about a baked picture: what it was, what was done to it, and what it is. */
function pictureLine({ container, notes }: PictureInfo, format: TexelFormat): string {
  const done = notes.length === 0 ? "" : ` (${notes.join("; ")})`;
  return `${container} picture${done}, baked to ${format}`;
}

async function folderOf(output: string | ByteSink): Promise<string | null> {
  if (typeof output !== "string") return null;
  const { dirname } = await import("node:path");
  return dirname(output);
}

async function baseName(path: string): Promise<string> {
  const { basename } = await import("node:path");
  return basename(path);
}
