/**
 * Permissions as arguments of `deno run`.
 *
 * @module
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Name of the set of permissions in a file that is made here. */
const SET = "task";

/**
 * Characters of a list that fits on a command line with all others: Linux takes 131,072 bytes in an
 * argument, of which a character may need four.
 */
const MOST_CHARACTERS = 8192;

/** `--allow-read=…` and its like: what is done, the kind of permission, and the list. */
const LIST_FLAG = /^--(allow|deny)-([a-z]+)=([^]*)$/;

/**
 * The configuration and the permissions of a process, as arguments of `deno run`.
 *
 * Deno splits the lists of its flags at every comma, has no way to write a comma that belongs to a
 * path, and takes a carriage return at the end of a list for the end of a line. A list in a
 * configuration file is taken as it is, and may have any length: permissions of a kind that such a
 * path needs, or that are many, go into a copy of the project's file.
 *
 * @param flags Flags as `listFlag` makes them: with two commas for one that belongs to a path.
 * @param place The project, and a folder for the copy, which is made where there is none.
 */
export function permissionArguments(
  flags: readonly string[],
  { project, folder }: { readonly project: string; readonly folder: string },
): string[] {
  const config = join(project, "deno.json");
  const kinds = new Set(flags.flatMap((flag) => needsFile(flag) ? [kindOf(flag)] : []));
  if (kinds.size === 0) return [`--config=${config}`, ...flags];
  const set: Record<string, { allow: string[]; deny: string[] }> = {};
  for (const flag of flags) {
    const [, act, kind = "", list = ""] = LIST_FLAG.exec(flag) ?? [];
    if (kinds.has(kind)) {
      set[kind] ??= { allow: [], deny: [] };
      set[kind][act as "allow" | "deny"].push(...items(list));
    }
  }
  const path = join(folder, `permissions-${crypto.randomUUID()}.json`);
  const { exports: _, ...own } = JSON.parse(readFileSync(config, "utf8"));
  const lock = { path: join(project, "deno.lock"), frozen: true };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify({ ...own, lock, permissions: { [SET]: set } }));
  return [`--config=${path}`, `-P=${SET}`, ...flags.filter((flag) => !kinds.has(kindOf(flag)))];
}

function needsFile(flag: string): boolean {
  return /,,|\r/.test(flag) || flag.length > MOST_CHARACTERS;
}

function kindOf(flag: string): string {
  return LIST_FLAG.exec(flag)?.[2] ?? "";
}

/** The items of a list in which a doubled comma stands for one. */
function items(list: string): string[] {
  return (list.match(/(?:[^,]|,,)+/g) ?? []).map((item) => item.replaceAll(",,", ","));
}
