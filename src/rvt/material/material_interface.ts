/**
 * What components hold: a material, or an instance of one.
 *
 * @module
 */

import type { RuntimeVirtualTextureLike } from "./expressions/expression.ts";
import { MATERIAL_DOMAINS, type MaterialGraph } from "./material_graph.ts";
import type { MaterialTexture } from "./material_texture.ts";

/** Values of parameters that differ from the graph's own, by the parameters' names. */
export interface MaterialOverrides {
  /** Of scalar and vector parameters: as many numbers as the parameter has components. */
  readonly numbers: ReadonlyMap<string, readonly number[]>;
  /** Of texture parameters. */
  readonly textures: ReadonlyMap<string, MaterialTexture>;
  /** Of samples of runtime virtual textures. */
  readonly runtimeVirtualTextures: ReadonlyMap<string, RuntimeVirtualTextureLike>;
}

/** A material, or an instance of one with parameters of its own. */
export interface MaterialInterface {
  /** What messages call it. */
  readonly name: string;
  /** The expressions; those of an instance are its material's. */
  readonly graph: MaterialGraph;
  /** The values that parameters have; of an instance, with those of the instances that it is made of. */
  readonly overrides: MaterialOverrides;
  /** Rises with every change of a parameter or of the graph. */
  readonly revision: number;
  /**
   * Calls a function after every change of a parameter or of the graph.
   *
   * @returns A function that ends this.
   */
  subscribe(listener: () => void): () => void;
}

/** Whether a value has what components need of a material: much else can be subscribed to. */
export function isMaterial(value: unknown): value is MaterialInterface {
  const { name, graph, overrides, revision, subscribe } = (value ?? {}) as Partial<
    MaterialInterface
  >;
  return typeof name === "string" && typeof subscribe === "function" &&
    typeof revision === "number" &&
    MATERIAL_DOMAINS.includes(graph?.domain!) && graph?.surfacePins instanceof Map &&
    overrides?.numbers instanceof Map && overrides.textures instanceof Map &&
    overrides.runtimeVirtualTextures instanceof Map;
}
