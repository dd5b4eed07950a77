/**
 * The examples in documentation, as tests.
 *
 * An example is a block fenced as `ts` in a doc comment or in Markdown. It is a module of its own, as
 * a user would write it: it imports what it uses from the library by its name. One fenced as
 * `ts ignore` needs files that are not here, and is left out.
 *
 * @module
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeDerivedConfig } from "./derived_config.ts";

/** One example. */
export interface DocExample {
  /** File that holds it, from the project's folder. */
  readonly path: string;
  /** Line of its opening fence, from 1. */
  readonly line: number;
  /** The module. */
  readonly code: string;
  /** False if it is left out. */
  readonly isRun: boolean;
}

/** The examples in a text: of its doc comments, or of all of it if it is Markdown. */
export function findDocExamples(path: string, text: string): DocExample[] {
  const isMarkdown = path.endsWith(".md");
  const examples: DocExample[] = [];
  let isInComment = isMarkdown;
  let open: { line: number; lines: string[]; isRun: boolean } | undefined;
  let isOtherFence = false;
  for (const [index, raw] of text.split("\n").entries()) {
    if (!isMarkdown && /^\s*\/\*\*/.test(raw)) isInComment = true;
    const line = isMarkdown ? raw : raw.replace(/^\s*(?:\/\*\*|\*(?!\/)) ?/, "");
    if (isInComment) {
      const fence = /^\s*```\s*(.*)$/.exec(line);
      if (fence === null) open?.lines.push(line);
      else if (open !== undefined) {
        const { line, lines, isRun } = open;
        examples.push({ path, line, code: `${lines.join("\n")}\n`, isRun });
        open = undefined;
      } else if (isOtherFence) isOtherFence = false;
      else if (/^(ts|typescript)( |$)/.test(fence[1]!)) {
        open = { line: index + 1, lines: [], isRun: !/\bignore\b/.test(fence[1]!) };
      } else isOtherFence = true;
    }
    if (!isMarkdown && raw.includes("*/")) {
      isInComment = false;
      isOtherFence = false;
      open = undefined;
    }
  }
  return examples;
}

/** The examples of the project: those of its source and of its Markdown. */
export function projectExamples(projectFolder: string): DocExample[] {
  const source = readdirSync(join(projectFolder, "src"), { recursive: true })
    .map((entry) => `src/${String(entry).replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts") || path.endsWith(".md")).sort();
  return [...source, "README.md"].flatMap((path) =>
    findDocExamples(path, readFileSync(join(projectFolder, path), "utf8"))
  );
}

/** Files that run examples as tests. */
export interface DocTests {
  /** The file of tests. */
  readonly tests: string;
  /** The configuration to run it with: the project's, but a value may be shown without being used. */
  readonly config: string;
}

/** Writes examples as modules into a folder, beside a file of tests with a test for each. */
export function writeDocTests(
  examples: readonly DocExample[],
  { projectFolder, folder }: { projectFolder: string; folder: string },
): DocTests {
  const lines: string[] = [];
  for (const [index, example] of examples.entries()) {
    if (!example.isRun) continue;
    const name = `example_${index}.ts`;
    // The export makes a module of every example, so that two may use the same names.
    writeFileSync(join(folder, name), `${example.code}export {};\n`);
    const title = JSON.stringify(`${example.path}:${example.line}`);
    lines.push(`Deno.test(${title}, async () => { await import("./${name}"); });`);
  }
  const tests = join(folder, "examples_test.ts");
  writeFileSync(tests, `${lines.join("\n")}\n`);
  const compilerOptions = { noUnusedLocals: false };
  return { tests, config: writeDerivedConfig(folder, { projectFolder, compilerOptions }) };
}
