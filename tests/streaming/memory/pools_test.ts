import assert from "node:assert/strict";
import { BudgetError } from "../../../src/errors.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { render } from "../../../src/scene/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { heightOfLevel, lookDown } from "../cameras.ts";
import { checkEverything, checkMemory } from "../checks.ts";
import { insideOf } from "../inside.ts";
import { checkPlaces } from "../pictures.ts";
import { ControlledSource, mapSource, pause } from "../sources.ts";

const MIB = 2 ** 20;
const quietLogger = { debug() {}, info() {}, warn() {}, error() {} };

Deno.test("a budget that is too small is an error that names a minimum, which then works", async () => {
  using device = await requestDevice();
  const make = (maxMemoryBytes: number) =>
    new VirtualTextureSystem(device, { maxMemoryBytes, tileSize: 64, logger: quietLogger });
  let minimum = 0;
  assert.throws(() => make(100), (error) => {
    assert.ok(error instanceof BudgetError && error.message.includes(`${error.minimumBytes}`));
    minimum = error.minimumBytes;
    return true;
  });
  assert.throws(() => make(minimum - 1), BudgetError);
  using empty = make(minimum);
  checkMemory(empty);
  for (const formats of [["rgba8unorm"], ["rgba8unorm", "r8unorm"]] as const) {
    let needed = minimum;
    for (let attempt = 0;; attempt++) {
      assert.ok(attempt < 3, "the first minimum that is named for the textures is enough");
      using system = make(needed);
      try {
        for (const format of formats) await system.loadTexture(mapSource({ format }));
        const camera = lookDown(900, 900, heightOfLevel(0));
        for (let i = 0; i < 5; i++) await system.update(camera);
        await checkEverything(system);
        break;
      } catch (error) {
        assert.ok(error instanceof BudgetError, `${error}`);
        assert.ok(error.minimumBytes > needed);
        checkMemory(system);
        needed = error.minimumBytes;
      }
    }
  }
});

Deno.test("textures that fill the budget together share a pool as it grows", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 2.5 * MIB,
    tileSize: 64,
    logger: quietLogger,
  });
  for (let seed = 0; seed < 4; seed++) {
    const texture = await system.loadTexture(mapSource({ width: 256, height: 256, seed }));
    await system.update(lookDown(128, 128, heightOfLevel(0)), { texture });
    await checkEverything(system);
  }
});

Deno.test("a texture loads into a pool whose every slot was wanted in the last update", async () => {
  using device = await requestDevice();
  // With large tiles another page table costs less than a slot: the pool keeps its size.
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 25 * MIB,
    tileSize: 512,
    logger: quietLogger,
  });
  const size = { width: 16384, height: 16384, tileSize: 512, format: "bc1-rgba-unorm" } as const;
  const first = await system.loadTexture(mapSource(size));
  system.setQualitySettings({ cachePriorityBoost: 16 });
  const camera = { ...lookDown(4000, 4000, heightOfLevel(3)), viewport: [1280, 720] };
  for (let i = 0; i < 4; i++) await system.update(camera);
  const { pool } = insideOf(first);
  const { slots } = pool.residency;
  assert.equal(slots.availableCount, 0, "every slot is wanted");
  const second = await system.loadTexture(mapSource({ ...size, seed: 1 }));
  assert.ok(insideOf(second).pool === pool && pool.residency.slots === slots);
  await checkEverything(system);
  await system.update(camera);
  await checkEverything(system);
});

Deno.test("unloading one of several textures gives its room to the others, within the budget", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 4 * MIB,
    tileSize: 64,
    logger: quietLogger,
  });
  const formats = ["rgba8unorm", "rgba8unorm", "r8unorm", "bc1-rgba-unorm"] as const;
  const textures = [];
  for (const [seed, format] of formats.entries()) {
    textures.push(await system.loadTexture(mapSource({ format, seed })));
  }
  const camera = lookDown(900, 900, heightOfLevel(0));
  await system.update(camera);
  for (const texture of textures) {
    const before = system.getMemoryInfo();
    await system.unloadTexture(texture);
    await checkEverything(system);
    const after = system.getMemoryInfo();
    if (system.textures.length > 0) {
      assert.ok(after.atlasMemory > 0.8 * before.atlasMemory, "the room is used");
    }
    await system.update(camera);
    await checkEverything(system);
  }
});

