/**
 * Folders that belong to one running process, and are removed when it is gone.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { kill, pid } from "node:process";

const PREFIX = "forge3d-decoder-";

/** A name that says which process the folder belongs to. */
export function privateFolderName(): string {
  return `${PREFIX}${pid}-${crypto.randomUUID().slice(0, 8)}`;
}

/**
 * Makes a folder that only this user may enter.
 *
 * @throws {Deno.errors.AlreadyExists} if something has its name: it may be another user's.
 */
export async function makePrivateFolder(path: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await Deno.mkdir(path, { mode: 0o700 });
}

/** Removes the folders of processes that are gone. */
export async function sweepPrivateFolders(parent: string): Promise<void> {
  try {
    for await (const { name } of Deno.readDir(parent)) {
      if (!name.startsWith(PREFIX) || isRunning(Number.parseInt(name.slice(PREFIX.length)))) {
        continue;
      }
      // Another process may be removing the same.
      await Deno.remove(join(parent, name), { recursive: true }).catch(() => undefined);
    }
  } catch {
    // There is no such folder, or nothing of ours in it.
  }
}

function isRunning(processId: number): boolean {
  try {
    return kill(processId, 0);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
