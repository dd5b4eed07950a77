/**
 * Random materials: well-typed graphs of all kinds of nodes whose values float32 and float64 agree on.
 *
 * @module
 */

import { type AttributeName, ATTRIBUTES } from "../../../../src/rvt/asset/attributes.ts";
import * as make from "../../../../src/rvt/material/expressions.ts";
import type {
  ComponentCount,
  Expression,
} from "../../../../src/rvt/material/expressions/expression.ts";
import { Material, SURFACE_PIN_NAMES } from "../../../../src/rvt/material/material.ts";
import type { MaterialDomain } from "../../../../src/rvt/material/material_graph.ts";
import type { MaterialTexture } from "../../../../src/rvt/material/material_texture.ts";
import { seededRandom } from "../../../helpers/random.ts";
import type { Vec3 } from "../affine.ts";
import {
  type Bounded,
  bounded,
  clampedTo,
  product,
  sizeOf,
  sum,
  withComponents,
} from "./bounded_expression.ts";
import { RANDOM_STEPS, type RandomChoice } from "./random_steps.ts";

/** How far from float64 random graphs may be in float32, of values from 0 to 1 or of length 1. */
export const RANDOM_GRAPH_ERROR = 1e-4;

/** What random materials are to be like. */
export interface RandomMaterialOptions {
  readonly seed: number;
  /** Attributes of which some are written, one at least. */
  readonly attributes: readonly AttributeName[];
  /** Whether all of them are written, and opaque; default false. */
  readonly isComplete?: boolean;
  /** Where the material will be seen: world positions are scaled to −1 to 1 about there. */
  readonly around: { readonly center: Vec3; readonly radius: number };
  /** Painted layers to use; default none. */
  readonly layers?: readonly string[];
  /** Textures to sample; default none. What filters add in hardware is not in the error's bound. */
  readonly textures?: readonly MaterialTexture[];
  /**
   * Default `"virtual_texture"`. A `surface` shades pictures with the same nodes, as far as it has the
   * pins.
   */
  readonly domain?: MaterialDomain;
  /** Whether both sides are drawn; default false. */
  readonly twoSided?: boolean;
  /** Operations from one leaf to an output at most; default 6. */
  readonly depth?: number;
}

/**
 * A material. Everything that it writes is from 0 to 1, but normals,
 * which point upwards at length 1, and world heights, which are those of the surface, up to a quarter of
 * the radius higher. Without `isComplete` opacity is anything.
 */
export function randomMaterial(options: RandomMaterialOptions): Material {
  const { seed, attributes, isComplete = false, around, depth = 6 } = options;
  const random = seededRandom(seed);
  const choice: RandomChoice = {
    random,
    between: (low, high) => low + (high - low) * random(),
    pick: (things) => things[Math.floor(random() * things.length)]!,
  };
  const first = choice.pick(attributes);
  const written = attributes.filter((name) => isComplete || name === first || random() < 0.6);
  const grow = (components: ComponentCount) =>
    randomExpression({ components, depth, choice, leaf: (n) => leafOf(n, options, choice) });
  const pins: Partial<Record<AttributeName | "opacity", Expression>> = {};
  for (const name of written) {
    const grown = grow(ATTRIBUTES[name].components);
    if (name === "normal") pins[name] = upwards(grown);
    else if (name === "worldHeight") pins[name] = raised(grown, around.radius);
    else pins[name] = make.saturate(centred(grown));
  }
  if (!isComplete) pins.opacity = make.saturate(centred(grow(1)));
  const { domain = "virtual_texture", twoSided = false } = options;
  const name = `random ${seed}`;
  if (domain === "virtual_texture") return new Material({ name, domain, twoSided, ...pins });
  const shading = SURFACE_PIN_NAMES.filter((pin) => pins[pin] !== undefined)
    .map((pin) => [pin, pins[pin]!]);
  const rvtOutput = make.runtimeVirtualTextureOutput(pins);
  return new Material({ name, domain, twoSided, ...Object.fromEntries(shading), rvtOutput });
}

/** What {@linkcode randomExpression} grows. */
export interface RandomExpressionOptions {
  readonly components: ComponentCount;
  /** Steps below it at most. */
  readonly depth: number;
  readonly choice: RandomChoice;
  /** Makes what graphs begin with. */
  readonly leaf: (components: ComponentCount) => Bounded;
}

