/**
 * Checked reading of fields of JSON objects.
 *
 * @module
 */

import { checkedString, describeValue } from "../../../checks.ts";
import { InvalidArgumentError, OutOfRangeError, UnsupportedError } from "../../../errors.ts";

/** An object that was read from JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Checks that a value is an object with fields.
 *
 * @throws {InvalidArgumentError} if it is not.
 */
export function checkedObject(
  value: unknown,
  { name, failure }: { readonly name: string; readonly failure: string },
): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new InvalidArgumentError(
    name,
    `${failure} as ${name} must be an object: current value is ${describeValue(value)}`,
  );
}

/**
 * Checks that a value is a list.
 *
 * @throws {InvalidArgumentError} if it is not.
 */
export function checkedList(
  value: unknown,
  { name, failure }: { readonly name: string; readonly failure: string },
): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new InvalidArgumentError(
    name,
    `${failure} as ${name} must be a list: current value is ${describeValue(value)}`,
  );
}

/**
 * Checks what a document is, and its version.
 *
 * @param json What was read; the result of `JSON.parse`.
 * @param format What it has to be.
 * @returns The document, and its name.
 * @throws {InvalidArgumentError} if it is not an object, or its name is not a string.
 * @throws {OutOfRangeError} if it is something else.
 * @throws {UnsupportedError} if it has another version than 1.
 */
export function checkedDocument(json: unknown, format: string): [JsonObject, string] {
  const failure = `Cannot read ${format}`;
  const document = checkedObject(json, { name: "json", failure });
  if (document.format !== format) {
    throw new OutOfRangeError(
      "format",
      `${failure} as format must be "${format}": current value is ${
        describeValue(document.format)
      }`,
    );
  }
  if (document.version !== 1) {
    throw new UnsupportedError(
      "version",
      `${failure} as version must be 1: current value is ${describeValue(document.version)}`,
    );
  }
  return [document, checkedString(document.name, { name: "name", failure })];
}
