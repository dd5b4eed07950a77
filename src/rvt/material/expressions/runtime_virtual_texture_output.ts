/**
 * What a material writes to runtime virtual textures.
 *
 * @module
 */

import { checkedVector, checkOptionNames } from "../../../checks.ts";
import { OutOfRangeError } from "../../../errors.ts";
import { ATTRIBUTE_NAMES, type AttributeName, ATTRIBUTES } from "../../asset/attributes.ts";
import type { ComponentCount, Expression, ExpressionInput } from "./expression.ts";
import { checkedInput } from "./make_expression.ts";

/** Pins of {@linkcode runtimeVirtualTextureOutput}: the attributes, and opacity. */
export type OutputPinName = AttributeName | "opacity";

/** Every {@linkcode OutputPinName}. */
export const OUTPUT_PIN_NAMES: readonly OutputPinName[] = Object.freeze(
  [...ATTRIBUTE_NAMES, "opacity"] as const,
);

/** Options of {@linkcode runtimeVirtualTextureOutput}. A pin that is left out writes nothing. */
export interface RuntimeVirtualTextureOutputOptions
  extends Partial<Readonly<Record<OutputPinName, ExpressionInput>>> {
  /**
   * World heights between which a pixel is written at all, the lowest first; default all. Keeps apart
   * what lies above each other, such as a bridge and the road below.
   */
  readonly heightRange?: readonly [number, number];
}

/** A Runtime Virtual Texture Output. */
export interface RuntimeVirtualTextureOutput {
  /** The connected pins, each of one component or as many as its attribute has. */
  readonly pins: ReadonlyMap<OutputPinName, Expression>;
  /** World heights between which a pixel is written; null for all. */
  readonly heightRange: readonly [number, number] | null;
}

/**
 * The Runtime Virtual Texture Output: what a material writes. Values are written as they are, without
 * transforms; storing clamps them, and normalises normals, which are best in world space. `opacity`
 * blends what is written over what lies below, and is 1 where it is left out; of World Height the highest
 * stays, whatever the opacity. A texture takes those attributes that its material type has.
 *
 * @throws {InvalidArgumentError} if a pin does not exist, or gets neither an expression nor numbers.
 * @throws {OutOfRangeError} if a pin gets neither one component nor as many as its attribute has, or
 * the height range is empty or not finite.
 */
export function runtimeVirtualTextureOutput(
  options: RuntimeVirtualTextureOutputOptions,
): RuntimeVirtualTextureOutput {
  return makeOutput(options, { failure: "Cannot make runtime virtual texture output" });
}

/** As {@linkcode runtimeVirtualTextureOutput}, for those who have something else that cannot be done. */
export function makeOutput(
  options: RuntimeVirtualTextureOutputOptions,
  { failure, what = "pin" }: { readonly failure: string; readonly what?: string },
): RuntimeVirtualTextureOutput {
  checkOptionNames(options, { failure, names: [...OUTPUT_PIN_NAMES, "heightRange"], what });
  const pins = checkedPins(options, { names: OUTPUT_PIN_NAMES, failure });
  return Object.freeze({ pins, heightRange: checkedHeightRange(options.heightRange, failure) });
}

/** Components that a pin has. */
export function pinComponents(pin: OutputPinName): ComponentCount {
  return pin === "opacity" ? 1 : ATTRIBUTES[pin].components;
}

/** The connected ones of some pins. */
export function checkedPins<Pin extends OutputPinName>(
  given: Readonly<Partial<Record<OutputPinName, ExpressionInput>>>,
  { names, failure }: { readonly names: readonly Pin[]; readonly failure: string },
): ReadonlyMap<Pin, Expression> {
  const pins = new Map<Pin, Expression>();
  for (const name of names) {
    const value = given[name];
    if (value === undefined) continue;
    const components = [...new Set([1, pinComponents(name)])] as ComponentCount[];
    pins.set(name, checkedInput(value, { name, failure, components }));
  }
  return pins;
}

/** Checks world heights between which something is written; null for all. */
export function checkedHeightRange(
  range: readonly [number, number] | undefined,
  failure: string,
): readonly [number, number] | null {
  if (range === undefined) return null;
  checkedVector(range, { name: "heightRange", failure, length: 2 });
  if (range[0] < range[1]) return Object.freeze([range[0], range[1]] as const);
  throw new OutOfRangeError(
    "heightRange",
    `${failure} as heightRange must begin below its end: current value is [${range}]`,
  );
}
