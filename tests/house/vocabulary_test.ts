import assert from "node:assert/strict";
import { productFiles, productText } from "./project.ts";

/** A word that `CONTRIBUTING.md` has another for. */
interface HomemadeWord {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** Each is put together from parts, so that this file does not hold it. */
const HOMEMADE: readonly HomemadeWord[] = [
  { pattern: word("turn", "stile"), instead: "serial queue" },
  { pattern: word("twi", "ns?"), instead: "async version" },
  { pattern: word("under", " way"), instead: "in flight" },
  { pattern: word("processor", " memory"), instead: "CPU memory" },
  { pattern: word("whole", " numbers?"), instead: "integer" },
  { pattern: word("(?:the|its|their|of|\\w+'s)", " measures"), instead: "dimensions" },
  { pattern: word("g(?:ive|ives|iven|iving|ave)", " up"), instead: "evict, cancel or stop" },
  { pattern: word("for", " people"), instead: "what they do with it" },
  { pattern: word("public", " face"), instead: "public API" },
  { pattern: word("well", " or badly"), instead: "whether it fails or not" },
  { pattern: word("comes? to", " itself"), instead: "wakes up" },
  { pattern: word("not for as", " long"), instead: "least recently" },
];

function word(...parts: readonly string[]): RegExp {
  return new RegExp(`\\b${parts.join("")}\\b`, "i");
}

/** Folders and files whose text has not been gone through yet. */
const UNREVISED: readonly string[] = [
  "py/",
  "shaders/",
  "src/bake/",
  "src/gpu/",
  "src/python/",
  "src/residency/",
  "src/scene/",
  "src/sources/",
  "src/streaming/",
  "src/texels/",
  "src/tiles/",
  "tests/bake/",
  "tests/bench/",
  "tests/gpu/",
  "tests/python/",
  "tests/residency/",
  "tests/scene/",
  "tests/sources/",
  "tests/streaming/",
];

/** Words in a text that the project has others for, one sentence each. */
function vocabularyBreaches(path: string, text: string): string[] {
  // Sentences run on over the lines of a comment.
  const running = text.replaceAll(/\s*\n\s*(?:\*|\/\/|#)?\s*/g, " ");
  return HOMEMADE.flatMap(({ pattern, instead }) => {
    const found = pattern.exec(running)?.[0];
    return found === undefined ? [] : [`${path}: write "${instead}" instead of "${found}"`];
  });
}

Deno.test("texts use the words of CONTRIBUTING.md", () => {
  const files = productFiles().filter((path) => /\.(ts|py|pyi|wgsl|md)$|\/run$/.test(path))
    // It names the words that it replaces.
    .filter((path) => path !== "CONTRIBUTING.md")
    .filter((path) => !UNREVISED.some((part) => path.startsWith(part)));
  assert.ok(files.length > 50);
  assert.deepEqual(files.flatMap((path) => vocabularyBreaches(path, productText(path))), []);
});

Deno.test("negative control: a home-made word is found, over two lines and in any case", () => {
  const breaches = (text: string) => vocabularyBreaches("a.ts", text).length;
  for (const line of ["// tiles under", "/** Tiles under", " * Tiles Under", "# tiles under"]) {
    assert.equal(breaches(`${line}\n${line.startsWith("#") ? "#" : " *"} way.`), 1, line);
  }
  assert.equal(breaches("/** Evicted, having been given" + " up. */"), 1);
  assert.equal(breaches("/** The texture's" + " measures. */"), 1);
  assert.equal(breaches("/** Measures the level; in flight; underway; a number as a whole. */"), 0);
});
