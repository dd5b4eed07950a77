/**
 * The file that a texture is loaded from: what it is, and what tells it apart from others and from itself
 * before a change.
 *
 * @module
 */

import { denoRuntime } from "../../deno_runtime.ts";
import type { LoadedFile } from "../streamed_texture.ts";
import type { LoadTextureOptions } from "./load_options.ts";
import type { TextureInput } from "./open_texture.ts";

/** The path of an input; null of bytes and tiles. */
async function pathOf(input: TextureInput): Promise<string | null> {
  if (typeof input === "string") return input;
  return input instanceof URL ? (await import("node:url")).fileURLToPath(input) : null;
}

/**
 * The size and the time of the last change of a file that was loaded; null of bytes and tiles. The file is
 * not read.
 */
export async function inputIdentity(input: TextureInput): Promise<string | null> {
  const path = await pathOf(input);
  // It may be gone since it was opened.
  const info = path === null ? null : await denoRuntime()?.stat(path).catch(() => null);
  return info ? `${info.size} bytes of ${info.mtime?.toISOString() ?? "unknown time"}` : null;
}

/** The file of an input, and what was said of it; null of bytes and tiles. */
export async function loadedFile(
  input: TextureInput,
  { colorSpace, preferredFormat }: LoadTextureOptions,
): Promise<LoadedFile | null> {
  const path = await pathOf(input);
  if (path === null) return null;
  return Object.freeze({
    path: await denoRuntime()?.realPath(path).catch(() => path) ?? path,
    ...(colorSpace ? { colorSpace } : {}),
    ...(preferredFormat ? { preferredFormat } : {}),
  });
}
