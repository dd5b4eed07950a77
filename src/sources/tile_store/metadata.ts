/**
 * The metadata of a tile store; see FORMAT.md beside this file.
 *
 * @module
 */

import { checkedInteger } from "../../checks.ts";
import { MalformedFileError, UnsupportedError } from "../../errors.ts";
import {
  type ColorSpace,
  formatInfo,
  isBlockCompressed,
  isTexelFormat,
  type TexelFormat,
} from "../../texels/mod.ts";
import { MAX_VIRTUAL_SIZE, TileGrid } from "../../tiles/mod.ts";

/** Identifies the source that a store was made from, by strings and numbers. */
export type SourceIdentity = Readonly<Record<string, string | number>> & { readonly name: string };

/** Description of a tile store. */
export interface TileStoreDescription {
  /** Width of level 0 in texels. */
  readonly width: number;
  /** Height of level 0 in texels. */
  readonly height: number;
  /** Edge of a payload in texels. */
  readonly tileSize: number;
  /** Texels on each side of a payload that belong to its neighbours. */
  readonly border: number;
  /** Format of the tiles. */
  readonly format: TexelFormat;
  /** How to interpret the stored values. */
  readonly colorSpace: ColorSpace;
  /** Finest level present; all coarser ones are. */
  readonly firstLevel: number;
  /** The source that the store was made from. */
  readonly source: SourceIdentity;
  /** One-line description: what was made, and how. */
  readonly info: string;
}

/** Key of the store's own object in the archive's metadata. */
export const METADATA_KEY = "forge3d_tile_store";
/** Version of the format that is written and read. */
export const TILE_STORE_VERSION = 1;
/** Bytes of each checksum, the first of a SHA-256. */
export const CHECKSUM_BYTES = 8;

/** Tiles of one texel would not fit into the zoom levels. */
const TILE_SIZE_RANGE = Object.freeze([2, 4096] as const);
const BORDER_RANGE = Object.freeze([0, 64] as const);

/**
 * Checks the dimensions of tiles to be written.
 *
 * @param tiles Without a format, only the rules common to all formats are checked.
 * @throws {InvalidArgumentError} if one is not a number.
 * @throws {OutOfRangeError} if one is out of range, or not a multiple of the format's block.
 */
export function checkTileShape(
  tiles: Pick<TileStoreDescription, "tileSize" | "border"> & { readonly format?: TexelFormat },
): void {
  const { tileSize, border, format } = tiles;
  const multipleOf = format === undefined ? 1 : formatInfo(format).blockTexels;
  const failure = `Cannot make tiles${format === undefined ? "" : ` of ${format}`}`;
  checkedInteger(tileSize, { name: "tileSize", failure, range: TILE_SIZE_RANGE, multipleOf });
  checkedInteger(border, { name: "border", failure, range: BORDER_RANGE, multipleOf });
}

/** The levels present, finest first, as the metadata lists them. */
function levelList(grid: TileGrid, firstLevel: number): Record<string, number>[] {
  return grid.levels.slice(firstLevel).map(({ level, width, height, tilesX, tilesY }) => ({
    level,
    zoom: grid.levelCount - 1 - level,
    width,
    height,
    tilesX,
    tilesY,
  }));
}

/** Metadata as the archive holds it. */
export function metadataJson(
  description: TileStoreDescription,
  { grid, checksums }: { readonly grid: TileGrid; readonly checksums: Uint8Array },
): Record<string, unknown> {
  const { source, info, firstLevel, ...rest } = description;
  return {
    name: source.name,
    description: info,
    [METADATA_KEY]: {
      version: TILE_STORE_VERSION,
      ...rest,
      firstLevel,
      levels: levelList(grid, firstLevel),
      checksums: toBase64(checksums),
      source,
      info,
    },
  };
}

/** Metadata that was read and checked. */
export interface ParsedMetadata {
  readonly description: TileStoreDescription;
  readonly grid: TileGrid;
  /** {@linkcode CHECKSUM_BYTES} for each tile present, by tile index from the first level's on. */
  readonly checksums: Uint8Array;
}

/** Names the rule of the format that is broken. */
class Complaint extends Error {}

function check(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Complaint(complaint);
}

function integerOf(
  object: Record<string, unknown>,
  key: string,
  [least, most]: readonly [number, number],
): number {
  const value = object[key];
  check(
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most,
    `${key} must be an integer from ${least} to ${most}: current value is ${text(value)}`,
  );
  return value;
}

