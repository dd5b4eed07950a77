/**
 * Small pieces of WGSL.
 *
 * @module
 */

import type { AttributeName } from "../../asset/attributes.ts";
import type { ComponentCount } from "../expressions/expression.ts";

/** The WGSL type of so many numbers. */
export function wgslType(components: ComponentCount): string {
  return components === 1 ? "f32" : `vec${components}f`;
}

/** A number as a literal of 32 bits. */
export function wgslNumber(value: number): string {
  return `${Math.fround(value)}f`;
}

/** Numbers as one value. */
export function wgslConstant(values: readonly number[]): string {
  const numbers = values.map(wgslNumber).join(", ");
  return values.length === 1 ? numbers : `${wgslType(values.length as ComponentCount)}(${numbers})`;
}

/** What WGSL calls an attribute, or opacity: `base_color` for `baseColor`. */
export function wgslMember(pin: AttributeName | "opacity"): string {
  return pin.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
