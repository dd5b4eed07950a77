/**
 * Shapes of strings, numbers and the like.
 *
 * @module
 */

import type { Shape } from "./shape.ts";

/** A range of numbers, both ends included unless `above` is given. */
export interface NumberRange {
  /** The least number. */
  readonly least?: number;
  /** The largest number. */
  readonly most?: number;
  /** A number that it must be larger than. */
  readonly above?: number;
}

/** A string that is not empty. */
export function textShape(): Shape {
  return {
    check(value, place) {
      if (typeof value !== "string") place.refuse("must be a string", value);
      if (value === "") place.refuse("must not be empty", value);
    },
    schema: () => ({ type: "string", minLength: 1 }),
  };
}

/** A string of a certain form. */
export function patternShape(
  pattern: string,
  { wanted, mostCharacters }: { readonly wanted: string; readonly mostCharacters?: number },
): Shape {
  const expression = new RegExp(pattern, "u");
  return {
    check(value, place) {
      // Schemas count characters, and not their halves.
      const isValid = typeof value === "string" &&
        (mostCharacters === undefined ||
          [...value.slice(0, 2 * mostCharacters + 1)].length <= mostCharacters) &&
        expression.test(value);
      if (!isValid) place.refuse(`must be ${wanted}`, value);
    },
    schema: () => ({
      type: "string",
      pattern,
      ...(mostCharacters === undefined ? {} : { maxLength: mostCharacters }),
    }),
  };
}

/** A finite number in a range. */
export function numberShape(range: NumberRange = {}): Shape {
  return rangeShape(range, { type: "number", noun: "a number", isValid: Number.isFinite });
}

/** An integer in a range. */
export function integerShape(range: NumberRange = {}): Shape {
  return rangeShape(range, { type: "integer", noun: "an integer", isValid: Number.isInteger });
}

function rangeShape(
  { least, most, above }: NumberRange,
  { type, noun, isValid }: {
    readonly type: "number" | "integer";
    readonly noun: string;
    readonly isValid: (value: unknown) => boolean;
  },
): Shape {
  const bounds = [
    ...(above === undefined ? [] : [`> ${above}`]),
    ...(least === undefined ? [] : [`>= ${least}`]),
    ...(most === undefined ? [] : [`<= ${most}`]),
  ];
  const wanted = `must be ${[noun, bounds.join(" and ")].join(" ").trim()}`;
  return {
    check(value, place) {
      const number = value as number;
      const isInside = isValid(value) && (above === undefined || number > above) &&
        (least === undefined || number >= least) && (most === undefined || number <= most);
      if (!isInside) place.refuse(wanted, value);
    },
    schema: () => ({
      type,
      ...(above === undefined ? {} : { exclusiveMinimum: above }),
      ...(least === undefined ? {} : { minimum: least }),
      ...(most === undefined ? {} : { maximum: most }),
    }),
  };
}

/** True or false. */
export function booleanShape(): Shape {
  return {
    check(value, place) {
      if (typeof value !== "boolean") place.refuse("must be true or false", value);
    },
    schema: () => ({ type: "boolean" }),
  };
}

/** One of some strings or numbers. */
export function choiceShape(choices: readonly (string | number)[]): Shape {
  return {
    check(value, place) {
      if (choices.includes(value as string)) return;
      place.refuse(`must be ${choices.length > 1 ? "one of " : ""}${choices.join(", ")}`, value);
    },
    schema: () => choices.length === 1 ? { const: choices[0] } : { enum: [...choices] },
  };
}

/** Null, or what another shape says. */
export function nullable(shape: Shape): Shape {
  return {
    check(value, place) {
      if (value !== null) shape.check(value, place);
    },
    schema: (defs) => ({ anyOf: [{ type: "null" }, shape.schema(defs)] }),
  };
}
