/**
 * The folder for files that can be made or fetched again: baked pictures, Python packages.
 *
 * @module
 */

import { UnsupportedError } from "./errors.ts";

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

/** Not `node:path`'s, so that browsers can load this. */
function joined(base: string, ...parts: string[]): string {
  const separator = base.includes("\\") ? "\\" : "/";
  return [base.replace(/[/\\]$/, ""), ...parts].join(separator);
}
