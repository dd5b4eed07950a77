import assert from "node:assert/strict";
import { join } from "node:path";
import { bakePicture } from "../../src/bake/mod.ts";
import { requestDevice } from "../../src/gpu/mod.ts";
import { Picture } from "../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { withFolder } from "../helpers/temporary_folder.ts";
import { FORMAT_ROWS, makeKtx2, noiseLevels } from "../sources/ktx2/make_ktx2.ts";

/** Takes long enough to decode that a timer reports meanwhile. */
const SIDE = 1500;

function picture(side: number): Promise<Uint8Array> {
  return new Picture(side, side, new Uint8Array(side * side * 4).fill(90)).toPng();
}

/** A listener that throws at the first report for which `isBad` holds, and what it throws. */
function failing(isBad: (report: { phase: string; fraction: number }) => boolean) {
  const thrown = new Error("not interested");
  let reports = 0;
  let after = 0;
  return {
    thrown,
    counts: () => ({ reports, after }),
    onProgress(report: { phase: string; fraction: number }) {
      reports++;
      if (after > 0 || isBad(report)) {
        after++;
        throw thrown;
      }
    },
  };
}

Deno.test("what onProgress throws is what a bake rejects with, and nothing is left", () =>
  withFolder(async (folder) => {
    const png = await picture(SIDE);
    for (const phase of ["decode", "bake", "write"]) {
      for (const output of ["a.pmtiles", "a.ktx2"]) {
        const bad = failing((report) => report.phase === phase);
        const options = {
          output: join(folder, output),
          format: "rgba8",
          onProgress: bad.onProgress,
        };
        await assert.rejects(bakePicture(null, png, options), (error) => error === bad.thrown);
        assert.equal(bad.counts().after, 1, "the listener is not called again");
        if (phase !== "write") assert.deepEqual([...Deno.readDirSync(folder)], []);
      }
    }
  }));

Deno.test("what onProgress throws is what a load rejects with, and the next load works", () =>
  withFolder(async (cacheFolder) => {
    using device = await requestDevice();
    using system = new VirtualTextureSystem(device, { tileSize: 64, maxMemoryMb: 16, cacheFolder });
    const row = FORMAT_ROWS["rgba8unorm"]!;
    const size = { width: 200, height: 100 };
    const inputs = {
      picture: await picture(200),
      ktx2: makeKtx2({ row, ...size, levels: noiseLevels(row, size, 1) }),
    };
    for (const [name, input] of Object.entries(inputs)) {
      const bad = failing(() => true);
      const load = system.loadTexture(input, { onProgress: bad.onProgress });
      await assert.rejects(load, (error) => error === bad.thrown, name);
      assert.deepEqual(system.textures, []);
      await system.unloadTexture(await system.loadTexture(input));
    }
  }));
