import assert from "node:assert/strict";
import { runVt } from "../../../../src/cli/vt/vt.ts";
import { withFolder } from "../../../helpers/temporary_folder.ts";
import { writeSample } from "../../../rvt/project/sample_project.ts";

/** What a run of the sample prints. */
async function run(folder: string, ...args: string[]): Promise<string> {
  const { log } = console;
  let out = "";
  console.log = (text: unknown) => void (out += `${text}\n`);
  try {
    assert.equal(await runVt(["rvt", "run", folder, ...args]), 0);
  } finally {
    Object.assign(console, { log });
  }
  return out;
}

Deno.test("each frame of run is an update with its limits, and what is left comes when it settles", () =>
  withFolder(async (folder) => {
    await writeSample(folder);
    const limited = await run(
      folder,
      "--frames=3",
      "--exec=r.VT.MaxUploadsPerFrameInEditor 1",
      "--exec-after=stat virtualtexturing",
      "--settle",
    );
    assert.match(limited, /\nMain: 3 frames, 3 tiles rendered\n/);
    assert.match(limited, /\nTiles rendered +1 +1\.0 +1\n/);
    const settled = Number(
      /\nMain: settled, (\d+) tiles? rendered more\nMain: \d+ components loaded/.exec(limited)?.[1],
    );
    assert.ok(settled >= 1, limited);
    const free = await run(folder, "--frames=3");
    const all = `Main: 3 frames, ${3 + settled} tiles rendered\n`;
    assert.ok(free.startsWith(all), "negative control");
    const played = await run(folder, "--frames=20", "--no-wait");
    assert.ok(played.startsWith(all.replace("3 frames", "20 frames")), played);
  }));
