import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  findDocExamples,
  projectExamples,
  writeDocTests,
} from "../../../src/cli/test/doc_examples.ts";
import { projectFolder } from "../../../src/cli/folders.ts";
import { withFolder } from "../run_task.ts";

const FENCE = "```";

const SOURCE = `/**
 * Adds.
 *
 * ${FENCE}ts
 * import { add } from "./src/mod.ts";
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
      code: 'import { add } from "./src/mod.ts";\n\n' +
        "if (add(1, 2) !== 3) throw new Error(`${add(1, 2)}`);\n",
      isRun: true,
    },
    { path: "src/add.ts", line: 14, code: "readFile();\n", isRun: false },
  ]);
});

Deno.test("in Markdown they stand by themselves", () => {
  const text = `# Title\n\n${FENCE}ts\nlet a = 1;\n${FENCE}\n\n${FENCE}sh\n${FENCE}\n`;
  assert.deepEqual(findDocExamples("README.md", text), [
    { path: "README.md", line: 3, code: "let a = 1;\n", isRun: true },
  ]);
});

Deno.test("written as tests they import from the project and leave out what needs files", async () => {
  await withFolder((folder) => {
    const examples = findDocExamples("src/add.ts", SOURCE);
    const { tests } = writeDocTests(examples, { projectFolder: projectFolder(), folder });
    assert.equal(
      readFileSync(tests, "utf8"),
      'Deno.test("src/add.ts:4", async () => { await import("./example_0.ts"); });\n',
    );
    const face = pathToFileURL(join(projectFolder(), "src", "mod.ts")).href;
    const example = readFileSync(join(folder, "example_0.ts"), "utf8");
    assert.ok(example.startsWith(`import { add } from "${face}";\n`), example);
    return Promise.resolve();
  });
});

Deno.test("the project's documentation has examples, and most of them run", () => {
  const examples = projectExamples(projectFolder());
  assert.ok(examples.length >= 20);
  assert.ok(examples.filter(({ isRun }) => isRun).length > examples.length / 2);
  assert.ok(examples.some(({ path }) => path === "README.md"));
});

Deno.test("negative control: an example that throws fails its test", async () => {
  await withFolder(async (folder) => {
    const code = 'throw new Error("wrong");\n';
    const { tests, config } = writeDocTests(
      [{ path: "a.ts", line: 1, code, isRun: true }],
      { projectFolder: projectFolder(), folder },
    );
    const { code: exitCode } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--allow-read", `--config=${config}`, tests],
      stdout: "null",
      stderr: "null",
    }).output();
    assert.equal(exitCode, 1);
  });
});
