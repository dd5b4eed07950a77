/**
 * The folders that the commands use, found without touching them.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of `deno.json`. */
export function projectFolder(): string {
  return dirname(dirname(dirname(fileURLToPath(import.meta.url))));
}

/** What is known of where a command was typed. */
export interface TypedIn {
  /** This process's folder. */
  readonly current: string;
  /** `INIT_CWD`: set by the task runner, unless it was set already. */
  readonly named: string | undefined;
  /** The folder of the process that started this one, or null where the system does not tell. */
  parent(): string | null;
}

/**
 * Where the user typed the command.
 *
 * Tasks run in the project's folder, and the task runner passes the user's as `INIT_CWD`. It keeps a
 * value that it inherits, so where the two differ the runner's own folder counts: it never leaves
 * the folder that it was started in. Permissions follow this answer.
 */
export function workingFolder(typed: TypedIn = typedIn()): string {
  const { current, named } = typed;
  if (named === undefined || !isSameFolder(current, projectFolder())) return current;
  return typed.parent() ?? (Deno.build.os === "windows" ? named : current);
}

function typedIn(): TypedIn {
  return {
    current: Deno.cwd(),
    named: Deno.env.get("INIT_CWD") || undefined,
    parent: () => folderOfProcess(Deno.ppid),
  };
}

/** The folder that a process runs in. Windows has no way to ask that needs no native code. */
function folderOfProcess(id: number): string | null {
  try {
    // Deno itself opens what lies in /proc under the full permission only.
    if (Deno.build.os === "linux") return output("readlink", [`/proc/${id}/cwd`]).slice(0, -1);
    if (Deno.build.os === "windows") return null;
    const text = output("lsof", ["-a", "-d", "cwd", "-p", String(id), "-Fn"]);
    return /^n(\/.*)$/m.exec(text)?.[1] ?? null;
  } catch {
    return null;
  }
}

function output(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

function isSameFolder(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return a === b;
  }
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

/**
 * The folder for files that are run again: the interpreter's memory, compiled Python, wheels, tools.
 * It lies in Deno's cache, beside the packages, which are protected in the same way; the
 * cache of baked pictures is another one, which scripts may write.
 */
export function codeCacheFolder(denoCache: string): string {
  return join(denoCache, "forge3d");
}

/** Where what Python starts from is kept: the interpreter's memory, compiled modules, wheels. */
export function pythonCacheFolder(denoCache: string): string {
  return join(codeCacheFolder(denoCache), "python");
}
