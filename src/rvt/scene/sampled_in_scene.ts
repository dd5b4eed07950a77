/**
 * Which virtual textures the materials of a scene can sample.
 *
 * @module
 */

import { StreamedTexture, type VirtualTextureSystem } from "../../streaming/mod.ts";
import type { RuntimeVirtualTexture, RuntimeVirtualTextureLike } from "../asset/mod.ts";
import type { SceneFills } from "./scene_fills.ts";

/** What a scene tells of itself. */
export interface SampledInSceneParts {
  readonly system: VirtualTextureSystem;
  readonly fills: SceneFills;
  /** Hears of textures that cannot be sampled any more. */
  readonly warn: (message: string) => void;
}

/** Knows which textures cannot be sampled, as they are unloaded, or depend on what is filled. */
export class SampledInScene {
  readonly #parts: SampledInSceneParts;
  readonly #warned = new WeakSet<StreamedTexture>();

  constructor(parts: SampledInSceneParts) {
    this.#parts = parts;
  }

  /**
   * Whether a virtual texture can be sampled.
   *
   * @param filled While this is filled; default in pictures.
   */
  hasTexture(
    texture: StreamedTexture | RuntimeVirtualTextureLike,
    filled: RuntimeVirtualTexture | null = null,
  ): boolean {
    if (texture instanceof StreamedTexture) return this.#isLoaded(texture);
    return filled === null || !this.#parts.fills.isCut(filled, texture);
  }

  #isLoaded(texture: StreamedTexture): boolean {
    const { system, warn } = this.#parts;
    if (system.textures.includes(texture)) return true;
    if (!this.#warned.has(texture)) {
      this.#warned.add(texture);
      warn(
        `Texture "${texture.name}" is sampled by materials and is not loaded: ` +
          `what they sample of it is transparent black`,
      );
    }
    return false;
  }
}
