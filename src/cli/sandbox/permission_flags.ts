/**
 * Deno's permission flags.
 *
 * @module
 */

/** What a process may do; every path is absolute. */
export interface Grants {
  /** Files and folders that it may read. */
  readonly read: readonly string[];
  /** Files and folders that it may write. */
  readonly write: readonly string[];
  /** Files and folders, inside those above, that it may neither read nor write. */
  readonly closed: readonly string[];
  /** Hosts that it may reach, each with a port or for every port. */
  readonly net: readonly string[];
  /** Environment variables that it may read; all others read as not set. */
  readonly env: readonly string[];
}

/** Flags that keep a process from fetching code and from asking the user for more. */
export const NO_NEW_CODE: readonly string[] = [
  "--no-prompt",
  "--cached-only",
  "--frozen",
  "--deny-import",
];

/** The flags for `deno run`. */
export function permissionFlags(grants: Grants): string[] {
  return [
    ...listFlag("allow-read", grants.read),
    ...listFlag("deny-read", grants.closed),
    ...listFlag("allow-write", grants.write),
    ...listFlag("deny-write", grants.closed),
    ...listFlag("allow-net", grants.net),
    ...environmentFlags(grants.env),
  ];
}

/**
 * `--NAME=A,B`, with every comma in an item doubled, which `permissionArguments` reads; no flag at all
 * for an empty list.
 */
export function listFlag(name: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  return [`--${name}=${[...new Set(items)].map((item) => item.replaceAll(",", ",,")).join(",")}`];
}

/** Named variables, and none of the others: those are absent instead of failing. */
export function environmentFlags(names: readonly string[]): string[] {
  return [...listFlag("allow-env", names), "--ignore-env"];
}
