import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addResults, readTestResults, resultLine } from "../../../src/cli/test/test_results.ts";

/** Runs `deno test` on files in a folder of their own and reads what it reports. */
async function resultsOf(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "forge3d-results-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const names = Object.keys(files);
    const report = join(folder, "report.xml");
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-check", "--no-lock", "--no-config", `--junit-path=${report}`, ...names],
      cwd: folder,
    }).output();
    return readTestResults(readFileSync(report, "utf8"), {
      exitCode: code,
      output: new TextDecoder().decode(stdout),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

Deno.test("tests are counted once each, steps not at all, names read back as they were", async () => {
  const results = await resultsOf({
    "a_test.ts": `
      Deno.test("passes > & <this>", async (t) => {
        await t.step("one", () => {});
        await t.step({ name: "two", ignore: true, fn: () => {} });
      });
      Deno.test("fails", () => { throw new Error("]]> & </testcase>"); });
      Deno.test("fails in a step", async (t) => {
        await t.step("deep", () => { throw new Error("x"); });
      });
      Deno.test({ name: "is skipped (needs \\"luck\\")", ignore: true, fn: () => {} });`,
    "b_test.ts": `Deno.test("passes", () => {});`,
  });
  assert.deepEqual(results, {
    passed: 2,
    failed: 2,
    skipped: ['is skipped (needs "luck")'],
    failures: ["fails (./a_test.ts)", "fails in a step (./a_test.ts)"],
  });
  assert.equal(resultLine(results), "2 passed, 2 failed, 1 skipped");
});

Deno.test("a file that fails while it is imported is a failure", async () => {
  const results = await resultsOf({
    "a_test.ts": `Deno.test("passes", () => {}); Deno.test("fails", () => { throw 1; });`,
    "b_test.ts": `throw new Error("at import");`,
  });
  assert.equal(resultLine(results), "1 passed, 2 failed");
  assert.deepEqual(results.failures, ["fails (./a_test.ts)", "./b_test.ts could not be run"]);
});

Deno.test("a run that exits with an error and without a report is a failure", () => {
  for (const exitCode of [1, 139]) {
    const results = readTestResults("", { exitCode, output: "" });
    assert.equal(resultLine(results), "0 passed, 1 failed");
  }
  assert.equal(resultLine(readTestResults("", { exitCode: 0, output: "" })), "0 passed, 0 failed");
});

Deno.test("results add up", () => {
  const a = { passed: 2, failed: 1, skipped: ["x"], failures: ["y"] };
  const b = { passed: 3, failed: 0, skipped: [], failures: [] };
  assert.equal(resultLine(addResults(a, b)), "5 passed, 1 failed, 1 skipped");
});
