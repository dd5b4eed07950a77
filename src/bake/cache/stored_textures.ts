/**
 * The files of a folder of baked textures: listed, and removed when they take too much room.
 *
 * Each texture is a tile store, `<40 hexadecimal digits>.pmtiles`. A file with the same name and the
 * ending `.used` holds the name of its source, and its time of modification is that of the last use:
 * the time of access of the store itself changes whenever anyone reads it. `.lock` is the lock of the
 * process that bakes it. Nothing else in the folder is touched.
 *
 * @module
 */

import { isNotFound, requireDeno } from "../../deno_runtime.ts";
import { sweepTemporaries, tryLockFile } from "../../sources/mod.ts";

const STORE = /^[0-9a-f]{40}\.pmtiles$/;
const MARK_OR_LOCK = /^[0-9a-f]{40}\.(used|lock)$/;
/** Names of temporary files before they were held by locks. */
const FORMER_TEMPORARY = /^(?:[0-9a-f]{40}\.pmtiles|picture)\.[0-9a-z]+\.tmp(?:\.v)?$/;
const FORMER_STALE_MS = 24 * 60 * 60 * 1000;

/** One baked texture. */
export interface StoredTexture {
  /** Path of the tile store. */
  readonly path: string;
  /** Size in bytes. */
  readonly byteLength: number;
  /** When it was last opened, in milliseconds of the system's clock. */
  readonly usedMs: number;
}

/** The path of a file that belongs to a texture. */
export function besideStore(path: string, ending: "used" | "lock"): string {
  return path.replace(/pmtiles$/, ending);
}

/** Remembers that a texture is used now. A folder that cannot be written is left as it is. */
export async function recordUse(path: string, sourceName: string): Promise<void> {
  const mark = besideStore(path, "used");
  const now = new Date();
  try {
    await requireDeno().utime(mark, now, now);
  } catch {
    await requireDeno().writeTextFile(mark, sourceName).catch(() => undefined);
  }
}

/** The name of the file that a texture was baked from, or null if that is not known. */
export async function sourceNameOf(texture: StoredTexture): Promise<string | null> {
  return await requireDeno().readTextFile(besideStore(texture.path, "used")).catch(() => null);
}

/**
 * The textures in a folder, least recently used first. A folder that does not exist has none.
 *
 * @throws An error of the system if the folder cannot be listed.
 */
export async function listStoredTextures(folder: string): Promise<StoredTexture[]> {
  const textures: StoredTexture[] = [];
  for (const name of await namesIn(folder)) {
    if (!STORE.test(name)) continue;
    const path = `${folder}/${name}`;
    const store = await requireDeno().stat(path).catch(() => null);
    if (store === null || !store.isFile) continue; // Another process has just removed it.
    const mark = await requireDeno().stat(besideStore(path, "used")).catch(() => null);
    const usedMs = (mark ?? store).mtime?.getTime() ?? 0;
    textures.push({ path, byteLength: store.size, usedMs });
  }
  return textures.sort((a, b) => a.usedMs - b.usedMs || (a.path < b.path ? -1 : 1));
}

/**
 * Removes the least recently used textures until the others fit. One that is open stays readable for
 * its process; systems that remove no open file keep it.
 *
 * @param options `maxBytes` is the room for all of them; `keep`, a path, is never removed.
 * @returns What was removed.
 */
export async function pruneTextures(
  folder: string,
  { maxBytes, keep }: { readonly maxBytes: number; readonly keep?: string },
): Promise<StoredTexture[]> {
  const textures = await listStoredTextures(folder);
  let total = textures.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const removed: StoredTexture[] = [];
  for (const texture of textures) {
    if (total <= maxBytes) break;
    if (texture.path === keep || !await removeTexture(texture)) continue;
    total -= texture.byteLength;
    removed.push(texture);
  }
  return removed;
}

async function removeTexture({ path }: StoredTexture): Promise<boolean> {
  try {
    await requireDeno().remove(path);
  } catch (error) {
    if (!isNotFound(error)) return false;
  }
  await requireDeno().remove(besideStore(path, "used")).catch(() => undefined);
  return true;
}

/**
 * Removes what processes that were killed have left: temporary files, locks, and marks of textures
 * that are gone.
 */
export async function sweepTextureFolder(folder: string): Promise<void> {
  await sweepTemporaries(folder);
  const names = new Set(await namesIn(folder).catch(() => []));
  for (const name of names) {
    const path = `${folder}/${name}`;
    const kind = MARK_OR_LOCK.exec(name)?.[1];
    if (kind === "lock") {
      const lock = await tryLockFile(path).catch(() => null);
      if (lock?.excludesOthers) await lock.release();
      else lock?.close();
    } else if (kind === "used" && !names.has(name.replace(/used$/, "pmtiles"))) {
      await requireDeno().remove(path).catch(() => undefined);
    } else if (FORMER_TEMPORARY.test(name)) {
      await removeIfStale(path);
    }
  }
}

/**
 * Removes textures from the folder in which earlier versions kept them, where no version looks for
 * them any more.
 */
export async function removeFormerTextures(folder: string): Promise<StoredTexture[]> {
  const removed = await pruneTextures(folder, { maxBytes: 0 }).catch(() => []);
  for (const name of await namesIn(folder).catch(() => [])) {
    if (FORMER_TEMPORARY.test(name)) await removeIfStale(`${folder}/${name}`);
  }
  return removed;
}

async function removeIfStale(path: string): Promise<void> {
  const info = await requireDeno().stat(path).catch(() => null);
  if (info?.mtime && info.mtime.getTime() < Date.now() - FORMER_STALE_MS) {
    await requireDeno().remove(path).catch(() => undefined);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isFile } of requireDeno().readDir(folder)) {
      if (isFile) names.push(name);
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return names;
}
