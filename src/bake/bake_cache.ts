/**
 * Keeps baked textures between runs.
 *
 * @module
 */

import { requireDeno } from "../deno_runtime.ts";
import {
  BakeError,
  FileError,
  MalformedFileError,
  SourceChangedError,
  UnsupportedError,
} from "../errors.ts";
import { checkEncodeQuality, DEFAULT_ENCODE_QUALITY, type ForgeDevice } from "../gpu/mod.ts";
import {
  fileOpenError,
  openFileSource,
  openTileStore,
  type PictureInput,
  readPictureInfo,
  type SourceIdentity,
  type TileStore,
} from "../sources/mod.ts";
import { isBlockCompressed } from "../texels/mod.ts";
import { resolveBakeFormat } from "./bake_format.ts";
import { checkBakeOptions, checkedTileOptions } from "./bake_options.ts";
import { bakePicture, type BakePictureOptions } from "./bake_picture.ts";

/** Increased when a bake of the same source with the same options would give other bytes. */
const BAKER_VERSION = 2;
/** Temporary files older than this were left behind by a killed process. */
const STALE_MS = 24 * 60 * 60 * 1000;

/**
 * Identifies a source: for a file its real path, size and time of the last change;
 * for bytes their SHA-256.
 *
 * @param input A path, or the bytes of a file.
 * @param options Everything else that the result depends on.
 * @throws {FileError} if the file is missing.
 */
export async function identifySource(
  input: string | Uint8Array,
  options: Readonly<Record<string, string | number>>,
): Promise<SourceIdentity> {
  const rest = { options: JSON.stringify(options), baker: BAKER_VERSION };
  if (typeof input !== "string") {
    const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(input));
    return { name: "bytes", byteLength: input.byteLength, sha256: toHex(digest), ...rest };
  }
  try {
    const path = await requireDeno().realPath(input);
    const { size, mtime } = await requireDeno().stat(path);
    const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
    return { name, path, byteLength: size, modifiedMs: mtime?.getTime() ?? 0, ...rest };
  } catch (cause) {
    throw fileOpenError(input, cause);
  }
}

/** How to bake a picture for the cache. */
export type CachedPictureOptions = Omit<
  BakePictureOptions,
  "output" | "identity" | "scratchFolder" | "limits"
>;

const CACHED_OPTIONS: readonly (keyof CachedPictureOptions)[] = [
  "format",
  "quality",
  "tileSize",
  "border",
  "colorSpace",
  "signal",
  "onProgress",
  "blockEncoder",
];

/** A store from the cache. */
export interface CachedStore {
  /** The opened store, which is the caller's to close. */
  readonly store: TileStore;
  /** The store's file. */
  readonly path: string;
  /** Whether the store existed already. */
  readonly wasCached: boolean;
}

/**
 * A folder of baked textures. The name of a store's file is a hash of what it was made from and of
 * the options; the store's own metadata must agree before it is used again. Several processes may
 * use one folder: stores appear whole or not at all.
 */
export class BakeCache {
  /** The folder; created when it is first needed. */
  readonly folder: string;

