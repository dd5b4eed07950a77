/**
 * A temporary folder for one run of a script.
 *
 * Scripts get a folder in it: nothing lies beside that one, so that nothing is reached under its name
 * once a script has moved it away, and a script cannot change what is kept here about it.
 *
 * @module
 */

import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { kill } from "node:process";
import { removeWhole } from "./remove_whole.ts";

const PREFIX = "forge3d-py-";
const USER_PREFIX = "process-";

/** Makes a folder that only this user can enter, named after this process. */
export function makePrivateFolder(): string {
  const parent = realpathSync(tmpdir());
  removeLeftFolders(parent);
  return mkdtempSync(join(parent, `${PREFIX}${Deno.pid}-`));
}

/** Makes the folder in it that a script gets. */
export function makeTemporary(folder: string): string {
  const path = join(folder, "tmp");
  mkdirSync(path, { mode: 0o700 });
  return path;
}

/** The folder that another one was made in by `makeTemporary`. */
export function privateFolderOf(temporary: string): string {
  return dirname(temporary);
}

/** Keeps the folder while a process runs, which may live longer than this one. */
export function keepWhileRunning(folder: string, processId: number): void {
  try {
    // No link that was there before the script can name it.
    writeFileSync(join(folder, `${USER_PREFIX}${processId}-${crypto.randomUUID()}`), "");
  } catch {
    // The disk is full: it matters only if this process is killed.
  }
}

/** Removes the folder of a run that has ended. */
export function removePrivateFolder(folder: string): void {
  try {
    removeWhole(folder);
  } catch {
    // A program may hold it, or write it at this moment: a later run removes it.
  }
}

/** Removes the folders of processes that were killed. */
function removeLeftFolders(parent: string): void {
  if (Deno.build.os === "windows") return;
  const user = Deno.uid();
  for (const name of namesIn(parent)) {
    const folder = join(parent, name);
    const id = processIn(PREFIX, name);
    if (id === null || isRunning(id) || ownerOf(folder) !== user) continue;
    const users = namesIn(folder).map((inner) => processIn(USER_PREFIX, inner));
    if (!users.some((user) => user !== null && isRunning(user))) removePrivateFolder(folder);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Others may have given their folder such a name. */
function ownerOf(folder: string): number | null {
  try {
    return lstatSync(folder).uid;
  } catch {
    return null;
  }
}

/** The process that a name is made of, or null. */
function processIn(prefix: string, name: string): number | null {
  const id = name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1] : undefined;
  return id === undefined ? null : Number(id);
}

function isRunning(processId: number): boolean {
  try {
    return kill(processId, 0);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
