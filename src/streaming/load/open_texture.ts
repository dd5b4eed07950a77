/**
 * Opens a file as a source of tiles: streamed directly where it can be read by region, baked once
 * to a tile store where it cannot.
 *
 * @module
 */

import { describeValue } from "../../checks.ts";
import { InvalidArgumentError, UnsupportedError } from "../../errors.ts";
import { type BakeDevice, bakeKtx2, wrapSetting } from "../../bake/mod.ts";
import type { ForgeDevice } from "../../gpu/mod.ts";
import {
  type ByteSource,
  chosenImage,
  compositeTileSource,
  decodableFormatOrThrow,
  decodedFormat,
  decodedTileSource,
  type FileKind,
  fileKind,
  formatScale,
  isReadableByRegion,
  isReadAs,
  ktx2TileSource,
  memorySource,
  openFileSource,
  openTileStore,
  readKtx2,
  restatedTileSource,
  texelFormatOrThrow,
  type TileSource,
  type TileStore,
  withColorSpace,
} from "../../sources/mod.ts";
import { formatInfo, isBlockCompressed, type TexelFormat } from "../../texels/mod.ts";
import { wrapModes } from "../../tiles/mod.ts";
import { bakeFormatOf, encodableFormat, formatFor, isSameFamily } from "./atlas_format.ts";
import type { Logger } from "../options.ts";
import type { IgnoredWarning } from "./ignored_warning.ts";
import { assertNoImageChoice, imageChoiceOf } from "./image_options.ts";
import type { LoadTextureOptions } from "./load_options.ts";
import { assertNoPictureChoice, pictureChoiceOf } from "./picture_options.ts";
import { canHaveHoles } from "../supply/source_holes.ts";
import { textureCache } from "./texture_cache.ts";
import {
  assertPageTableFits,
  checkTileSource,
  colorSpaceFault,
  tileStoreFault,
  wrapFault,
} from "./tile_source_rules.ts";

/** What a texture can be loaded from: a path, a `file:` URL, the bytes of a file, or tiles. */
export type TextureInput = string | URL | Uint8Array | TileSource;

/** Options of {@linkcode openTexture}. */
export interface OpenTextureOptions extends LoadTextureOptions {
  readonly device: ForgeDevice;
  /**
   * What encodes textures that have to be baked, within the system's budget. Called at each bake,
   * also long after the load, for a texture whose baked form was damaged.
   */
  readonly bakeDevice: () => BakeDevice;
  readonly tileSize: number;
  readonly border: number;
  /** Folder for baked textures; null for the default one. */
  readonly cacheFolder: string | null;
  /** Told why a texture is baked anew. */
  readonly logger: Logger;
  /** Told of what files say and the library ignores. */
  readonly ignoredWarning: IgnoredWarning;
}

/** Whether a texture is loaded from tiles that a caller makes. */
export function isTileSource(input: unknown): input is TileSource {
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
    `Cannot load texture as input must be a path, a file URL, bytes or a tile source: current ` +
      `value is ${input instanceof URL ? input.href : describeValue(input)}`,
  );
}

/**
 * Opens a file as tiles of the system's size, in a format that the device has.
 *
 * @throws {FileError} if it is missing or may not be read.
 * @throws {MalformedFileError} if it breaks its format's specification.
 * @throws {UnsupportedError} naming what of it is not supported.
 * @throws {InvalidArgumentError} if the input is none, or a tile source lacks something.
 * @throws {OutOfRangeError} if a tile source has tiles that cannot be streamed.
 */
export async function openTexture(
  input: TextureInput,
  options: OpenTextureOptions,
): Promise<TileSource> {
  if (isTileSource(input)) {
    checkTileSource(input, options);
    assertNoPictureChoice(options, `Cannot load tile source "${input.name}"`);
    assertNoImageChoice(options, `Cannot load tile source "${input.name}"`);
    return supportedSource(input, options.device);
  }
  const source = await openFile(await pathOrBytes(input), options);
  try {
    return supportedSource(source, options.device);
  } catch (error) {
    source.close();
    throw error;
  }
}

/**
 * Waits for a source that is being opened. One that comes after the wait has ended is closed.
 *
 * @throws What made it impossible to open.
 * @throws {DeviceError} if the device is lost before.
 * @throws The signal's reason.
 */
