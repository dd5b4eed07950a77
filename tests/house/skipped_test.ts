import assert from "node:assert/strict";
import { productFiles, productText } from "./project.ts";

/**
 * Tests that may be skipped name what they need, so that a run can say why it left them out:
 * `Deno.test({ name: "… (needs numpy)", ignore: !hasNumpy, … })`.
 */
function namelessSkips(text: string): number {
  const skips = [...text.matchAll(/\bignore:\s/g)].map((match) => match.index);
  return skips.filter((at) => !/\(needs [^)]+\)/.test(text.slice(Math.max(0, at - 300), at + 300)))
    .length;
}

Deno.test("every test that may be skipped says in its name what it needs", () => {
  const tests = productFiles().filter((path) => /^tests\/.*_test\.ts$/.test(path))
    .filter((path) => !path.startsWith("tests/house/"));
  assert.deepEqual(tests.filter((path) => namelessSkips(productText(path)) > 0), []);
});

Deno.test("no test is disabled for good", () => {
  const pattern = new RegExp(
    `Deno\\.test\\.(?:${["on", "ign"].map((s) => s + "[a-z]*").join("|")})`,
  );
  const tests = productFiles().filter((path) => /^tests\/.*_test\.ts$/.test(path));
  assert.deepEqual(tests.filter((path) => pattern.test(productText(path))), []);
});

Deno.test("negative control: a skip without a need is found", () => {
  assert.equal(namelessSkips('Deno.test({ name: "draws", ignore: !hasGpu, fn });'), 1);
  assert.equal(namelessSkips('Deno.test({ name: "draws (needs a GPU)", ignore: !hasGpu });'), 0);
});
