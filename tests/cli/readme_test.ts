import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { TASKS } from "../../src/cli/commands.ts";
import { projectFolder } from "../../src/cli/folders.ts";
import { LANES } from "../../src/cli/test/lanes/lanes.ts";
import { runTask } from "./run_task.ts";
import { withFolder } from "../helpers/temporary_folder.ts";

const README = readFileSync(join(projectFolder(), "README.md"), "utf8");

Deno.test("the README opens with the two commands, for Deno and for Node alone", () => {
  const opening = README.split("\n").slice(0, 9).join("\n");
  for (const name of ["demo", "test"]) {
    assert.ok(opening.includes(`deno task ${name}  `), name);
    assert.ok(opening.includes(`\`npx --yes deno task ${name}\``), name);
  }
});

Deno.test("the README names every command", () => {
  for (const name of Object.keys(TASKS)) assert.ok(README.includes(`\`deno task ${name}`), name);
});

Deno.test("the README names every lane, and the integration script runs them all", () => {
  for (const { name } of LANES) assert.ok(README.includes(`\`${name}\``), name);
  const script = readFileSync(join(projectFolder(), ".ci", "run"), "utf8");
  assert.equal(script.trimEnd().split("\n").at(-1), "deno task ok --all");
});

Deno.test("the README's Python runs as it stands", async () => {
  const script = /```python\n([\s\S]*?)```/.exec(README)![1]!;
  await withFolder(async (folder) => {
    writeFileSync(join(folder, "quick_start.py"), script);
    const background = { r: 30, g: 120, b: 60 };
    const picture = sharp({ create: { width: 600, height: 300, channels: 3, background } });
    await picture.jpeg().toFile(join(folder, "earth.jpg"));
    const { code, stdout, stderr } = await runTask("py", ["quick_start.py"], {
      folder,
      env: { FORGE3D_CACHE_DIR: join(folder, "cache") },
    });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Loaded \d+ tiles, evicted 0\n/);
    assert.match(stdout, /hit rate/);
    assert.ok(existsSync(join(folder, "view.png")));
  });
});
