/**
 * Restricts itself to some files and becomes another program, which stays so restricted.
 *
 * The only argument is a file with a {@linkcode RestrictedPlan} as JSON.
 *
 * @module
 */

import { EXIT_FAILED } from "../../exit_codes.ts";
import { becomeProgram, openCLibrary } from "./c_library.ts";
import { type FileRights, restrictFiles } from "./landlock.ts";

/** A program, and the files that it may have where the kernel can hold that. */
export interface RestrictedPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly rights: FileRights;
}

function become({ program, args, rights }: RestrictedPlan): void {
  const library = openCLibrary();
  // Where it cannot be restricted, the program has its own permissions alone.
  restrictFiles(library, rights);
  becomeProgram(library, program, args);
  console.error(`error: Cannot start ${program}`);
  Deno.exit(EXIT_FAILED);
}

if (import.meta.main) become(JSON.parse(Deno.readTextFileSync(Deno.args[0]!)) as RestrictedPlan);
