/**
 * Which virtual textures the materials of a scene can sample.
 *
 * @module
 */

import { StreamedTexture, type VirtualTextureSystem } from "../../streaming/mod.ts";
import type { ComponentDraw } from "../component/mod.ts";
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
  readonly #warnings = new WeakMap<StreamedTexture, Set<string>>();

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
    if (texture instanceof StreamedTexture) {
      const { name } = texture;
      return this.#isLoaded(
        texture,
        `Texture "${name}" is sampled by materials and is not loaded: ` +
          `what they sample of it is transparent black`,
      );
    }
    return filled === null || !this.#parts.fills.isCut(filled, texture);
  }

  /** Whether a draw has its heights: not if they are streamed of a texture that is not loaded. */
  hasHeights(draw: ComponentDraw): boolean {
    if (draw.kind === "mesh" || draw.surface.streamedHeights === undefined) return true;
    const { texture, landscape } = draw.surface.streamedHeights;
    return this.#isLoaded(
      texture,
      `Texture "${texture.name}" has the heights of ${landscape} and is not loaded: ` +
        `the landscape is left out`,
    );
  }

  #isLoaded(texture: StreamedTexture, warning: string): boolean {
    const { system, warn } = this.#parts;
    if (system.textures.includes(texture)) return true;
    const given = this.#warnings.get(texture) ?? new Set();
    this.#warnings.set(texture, given);
    if (!given.has(warning)) warn(warning);
    given.add(warning);
    return false;
  }
}
