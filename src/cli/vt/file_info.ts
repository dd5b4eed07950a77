/**
 * Describes a texture file, and the memory that streaming it takes.
 *
 * @module
 */

import { isBakeFormat } from "../../bake/mod.ts";
import { OutOfRangeError } from "../../errors.ts";
import { slotBytes } from "../../gpu/mod.ts";
import {
  chosenImage,
  decodedFormat,
  fileAppearance,
  type FileKind,
  fileKind,
  type ImageChoice,
  openFileSource,
  openPicture,
  openTileStore,
  type PictureChoiceOptions,
  type PictureInfo,
  type PictureLimits,
  readKtx2,
  readPictureInfo,
  type TileStore,
  transcodedFormats,
  type ValueStatistics,
  verifyKtx2,
} from "../../sources/mod.ts";
import { minimumBudgetBytes, tileStoreFault } from "../../streaming/mod.ts";
import { regionBytes, type TexelFormat } from "../../texels/mod.ts";
import { TileGrid } from "../../tiles/mod.ts";
import { aboutPicture, type PictureFileInfo } from "./about_picture.ts";
import { type TexelsInfo, texelsInfo } from "./about_texels.ts";
import { assertNoPictureOption } from "./picture_options.ts";

/** The tiles of all levels. */
export interface TileInfo {
  /** Edge of a tile's payload in texels. */
  readonly size: number;
  /** Texels around a payload. */
  readonly border: number;
  /** Columns of tiles in level 0. */
  readonly columns: number;
  /** Rows of tiles in level 0. */
  readonly rows: number;
  /** Tiles in all levels. */
  readonly count: number;
}

/** Estimates in bytes; absent for formats that are not streamed. */
export interface MemoryInfo {
  /** The texture with all its levels, as an ordinary GPU texture. */
  readonly full_texture: number;
  /** One tile in the atlas, borders included. */
  readonly tile: number;
  /** The page table: 4 bytes a tile. */
  readonly page_table: number;
  /** Recommended memory budget: no less than a system needs to load the texture. */
  readonly recommended_cache: number;
}

/** One plane of a tile store. */
export interface PlaneInfo {
  readonly format: string;
  readonly color_space: string;
  readonly premultiplied_alpha: boolean;
}

/** What only a tile store has. */
export interface StoreInfo {
  /** Version of its format. */
  readonly version: number;
  readonly planes: readonly PlaneInfo[];
  /** Finest level that it holds. */
  readonly first_level: number;
  /** Whether its levels end at one `texel` or at one `tile`. */
  readonly last_level: string;
  /** What lies beyond the edges: `clamp` or `repeat`. */
  readonly wrap: { readonly x: string; readonly y: string };
  /** Whether tiles may be absent. */
  readonly holes: boolean;
  /** Statistics of the values that it was made from; null if it keeps none. */
  readonly values: ValueStatistics | null;
}

/** What a file holds. Names are those of the JSON that `vt info` prints. */
export interface FileInfo extends TexelsInfo {
  /** The path as it was given. */
  readonly file: string;
  /** Kind of file: `ktx2`, `tile store`, `png`, `jpeg`, `tiff`, `webp`, `gif`, `avif` or `bmp`. */
  readonly container: string;
  /** Texel format of what is stored; of a picture, of its decoded rows. */
  readonly format: string;
  /**
   * Texel format that it has in memory where that is another one than what is stored, on a device
   * that has it; else null.
   */
  readonly memory_format: string | null;
  /** How the values are to be read. */
  readonly color_space: string;
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels. */
  readonly height: number;
  /** Layers of an array; 0 of what is none. */
  readonly layers: number;
  /** 6 of a cube map, else 1. */
  readonly faces: number;
  /** Slices of level 0 of a 3D texture; 0 of what is none. */
  readonly depth: number;
  /** Levels in the file, of the image that is chosen. */
  readonly levels: number;
  /** Levels down to 1 × 1. */
  readonly full_levels: number;
  /** Supercompression, `none`, or how a picture becomes tiles. */
  readonly scheme: string;
  /**
   * Texel formats that the file is transcoded to when it is loaded: on a GPU that has formats in blocks, and
   * elsewhere. Empty for files that hold texels.
   */
  readonly transcoded_to: readonly string[];
  /** The part of the file that cannot be streamed, or null. */
  readonly unsupported: string | null;
  /** What the file says of its texels that is not followed, such as `colour primaries BT.2020`. */
  readonly ignored: readonly string[];
  /** What of a picture is read, and what is done to its values; null for other kinds of file. */
  readonly picture: PictureFileInfo | null;
  /** Bytes of the file. */
  readonly file_size: number;
  readonly tiles: TileInfo;
  readonly memory: MemoryInfo | null;
  /** Null for other kinds of file. */
  readonly store: StoreInfo | null;
}

