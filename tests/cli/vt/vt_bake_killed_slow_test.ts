import assert from "node:assert/strict";
import { join } from "node:path";
import { projectFolder } from "../../../src/cli/folders.ts";
import { noisePng } from "../../bake/cache/made_pictures.ts";
import { seededRandom } from "../../helpers/random.ts";
import { namesIn, withFolder } from "../../helpers/temporary_folder.ts";

const VT = join(projectFolder(), "src", "cli", "vt", "vt.ts");
const LONGEST_MS = 1500;

function startBake(folder: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", VT, "bake", "a.png", "-o", "b.pmtiles", "--format=rgba8"],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

async function killedBakes(
  folder: string,
  { signal, times }: { readonly signal: Deno.Signal; readonly times: number },
): Promise<{ codes: Set<number>; mostLeft: number }> {
  const random = seededRandom(times);
  const codes = new Set<number>();
  let mostLeft = 0;
  for (let i = 0; i < times; i++) {
    const child = startBake(folder);
    await new Promise((resolve) => setTimeout(resolve, 200 + random() * LONGEST_MS));
    try {
      child.kill(signal);
    } catch {
      // It was done already.
    }
    codes.add((await child.status).code);
    mostLeft = Math.max(mostLeft, namesIn(folder).filter((name) => !/^[ab]\./.test(name)).length);
    mostLeft = Math.max(mostLeft, namesIn(folder).filter((name) => /-tmp$/.test(name)).length);
  }
  return { codes, mostLeft };
}

Deno.test("bakes that are killed 18 times leave nothing once the next one is done", () =>
  withFolder(async (folder) => {
    await Deno.writeFile(join(folder, "a.png"), await noisePng(1, 3000));
    const { mostLeft } = await killedBakes(folder, { signal: "SIGKILL", times: 18 });
    assert.ok(mostLeft > 0, "negative control: a killed bake does leave files");
    assert.equal((await startBake(folder).status).code, 0);
    assert.deepEqual(namesIn(folder), ["a.png", "b.pmtiles"]);
  }));

Deno.test("bakes that are interrupted or told to end leave nothing at once, and exit with 130", () =>
  withFolder(async (folder) => {
    await Deno.writeFile(join(folder, "a.png"), await noisePng(1, 3000));
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const { codes, mostLeft } = await killedBakes(folder, { signal, times: 6 });
      assert.equal(mostLeft, 0);
      codes.delete(0);
      // Before the program runs, the system ends it: 128 and the signal's number.
      codes.delete(143);
      assert.deepEqual([...codes], [130]);
    }
  }));
