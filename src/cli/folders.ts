/**
 * The folders that the commands use, found without touching them.
 *
 * @module
 */

import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of `deno.json`. */
export function projectFolder(): string {
  return dirname(dirname(dirname(fileURLToPath(import.meta.url))));
}

/** Where the user typed the command: tasks themselves run in the project's folder. */
export function workingFolder(): string {
  return Deno.env.get("INIT_CWD") ?? Deno.cwd();
}

/** The library's cache, by the conventions of the system; it may not exist yet. */
export function cacheFolder(): string {
  const set = Deno.env.get("XDG_CACHE_HOME");
  if (set !== undefined && set !== "") return join(set, "forge3d");
  if (Deno.build.os === "darwin") return join(homedir(), "Library", "Caches", "forge3d");
  if (Deno.build.os === "windows") {
    return join(Deno.env.get("LOCALAPPDATA") ?? tmpdir(), "forge3d", "cache");
  }
  return join(homedir(), ".cache", "forge3d");
}

/** Deno's own cache, in which the packages lie. */
export async function denoCacheFolder(): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-config", "--no-lock"],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot ask Deno for its cache: ${decoder.decode(stderr).trim()}`);
  return (JSON.parse(decoder.decode(stdout)) as { denoDir: string }).denoDir;
}
