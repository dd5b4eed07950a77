/**
 * Checks of arguments, the same everywhere: a value of the wrong type raises {@linkcode
 * InvalidArgumentError}; one of the right type that is not allowed raises {@linkcode
 * OutOfRangeError}. An option that does not exist raises {@linkcode InvalidArgumentError}.
 *
 * Every check takes the name of the argument and the beginning of the message, which says what
 * cannot be done ("Cannot load texture"), and returns the value.
 *
 * @module
 */

import { InvalidArgumentError, OutOfRangeError } from "./errors.ts";

/** The parts of a check's message that the caller knows. */
export interface Checked {
  /** Name of the argument. */
  readonly name: string;
  /** What cannot be done, such as `Cannot load texture`. */
  readonly failure: string;
}

const SIGNAL_NAMES: readonly string[] = ["signal"];
/** Elements of a list, and characters of a string, that a message shows. */
const SHOWN_ELEMENTS = 16;
const SHOWN_CHARACTERS = 120;
/** Lists in lists that a message shows; a list may hold itself. */
const SHOWN_DEPTH = 3;

/**
 * The value as messages show it: strings as they are, lists by their elements, other objects
 * by their constructor.
 */
export function describeValue(value: unknown): string {
  return describeTo(value, SHOWN_DEPTH);
}

/**
 * The beginning of messages about options from which an object cannot be made, such as `Cannot make decal
 * "road"`: with their name, if they have one. Holds before they are checked.
 */
export function failureToMake(kind: string, options: unknown): string {
  const failure = `Cannot make ${kind}`;
  if (typeof options !== "object" || options === null) return failure;
  const { name } = options as { readonly name?: unknown };
  return typeof name === "string" && name !== "" ? `${failure} "${describeValue(name)}"` : failure;
}

/**
 * The text of something caught, for a message about it: an error's message, or any other value as
 * messages show it. Never throws, whatever was thrown.
 */
export function thrownText(thrown: unknown): string {
  try {
    if (!isError(thrown)) return describeValue(thrown);
    return `${thrown.message || thrown.name}`;
  } catch {
    return "an object whose message cannot be read";
  }
}

/** Whether something caught is an error. Never throws, as `instanceof` does for some proxies. */
export function isError(thrown: unknown): thrown is Error {
  try {
    return thrown instanceof Error;
  } catch {
    return false;
  }
}

function describeTo(value: unknown, depth: number): string {
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) {
    const text = String(value);
    return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  }
  if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && "length" in value)) {
    const name: unknown = value.constructor?.name;
    return typeof name === "string" && name !== "" ? name : "object";
  }
  if (depth === 0) return "[…]";
  const list = value as ArrayLike<unknown>;
  const elements: string[] = [];
  for (let i = 0; i < Math.min(list.length, SHOWN_ELEMENTS); i++) {
    elements.push(describeTo(list[i], depth - 1));
  }
  return `[${elements}${list.length > SHOWN_ELEMENTS ? ",…" : ""}]`;
}

/** Values that errors of checks are about. */
const wrongValues = new WeakMap<Error, unknown>();

/**
 * The end of an error's message that shows the value that a check has refused, and that value, so that
 * it can be shown in the words of another language; null for other errors.
 *
 * @internal
 */
export function shownValue(
  error: Error,
): { readonly text: string; readonly value: unknown } | null {
  if (!wrongValues.has(error)) return null;
  const value = wrongValues.get(error);
  return { value, text: describeValue(value) };
}

function invalid({ name, failure }: Checked, wanted: string, value: unknown): InvalidArgumentError {
  const message = `${failure} as ${name} must be ${wanted}: current value is ${
    describeValue(value)
  }`;
  return about(value, new InvalidArgumentError(name, message));
}

function outOfRange({ name, failure }: Checked, wanted: string, value: unknown): OutOfRangeError {
  const message = `${failure} as ${name} must be ${wanted}: current value is ${
    describeValue(value)
  }`;
  return about(value, new OutOfRangeError(name, message));
}

function about<Kind extends Error>(value: unknown, error: Kind): Kind {
  wrongValues.set(error, value);
  return error;
}

/** A bound of the largest number means any finite number. */
function rangeText([least, most]: readonly [number, number]): string {
  if (most === Infinity) return least === -Infinity ? "a number" : `>= ${least}`;
  if (most < Number.MAX_VALUE) return `from ${least} to ${most}`;
  return least === -most ? "finite" : `finite and >= ${least}`;
}

