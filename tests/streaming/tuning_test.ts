import assert from "node:assert/strict";
import { requestDevice } from "../../src/gpu/mod.ts";
import { type PoolConfig, UPDATE_STAGES, VirtualTextureSystem } from "../../src/streaming/mod.ts";
import { heightOfLevel, lookDown } from "./cameras.ts";
import { checkEverything, checkMemory } from "./checks.ts";
import { mapSource } from "./sources.ts";

const MIB = 2 ** 20;
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const CAMERA = lookDown(1000, 1000, heightOfLevel(0));

function makeSystem(device: Awaited<ReturnType<typeof requestDevice>>, options = {}) {
  return new VirtualTextureSystem(device, {
    maxMemoryBytes: 12 * MIB,
    tileSize: 64,
    logger: QUIET,
    ...options,
  });
}

/** Slots of the pools of RGBA8 and of R8. */
function slotsOf(system: VirtualTextureSystem): number[] {
  const pools = system.tuning.poolInfos();
  return ["rgba8unorm", "r8unorm"].map((format) =>
    pools.find(({ formats }) => formats[0] === format)!.slotsTotal
  );
}

Deno.test("sizes of pools are caps by format, tile size and group, scaled and given back", async () => {
  using device = await requestDevice();
  using system = makeSystem(device);
  const config: PoolConfig = {
    pools: [
      { formats: ["rgba8unorm"], sizeMb: 1.5 },
      { formats: ["rgba8unorm", "r8unorm"], sizeMb: 9 },
      { formats: ["r8unorm"], scalabilityGroup: 3 },
      { formats: ["rgba8unorm"], minTileSize: 128, sizeMb: 9 },
    ],
  };
  await system.loadTexture(mapSource());
  await system.loadTexture(mapSource({ format: "r8unorm" }));
  const [colors, greys] = slotsOf(system) as [number, number];
  await system.update(CAMERA);

  await system.tuning.configurePools(config);
  const [capped, others] = slotsOf(system) as [number, number];
  const [pool] = system.tuning.poolInfos();
  assert.ok(
    pool!.atlasMemory <= 1.5 * MIB && pool!.atlasMemory > 1.3 * MIB,
    `${pool!.atlasMemory}`,
  );
  assert.deepEqual([pool!.sizeLimit, pool!.scalabilityGroup], [1.5 * MIB, 0]);
  assert.ok(others >= greys, "what one pool may not have is for the others");
  await system.update(CAMERA);
  await checkEverything(system);

  await system.tuning.setPoolSizeScales({ 3: 0.5 });
  const [same, halved] = slotsOf(system) as [number, number];
  assert.equal(same, capped);
  assert.ok(Math.abs(halved / others - 0.5) < 0.02, `${halved} of ${others}`);
  await system.tuning.setPoolSizeScales({ 0: 0.5 });
  const [smaller, whole] = slotsOf(system) as [number, number];
  assert.ok(Math.abs(smaller / capped - 0.5) < 0.05, `${smaller} of ${capped}`);
  assert.ok(whole >= others);
  await system.update(CAMERA);
  await checkEverything(system);

  await system.tuning.setPoolSizeScales({});
  assert.deepEqual(slotsOf(system), [capped, others]);
  await system.tuning.configurePools({});
  const [free] = slotsOf(system) as [number];
  assert.ok(free >= colors, `${free} of ${colors}`);
  await system.tuning.setPoolSizeScales({ 0: 0 });
  await system.update(CAMERA);
  checkMemory(system);
  assert.ok(slotsOf(system).every((slots) => slots > 8 && slots < 40), "tails stay");
  await system.tuning.configurePools({ defaultSizeMb: 1 });
  await system.tuning.setPoolSizeScales({});
  for (const { atlasMemory } of system.tuning.poolInfos()) assert.ok(atlasMemory <= MIB);
});

Deno.test("sizes that exceed the budget together shrink together, and a lost device keeps them", async () => {
  using device = await requestDevice();
  using system = makeSystem(device, { maxMemoryBytes: 8 * MIB });
  await system.loadTexture(mapSource());
  await system.loadTexture(mapSource({ format: "r8unorm" }));
  await system.tuning.configurePools({
    pools: [
      { formats: ["rgba8unorm"], sizeMb: 16 },
      { formats: ["r8unorm"], sizeMb: 2 },
    ],
  });
  const [colors, greys] = system.tuning.poolInfos().map(({ atlasMemory }) => atlasMemory);
  assert.ok(Math.abs(colors! / greys! / 8 - 1) < 0.1, `${colors} and ${greys}`);
  assert.ok(greys! < 2 * MIB * 0.5);
  checkMemory(system);
  system.tuning.setMaxAnisotropy(4);
  const state = () => [system.tuning.maxAnisotropy, system.tuning.poolInfos()];
  const before = state();
  device.gpu.destroy();
  await system.renewed();
  assert.deepEqual(state(), before);
});

