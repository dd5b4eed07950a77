/**
 * Keeps baked textures between runs.
 *
 * @module
 */

import { requireDeno } from "../../deno_runtime.ts";
import { BakeError, FileError, SourceChangedError } from "../../errors.ts";
import {
  type BlockEncoder,
  checkEncodeQuality,
  DEFAULT_ENCODE_QUALITY,
  type ForgeDevice,
} from "../../gpu/mod.ts";
import {
  type ByteSink,
  openFileSink,
  type PictureInput,
  readPictureInfo,
  type SourceIdentity,
  type TileStore,
} from "../../sources/mod.ts";
import { isBlockCompressed } from "../../texels/mod.ts";
import { resolveBakeFormat } from "../bake_format.ts";
import { checkBakeOptions, checkedTileOptions } from "../bake_options.ts";
import { bakePicture, type BakePictureOptions } from "../bake_picture.ts";
import { lockBake } from "./bake_lock.ts";
import { HealingTileStore } from "./healing_store.ts";
import { isSound, openBaked, type WantedStore } from "./open_baked.ts";
import { type BakeCaller, type BakeWork, shareBake } from "./shared_bakes.ts";
import { identifySource, isSameSource, nameOf, waitForChangeTime } from "./source_identity.ts";
import {
  besideStore,
  pruneTextures,
  recordUse,
  removeFormerTextures,
  sweepTextureFolder,
} from "./stored_textures.ts";
import { VerifiedSink } from "./verified_sink.ts";

/** What bakes. */
export interface BakeDevice {
  /** Encodes BC formats. */
  readonly device: ForgeDevice | null;
  /** Encodes them within a budget. */
  readonly blockEncoder: BlockEncoder;
}

/** How to bake a picture for the cache. */
export interface CachedPictureOptions
  extends Omit<BakePictureOptions, "output" | "identity" | "scratchFolder" | "blockEncoder"> {
  /** What bakes, called at each bake; default the device that is given, without a budget. */
  readonly bakeDevice?: () => BakeDevice;
}

const CACHED_OPTIONS: readonly (keyof CachedPictureOptions)[] = [
  "format",
  "quality",
  "tileSize",
  "border",
  "colorSpace",
  "signal",
  "onProgress",
  "bakeDevice",
];

/** Options of {@linkcode BakeCache}. */
export interface BakeCacheOptions {
  /** Room for all textures in bytes, see {@linkcode BakeCache}; default no limit. */
  readonly maxBytes?: number;
  /** Where messages go; default nowhere. */
  readonly logger?: {
    /** Takes ordinary events. */
    info(message: string): void;
    /** Takes what the user should know. */
    warn(message: string): void;
  };
  /** The folder in which earlier versions kept textures, which are removed. */
  readonly formerFolder?: string;
}

/** How to make a store that the cache lacks. */
export interface StoreRecipe {
  /** What it is made from: a path, or the bytes of a file. */
  readonly input: string | Uint8Array;
  /** Everything else that the result depends on. */
  readonly settings: Readonly<Record<string, string | number>>;
  /**
   * Writes the store to a sink, with the identity in its metadata. It opens what it reads itself: it
   * is called again, long after the first time, for a store that was damaged.
   */
  readonly make: (
    output: ByteSink,
    work: BakeWork & { readonly identity: SourceIdentity },
  ) => Promise<void>;
}

/** A store from the cache. */
export interface CachedStore {
  /** The opened store, which is the caller's to close. It replaces its file if that is damaged. */
  readonly store: TileStore;
  /** The store's file. */
  readonly path: string;
  /** Whether the store existed already. */
  readonly wasCached: boolean;
}

/** A store that is wanted, and how to make it. */
interface Job extends WantedStore, StoreRecipe {}

/** How often a store that was just made may be removed by others before it is opened. */
const OPEN_ATTEMPTS = 3;

/**
 * A folder of baked textures. The name of a store's file is a hash of what it was made from and of
 * the options; the store's own metadata must agree before it is used again.
 *
 * Several processes may use one folder: stores appear whole or not at all, and of those that need the
 * same one, one bakes it while the others wait. A store that is found to be damaged, when it is
 * opened or when a tile is read, is baked anew, with a warning that says why.
 *
 * When a store has been baked and all together exceed `maxBytes`, the least recently used ones are
 * removed, but never the one just baked.
 */
export class BakeCache {
  /** The folder; created when it is first needed. */
  readonly folder: string;
  readonly #options: BakeCacheOptions;

  /**
   * Names the folder; nothing is created or read yet.
   *
   * @param folder Any folder that the process may write to.
   */
  constructor(folder: string, options: BakeCacheOptions = {}) {
    this.folder = folder;
    this.#options = options;
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
    const { signal, onProgress, bakeDevice } = options;
    const make: StoreRecipe["make"] = async (output, work) => {
      const { device: current, ...encoder } = bakeDevice?.() ?? { device };
      const rest = { ...settings, ...work, ...encoder, scratchFolder: this.folder };
      await bakePicture(current, input, { ...rest, output });
    };
    return await this.openStore({ input, settings, make }, { signal, onProgress });
  }

