import assert from "node:assert/strict";
import { join } from "node:path";
import { PROJECT } from "./project.ts";

/** The public API, one name a line: `class Name`, `function name`, `interface Name`. */
const SNAPSHOT = join(PROJECT, "tests", "house", "exports.txt");

/** How to accept a change of the public API. */
const UPDATE = "FORGE3D_UPDATE_GOLDENS=1 deno test --allow-all tests/house/exports_test.ts";

interface DocNode {
  readonly name: string;
  readonly kind?: string;
  readonly declarations?: readonly { readonly kind: string }[];
}

/** Names that a module exports, types included, each with its kind, sorted. */
async function exportedNames(path: string): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", "--quiet", path],
    cwd: PROJECT,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const doc = JSON.parse(new TextDecoder().decode(stdout));
  const lines = docNodes(doc).flatMap(({ name, kind, declarations }) =>
    kind !== undefined ? [`${kind} ${name}`] : declarations!.map((d) => `${d.kind} ${name}`)
  );
  return [...new Set(lines)].filter((line) => !/^(moduleDoc|import) /.test(line)).sort();
}

/** The symbols of `deno doc --json`, whose outermost form differs between versions. */
function docNodes(doc: Record<string, unknown>): readonly DocNode[] {
  const nodes = doc.nodes as readonly DocNode[] | Record<string, { symbols: readonly DocNode[] }>;
  return Array.isArray(nodes) ? nodes : Object.values(nodes).flatMap(({ symbols }) => symbols);
}

Deno.test("the public API is the one that was agreed on", async () => {
  const names = `${(await exportedNames("src/mod.ts")).join("\n")}\n`;
  if (Deno.env.get("FORGE3D_UPDATE_GOLDENS") === "1") await Deno.writeTextFile(SNAPSHOT, names);
  assert.equal(names, await Deno.readTextFile(SNAPSHOT), `if it is meant so: ${UPDATE}`);
});

Deno.test("negative control: the names of another module differ", async () => {
  const names = await exportedNames("src/errors.ts");
  assert.ok(names.includes("class BudgetError"));
  assert.ok(names.includes("interface ForgeErrorFields"));
  assert.ok(names.includes("typeAlias ErrorCode"));
});
