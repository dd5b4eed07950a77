/**
 * A temporary folder for one run of a script.
 *
 * @module
 */

import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "forge3d-py-";

/** Makes a folder that only this user can enter, named after this process. */
export function makePrivateFolder(): string {
  const parent = realpathSync(tmpdir());
  removeLeftFolders(parent);
  return mkdtempSync(join(parent, `${PREFIX}${Deno.pid}-`));
}

/** Removes the folder of a run that has ended. */
export function removePrivateFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // A script may have made it so that it cannot be removed.
  }
}

/** Removes the folders of processes that were killed. */
function removeLeftFolders(parent: string): void {
  if (Deno.build.os === "windows") return;
  for (const name of readdirSync(parent)) {
    const id = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (id !== undefined && !isRunning(Number(id))) removePrivateFolder(join(parent, name));
  }
}

function isRunning(id: number): boolean {
  try {
    // SIGCONT does nothing to a process that runs.
    Deno.kill(id, "SIGCONT");
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
