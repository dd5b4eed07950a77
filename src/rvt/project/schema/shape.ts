/**
 * Shapes of JSON values: each can check a value, and tell its JSON Schema, so that the schema which is
 * published and the reader cannot say different things. Pure.
 *
 * @module
 */

import type { Place } from "./place.ts";

/** A JSON Schema (draft 2020-12), or a part of one. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** What a JSON value must be. */
export interface Shape {
  /**
   * Checks a value; takes time and memory in proportion to it.
   *
   * @throws {MalformedFileError} if it is of another shape; the message names the place.
   */
  check(value: unknown, place: Place): void;
  /**
   * The same as JSON Schema.
   *
   * @param defs Takes the schemas of shapes with names, which are referred to.
   */
  schema(defs: Map<string, JsonSchema>): JsonSchema;
}

/** A shape that the schema defines once, by a name. */
export function namedShape(name: string, shape: Shape): Shape {
  return {
    check: (value, place) => shape.check(value, place),
    schema(defs) {
      if (!defs.has(name)) {
        defs.set(name, {});
        defs.set(name, shape.schema(defs));
      }
      return { $ref: `#/$defs/${name}` };
    },
  };
}

/** A shape with a sentence about what it is for, which editors show. */
export function described(description: string, shape: Shape): Shape {
  return {
    check: (value, place) => shape.check(value, place),
    schema: (defs) => ({ ...shape.schema(defs), description }),
  };
}
