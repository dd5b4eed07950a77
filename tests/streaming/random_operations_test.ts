import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { PageMappings } from "../../src/residency/mod.ts";
import { render } from "../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { seededRandom } from "../helpers/random.ts";
import { heightOfLevel, lookDown } from "./cameras.ts";
import { checkEverything, checkMemory, wrongEntries, wrongSlots } from "./checks.ts";
import { insideOf } from "./inside.ts";
import { erraticSource, step, type World } from "./random_steps.ts";
import { mapSource } from "./sources.ts";

const MIB = 2 ** 20;

/** Runs random operations; the number of wrong entries and slots that were found on the way. */
async function run(seed: number, steps: number): Promise<number> {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 2 * MIB,
    tileSize: 64,
    tilesPerUpdate: 12,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const world: World = { system, random: seededRandom(seed), seeds: seed };
  await system.loadTexture(erraticSource(world.seeds++, world.random));
  let wrong = 0;
  for (let i = 0; i < steps; i++) {
    await step(world);
    checkMemory(system);
    if (world.random() < 0.12) wrong += await wrongEntries(system) + await wrongSlots(system);
  }
  wrong += await wrongEntries(system) + await wrongSlots(system);
  assert.ok(system.getStatistics().tilesEvicted > 20, "slots were fought for");
  return wrong;
}

Deno.test("random operations leave the tables of a rebuild, bit for bit, and the right content", async () => {
  for (const seed of [1, 2]) assert.equal(await run(seed, 130), 0, `seed ${seed}`);
});

Deno.test("negative control: a table that misses one edit in ten does not pass the same check", async () => {
  const { takeEdits } = PageMappings.prototype;
  let count = 0;
  PageMappings.prototype.takeEdits = function () {
    return takeEdits.call(this).filter(() => ++count % 10 !== 0);
  };
  try {
    // Pictures are wrong too, and may be what is noticed first.
    const wrong = await run(1, 60).catch((error) => {
      assert.ok(error instanceof assert.AssertionError, `${error}`);
      return 1;
    });
    assert.ok(wrong > 0);
  } finally {
    PageMappings.prototype.takeEdits = takeEdits;
  }
});

Deno.test("the same calls and arrivals give the same counters, slots and pictures", async () => {
  const fly = async () => {
    using device = await requestDevice();
    let now = 0;
    using system = new VirtualTextureSystem(device, {
      maxMemoryBytes: 2 * MIB,
      tileSize: 64,
      clock: () => now++,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const random = seededRandom(9);
    const slots: string[] = [];
    const pictures: Uint8Array[] = [];
    for (let i = 0; i < 2; i++) {
      await system.loadTexture(mapSource({ width: 1500, height: 1100, seed: i }), {
        origin: [900 * i, 0, 0],
      });
    }
    for (let i = 0; i < 16; i++) {
      const camera = lookDown(random() * 1500, random() * 1000, heightOfLevel(random() * 2));
      await system.update(camera);
      if (i % 5 === 0) pictures.push((await render(system, camera)).data);
      if (i === 9) system.evictTiles();
      if (i % 7 === 0) {
        const [x, y] = [random() * 900, random() * 900];
        system.prefetchRegion(system.textures[1]!, { x, y, width: 200, height: 100 });
      }
      checkMemory(system);
    }
    for (const texture of system.textures) {
      const { residency } = insideOf(texture);
      const own: string[] = [];
      residency.slotOf.forEach((tile, slot) => own.push(`${tile}:${slot}`));
      slots.push(own.sort().join(" "));
    }
    await checkEverything(system);
    return { slots, pictures, statistics: system.getStatistics(), memory: system.getMemoryInfo() };
  };
  assert.deepEqual(await fly(), await fly());
});
