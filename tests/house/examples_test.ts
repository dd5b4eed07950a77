import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { productFiles, productText, PROJECT } from "./project.ts";

/**
 * The line that each example has among its first twenty: `picture: compared with PATH`, where PATH
 * is a golden picture, or `picture: not compared, REASON`.
 */
const PICTURE_LINE = /^(?:#|\/\/| \*) picture: (?:compared with (\S+)|not compared, .+)$/;

/** What is wrong with an example's picture line; empty if nothing is. */
function pictureLineBreach(text: string, exists: (path: string) => boolean): string {
  const match = text.split("\n").slice(0, 20).map((line) => PICTURE_LINE.exec(line))
    .find((found) => found !== null);
  if (match === undefined) return "does not say whether its picture is compared";
  const golden = match[1];
  return golden === undefined || exists(golden) ? "" : `compares with ${golden}, which is missing`;
}

function examples(): string[] {
  return productFiles().filter((path) => /^examples\/[^/]+\.(py|ts)$/.test(path));
}

Deno.test("every example says whether its picture is compared, and with which one", () => {
  const exists = (path: string) => existsSync(join(PROJECT, path));
  const breaches = examples().map((path) => [path, pictureLineBreach(productText(path), exists)])
    .filter(([, breach]) => breach !== "");
  assert.deepEqual(breaches, []);
});

Deno.test("every example is run by a test", () => {
  const tests = productFiles().filter((path) => /^tests\/.*_test\.ts$/.test(path))
    .filter((path) => !path.startsWith("tests/house/")).map(productText);
  assert.ok(examples().length > 0);
  const orphans = examples().filter((path) => {
    const name = path.slice("examples/".length);
    return !tests.some((text) => text.includes(name));
  });
  assert.deepEqual(orphans, []);
});

Deno.test("negative control: a missing line and a missing picture are found", () => {
  const never = () => false;
  assert.notEqual(pictureLineBreach("import forge3d\n", never), "");
  assert.notEqual(pictureLineBreach("# picture: compared with tests/golden/a.png\n", never), "");
  assert.notEqual(pictureLineBreach("# picture: not compared\n", never), "");
  assert.equal(pictureLineBreach("# picture: not compared, it prints text\n", never), "");
  assert.equal(pictureLineBreach("// picture: compared with a.png\n", () => true), "");
});
