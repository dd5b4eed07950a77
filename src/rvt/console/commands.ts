/**
 * Console commands as they are written. Pure.
 *
 * @module
 */

import { checkedString, describeValue } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import {
  checkedVariableValue,
  findVariable,
  type VariableId,
  variableName,
  variableNames,
} from "./variable_kinds.ts";

/** What is shown by `stat NAME`. */
export type StatName = "virtualtexturing" | "virtualtexturememory";

/** A command that was read. */
export type ConsoleCommand =
  | { readonly kind: "flush" }
  | { readonly kind: "help" }
  | { readonly kind: "help_of"; readonly text: string }
  | { readonly kind: "stat"; readonly name: StatName }
  | { readonly kind: "explain" | "print"; readonly id: VariableId }
  | { readonly kind: "set"; readonly id: VariableId; readonly value: number };

const FAILURE = "Cannot run console command";
const MOST_CHARACTERS = 2 ** 16;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const STAT_NAMES: readonly StatName[] = ["virtualtexturing", "virtualtexturememory"];

/** What stands for a command in lists, and what it does. */
export const COMMAND_HELP: readonly (readonly [string, string])[] = [
  ["r.VT.Flush", "Empties the physical caches: every tile is made anew when it is wanted"],
  ["stat virtualtexturing", "Shows where the time of updates goes, and counts of tiles"],
  ["stat virtualtexturememory", "Shows the memory of pools and of everything else"],
  ["help", "Lists commands and variables; help NAME explains one of them"],
  ["NAME", "Prints a variable's value; NAME ? explains it, NAME VALUE sets it"],
];

/**
 * Reads commands, which line ends, semicolons or commas part. Case does not matter.
 *
 * @param text At most 65536 characters.
 * @throws {InvalidArgumentError} if the text is not a string, or a value not a number.
 * @throws {OutOfRangeError} for a command or variable that does not exist, or a value that is not allowed.
 */
export function readCommands(text: string): ConsoleCommand[] {
  checkedString(text, { name: "commands", failure: FAILURE });
  if (text.length > MOST_CHARACTERS) {
    throw new OutOfRangeError(
      "commands",
      `${FAILURE} as commands must have at most ${MOST_CHARACTERS} characters: current number is ` +
        `${text.length}`,
    );
  }
  return text.split(/[\r\n;,]+/).map((part) => part.trim()).filter((part) => part !== "")
    .map(readCommand);
}

function readCommand(text: string): ConsoleCommand {
  const [, name = "", rest = ""] = /^([^\s=]+)\s*=?\s*(.*)$/.exec(text) ?? [];
  const failure = `${FAILURE} "${describeValue(text)}"`;
  const id = findVariable(name);
  if (id !== null && rest === "") return { kind: "print", id };
  if (id !== null && rest === "?") return { kind: "explain", id };
  if (id !== null) {
    const value = checkedVariableValue(id, numberOf(rest, { id, failure }), failure);
    return { kind: "set", id, value };
  }
  const words = text.toLowerCase().split(/\s+/);
  const command = words.join(" ");
  if (command === "r.vt.flush") return { kind: "flush" };
  if (command === "help" || command === "?") return { kind: "help" };
  const stat = STAT_NAMES.find((one) => command === `stat ${one}`);
  if (stat !== undefined) return { kind: "stat", name: stat };
  const helped = /^help (.*)$/.exec(command)?.[1];
  if (helped !== undefined) return helpOf(helped, failure);
  if (NUMBER.test(text)) {
    throw new OutOfRangeError(
      "commands",
      `${failure} as it must be a command, and commas part commands: write numbers with a point, ` +
        `such as 0.5`,
    );
  }
  throw unknownCommand(failure);
}

function helpOf(name: string, failure: string): ConsoleCommand {
  const id = findVariable(name);
  if (id !== null) return { kind: "explain", id };
  const known = COMMAND_HELP.slice(0, -1).find(([command]) => command.toLowerCase() === name);
  if (known === undefined) throw unknownCommand(failure);
  return { kind: "help_of", text: `${known[0]}\n${known[1]}` };
}

function unknownCommand(failure: string): OutOfRangeError {
  return new OutOfRangeError(
    "commands",
    `${failure} as there is none: there are ${
      [...COMMAND_HELP.slice(0, -1).map(([known]) => known), ...variableNames()].join(", ")
    }`,
  );
}

function numberOf(
  text: string,
  { id, failure }: { readonly id: VariableId; readonly failure: string },
): number {
  if (NUMBER.test(text)) return Number(text);
  throw new InvalidArgumentError(
    "commands",
    `${failure} as ${variableName(id)} must be a number: current value is ${describeValue(text)}`,
  );
}
