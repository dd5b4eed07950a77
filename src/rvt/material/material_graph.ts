/**
 * What a material is made of, without its name and its listeners.
 *
 * @module
 */

import { OutOfRangeError } from "../../errors.ts";
import type { Expression, MaterialFunctionGraph } from "./expressions/expression.ts";
import { reachedBy } from "./expressions/reached_by.ts";
import type {
  OutputPinName,
  RuntimeVirtualTextureOutput,
} from "./expressions/runtime_virtual_texture_output.ts";

/**
 * What a material is for: surfaces, which are drawn in pictures and may write to runtime virtual
 * textures too, or virtual textures alone.
 */
export type MaterialDomain = "surface" | "virtual_texture";

/** Every {@linkcode MaterialDomain}. */
export const MATERIAL_DOMAINS: readonly MaterialDomain[] = Object.freeze(
  ["surface", "virtual_texture"] as const,
);

/** The expressions of a material, by what they are for, and which sides they are drawn on. */
export interface MaterialGraph {
  /** What the material is for. */
  readonly domain: MaterialDomain;
  /** What shades pictures; empty in the domain `virtual_texture`. */
  readonly surfacePins: ReadonlyMap<OutputPinName, Expression>;
  /** What is written to runtime virtual textures; null for nothing. */
  readonly output: RuntimeVirtualTextureOutput | null;
  /** Whether triangles that are seen from behind are drawn. */
  readonly twoSided: boolean;
}

/** What a pass takes from a material. */
export type CompileContext = "virtual_texture" | "main_pass";

/** Every {@linkcode CompileContext}. */
export const COMPILE_CONTEXTS: readonly CompileContext[] = Object.freeze(
  ["virtual_texture", "main_pass"] as const,
);

/** The pins that are connected in a context. */
export function contextPins(
  graph: MaterialGraph,
  context: CompileContext,
): ReadonlyMap<OutputPinName, Expression> {
  if (context === "main_pass") return graph.surfacePins;
  return graph.output?.pins ?? new Map();
}

/** All expressions of a graph and the functions that it calls, and those functions by name. */
export interface GraphNodes {
  /** Each once, after its inputs; those of a function before its calls. */
  readonly nodes: readonly Expression[];
  /** Each after the functions that it calls. */
  readonly functions: ReadonlyMap<string, MaterialFunctionGraph>;
}

/**
 * Finds all nodes of a graph, in functions too.
 *
 * @param failure What cannot be done if the graph is not valid.
 * @throws {OutOfRangeError} if two functions have the same name, or an input of a function is used
 * outside of it.
 */
export function graphNodes(graph: MaterialGraph, failure: string): GraphNodes {
  const roots = [...graph.surfacePins.values(), ...(graph.output?.pins.values() ?? [])];
  const stray = reachedBy(roots).find((node) => node.kind === "function_input");
  if (stray !== undefined) {
    throw new OutOfRangeError(
      "graph",
      `${failure} as the input ${stray.input} of a material function is used outside of it`,
    );
  }
  return functionNodes(roots, failure);
}

/**
 * As {@linkcode graphNodes}, of some expressions, which may be those of a function.
 *
 * @throws {OutOfRangeError} if two functions have the same name.
 */
export function functionNodes(roots: Iterable<Expression>, failure: string): GraphNodes {
  const functions = new Map<string, MaterialFunctionGraph>();
  const nodes = new Set<Expression>();
  addNodes(roots);
  return { nodes: [...nodes], functions };

  function addNodes(roots: Iterable<Expression>): void {
    for (const node of reachedBy(roots)) {
      if (node.kind === "function_call") addFunction(node.function);
      nodes.add(node);
    }
  }

  function addFunction(called: MaterialFunctionGraph): void {
    const known = functions.get(called.name);
    if (known === called) return;
    if (known !== undefined) {
      throw new OutOfRangeError(
        "name",
        `${failure} as two of its material functions are called "${called.name}"`,
      );
    }
    addNodes(Object.values(called.outputs));
    functions.set(called.name, called);
  }
}
