import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TASKS } from "../../../src/cli/commands.ts";
import { projectFolder } from "../../../src/cli/folders.ts";
import { permissionTable } from "../../../src/cli/sandbox/permission_table.ts";

const PATH = join(projectFolder(), "SECURITY.md");
const PART = /(?<=<!-- permissions -->\n)[^]*?(?=<!-- end -->)/;

Deno.test("SECURITY.md has the table of what each task may do", () => {
  const text = readFileSync(PATH, "utf8");
  const table = `\n${permissionTable()}\n\n`;
  if (Deno.env.get("FORGE3D_UPDATE_GOLDENS") === "1") {
    writeFileSync(PATH, text.replace(PART, () => table));
    return;
  }
  assert.equal(PART.exec(text)?.[0], table, "run with FORGE3D_UPDATE_GOLDENS=1 to accept");
});

Deno.test("the table has every task, and says of those that start Deno that they may do all", () => {
  const rows = permissionTable().split("\n").slice(2);
  for (const name of Object.keys(TASKS)) {
    assert.ok(rows.some((row) => new RegExp(`^\\| \`${name}[ \`]`).test(row)), name);
  }
  for (const row of rows) {
    const isFree = /^\| `(demo|demo:rvt[^`]*|bench|fuzz|test|ok)`/.test(row);
    assert.equal(/\*\*every right\*\*|\| all \| all \|/.test(row), isFree, row);
  }
});
