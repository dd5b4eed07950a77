/**
 * What nodes of a material are at a point, as far as the CPU can know. Pure, in float64.
 *
 * @module
 */

import type { LoweredGraph, LoweredNode } from "../material/compile/lowered_graph.ts";
import type { MaterialOverrides } from "../material/mod.ts";
import { evaluateOperation, type Numbers, splat } from "./operations.ts";

/** A point that is drawn. */
export interface SurfacePoint {
  /** In the world. */
  readonly world: Numbers;
  /** The component's texture coordinate. */
  readonly uv: Numbers;
  /** Unit normal in the world; null if it is not known. */
  readonly normal: Numbers | null;
  /** Weight of a painted layer, 0 to 1; 0 where there is no such layer. */
  layerWeight(layer: string): number;
}

/** What is the same all over a tile that is filled. */
export interface TileProperties {
  /** Virtual Texture Output Level. */
  readonly level: number;
  /** Virtual Texture Max Level. */
  readonly maxLevel: number;
  /** Virtual Texture Output Derivative. */
  readonly texelSize: readonly [number, number];
}

/** Where a graph is evaluated. */
export interface EvaluationPlace {
  readonly point: SurfacePoint;
  readonly tile: TileProperties;
  /** Values of parameters that differ from the graph's own. */
  readonly overrides: MaterialOverrides;
}

/**
 * Values of some nodes of a graph and of what they are computed from, by the nodes' numbers; null where
 * a value depends on a texture, noise, WGSL of the user's own or normals that are not known. Others are
 * left out.
 */
export function evaluateGraph(
  { nodes }: LoweredGraph,
  wanted: readonly boolean[],
  place: EvaluationPlace,
): (Numbers | null | undefined)[] {
  const values: (Numbers | null | undefined)[] = [];
  nodes.forEach((node, number) => {
    values.push(wanted[number] ? valueOf(node, values, place) : undefined);
  });
  return values;
}

/** Which nodes some nodes are computed from, themselves included. */
export function nodesBehind({ nodes }: LoweredGraph, roots: Iterable<number>): boolean[] {
  const isBehind = new Array<boolean>(nodes.length).fill(false);
  for (const root of roots) isBehind[root] = true;
  for (let number = nodes.length - 1; number >= 0; number--) {
    if (isBehind[number]) { for (const input of nodes[number]!.inputs) isBehind[input] = true; }
  }
  return isBehind;
}

function valueOf(
  { operation, inputs, components }: LoweredNode,
  values: readonly (Numbers | null | undefined)[],
  { point, tile, overrides }: EvaluationPlace,
): Numbers | null {
  const known: Numbers[] = [];
  for (const input of inputs) {
    const value = values[input];
    if (value === null || value === undefined) return null;
    known.push(value);
  }
  switch (operation.kind) {
    case "constant":
      return operation.values;
    case "parameter": {
      // Of a parameter that had another number of components before the graph was changed.
      const set = overrides.numbers.get(operation.parameter);
      return set?.length === components ? set : operation.defaultValues;
    }
    case "input":
      if (operation.input === "world_position") return point.world;
      return operation.input === "vertex_normal" ? point.normal : point.uv;
    case "layer_weight":
      return [point.layerWeight(operation.layer)];
    case "view_property":
      if (operation.property === "virtual_texture_output_level") return [tile.level];
      if (operation.property === "virtual_texture_max_level") return [tile.maxLevel];
      return tile.texelSize;
    case "operation":
      return evaluateOperation(operation.operation, known);
    case "component_mask": {
      const [value] = known as [Numbers];
      if (value.length === 1) return splat(value, components);
      return [...operation.channels].map((channel) => value["xyzw".indexOf(channel)]!);
    }
    case "append":
      return known.flat();
    case "splat":
      return splat(known[0]!, components);
    case "noise":
    case "custom_wgsl":
    case "texture_sample":
    case "virtual_texture_sample":
    case "sample_call":
    case "sample_output":
      return null;
  }
}
