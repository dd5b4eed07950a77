import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { VirtualTextureConsole } from "../../../src/rvt/console/mod.ts";
import { RuntimeVirtualTextureScene } from "../../../src/rvt/scene/rvt_scene.ts";
import { UPDATE_STAGES, VirtualTextureSystem } from "../../../src/streaming/mod.ts";
import { QUIET } from "../scene/placed_scene.ts";
import { CAMERA, loadsOf, openWorld } from "./console_world.ts";

const DEFAULTS = {
  "r.VT.MaxUploadsPerFrame": 8,
  "r.VT.MaxUploadsPerFrameInEditor": 64,
  "r.VT.MaxContinuousUpdatesPerFrame": 1,
  "r.VT.MaxContinuousUpdatesPerFrameInEditor": 8,
  "r.VT.RVT.TileCountBias": 0,
  "r.VT.PoolSizeScale": 1,
  "r.VT.MaxAnisotropy": 8,
};

/** Value and setter of a variable. */
function stateOf(console: VirtualTextureConsole, wanted: string) {
  const { value, setBy } = console.variables().find(({ name }) => name === wanted)!;
  return [value, setBy];
}

Deno.test("variables begin with the defaults of the specification, in force, or with the options", async () => {
  using device = await requestDevice();
  using system = new VirtualTextureSystem(device, { tileSize: 64, logger: QUIET });
  await using scene = new RuntimeVirtualTextureScene(system);
  const console = new VirtualTextureConsole(scene);
  assert.deepEqual(
    Object.fromEntries(console.variables().map(({ name, value }) => [name, value])),
    DEFAULTS,
  );
  assert.ok(console.variables().every(({ setBy, help }) => setBy === "default" && help !== ""));
  assert.equal(system.tuning.maxAnisotropy, 1, "as without a console");
  const anisotropy = console.variables().find(({ name }) => name === "r.VT.MaxAnisotropy")!;
  assert.deepEqual([anisotropy.value, anisotropy.inForce], [8, 1]);
  using other = new VirtualTextureSystem(device, { maxAnisotropy: 1, logger: QUIET });
  await using own = new RuntimeVirtualTextureScene(other, { maxUploadsPerFrame: 5 });
  const second = new VirtualTextureConsole(own);
  assert.deepEqual(stateOf(second, "r.VT.MaxUploadsPerFrame"), [5, "options"]);
  assert.deepEqual(stateOf(second, "r.VT.MaxAnisotropy"), [1, "options"]);
});

Deno.test("commands print, explain and set variables in any case, and list all", async () => {
  using device = await requestDevice();
  await using world = await openWorld(device);
  const { console, placed: { scene } } = world;
  assert.equal(await console.exec(""), "");
  assert.equal(
    await console.exec("R.VT.MAXUPLOADSPERFRAME"),
    "r.VT.MaxUploadsPerFrame = 8 (default)",
  );
  assert.equal(
    await console.exec(
      "r.VT.MaxUploadsPerFrame 4; r.vt.maxuploadsperframe\nr.VT.PoolSizeScale=0.5",
    ),
    [
      "r.VT.MaxUploadsPerFrame = 4",
      "r.VT.MaxUploadsPerFrame = 4 (set by console)",
      "r.VT.PoolSizeScale = 0.5",
    ].join("\n"),
  );
  assert.equal(scene.options.maxUploadsPerFrame, 4);
  assert.match(
    await console.exec("r.VT.MaxAnisotropy ?"),
    /= 8 \(default, 1 in force until it is set\)\nMost taps/,
  );
  assert.match(await console.exec("help r.vt.maxanisotropy"), /\nMost taps/);
  assert.match(await console.exec("HELP r.VT.Flush"), /^r.VT.Flush\nEmpties the physical caches/);
  assert.match(await console.exec("r.VT.PoolSizeScale 5e-1"), /= 0\.5$/);
  const help = await console.exec("help");
  for (const name of [...Object.keys(DEFAULTS), "r.VT.Flush", "stat virtualtexturing"]) {
    assert.ok(help.includes(name), name);
  }
  scene.change({ maxUploadsPerFrame: 6 });
  assert.deepEqual(
    stateOf(console, "r.VT.MaxUploadsPerFrame"),
    [6, "options"],
    "the last one holds",
  );
  await console.reset("r.VT.MaxUploadsPerFrame");
  assert.deepEqual(stateOf(console, "r.VT.MaxUploadsPerFrame"), [8, "default"]);
  assert.equal(scene.options.maxUploadsPerFrame, 8);
});

