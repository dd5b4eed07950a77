/**
 * What material types store, as Python gets it.
 *
 * @module
 */
import { ATTRIBUTES, MATERIAL_TYPES } from "../../rvt/mod.ts";
import { snakeCase } from "../spelling.ts";

/** Every material type by its name: what it stores, and how. */
export function materialTypes(): object {
  const entries = Object.entries(MATERIAL_TYPES).map(([name, type]) => [name, {
    label: type.label,
    attributes: type.attributes.map(snakeCase),
    compressed_formats: type.compressedFormats,
    uncompressed_formats: type.uncompressedFormats,
  }]);
  return Object.fromEntries(entries);
}

/** Every attribute by its name. */
export function attributes(): object {
  const entries = Object.entries(ATTRIBUTES).map(([name, { components, clearValue }]) => [
    snakeCase(name),
    { components, clear_value: clearValue },
  ]);
  return Object.fromEntries(entries);
}
