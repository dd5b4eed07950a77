/**
 * What tells the file that a texture is loaded from apart from others, and from itself before a change.
 *
 * @module
 */

import { denoRuntime } from "../../deno_runtime.ts";
import type { TextureInput } from "./open_texture.ts";

/**
 * The size and the time of the last change of a file that was loaded; null of bytes and tiles. The file is
 * not read.
 */
export async function inputIdentity(input: TextureInput): Promise<string | null> {
  if (typeof input !== "string" && !(input instanceof URL)) return null;
  const path = typeof input === "string" ? input : (await import("node:url")).fileURLToPath(input);
  // It may be gone since it was opened.
  const info = await denoRuntime()?.stat(path).catch(() => null);
  return info ? `${info.size} bytes of ${info.mtime?.toISOString() ?? "unknown time"}` : null;
}
