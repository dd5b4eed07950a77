/**
 * What every command shares: help, errors on standard error with what to do next, exit codes.
 *
 * Exit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted.
 *
 * @module
 */

import { thrownText } from "../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../errors.ts";
import { EXIT_DONE, EXIT_FAILED, EXIT_USAGE } from "../exit_codes.ts";

export { EXIT_DONE, EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE } from "../exit_codes.ts";

/** One command: its name as typed, its help text and what it does. */
export interface Command {
  /** Name as typed, such as `vt bake`. */
  readonly name: string;
  /** Text of `--help`, without a newline at its end. */
  readonly help: string;
  /** Does the work and answers the exit code. */
  runCommand(args: readonly string[]): Promise<number>;
}

/** Tells whether the arguments before any `--` ask for help. */
export function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).some((arg) => arg === "--help" || arg === "-h");
}

/**
 * Runs a command and answers its exit code; prints its help when asked to, and its error on
 * standard error otherwise.
 */
export async function runCommand(command: Command, args: readonly string[]): Promise<number> {
  if (wantsHelp(args)) {
    console.log(command.help);
    return EXIT_DONE;
  }
  try {
    return await command.runCommand(args);
  } catch (error) {
    const usage = isUsageError(error);
    console.error(`error: ${errorText(error)}`);
    if (usage) console.error(`See: deno task ${command.name} --help`);
    return usage ? EXIT_USAGE : EXIT_FAILED;
  }
}

/** Runs a command as the program's only job, with the process's arguments and exit code. */
export async function runAsProgram(command: Command): Promise<never> {
  Deno.exit(await runCommand(command, Deno.args));
}

/**
 * The error's message. Errors of the library say all that there is to say; those of others are
 * followed by their causes.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return thrownText(error);
  const text = error.message || error.name;
  if ("code" in error || error.cause === undefined) return text;
  const cause = errorText(error.cause);
  return text.includes(cause) ? text : `${text}: ${cause}`;
}

/** True of errors that say the command line itself is wrong. */
function isUsageError(error: unknown): boolean {
  return error instanceof InvalidArgumentError || error instanceof OutOfRangeError;
}
