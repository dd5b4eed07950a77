import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { HOSTILE_STORES, manyBrackets } from "./hostile_stores.ts";

const READER = fileURLToPath(new URL("./read_hostile.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../../deno.json", import.meta.url));
const MOST_MS = 5000;
const MOST_MIB = 600;

/** What `read_hostile.ts` prints. */
interface Cost {
  readonly openMs: number;
  readonly slowestMs: number;
  readonly peakMib: number;
  /** How often each error was thrown, tiles were read and the file was opened. */
  readonly outcomes: Readonly<Record<string, number>>;
}

async function costOf(bytes: Uint8Array, reader: "bounded" | "naive"): Promise<Cost> {
  let cost: Cost | null = null;
  await withFolder(async (folder) => {
    const path = `${folder}/hostile.pmtiles`;
    await Deno.writeFile(path, bytes);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", "--config", CONFIG, READER, path, reader],
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    cost = JSON.parse(new TextDecoder().decode(stdout));
  });
  return cost!;
}

function isBounded({ openMs, slowestMs, peakMib }: Cost): boolean {
  return openMs < MOST_MS && slowestMs < MOST_MS && peakMib < MOST_MIB;
}

Deno.test("hostile stores cost a process less than 5 s of CPU time and 600 MiB, and errors have types", async (t) => {
  const allowed = ["opened", "tile", "MalformedFileError", "SourceReadError"];
  for (const [name, make] of Object.entries(HOSTILE_STORES)) {
    await t.step(name, async () => {
      const cost = await costOf(make(), "bounded");
      assert.ok(isBounded(cost), JSON.stringify(cost));
      const others = Object.keys(cost.outcomes).filter((outcome) => !allowed.includes(outcome));
      assert.deepEqual(others, []);
      if (!name.startsWith("holes of the")) assert.equal(cost.outcomes.tile, undefined);
    });
  }
});

Deno.test("a reader without bounds fails the same check", async () => {
  const cost = await costOf(manyBrackets(), "naive");
  assert.ok(!isBounded(cost), JSON.stringify(cost));
});
