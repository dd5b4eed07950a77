/**
 * Configurations made from the project's with a few changes.
 *
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Writes `deno.json` into a folder: the project's imports and lock file, and its compiler options
 * with changes. Code under it imports the project by its own name, as a user's does.
 *
 * @returns Path of the file
 */
export function writeDerivedConfig(
  folder: string,
  { projectFolder, compilerOptions }: {
    projectFolder: string;
    compilerOptions: Readonly<Record<string, unknown>>;
  },
): string {
  const project = JSON.parse(readFileSync(join(projectFolder, "deno.json"), "utf8"));
  // A module in between, as an import mapped to the project itself would ask for another lock file.
  const self = pathToFileURL(join(projectFolder, project.exports)).href;
  writeFileSync(join(folder, "self.ts"), `export * from ${JSON.stringify(self)};\n`);
  const path = join(folder, "deno.json");
  const config = {
    imports: { ...project.imports, [project.name]: "./self.ts" },
    nodeModulesDir: project.nodeModulesDir,
    lock: { path: join(projectFolder, "deno.lock"), frozen: true },
    compilerOptions: { ...project.compilerOptions, ...compilerOptions },
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