Deno.test("a size holds for a pool that is made later, and as textures come and go", async () => {
  using device = await requestDevice();
  using system = makeSystem(device);
  await system.tuning.configurePools({ pools: [{ formats: ["rgba8unorm"], sizeMb: 2 }] });
  const bytes: number[] = [];
  for (let seed = 0; seed < 3; seed++) {
    await system.loadTexture(mapSource({ seed }));
    bytes.push(system.tuning.poolInfos()[0]!.atlasMemory);
  }
  await system.unloadTexture(system.textures[0]!);
  bytes.push(system.tuning.poolInfos()[0]!.atlasMemory);
  assert.ok(bytes.every((size) => size <= 2 * MIB && size > 1.7 * MIB), `${bytes}`);
  await system.update(CAMERA);
  await checkEverything(system);
});

Deno.test("wrong sizes, scales and limits are refused, and change nothing", async () => {
  using device = await requestDevice();
  const system = makeSystem(device);
  const { tuning } = system;
  await tuning.setPoolSizeScales({ 1: 0.5 });
  await assert.rejects(tuning.configurePools({ pools: [{ formats: [] }] }), /1 to 3 elements/);
  await assert.rejects(tuning.configurePools({}, { abort: 1 } as never), /no option abort/);
  await assert.rejects(tuning.setPoolSizeScales({ 0.5: 1 }), /group must be an integer from 0/);
  await assert.rejects(
    tuning.setPoolSizeScales({ 2: 65 }),
    /scale of group 2 must be from 0 to 64/,
  );
  await assert.rejects(tuning.setPoolSizeScales(null as never), /scales must be an object/);
  assert.throws(() => tuning.setMaxAnisotropy(17), /maxAnisotropy must be from 1 to 16/);
  assert.throws(() => tuning.measureUpdates(1 as never), /isOn must be true or false/);
  const state = [tuning.poolConfig, tuning.poolSizeScales, tuning.maxAnisotropy];
  assert.deepEqual(state, [{ pools: [] }, { 1: 0.5 }, 1]);
  assert.equal(tuning.updateProfile, null);
  system.close();
  await assert.rejects(tuning.configurePools({}), /was closed/);
  assert.throws(() => tuning.setMaxAnisotropy(2), /was closed/);
});

Deno.test("the profile of updates adds up by stage and kind, and reads no clock while it is off", async () => {
  using device = await requestDevice();
  let reads = 0;
  let now = 0;
  const clock = () => {
    reads++;
    return now += 0.25;
  };
  using system = makeSystem(device, { clock });
  await system.loadTexture(mapSource());
  const readsOf = () => {
    const before = reads;
    for (let i = 0; i < 3; i++) system.updateNow(lookDown(1000 + 64 * i, 1000, heightOfLevel(0)));
    return reads - before;
  };
  await system.update(CAMERA);
  const off = readsOf();
  system.tuning.measureUpdates(true);
  const on = readsOf();
  assert.ok(on > off, `${on} reads of the clock, ${off} without`);
  const { counters } = { counters: system.getStatistics() };
  await system.update(lookDown(200, 300, heightOfLevel(1)));
  const { updates, last, mean, most } = system.tuning.updateProfile!;
  assert.equal(updates, 4);
  assert.equal(last.tilesUploaded, system.getStatistics().tilesLoaded - counters.tilesLoaded);
  assert.ok(last.tilesUploaded > 4 && last.tilesDrawn === 0 && last.gpuMs === 0);
  assert.ok(last.pageTableEdits >= last.tilesUploaded && last.submits >= 1);
  for (const work of [last, mean, most]) {
    const sum = UPDATE_STAGES.reduce((ms, stage) => ms + work.stageMs[stage], 0);
    if (work !== most) assert.ok(Math.abs(sum - work.totalMs) < 1e-9);
  }
  for (const stage of UPDATE_STAGES) {
    assert.ok(last.stageMs[stage] > 0, stage);
    assert.ok(most.stageMs[stage] >= mean.stageMs[stage]);
  }
  system.tuning.measureUpdates(false);
  assert.equal(system.tuning.updateProfile, null);
});

Deno.test("a limit that includes uploads holds for tiles that are streamed, too", async () => {
  using device = await requestDevice();
  const mostOf = async (includesUploads: boolean) => {
    using system = makeSystem(device);
    await system.loadTexture(mapSource());
    system.setDrawLimits({ tilesPerUpdate: 2, includesUploads });
    const counts: number[] = [];
    for (let i = 0; i < 12; i++) {
      counts.push(system.updateNow(CAMERA).tilesLoaded);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return Math.max(...counts);
  };
  assert.equal(await mostOf(true), 2);
  assert.ok(await mostOf(false) > 2, "negative control: without it they are not limited");
});
