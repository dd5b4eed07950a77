/**
 * Textures that are not their user's to unload.
 *
 * @module
 */

import { InvalidArgumentError } from "../errors.ts";
import type { StreamedTexture } from "./streamed_texture.ts";

const keepers = new WeakMap<StreamedTexture, string>();

/**
 * Keeps a texture from being unloaded, except by what keeps it.
 *
 * @param reason Why it is kept and what to do instead, such as `volume "a" places it: remove that`.
 * @returns A function that lets it be unloaded.
 */
export function keepTexture(texture: StreamedTexture, reason: string): () => void {
  keepers.set(texture, reason);
  return () => void keepers.delete(texture);
}

/** @throws {InvalidArgumentError} if a texture is kept. */
export function assertNotKept(texture: StreamedTexture): void {
  const reason = keepers.get(texture);
  if (reason === undefined) return;
  throw new InvalidArgumentError(
    "texture",
    `Cannot unload texture "${texture.name}" as ${reason}`,
  );
}
