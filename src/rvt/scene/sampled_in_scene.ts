/**
 * Which virtual textures the materials of a scene can sample.
 *
 * @module
 */

import { StreamedTexture, type VirtualTextureSystem } from "../../streaming/mod.ts";
import type { RuntimeVirtualTexture, RuntimeVirtualTextureLike } from "../asset/mod.ts";
import type { PrimitiveComponent } from "../component/mod.ts";
import { assertNoFillCycles, type MaterialWriter, sampledWhileFilling } from "../material/mod.ts";
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
  readonly #warned = new WeakSet<StreamedTexture>();
  #cycles: FillCycles = NO_FILL_CYCLES;
  /** Of the components that sample textures while others are filled with them: see `edgesOf`. */
  readonly #edges = new Map<PrimitiveComponent, readonly RuntimeVirtualTextureLike[]>();

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
    return filled === null || !(this.#cycles.cut.get(filled)?.has(texture) ?? false);
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

  /**
   * Checks that no texture would be filled with samples of itself if a component were added.
   *
   * @throws {OutOfRangeError} naming the cycle if one would be.
   */
  assertMayAdd(component: PrimitiveComponent): void {
    if (edgesOf(component).length === 0) return;
    const { material, renderToVirtualTextures: assets } = component;
    assertNoFillCycles([...this.#parts.writers(), { material, assets }]);
  }

  /** Forgets all components. */
  clear(): void {
    this.#edges.clear();
    this.#cycles = NO_FILL_CYCLES;
  }

  /**
   * Looks for textures that would be filled with samples of themselves by now, and warns of new ones.
   *
   * @param component What has changed.
   * @param isInScene Whether it is in the scene.
   * @returns The textures that can sample others than before.
   */
  findCycles(component: PrimitiveComponent, isInScene: boolean): RuntimeVirtualTextureLike[] {
    const edges = isInScene ? edgesOf(component) : NO_EDGES;
    if (isSame(edges, this.#edges.get(component) ?? NO_EDGES)) return [];
    if (edges.length > 0) this.#edges.set(component, edges);
    else this.#edges.delete(component);
    const before = this.#cycles;
    this.#cycles = fillCycles(this.#parts.writers());
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

const NO_EDGES: readonly RuntimeVirtualTextureLike[] = [];

/** Pairs of a texture that a component fills and one that its material samples meanwhile. */
function edgesOf(component: PrimitiveComponent): readonly RuntimeVirtualTextureLike[] {
  const { material, renderToVirtualTextures } = component;
  return renderToVirtualTextures.flatMap((asset) =>
    [...sampledWhileFilling(material, asset.materialType)].flatMap((sampled) => [asset, sampled])
  );
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

function isEqual<T>(a: ReadonlySet<T> = new Set(), b: ReadonlySet<T> = new Set()): boolean {
  return a.size === b.size && [...a].every((value) => b.has(value));
}
