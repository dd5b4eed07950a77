/**
 * The steps by which random graphs grow: each makes a new expression of earlier ones.
 *
 * @module
 */

import * as make from "../../../../src/rvt/material/expressions.ts";
import {
  type Bounded,
  bounded,
  boundedConstant,
  clampedTo,
  differenceOf,
  offsetSize,
  product,
  sizeOf,
  sum,
  withComponents,
} from "./bounded_expression.ts";
import type { Numbers } from "./operations.ts";

/** What steps draw from. */
export interface RandomChoice {
  /** From 0 to below 1. */
  readonly random: () => number;
  /** A number between two. */
  readonly between: (low: number, high: number) => number;
  /** One of some things. */
  readonly pick: <T>(things: readonly T[]) => T;
}

/** Makes an expression of `a`, and of `b` and `c` if it has use for them. All have the same components. */
export type RandomStep = (
  inputs: { readonly a: Bounded; readonly b: Bounded; readonly c: Bounded },
  choice: RandomChoice,
) => Bounded;

/** What the GPU may add to the error of a function that it approximates. */
const APPROXIMATION = 1e-5;

/** Custom WGSL of random graphs, and what it does. */
export const RANDOM_CUSTOM_WGSL: ReadonlyMap<string, (...inputs: Numbers[]) => Numbers> = new Map([
  ["return 0.5 * a + 0.25 * b;", (a, b) => a!.map((part, k) => 0.5 * part + 0.25 * b![k]!)],
  [
    "var sum = a;\nfor (var i = 0; i < 3; i++) { sum = 0.5 * (sum + b); }\nreturn sum;",
    (a, b) => a!.map((part, k) => (part + 7 * b![k]!) / 8),
  ],
]);

