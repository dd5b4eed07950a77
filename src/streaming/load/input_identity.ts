/**
 * The file that a texture is loaded from: what it is, and what tells it apart from others and from itself
 * before a change.
 *
 * @module
 */

import { identifyContent, wrapSetting } from "../../bake/mod.ts";
import { denoRuntime } from "../../deno_runtime.ts";
import { wrapModes } from "../../tiles/mod.ts";
import type { LoadedFile } from "../streamed_texture.ts";
import { imageChoiceOf } from "./image_options.ts";
import type { LoadTextureOptions } from "./load_options.ts";
import type { TextureInput } from "./open_texture.ts";
import { pictureChoiceOf } from "./picture_options.ts";

/** The path of an input; null of bytes and tiles. */
async function pathOf(input: TextureInput): Promise<string | null> {
  if (typeof input === "string") return input;
  return input instanceof URL ? (await import("node:url")).fileURLToPath(input) : null;
}

/**
 * What tells what a texture holds from what it held before, in this session or another one: what the caller
 * says, or the content of a file or of bytes, which image of it, and how it is encoded; null of tiles of which nothing is said.
 */
export async function inputIdentity(
  input: TextureInput,
  { identity, preferredFormat, quality, wrap, ...rest }: LoadTextureOptions,
): Promise<string | null> {
  const beyond = wrapSetting(wrap ?? undefined);
  if (identity) return JSON.stringify({ identity, ...beyond });
  const file = input instanceof Uint8Array ? input : await pathOf(input);
  if (file === null) return null;
  // It may be gone since it was opened.
  const content = await identifyContent(file).catch(() => null);
  if (content === null) return null;
  const settings = { ...imageChoiceOf(rest), ...pictureChoiceOf(rest), ...beyond };
  const parts = [content, preferredFormat, quality];
  return JSON.stringify(Object.keys(settings).length === 0 ? parts : [...parts, settings]);
}

/** The file of an input, and what was said of it; null of bytes and tiles. */
export async function loadedFile(
  input: TextureInput,
  { colorSpace, preferredFormat, wrap, ...rest }: LoadTextureOptions,
): Promise<LoadedFile | null> {
  const path = await pathOf(input);
  if (path === null) return null;
  return Object.freeze({
    path: await denoRuntime()?.realPath(path).catch(() => path) ?? path,
    ...(colorSpace ? { colorSpace } : {}),
    ...(preferredFormat ? { preferredFormat } : {}),
    ...pictureChoiceOf(rest),
    ...(wrap ? { wrap: wrapModes(wrap) } : {}),
    ...imageChoiceOf(rest),
  });
}