Deno.test("a scalability level sets what nothing else has set, and gives it back", async () => {
  using device = await requestDevice();
  const scalability = {
    low: {
      "r.VT.MaxUploadsPerFrame": 2,
      "r.VT.PoolSizeScale": 0.5,
      "r.vt.rvt.tilecountbias.group0": -1,
    },
    high: { "r.VT.MaxUploadsPerFrame": 16, "r.VT.MaxAnisotropy": 4 },
  };
  await using world = await openWorld(device, { console: { scalability } });
  const { console, placed: { scene, system, asset } } = world;
  const slots = console.memory().pools[0]!.slotsTotal;
  await console.exec("r.VT.MaxAnisotropy 2");
  await console.setScalabilityLevel("low");
  assert.equal(console.scalabilityLevel, "low");
  assert.deepEqual(stateOf(console, "r.VT.MaxUploadsPerFrame"), [2, "scalability"]);
  assert.equal(scene.textureOf(asset)!.grid.width, 256);
  assert.ok(console.memory().pools[0]!.slotsTotal < slots);
  await console.setScalabilityLevel("high");
  assert.deepEqual(stateOf(console, "r.VT.MaxUploadsPerFrame"), [16, "scalability"]);
  assert.deepEqual(stateOf(console, "r.VT.MaxAnisotropy"), [2, "console"], "the console holds");
  assert.deepEqual(stateOf(console, "r.VT.RVT.TileCountBias"), [0, "default"]);
  assert.equal(scene.textureOf(asset)!.grid.width, 512);
  await console.reset("r.VT.MaxAnisotropy");
  assert.equal(system.tuning.maxAnisotropy, 4, "the level's value comes back");
  await console.setScalabilityLevel(null);
  assert.deepEqual(
    console.variables().map(({ value }) => value),
    Object.values(DEFAULTS),
  );
  assert.equal(system.tuning.maxAnisotropy, 1, "nothing has set it any more");
  await console.exec("r.VT.MaxAnisotropy 8");
  assert.equal(system.tuning.maxAnisotropy, 8, "the default counts, set explicitly");
  system.tuning.setMaxAnisotropy(3);
  await console.setScalabilityLevel("high");
  assert.equal(system.tuning.maxAnisotropy, 3, "what options and calls set holds");
});

Deno.test("consoles of a scene are one, and scenes of a system share all but TileCountBias", async () => {
  using device = await requestDevice();
  await using world = await openWorld(device, {
    console: { scalability: { low: { "r.VT.PoolSizeScale": 0.5 } } },
  });
  const { console, placed: { scene, system } } = world;
  const second = new VirtualTextureConsole(scene);
  await console.exec("r.VT.MaxUploadsPerFrame 3");
  await console.setScalabilityLevel("low");
  assert.equal(second.scalabilityLevel, "low");
  assert.deepEqual(stateOf(second, "r.VT.PoolSizeScale"), [0.5, "scalability"]);
  await using next = new RuntimeVirtualTextureScene(system, { logger: QUIET });
  const third = new VirtualTextureConsole(next);
  assert.deepEqual(stateOf(third, "r.VT.MaxUploadsPerFrame"), [3, "console"]);
  assert.deepEqual(next.options.streamingCountsIn, ["game"]);
  await console.reset("r.VT.MaxUploadsPerFrame");
  await second.exec("r.VT.MaxAnisotropy 2; r.VT.RVT.TileCountBias 1");
  for (const one of [console, second, third]) {
    assert.deepEqual(stateOf(one, "r.VT.MaxUploadsPerFrame"), [8, "default"]);
    assert.deepEqual(stateOf(one, "r.VT.MaxAnisotropy"), [2, "console"]);
    assert.deepEqual(one.scene.options.streamingCountsIn, [], "no command brings it back");
  }
  assert.deepEqual(stateOf(console, "r.VT.RVT.TileCountBias"), [1, "console"]);
  assert.deepEqual(stateOf(third, "r.VT.RVT.TileCountBias"), [0, "default"]);
  next.change({ maxUploadsPerFrame: 5 });
  assert.deepEqual(stateOf(console, "r.VT.MaxUploadsPerFrame"), [5, "options"]);
});

