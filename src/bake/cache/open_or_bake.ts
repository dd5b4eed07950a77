/**
 * Finds the stores of the cache, and makes those that it lacks.
 *
 * @module
 */

import { thrownText } from "../../checks.ts";
import { requireDeno } from "../../deno_runtime.ts";
import { BakeError, FileError, SourceChangedError } from "../../errors.ts";
import {
  type ByteSink,
  openFileSink,
  type SourceIdentity,
  type TileStore,
} from "../../sources/mod.ts";
import { lockBake } from "./bake_lock.ts";
import { isSound, openBaked, type WantedStore } from "./open_baked.ts";
import { type BakeCaller, type BakeWork, shareBake } from "./shared_bakes.ts";
import { identifySource, isSameSource, waitForChangeTime } from "./source_identity.ts";
import {
  besideStore,
  pruneTextures,
  recordUse,
  removeFormerTextures,
  sweepTextureFolder,
} from "./stored_textures.ts";
import { VerifiedSink } from "./verified_sink.ts";

/** Options of `BakeCache`. */
export interface BakeCacheOptions {
  /** Room for all textures in bytes, see `BakeCache`; default no limit. */
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

/** The folder of a cache, and its options. */
export interface CachePlace extends BakeCacheOptions {
  /** The folder; created when it is first needed. */
  readonly folder: string;
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

/** A store that is wanted, and how to make it. */
export interface StoreJob extends WantedStore, StoreRecipe {}

/** How often a store that was just made may be removed by others before it is opened. */
const OPEN_ATTEMPTS = 3;

/**
 * A whole store in place of one that is damaged.
 *
 * @throws {SourceChangedError} if what it was made from has changed since.
 * @throws {FileError} if that is gone.
 */
export async function replaceDamaged(
  place: CachePlace,
  job: StoreJob,
  { damage, signal }: { readonly damage: Error; readonly signal: AbortSignal },
): Promise<TileStore> {
  const { name } = job;
  const failure = `Cannot read ${name} as its baked form is damaged`;
  let now: SourceIdentity;
  try {
    now = await identifySource(job.input, job.settings);
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    const message = `${failure} and cannot be made: ${cause.message}`;
    throw new FileError(cause.code, cause.path, message, { cause });
  }
  if (!isSameSource(now, job.identity)) {
    throw new SourceChangedError(
      name,
      `${failure} and it has changed since it was loaded: load it again`,
      { cause: damage },
    );
  }
  const { store } = await openOrBake(place, job, { caller: { signal }, damage: damage.message });
  return store;
}

/**
 * Opens a store, which is made if it is missing or cannot be used.
 *
 * @param options `damage` says what is wrong with the store, where that is known.
 * @throws {SourceChangedError} if the source changed while the store was made.
 * @throws {BakeError} if the folder cannot be written.
 */
export async function openOrBake(
  place: CachePlace,
  job: StoreJob,
  { caller, damage = null }: { readonly caller: BakeCaller; readonly damage?: string | null },
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
  const folder = await makeFolder(place);
  // The same for every caller, whatever path leads to the folder.
  const key = `${folder}/${path.slice(place.folder.length + 1)}`;
  for (let attempt = 0; attempt < OPEN_ATTEMPTS; attempt++) {
    const wasBaked = await shareBake(
      key,
      (work) => bakeLocked(place, job, { damage, work }),
      caller,
    );
    const found = await openBaked(job, signal);
    if (found.store === null) continue;
    await recordUse(path, name);
    return { store: found.store, wasCached: !wasBaked };
  }
  throw new BakeError(
    name,
    `Cannot use ${name} as its baked form was removed as soon as it was made: load it again`,
  );
}

/**
 * Makes a store unless another process has made it meanwhile.
 *
 * @param options `damage` says what is wrong with the store, if something is.
 * @returns Whether it was made.
 */
async function bakeLocked(
  place: CachePlace,
  job: StoreJob,
  { damage, work: { signal, onProgress } }: {
    readonly damage: string | null;
    readonly work: BakeWork;
  },
): Promise<boolean> {
  const { name, path, input } = job;
  const { logger } = place;
  let hasWaited = false;
  let waited = 0;
  const lock = await lockBake(besideStore(path, "lock"), {
    name,
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
      logger?.warn(`Baking ${name} again as its baked form is damaged: ${fault}`);
    }
    await waitForChangeTime(input, signal);
    await writeStore(job, {
      signal,
      onProgress: (report) => {
        lock.reportFraction(report.fraction);
        // A fraction never decreases, not even if the other process has failed.
        onProgress({ ...report, fraction: Math.max(waited, report.fraction) });
      },
    });
    await makeRoom(place, path);
    return true;
  } finally {
    await lock.release();
  }
}

async function writeStore(job: StoreJob, work: BakeWork): Promise<void> {
  const { name, path, input, settings, identity } = job;
  const verify = async () => {
    if (isSameSource(await identifySource(input, settings), identity)) return;
    throw new SourceChangedError(
      name,
      `Cannot use ${name} as it changed while it was baked: load it again`,
    );
  };
  let sink: ByteSink | null = null;
  try {
    sink = new VerifiedSink(await openFileSink(path), verify);
    await job.make(sink, { ...work, identity });
  } catch (error) {
    await sink?.abort();
    if (!(error instanceof BakeError)) throw error;
    throw new BakeError(name, `Cannot bake ${name}: ${error.message}`, { cause: error });
  }
}

async function makeRoom({ folder, maxBytes, logger }: CachePlace, keep: string): Promise<void> {
  if (maxBytes === undefined) return;
  // A folder that cannot be listed is no reason to fail the load.
  const removed = await pruneTextures(folder, { maxBytes, keep }).catch(() => []);
  if (removed.length === 0) return;
  logger?.info(`Removed ${removed.length} textures from the cache, which is full`);
}

/** Makes the folder and returns its real path. */
async function makeFolder({ folder, formerFolder }: CachePlace): Promise<string> {
  try {
    await requireDeno().mkdir(folder, { recursive: true });
  } catch (cause) {
    const reason = thrownText(cause);
    throw new BakeError(
      folder,
      `Cannot make cache folder ${folder}: ${reason}. Set FORGE3D_CACHE_DIR to a folder ` +
        `that may be written`,
      { cause },
    );
  }
  await sweepTextureFolder(folder);
  if (formerFolder !== undefined) await removeFormerTextures(formerFolder);
  return await requireDeno().realPath(folder).catch(() => folder);
}
