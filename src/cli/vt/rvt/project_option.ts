/**
 * The project that a command works on.
 *
 * @module
 */

import { InvalidArgumentError } from "../../../errors.ts";
import { loadProject, type Project } from "../../../rvt/mod.ts";

/** The option that names the project, in the place of the argument. */
export const PROJECT_OPTION = { project: { type: "string" } } as const;

/** For help texts. */
export const PROJECT_HELP =
  `  --project PROJECT    the same as the argument; default of both the working folder`;

/**
 * Loads the project that an argument or the option names, or that lies in the working folder.
 *
 * @param named What the option says.
 * @throws {InvalidArgumentError} if it is named more than once.
 */
export async function namedProject(
  positionals: readonly string[],
  named: string | undefined,
  failure: string,
): Promise<Project> {
  const all = named === undefined ? positionals : [...positionals, named];
  if (all.length <= 1) return await loadProject(all[0] ?? ".");
  throw new InvalidArgumentError(
    "PROJECT",
    `${failure} as there must be one PROJECT, or none for the working folder: current number is ${all.length}`,
  );
}

/**
 * The first argument, and those behind it.
 *
 * @throws {InvalidArgumentError} if there is none.
 */
export function firstArgument(
  positionals: readonly string[],
  { name, failure }: { readonly name: string; readonly failure: string },
): [first: string, rest: readonly string[]] {
  const [first, ...rest] = positionals;
  if (first !== undefined) return [first, rest];
  throw new InvalidArgumentError(
    name,
    `${failure} as there must be one ${name}: current number is 0`,
  );
}