Deno.test("statistics are the system's own, as data and as tables", async () => {
  using device = await requestDevice();
  await using world = await openWorld(device);
  const { console, placed: { system } } = world;
  system.updateNow(CAMERA);
  const before = system.getStatistics().tilesLoaded;
  system.updateNow(CAMERA);
  const { updates, counters } = console.statistics();
  assert.deepEqual(counters, system.getStatistics());
  assert.equal(updates.updates, 2);
  assert.equal(updates.last.tilesDrawn, counters.tilesLoaded - before);
  assert.ok(updates.last.tilesDrawn > 0 && updates.last.totalMs > 0);
  assert.ok(updates.last.pageTableEdits >= updates.last.tilesDrawn);
  const texturing = await console.exec("stat VirtualTexturing");
  assert.match(texturing, /Tiles rendered +\d+ +[\d.]+ +\d+/);
  assert.match(texturing, /All stages +\d+\.\d{3}/);
  assert.equal(
    texturing.split("\n").filter((line) => /\d+\.\d{3}$/.test(line)).length,
    UPDATE_STAGES.length + 1,
  );
  assert.match(texturing, /GPU, rendered tiles +not measured/);
  if (device.features.has("timestamp-query")) {
    // How often times are read back depends on how busy the machine is.
    let most = 0;
    for (let attempt = 0; attempt < 20 && most === 0; attempt++) {
      await loadsOf(world, 8);
      most = console.statistics().updates.most.gpuMs ?? 0;
    }
    assert.ok(most > 0, "measured without a picture between updates");
    assert.match(await console.exec("stat virtualtexturing"), /GPU, rendered tiles .*\d\.\d{3}\n/);
  }

  const { pools, total } = console.memory();
  assert.deepEqual(total, system.getMemoryInfo());
  const sum = (of: (pool: typeof pools[0]) => number) =>
    pools.reduce((all, one) => all + of(one), 0);
  assert.equal(sum(({ atlasMemory }) => atlasMemory), total.atlasMemory);
  assert.equal(sum(({ slotsUsed }) => slotsUsed), total.atlasSlotsUsed);
  assert.equal(sum(({ slotsTotal }) => slotsTotal), total.atlasSlotsTotal);
  // What the total has beside them is no pool's: one table at least is that of each pool's textures.
  assert.ok(pools.every(({ pageTableMemory }) => pageTableMemory > 0));
  assert.ok(sum(({ pageTableMemory }) => pageTableMemory) < total.pageTableMemory);
  const memory = await console.exec("stat virtualtexturememory");
  assert.match(memory, /rgba8unorm-srgb +64 +4 +0 +1 +- +[\d.]+/);
  assert.match(memory, /Budget +96\.00/);
});

