import assert from "node:assert/strict";
import { BudgetError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { minimumBudgetBytes, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import type { TexelFormat } from "../../../src/texels/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { mapSource } from "../sources.ts";

const FORMATS: readonly TexelFormat[] = ["r8unorm", "rgba8unorm", "bc7-rgba-unorm"];

Deno.test("the budget that is planned for a texture loads it, and one byte less names that budget", async () => {
  using device = await requestDevice();
  for (const format of FORMATS) {
    for (const [width, height, tileSize] of [[1, 1, 64], [300, 200, 64], [3000, 1700, 256]]) {
      const grid = new TileGrid(width!, height!, tileSize!);
      const planned = minimumBudgetBytes({ grid, border: 4, formats: [format] });
      const load = async (maxMemoryBytes: number) => {
        using system = new VirtualTextureSystem(device, { tileSize: tileSize!, maxMemoryBytes });
        await system.loadTexture(
          mapSource({ width: width!, height: height!, tileSize: tileSize!, format }),
        );
        await device.submits.wait();
      };
      await load(planned);
      await assert.rejects(load(planned - 1), (error) => {
        assert.ok(error instanceof BudgetError, `${error}`);
        assert.equal(error.minimumBytes, planned);
        return true;
      });
    }
  }
});
