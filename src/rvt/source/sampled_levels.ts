/**
 * Places and levels of the samples that a material takes. Pure, in float64.
 *
 * @module
 */

import { STEADY_REACH } from "../../gpu/mod.ts";
import type { LoweredGraph, SampleCall } from "../material/compile/lowered_graph.ts";
import type {
  RuntimeMipMode,
  VirtualTextureSampleExpression,
} from "../material/expressions/expression.ts";
import type { Numbers } from "./operations.ts";

/** What takes a sample of a virtual texture. */
export interface SampleNode {
  /** Its number in the graph. */
  readonly number: number;
  readonly operation: VirtualTextureSampleExpression | SampleCall;
  readonly inputs: readonly number[];
}

/** The nodes of a graph that sample virtual textures. */
export function sampleNodes({ nodes }: LoweredGraph): SampleNode[] {
  return nodes.flatMap(({ operation, inputs }, number) =>
    operation.kind === "virtual_texture_sample" || operation.kind === "sample_call"
      ? [{ number, operation, inputs }]
      : []
  );
}

/** Values of a node's inputs at a point, and at the points one texel to the right and below. */
export interface SampleInputs {
  readonly at: readonly Numbers[];
  /** Where it is sampled there; null if the level does not depend on it. */
  readonly right: Numbers;
  readonly below: Numbers;
}

/** How a texture is found from what a node samples by. */
export interface SampledPlane {
  /** Texels of level 0. */
  readonly size: readonly [number, number];
  /** u, v of a world position; null for a texture that is sampled by uv alone. */
  readonly uvOf: ((world: Numbers) => Numbers) | null;
}

/** A sample: where, in uv, and the level of detail, which may be below 0. */
export interface Sample {
  readonly uv: Numbers;
  readonly level: number;
}

/** The sample that a node takes. */
export function sampleAt(
  { operation }: SampleNode,
  { at, right, below }: SampleInputs,
  plane: SampledPlane,
): Sample {
  const isWorld = operation.kind === "sample_call" && operation.settings.by === "world_position";
  const uvOf = (place: Numbers) => isWorld ? plane.uvOf!(place) : place;
  const uv = uvOf(at[0]!);
  const mode: RuntimeMipMode = operation.kind === "sample_call"
    ? operation.settings.mipMode
    : operation.mipMode;
  const stepped = (place: Numbers) => difference(uvOf(place), uv);
  switch (mode) {
    case "level":
      return { uv, level: at[1]![0]! };
    case "none":
      return { uv, level: levelOf(stepped(right), stepped(below), plane) };
    case "bias":
      return { uv, level: levelOf(stepped(right), stepped(below), plane) + at[1]![0]! };
    case "derivatives":
      return { uv, level: levelOf(at[1]!, at[2]!, plane) };
    case "world_derivatives": {
      const origin = plane.uvOf!([0, 0, 0]);
      const [ddx, ddy] = [at[1]!, at[2]!].map((step) => difference(plane.uvOf!(step), origin));
      return { uv, level: levelOf(ddx!, ddy!, plane) };
    }
  }
}

function difference(a: Numbers, b: Numbers): Numbers {
  return a.map((value, k) => value - b[k]!);
}

/** As `vt_unbiased_level` in `shaders/sampling/sample_steady_level.wgsl`. */
function levelOf(ddx: Numbers, ddy: Numbers, { size }: SampledPlane): number {
  const texels = ([u, v]: Numbers) => Math.hypot(u! * size[0], v! * size[1]);
  return Math.log2(Math.max(texels(ddx), texels(ddy), 1e-10));
}

/** Levels of detail that are this close are one, but for rounding. */
const SAME_LEVELS = 0.01;
/** What levels between points may be beyond those of the points, where these differ. */
const LEVEL_MARGIN = 0.15;

/**
 * The levels that samples with levels of detail between two numbers tap.
 *
 * @returns First and last of them.
 */
export function tappedLevels(
  least: number,
  most: number,
  lastLevel: number,
): readonly [number, number] {
  const margin = most - least > SAME_LEVELS ? LEVEL_MARGIN : 0;
  const inside = (level: number) => Math.min(Math.max(level, 0), lastLevel);
  const first = Math.floor(towardsInteger(inside(least - margin)));
  const last = Math.ceil(towardsInteger(inside(most + margin)));
  return [first, last];
}

/** As `vt_steady_level` in `shaders/sampling/sample_steady_level.wgsl`, where that is certain. */
function towardsInteger(level: number): number {
  const nearest = Math.round(level);
  return Math.abs(level - nearest) < STEADY_REACH * CERTAIN_PART ? nearest : level;
}

/** The rest of the reach is for what derivatives are rounded by on the GPU. */
const CERTAIN_PART = 0.75;
