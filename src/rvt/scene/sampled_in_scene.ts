/**
 * Which virtual textures the materials of a scene can sample.
 *
 * @module
 */

import { StreamedTexture, type VirtualTextureSystem } from "../../streaming/mod.ts";
import type { ComponentDraw } from "../component/mod.ts";
import {
  MATERIAL_TYPES,
  type RuntimeVirtualTexture,
  type RuntimeVirtualTextureLike,
} from "../asset/mod.ts";
import { assetOf, type MaterialInterface, type MaterialLayout } from "../material/mod.ts";
import type { SceneFills } from "./scene_fills.ts";

/** What a scene tells of itself. */
export interface SampledInSceneParts {
  readonly system: VirtualTextureSystem;
  readonly fills: SceneFills;
  /** Whether a volume of the scene places an asset, or will once its turn has come. */
  readonly hasVolume: (asset: RuntimeVirtualTextureLike) => boolean;
  /** Hears of textures that cannot be sampled any more, or not as materials say. */
  readonly warn: (message: string) => void;
}

/** What a material sampled that no volume places. */
interface UnplacedSamples {
  /** Of the material, then. */
  readonly revision: number;
  readonly assets: Set<RuntimeVirtualTextureLike>;
}

/** What a material samples, compiled. */
export type NotedSamples = Pick<MaterialLayout, "runtimeVirtualTextures" | "samples">;

/**
 * Knows which textures cannot be sampled, as they are unloaded, or depend on what is filled, and warns of
 * those that are of another type than samples were made for, or that no volume places.
 */
export class SampledInScene {
  readonly #parts: SampledInSceneParts;
  /** Warnings that were given, by what they are about. */
  readonly #warnings = new WeakMap<object, Set<string>>();
  /** What materials sampled in tiles that no volume places, since the last picture. */
  readonly #unplacedInTiles = new Map<MaterialInterface, UnplacedSamples>();

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

  /**
   * Warns of assets that have changed their material type since samples of them were made, or since they
   * were set in an instance: once for each material, asset and type.
   *
   * Warns of those, too, that no volume of the scene places, once for each material and asset: when a picture
   * is drawn with them, or with tiles in which they were sampled. Before that their volumes may still come.
   *
   * @param layout Of the material, compiled: what it really samples.
   * @param isShown Whether it is in a picture, and not in tiles.
   */
  noteSamples(material: MaterialInterface, layout: NotedSamples, isShown: boolean): void {
    this.#noteTypes(material, layout);
    for (const slot of layout.runtimeVirtualTextures) {
      const asset = assetOf(slot, material);
      if (this.#parts.hasVolume(asset)) continue;
      if (isShown) this.#warnOfUnplaced(material, asset);
      else this.#keepUnplaced(material, asset);
    }
    if (isShown) this.#warnOfTiles();
  }

  /** Forgets a material that nothing in the scene uses any more. */
  releaseMaterial(material: MaterialInterface): void {
    this.#unplacedInTiles.delete(material);
  }

  #keepUnplaced(material: MaterialInterface, asset: RuntimeVirtualTextureLike): void {
    const { revision } = material;
    const known = this.#unplacedInTiles.get(material);
    if (known?.revision === revision) known.assets.add(asset);
    else this.#unplacedInTiles.set(material, { revision, assets: new Set([asset]) });
  }

  #warnOfTiles(): void {
    for (const [material, { revision, assets }] of this.#unplacedInTiles) {
      // What was edited since is noted again when its tiles are rendered again.
      if (revision !== material.revision) continue;
      for (const asset of assets) this.#warnOfUnplaced(material, asset);
    }
    this.#unplacedInTiles.clear();
  }

  #warnOfUnplaced(material: MaterialInterface, asset: RuntimeVirtualTextureLike): void {
    if (this.#parts.hasVolume(asset)) return;
    this.#warnOnce(
      material,
      `Material "${material.name}" samples runtime virtual texture "${asset.name}", which no volume of ` +
        `the scene places: what it samples are clear values. Add a volume with that texture`,
    );
  }

  #noteTypes(
    material: MaterialInterface,
    { runtimeVirtualTextures, samples }: NotedSamples,
  ): void {
    for (const { slot, materialType } of samples) {
      const { parameter, asset } = runtimeVirtualTextures[slot]!;
      const shown = assetOf({ parameter, asset, materialType }, material);
      const set = material.overrides.runtimeVirtualTextures.get(parameter ?? "") ?? shown;
      const wanted = MATERIAL_TYPES[materialType].label;
      if (set !== shown) {
        this.#warnOnce(
          material,
          `Material "${material.name}" samples runtime virtual texture "${shown.name}" in place of ` +
            `"${set.name}" as the material type of parameter "${parameter}" is ${wanted}: ` +
            `that of "${set.name}" is ${MATERIAL_TYPES[set.materialType].label} now`,
        );
      }
      if (shown.materialType === materialType) continue;
      this.#warnOnce(
        material,
        `Material "${material.name}" samples runtime virtual texture "${shown.name}" as material type ` +
          `${wanted}: its type is ${
            MATERIAL_TYPES[shown.materialType].label
          } now, and attributes ` +
          `that it lacks have clear values until the sample is made anew`,
      );
    }
  }

  #isLoaded(texture: StreamedTexture, warning: string): boolean {
    const isLoaded = this.#parts.system.textures.includes(texture);
    if (!isLoaded) this.#warnOnce(texture, warning);
    return isLoaded;
  }

  #warnOnce(about: object, warning: string): void {
    const given = this.#warnings.get(about) ?? new Set();
    this.#warnings.set(about, given);
    if (!given.has(warning)) this.#parts.warn(warning);
    given.add(warning);
  }
}
