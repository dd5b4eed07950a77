/**
 * Finds what files of materials name.
 *
 * @module
 */

import { checkedMethods, checkedString, checkOptionNames } from "../../../checks.ts";
import { OutOfRangeError } from "../../../errors.ts";
import type { StreamedTexture } from "../../../streaming/mod.ts";
import type { RuntimeVirtualTextureLike } from "../expressions/expression.ts";
import type { MaterialFunction } from "../expressions/material_function.ts";
import type { MaterialTexture } from "../material_texture.ts";

/** Gives textures, assets and functions by name. A method that is left out finds nothing. */
export interface MaterialLookup {
  /** A plain texture. */
  texture?(name: string): MaterialTexture | undefined;
  /** A streaming virtual texture. */
  streamedTexture?(name: string): StreamedTexture | undefined;
  /** An asset. */
  runtimeVirtualTexture?(name: string): RuntimeVirtualTextureLike | undefined;
  /** A material function. */
  materialFunction?(name: string): MaterialFunction | undefined;
}

const LABELS: Readonly<Record<keyof MaterialLookup, string>> = {
  texture: "texture",
  streamedTexture: "streaming virtual texture",
  runtimeVirtualTexture: "runtime virtual texture",
  materialFunction: "material function",
};

/** Something that a lookup finds. */
export type Found<Kind extends keyof MaterialLookup> = NonNullable<
  ReturnType<NonNullable<MaterialLookup[Kind]>>
>;

/**
 * Checks a lookup.
 *
 * @throws {InvalidArgumentError} if it is not an object, has other methods, or one is not a function.
 */
export function checkedLookup<Lookup extends MaterialLookup>(
  lookup: Lookup,
  { failure, more = [] }: { readonly failure: string; readonly more?: readonly string[] },
): Lookup {
  checkOptionNames(lookup, { failure, names: [...Object.keys(LABELS), ...more], what: "lookup" });
  const methods = Object.entries(lookup).filter(([, method]) => method !== undefined);
  return checkedMethods(lookup, {
    name: "lookup",
    failure,
    methods: methods.map(([name]) => name),
  });
}

/**
 * What a lookup finds by a name.
 *
 * @throws {InvalidArgumentError} if the name is not a string.
 * @throws {OutOfRangeError} if nothing is found.
 */
export function lookUp<Kind extends keyof MaterialLookup>(
  lookup: MaterialLookup,
  kind: Kind,
  { name, failure }: { readonly name: unknown; readonly failure: string },
): Found<Kind> {
  const text = checkedString(name, { name: kind, failure });
  const found = lookup[kind]?.(text) ?? null;
  if (found !== null) return found as Found<Kind>;
  throw new OutOfRangeError(kind, `${failure} as there is no ${LABELS[kind]} "${text}"`);
}