  /**
   * Opens the store of a source, which is made unless the cache has it.
   *
   * @throws {SourceChangedError} if the source changed while the store was made.
   * @throws {BakeError} if the cache folder cannot be written.
   * @throws Anything that the recipe's `make` throws.
   */
  async openStore(recipe: StoreRecipe, caller: BakeCaller = {}): Promise<CachedStore> {
    const { input, settings } = recipe;
    const identity = await identifySource(input, settings);
    const path = `${this.folder}/${await nameOf(identity)}.pmtiles`;
    const name = typeof input === "string" ? input : identity.name;
    const job = { ...recipe, identity, path, name };
    const { store, wasCached } = await this.#openOrBake(job, { caller, damage: null });
    const reopen = (damage: Error, signal: AbortSignal) => this.#reopen(job, damage, signal);
    return { store: new HealingTileStore(store, { name, reopen }), path, wasCached };
  }

  /** A whole store in place of one that is damaged. */
  async #reopen(job: Job, damage: Error, signal: AbortSignal): Promise<TileStore> {
    const { name, path } = job;
    const failure = `Cannot read ${name} as its baked form ${path} is damaged`;
    let now: SourceIdentity;
    try {
      now = await identifySource(job.input, job.settings);
    } catch (cause) {
      if (!(cause instanceof FileError)) throw cause;
      throw new FileError(
        cause.code,
        cause.path,
        `${failure} and cannot be made: ${cause.message}`,
        {
          cause,
        },
      );
    }
    if (!isSameSource(now, job.identity)) {
      throw new SourceChangedError(
        name,
        `${failure} and it has changed since it was loaded: load it again`,
        { cause: damage },
      );
    }
    const { store } = await this.#openOrBake(job, { caller: { signal }, damage: damage.message });
    return store;
  }

  async #openOrBake(
    job: Job,
    { caller, damage }: { readonly caller: BakeCaller; readonly damage: string | null },
  ): Promise<{ store: TileStore; wasCached: boolean }> {
    const { name, path } = job;
    const { signal } = caller;
    if (damage === null) {
      const found = await openBaked(job, signal);
      if (found.store !== null) {
        await recordUse(path, name);
        return { store: found.store, wasCached: true };
      }
    }
    const folder = await this.#makeFolder();
    // The same for every caller, whatever path leads to the folder.
    const key = `${folder}/${path.slice(this.folder.length + 1)}`;
    for (let attempt = 0; attempt < OPEN_ATTEMPTS; attempt++) {
      const wasBaked = await shareBake(key, (work) => this.#bake(job, damage, work), caller);
      const found = await openBaked(job, signal);
      if (found.store === null) continue;
      await recordUse(path, name);
      return { store: found.store, wasCached: !wasBaked };
    }
    throw new BakeError(
      name,
      `Cannot use ${name} as its baked form ${path} was removed as soon as it was made: load it again`,
    );
  }

  /**
   * Makes a store unless another process has made it meanwhile.
   *
   * @param damage What is wrong with the store, if something is.
   * @returns Whether it was made.
   */
  async #bake(job: Job, damage: string | null, { signal, onProgress }: BakeWork): Promise<boolean> {
    const { name, path, input } = job;
    const { logger } = this.#options;
    let hasWaited = false;
    let waited = 0;
    const lock = await lockBake(besideStore(path, "lock"), {
      signal,
      onWait: (fraction) => {
        if (!hasWaited) logger?.info(`Waiting for another process that bakes ${name}`);
        hasWaited = true;
        waited = Math.max(waited, fraction);
        onProgress({ phase: "wait", fraction: waited });
      },
    });
    try {
      const found = await openBaked(job, signal);
      if (found.store !== null) {
        try {
          if (damage === null || await isSound(found.store, signal)) return false;
        } finally {
          found.store.close();
        }
      }
      const fault = found.store === null ? found.fault : damage;
      if (fault !== null) {
        logger?.warn(`Baking ${name} again as its baked form ${path} is damaged: ${fault}`);
      }
      await waitForChangeTime(input, signal);
      await this.#write(job, {
        signal,
        onProgress: (report) => {
          lock.reportFraction(report.fraction);
          // A fraction never decreases, not even if the other process has failed.
          onProgress({ ...report, fraction: Math.max(waited, report.fraction) });
        },
      });
      await this.#prune(path);
      return true;
    } finally {
      await lock.release();
    }
  }

  async #write(job: Job, work: BakeWork): Promise<void> {
    const { name, path, input, settings, identity } = job;
    const sink = new VerifiedSink(await openFileSink(path), async () => {
      if (isSameSource(await identifySource(input, settings), identity)) return;
      throw new SourceChangedError(
        name,
        `Cannot use ${name} as it changed while it was baked: load it again`,
      );
    });
    try {
      await job.make(sink, { ...work, identity });
    } catch (error) {
      await sink.abort();
      throw error;
    }
  }

  async #prune(keep: string): Promise<void> {
    const { maxBytes, logger } = this.#options;
    if (maxBytes === undefined) return;
    // A folder that cannot be listed is no reason to fail the load.
    const removed = await pruneTextures(this.folder, { maxBytes, keep }).catch(() => []);
    if (removed.length === 0) return;
    logger?.info(`Removed ${removed.length} textures from the cache, which is full`);
  }

  /** Makes the folder and returns its real path. */
  async #makeFolder(): Promise<string> {
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
    await sweepTextureFolder(this.folder);
    const { formerFolder } = this.#options;
    if (formerFolder !== undefined) await removeFormerTextures(formerFolder);
    return await requireDeno().realPath(this.folder).catch(() => this.folder);
  }
}
