import assert from "node:assert/strict";
import { productFiles, productText } from "./project.ts";

const MOST_LINES = 400;

/** Files by path that someone reads line by line; data and the lock are not among them. */
function codeFiles(): string[] {
  return productFiles().filter((path) => /\.(ts|py|wgsl)$/.test(path));
}

/** Files that are longer than a file may be, with their number of lines. */
function tooLong(files: ReadonlyMap<string, string>): string[] {
  return [...files].map(([path, text]) => ({ path, lines: text.trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > MOST_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines`);
}

Deno.test(`no file of code is longer than ${MOST_LINES} lines`, () => {
  const files = new Map(codeFiles().map((path) => [path, productText(path)]));
  assert.deepEqual(tooLong(files), []);
});

Deno.test("negative control: a file that is one line too long is found", () => {
  const line = "let a = 1;\n";
  assert.deepEqual(tooLong(new Map([["a.ts", line.repeat(MOST_LINES)]])), []);
  assert.equal(tooLong(new Map([["a.ts", line.repeat(MOST_LINES + 1)]])).length, 1);
});

Deno.test("file names are in snake_case", () => {
  const odd = codeFiles().filter((path) =>
    !/^[a-z0-9_]+\.(d\.)?(ts|py|wgsl)$/.test(baseName(path))
  );
  assert.deepEqual(odd, []);
});

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
