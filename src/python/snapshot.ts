/**
 * A started interpreter's memory, kept in a file so that the next start skips Python's own set-up.
 *
 * The file is named after everything that its content depends on. It is a cache: a missing,
 * unreadable or unusable one costs time, never correctness.
 *
 * @module
 */
import { join } from "node:path";
import { version } from "pyodide";

const PREFIX = "python-";
const SUFFIX = ".snapshot";

/** Name of the snapshot for this version of Pyodide and of the runtime. */
export function snapshotName(): string {
  return `${PREFIX}${version}-${Deno.build.arch}-v8-${Deno.version.v8}${SUFFIX}`;
}

/** Reads the snapshot for these versions, or answers null if none can be read. */
export async function readSnapshot(folder: string): Promise<Uint8Array | null> {
  try {
    return await Deno.readFile(join(folder, snapshotName()));
  } catch {
    return null;
  }
}

/**
 * Keeps a snapshot for the next start and removes those of other versions.
 *
 * The file appears whole or not at all: it is written under another name and renamed. If the folder
 * cannot be written, nothing happens.
 */
export async function writeSnapshot(folder: string, snapshot: Uint8Array): Promise<void> {
  const path = join(folder, snapshotName());
  const partial = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeFile(partial, snapshot);
    await Deno.rename(partial, path);
    for await (const { name } of Deno.readDir(folder)) {
      if (name.startsWith(PREFIX) && name.endsWith(SUFFIX) && name !== snapshotName()) {
        await Deno.remove(join(folder, name));
      }
    }
  } catch {
    await Deno.remove(partial).catch(() => {});
  }
}

/** Removes the snapshot for these versions, after it failed to start. */
export async function removeSnapshot(folder: string): Promise<void> {
  await Deno.remove(join(folder, snapshotName())).catch(() => {});
}

/** The folder for packages of Pyodide's distribution, which belong to one version of it. */
export function distributionFolder(folder: string): string {
  return join(folder, `distribution-${version}`);
}
