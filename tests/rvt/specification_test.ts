import assert from "node:assert/strict";
import { bareRows, missingTests, repeatedTests } from "../helpers/specification_table.ts";
import { productText } from "../house/project.ts";

const TABLE = productText("src/rvt/SPECIFICATION.md");

Deno.test("every test that the table of the specification names exists", () => {
  assert.ok(TABLE.match(/`tests\//g)!.length > 60);
  assert.deepEqual(missingTests(TABLE), []);
});

Deno.test("every sentence of the table says where it is and what shows it", () => {
  const { count, bare } = bareRows(TABLE);
  assert.ok(count > 50);
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