Deno.test("a pool that is larger than its size is told with what to write, in the table and as data", async () => {
  using device = await requestDevice();
  await using world = await openWorld(device);
  const { console, placed: { system: { tuning } } } = world;
  const [before] = console.memory().pools;
  assert.equal(before!.warning, null);
  assert.doesNotMatch(await console.exec("stat virtualtexturememory"), /Warning/);
  await tuning.configurePools({ defaultSizeMb: 0.125 });
  const [pool] = console.memory().pools;
  assert.equal(pool!.neededMemory, before!.neededMemory);
  assert.ok(pool!.neededMemory > pool!.sizeLimit!);
  const memory = await console.exec("stat virtualtexturememory");
  assert.match(memory, /rgba8unorm-srgb +64 +4 +0 +1 +0\.13 +0\.\d\d /);
  assert.ok(memory.includes(`\nWarning: ${pool!.warning}\n`), memory);
  assert.match(pool!.warning!, /Write defaultSizeMb: 1 \(DefaultSizeInMegabyte=1 in an ini text\)/);
  await tuning.configurePools({ defaultSizeMb: 1 });
  assert.equal(console.memory().pools[0]!.warning, null);
});

Deno.test("what is wrong is refused by name, and nothing changes", async () => {
  using device = await requestDevice();
  const world = await openWorld(device);
  const { console, placed: { scene } } = world;
  const state = () => console.variables().map(({ name, value, setBy }) => [name, value, setBy]);
  const before = state();
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      "r.VT.Nope 1",
      "OutOfRangeError",
      /"r.VT.Nope 1" as there is none: there are r.VT.Flush, stat virt/,
    ],
    ["r.VT.MaxUploadsPerFrame 4; stat fps", "OutOfRangeError", /"stat fps" as there is none/],
    [
      "r.VT.MaxUploadsPerFrame 4; r.VT.PoolSizeScale many",
      "InvalidArgumentError",
      /must be a number: current value is many/,
    ],
    [
      "r.VT.MaxUploadsPerFrame 0",
      "OutOfRangeError",
      /r.VT.MaxUploadsPerFrame must be an integer from 1/,
    ],
    ["r.VT.MaxUploadsPerFrame 1.5", "OutOfRangeError", /must be an integer/],
    ["r.VT.MaxAnisotropy 17", "OutOfRangeError", /must be from 1 to 16: current value is 17/],
    ["r.VT.MaxAnisotropy.Group1 2", "OutOfRangeError", /there is none/],
    ["r.VT.Flush 3", "OutOfRangeError", /there is none/],
    ["help r.VT.Nope", "OutOfRangeError", /"help r.VT.Nope" as there is none/],
    ["r.VT.PoolSizeScale 0,5", "OutOfRangeError", /"5" as .*write numbers with a point/],
    [" ".repeat(2 ** 16 + 1), "OutOfRangeError", /at most 65536 characters/],
  ];
  for (const [commands, name, message] of cases) {
    await assert.rejects(console.exec(commands), { name, message });
  }
  await assert.rejects(console.exec(1 as never), { name: "InvalidArgumentError" });
  await assert.rejects(console.set("r.VT.PoolSizeScale", "1" as never), /must be a number/);
  assert.throws(
    () => console.get("PoolSizeScale"),
    /no console variable PoolSizeScale: there are r.VT/,
  );
  await assert.rejects(console.setScalabilityLevel("low"), /no level "low": there are none/);
  await assert.rejects(console.setScalabilityLevel(1 as never), { name: "InvalidArgumentError" });
  assert.deepEqual(state(), before);
  const make = (...args: unknown[]) => new VirtualTextureConsole(...args as [never]);
  assert.throws(() => make({}), /scene must be a RuntimeVirtualTextureScene/);
  assert.throws(() => make(scene, { levels: {} }), /no option levels/);
  assert.throws(() => make(scene, { scalability: { low: { x: 1 } } }), /no console variable x/);
  await world[Symbol.asyncDispose]();
  await assert.rejects(console.exec("r.VT.Flush"), { name: "DisposedError" });
  await assert.rejects(console.set("r.VT.MaxAnisotropy", 2), { name: "DisposedError" });
  assert.throws(() => console.statistics(), { name: "DisposedError" });
  assert.throws(() => make(scene), { name: "DisposedError" });
});
