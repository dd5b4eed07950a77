/**
 * Noise that is the same on every device.
 *
 * @module
 */

import { checkedChoice, checkedInteger, checkOptionNames } from "../../../checks.ts";
import type { ExpressionInput, NoiseExpression, NoiseName } from "./expression.ts";
import { checkedInput, makeExpression } from "./make_expression.ts";

/** Options of {@linkcode noise}. */
export interface NoiseOptions {
  /** `"value"`, from 0 to 1, or `"gradient"`, from −1 to 1. */
  readonly kind: NoiseName;
  /** Layers of noise, 1 to 16; default 1. */
  readonly octaves?: number;
  /** Which noise of its kind: an integer from 0 to 2³² − 1; default 0. */
  readonly seed?: number;
}

/** Every {@linkcode NoiseName}. */
export const NOISE_NAMES: readonly NoiseName[] = Object.freeze(["value", "gradient"] as const);

/**
 * Noise of a place of two or three components, whose lattice has a distance of 1. One component.
 *
 * **Hash.** `hash(i, j, k, s)` is pcg4d (Jarzynski and Olano, "Hash Functions for GPU Rendering",
 * JCGT 9(3), 2020) of the four numbers as 32-bit unsigned integers, with all arithmetic modulo 2³²:
 *
 * ```text
 * x, y, z, w = i, j, k, s, each * 1664525 + 1013904223
 * x += y * w;  y += z * x;  z += x * y;  w += y * z     (in this order)
 * x, y, z, w ^= themselves >> 16
 * x += y * w;  y += z * x;  z += x * y;  w += y * z     (in this order)
 * ```
 *
 * `unit(h) = (h >> 8) / 2²⁴`, from 0 to below 1, exact in 32-bit floating point.
 *
 * **One octave** at a place p with a seed s: the cell is c = floor(p), the way into it f = p − c, and
 * the weights are w = f³ · (f · (6f − 15) + 10) (Perlin, "Improving Noise", 2002). Each corner o, of
 * zeros and ones, has the hash of c + o, where k = 0 for places of two components. Its value is
 *
 * - value noise: `unit(x)`;
 * - gradient noise: `dot(g, f − o) · 2 / n`, where n is the number of components and
 *   g = 2 · unit(·) − 1 of the first n words x, y, z of the hash;
 *
 * and the values are interpolated by w linearly along x, then y, then z.
 *
 * **Octaves** o = 0, 1, …: (Σ 2⁻ᵒ · octave(p · 2ᵒ, seed + o)) / Σ 2⁻ᵒ, the seed modulo 2³². Cells
 * are 32-bit integers, and places beyond 2²³ have no fraction left.
 *
 * @param place Where; two or three components.
 * @throws {InvalidArgumentError} if the place is not an expression or numbers, or an option does not
 * exist or has the wrong type.
 * @throws {OutOfRangeError} if the place has one or four components, or an option is not allowed.
 */
export function noise(place: ExpressionInput, options: NoiseOptions): NoiseExpression {
  const failure = "Cannot make noise";
  checkOptionNames(options, { failure, names: ["kind", "octaves", "seed"] });
  const { kind, octaves = 1, seed = 0 } = options;
  checkedChoice(kind, { name: "kind", failure, choices: NOISE_NAMES });
  checkedInteger(octaves, { name: "octaves", failure, range: [1, 16] });
  checkedInteger(seed, { name: "seed", failure, range: [0, 2 ** 32 - 1] });
  const input = checkedInput(place, { name: "place", failure, components: [2, 3] });
  return makeExpression({
    kind: "noise",
    components: 1,
    inputs: [input],
    name: null,
    noise: kind,
    octaves,
    seed,
  });
}
