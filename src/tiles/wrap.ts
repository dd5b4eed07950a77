/**
 * How a texture goes on beyond its edges. Pure.
 *
 * @module
 */

import { checkedChoice } from "../checks.ts";
import { OutOfRangeError } from "../errors.ts";

/** What lies beyond an edge of a level: its nearest texel, or its opposite side. */
export type WrapMode = "clamp" | "repeat";

/** Choices of {@linkcode WrapMode}. */
export const WRAP_MODES: readonly WrapMode[] = Object.freeze(["clamp", "repeat"]);

/** How a texture goes on along u (columns) and along v (rows). */
export type WrapModes = readonly [u: WrapMode, v: WrapMode];

/** One mode for both axes, or one for each. */
export type Wrap = WrapMode | WrapModes;

/** What is true of a texture that says nothing. */
export const CLAMPED: WrapModes = Object.freeze(["clamp", "clamp"] as const);

/** The mode of each axis. */
export function wrapModes(wrap: Wrap | undefined): WrapModes {
  if (wrap === undefined) return CLAMPED;
  return typeof wrap === "string" ? [wrap, wrap] : wrap;
}

/** Whether a texture repeats along an axis at least. */
export function repeats(wrap: Wrap | undefined): boolean {
  return wrapModes(wrap).includes("repeat");
}

/** The modes as one word where both are the same: `"repeat"`, or `"repeat,clamp"` of u and v. */
export function wrapText(wrap: Wrap | undefined): string {
  const [u, v] = wrapModes(wrap);
  return u === v ? u : `${u},${v}`;
}

/**
 * Checks the mode of both axes, or one for each.
 *
 * @param options `name`: what messages call it; default `wrap`.
 * @returns The mode of each axis.
 * @throws {InvalidArgumentError} if it is neither a string nor a list of them.
 * @throws {OutOfRangeError} if a mode is unknown, or a list does not have two.
 */
export function checkedWrap(
  value: unknown,
  { name = "wrap", failure }: { readonly name?: string; readonly failure: string },
): WrapModes {
  if (!Array.isArray(value)) {
    const mode = checkedChoice(value, { name, failure, choices: WRAP_MODES });
    return [mode, mode];
  }
  if (value.length !== 2) {
    throw new OutOfRangeError(
      name,
      `${failure} as ${name} must have a mode for u and one for v: current length is ` +
        `${value.length}`,
    );
  }
  const [u, v] = value.map((mode: unknown, axis) =>
    checkedChoice(mode, { name: `${name}[${axis}]`, failure, choices: WRAP_MODES })
  );
  return [u!, v!];
}
