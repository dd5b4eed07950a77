import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { ControlledSource, mapSource } from "../../streaming/sources.ts";
import { wrongTiles } from "../scene/rebuilt_tiles.ts";
import { takeRendered } from "../scene/rendered_tiles.ts";
import { CAMERA, type ConsoleWorld, loadsOf, openWorld } from "./console_world.ts";

/** A second volume, in a scalability group. */
async function addVolume(
  { placed: { scene } }: ConsoleWorld,
  scalabilityGroup: number,
): Promise<RuntimeVirtualTextureVolume> {
  const asset = new RuntimeVirtualTexture({ name: "far", sizeInTilesLog2: 3, tileSize: 64 });
  const volume = new RuntimeVirtualTextureVolume(asset, { scalabilityGroup, position: [99, 0, 0] });
  await scene.addVolume(volume);
  return volume;
}

function widthOf({ placed: { scene } }: ConsoleWorld, asset: RuntimeVirtualTexture): number {
  return scene.textureOf(asset)!.grid.width;
}

Deno.test("MaxUploadsPerFrame limits the tiles that an update renders, in game or in the editor", async () => {
  using device = await requestDevice();
  for (const mode of ["game", "editor"] as const) {
    const own = mode === "game" ? "r.VT.MaxUploadsPerFrame" : "r.VT.MaxUploadsPerFrameInEditor";
    const other = mode === "game" ? "r.VT.MaxUploadsPerFrameInEditor" : "r.VT.MaxUploadsPerFrame";
    const mostWith = async (command: string) => {
      await using world = await openWorld(device, { scene: { mode } });
      await world.console.exec(command);
      const { most, loaded } = await loadsOf(world, 8);
      assert.ok(loaded.some((count) => count > 0));
      return most;
    };
    assert.equal(await mostWith(`${own} 2`), 2);
    const byDefault = mode === "game" ? 8 : 64;
    const without = await mostWith(`${other} 2`);
    assert.ok(without > 2 && without <= byDefault, `negative control: ${without} in ${mode}`);
  }
});

