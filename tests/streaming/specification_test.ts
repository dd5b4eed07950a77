import assert from "node:assert/strict";
import { bareRows, missingTests, repeatedTests } from "../helpers/specification_table.ts";
import { productText } from "../house/project.ts";

const TABLE = productText("src/streaming/SPECIFICATION.md");

Deno.test("every test that the table of the specification of streaming names exists", () => {
  assert.ok(TABLE.match(/`tests\//g)!.length > 60);
  assert.deepEqual(missingTests(TABLE), []);
});

Deno.test("every sentence of the table says where it is and what shows it, and names no test twice", () => {
  const { count, bare } = bareRows(TABLE);
  assert.ok(count > 40);
  assert.deepEqual(bare, []);
  assert.deepEqual(repeatedTests(TABLE), []);
});

Deno.test("negative control: a test in Python that does not exist, and a bare row, are found", () => {
  assert.equal(missingTests("`tests/python/test_memory.py`: “test_of_nothing”").length, 1);
  assert.deepEqual(missingTests("`tests/python/checks.py`: “raises”"), []);
  assert.equal(bareRows("| a | b |\n| a | b | c |").bare.length, 1);
});
