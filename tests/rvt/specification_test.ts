import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { productText, PROJECT } from "../house/project.ts";

/** Tests that a table names and that do not exist, one sentence each. */
function missingTests(table: string): string[] {
  return [...table.matchAll(/`(tests\/[^`]+)`: “([^”]+)”/g)].flatMap(([, path, title]) => {
    if (!existsSync(join(PROJECT, path!))) return [`${path} does not exist`];
    return productText(path!).includes(`"${title}"`) ? [] : [`${path} has no test "${title}"`];
  });
}

/** Tests that a row of a table names more than once. */
function repeatedTests(table: string): string[] {
  return table.split("\n").flatMap((row) => {
    const named = [...row.matchAll(/`tests\/[^`]+`: “[^”]+”/g)].map(([name]) => name);
    return named.filter((name, i) => named.indexOf(name) !== i);
  });
}

const TABLE = productText("src/rvt/SPECIFICATION.md");

Deno.test("every test that the table of the specification names exists", () => {
  assert.ok(TABLE.match(/`tests\//g)!.length > 60);
  assert.deepEqual(missingTests(TABLE), []);
});

Deno.test("every sentence of the table says where it is and what shows it", () => {
  const rows = TABLE.split("\n").filter((line) => /^\| (?!sentence|---)/.test(line));
  assert.ok(rows.length > 50);
  const bare = rows.filter((row) => row.split(" | ").length !== 3 || /\| +\|/.test(row));
  assert.deepEqual(bare, []);
});

Deno.test("no row of the table names a test twice", () => {
  assert.deepEqual(repeatedTests(TABLE), []);
});

Deno.test("negative control: a test that does not exist, or is named twice, is found", () => {
  assert.equal(missingTests("`tests/rvt/specification_test.ts`: “no such test”").length, 1);
  assert.equal(missingTests("`tests/rvt/no_such_test.ts`: “a”").length, 1);
  const row = "| a | b | `tests/a_test.ts`: “a”<br>`tests/a_test.ts`: “a” |";
  assert.deepEqual(repeatedTests(row), ["`tests/a_test.ts`: “a”"]);
  assert.deepEqual(repeatedTests(row.replace("<br>", "\n")), []);
});
