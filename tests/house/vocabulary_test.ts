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
  { pattern: word("dist", "urb(?:s|ed|ing)?"), instead: "invalidate" },
  { pattern: word("(?:page|map)[- ]table", " entr(?:y|ies)"), instead: "page entry" },
  { pattern: word("who", "ever"), instead: "the caller, or what it does" },
  { pattern: word("(?:be|is)", " had"), instead: "found, fetched, read or made" },
  { pattern: word("no", " matter"), instead: "any, or however" },
  { pattern: word("has it", " that"), instead: "says that" },
  { pattern: word("the measure", " of"), instead: "what it is compared with" },
  { pattern: word("one", "'s own"), instead: "your own, or the caller's" },
  { pattern: word("is", " no (?:number|integer|string|list|multiple|power)"), instead: "is not a" },
  { pattern: word("value that cannot", " be\\."), instead: "value that is not allowed" },
];

/** Ends of names in code, where a capital letter begins a word. */
const HOMEMADE_NAMES: readonly HomemadeWord[] = [
  { pattern: name("Mea", "sures"), instead: "Dimensions" },
  { pattern: name("Under", "Way"), instead: "InFlight" },
];

function name(first: string, rest: string): RegExp {
  return new RegExp(`[a-z]${first}${rest}(?![a-z])`);
}

function word(...parts: readonly string[]): RegExp {
  return new RegExp(`\\b${parts.join("")}(?!\\w)`, "i");
}

/** Words in a text that the project has others for, one sentence each. */
function vocabularyBreaches(path: string, text: string): string[] {
  // Sentences run on over the lines of a comment.
  const running = text.replaceAll(/\s*\n\s*(?:\*|\/\/|#)?\s*/g, " ");
  return [...HOMEMADE, ...HOMEMADE_NAMES].flatMap(({ pattern, instead }) => {
    const found = pattern.exec(running)?.[0];
    return found === undefined ? [] : [`${path}: write "${instead}" instead of "${found}"`];
  });
}

Deno.test("texts use the words of CONTRIBUTING.md", () => {
  const files = productFiles().filter((path) => /\.(ts|py|pyi|wgsl|md)$|\/run$/.test(path))
    // It names the words that it replaces.
    .filter((path) => path !== "CONTRIBUTING.md");
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
  assert.equal(breaches("/** A table's page-table" + " entries. */"), 1);
  assert.equal(breaches("/** For a value that cannot" + " be. */"), 1);
  assert.equal(breaches("interface TileMea" + "sures {}"), 1);
  assert.equal(breaches("let mostUnder" + "Way = 0;"), 1);
  assert.equal(breaches("/** For a value that cannot be read; they had no number. */"), 0);
  assert.equal(breaches("/** Measures the level; in flight; underway; a number as a whole. */"), 0);
});
