/**
 * What the runtime refused to a program, so that it can be told the option that allows it.
 *
 * @module
 */

/** Something that was refused. */
export interface Refusal {
  /** The permission that lacks: `read`, `write`, `net`, `env`, `run`, `ffi`, `sys` or `import`. */
  readonly permission: string;
  /** The path, host or name that it would be for; empty where there is none. */
  readonly value: string;
}

/** Refusals that are remembered. */
const MOST_REFUSALS = 64;

const refused: Refusal[] = [];

/** Remembers a refusal, given as the message of the runtime's error. */
export function noteRefusal(message: string): void {
  const refusal = parseRefusal(message);
  if (refusal === null) return;
  refused.push(refusal);
  if (refused.length > MOST_REFUSALS) refused.shift();
}

/** Reads the message of the runtime's error; null if it is another one. */
export function parseRefusal(message: string): Refusal | null {
  const match = /Requires (\w+) access(?: to (?:"([^"]*)"|<(\w+)>))?/.exec(message);
  return match && { permission: match[1]!, value: match[2] ?? match[3] ?? "" };
}

/** The permission that a path lacked when it was last refused, or null if it was not. */
export function refusedPermission(path: string): string | null {
  return refused.findLast(({ value }) => value === path)?.permission ?? null;
}
