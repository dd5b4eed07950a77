/**
 * The project that a command works on.
 *
 * @module
 */

import { InvalidArgumentError } from "../../../errors.ts";
import { loadProject, type Project } from "../../../rvt/mod.ts";

/**
 * Loads the project that is the only argument.
 *
 * @throws {InvalidArgumentError} if there is none, or more.
 */
export async function projectArgument(
  positionals: readonly string[],
  failure: string,
): Promise<Project> {
  return await loadProject(onlyArgument(positionals, { name: "PROJECT", failure }));
}

/**
 * The only argument.
 *
 * @throws {InvalidArgumentError} if there is none, or more.
 */
export function onlyArgument(
  positionals: readonly string[],
  { name, failure }: { readonly name: string; readonly failure: string },
): string {
  if (positionals.length === 1) return positionals[0]!;
  throw new InvalidArgumentError(
    name,
    `${failure} as there must be one ${name}: current number is ${positionals.length}`,
  );
}