/**
 * Checks a number against a range, both ends included.
 *
 * @throws {InvalidArgumentError} if it is not a number.
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
 * Checks an integer against a range, both ends included, and a number that it must be a multiple
 * of.
 *
 * @throws {InvalidArgumentError} if it is not a number.
 * @throws {OutOfRangeError} if it is not an integer, out of range, or not such a multiple.
 */
export function checkedInteger(
  value: unknown,
  options: Checked & { readonly range: readonly [number, number]; readonly multipleOf?: number },
): number {
  const { range, multipleOf = 1 } = options;
  if (typeof value !== "number") throw invalid(options, "an integer", value);
  const isInRange = value >= range[0] && value <= range[1];
  if (Number.isInteger(value) && isInRange && value % multipleOf === 0) return value;
  const kind = multipleOf === 1 ? "an integer" : `a multiple of ${multipleOf}`;
  throw outOfRange(options, `${kind} ${rangeText(range)}`, value);
}

/**
 * Checks a number that has to lie above a bound and be finite.
 *
 * @throws {InvalidArgumentError} if it is not a number.
 * @throws {OutOfRangeError} if it is not finite, or not above.
 */
export function checkedAbove(
  value: unknown,
  options: Checked & { readonly bound: number },
): number {
  const { bound } = options;
  if (typeof value !== "number") throw invalid(options, "a number", value);
  if (value > bound && Number.isFinite(value)) return value;
  throw outOfRange(options, `finite and > ${bound}`, value);
}

/**
 * Checks a power of 2 against a range, both ends included.
 *
 * @throws {InvalidArgumentError} if it is not a number.
 * @throws {OutOfRangeError} if it is not a power of 2, or out of range.
 */
export function checkedPowerOfTwo(
  value: unknown,
  options: Checked & { readonly range: readonly [number, number] },
): number {
  const { range } = options;
  const wanted = `a power of 2 ${rangeText(range)}`;
  if (typeof value !== "number") throw invalid(options, wanted, value);
  if (value >= range[0] && value <= range[1] && Number.isInteger(Math.log2(value))) return value;
  throw outOfRange(options, wanted, value);
}

/**
 * Checks a string or number against the choices that there are.
 *
 * @throws {InvalidArgumentError} if it has another type than the choices.
 * @throws {OutOfRangeError} if it is not one of them.
 */
export function checkedChoice<Choice extends string | number>(
  value: unknown,
  options: Checked & { readonly choices: readonly Choice[] },
): Choice {
  const { choices } = options;
  const wanted = `one of ${choices.join(", ")}`;
  if (typeof value !== typeof choices[0]) throw invalid(options, wanted, value);
  if ((choices as readonly unknown[]).includes(value)) return value as Choice;
  throw outOfRange(options, wanted, value);
}

/**
 * Checks a name that a caller has chosen against those that there are.
 *
 * @throws {InvalidArgumentError} if it is not a string.
 * @throws {OutOfRangeError} if there is none of that name; the message lists them, in quotes.
 */
export function checkedKnownName(
  value: unknown,
  options: Checked & { readonly known: Iterable<string> },
): string {
  const name = checkedString(value, options);
  const known = [...options.known];
  if (known.includes(name)) return name;
  const list = known.map((each) => `"${each}"`).join(", ");
  throw outOfRange(
    options,
    known.length === 0 ? "left out, as there is none" : `one of ${list}`,
    name,
  );
}

/**
 * Checks that a value is a boolean.
 *
 * @throws {InvalidArgumentError} if it is not.
 */
export function checkedBoolean(value: unknown, options: Checked): boolean {
  if (typeof value === "boolean") return value;
  throw invalid(options, "true or false", value);
}

/**
 * Checks that a value is a string.
 *
 * @throws {InvalidArgumentError} if it is not.
 */
export function checkedString(value: unknown, options: Checked): string {
  if (typeof value === "string") return value;
  throw invalid(options, "a string", value);
}

/**
 * Checks a function.
 *
 * @throws {InvalidArgumentError} if it is not a function.
 */
export function checkedFunction<Value>(value: Value, options: Checked): Value {
  if (typeof value === "function") return value;
  throw invalid(options, "a function", value);
}

