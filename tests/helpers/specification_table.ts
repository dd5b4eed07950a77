/**
 * Tables that say of each sentence of a specification where it is built and which tests show it.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { productText, PROJECT } from "../house/project.ts";

/** Tests that a table names and that do not exist, one sentence each. */
export function missingTests(table: string): string[] {
  return [...table.matchAll(/`(tests\/[^`]+)`: “([^”]+)”/g)].flatMap(([, path, title]) => {
    if (!existsSync(join(PROJECT, path!))) return [`${path} does not exist`];
    const text = path!.endsWith(".py") ? `def ${title}(` : `"${title}"`;
    return productText(path!).includes(text) ? [] : [`${path} has no test "${title}"`];
  });
}

/** Tests that a row of a table names more than once. */
export function repeatedTests(table: string): string[] {
  return table.split("\n").flatMap((row) => {
    const named = [...row.matchAll(/`tests\/[^`]+`: “[^”]+”/g)].map(([name]) => name);
    return named.filter((name, i) => named.indexOf(name) !== i);
  });
}

/** Rows of a table that lack one of its three columns, and the number of all rows. */
export function bareRows(table: string): { readonly count: number; readonly bare: string[] } {
  const rows = table.split("\n").filter((line) => /^\| (?!sentence|---)/.test(line));
  return {
    count: rows.length,
    bare: rows.filter((row) => row.split(" | ").length !== 3 || /\| +\|/.test(row)),
  };
}
