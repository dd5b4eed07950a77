import { join } from "node:path";

/** The environment variables that decide where caches lie. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder for things that can be made or fetched again: `$FORGE3D_CACHE_DIR`, else
 * `$XDG_CACHE_HOME/forge3d`, else `.cache/forge3d` in the home folder (`%LOCALAPPDATA%\forge3d` on
 * Windows).
 *
 * @param environment Environment variables.
 * @returns An absolute or caller-relative path, or null when the environment names no home.
 */
export function cacheFolder(environment: Environment): string | null {
  const { FORGE3D_CACHE_DIR, XDG_CACHE_HOME, LOCALAPPDATA, HOME, USERPROFILE } = environment;
  if (FORGE3D_CACHE_DIR) return FORGE3D_CACHE_DIR;
  const shared = XDG_CACHE_HOME || LOCALAPPDATA;
  if (shared) return join(shared, "forge3d");
  const home = HOME || USERPROFILE;
  return home ? join(home, ".cache", "forge3d") : null;
}
