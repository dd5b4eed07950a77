/**
 * Where packages of npm lie in Deno's cache.
 *
 * @module
 */

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The package whose WebAssembly transcodes Basis Universal. It reads that from its own folder. */
export const TRANSCODER_PACKAGE = "ktx2-encoder";

/** The folders of a package: one for each registry that it came from. */
export function packageFolders(denoCache: string, name: string): string[] {
  const packages = join(denoCache, "npm");
  try {
    return readdirSync(packages).map((registry) => join(packages, registry, name))
      .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory());
  } catch {
    return [];
  }
}
