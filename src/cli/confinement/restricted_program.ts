/**
 * Restricts itself to some files and becomes another program, which stays so restricted.
 *
 * The only argument is a file with a {@linkcode RestrictedPlan} as JSON.
 *
 * @module
 */

import { EXIT_FAILED } from "../../exit_codes.ts";
import { addressOf, cString, openCLibrary } from "./c_library.ts";
import { type FileRights, restrictFiles } from "./landlock.ts";

/** A program, for a process that can be restricted and for one that cannot. */
export interface RestrictedPlan {
  readonly program: string;
  readonly rights: FileRights;
  /** Arguments if the kernel holds the rights. */
  readonly restricted: readonly string[];
  /** Arguments if it does not. */
  readonly unrestricted: readonly string[];
}

function become({ program, rights, restricted, unrestricted }: RestrictedPlan): void {
  const library = openCLibrary();
  const reason = restrictFiles(library, rights);
  const args = [program, ...(reason === null ? restricted : unrestricted)].map(cString);
  const argv = new Uint8Array(8 * (args.length + 1));
  const view = new DataView(argv.buffer);
  for (const [index, arg] of args.entries()) {
    view.setBigUint64(8 * index, addressOf(arg), true);
  }
  // It returns only if it fails.
  library.execv(cString(program), argv);
  console.error(`error: Cannot start ${program}`);
  Deno.exit(EXIT_FAILED);
}

if (import.meta.main) become(JSON.parse(Deno.readTextFileSync(Deno.args[0]!)) as RestrictedPlan);
