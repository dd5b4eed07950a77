/**
 * The package that decodes pictures, loaded when it is first needed, as browsers do not have it.
 *
 * @module
 */

import { UnsupportedError } from "../../../errors.ts";

/** Not a literal in the import, so that bundles for browsers leave the native package out. */
const DECODER_PACKAGE: string = "npm:sharp@0.35.5";

/** The package's main function. */
export type Sharp = typeof import("npm:sharp@0.35.5").default;

/**
 * Loads the package.
 *
 * @throws {UnsupportedError} where it cannot be loaded.
 */
export async function loadSharp(): Promise<Sharp> {
  try {
    return (await import(DECODER_PACKAGE)).default;
  } catch (cause) {
    throw new UnsupportedError(
      "picture decoder",
      "Cannot read pictures here as the package sharp cannot be loaded: bake them elsewhere",
      { cause },
    );
  }
}