/** A random expression between −4 and 4 with an error of half of what random graphs may have. */
export function randomExpression(options: RandomExpressionOptions): Bounded {
  const { components, depth, choice, leaf } = options;
  if (depth === 0 || choice.random() < 0.1) return leaf(components);
  const inner = choice.pick([components, components, 3, 1] as const);
  const grow = () => randomExpression({ ...options, components: inner, depth: depth - 1 });
  const inputs = { a: grow(), b: leafOrGrown(grow, options, inner), c: leaf(inner) };
  const step = choice.pick(
    Object.keys(RANDOM_STEPS).filter((name) =>
      // Vectors of one component have no direction.
      inner > 1 || !["normalize", "blend_normals"].includes(name)
    ),
  );
  const made = RANDOM_STEPS[step]!(inputs, choice);
  const result = made.error <= RANDOM_GRAPH_ERROR / 2 ? made : inputs.c;
  return withComponents(clampedTo(result, [-4, 4]), components);
}

function leafOrGrown(
  grow: () => Bounded,
  { choice, leaf }: RandomExpressionOptions,
  components: ComponentCount,
): Bounded {
  return choice.random() < 0.5 ? grow() : leaf(components);
}

/** Something that graphs begin with. */
function leafOf(
  components: ComponentCount,
  { around, layers = [], textures = [] }: RandomMaterialOptions,
  { random, between, pick }: RandomChoice,
): Bounded {
  const number = () => between(-1, 1);
  const name = () => `parameter ${Math.floor(random() * 2 ** 32)}`;
  const leaves: (() => Bounded)[] = [
    () => bounded(make.constant(Array.from({ length: components }, number)), [-1, 1], 0),
    () => {
      const values = Array.from({ length: components }, number);
      const node = components === 1
        ? make.scalarParameter(name(), values[0]!)
        : make.vectorParameter(name(), values);
      return bounded(node, [-1, 1], 0);
    },
    () => placeLeaf(around),
    () => placeLeaf(around),
    // Corners that hardware rounds to 1/256 of a texel move uv a little.
    () => bounded(make.textureCoordinate(), [0, 1], 1e-5),
    () => bounded(make.vertexNormal(), [-1, 1], 1e-5),
    () => {
      const level = make.viewProperty("virtual_texture_output_level");
      return bounded(make.multiply(level, 0.1), [0, 1.2], 0);
    },
    () => {
      const share = make.divide(level(), make.viewProperty("virtual_texture_max_level"));
      return bounded(share, [0, 1], 0);
    },
    () => {
      const size = make.viewProperty("virtual_texture_output_derivative");
      return bounded(make.saturate(size), [0, 1], 1e-6);
    },
  ];
  if (layers.length > 0) {
    leaves.push(() => bounded(make.layerWeight(pick(layers)), [0, 1], 1e-5));
  }
  for (const texture of textures) {
    const uv = make.multiply(make.textureCoordinate(), between(0.5, 2));
    leaves.push(() => bounded(make.textureSample(texture, { uv }), [0, 1], 1e-6));
  }
  return withComponents(pick(leaves)(), components);
}

function level(): Expression {
  return make.viewProperty("virtual_texture_output_level");
}

/** World positions from −1 to 1. */
function placeLeaf({ center, radius }: RandomMaterialOptions["around"]): Bounded {
  const node = make.multiply(make.subtract(make.worldPosition(), [...center]), 1 / radius);
  const size = Math.max(...center.map(Math.abs)) + radius;
  // What the GPU interpolates is some roundings of a position away.
  return bounded(node, [-2, 2], 4 * size * 2 ** -23 / radius);
}

/** Brought from −1 to 1, where most values are, to 0 to 1. */
function centred(x: Bounded): Expression {
  return make.add(make.multiply(x.node, 0.5), 0.5);
}

/** A unit vector with z above 0. */
function upwards(x: Bounded): Expression {
  const around = product(clampedTo(x, [-1, 1]), bounded(make.constant([1, 1, 0]), [0, 1], 0));
  return make.normalize(sum(around, bounded(make.constant([0, 0, 1]), [0, 1], 0)).node);
}

/** Heights of the surface and a part of the radius above it. */
function raised(x: Bounded, radius: number): Expression {
  const part = make.multiply(make.absolute(x.node), radius / 4 / Math.max(1, sizeOf(x)));
  return make.add(make.componentMask(make.worldPosition(), "z"), part);
}
