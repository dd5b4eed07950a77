import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  findDocExamples,
  projectExamples,
  writeDocTests,
} from "../../../src/cli/test/doc_examples.ts";
import { projectFolder } from "../../../src/cli/folders.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";

const FENCE = "```";

const SOURCE = `/**
 * Adds.
 *
 * ${FENCE}ts
 * import { add } from "@forge3d/forge3d";
 *
 * if (add(1, 2) !== 3) throw new Error(\`\${add(1, 2)}\`);
 * ${FENCE}
 *
 * ${FENCE}python
 * print("no")
 * ${FENCE}
 *
 * ${FENCE}ts ignore
 * readFile();
 * ${FENCE}
 */
export function add(a: number, b: number): number {
  const text = "${FENCE}ts";
  return text === "" ? 0 : a + b;
}
`;

Deno.test("examples are the blocks of TypeScript in doc comments, with their lines", () => {
  assert.deepEqual(findDocExamples("src/add.ts", SOURCE), [
    {
      path: "src/add.ts",
      line: 4,
      code: 'import { add } from "@forge3d/forge3d";\n\n' +
        "if (add(1, 2) !== 3) throw new Error(`${add(1, 2)}`);\n",
      isRun: true,
    },
    { path: "src/add.ts", line: 14, code: "readFile();\n", isRun: false },
  ]);
});

Deno.test("in Markdown they are the fenced blocks", () => {
  const text = `# Title\n\n${FENCE}ts\nlet a = 1;\n${FENCE}\n\n${FENCE}sh\n${FENCE}\n`;
  assert.deepEqual(findDocExamples("README.md", text), [
    { path: "README.md", line: 3, code: "let a = 1;\n", isRun: true },
  ]);
});

Deno.test("they are written as tests unchanged, except those that need files", async () => {
  await withFolder((folder) => {
    const examples = findDocExamples("src/add.ts", SOURCE);
    const { tests } = writeDocTests(examples, { projectFolder: projectFolder(), folder });
    assert.equal(
      readFileSync(tests, "utf8"),
      'Deno.test("src/add.ts:4", async () => { await import("./example_0.ts"); });\n',
    );
    const example = readFileSync(join(folder, "example_0.ts"), "utf8");
    assert.equal(example, `${examples[0]!.code}export {};\n`);
    return Promise.resolve();
  });
});

Deno.test("the project's documentation has examples, and most of them run", () => {
  const examples = projectExamples(projectFolder());
  assert.ok(examples.length >= 12);
  assert.ok(examples.filter(({ isRun }) => isRun).length > examples.length / 2);
  assert.ok(examples.some(({ path }) => path === "README.md"));
});

/** Exit code of `deno test` on one example. */
async function runExample(code: string): Promise<number> {
  let exitCode = 0;
  await withFolder(async (folder) => {
    const { tests, config } = writeDocTests(
      [{ path: "a.ts", line: 1, code, isRun: true }],
      { projectFolder: projectFolder(), folder },
    );
    const run = new Deno.Command(Deno.execPath(), {
      args: ["test", "--quiet", "--no-check", "--allow-read", `--config=${config}`, tests],
      stdout: "null",
      stderr: "null",
    });
    exitCode = (await run.output()).code;
  });
  return exitCode;
}

Deno.test("an example imports the library by its name", async () => {
  const code = 'import { formatInfo } from "@forge3d/forge3d";\nformatInfo("r8unorm");\n';
  assert.equal(await runExample(code), 0);
});

Deno.test("negative control: an example that throws, or imports something that is not public, fails", async () => {
  assert.equal(await runExample('throw new Error("wrong");\n'), 1);
  assert.equal(await runExample('import { floorOf } from "@forge3d/forge3d";\nfloorOf;\n'), 1);
});
