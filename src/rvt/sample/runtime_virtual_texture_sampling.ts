/**
 * What your own pipelines need to sample a runtime virtual texture.
 *
 * @module
 */

import { checkedBoolean, checkedInteger, checkedVector, checkOptionNames } from "../../checks.ts";
import { InvalidArgumentError } from "../../errors.ts";
import type { Vec3 } from "../../geometry/mod.ts";
import type { RuntimeVirtualTextureLike } from "../asset/mod.ts";
import {
  runtimeVirtualTextureWgsl,
  type RuntimeVirtualTextureWgslOptions,
} from "./runtime_virtual_texture_wgsl.ts";
import {
  type PlacedTexture,
  type PlacedTextureOf,
  type SampledAssets,
  sampledLayoutEntries,
} from "./sampled_assets.ts";

/** Options of entries. */
export interface SamplingEntryOptions {
  /** Number of the first binding; default 0. The texture takes numbers up to 8 more. */
  readonly firstBinding?: number;
  /** Whether the shader was made with `feedback: true`; default false. */
  readonly feedback?: boolean;
}

/** WGSL and bindings of an asset, as its volume places it now. */
export class RuntimeVirtualTextureSampling {
  /** The asset. */
  readonly asset: RuntimeVirtualTextureLike;
  readonly #placedOf: PlacedTextureOf;
  readonly #sampled: () => SampledAssets;

  /**
   * Scenes make these.
   *
   * @internal
   */
  constructor(
    asset: RuntimeVirtualTextureLike,
    parts: { readonly placedOf: PlacedTextureOf; readonly sampled: () => SampledAssets },
  ) {
    this.asset = asset;
    this.#placedOf = parts.placedOf;
    this.#sampled = parts.sampled;
  }

  /** Whether a volume places the asset, so that it can be sampled. */
  get isPlaced(): boolean {
    return this.#placedOf(this.asset) !== null;
  }

  #placed(verb: string): PlacedTexture {
    const placed = this.#placedOf(this.asset);
    if (placed !== null) return placed;
    throw new InvalidArgumentError(
      "asset",
      `Cannot ${verb} runtime virtual texture "${this.asset.name}" as no volume places it: add one to the ` +
        "scene, with virtual texturing, and await its settled()",
    );
  }

  /**
   * WGSL as {@linkcode runtimeVirtualTextureWgsl} gives it for the asset as it is stored now.
   *
   * @throws {InvalidArgumentError} if no volume places the asset, or an option is wrong.
   */
  wgsl(options: RuntimeVirtualTextureWgslOptions): string {
    return runtimeVirtualTextureWgsl(this.#placed("make WGSL of").sampled, options);
  }

  /**
   * Rises with every replacement of the entries; bind groups of older ones are out of date. WGSL and layout
   * change with the asset's type, its compression, and the device alone.
   *
   * @throws {InvalidArgumentError} if no volume places the asset.
   */
  get generation(): number {
    this.#placed("bind");
    return this.#sampled().generation(this.asset);
  }

  /**
   * Entries of a bind group layout.
   *
   * @throws {InvalidArgumentError} if no volume places the asset, or an option is wrong.
   */
  layoutEntries(options: SamplingEntryOptions = {}): GPUBindGroupLayoutEntry[] {
    const bound = checkedEntryOptions(options);
    return sampledLayoutEntries(this.#placed("bind").sampled, bound);
  }

  /**
   * Sets where the positions begin that `rvt_sample_relative` takes, of all textures of the scene, for what is
   * submitted from now on; at first the world's origin. With the camera's position, say, and positions from
   * it that are computed in 64 bits, samples are exact near the camera wherever in the world that is.
   *
   * @param origin In the world.
   * @throws {InvalidArgumentError} if it is not three numbers, or no volume places the asset.
   * @throws {OutOfRangeError} if a number is not finite.
   */
  setOrigin(origin: ArrayLike<number>): void {
    const failure = "Cannot set origin";
    const at = checkedVector(origin, { name: "origin", failure, length: 3 });
    this.#placed("set origin of");
    this.#sampled().setOrigin(Array.from(at) as unknown as Vec3);
  }

  /**
   * Entries of a bind group, for the device as it is now.
   *
   * @throws {InvalidArgumentError} if no volume places the asset, or an option is wrong.
   */
  entries(options: SamplingEntryOptions = {}): GPUBindGroupEntry[] {
    const { firstBinding, feedback } = checkedEntryOptions(options);
    this.#placed("bind");
    return [...this.#sampled().entries(this.asset, { firstBinding, bindsFeedback: feedback })];
  }
}

function checkedEntryOptions(options: SamplingEntryOptions): Required<SamplingEntryOptions> {
  const failure = "Cannot bind runtime virtual texture";
  checkOptionNames(options, { failure, names: ["firstBinding", "feedback"] });
  const { firstBinding = 0, feedback = false } = options;
  return {
    firstBinding: checkedInteger(firstBinding, {
      name: "firstBinding",
      failure,
      range: [0, Infinity],
    }),
    feedback: checkedBoolean(feedback, { name: "feedback", failure }),
  };
}
