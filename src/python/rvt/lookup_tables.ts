/**
 * What documents of materials name, as Python gives it: objects by their names.
 *
 * @module
 */
import type { MaterialInstanceLookup, MaterialLookup } from "../../rvt/mod.ts";

type Kind = keyof MaterialInstanceLookup;

/** Objects by name, for each kind of them. */
export type LookupTables = { readonly [kind in Kind]?: Readonly<Record<string, object>> };

const KINDS: readonly (keyof MaterialLookup)[] = [
  "texture",
  "streamedTexture",
  "runtimeVirtualTexture",
  "materialFunction",
];

/** A lookup that finds what tables hold, and `more` kinds than every document knows. */
export function lookupOf(tables: LookupTables, ...more: Kind[]): MaterialInstanceLookup {
  const methods = [...KINDS, ...more].map((kind) => {
    const table = new Map(Object.entries(tables[kind] ?? {}));
    return [kind, (name: string) => table.get(name)];
  });
  return Object.fromEntries(methods);
}
