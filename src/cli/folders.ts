/**
 * The folders that the commands use, found without touching them.
 *
 * @module
 */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of `deno.json`. */
export function projectFolder(): string {
  return dirname(dirname(dirname(fileURLToPath(import.meta.url))));
}

/** Where the user typed the command: tasks themselves run in the project's folder. */
export function workingFolder(): string {
  return Deno.env.get("INIT_CWD") ?? Deno.cwd();
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
