/**
 * How large graphs may be.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import { ATTRIBUTE_NAMES } from "../asset/attributes.ts";
import { lowerMaterial, MOST_NODES } from "./compile/lower_material.ts";
import type { Expression, MaterialFunctionGraph } from "./expressions/expression.ts";
import { reachedBy } from "./expressions/reached_by.ts";
import { COMPILE_CONTEXTS, type MaterialGraph } from "./material_graph.ts";
import type { MaterialInterface, MaterialOverrides } from "./material_interface.ts";
import type { MaterialParameter } from "./material_parameters.ts";

/** Scalar and vector parameters that a uniform buffer of the least size that devices allow (64 KiB) holds. */
export const MOST_PARAMETERS = 4096;

/** A material as far as its size depends on it. */
export interface SizedMaterial extends Pick<MaterialInterface, "name" | "graph"> {
  readonly parameters: ReadonlyMap<string, MaterialParameter>;
  readonly overrides: MaterialOverrides;
}

/**
 * Checks that a graph can be compiled.
 *
 * @param failure What cannot be done if it is too large.
 * @throws {UnsupportedError} if it has more than 4096 scalar and vector parameters, or more than 65,536
 * distinct nodes with those of the functions that it calls, once for each call of other values.
 */
export function assertGraphSize(material: SizedMaterial, failure: string): void {
  const numbers = [...material.parameters.values()].filter(({ kind }) =>
    kind === "scalar" || kind === "vector"
  );
  if (numbers.length > MOST_PARAMETERS) {
    throw new UnsupportedError("parameters", `${failure}: more than ${MOST_PARAMETERS} parameters`);
  }
  if (mostNodesOf(material.graph) <= MOST_NODES) return;
  // Calls with equal values count once, which is known when their functions are in their place.
  for (const context of COMPILE_CONTEXTS) {
    for (const virtualTexturing of [true, false]) {
      lowerMaterial(material, { context, wanted: ATTRIBUTE_NAMES, virtualTexturing });
    }
  }
}

/** Nodes of a graph, and of the functions that it calls, once for each call. */
function mostNodesOf({ surfacePins, output }: MaterialGraph): number {
  const known = new Map<MaterialFunctionGraph, number>();
  return sizeOf([...surfacePins.values(), ...(output?.pins.values() ?? [])]);

  function sizeOf(roots: Iterable<Expression>): number {
    let size = 0;
    for (const node of reachedBy(roots)) {
      size += 1 + (node.kind === "function_call" ? functionSize(node.function) : 0);
    }
    return size;
  }

  function functionSize(called: MaterialFunctionGraph): number {
    let size = known.get(called);
    if (size === undefined) known.set(called, size = sizeOf(Object.values(called.outputs)));
    return size;
  }
}
