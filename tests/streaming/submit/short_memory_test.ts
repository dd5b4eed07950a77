import { type MemoryLedger, requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { TileGrid } from "../../../src/tiles/mod.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { mapSource, pause } from "../sources.ts";
import { OPTIONS } from "../supply/drawn_pair.ts";
import { describeDrawn, drawnSupply } from "../supply/drawn_supply.ts";
import { DrawnWorld } from "../supply/drawn_world.ts";

/** Staging bytes of a tile of 64 texels with a border of 4: rows are padded. */
const STAGING_BYTES = 512 * 72;
const MOST_TILES = 14;

Deno.test("after failed submits, content leaves room for the edits of its page tables", async () => {
  using device = await requestDevice();
  const { queue } = device.gpu;
  const { submit } = queue;
  using system = new VirtualTextureSystem(device, OPTIONS);
  await system.loadTexture(mapSource({ width: 2048, height: 2048 }));
  const formats = ["rgba8unorm", "r8unorm"] as const;
  const world = new DrawnWorld(new TileGrid(64, 64, 64));
  let ledger: MemoryLedger | null = null;
  await system.unloadTexture(
    await system.addTexture(describeDrawn(world, formats), (host) => {
      ledger = host.ledger;
      return drawnSupply({ ...host, world, formats });
    }),
  );
  for (let tiles = 1; tiles <= MOST_TILES; tiles++) {
    const camera = lookDown(300 + 90 * tiles, 700, heightOfLevel(0.3));
    system.evictTiles();
    await system.flush();
    queue.submit = () => {
      throw new TypeError("submit failed on purpose");
    };
    for (let frame = 0; frame < 3; frame++) {
      system.updateNow(camera);
      await pause(5);
    }
    queue.submit = submit;
    await device.submits.wait();
    // Others have taken the memory, but for so many tiles and next to nothing beside.
    const free = ledger!.availableBytes - (STAGING_BYTES * tiles + 40);
    const taken = ledger!.reserve("caches", Math.max(0, free));
    try {
      await system.finishUpdate({ timeBudgetMs: 20 });
    } finally {
      taken.release();
    }
    checkMemory(system);
    await system.update(camera);
    await checkEverything(system);
  }
});
