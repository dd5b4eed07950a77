/**
 * Which virtual textures the materials of a scene can sample.
 *
 * @module
 */

import { StreamedTexture, type VirtualTextureSystem } from "../../streaming/mod.ts";
import type { ComponentDraw } from "../component/mod.ts";
import type { RuntimeVirtualTexture, RuntimeVirtualTextureLike } from "../asset/mod.ts";
import type { MaterialWriter } from "../material/mod.ts";
import { type FillCycles, fillCycles, NO_FILL_CYCLES } from "../source/mod.ts";

/** What a scene tells of itself. */
export interface SampledInSceneParts {
  readonly system: VirtualTextureSystem;
  /** What is rendered, and where to. */
  readonly writers: () => readonly MaterialWriter[];
  /** Hears of textures that cannot be sampled any more. */
  readonly warn: (message: string) => void;
}

/** Knows which textures are unloaded, and which would be filled with samples of themselves. */
export class SampledInScene {
  readonly #parts: SampledInSceneParts;
  readonly #warnings = new WeakMap<StreamedTexture, Set<string>>();
  #cycles: FillCycles = NO_FILL_CYCLES;
  /** What cycles were looked for in. */
  #looked: readonly LookedAt[] = [];

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
    return filled === null || !(this.#cycles.cut.get(filled)?.has(texture) ?? false);
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

  /**
   * Looks for textures that would be filled with samples of themselves by now, and warns of new ones.
   *
   * @returns The textures that can sample others than before.
   */
  findCycles(): RuntimeVirtualTextureLike[] {
    const writers = this.#parts.writers();
    if (isSame(writers, this.#looked)) return [];
    this.#looked = writers.map(({ material, assets }) => ({
      material,
      assets,
      revision: material.revision,
    }));
    const before = this.#cycles;
    this.#cycles = fillCycles(writers);
    for (const name of this.#cycles.names) {
      if (before.names.includes(name)) continue;
      this.#parts.warn(
        `Virtual textures depend on themselves: ${name}. ` +
          `They are filled with clear values in place of such samples`,
      );
    }
    const assets = new Set([...before.cut.keys(), ...this.#cycles.cut.keys()]);
    return [...assets].filter((asset) =>
      !isEqual(before.cut.get(asset), this.#cycles.cut.get(asset))
    );
  }
}

interface LookedAt extends MaterialWriter {
  readonly revision: number;
}

function isSame(writers: readonly MaterialWriter[], looked: readonly LookedAt[]): boolean {
  return writers.length === looked.length && writers.every(({ material, assets }, i) => {
    const before = looked[i]!;
    return material === before.material && material.revision === before.revision &&
      assets === before.assets;
  });
}

function isEqual<T>(a: ReadonlySet<T> = new Set(), b: ReadonlySet<T> = new Set()): boolean {
  return a.size === b.size && [...a].every((value) => b.has(value));
}
