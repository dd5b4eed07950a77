/**
 * The type check for web pages: the same source, under the types that a browser gives.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder } from "../folders.ts";
import { writeDerivedConfig } from "./derived_config.ts";

/** What a page has: the DOM, the language and WebGPU's types. No `Deno`. */
const WEB_OPTIONS = { lib: ["dom", "esnext"], types: ["@webgpu/types"] };

/**
 * Checks the types of files, and of all that they reach, as a web page's code.
 *
 * @param files Paths, absolute or from the project's folder
 * @returns Whether they hold, and what the check printed
 */
export async function checkWebTypes(
  files: readonly string[],
): Promise<{ holds: boolean; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "forge3d-web-types-"));
  try {
    const config = writeDerivedConfig(folder, {
      projectFolder: projectFolder(),
      compilerOptions: WEB_OPTIONS,
    });
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", `--config=${config}`, ...files],
      cwd: projectFolder(),
      stdin: "null",
    }).output();
    return { holds: success, output: new TextDecoder().decode(stderr) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
