/**
 * Options and arguments of commands.
 *
 * @module
 */

import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { InvalidArgumentError } from "../errors.ts";

/** What {@linkcode parseCommandLine} returns, for some options. */
export type CommandLine<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>;

/** A part of a command line that is an option. */
interface OptionToken {
  readonly name: string;
  /** As it was typed: `-o`, `--output`. */
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/**
 * Splits a command line into options and arguments. Everything behind `--` is an argument.
 *
 * @param args As typed, behind the command's name.
 * @param options `failure`: what cannot be done if they are wrong; `options`: those of the command,
 * each of which may be given once unless it is `multiple`; `takesArguments`: default true.
 * @throws {InvalidArgumentError} if an option is unknown, given twice, or with a value too many or too
 * few, and if there is an argument where there must be none.
 */
export function parseCommandLine<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  { failure, options, takesArguments = true }: {
    readonly failure: string;
    readonly options: Options;
    readonly takesArguments?: boolean;
  },
): CommandLine<Options> {
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const problem = problemOf(token, { options, given });
    if (problem !== null) throw new InvalidArgumentError(token.rawName, `${failure} as ${problem}`);
    given.add(token.name);
  }
  if (!takesArguments && positionals.length > 0) {
    throw new InvalidArgumentError(
      "arguments",
      `${failure} as there must be no argument but options: current value is ${positionals[0]}`,
    );
  }
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

/** What is wrong with an option, or null. */
function problemOf(
  { name, rawName, value, inlineValue }: OptionToken,
  { options, given }: {
    readonly options: ParseArgsOptionsConfig;
    readonly given: ReadonlySet<string>;
  },
): string | null {
  const option = Object.hasOwn(options, name) ? options[name]! : null;
  if (option === null) return `there is no option ${rawName}`;
  if (given.has(name) && option.multiple !== true) {
    const short = option.short === undefined ? "" : `-${option.short} or `;
    return `${short}--${name} must be given once`;
  }
  if (option.type === "boolean") {
    return value === undefined ? null : `${rawName} takes no value: current value is ${value}`;
  }
  if (value === undefined) return `${rawName} lacks a value`;
  if (!inlineValue && value.length > 1 && value.startsWith("-")) {
    const joined = rawName.startsWith("--") ? `${rawName}=${value}` : `${rawName}${value}`;
    return `${rawName} lacks a value: write ${joined} if ${value} is one`;
  }
  return null;
}
