/**
 * What options must refuse, by their kind.
 *
 * @module
 */

/** The values that one option must refuse. */
export interface Rule {
  /** Name of the option; also the argument that errors name. */
  readonly name: string;
  /** Values of a wrong type. */
  readonly wrong: readonly unknown[];
  /** Values of the right type that are not allowed. */
  readonly impossible: readonly unknown[];
  /** What the message about an impossible value says of the allowed ones. */
  readonly says: readonly string[];
}

/** A call that takes options; it must check them before it does anything else. */
export interface Entry {
  readonly entry: string;
  readonly call: (options: Record<string, unknown>) => unknown;
  readonly rules: readonly Rule[];
  /** Whether it takes an object that may hold more, such as a camera; default false. */
  readonly isOpen?: boolean;
}

/** A number with a range. */
export function number(name: string, impossible: readonly unknown[], ...says: string[]): Rule {
  return { name, wrong: ["7", true, {}, [7]], impossible: [...impossible, NaN], says };
}

/** One of some texts. */
export function choice(name: string, ...says: string[]): Rule {
  return { name, wrong: [7, true, {}, ["a"]], impossible: ["", "best", "toString"], says };
}

/** An option of which only the type can be wrong. */
export function typed(name: string, ...wrong: unknown[]): Rule {
  return { name, wrong: [...wrong, 7, true], impossible: [], says: [] };
}

/** So many finite numbers. */
export function vector(name: string, length: number): Rule {
  const numbers = new Array(length).fill(1);
  return {
    name,
    wrong: [7, "1", {}, numbers.slice(1), [...numbers, 1], ["1", ...numbers.slice(1)]],
    impossible: [[NaN, ...numbers.slice(1)], [...numbers.slice(1), Infinity]],
    says: [`${length} finite numbers`],
  };
}
