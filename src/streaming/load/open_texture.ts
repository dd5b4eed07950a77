/**
 * From a file to a source of tiles: streamed directly where it can be read by region, baked once
 * into a tile store where it cannot.
 *
 * @module
 */

import { InvalidArgumentError, UnsupportedError } from "../../errors.ts";
import {
  BakeCache,
  bakeRows,
  defaultCacheFolder,
  identifySource,
  type LevelRows,
} from "../../bake/mod.ts";
import type { BlockEncoder, ForgeDevice } from "../../gpu/mod.ts";
import {
  type ByteSource,
  compositeTileSource,
  isReadableByRegion,
  type Ktx2File,
  ktx2RowSource,
  ktx2TileSource,
  memorySource,
  openFileSource,
  openTileStore,
  readKtx2,
  texelFormatOrThrow,
  type TileSource,
} from "../../sources/mod.ts";
import { type TexelFormat } from "../../texels/mod.ts";
import { TileGrid } from "../../tiles/mod.ts";
import { bakeFormatOf, formatFor, isSameFamily } from "./atlas_format.ts";
import type { LoadTextureOptions } from "./load_options.ts";
import { TILE_SIZE_RANGE } from "../options.ts";

/** What a texture can be loaded from: a path, a `file:` URL, the bytes of a file, or tiles. */
export type TextureInput = string | URL | Uint8Array | TileSource;

/** What opening needs to know. */
export interface OpenTextureOptions extends LoadTextureOptions {
  readonly device: ForgeDevice;
  /** Encodes what has to be baked, within the system's budget. */
  readonly blockEncoder: BlockEncoder;
  readonly tileSize: number;
  readonly border: number;
  /** Folder for what has to be baked; null for the default one. */
  readonly cacheFolder: string | null;
}

type Kind = "ktx2" | "tile store" | "picture";

const KTX2_MAGIC = [0xab, 0x4b, 0x54, 0x58, 0x20, 0x32, 0x30, 0xbb];
const PMTILES_MAGIC = [0x50, 0x4d, 0x54, 0x69, 0x6c, 0x65, 0x73];

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((value, i) => bytes[i] === value);
}

async function kindOf(bytes: ByteSource): Promise<Kind> {
  const size = await bytes.size();
  const start = await bytes.read(0, Math.min(8, size));
  if (startsWith(start, KTX2_MAGIC)) return "ktx2";
  return startsWith(start, PMTILES_MAGIC) ? "tile store" : "picture";
}

function isTileSource(input: unknown): input is TileSource {
  return typeof (input as TileSource | null)?.readTile === "function";
}

/** Checks the input; URLs become paths. */
async function pathOrBytes(input: unknown): Promise<string | Uint8Array> {
  if (typeof input === "string" || input instanceof Uint8Array) return input;
  if (input instanceof URL && input.protocol === "file:") {
    return (await import("node:url")).fileURLToPath(input);
  }
  throw new InvalidArgumentError(
    "input",
    `Cannot load texture as it must be a path, a file URL, bytes or a tile source: current value ` +
      `is ${input instanceof URL ? input.href : typeof input}`,
  );
}

/**
 * Opens a file as tiles of the system's size.
 *
 * @throws {FileError} if it is missing or may not be read.
 * @throws {MalformedFileError} if it breaks its format's specification.
 * @throws {UnsupportedError} naming what of it is not supported.
 */
export async function openTexture(
  input: TextureInput,
  options: OpenTextureOptions,
): Promise<TileSource> {
  if (isTileSource(input)) return input;
  const file = await pathOrBytes(input);
  const bytes = typeof file === "string" ? await openFileSource(file) : memorySource(file);
  let kind: Kind;
  try {
    kind = await kindOf(bytes);
    if (kind === "ktx2") return await openKtx2(bytes, file, options);
  } catch (error) {
    bytes.close();
    throw error;
  }
  if (kind === "tile store") return await openStore(bytes, options);
  bytes.close();
  return await openPicture(file, options);
}