/**
 * Checks that an object has methods of some names.
 *
 * @throws {InvalidArgumentError} if it lacks one, or is not an object.
 */
export function checkedMethods<Value>(
  value: Value,
  options: Checked & { readonly methods: readonly string[] },
): Value {
  const { methods } = options;
  const holder = value as Record<string, unknown> | null | undefined;
  if (methods.every((method) => typeof holder?.[method] === "function")) return value;
  throw invalid(options, `an object with the methods ${methods.join(", ")}`, value);
}

/**
 * Checks that an object is of a class.
 *
 * @throws {InvalidArgumentError} if it is not.
 */
export function checkedInstance<Kind extends abstract new (...args: never[]) => object>(
  value: unknown,
  options: Checked & { readonly kind: Kind },
): InstanceType<Kind> {
  const { kind } = options;
  if (value instanceof kind) return value as InstanceType<Kind>;
  throw invalid(options, `a ${kind.name}`, value);
}

/**
 * Checks bytes that can be read.
 *
 * @throws {InvalidArgumentError} if it is not a Uint8Array, or its buffer was transferred away.
 */
export function checkedBytes(value: unknown, options: Checked): Uint8Array {
  if (!(value instanceof Uint8Array)) throw invalid(options, "a Uint8Array", value);
  const { detached } = value.buffer as ArrayBuffer;
  if (detached) throw invalid(options, "a Uint8Array whose buffer was not transferred", value);
  return value;
}

/**
 * Checks the options of a call that takes nothing but a signal.
 *
 * @returns The signal.
 * @throws {InvalidArgumentError} for an option that does not exist, or a signal that is none.
 */
export function checkedSignalOption(
  options: { readonly signal?: AbortSignal | undefined },
  failure: string,
): AbortSignal | undefined {
  checkOptionNames(options, { failure, names: SIGNAL_NAMES });
  return checkedSignal(options.signal, failure);
}

/**
 * Checks the signal that cancels a call; undefined means none.
 *
 * @throws {InvalidArgumentError} if it is something else.
 */
export function checkedSignal(
  value: AbortSignal | undefined,
  failure: string,
): AbortSignal | undefined {
  // Not by its class: a page and its frames each have their own AbortSignal class.
  if (value === undefined || typeof value?.throwIfAborted === "function") return value;
  throw invalid({ name: "signal", failure }, "an AbortSignal", value);
}

/**
 * Checks a list of finite numbers of a certain length: an array, a typed array or the like.
 *
 * @throws {InvalidArgumentError} if it is not a list of numbers, or has another length.
 * @throws {OutOfRangeError} if a number is not finite.
 */
export function checkedVector(
  value: unknown,
  options: Checked & { readonly length: number },
): ArrayLike<number> {
  const { length } = options;
  const list = value as ArrayLike<unknown> | null;
  const wanted = `${length} finite numbers`;
  if (typeof list !== "object" || list?.length !== length) throw invalid(options, wanted, value);
  let isFinite = true;
  for (let i = 0; i < length; i++) {
    if (typeof list[i] !== "number") throw invalid(options, wanted, value);
    isFinite &&= Number.isFinite(list[i]);
  }
  if (!isFinite) throw outOfRange(options, wanted, value);
  return list as ArrayLike<number>;
}

/**
 * Checks the names of options, so that a misspelt one is found.
 *
 * @throws {InvalidArgumentError} if `options` is not a plain object, or one of its keys is not an
 * option.
 */
export function checkOptionNames(
  options: unknown,
  known: {
    readonly failure: string;
    readonly names: ReadonlySet<string> | readonly string[];
    /** What a name stands for; default "option". */
    readonly what?: string;
    /** What is named if it is not a plain object; default "options". */
    readonly name?: string;
  },
): void {
  const { names, failure, what = "option", name: argument = "options" } = known;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalid({ name: argument, failure }, "an object", options);
  }
  // Nothing is allocated: some calls come every frame.
  for (const name in options) {
    if ("has" in names ? names.has(name) : names.includes(name)) continue;
    if (!Object.hasOwn(options, name)) continue;
    throw new InvalidArgumentError(
      name,
      `${failure} as there is no ${what} ${name}: ${what === "option" ? "options" : "there"} are ` +
        [...names].join(", "),
    );
  }
}
