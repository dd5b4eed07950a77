/**
 * What checks say of samples and the types of their assets. Pure.
 *
 * @module
 */

import { type AttributeName, MATERIAL_TYPES, type MaterialTypeName } from "../asset/mod.ts";

/** What mends a sample whose own asset has another type. */
export const MENDED_BY_FIX = "Fix Material Usage of the asset mends it";

/** What mends an asset that an instance gives. */
export function mendedByGiving(parameter: string): string {
  return `Give "${parameter}" an asset of that type, or none`;
}

/** A type that a sample has, and one that its asset has. */
export function otherType(sampled: MaterialTypeName, stored: MaterialTypeName): string {
  return `${MATERIAL_TYPES[sampled].label}: it stores ${MATERIAL_TYPES[stored].label}`;
}

/** Something that a sample gives, and its asset does not store. */
export function notStored(attribute: AttributeName, stored: MaterialTypeName): string {
  const { label, attributes } = MATERIAL_TYPES[stored];
  return `${attribute}, which is a clear value everywhere: it stores ${label}. Sample ${
    attributes.join(" or ")
  }, or give the asset a type that stores it`;
}