export async function awaitSource(
  opening: Promise<TileSource>,
  { device, signal }: { readonly device: ForgeDevice; readonly signal: AbortSignal },
): Promise<TileSource> {
  try {
    return await device.health.unlessLost(opening, signal);
  } catch (error) {
    opening.then((source) => source.close(), () => {});
    throw error;
  }
}

/**
 * The source, or one that decodes its tiles on the CPU if the device cannot hold them.
 *
 * @throws {UnsupportedError} naming the device feature that is missing if that does not help
 * either.
 */
function supportedSource(source: TileSource, device: ForgeDevice): TileSource {
  assertPageTableFits(source, device);
  if (device.supports(source.format)) return source;
  assertSampled(source.format, { name: source.name, device });
  return decodedTileSource(source);
}

/** Refuses what a device can hold neither as it is nor decoded. */
function assertSampled(
  stored: TexelFormat,
  { name, device }: { readonly name: string; readonly device: ForgeDevice },
): void {
  const format = decodedFormat(stored);
  if (device.supports(stored) || device.supports(format)) return;
  const feature = formatInfo(format).requiredFeature!;
  throw new UnsupportedError(
    format,
    `Cannot load ${name} as device "${device.name}" cannot sample ${format}: request a device with ` +
      `the feature ${feature}${isBlockCompressed(format) ? ", or transcode it, as to BC7" : ""}`,
  );
}

async function openFile(
  file: string | Uint8Array,
  options: OpenTextureOptions,
): Promise<TileSource> {
  const { signal } = options;
  const bytes = await bytesOf(file);
  let kind: FileKind;
  try {
    kind = await fileKind(bytes, signal ? { signal } : {});
    if (kind !== "picture") assertNoPictureChoice(options, `Cannot load ${kind} ${bytes.name}`);
    if (kind === "ktx2") return await openKtx2(bytes, file, options);
  } catch (error) {
    bytes.close();
    throw error;
  }
  if (kind === "tile store") return await openStore(bytes, options);
  bytes.close();
  assertNoImageChoice(options, `Cannot load picture ${bytes.name}`);
  return await openPicture(file, options);
}

async function openStore(bytes: ByteSource, options: OpenTextureOptions): Promise<TileSource> {
  const { signal } = options;
  try {
    assertNoImageChoice(options, `Cannot load tile store ${bytes.name}`);
  } catch (error) {
    bytes.close();
    throw error;
  }
  const store = await openTileStore(bytes, signal ? { signal } : {});
  const reason = storeFault(store, options);
  if (reason === null) return store;
  store.close();
  throw new UnsupportedError("tile store", `Cannot stream tile store ${store.name} as ${reason}`);
}

/** Why a tile store cannot be streamed as it is wanted, or null if it can. */
function storeFault(store: TileStore, options: OpenTextureOptions): string | null {
  const fault = tileStoreFault(store);
  if (fault !== null) return fault;
  const { preferredFormat, quality, device } = options;
  if (quality) return "quality cannot change its tiles, which are encoded: leave quality out";
  const clash = colorSpaceFault(store, options);
  if (clash !== null) return clash;
  const wrapClash = wrapFault(store, options);
  if (wrapClash !== null) return wrapClash;
  if (!preferredFormat || isSameFamily(store.format, preferredFormat, device)) return null;
  return `preferredFormat cannot change the format of a tile store: it holds ${store.format}; ` +
    `bake the picture again for ${preferredFormat}, or leave preferredFormat out`;
}

async function openPicture(
  file: string | Uint8Array,
  options: OpenTextureOptions,
): Promise<TileSource> {
  const { device, preferredFormat } = options;
  const format = preferredFormat ? bakeFormatOf(preferredFormat, device) : null;
  const { store } = await (await textureCache(options)).openPicture(device, file, {
    ...bakeOptions(options),
    bakeDevice: options.bakeDevice,
    ...callerOf(options),
    tileSize: options.tileSize,
    ...(format === null ? {} : { format }),
    ...(options.colorSpace ? { colorSpace: options.colorSpace } : {}),
    ...pictureChoiceOf(options),
  });
  return store;
}

function bakeOptions(options: OpenTextureOptions) {
  const { border, quality, wrap } = options;
  return { border, ...(quality ? { quality } : {}), ...(wrap ? { wrap } : {}) };
}

