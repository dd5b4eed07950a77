import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { FoliageComponent } from "../../../src/rvt/component/mod.ts";
import { checkMemory } from "../../streaming/checks.ts";
import { BASE } from "./edited_world.ts";
import { AWAY, PlacedScene, QUIET } from "./placed_scene.ts";

Deno.test("an edit by which tiles need more scratch memory than there is fails them, and another mends that", async () => {
  using device = await requestDevice();
  const warnings: string[] = [];
  const logger = { ...QUIET, warn: (message: string) => void warnings.push(message) };
  await using placed = new PlacedScene(device, {
    volume: { scale: [100, 100, 20] },
    system: { maxMemoryMb: 4, logger },
  });
  const scatter = { seed: 1, count: 10, region: { min: [-50, -50], max: [50, 50] } };
  const bushes = new FoliageComponent({
    material: BASE,
    scatter,
    renderToVirtualTextures: [placed.asset],
  });
  await placed.place([bushes]);
  await placed.renderTiles([0, 1]);

  bushes.scatter = { ...scatter, count: 30_000 };
  placed.wantTiles([0, 1, 2]);
  const result = await placed.system.update(AWAY);
  assert.ok(result.tilesFailed > 0 && result.tilesPending === 0);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /needs \d+ bytes of scratch memory: \d+ are free/);
  const preloading = placed.scene.requestPreload({ min: [-50, -50, -1], max: [-40, -40, 1] });
  await assert.rejects(preloading, { name: "BudgetError" });
  checkMemory(placed.system);

  bushes.scatter = scatter;
  await placed.scene.requestPreload({ min: [-50, -50, -1], max: [-40, -40, 1] });
  checkMemory(placed.system);
});
