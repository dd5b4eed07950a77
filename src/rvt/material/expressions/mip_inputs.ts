/**
 * The inputs that go with each way to find a level.
 *
 * @module
 */

import { OutOfRangeError } from "../../../errors.ts";
import type { ComponentCount, Expression, ExpressionInput, RuntimeMipMode } from "./expression.ts";
import { checkedInput } from "./make_expression.ts";

/** What a sample is given to find its level with. */
export interface MipInputs {
  /** The level, 0 the finest; one component. For the mip mode `"level"`. */
  readonly level?: ExpressionInput;
  /** Levels that are added; one component. For the mip mode `"bias"`. */
  readonly bias?: ExpressionInput;
  /** What a step to the next pixel on the right adds to where it is sampled. */
  readonly ddx?: ExpressionInput;
  /** What a step to the next pixel below adds to where it is sampled. */
  readonly ddy?: ExpressionInput;
}

const NEEDED: Readonly<Record<RuntimeMipMode, readonly (keyof MipInputs)[]>> = {
  none: [],
  level: ["level"],
  bias: ["bias"],
  derivatives: ["ddx", "ddy"],
  world_derivatives: ["ddx", "ddy"],
};

/** Names of the inputs of a mip mode, in the order in which nodes hold them; none of an unknown one. */
export function mipInputNames(mode: RuntimeMipMode): readonly (keyof MipInputs)[] {
  // Of any value: a file's mode is checked by those who make the sample.
  return typeof mode === "string" && Object.hasOwn(NEEDED, mode) ? NEEDED[mode] : [];
}

const ALL: readonly (keyof MipInputs)[] = ["level", "bias", "ddx", "ddy"];

/**
 * The inputs of a mip mode, in the order in which nodes hold them.
 *
 * @throws {InvalidArgumentError} if one is neither an expression nor numbers.
 * @throws {OutOfRangeError} if one is missing, does not go with the mode, or has the wrong number of
 * components.
 */
export function mipInputsOf(mode: RuntimeMipMode, given: MipInputs, failure: string): Expression[] {
  const needed = NEEDED[mode];
  for (const name of ALL) {
    const isNeeded = needed.includes(name);
    if (isNeeded === (given[name] !== undefined)) continue;
    throw new OutOfRangeError(
      name,
      `${failure} as the mip mode ${mode} must have ${needed.join(" and ") || "no input"}: ` +
        `${name} is ${isNeeded ? "missing" : "given"}`,
    );
  }
  const components = componentsOf(mode);
  return needed.map((name) => checkedInput(given[name]!, { name, failure, components }));
}

function componentsOf(mode: RuntimeMipMode): readonly ComponentCount[] {
  if (mode === "derivatives") return [2];
  return mode === "world_derivatives" ? [3] : [1];
}