function callerOf({ signal, onProgress }: OpenTextureOptions) {
  return { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
}

async function openKtx2(
  bytes: ByteSource,
  input: string | Uint8Array,
  options: OpenTextureOptions,
): Promise<TileSource> {
  const { device, tileSize, border, preferredFormat, signal } = options;
  const read = await readKtx2(bytes, signal ? { signal } : {});
  const file = withColorSpace(read, options.colorSpace ?? null);
  const stored = texelFormatOrThrow(file);
  const choice = imageChoiceOf(options);
  chosenImage(file, choice);
  // Before its tiles are cut, which asks for a border of whole blocks.
  if (file.basis === null) assertSampled(stored, { name: bytes.name, device });
  options.ignoredWarning.warnOfIgnored(file, typeof input === "string");
  const unlessPreferred = file.basis !== null && device.isCpu
    ? decodableFormatOrThrow(file)
    : stored;
  const wanted = preferredFormat
    ? formatFor(stored, preferredFormat, device)
    : formatFor(unlessPreferred, null, device);
  const wrap = wrapModes(options.wrap ?? undefined);
  const transcoded = file.basis !== null && isReadAs(file, wanted) ? { format: wanted } : {};
  const cut = { tileSize, border, wrap, ...choice, ...transcoded };
  const direct = ktx2TileSource(bytes, file, cut);
  const { grid: { levelCount }, presentLevels: present } = direct;
  const isWhole = present >= levelCount;
  const format = isWhole ? wanted : encodableFormat(wanted, { name: bytes.name, wrap });
  const isSameContent = format === stored || format === decodedFormat(stored);
  if (!isReadableByRegion(file) || present === 0 || !isSameContent) {
    direct.close();
    const baked = await bakeFrom(0, format, { input, options });
    return restatedTileSource(baked, {
      opaque: file.opaque && format === stored,
      valueScale: keepsValues(stored, format) ? formatScale(stored) : formatScale(format),
      hasHoles: canHaveHoles(stored) && canHaveHoles(format),
    });
  }
  const reason = !device.supports(stored)
    ? "as the device lacks it"
    : preferredFormat
    ? "as preferredFormat asks"
    : "as the levels that it lacks are not encoded";
  const fine = format === stored ? direct : decodedTileSource(direct, { reason });
  if (isWhole) return fine;
  const coarse = await bakeFrom(present, format, { input, options });
  try {
    return compositeTileSource(fine, coarse, {
      firstCoarseLevel: present,
      info: `${fine.info}; levels ${present} to ${levelCount - 1} baked to ${format}`,
    });
  } catch (error) {
    coarse.close();
    throw error;
  }
}

/** Whether floats of a baked format stand for the integers of the stored one. */
function keepsValues(stored: TexelFormat, baked: TexelFormat): boolean {
  return stored.endsWith("16unorm") && baked.endsWith("float");
}

/** The levels of a file from one on, baked to a format, from the cache. */
async function bakeFrom(
  firstLevel: number,
  format: TexelFormat,
  { input, options }: {
    readonly input: string | Uint8Array;
    readonly options: OpenTextureOptions;
  },
): Promise<TileSource> {
  const { tileSize, border, quality, bakeDevice, colorSpace = null } = options;
  const choice = imageChoiceOf(options);
  const settings = {
    tileSize,
    border,
    quality: quality ?? "medium",
    format,
    firstLevel,
    ...(colorSpace ? { colorSpace } : {}),
    ...choice,
    ...wrapSetting(options.wrap ?? undefined),
  };
  const cache = await textureCache(options);
  const { store } = await cache.openStore({
    input,
    settings,
    make: async (output, work) => {
      const bytes = await bytesOf(input);
      try {
        const { device, blockEncoder } = bakeDevice();
        await bakeKtx2(device, bytes, {
          ...bakeOptions(options),
          ...choice,
          blockEncoder,
          ...work,
          output,
          tileSize,
          firstLevel,
          format,
          colorSpace,
          keepsOpaqueBlocks: true,
        });
      } finally {
        bytes.close();
      }
    },
  }, callerOf(options));
  return store;
}

async function bytesOf(file: string | Uint8Array): Promise<ByteSource> {
  return typeof file === "string" ? await openFileSource(file) : memorySource(file);
}
