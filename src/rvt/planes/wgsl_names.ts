/**
 * How shaders of planes name attributes.
 *
 * @module
 */

import { type AttributeName, ATTRIBUTES } from "../asset/attributes.ts";

/** Name of an attribute in WGSL: `base_color` of `baseColor`. */
export function wgslName(attribute: AttributeName): string {
  return attribute.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Its type. */
export function wgslType(attribute: AttributeName): string {
  const { components } = ATTRIBUTES[attribute];
  return components === 1 ? "f32" : `vec${components}<f32>`;
}
