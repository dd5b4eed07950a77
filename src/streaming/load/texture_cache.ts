/**
 * The cache of the textures that loading has to bake.
 *
 * @module
 */

import { BakeCache } from "../../bake/mod.ts";
import {
  CACHE_LIMIT_VARIABLE,
  cacheMaxBytes,
  requiredCacheFolder,
  textureFolder,
} from "../../cache_folder.ts";
import { denoRuntime } from "../../deno_runtime.ts";
import type { SystemSettings } from "../options.ts";

/**
 * The cache in a folder, or in the default one, within the limit that the environment sets.
 *
 * @throws {OutOfRangeError} if the limit is no size.
 * @throws {UnsupportedError} if the environment names no folder.
 */
export async function textureCache(
  { cacheFolder, logger }: Pick<SystemSettings, "cacheFolder" | "logger">,
): Promise<BakeCache> {
  const maxBytes = cacheMaxBytes(limitText());
  if (cacheFolder !== null) return new BakeCache(cacheFolder, { maxBytes, logger });
  const { env } = (await import("node:process")).default;
  const root = requiredCacheFolder((name) => env[name]);
  const formerFolder = await mayWrite(root) ? { formerFolder: root } : {};
  return new BakeCache(textureFolder(root), { maxBytes, logger, ...formerFolder });
}

/** The limit as the environment states it, as far as the process may read that. */
function limitText(): string | undefined {
  const deno = denoRuntime();
  const query = { name: "env", variable: CACHE_LIMIT_VARIABLE } as const;
  if (deno?.permissions.querySync(query).state !== "granted") return undefined;
  return deno.env.get(CACHE_LIMIT_VARIABLE);
}

/** Whether the process may write a folder, without asking the user. */
async function mayWrite(path: string): Promise<boolean> {
  const state = await denoRuntime()?.permissions.query({ name: "write", path });
  return state?.state === "granted";
}
