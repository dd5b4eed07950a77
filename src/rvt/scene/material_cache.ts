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
  materialDependencies,
  type MaterialInterface,
} from "../material/mod.ts";
import type { HasTexture } from "../material/compile/lower_material.ts";
import type { SampledAssetBinder, SampleUse } from "../sample/sampled_assets.ts";
import { type DrawnMaterial, MATERIAL_GROUP } from "../draw/drawn_material.ts";
import { type SharedCode, SharedCodes } from "./shared_code.ts";
import type { PictureMaterialOptions } from "../draw/surface_parts.ts";
import type { SampledInScene } from "./sampled_in_scene.ts";

/** A material that is compiled for a use. */
interface Cached {
  /** Of the tiles; null for pictures. */
  readonly materialType: MaterialTypeName | null;
  /** What it was compiled from: it is compiled anew when one of these is another. */
  readonly graph: MaterialInterface["graph"];
  readonly forms: string;
  readonly compiled: CompiledMaterial;
  readonly code: SharedCode;
  readonly binding: MaterialBinding;
}

/** How a material is written to tiles. */
export interface TileMaterialOptions {
  readonly hasTexture?: HasTexture;
  readonly feedback?: boolean | string;
  /** Whether it is drawn in a picture, in place of tiles; default false. */
  readonly isShown?: boolean;
}

const codes = new SharedCodes();

/** How many codes of materials have modules and pipelines, on all devices. */
export function sharedCodeCount(): number {
  return codes.size;
}

/** A virtual texture that materials sample. */
type SampledTexture = Parameters<HasTexture>[0];

/** What a material samples, by the use. */
interface Dependencies {
  readonly revision: number;
  readonly ofUse: Map<string, readonly SampledTexture[]>;
}

/** Compiles and binds materials on one device. Owns what it binds. */
export class MaterialCache {
  readonly #binder: MaterialBinder;
  readonly #sampled: SampledAssetBinder;
  readonly #inScene: Pick<SampledInScene, "noteSamples">;
  readonly #hasTexture: HasTexture;
  readonly #cached = new Map<MaterialInterface, Map<string, Cached>>();
  readonly #dependencies = new WeakMap<MaterialInterface, Dependencies>();
  readonly #numbers = new WeakMap<SampledTexture, number>();
  #nextNumber = 1;

  /**
   * Begins with nothing.
   *
   * @param parts The runtime virtual textures that materials may sample, which are borrowed, and what knows
   * whether a streamed texture is still loaded, and hears of what materials sample.
   */
  constructor(
    device: ForgeDevice,
    ledger: MemoryLedger,
    { sampled, inScene }: {
      readonly sampled: SampledAssetBinder;
      readonly inScene: Pick<SampledInScene, "hasTexture" | "noteSamples">;
    },
  ) {
    this.#sampled = sampled;
    this.#inScene = inScene;
    this.#hasTexture = (texture) => inScene.hasTexture(texture);
    this.#binder = new MaterialBinder(device, ledger, { runtimeVirtualTextures: sampled });
  }

