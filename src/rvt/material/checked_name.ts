/**
 * Names of what materials are made of.
 *
 * @module
 */

import { checkedString } from "../../checks.ts";
import { OutOfRangeError } from "../../errors.ts";

const LONGEST_NAME = 120;

/**
 * Checks a name: of a node, a parameter, a layer, a function, a texture or a material.
 *
 * @throws {InvalidArgumentError} if it is not a string.
 * @throws {OutOfRangeError} if it is empty or longer than 120 characters.
 */
export function checkedName(
  value: unknown,
  check: { readonly name: string; readonly failure: string },
): string {
  const text = checkedString(value, check);
  if (text.length >= 1 && text.length <= LONGEST_NAME) return text;
  throw new OutOfRangeError(
    check.name,
    `${check.failure} as ${check.name} must have 1 to ${LONGEST_NAME} characters: ` +
      `current value has ${text.length}`,
  );
}
