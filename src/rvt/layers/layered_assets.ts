/**
 * The runtime virtual textures whose layers are evaluated where pictures sample them, as code and as
 * bindings.
 *
 * @module
 */

import type { Vec3 } from "../../geometry/mod.ts";
import type { ForgeDevice, MemoryLedger, TrackedBuffer } from "../../gpu/mod.ts";
import type { DrawnMaterial, DrawnSample } from "../draw/drawn_material.ts";
import type { RuntimeVirtualTextureCode, RuntimeVirtualTextureLike } from "../material/mod.ts";
import { makePlace, type SampledAssetBinder, unplacedWgsl } from "../sample/sampled_assets.ts";
import { FillTargets } from "../tile/fill_targets.ts";
import type { AssetLayers, AssetLayersOf } from "./asset_layers.ts";
import { layeredBindings, layeredWgsl } from "./layered_wgsl.ts";

/** What layers are evaluated for. */
export interface LayeredPicture {
  /** Pixels of the picture. */
  readonly size: readonly [number, number];
  /** Where relative positions begin, in the world. */
  readonly origin: Vec3;
  /** Most samples of runtime virtual textures that a material takes. */
  readonly samples: number;
}

/** Before anything is known of the picture. */
const SMALLEST: LayeredPicture = { size: [1, 1], samples: 1, origin: [0, 0, 0] };
/**
 * Texels along the edge of a pixel in what layers are evaluated in, which has a quad for each pixel: see
 * `shaders/rvt/layer_triangles.wgsl`.
 */
export const LAYER_TEXELS = 2;

/** An asset in a picture. */
export interface LayeredAsset {
  readonly layers: AssetLayers;
  /** Tells it from other assets; above 0. */
  readonly number: number;
  /** What its layers are blended in: a texture layer for each sample, twice the picture's size. */
  readonly targets: FillTargets;
  /** Bound with the targets. */
  readonly uniforms: readonly TrackedBuffer[];
}

/**
 * Gives WGSL and bindings of textures whose layers are evaluated, for one picture after the other. Owns
 * what they are evaluated in. A texture that no volume places has its type's clear values everywhere.
 */
export class LayeredAssets implements SampledAssetBinder {
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #layersOf: AssetLayersOf;
  readonly #assets = new Map<RuntimeVirtualTextureLike, LayeredAsset>();
  #picture = SMALLEST;
  #generation = 0;

  /**
   * Begins with nothing.
   *
   * @param ledger Counts what layers are evaluated in.
   * @param layersOf Finds the layers of an asset.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, layersOf: AssetLayersOf) {
    this.#device = device;
    this.#ledger = ledger;
    this.#layersOf = layersOf;
  }

  /** See {@linkcode SampledAssetBinder}. */
  formOf(asset: RuntimeVirtualTextureLike): string {
    return this.#layersOf(asset) === null ? "nothing" : asset.materialType;
  }

  /** See {@linkcode SampledAssetBinder}: layers have no tiles. */
  reports(): boolean {
    return false;
  }

  /** Gives the WGSL of an asset. */
  readonly code: RuntimeVirtualTextureCode = (asset, { prefix, group, firstBinding }) =>
    this.#layersOf(asset) === null
      ? unplacedWgsl(prefix)
      : layeredWgsl(asset.materialType, { prefix, group, firstBinding });

  /** See {@linkcode SampledAssetBinder}. */
  layoutEntries(
    asset: RuntimeVirtualTextureLike,
    { firstBinding }: { readonly firstBinding: number },
  ): readonly GPUBindGroupLayoutEntry[] {
    if (this.#layersOf(asset) === null) return [];
    const { targets, uniforms } = layeredBindings(asset.materialType);
    const visibility = GPUShaderStage.FRAGMENT;
    return [
      ...targets.map((binding): GPUBindGroupLayoutEntry => ({
        binding: firstBinding + binding,
        visibility,
        texture: { sampleType: "unfilterable-float", viewDimension: "2d-array" },
      })),
      ...uniforms.map((binding): GPUBindGroupLayoutEntry => ({
        binding: firstBinding + binding,
        visibility,
        buffer: { type: "uniform" },
      })),
    ];
  }

  /** See {@linkcode SampledAssetBinder}. */
  entries(
    asset: RuntimeVirtualTextureLike,
    { firstBinding }: { readonly firstBinding: number },
  ): readonly GPUBindGroupEntry[] {
    const made = this.assetOf(asset);
    if (made === null) return [];
    const { targets, uniforms } = layeredBindings(asset.materialType);
    return [
      ...targets.map((binding, i) => ({
        binding: firstBinding + binding,
        resource: made.targets.views[i]!,
      })),
      ...uniforms.map((binding, i) => ({
        binding: firstBinding + binding,
        resource: { buffer: made.uniforms[i]!.buffer },
      })),
    ];
  }

  /** See {@linkcode SampledAssetBinder}. */
  generation(): number {
    return this.#generation;
  }

  /** The samples of a material whose layers are evaluated: those of placed textures, in their order. */
  samplesOf({ samples }: Pick<DrawnMaterial, "samples">): readonly DrawnSample[] {
    return samples.filter(({ asset }) => this.#layersOf(asset) !== null);
  }

  /** The layers of an asset; null if no volume places it. */
  layersOf(asset: RuntimeVirtualTextureLike): AssetLayers | null {
    return this.#layersOf(asset);
  }

  /** An asset in the picture that is drawn now, made the first time; null if no volume places it. */
  assetOf(asset: RuntimeVirtualTextureLike): LayeredAsset | null {
    const known = this.#assets.get(asset);
    if (known !== undefined) return known;
    const layers = this.#layersOf(asset);
    if (layers === null) return null;
    const number = this.#assets.size + 1;
    const { grid, toVolume } = layers.view;
    const { size, samples, origin } = this.#picture;
    const targets = new FillTargets(this.#device, this.#ledger, {
      materialType: asset.materialType,
      size: [LAYER_TEXELS * size[0], LAYER_TEXELS * size[1]],
      tiles: samples,
    });
    const uniforms = [
      this.#numbersBuffer([grid.width, grid.height, number, 0]),
      makePlace(this.#device, this.#ledger, {
        toVolume,
        heightRange: layers.heightRange,
        size: [grid.width, grid.height],
        origin,
      }),
    ];
    const made = { layers, number, targets, uniforms };
    this.#assets.set(asset, made);
    return made;
  }

  /** Begins a picture: all bind groups are made anew. */
  begin(picture: LayeredPicture): void {
    this.destroy();
    this.#picture = picture;
  }

  /** Frees what the last picture has used, whose commands are submitted. */
  destroy(): void {
    for (const { targets, uniforms } of this.#assets.values()) {
      targets.destroy();
      for (const buffer of uniforms) buffer.destroy();
    }
    this.#assets.clear();
    this.#picture = SMALLEST;
    this.#generation++;
  }

  #numbersBuffer(numbers: readonly number[]): TrackedBuffer {
    const made = this.#ledger.createBuffer("scratch", this.#device, {
      label: "size of runtime virtual texture",
      size: 4 * numbers.length,
      usage: GPUBufferUsage.UNIFORM,
      mappedAtCreation: true,
    });
    new Float32Array(made.buffer.getMappedRange()).set(numbers);
    made.buffer.unmap();
    return made;
  }
}
