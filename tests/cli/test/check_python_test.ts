import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { typingBreaches } from "../../../src/cli/test/check_python.ts";
import { projectFolder } from "../../../src/cli/folders.ts";

const MISTAKES = join(projectFolder(), "tests", "python", "typing", "mistakes.py");

Deno.test("negative control: an accepted mistake, and an error elsewhere, are breaches", () => {
  const text = "a = 1\nb = 2  # mistake\nc = 3  # mistake\n";
  const found = (path: string, line: number) => ({ path, line, message: "wrong" });
  const all = [found(MISTAKES, 2), found(MISTAKES, 3), found(MISTAKES, 3)];
  assert.deepEqual(typingBreaches(all, text), []);
  assert.deepEqual(typingBreaches(all.slice(0, 1), text), [`${MISTAKES}:3: takes this mistake`]);
  assert.deepEqual(typingBreaches([...all, found(MISTAKES, 1)], text), [`${MISTAKES}:1: wrong`]);
  assert.deepEqual(typingBreaches([...all, found("b.py", 2)], text), ["b.py:2: wrong"]);
});

Deno.test("the types of Pyodide are those of the Pyodide that runs", () => {
  const text = (...path: string[]) => readFileSync(join(projectFolder(), ...path), "utf8");
  const runs = JSON.parse(text("deno.json")).imports.pyodide.split("@").at(-1);
  const [, typed] = /^pyodide-py==(\S+)/m.exec(text("py", "check_requirements.txt"))!;
  assert.equal(typed, runs);
});