  /**
   * Names the folder; nothing is created or read yet.
   *
   * @param folder Any folder that the process may write to.
   */
  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Opens a picture as a tile store, which is baked unless the cache has it.
   *
   * @param device Encodes BC formats; null is enough for uncompressed ones.
   * @param input A path, or the bytes of a file.
   * @throws {SourceChangedError} if the picture was changed while it was baked.
   * @throws {BakeError} if the cache folder cannot be written.
   * @throws Anything that `bakePicture` throws.
   */
  async openPicture(
    device: ForgeDevice | null,
    input: PictureInput,
    options: CachedPictureOptions = {},
  ): Promise<CachedStore> {
    checkBakeOptions(options, CACHED_OPTIONS);
    const info = await readPictureInfo(input);
    const colorSpace = options.colorSpace ?? info.defaultColorSpace;
    const { name, format: rows } = info;
    const { format } = resolveBakeFormat(options.format, { name, rows, colorSpace, device });
    const { tileSize, border } = checkedTileOptions(format, options);
    const asked = checkEncodeQuality(options.quality);
    // Uncompressed stores are the same for every quality.
    const quality = isBlockCompressed(format) ? asked : DEFAULT_ENCODE_QUALITY;
    const settings = { format, quality, tileSize, border, colorSpace };
    return await this.openStore(() => identifySource(input, settings), {
      make: async (output, identity) => {
        await bakePicture(device, input, { ...options, ...settings, output, identity });
      },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  }

  /**
   * Opens the store of a source, which is made unless the cache has it.
   *
   * @param identify Identifies the source; called again after the store is made, to notice a source
   * that changed meanwhile.
   * @param options `make` writes the store to a path, with the identity in its metadata.
   * @throws {SourceChangedError} if the source changed while the store was made.
   * @throws {BakeError} if the cache folder cannot be made.
   * @throws Anything that `make` throws.
   */
  async openStore(
    identify: () => Promise<SourceIdentity>,
    { make, signal }: {
      readonly make: (path: string, identity: SourceIdentity) => Promise<void>;
      readonly signal?: AbortSignal;
    },
  ): Promise<CachedStore> {
    const identity = await identify();
    const path = `${this.folder}/${await nameOf(identity)}.pmtiles`;
    const cached = await openIfSame(path, identity, signal);
    if (cached !== null) return { store: cached, path, wasCached: true };
    await this.#makeFolder();
    await make(path, identity);
    if (!isSame(await identify(), identity)) {
      await requireDeno().remove(path).catch(() => undefined);
      throw new SourceChangedError(
        identity.name,
        `Cannot use ${identity.name} as it changed while it was baked: load it again`,
      );
    }
    const store = await openIfSame(path, identity, signal);
    if (store === null) {
      throw new BakeError(
        identity.name,
        `Cannot use ${identity.name} as its baked form ${path} is gone or was replaced: load it again`,
      );
    }
    return { store, path, wasCached: false };
  }

  async #makeFolder(): Promise<void> {
    try {
      await requireDeno().mkdir(this.folder, { recursive: true });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BakeError(
        this.folder,
        `Cannot make cache folder ${this.folder}: ${reason}. Set FORGE3D_CACHE_DIR to a folder ` +
          `that may be written`,
        { cause },
      );
    }
    await removeStaleFiles(this.folder, Date.now() - STALE_MS);
  }
}

function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function nameOf(identity: SourceIdentity): Promise<string> {
  const text = new TextEncoder().encode(canonical(identity));
  return toHex(await crypto.subtle.digest("SHA-256", text)).slice(0, 40);
}

/** A text that is the same for the same strings and numbers in any order. */
function canonical(identity: SourceIdentity): string {
  return JSON.stringify(Object.entries(identity).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isSame(a: SourceIdentity, b: SourceIdentity): boolean {
  return canonical(a) === canonical(b);
}

/** The store at a path, or null if it is missing, damaged, unreadable or of another source. */
async function openIfSame(
  path: string,
  identity: SourceIdentity,
  signal: AbortSignal | undefined,
): Promise<TileStore | null> {
  try {
    const options = signal === undefined ? {} : { signal };
    const store = await openTileStore(await openFileSource(path), options);
    if (isSame(store.description.source, identity)) return store;
    store.close();
  } catch (error) {
    const isOfNoUse = error instanceof MalformedFileError || error instanceof UnsupportedError ||
      error instanceof FileError;
    if (!isOfNoUse) throw error;
  }
  return null;
}

/** Removes temporary files that a killed process left. */
async function removeStaleFiles(folder: string, beforeMs: number): Promise<void> {
  for await (const { name, isFile } of requireDeno().readDir(folder)) {
    if (!isFile || !/\.tmp(\.v)?$/.test(name)) continue;
    const path = `${folder}/${name}`;
    // Another process may be removing the same files.
    const info = await requireDeno().stat(path).catch(() => null);
    if (info?.mtime && info.mtime.getTime() < beforeMs) {
      await requireDeno().remove(path).catch(() => undefined);
    }
  }
}