async function openStore(bytes: ByteSource, options: OpenTextureOptions): Promise<TileSource> {
  const store = await openTileStore(bytes, options);
  const { firstLevel } = store.description;
  const wanted = options.preferredFormat;
  const { tileSize } = store.grid;
  const [least, most] = TILE_SIZE_RANGE;
  const isStreamable = tileSize >= least && tileSize <= most &&
    Number.isInteger(Math.log2(tileSize));
  const reason = firstLevel > 0
    ? `it lacks the levels before ${firstLevel}`
    : !isStreamable
    ? `its tiles must be a power of 2 from ${least} to ${most} texels wide: they are ${tileSize}`
    : wanted && !isSameFamily(store.format, wanted, options.device)
    ? `it holds ${store.format}: bake the picture again for ${wanted}`
    : null;
  if (reason === null) return store;
  store.close();
  throw new UnsupportedError("tile store", `Cannot stream tile store ${store.name} as ${reason}`);
}

async function openPicture(
  file: string | Uint8Array,
  options: OpenTextureOptions,
): Promise<TileSource> {
  const { device, preferredFormat } = options;
  const format = preferredFormat ? bakeFormatOf(preferredFormat, device) : null;
  const { store } = await (await cacheOf(options)).openPicture(device, file, {
    ...bakeOptions(options),
    tileSize: options.tileSize,
    ...(format === null ? {} : { format }),
    ...(options.colorSpace ? { colorSpace: options.colorSpace } : {}),
  });
  return store;
}

function bakeOptions(options: OpenTextureOptions) {
  const { blockEncoder, border, quality, signal, onProgress } = options;
  return {
    blockEncoder,
    border,
    ...(quality ? { quality } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  };
}

async function cacheOf(options: OpenTextureOptions): Promise<BakeCache> {
  if (options.cacheFolder !== null) return new BakeCache(options.cacheFolder);
  const { env } = (await import("node:process")).default;
  return new BakeCache(defaultCacheFolder((name) => env[name]));
}

async function openKtx2(
  bytes: ByteSource,
  input: string | Uint8Array,
  options: OpenTextureOptions,
): Promise<TileSource> {
  const { device, tileSize, border, preferredFormat } = options;
  const file = await readKtx2(bytes);
  const stored = texelFormatOrThrow(file);
  const wanted = formatFor(stored, preferredFormat ?? null, device);
  const direct = isReadableByRegion(file) &&
    (wanted === stored || (stored === "r16unorm" && wanted === "r32float"));
  if (!direct) {
    try {
      return await bakeFrom(0, wanted, { bytes, input, file, options });
    } finally {
      bytes.close();
    }
  }
  const fine = ktx2TileSource(bytes, file, { tileSize, border, format: wanted });
  const present = fine.presentLevels;
  if (present >= fine.grid.levelCount) return fine;
  const coarse = await bakeFrom(present, wanted, { bytes, input, file, options });
  try {
    return compositeTileSource(fine, coarse, {
      firstCoarseLevel: present,
      info: `${fine.info}; levels ${present} to ${fine.grid.levelCount - 1} baked to ${wanted}`,
    });
  } catch (error) {
    coarse.close();
    throw error;
  }
}

/** The levels of a file from one on, baked to a format, from the cache. */
async function bakeFrom(
  firstLevel: number,
  format: TexelFormat,
  from: {
    bytes: ByteSource;
    input: string | Uint8Array;
    file: Ktx2File;
    options: OpenTextureOptions;
  },
): Promise<TileSource> {
  const { bytes, input, file, options } = from;
  const { tileSize, border, quality = "medium", device } = options;
  const settings = { tileSize, border, quality: quality ?? "medium", format, firstLevel };
  const cache = await cacheOf(options);
  const { store } = await cache.open(() => identifySource(input, settings), {
    ...(options.signal ? { signal: options.signal } : {}),
    make: async (output, identity) => {
      const levels: LevelRows[] = [];
      try {
        // Levels before the one from which the missing ones are filtered are not needed.
        for (let level = Math.max(0, firstLevel - 1); level < file.levels.length; level++) {
          levels.push({ level, rows: ktx2RowSource(bytes, file, { level }) });
        }
        await bakeRows(device, levels, {
          ...bakeOptions(options),
          output,
          grid: new TileGrid(file.width, file.height, tileSize),
          firstLevel,
          format,
          identity,
          info: `${file.describe()}, levels ${firstLevel} and on baked to ${format}`,
        });
      } finally {
        for (const { rows } of levels) await rows.close();
      }
    },
  });
  return store;
}