  /**
   * A material for rendering tiles of a type; null if it writes nothing that the type stores.
   *
   * @param options Whether a virtual texture can be sampled in these tiles, others are not; whether
   * streamed textures report the tiles that they want, default false; and whether it is shown.
   * @throws {UnsupportedError} if it cannot be compiled.
   * @throws {BudgetError} if its parameters or textures do not fit the budget.
   */
  bindForTiles(
    material: MaterialInterface,
    materialType: MaterialTypeName,
    { hasTexture = this.#hasTexture, feedback = false, isShown = false }: TileMaterialOptions = {},
  ): DrawnMaterial | null {
    const options = {
      context: "virtual_texture",
      wanted: MATERIAL_TYPES[materialType].attributes,
      hasTexture,
      feedback,
    } as const;
    const without = this.#sampledOf(material, options).filter((texture) => !hasTexture(texture));
    const numbers = without.map((texture) => this.#numberOf(texture));
    const key = `tile ${materialType} ${feedback} ${numbers}`;
    const cached = this.#cachedFor(material, { key, materialType }, options);
    if (cached.compiled.writes.length === 0) return null;
    return this.#drawnMaterial(material, cached, isShown);
  }

  /**
   * A material for pictures.
   *
   * @throws {UnsupportedError} if it cannot be compiled.
   * @throws {BudgetError} if its parameters or textures do not fit the budget.
   */
  bindForPictures(
    material: MaterialInterface,
    { virtualTexturing, feedback }: PictureMaterialOptions,
  ): DrawnMaterial {
    const compileOptions = {
      context: "main_pass",
      virtualTexturing,
      feedback,
      relative: true,
      hasTexture: this.#hasTexture,
    } as const;
    const without = this.#sampledOf(material, compileOptions)
      .filter((texture) => !this.#hasTexture(texture));
    const numbers = without.map((texture) => this.#numberOf(texture));
    const key = `picture ${virtualTexturing} ${feedback} ${numbers}`;
    const use = { key, materialType: null };
    return this.#drawnMaterial(material, this.#cachedFor(material, use, compileOptions), true);
  }

  #drawnMaterial(material: MaterialInterface, cached: Cached, isShown: boolean): DrawnMaterial {
    // Types and volumes of assets change without a change of the material.
    this.#inScene.noteSamples(material, cached.compiled.layout, isShown);
    return drawnMaterial(material, cached);
  }

  /** The virtual textures that a material samples in a use, as far as it can sample them at all. */
  #sampledOf(
    material: MaterialInterface,
    { context, wanted }: Pick<CompileMaterialOptions, "context" | "wanted">,
  ): readonly SampledTexture[] {
    const { revision } = material;
    const use = `${context} ${wanted}`;
    let known = this.#dependencies.get(material);
    if (known?.revision !== revision) {
      this.#dependencies.set(material, known = { revision, ofUse: new Map() });
    }
    let textures = known.ofUse.get(use);
    if (textures === undefined) {
      const options = wanted === undefined ? { context } : { context, wanted };
      const { streamedTextures, runtimeVirtualTextures } = materialDependencies(material, options);
      known.ofUse.set(use, textures = [...streamedTextures, ...runtimeVirtualTextures]);
    }
    return textures;
  }

  #numberOf(texture: SampledTexture): number {
    let number = this.#numbers.get(texture);
    if (number === undefined) this.#numbers.set(texture, number = this.#nextNumber++);
    return number;
  }

  #cachedFor(
    material: MaterialInterface,
    { key, materialType }: { readonly key: string } & Pick<Cached, "materialType">,
    options: Omit<CompileMaterialOptions, "group" | "runtimeVirtualTextureCode" | "reports">,
  ): Cached {
    let ofMaterial = this.#cached.get(material);
    if (ofMaterial === undefined) this.#cached.set(material, ofMaterial = new Map());
    const use = materialType === null ? "picture" : "tile";
    const known = ofMaterial.get(key);
    const isCurrent = known !== undefined && known.graph === material.graph &&
      known.forms === this.#formsOf(known.compiled, material, use);
    if (isCurrent) return known;
    for (const [other, cached] of ofMaterial) {
      if (other !== key && cached.graph === material.graph) continue;
      destroy(cached);
      ofMaterial.delete(other);
    }
    const compiled = compileMaterial(material, {
      ...options,
      group: MATERIAL_GROUP,
      runtimeVirtualTextureCode: this.#sampled.code,
      reports: (asset) => this.#sampled.reports(asset),
    });
    const made: Cached = {
      materialType,
      graph: material.graph,
      forms: this.#formsOf(compiled, material, use),
      compiled,
      binding: this.#binder.bind(compiled, material),
      code: codes.acquire(compiled.key),
    };
    ofMaterial.set(key, made);
    return made;
  }

  /** How the textures that a material samples are stored and filtered now. */
  #formsOf(
    { layout }: CompiledMaterial,
    material: MaterialInterface,
    use: SampleUse,
  ): string {
    return layout.runtimeVirtualTextures
      .map((slot) => this.#sampled.formOf(assetOf(slot, material), use))
      .join();
  }

  /** Forgets a material. */
  release(material: MaterialInterface): void {
    const ofMaterial = this.#cached.get(material);
    if (ofMaterial === undefined) return;
    for (const cached of ofMaterial.values()) destroy(cached);
    this.#cached.delete(material);
  }

  /** Forgets how tiles of other types are rendered than some. */
  keepTypes(materialTypes: ReadonlySet<MaterialTypeName>): void {
    for (const [material, ofMaterial] of this.#cached) {
      for (const [key, cached] of ofMaterial) {
        const { materialType } = cached;
        if (materialType === null || materialTypes.has(materialType)) continue;
        destroy(cached);
        ofMaterial.delete(key);
      }
      if (ofMaterial.size === 0) this.#cached.delete(material);
    }
  }

  /** Frees everything. */
  destroy(): void {
    for (const material of [...this.#cached.keys()]) this.release(material);
    this.#binder.destroy();
  }
}

function destroy({ binding, code }: Cached): void {
  binding.destroy();
  codes.release(code);
}

function drawnMaterial(
  material: MaterialInterface,
  { compiled, binding, code }: Cached,
): DrawnMaterial {
  const { samples, runtimeVirtualTextures, layers } = compiled.layout;
  return {
    key: code.key,
    owner: code,
    name: compiled.name,
    lineLabels: compiled.lineLabels,
    code: compiled.code,
    writes: compiled.writes,
    layers,
    samples: samples.map(({ slot, isAtPixel }) => ({
      asset: assetOf(runtimeVirtualTextures[slot]!, material),
      isAtPixel,
    })),
    layout: binding.layout,
    group: binding.currentGroup(),
    isTwoSided: material.graph.twoSided,
  };
}