/** How tiles would be cut where the file does not say. */
export interface TileDimensions {
  /** Edge of a tile's payload in texels. */
  readonly tileSize: number;
  /** Texels around a payload. */
  readonly border: number;
}

const LEAST_CACHE_BYTES = 64 * 1024 * 1024;

/** How a file is looked at. */
export interface FileCheck {
  readonly limits?: PictureLimits;
  /** Which page and bands are read. */
  readonly choice?: PictureChoiceOptions;
  /** Whether its header is enough; default, all of it is decoded, to tell whether it is whole. */
  readonly isHeaderEnough?: boolean;
  /** Whether everything of KTX2 files and tile stores is read, too. */
  readonly isVerified?: boolean;
  /** Which image of KTX2 files is meant. */
  readonly image?: ImageChoice;
  /** Called with the fraction that is read. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Reads what a file holds: a KTX2 file, a tile store or a picture; see `fileKind`.
 *
 * @throws {FileError} if it is missing or cannot be read
 * @throws {MalformedFileError} if it breaks its format
 * @throws {UnsupportedError} if it is of another kind
 */
export async function readFileInfo(
  path: string,
  dimensions: TileDimensions,
  check: FileCheck = {},
): Promise<FileInfo> {
  const { limits = {}, choice = {}, isHeaderEnough = false, onProgress } = check;
  const { kind, size } = await kindAndSize(path);
  if (kind !== "picture") assertNoPictureOption(choice, `Cannot tell about ${path}`);
  if (kind === "ktx2") return await ktx2Info(path, dimensions, check);
  for (const [option, value] of Object.entries(check.image ?? {})) {
    throw new OutOfRangeError(
      option,
      `Cannot tell about ${path} as it is no KTX2 file, so that ${option} must be left out: current ` +
        `value is ${value}`,
    );
  }
  if (kind === "tile store") return await tileStoreInfo(path, size, check);
  const info = await readPictureInfo(path, { limits, ...choice });
  if (!isHeaderEnough) {
    const reports = onProgress === undefined ? {} : { onProgress };
    await (await openPicture(path, { limits, ...choice, ...reports })).close();
  }
  return pictureFileInfo(info, { size, dimensions });
}

async function kindAndSize(path: string): Promise<{ kind: FileKind; size: number }> {
  const bytes = await openFileSource(path);
  try {
    return { kind: await fileKind(bytes), size: await bytes.size() };
  } finally {
    bytes.close();
  }
}

async function ktx2Info(
  path: string,
  dimensions: TileDimensions,
  { image = {}, isVerified = false, onProgress }: FileCheck,
): Promise<FileInfo> {
  const bytes = await openFileSource(path);
  try {
    const file = await readKtx2(bytes);
    const isChosen = Object.keys(image).length > 0;
    const levelCount = isChosen ? chosenImage(file, image).levelCount : file.levels.length;
    if (isVerified) await verifyKtx2(bytes, file, onProgress === undefined ? {} : { onProgress });
    const { layerCount, faceCount, pixelDepth } = file.header;
    const grid = new TileGrid(file.width, file.height, dimensions.tileSize);
    const transcoded = transcodedFormats(file);
    const texels = file.unsupported === null ? file.texelFormat ?? transcoded[0] ?? null : null;
    const needsEncoder = levelCount < grid.levelCount;
    const isDecoded = texels !== null && needsEncoder && !isBakeFormat(texels);
    const decoded = isDecoded ? decodedFormat(texels) : texels;
    // Of formats that devices alone decode, no levels can be made.
    const isStuck = isDecoded && decoded === texels;
    const inMemory = isStuck ? null : decoded;
    return {
      file: path,
      container: "ktx2",
      format: file.vkFormatName === "UNDEFINED" || file.basis !== null
        ? file.modelName
        : file.vkFormatName,
      memory_format: file.conversion !== null || isDecoded ? inMemory : null,
      color_space: file.colorSpace,
      ...texelsInfo(fileAppearance(file), { ...file, transfer: file.transferName }),
      width: file.width,
      height: file.height,
      layers: layerCount,
      faces: faceCount,
      depth: pixelDepth,
      levels: levelCount,
      full_levels: grid.levelCount,
      scheme: file.scheme.name,
      transcoded_to: transcoded,
      unsupported: isStuck ? `${texels} without all of its levels` : file.unsupported,
      ignored: file.ignored,
      picture: null,
      file_size: file.size,
      tiles: tileInfo(grid, dimensions.border),
      memory: inMemory === null ? null : memoryInfo(grid, dimensions.border, [inMemory]),
      store: null,
    };
  } finally {
    bytes.close();
  }
}

async function tileStoreInfo(
  path: string,
  size: number,
  { isVerified = false, onProgress }: FileCheck,
): Promise<FileInfo> {
  const store = await openTileStore(await openFileSource(path));
  try {
    if (isVerified) await readEveryTile(store, onProgress);
    const { grid, border, format, planes, description } = store;
    const { firstLevel, lastLevel, wrap, holes } = description;
    return {
      file: path,
      container: "tile store",
      format,
      memory_format: null,
      color_space: store.colorSpace,
      ...texelsInfo(store.appearance ?? {}, store),
      width: grid.width,
      height: grid.height,
      layers: 0,
      faces: 1,
      depth: 0,
      levels: grid.levelCount - firstLevel,
      full_levels: new TileGrid(grid.width, grid.height, grid.tileSize).levelCount,
      scheme: "none",
      transcoded_to: [],
      unsupported: tileStoreFault(store),
      ignored: [],
      picture: null,
      file_size: size,
      tiles: tileInfo(grid, border),
      memory: memoryInfo(grid, border, planes.map((plane) => plane.format)),
      store: {
        version: store.version,
        planes: planes.map((plane) => ({
          format: plane.format,
          color_space: plane.colorSpace,
          premultiplied_alpha: plane.premultipliedAlpha,
        })),
        first_level: firstLevel,
        last_level: lastLevel,
        wrap,
        holes: holes !== null,
        values: store.description.valueStatistics,
      },
    };
  } finally {
    store.close();
  }
}

/** Reads every tile that a store has, against its checksum. */
async function readEveryTile(
  store: TileStore,
  onProgress?: (fraction: number) => void,
): Promise<void> {
  const { grid, description: { firstLevel } } = store;
  for (let tile = grid.level(firstLevel).firstTile; tile < grid.tileCount; tile++) {
    const { level, x, y } = grid.addressOf(tile);
    await store.readTilePlanes(level, x, y);
    onProgress?.((tile + 1) / grid.tileCount);
  }
}

function pictureFileInfo(
  info: PictureInfo,
  { size, dimensions }: { size: number; dimensions: TileDimensions },
): FileInfo {
  const grid = new TileGrid(info.width, info.height, dimensions.tileSize);
  const [baked, elsewhere] = bakedFormats(info.format);
  return {
    file: info.name,
    container: info.container,
    format: info.format,
    memory_format: null,
    color_space: info.defaultColorSpace,
    ...texelsInfo({}, { colorSpace: info.defaultColorSpace }),
    width: info.width,
    height: info.height,
    layers: 0,
    faces: 1,
    depth: 0,
    levels: 1,
    full_levels: grid.levelCount,
    scheme: `baked to ${baked} when loaded${elsewhere}`,
    transcoded_to: [],
    unsupported: null,
    ignored: [],
    picture: aboutPicture(info),
    file_size: size,
    tiles: tileInfo(grid, dimensions.border),
    memory: memoryInfo(grid, dimensions.border, [baked]),
    store: null,
  };
}

/** The format that a load bakes a picture to on most GPUs, and what it is on other devices, in words. */
function bakedFormats(format: PictureInfo["format"]): readonly [TexelFormat, string] {
  if (format === "rgba8unorm") {
    return ["bc7-rgba-unorm-srgb", " (rgba8unorm-srgb by a CPU, or without BC7)"];
  }
  if (!format.endsWith("16unorm")) return [format, ""];
  return [format, ` (${format.replace("16unorm", "32float")} where the device lacks it)`];
}

function tileInfo(grid: TileGrid, border: number): TileInfo {
  const { tilesX, tilesY } = grid.levels[0]!;
  return { size: grid.tileSize, border, columns: tilesX, rows: tilesY, count: grid.tileCount };
}

/**
 * The recommended cache, as in `calculate_memory_requirements`, is a tenth of level 0's
 * tiles, at least 64 MiB, at most the whole texture, and never less than a system needs.
 */
function memoryInfo(
  grid: TileGrid,
  border: number,
  formats: readonly TexelFormat[],
): MemoryInfo {
  const tile = slotBytes(formats, grid.tileSize + 2 * border);
  const full = formats.flatMap((format) =>
    grid.levels.map(({ width, height }) => regionBytes(format, width, height))
  ).reduce((sum, bytes) => sum + bytes, 0);
  const { tilesX, tilesY } = grid.levels[0]!;
  const tenth = Math.floor(tilesX * tilesY / 10) * tile;
  const least = minimumBudgetBytes({ grid, border, formats });
  return {
    full_texture: full,
    tile,
    page_table: 4 * grid.tileCount,
    recommended_cache: Math.max(least, Math.min(full, Math.max(LEAST_CACHE_BYTES, tenth))),
  };
}
