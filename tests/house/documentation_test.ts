import assert from "node:assert/strict";
import { type DocExample, projectExamples } from "../../src/cli/test/doc_examples.ts";
import { productFiles, productText, PROJECT } from "./project.ts";

/** Examples that import by a path, which no user of the library has. */
function relativeImports(examples: readonly DocExample[]): string[] {
  return examples.filter(({ code }) => /\b(?:from|import)\s*\(?\s*["']\.{0,2}\//.test(code))
    .map(({ path, line }) => `${path}:${line}`);
}

/** A doc comment that begins at the left margin. */
interface DocComment {
  readonly sentences: readonly string[];
  /** Whether it is the file's own. */
  readonly isModule: boolean;
}

function docComments(text: string): DocComment[] {
  return [...text.matchAll(/^\/\*\*([\s\S]*?)\*\//gm)].map(([, comment]) => {
    const body = comment!.replaceAll(/^\s*\*/gm, "").replaceAll(/```[\s\S]*?```/g, "");
    const sentences = body.split(/\n\s*@\w+/)[0]!.replaceAll(/\s+/g, " ").split(/(?<=[.:;])\s+/)
      .map((sentence) => sentence.trim()).filter((sentence) => sentence !== "");
    return { sentences, isModule: body.includes("@module") };
  });
}

const SMALL_WORDS = ["a", "an", "the", "of", "one", "is", "are", "in", "it"];

/** Words that carry a sentence's sense, without their endings. */
function senseOf(sentence: string): Set<string> {
  const words = sentence.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return new Set(
    words.filter((w) => !SMALL_WORDS.includes(w)).map((w) =>
      w.replace(/ies$/, "y").replace(/s$/, "")
    ),
  );
}

function sayTheSame(a: string, b: string): boolean {
  const [ours, theirs] = [senseOf(a), senseOf(b)];
  const shared = ours.intersection(theirs).size;
  return shared > 0 && shared > 0.75 * ours.union(theirs).size;
}

/**
 * Sentences of a file's declarations that repeat another's, and first sentences that say what the
 * file's own comment begins with.
 */
function doubledSentences(text: string): string[] {
  const comments = docComments(text);
  return comments.flatMap(({ sentences }, index) =>
    sentences.filter((sentence, at) =>
      comments.slice(0, index).some((earlier) =>
        (/^[A-Z]/.test(sentence) && earlier.sentences.includes(sentence)) ||
        (at === 0 && earlier.isModule && sayTheSame(earlier.sentences[0]!, sentence))
      )
    )
  );
}

Deno.test("examples in the documentation import the library by its name", () => {
  assert.deepEqual(relativeImports(projectExamples(PROJECT)), []);
});

Deno.test("no doc comment repeats another of its file", () => {
  const files = productFiles().filter((path) => /^(src|examples)\/.*\.ts$/.test(path));
  const doubled = files.flatMap((path) =>
    doubledSentences(productText(path)).map((sentence) => `${path}: ${sentence}`)
  );
  assert.deepEqual(doubled, []);
});

Deno.test("negative control: an example that imports by a path is found in every form", () => {
  const codes = [
    'import { a } from "./src/gpu/mod.ts";\n',
    'import "../a.ts";\n',
    'await import("/a.ts");\n',
    'import {\n  a,\n} from "./a.ts";\n',
  ];
  for (const code of codes) {
    assert.equal(relativeImports([{ path: "a.ts", line: 1, code, isRun: true }]).length, 1, code);
  }
  const code = 'import { a } from "@forge3d/forge3d";\n';
  assert.deepEqual(relativeImports([{ path: "a.ts", line: 1, code, isRun: true }]), []);
});

Deno.test("negative control: a file's comment and its only export's are compared", () => {
  const file = (first: string, second: string) =>
    `/**\n * ${first}\n *\n * @module\n */\n\n/** ${second} */\nexport class A {\n  /** ${first} */\n}\n`;
  assert.equal(
    doubledSentences(file("How hard encoders try.", "How hard an encoder tries.")).length,
    1,
  );
  assert.equal(
    doubledSentences(file("A long tale. Owns all.", "The end: ever. Owns all.")).length,
    1,
  );
  assert.deepEqual(
    doubledSentences(file("The slots of a pool: lists.", "What lies in a slot.")),
    [],
  );
});
