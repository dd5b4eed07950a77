/**
 * Checks of arguments, the same everywhere: a value of the wrong type is an
 * {@linkcode InvalidArgumentError}, one of the right type that cannot be an
 * {@linkcode OutOfRangeError}. An option that does not exist is an {@linkcode InvalidArgumentError}.
 *
 * Every check takes the name of the argument and the beginning of the message, which says what
 * cannot be done ("Cannot load texture"), and returns the value.
 *
 * @module
 */

import { InvalidArgumentError, OutOfRangeError } from "./errors.ts";

/** What a check says and whom it is about. */
export interface Checked {
  /** Name of the argument. */
  readonly name: string;
  /** What cannot be done, such as `Cannot load texture`. */
  readonly failure: string;
}

/** The value as it stands in a message: strings as they are, objects by their constructor. */
export function describeValue(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value)
      ? `[${value.map(describeValue)}]`
      : value.constructor?.name ?? "object";
  }
  return typeof value === "function" ? "a function" : String(value);
}

function invalid({ name, failure }: Checked, wanted: string, value: unknown): InvalidArgumentError {
  const message = `${failure} as ${name} must be ${wanted}: current value is ${
    describeValue(value)
  }`;
  return new InvalidArgumentError(name, message);
}

function outOfRange({ name, failure }: Checked, wanted: string, value: unknown): OutOfRangeError {
  const message = `${failure} as ${name} must be ${wanted}: current value is ${
    describeValue(value)
  }`;
  return new OutOfRangeError(name, message);
}

function rangeText([least, most]: readonly [number, number]): string {
  return most === Infinity ? `>= ${least}` : `from ${least} to ${most}`;
}

/**
 * Checks a number against a range, both ends included.
 *
 * @throws {InvalidArgumentError} if it is no number.
 * @throws {OutOfRangeError} if it is NaN or outside.
 */
export function checkedNumber(
  value: unknown,
  options: Checked & { readonly range: readonly [number, number] },
): number {
  const { range } = options;
  if (typeof value !== "number") throw invalid(options, "a number", value);
  if (value >= range[0] && value <= range[1]) return value;
  throw outOfRange(options, rangeText(range), value);
}

/**
 * Checks an integer against a range, both ends included.
 *
 * @throws {InvalidArgumentError} if it is no number.
 * @throws {OutOfRangeError} if it is no integer, or outside.
 */
export function checkedInteger(
  value: unknown,
  options: Checked & { readonly range: readonly [number, number] },
): number {
  const { range } = options;
  if (typeof value !== "number") throw invalid(options, "an integer", value);
  if (Number.isInteger(value) && value >= range[0] && value <= range[1]) return value;
  throw outOfRange(options, `an integer ${rangeText(range)}`, value);
}

/**
 * Checks a string against the choices that there are.
 *
 * @throws {InvalidArgumentError} if it is no string.
 * @throws {OutOfRangeError} if it is none of them.
 */
export function checkedChoice<Choice extends string>(
  value: unknown,
  options: Checked & { readonly choices: readonly Choice[] },
): Choice {
  const { choices } = options;
  const wanted = `one of ${choices.join(", ")}`;
  if (typeof value !== "string") throw invalid(options, wanted, value);
  if ((choices as readonly string[]).includes(value)) return value as Choice;
  throw outOfRange(options, wanted, value);
}

/**
 * Checks the names of options, so that a misspelt one is found.
 *
 * @throws {InvalidArgumentError} if `options` is no plain object, or one of its keys no option.
 */
export function checkOptionNames(
  options: unknown,
  known: { readonly failure: string; readonly names: Iterable<string> },
): void {
  const names = [...known.names];
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalid({ name: "options", failure: known.failure }, "an object", options);
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    throw new InvalidArgumentError(
      name,
      `${known.failure} as there is no option ${name}: options are ${names.join(", ")}`,
    );
  }
}