Deno.test("an empty system uses the same memory whatever was loaded before", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryBytes: 4 * MIB, tileSize: 64 });
  const empty = system.getMemoryInfo();
  for (let round = 0; round < 2; round++) {
    const texture = await system.loadTexture(mapSource());
    await system.update(lookDown(900, 900, heightOfLevel(0)));
    await system.unloadTexture(texture);
    await device.submits.wait();
    assert.deepEqual(system.getMemoryInfo(), empty);
  }
});

Deno.test("a pool that shrinks keeps its most wanted tiles, and bind groups' generation rises", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { maxMemoryBytes: 4 * MIB, tileSize: 64 });
  const texture = await system.loadTexture(mapSource());
  await system.update(lookDown(300, 300, heightOfLevel(0)));
  const camera = lookDown(1600, 1600, heightOfLevel(0.9));
  for (let i = 0; i < 3; i++) await system.update(camera);
  const { residency, pool } = insideOf(texture);
  const worth = new Map<number, number>();
  const { slots } = pool.residency;
  for (const [i, slot] of slots.byWorth().entries()) worth.set(slots.tileOf(slot), i);
  const before = { slots: pool.slotCount, generation: texture.binding.generation };
  await system.loadTexture(mapSource({ format: "r8unorm" }));
  assert.ok(pool.slotCount < before.slots);
  assert.ok(texture.binding.generation > before.generation);
  let leastKept = 0;
  let mostLost = Infinity;
  for (const [tile, rank] of worth) {
    if (residency.slotOf.has(tile)) leastKept = Math.max(leastKept, rank);
    else mostLost = Math.min(mostLost, rank);
  }
  assert.ok(leastKept < mostLost, "nothing was lost that was wanted more than what stays");
  assert.ok(mostLost >= 12, "more than the pinned tiles stay");
  await checkEverything(system);
  const picture = await render(system, camera, { texture });
  checkPlaces(picture, camera, texture);
});

Deno.test("textures of all formats come and go in any order, at once, while others stream", async () => {
  using device = await requestDevice();
  const random = seededRandom(5);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  using system = new VirtualTextureSystem(device, {
    maxMemoryBytes: 6 * MIB,
    tileSize: 64,
    logger: quietLogger,
  });
  const empty = system.getMemoryInfo();
  const formats = ["rgba8unorm", "rgba8unorm-srgb", "r8unorm", "bc1-rgba-unorm", "bc7-rgba-unorm"];
  const changes: Promise<unknown>[] = [];
  let loads = 0;
  for (let step = 0; step < 90; step++) {
    const roll = random();
    if (roll < 0.2 && system.textures.length + loads < 6) {
      const [width, height] = pick([[200, 300], [2048, 2048], [777, 1333]]);
      const inner = mapSource({ width: width!, height: height!, format: pick(formats) as never });
      const source = new ControlledSource(inner);
      source.before = () => pause(random() * 3);
      loads++;
      changes.push(system.loadTexture(source).finally(() => loads--));
    } else if (roll < 0.3 && system.textures.length > 2) {
      const texture = pick(system.textures);
      // Unloading twice is refused, once.
      changes.push(system.unloadTexture(texture).catch(() => {}));
    } else {
      const camera = lookDown(random() * 2000, random() * 2000, heightOfLevel(random() * 3));
      if (roll < 0.6) system.updateNow(camera);
      else await system.update(camera, { timeBudgetMs: 3 });
    }
    checkMemory(system);
    if (step % 15 === 14) {
      await Promise.all(changes.splice(0));
      await checkEverything(system);
    }
  }
  await Promise.all(changes);
  await system.flush();
  await checkEverything(system);
  for (const texture of system.textures) {
    if (texture.format !== "rgba8unorm") continue;
    const camera = lookDown(100, 120, heightOfLevel(1));
    checkPlaces(await render(system, camera, { texture }), camera, texture);
  }
  for (const texture of system.textures) await system.unloadTexture(texture);
  await device.submits.wait();
  assert.deepEqual(system.getMemoryInfo(), empty);
});
