/**
 * Shapes of lists and objects.
 *
 * @module
 */

import type { JsonSchema, Shape } from "./shape.ts";
import { choiceShape } from "./plain_shapes.ts";

/** How many elements or fields there may be. */
export interface CountRange {
  /** The least number; default 0. */
  readonly least?: number;
  /** The largest number. */
  readonly most: number;
}

/** Fields of an object: those that must be there, and those that may be. */
export interface Fields {
  /** Fields that must be there. */
  readonly required?: Readonly<Record<string, Shape>>;
  /** Fields that may be there. */
  readonly optional?: Readonly<Record<string, Shape>>;
}

/** A list whose elements have one shape. */
export function listShape(element: Shape, { least = 0, most }: CountRange): Shape {
  return {
    check(value, place) {
      if (!Array.isArray(value)) place.refuse("must be a list", value);
      const list = value as unknown[];
      if (list.length < least || list.length > most) {
        throw place.error(
          `must have ${least === most ? least : `${least} to ${most}`} elements: ` +
            `current number is ${list.length}`,
        );
      }
      list.forEach((one, index) => element.check(one, place.at(index)));
    },
    schema: (defs) => ({
      type: "array",
      items: element.schema(defs),
      ...(least > 0 ? { minItems: least } : {}),
      maxItems: most,
    }),
  };
}

/** A list of as many elements of one shape. */
export function vectorShape(count: number, element: Shape): Shape {
  return listShape(element, { least: count, most: count });
}

/** An object with certain fields and no others. */
export function objectShape({ required = {}, optional = {} }: Fields): Shape {
  const fields = new Map([...Object.entries(required), ...Object.entries(optional)]);
  return {
    check(value, place) {
      const object = checkedObject(value, (wanted) => place.refuse(wanted, value));
      for (const name of Object.keys(required)) {
        if (!Object.hasOwn(object, name)) throw place.error(`must have the field "${name}"`);
      }
      for (const name of Object.keys(object)) {
        const shape = fields.get(name);
        if (shape !== undefined) shape.check(object[name], place.at(name));
        else {
          throw place.at(name).error(
            `is not a field that is known: those are ${[...fields.keys()].join(", ")}`,
          );
        }
      }
    },
    schema: (defs) => ({
      type: "object",
      properties: Object.fromEntries(
        [...fields].map(([name, shape]) => [name, shape.schema(defs)]),
      ),
      ...(Object.keys(required).length === 0 ? {} : { required: Object.keys(required) }),
      additionalProperties: false,
    }),
  };
}

/** An object of values of one shape, by names that are not empty. */
export function recordShape(value: Shape, { most }: CountRange): Shape {
  return {
    check(record, place) {
      const object = checkedObject(record, (wanted) => place.refuse(wanted, record));
      const names = Object.keys(object);
      if (names.length > most) {
        throw place.error(`must have at most ${most} fields: current number is ${names.length}`);
      }
      for (const name of names) {
        if (name === "") throw place.error("must not have a field without a name");
        value.check(object[name], place.at(name));
      }
    },
    schema: (defs) => ({
      type: "object",
      propertyNames: { minLength: 1 },
      maxProperties: most,
      additionalProperties: value.schema(defs),
    }),
  };
}

/** An object of values of one shape, by names of a certain form. */
export function keyedShape(pattern: string, value: Shape, range: CountRange): Shape {
  const expression = new RegExp(pattern, "u");
  const record = recordShape(value, range);
  return {
    check(object, place) {
      record.check(object, place);
      const odd = Object.keys(object as object).find((name) => !expression.test(name));
      if (odd !== undefined) throw place.at(odd).error(`must have a name of the form ${pattern}`);
    },
    schema: (defs) => ({ ...record.schema(defs), propertyNames: { pattern } }),
  };
}

/** Objects that one of their fields tells apart: its values, and the other fields with each. */
export function taggedShape(tag: string, kinds: Readonly<Record<string, Fields>>): Shape {
  const shapes = new Map(
    Object.entries(kinds).map(([kind, { required = {}, optional = {} }]) => [
      kind,
      objectShape({ required: { [tag]: choiceShape([kind]), ...required }, optional }),
    ]),
  );
  return {
    check(value, place) {
      const object = checkedObject(value, (wanted) => place.refuse(wanted, value));
      if (!Object.hasOwn(object, tag)) throw place.error(`must have the field "${tag}"`);
      choiceShape([...shapes.keys()]).check(object[tag], place.at(tag));
      shapes.get(object[tag] as string)!.check(object, place);
    },
    schema: (defs) => ({ anyOf: [...shapes.values()].map((shape) => shape.schema(defs)) }),
  };
}

/** What a string says, or what another shape does: a file, or what would stand in it. */
export function eitherShape(text: Shape, other: Shape): Shape {
  return {
    check(value, place) {
      (typeof value === "string" ? text : other).check(value, place);
    },
    schema: (defs): JsonSchema => ({ anyOf: [text.schema(defs), other.schema(defs)] }),
  };
}

function checkedObject(
  value: unknown,
  refuse: (wanted: string) => never,
): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  return refuse("must be an object");
}
