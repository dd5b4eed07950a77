/**
 * The environment of a script's process.
 *
 * @module
 */

import { CACHE_LIMIT_VARIABLE } from "../../cache_folder.ts";
import { DECODER_VARIABLE, PICTURE_LIMIT_VARIABLES } from "../../picture_variables.ts";

/** What the library asks for while a script runs; no native code reads it. */
const KEPT = new Set<string>([
  "FORGE3D_CACHE_DIR",
  CACHE_LIMIT_VARIABLE,
  DECODER_VARIABLE,
  ...PICTURE_LIMIT_VARIABLES,
  // Where there are no decoders in processes of their own, pictures are decoded among temporary files.
  ...(Deno.build.os === "windows" ? ["TEMP", "TMP"] : []),
]);

/**
 * Reads variables, and drops the right to them: who may see a variable in Deno may set it as well, for
 * native code too. A driver's loader looks for libraries in `HOME`, for one.
 *
 * @param names Variables that the process may see.
 * @returns The values of those that are set.
 */
export function takeEnvironment(names: readonly string[]): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const variable of names) {
    const value = Deno.env.get(variable);
    if (value !== undefined) environment[variable] = value;
    if (KEPT.has(variable)) continue;
    const { state } = Deno.permissions.revokeSync({ name: "env", variable });
    if (state === "granted") {
      throw new Deno.errors.NotCapable(`Deno must take back the right to set ${variable}`);
    }
  }
  return environment;
}
