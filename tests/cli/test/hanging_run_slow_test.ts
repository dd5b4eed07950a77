import assert from "node:assert/strict";
import { join } from "node:path";
import { runTests } from "../../../src/cli/test/run_tests.ts";

Deno.test("a test that waits for ever fails, and is named", async () => {
  const folder = await Deno.makeTempDir({ prefix: "forge3d hanging " });
  try {
    const file = join(folder, "hangs_test.ts");
    await Deno.writeTextFile(
      file,
      `Deno.test("ends", () => {});
       Deno.test("waits for ever", () => new Promise((resolve) => setTimeout(resolve, 1e9)));`,
    );
    const results = await runTests([file], { checkTypes: false, mostIdleMs: 5000 });
    assert.ok(results.failed >= 1);
    const text = results.failures.join("\n");
    assert.match(text, /nothing was printed for 5 s/);
    assert.match(text, /waits for ever/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
