/**
 * Materials as tiles are rendered with them: compiled once for each material type, and bound.
 *
 * @module
 */

import type { ForgeDevice, MemoryLedger } from "../../gpu/mod.ts";
import { MATERIAL_TYPES, type MaterialTypeName } from "../asset/mod.ts";
import {
  assetOf,
  type CompiledMaterial,
  compileMaterial,
  MaterialBinder,
  type MaterialBinding,
  type MaterialInterface,
} from "../material/mod.ts";
import type { SampledAssets } from "../sample/sampled_assets.ts";
import type { FillDraw } from "../tile/fill_tiles.ts";
import { MATERIAL_GROUP } from "../tile/fill_wgsl.ts";

/** A material that is compiled for a type. */
interface Cached {
  /** What it was compiled from: it is compiled anew when one of these is another. */
  readonly graph: MaterialInterface["graph"];
  readonly forms: string;
  readonly compiled: CompiledMaterial;
  readonly binding: MaterialBinding;
}

/** Compiles and binds materials on one device. Owns what it binds. */
export class MaterialCache {
  readonly #binder: MaterialBinder;
  readonly #sampled: SampledAssets;
  readonly #cached = new Map<MaterialInterface, Map<MaterialTypeName, Cached>>();

  /** @param sampled The runtime virtual textures that materials may sample; borrowed. */
  constructor(device: ForgeDevice, ledger: MemoryLedger, sampled: SampledAssets) {
    this.#sampled = sampled;
    this.#binder = new MaterialBinder(device, ledger, { runtimeVirtualTextures: sampled });
  }

  /**
   * A material for rendering tiles of a type; null if it writes nothing that the type stores.
   *
   * @throws {UnsupportedError} if it cannot be compiled.
   * @throws {BudgetError} if its parameters or textures do not fit the budget.
   */
  bindForTiles(
    material: MaterialInterface,
    materialType: MaterialTypeName,
  ): FillDraw["material"] | null {
    const { compiled, binding } = this.#cachedFor(material, materialType);
    if (compiled.writes.length === 0) return null;
    return {
      key: compiled.key,
      code: compiled.code,
      writes: compiled.writes,
      layers: compiled.layout.layers,
      layout: binding.layout,
      group: binding.currentGroup(),
      isTwoSided: true,
    };
  }

  #cachedFor(material: MaterialInterface, materialType: MaterialTypeName): Cached {
    let ofMaterial = this.#cached.get(material);
    if (ofMaterial === undefined) this.#cached.set(material, ofMaterial = new Map());
    const known = ofMaterial.get(materialType);
    const isCurrent = known !== undefined && known.graph === material.graph &&
      known.forms === this.#formsOf(known.compiled, material);
    if (isCurrent) return known;
    known?.binding.destroy();
    ofMaterial.delete(materialType);
    const compiled = compileMaterial(material, {
      context: "virtual_texture",
      wanted: MATERIAL_TYPES[materialType].attributes,
      group: MATERIAL_GROUP,
      runtimeVirtualTextureCode: this.#sampled.code,
    });
    const made: Cached = {
      graph: material.graph,
      forms: this.#formsOf(compiled, material),
      compiled,
      binding: this.#binder.bind(compiled, material),
    };
    ofMaterial.set(materialType, made);
    return made;
  }

  /** How the textures that a material samples are stored now. */
  #formsOf({ layout }: CompiledMaterial, material: MaterialInterface): string {
    return layout.runtimeVirtualTextures
      .map((slot) => this.#sampled.formOf(assetOf(slot, material)))
      .join();
  }

  /** Forgets materials that are not in use; all if none is given. */
  keepOnly(used: ReadonlySet<MaterialInterface> = new Set()): void {
    for (const [material, ofMaterial] of this.#cached) {
      if (used.has(material)) continue;
      for (const { binding } of ofMaterial.values()) binding.destroy();
      this.#cached.delete(material);
    }
  }

  /** Frees everything. */
  destroy(): void {
    this.keepOnly();
    this.#binder.destroy();
  }
}