/** Every step. Discontinuous operations are applied to what is the same everywhere. */
export const RANDOM_STEPS: Readonly<Record<string, RandomStep>> = {
  absolute: ({ a }) => offsetSize(a, 0),
  add: ({ a, b }) => sum(a, b),
  subtract: ({ a, b }) => differenceOf(a, b),
  multiply: ({ a, b }) => product(a, b),
  one_minus: ({ a }) => ({ ...differenceOf(boundedConstant(1), a), node: make.oneMinus(a.node) }),
  divide: ({ a, b }) => {
    const by = offsetSize(b, 1);
    const size = sizeOf(a);
    return bounded(make.divide(a.node, by.node), [-size, size], a.error + size * by.error);
  },
  minimum: ({ a, b }) => {
    const range = [Math.min(a.low, b.low), Math.min(a.high, b.high)] as const;
    return bounded(make.minimum(a.node, b.node), range, Math.max(a.error, b.error));
  },
  maximum: ({ a, b }) => {
    const range = [Math.max(a.low, b.low), Math.max(a.high, b.high)] as const;
    return bounded(make.maximum(a.node, b.node), range, Math.max(a.error, b.error));
  },
  saturate: ({ a }) => bounded(make.saturate(a.node), [0, 1], a.error),
  clamp: ({ a }, { between }) => clampedTo(a, [between(-1, 0), between(0.1, 1)]),
  sine: ({ a }) => {
    const angle = clampedTo(a, [-3, 3]);
    return bounded(make.sine(angle.node), [-1, 1], angle.error + APPROXIMATION);
  },
  cosine: ({ a }) => {
    const angle = clampedTo(a, [-3, 3]);
    return bounded(make.cosine(angle.node), [-1, 1], angle.error + APPROXIMATION);
  },
  sqrt: ({ a }) => {
    const x = offsetSize(a, 0.25);
    return bounded(make.sqrt(x.node), [0.5, Math.sqrt(x.high)], x.error);
  },
  power: ({ a }, { between }) => {
    const base = clampedTo(offsetSize(a, 0.5), [0.5, 2]);
    const exponent = between(0.5, 2);
    const error = base.error * exponent * 2 ** Math.max(0, exponent - 1) * Math.SQRT2;
    const node = make.power(base.node, exponent);
    return bounded(node, [0.5 ** exponent, 2 ** exponent], error + 2 * APPROXIMATION);
  },
  lerp: ({ a, b, c }) => {
    const alpha = make.saturate(c.node);
    const range = [Math.min(a.low, b.low), Math.max(a.high, b.high)] as const;
    const error = Math.max(a.error, b.error) + c.error * (range[1] - range[0]);
    return bounded(make.lerp(a.node, b.node, { alpha }), range, error);
  },
  smoothstep: ({ a }, { between, pick }) => {
    const from = between(-1, 1);
    const width = between(0.5, 1.5) * pick([-1, 1]);
    const node = make.smoothstep(a.node, { from, to: from + width });
    return bounded(node, [0, 1], 1.5 / Math.abs(width) * (a.error + 1e-7));
  },
  step: ({ a }, { random }) => {
    // Levels are integers: away from the edge.
    const level = make.viewProperty("virtual_texture_output_level");
    const edge = Math.floor(random() * 3) + 0.5;
    return product(a, bounded(make.step(level, { edge }), [0, 1], 0));
  },
  floor: ({ a }, { between }) => {
    const number = Math.floor(between(-2, 2)) + between(0.1, 0.9);
    return sum(a, bounded(make.floor(number), [-2, 2], 0));
  },
  fraction: ({ a }, { between }) => {
    const number = Math.floor(between(-2, 2)) + between(0.1, 0.9);
    return product(a, bounded(make.fraction(number), [0, 1], 1e-6));
  },
  dot: ({ a, b }) => {
    const size = a.node.components * sizeOf(a) * sizeOf(b);
    const error = a.node.components * (a.error * sizeOf(b) + b.error * sizeOf(a));
    return bounded(make.dot(a.node, b.node), [-size, size], error);
  },
  length: ({ a }) => {
    const root = Math.sqrt(a.node.components);
    return bounded(make.length(a.node), [0, root * sizeOf(a)], root * a.error + 1e-6);
  },
  distance: ({ a, b }) => {
    const root = Math.sqrt(a.node.components);
    const most = root * (sizeOf(a) + sizeOf(b));
    return bounded(make.distance(a.node, b.node), [0, most], root * (a.error + b.error) + 1e-6);
  },
  normalize: ({ a, b }) => {
    const upwards = upwardsOf(a, b);
    return bounded(make.normalize(upwards.node), [-1, 1], 2 * upwards.error + 1e-6);
  },
  blend_normals: ({ a, b, c }) => {
    const [base, detail] = [upwardsOf(a, b), upwardsOf(b, c)];
    // Its derivative by either is at most the length of t and some more: 4 with room to spare.
    const error = 8 * (base.error + detail.error) + 1e-6;
    return bounded(make.blendNormals(base.node, detail.node), [-1, 1], error);
  },
  cross: ({ a, b }) => {
    const [x, y] = [withComponents(a, 3), withComponents(b, 3)];
    const size = 2 * sizeOf(x) * sizeOf(y);
    const error = 2 * (x.error * sizeOf(y) + y.error * sizeOf(x));
    return bounded(make.cross(x.node, y.node), [-size, size], error);
  },
  component_mask: ({ a }, { pick }) => {
    const existing = [..."xyzw"].slice(0, a.node.components);
    const channels = existing.map(() => pick(existing)).join("");
    return { ...a, node: make.componentMask(a.node, channels) };
  },
  append: ({ a, b }) => {
    const parts = [withComponents(a, 1).node, withComponents(b, 2).node];
    const error = Math.max(a.error, b.error);
    return bounded(
      make.append(...parts),
      [Math.min(a.low, b.low), Math.max(a.high, b.high)],
      error,
    );
  },
  noise: ({ a }, { pick, random, between }) => {
    const kind = pick(["value", "gradient"] as const);
    const octaves = 1 + Math.floor(random() * 3);
    const frequency = between(0.5, 2);
    const place = make.multiply(withComponents(a, pick([2, 3])).node, frequency);
    const seed = Math.floor(random() * 2 ** 32);
    // An octave's slope along an axis is at most 15/8 of values and 4 of gradients; all have the same.
    const slope = frequency * 3 * (kind === "value" ? 15 / 8 : 4) * octaves;
    const range = kind === "value" ? [0, 1] as const : [-1, 1] as const;
    return bounded(make.noise(place, { kind, octaves, seed }), range, slope * a.error + 2e-6);
  },
  custom_wgsl: ({ a, b }, { pick }) => {
    const code = pick([...RANDOM_CUSTOM_WGSL.keys()]);
    const { components } = a.node;
    const node = make.customWgsl({ code, inputs: { a: a.node, b: b.node }, components });
    const range = [Math.min(a.low, b.low, 0), Math.max(a.high, b.high, 0)] as const;
    return bounded(node, range, Math.max(a.error, b.error));
  },
  replace: ({ a, b }) => ({
    ...b,
    node: make.runtimeVirtualTextureReplace({ default: a.node, output: b.node }),
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
    error: Math.max(a.error, b.error),
  }),
  feature_switch: ({ a, b }) => ({
    node: make.virtualTextureFeatureSwitch({ yes: a.node, no: b.node }),
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
    error: Math.max(a.error, b.error),
  }),
  function_call: ({ a, b }, { between, random }) => {
    const factor = between(-1, 1);
    const { components } = a.node;
    const name = `mixed_${Math.floor(random() * 2 ** 32)}`;
    const mixed = make.materialFunction(name, {
      inputs: { x: components, y: components },
      build: ({ x, y }) => ({ mixed: make.add(x, make.multiply(y, factor)) }),
    });
    const inner = sum(a, product(b, boundedConstant(factor)));
    return { ...inner, node: mixed.call({ x: a.node, y: b.node }).mixed };
  },
};

/** A vector whose z is at least 1. */
function upwardsOf(a: Bounded, b: Bounded): Bounded {
  const [x, z] = [withComponents(a, 2), offsetSize(withComponents(b, 1), 1)];
  const range = [Math.min(x.low, z.low), Math.max(x.high, z.high)] as const;
  return bounded(make.append(x.node, z.node), range, Math.max(x.error, z.error));
}
