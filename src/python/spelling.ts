/**
 * Spells names for either language: `tileSize` in TypeScript is `tile_size` in Python.
 *
 * @module
 */

/** An object without methods, its keys in Python's spelling. */
export type Plain = Record<string, unknown>;

/** A name in Python's spelling. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A name in TypeScript's spelling. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** An object with its keys in Python's spelling; values as they are. */
export function snakeKeys(values: object): Plain {
  return Object.fromEntries(Object.entries(values).map(([key, v]) => [snakeCase(key), v]));
}

/** An object with its keys in TypeScript's spelling; values as they are. */
export function camelKeys<T>(values: Plain): T {
  return Object.fromEntries(Object.entries(values).map(([key, v]) => [camelCase(key), v])) as T;
}