Deno.test("streaming textures obey MaxUploadsPerFrame only where it is set explicitly", async () => {
  using device = await requestDevice();
  const mostWith = async (commands: string, undo = "") => {
    await using world = await openWorld(device);
    const { system } = world.placed;
    await world.console.exec(commands);
    if (undo !== "") await world.console.reset(undo);
    const texture = await system.loadTexture(mapSource({ width: 1024, height: 1024 }), {
      origin: [-12, -12, 0],
      axisU: [24, 0, 0],
      axisV: [0, 24, 0],
    });
    const counts: number[] = [];
    for (let frame = 0; frame < 10; frame++) {
      counts.push(system.updateNow(CAMERA, { texture }).tilesLoaded);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return Math.max(...counts);
  };
  assert.equal(await mostWith("r.VT.MaxUploadsPerFrame 2"), 2);
  assert.equal(
    await mostWith("r.VT.MaxUploadsPerFrame 8"),
    8,
    "the default counts, set explicitly",
  );
  const free = await mostWith("r.VT.MaxUploadsPerFrameInEditor 2");
  assert.ok(free > 8, `${free}`);
  assert.ok(await mostWith("r.VT.MaxUploadsPerFrame 2", "r.VT.MaxUploadsPerFrame") > 8, "reset");
});

Deno.test("MaxContinuousUpdatesPerFrame is how many tiles are refreshed, in game or in the editor", async () => {
  using device = await requestDevice();
  await using world = await openWorld(device, { asset: { continuousUpdate: true } });
  const { placed: { scene, system }, console } = world;
  await system.update(CAMERA);
  const refreshedWith = async (command: string) => {
    await console.exec(command);
    await loadsOf(world, 2);
    return (await loadsOf(world, 4)).refreshed;
  };
  assert.deepEqual(await refreshedWith("help"), [1, 1, 1, 1]);
  assert.deepEqual(await refreshedWith("r.VT.MaxContinuousUpdatesPerFrame 3"), [3, 3, 3, 3]);
  assert.deepEqual(await refreshedWith("r.VT.MaxContinuousUpdatesPerFrame 0"), [0, 0, 0, 0]);
  scene.change({ mode: "editor" });
  assert.deepEqual(await refreshedWith("r.VT.MaxContinuousUpdatesPerFrame 5"), [8, 8, 8, 8]);
  assert.deepEqual(await refreshedWith("r.VT.MaxContinuousUpdatesPerFrameInEditor 2"), [
    2,
    2,
    2,
    2,
  ]);
});

Deno.test("TileCountBias halves and doubles textures of volumes, by scalability group", async () => {
  using device = await requestDevice();
  await using world = await openWorld(device);
  const { console, placed: { asset } } = world;
  const volume = await addVolume(world, 2);
  const widths = () => [widthOf(world, asset), widthOf(world, volume.asset)];
  assert.deepEqual(widths(), [512, 512]);
  await console.exec("r.VT.RVT.TileCountBias -1");
  assert.deepEqual(widths(), [256, 512], "without a group it is group 0");
  await console.exec("r.vt.rvt.tilecountbias.group2 1, r.VT.RVT.TileCountBias.Group0 = 0");
  assert.deepEqual(widths(), [512, 1024]);
  volume.change({ scalabilityGroup: 0 });
  await world.placed.scene.settled();
  assert.deepEqual(widths(), [512, 512], "another group has another bias");
  assert.deepEqual(
    console.variables().filter(({ name }) => name.includes("TileCountBias"))
      .map(({ name, value }) => [name, value]),
    [["r.VT.RVT.TileCountBias", 0], ["r.VT.RVT.TileCountBias.Group2", 1]],
  );
  await assert.rejects(
    console.set("r.VT.RVT.TileCountBias", 12),
    /^OutOfRangeError: Cannot set r.VT.RVT.TileCountBias to 12: .* must be <= 1048576/,
  );
  assert.deepEqual([console.get("r.VT.RVT.TileCountBias"), ...widths()], [0, 512, 512]);
});

Deno.test("a TileCountBias that the device or the budget cannot hold is refused by name, and textures stay", async () => {
  using device = await requestDevice();
  const scalability = { vast: { "r.VT.RVT.TileCountBias": 11, "r.VT.MaxUploadsPerFrame": 2 } };
  await using world = await openWorld(device, {
    asset: { sizeInTilesLog2: 2 },
    console: { scalability },
  });
  const { console, placed: { asset, scene } } = world;
  const before = scene.textureOf(asset);
  await assert.rejects(console.set("r.VT.RVT.TileCountBias", 12), {
    name: "OutOfRangeError",
    message: /^Cannot set r.VT.RVT.TileCountBias to 12: Cannot make page table as its tiles/,
  });
  const tooSmall = {
    name: "BudgetError",
    message: /^Cannot set r.VT.RVT.TileCountBias to 11: Cannot fit .* must be >= \d+ bytes/,
  };
  await assert.rejects(console.exec("r.VT.RVT.TileCountBias 11"), tooSmall);
  await assert.rejects(console.setScalabilityLevel("vast"), tooSmall);
  assert.equal(console.scalabilityLevel, null);
  assert.throws(() => scene.change({ tileCountBias: 11 }), { name: "BudgetError" });
  assert.equal(scene.textureOf(asset), before, "nothing was made anew");
  assert.equal(console.get("r.VT.RVT.TileCountBias"), 0);
  assert.equal(console.get("r.VT.MaxUploadsPerFrame"), 8);
  await console.set("r.VT.RVT.TileCountBias", 1);
  assert.equal(widthOf(world, asset), 512, "negative control");
});

Deno.test("PoolSizeScale scales the pools of a scalability group, down and up again", async () => {
  using device = await requestDevice();
  await using world = await openWorld(device);
  const { console, placed: { system } } = world;
  await system.loadTexture(mapSource({ format: "r8unorm" }));
  await system.tuning.configurePools({
    pools: [{ formats: ["r8unorm"], sizeMb: 1, scalabilityGroup: 1 }],
  });
  const slots = () => console.memory().pools.map(({ slotsTotal }) => slotsTotal);
  const [first, second] = slots() as [number, number];
  await console.exec("r.VT.PoolSizeScale 0.5");
  assert.ok(Math.abs(slots()[0]! / first - 0.5) < 0.03, `${slots()} of ${first}`);
  assert.equal(slots()[1], second, "another group has its own");
  await console.exec("r.VT.PoolSizeScale.Group1 0.25\nr.VT.PoolSizeScale 1");
  assert.ok(Math.abs(slots()[1]! / second - 0.25) < 0.03, `${slots()} of ${second}`);
  assert.equal(slots()[0], first);
  await console.exec("r.VT.PoolSizeScale.Group1 2");
  assert.ok(Math.abs(slots()[1]! / second - 2) < 0.03, "a size that was given can grow");
});

Deno.test("the first update that waits after a pool has grown again brings all that is seen", async () => {
  using device = await requestDevice();
  await using world = await openWorld(device, { scene: { mode: "editor" } });
  const { console, placed: { system } } = world;
  const seen = async () => {
    const { tilesWanted } = await system.update(CAMERA);
    const { tilesLoaded } = await system.update(CAMERA);
    return { tilesWanted, tilesLoaded, mipBias: system.getStatistics().mipBias };
  };
  const before = await seen();
  await console.exec("r.VT.PoolSizeScale 0");
  const few = await seen();
  assert.ok(few.mipBias > 1 && few.tilesWanted < before.tilesWanted / 2, "negative control");
  await console.exec("r.VT.PoolSizeScale 1");
  assert.deepEqual(await seen(), before);
});

async function flushed(device: ForgeDevice, command: string) {
  await using world = await openWorld(device);
  const { placed: { system, texture, grid }, console } = world;
  const source = new ControlledSource(mapSource({ width: 256, height: 256 }));
  const streamed = await system.loadTexture(source, { origin: [-12, -12, 0], extent: [24, 24] });
  await system.update(CAMERA);
  const resident = system.getStatistics().activeTiles;
  takeRendered(texture);
  source.reads.length = 0;
  const printed = await console.exec(command);
  const left = system.getStatistics().activeTiles;
  await system.update(CAMERA);
  const made = [...takeRendered(texture), ...source.reads];
  assert.deepEqual(await wrongTiles(device, world.placed), []);
  const tail = grid.tailTileCount + streamed.grid.tailTileCount;
  return { resident, left, printed, made, tail, reads: source.reads.length };
}

Deno.test("Flush empties the caches: what is seen and the tail are made again", async () => {
  using device = await requestDevice();
  const { resident, left, printed, made, tail, reads } = await flushed(device, "r.vt.flush");
  assert.ok(resident > 40, `${resident}`);
  assert.equal(left, tail, "only the tail stays");
  assert.equal(printed, `Flushed ${resident - tail} tiles`);
  assert.equal(made.length, resident);
  assert.ok(reads > 8, `of textures that are streamed, too: ${reads}`);
  const control = await flushed(device, "r.VT.MaxUploadsPerFrame");
  assert.deepEqual([control.left, control.made], [resident, []], "negative control");
});
