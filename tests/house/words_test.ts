import assert from "node:assert/strict";
import { productFiles, productText } from "./project.ts";

/** A word that must not stand in the product, put together so that this file does not hold it. */
interface BannedWord {
  readonly word: string;
  readonly why: string;
}

const BANNED: readonly BannedWord[] = [
  ...["/wo" + "rk/", "/ro" + "ot/", "C:\\Us" + "ers"].map((word) => ({
    word,
    why: "is a path of one machine",
  })),
  ...["registry.npm" + "js", "js" + "r.io", "deb.deb" + "ian", "un" + "pkg.com", "es" + "m.sh"]
    .map((word) => ({ word, why: "is the address of a registry" })),
  ...["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "X" + "XX"].map((word) => ({
    word,
    why: "promises work instead of doing it",
  })),
];

/** What is wrong with a text, one sentence each. */
function wordBreaches(path: string, text: string): string[] {
  return BANNED.filter(({ word }) => text.includes(word))
    .map(({ word, why }) => `${path}: ${word} ${why}`);
}

Deno.test("no file of the product holds a machine's path, a registry's address or a promise", () => {
  const files = productFiles();
  assert.ok(files.length > 50);
  assert.deepEqual(files.flatMap((path) => wordBreaches(path, productText(path))), []);
});

Deno.test("negative control: each banned word is found", () => {
  for (const { word } of BANNED) {
    assert.equal(wordBreaches("a.ts", `// see ${word} for more`).length, 1, word);
  }
});

Deno.test("the lock file names packages by their integrity alone", () => {
  const lock = productText("deno.lock");
  assert.doesNotMatch(lock, /https?:/);
  assert.doesNotMatch(lock, /"tarball"/);
  assert.match(lock, /"integrity": "sha512-/);
});
