/**
 * What drawing needs to know of a material.
 *
 * @module
 */

import type { AttributeName, RuntimeVirtualTextureLike } from "../asset/mod.ts";

/** A sample that a material's code takes of a runtime virtual texture. */
export interface DrawnSample {
  /** What is sampled. */
  readonly asset: RuntimeVirtualTextureLike;
  /** Whether it is taken at the very world position of the pixel. */
  readonly isAtPixel: boolean;
}

/** A material on the GPU. */
export interface DrawnMaterial {
  /** The same for materials whose code and layout are the same. */
  readonly key: string;
  /** As {@linkcode key}, an object: what is made for all such materials lives no longer than it. */
  readonly owner: object;
  /** What messages call it. */
  readonly name: string;
  /** What messages call the node of a line of the code. */
  readonly lineLabels: ReadonlyMap<number, string>;
  /** WGSL with `material_evaluate`, and what it needs. */
  readonly code: string;
  /** The attributes that it writes. */
  readonly writes: readonly AttributeName[];
  /** Names of the painted layers that it reads, in the order of their numbers. */
  readonly layers: readonly string[];
  /** Its samples of runtime virtual textures, in the order in which the code takes them. */
  readonly samples: readonly DrawnSample[];
  /** Layout of its bind group, which is number {@linkcode MATERIAL_GROUP}. */
  readonly layout: GPUBindGroupLayout;
  /** Its values and textures. */
  readonly group: GPUBindGroup;
  /** Whether triangles that are seen from behind are drawn. */
  readonly isTwoSided: boolean;
}

/** Number of the bind group that a material has. */
export const MATERIAL_GROUP = 2;
