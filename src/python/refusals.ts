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

/** Remembers a refusal. */
export function noteRefusal(refusal: Refusal | null): void {
  if (refusal === null) return;
  refused.push(refusal);
  if (refused.length > MOST_REFUSALS) refused.shift();
}

/** Forgets everything, before a program starts. */
export function forgetRefusals(): void {
  refused.length = 0;
}

/** Forgets that a path was refused, as it was got in another way. */
export function forgetRefusal(path: string): void {
  for (let at = refused.length - 1; at >= 0; at--) {
    if (refused[at]!.value === path) refused.splice(at, 1);
  }
}

/** Reads the message of the runtime's error; null if it is another one. */
export function parseRefusal(message: string): Refusal | null {
  const match = /Requires (\w+) access(?: to (?:"([^"]*)"|<(\w+)>))?/.exec(message);
  return match && { permission: match[1]!, value: match[2] ?? match[3] ?? "" };
}

/**
 * The permission that a path lacked when it, or a folder above it, was last refused; null if neither
 * was.
 */
export function refusedPermission(path: string): string | null {
  const own = refused.findLast(({ value }) => value === path);
  const above = refused.findLast(({ value }) => path.startsWith(`${value}/`));
  return (own ?? above)?.permission ?? null;
}

/**
 * What was last refused to be written and not got in another way; else what was last refused to be read,
 * as programs look at a place before they write there; or null.
 */
export function lastRefusal(): Refusal | null {
  const last = (kind: string) => refused.findLast(({ permission }) => permission === kind);
  return last("write") ?? last("read") ?? null;
}