function text(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? "undefined";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Checks an archive's metadata.
 *
 * @param name Name of the archive in messages.
 * @param metadata The archive's JSON.
 * @throws {MalformedFileError} if it is not that of a tile store, or contradicts itself.
 * @throws {UnsupportedError} if the version or the texel format is not known.
 */
export function parseMetadata(name: string, metadata: unknown): ParsedMetadata {
  try {
    return parse(name, metadata);
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    throw new MalformedFileError(name, `Cannot read tile store ${name} as ${error.message}`);
  }
}

function parse(name: string, metadata: unknown): ParsedMetadata {
  const store = isObject(metadata) ? metadata[METADATA_KEY] : undefined;
  check(isObject(store), `its metadata must have the object ${METADATA_KEY}`);
  const { version } = store;
  check(typeof version === "number", `version must be a number: current value is ${text(version)}`);
  if (version !== TILE_STORE_VERSION) {
    throw new UnsupportedError(
      `tile store version ${version}`,
      `Cannot read tile store ${name} as its version must be ${TILE_STORE_VERSION}: ` +
        `current value is ${version}`,
    );
  }
  const width = integerOf(store, "width", [1, MAX_VIRTUAL_SIZE]);
  const height = integerOf(store, "height", [1, MAX_VIRTUAL_SIZE]);
  const tileSize = integerOf(store, "tileSize", TILE_SIZE_RANGE);
  const border = integerOf(store, "border", BORDER_RANGE);
  const { format, colorSpace } = parseFormat(name, store);
  check(
    !isBlockCompressed(format) || (tileSize % 4 === 0 && border % 4 === 0),
    `tileSize and border of ${format} must be multiples of 4: ` +
      `current values are ${tileSize} and ${border}`,
  );
  const grid = new TileGrid(width, height, tileSize);
  const firstLevel = integerOf(store, "firstLevel", [0, grid.levelCount - 1]);
  checkLevels(store.levels, levelList(grid, firstLevel));
  const { source, info } = store;
  check(
    isObject(source) && typeof source.name === "string",
    "source must be an object with a name",
  );
  check(typeof info === "string", `info must be a string: current value is ${text(info)}`);
  const tiles = grid.tileCount - grid.levels[firstLevel]!.firstTile;
  const checksums = parseChecksums(store.checksums, tiles * CHECKSUM_BYTES);
  return {
    description: {
      width,
      height,
      tileSize,
      border,
      format,
      colorSpace,
      firstLevel,
      source: Object.freeze(source) as SourceIdentity,
      info,
    },
    grid,
    checksums,
  };
}

function parseFormat(
  name: string,
  store: Record<string, unknown>,
): { format: TexelFormat; colorSpace: ColorSpace } {
  const { format, colorSpace } = store;
  check(typeof format === "string", `format must be a string: current value is ${text(format)}`);
  if (!isTexelFormat(format)) {
    throw new UnsupportedError(
      format,
      `Cannot read tile store ${name} as its texel format is unknown: current value is ${
        text(format)
      }`,
    );
  }
  check(
    colorSpace === "srgb" || colorSpace === "linear",
    `colorSpace must be "srgb" or "linear": current value is ${text(colorSpace)}`,
  );
  const own = formatInfo(format).colorSpace;
  check(
    own === "linear" || colorSpace === "srgb",
    `colorSpace of ${format} must be "srgb": current value is ${text(colorSpace)}`,
  );
  return { format, colorSpace };
}

function checkLevels(levels: unknown, wanted: readonly Record<string, number>[]): void {
  check(
    Array.isArray(levels) && levels.length === wanted.length,
    `levels must be a list of ${wanted.length}: current value is ${text(levels)}`,
  );
  wanted.forEach((level, i) => {
    const given: unknown = levels[i];
    const agrees = isObject(given) &&
      Object.entries(level).every(([key, value]) => given[key] === value);
    check(agrees, `levels[${i}] must be ${text(level)}: current value is ${text(given)}`);
  });
}

function parseChecksums(value: unknown, byteLength: number): Uint8Array {
  check(typeof value === "string", "checksums must be a string");
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(value);
  } catch {
    throw new Complaint("checksums must be base64");
  }
  check(
    bytes.byteLength === byteLength,
    `checksums must be ${byteLength} bytes: current value is ${bytes.byteLength}`,
  );
  return bytes;
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.byteLength; i += 4096) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
  }
  return btoa(binary);
}

function fromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
