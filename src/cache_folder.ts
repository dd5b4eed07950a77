/**
 * The folder for files that can be made or fetched again (baked pictures, Python packages), and how
 * large it may grow.
 *
 * @module
 */

import { OutOfRangeError, UnsupportedError } from "./errors.ts";

/** Environment variables that name it, in order of precedence. Permissions follow this list. */
export const CACHE_FOLDER_VARIABLES = [
  "FORGE3D_CACHE_DIR",
  "XDG_CACHE_HOME",
  "LOCALAPPDATA",
  "HOME",
  "USERPROFILE",
] as const;

/** One of {@linkcode CACHE_FOLDER_VARIABLES}. */
export type CacheFolderVariable = typeof CACHE_FOLDER_VARIABLES[number];

/**
 * The cache folder: `$FORGE3D_CACHE_DIR`, else `$XDG_CACHE_HOME/forge3d`, else
 * `%LOCALAPPDATA%\forge3d` (Windows), else `.cache/forge3d` in the home folder. Variables that are
 * empty count as not set.
 *
 * @param environment Looks a variable up.
 * @returns Null if none of the variables is set.
 */
export function cacheFolder(
  environment: (name: CacheFolderVariable) => string | undefined,
): string | null {
  const own = environment("FORGE3D_CACHE_DIR");
  if (own) return own;
  const shared = environment("XDG_CACHE_HOME") || environment("LOCALAPPDATA");
  if (shared) return joined(shared, "forge3d");
  const home = environment("HOME") || environment("USERPROFILE");
  return home ? joined(home, ".cache", "forge3d") : null;
}

/**
 * The cache folder, where there has to be one; see {@linkcode cacheFolder}.
 *
 * @throws {UnsupportedError} if none of the variables is set.
 */
export function requiredCacheFolder(
  environment: (name: CacheFolderVariable) => string | undefined,
): string {
  const folder = cacheFolder(environment);
  if (folder !== null) return folder;
  throw new UnsupportedError(
    "cache folder",
    `Cannot choose a cache folder as none of ${CACHE_FOLDER_VARIABLES.join(", ")} is set: set ` +
      "FORGE3D_CACHE_DIR",
  );
}

/** The folder for baked textures, in a cache folder. */
export function textureFolder(cache: string): string {
  return joined(cache, "textures");
}

/** The environment variable that limits the size of all baked textures. */
export const CACHE_LIMIT_VARIABLE = "FORGE3D_CACHE_MAX";

/** Limit in bytes where the variable is not set: 10 GiB. */
export const DEFAULT_CACHE_MAX_BYTES: number = 10 * 2 ** 30;

const UNITS = ["", "K", "M", "G", "T"];

/**
 * The limit in bytes that an environment sets: a number of bytes, or of binary units (`500M`, `4G`,
 * `1.5 GiB`, in either case); 0 for none. Not set or empty is 10 GiB.
 *
 * @param text The value of `FORGE3D_CACHE_MAX`.
 * @returns Infinity for no limit.
 * @throws {OutOfRangeError} if it is anything else.
 */
export function cacheMaxBytes(text: string | undefined): number {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return DEFAULT_CACHE_MAX_BYTES;
  const parts = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(trimmed);
  const bytes = parts === null
    ? NaN
    : Number(parts[1]) * 1024 ** UNITS.indexOf(parts[2]!.toUpperCase());
  if (!(bytes <= Number.MAX_SAFE_INTEGER)) {
    throw new OutOfRangeError(
      CACHE_LIMIT_VARIABLE,
      `Cannot limit the cache as ${CACHE_LIMIT_VARIABLE} must be a size such as 500M, 4G or a ` +
        `number of bytes, or 0 for no limit: current value is ${JSON.stringify(text)}`,
    );
  }
  return bytes === 0 ? Infinity : Math.floor(bytes);
}

/** Not `node:path`'s, so that browsers can load this. */
function joined(base: string, ...parts: string[]): string {
  const separator = base.includes("\\") ? "\\" : "/";
  return [base.replace(/[/\\]$/, ""), ...parts].join(separator);
}
