/**
 * Materials as tiles and pictures are drawn with them: compiled once for each use, and bound.
 *
 * @module
 */

import type { ForgeDevice, MemoryLedger } from "../../gpu/mod.ts";
import { MATERIAL_TYPES, type MaterialTypeName } from "../asset/mod.ts";
import {
  assetOf,
  type CompiledMaterial,
  compileMaterial,
  type CompileMaterialOptions,
  MaterialBinder,
  type MaterialBinding,
  type MaterialInterface,
} from "../material/mod.ts";
import type { SampledAssets } from "../sample/sampled_assets.ts";
import { type DrawnMaterial, MATERIAL_GROUP } from "../draw/drawn_material.ts";
import type { PictureMaterialOptions } from "../draw/surface_parts.ts";

/** A material that is compiled for a use. */
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
  readonly #cached = new Map<MaterialInterface, Map<string, Cached>>();

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
  ): DrawnMaterial | null {
    const { compiled, binding } = this.#cachedFor(material, `tile ${materialType}`, {
      context: "virtual_texture",
      wanted: MATERIAL_TYPES[materialType].attributes,
    });
    return compiled.writes.length === 0 ? null : drawnMaterial(material, { compiled, binding });
  }

  /**
   * A material for pictures.
   *
   * @throws {UnsupportedError} if it cannot be compiled.
   * @throws {BudgetError} if its parameters or textures do not fit the budget.
   */
  bindForPictures(
    material: MaterialInterface,
    options: PictureMaterialOptions,
  ): DrawnMaterial {
    const key = `picture ${options.virtualTexturing} ${options.feedback}`;
    const { compiled, binding } = this.#cachedFor(material, key, {
      context: "main_pass",
      ...options,
    });
    return drawnMaterial(material, { compiled, binding });
  }

  #cachedFor(
    material: MaterialInterface,
    key: string,
    options: Omit<CompileMaterialOptions, "group" | "runtimeVirtualTextureCode">,
  ): Cached {
    let ofMaterial = this.#cached.get(material);
    if (ofMaterial === undefined) this.#cached.set(material, ofMaterial = new Map());
    const known = ofMaterial.get(key);
    const isCurrent = known !== undefined && known.graph === material.graph &&
      known.forms === this.#formsOf(known.compiled, material);
    if (isCurrent) return known;
    known?.binding.destroy();
    ofMaterial.delete(key);
    const compiled = compileMaterial(material, {
      ...options,
      group: MATERIAL_GROUP,
      runtimeVirtualTextureCode: this.#sampled.code,
    });
    const made: Cached = {
      graph: material.graph,
      forms: this.#formsOf(compiled, material),
      compiled,
      binding: this.#binder.bind(compiled, material),
    };
    ofMaterial.set(key, made);
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

function drawnMaterial(
  { graph: { twoSided } }: MaterialInterface,
  { compiled, binding }: Pick<Cached, "compiled" | "binding">,
): DrawnMaterial {
  return {
    key: keyNumberOf(compiled.key),
    name: compiled.name,
    lineLabels: compiled.lineLabels,
    code: compiled.code,
    writes: compiled.writes,
    layers: compiled.layout.layers,
    layout: binding.layout,
    group: binding.currentGroup(),
    isTwoSided: twoSided,
  };
}

const keyNumbers = new Map<string, number>();

/** A short name for a key, which is as long as a shader. */
function keyNumberOf(key: string): string {
  let number = keyNumbers.get(key);
  if (number === undefined) keyNumbers.set(key, number = keyNumbers.size);
  return `material ${number}`;
}
