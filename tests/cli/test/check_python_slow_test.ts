import assert from "node:assert/strict";
import { checkPython } from "../../../src/cli/test/check_python.ts";

Deno.test("the Python is formatted, clean, and typed so that checkers refuse every mistake", async () => {
  const { breaches, skipped } = await checkPython();
  for (const reason of skipped) console.log(`left out: ${reason}`);
  assert.deepEqual(breaches, []);
});
