/**
 * Values of console variables by scalability level. Pure.
 *
 * @module
 */

import { checkOptionNames, describeValue } from "../../checks.ts";
import { InvalidArgumentError, OutOfRangeError } from "../../errors.ts";
import { checkedVariable, checkedVariableValue, variableName } from "./variable_kinds.ts";

/**
 * Values of console variables by the name of a level, such as
 * `{ "low": { "r.VT.PoolSizeScale": 0.5 }, "high": {} }`. What a level leaves out has the value that it
 * has without any level.
 */
export type ScalabilitySettings = Readonly<Record<string, Readonly<Record<string, number>>>>;

const MOST_LEVELS = 100;
const MOST_VALUES = 1000;
const MOST_NAME_LENGTH = 100;

/**
 * Checks scalability settings, as they come from a file, for example.
 *
 * @param where What messages begin with; default `Cannot set scalability`.
 * @returns A frozen copy, with variables' names as they are written.
 * @throws {InvalidArgumentError} for a value of the wrong type, or a variable that is named twice.
 * @throws {OutOfRangeError} for a variable that does not exist, a value out of its range, or more than 100
 * levels of 1000 values.
 */
export function checkedScalability(
  value: unknown,
  where = "Cannot set scalability",
): ScalabilitySettings {
  const levels = entriesOf(value, { name: "scalability", failure: where, most: MOST_LEVELS });
  const checked = levels.map(([level, values]) => {
    if (level === "" || level.length > MOST_NAME_LENGTH) {
      throw new OutOfRangeError(
        "scalability",
        `${where} as the name of a level of scalability must have 1 to ${MOST_NAME_LENGTH} characters: current value is ${
          describeValue(level)
        }`,
      );
    }
    return [level, checkedLevel(values, { level, where })] as const;
  });
  return Object.freeze(Object.fromEntries(checked));
}

function checkedLevel(
  value: unknown,
  { level, where }: { readonly level: string; readonly where: string },
): Readonly<Record<string, number>> {
  const name = `scalability.${level}`;
  const given = entriesOf(value, { name, failure: where, most: MOST_VALUES });
  const values = new Map<string, number>();
  for (const [key, one] of given) {
    const id = checkedVariable(key, `${where} of level ${describeValue(level)}`);
    const plain = variableName(id);
    if (values.has(plain)) {
      throw new InvalidArgumentError(
        name,
        `${where} as ${name} must name ${plain} once: it is named by several keys`,
      );
    }
    values.set(plain, checkedVariableValue(id, one, `${where} of level ${describeValue(level)}`));
  }
  return Object.freeze(Object.fromEntries(values));
}

function entriesOf(
  value: unknown,
  options: { readonly name: string; readonly failure: string; readonly most: number },
): [string, unknown][] {
  const { name, failure, most } = options;
  const names = typeof value === "object" && value !== null ? Object.keys(value) : [];
  checkOptionNames(value, { failure, names: new Set(names), name });
  if (names.length > most) {
    throw new OutOfRangeError(
      name,
      `${failure} as ${name} must have at most ${most} keys: current number is ${names.length}`,
    );
  }
  return Object.entries(value as object);
}
