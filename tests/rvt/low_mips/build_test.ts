import assert from "node:assert/strict";
import { requestDevice } from "../../../src/gpu/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { VirtualTextureBuilder } from "../../../src/rvt/low_mips/mod.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { openFileSource, openTileStore } from "../../../src/sources/mod.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import { differingTiles } from "../scene/rebuilt_tiles.ts";
import { storedValues } from "../scene/smooth_world.ts";
import { makeAsset, plane, SampledScene, volumeOf } from "../source/sampled_scene.ts";
import { allTiles, builtTiles, placeLowMips } from "./low_mip_scene.ts";

const GAME = { scene: { mode: "game" } } as const;

Deno.test("the first build makes a builder, further ones fill it again", async () => {
  using device = await requestDevice();
  await using placed = await placeLowMips(device, GAME);
  const { scene, volume, asset } = placed;
  assert.match(volume.warnings.join(), /are rendered: none are built: build them/);
  const [first, ...others] = await scene.buildVirtualTextures();
  assert.equal(others.length, 0);
  assert.equal(volume.settings.virtualTextureBuilder, first!.builder);
  assert.deepEqual([first!.volume, first!.levels, first!.tileCount], [volume, 2, 5]);
  assert.equal(first!.builder.bytes!.byteLength, first!.byteLength);
  assert.equal(asset.streamedLowMips, 2, "it is streamed once the promise resolves");
  assert.deepEqual(volume.warnings, []);
  volume.change({ streamingLowMips: 3 });
  await scene.settled();
  assert.match(volume.warnings.join(), /^2 of 3 low mips of volume "volume" .* are built/);
  const again = await scene.build(volume);
  assert.deepEqual([again.builder, again.tileCount], [first!.builder, 21]);
  assert.equal(asset.streamedLowMips, 3);
  volume.change({ virtualTextureBuilder: null });
  await scene.settled();
  assert.equal(asset.streamedLowMips, 0);
});

Deno.test("a file holds all planes of every tile as any tile store does, and other scenes read it", () =>
  withFolder(async (folder) => {
    using device = await requestDevice();
    const path = `${folder}/ground.pmtiles`;
    const materialType = "ycocg_base_color_normal_specular" as const;
    const asset = { compressTextures: true };
    const made = { materialType, asset, builder: new VirtualTextureBuilder({ path }) };
    await builtTiles(device, made);
    const store = await openTileStore(await openFileSource(path));
    assert.deepEqual(store.planes.map(({ format }) => format), [
      "bc3-rgba-unorm",
      "bc5-rg-unorm",
      "bc1-rgba-unorm",
    ]);
    assert.equal(store.grid.tileCount, 5);
    await using placed = await placeLowMips(device, { ...made, ...GAME });
    const tiles = await allTiles(placed);
    assert.equal(placed.asset.streamedLowMips, 2);
    for (const tile of [0, 4]) {
      const { level, x, y } = store.grid.addressOf(tile);
      const planes = await store.readTilePlanes(level, x, y);
      assert.deepEqual(planes.map((bytes) => [...bytes]), tiles.get(16 + tile)!.map((b) => [...b]));
    }
    store.close();
  }));

Deno.test("Build Debug tints base colours red, and the volume says so", async () => {
  using device = await requestDevice();
  const builder = await builtTiles(device, { volume: { buildDebug: true } });
  await using placed = await placeLowMips(device, { ...GAME, builder });
  assert.match(placed.volume.warnings.join(), /were built with buildDebug/);
  const heights = await builtTiles(device, {
    materialType: "world_height",
    volume: { buildDebug: true },
  });
  const high = { ...GAME, materialType: "world_height", builder: heights } as const;
  await using plainHeights = await placeLowMips(device, high);
  assert.deepEqual(plainHeights.volume.warnings, [], "heights have no colour");
  const tinted = await allTiles(placed);
  await using plain = await placeLowMips(device, { count: 0 });
  const others = await allTiles(plain);
  assert.deepEqual(differingTiles(others, tinted), [16, 17, 18, 19, 20]);
  const [color, wanted] = [[placed, tinted], [plain, others]].map(([scene, tiles]) =>
    storedValues(scene as typeof placed, (tiles as typeof tinted).get(20)!)[2000]!.baseColor!
  );
  assert.ok(color![0]! > wanted![0]! && color![1]! < wanted![1]! && color![2]! < wanted![2]!);
});

Deno.test("Build Debug builds again what was built without it, and the other way round", async () => {
  using device = await requestDevice();
  await using placed = await placeLowMips(device, GAME);
  const { scene, volume } = placed;
  const built = [];
  for (const buildDebug of [false, true, true, false]) {
    const isOther = volume.settings.buildDebug !== buildDebug;
    volume.change({ buildDebug });
    await scene.settled();
    if (buildDebug && isOther) assert.match(volume.warnings.join(), /without buildDebug: build/);
    await scene.build(volume);
    assert.equal(/with buildDebug/.test(volume.warnings.join()), buildDebug);
    assert.doesNotMatch(volume.warnings.join(), /without buildDebug/);
    built.push(await allTiles(placed));
  }
  const [plain, tinted, again, restored] = built;
  assert.deepEqual(differingTiles(plain!, tinted!), [16, 17, 18, 19, 20]);
  assert.deepEqual(differingTiles(tinted!, again!), []);
  assert.deepEqual(differingTiles(plain!, restored!), []);
});

Deno.test("all volumes with low mips are built, or one alone", async () => {
  using device = await requestDevice();
  using made = new SampledScene(device);
  const { scene } = made;
  scene.change({ mode: "game" });
  const assets = ["one", "other", "none"].map((name) => makeAsset(name, { sizeInTilesLog2: 1 }));
  scene.addComponent(plane("ground", [0, 1, 0], assets));
  const volumes = assets.map(volumeOf);
  const [one, other, none] = volumes;
  for (const volume of [one!, other!]) volume.change({ streamingLowMips: 1 });
  for (const volume of volumes) await scene.addVolume(volume);
  const builtLevels = () => assets.map(({ streamedLowMips }) => streamedLowMips);
  assert.equal((await scene.build(other!)).volume, other);
  assert.deepEqual(builtLevels(), [0, 1, 0], "one alone");
  const reports = await scene.buildVirtualTextures();
  assert.deepEqual(reports.map(({ volume }) => volume), [one, other]);
  assert.deepEqual(builtLevels(), [1, 1, 0]);
  assert.equal(none!.settings.virtualTextureBuilder, null);
  assert.deepEqual(volumes.flatMap(({ warnings }) => warnings), []);
  await scene.close();
});

Deno.test("a build that is aborted, or during which the scene is edited, leaves what was built before", async () => {
  using device = await requestDevice();
  await using placed = await placeLowMips(device, { ...GAME, asset: { compressTextures: true } });
  const { scene, volume } = placed;
  const { builder } = await scene.build(volume);
  const bytes = builder.bytes!;
  const atlasBytes = () => placed.system.getMemoryInfo().atlasMemory;
  const before = atlasBytes();
  const abort = new AbortController();
  const seen: number[] = [];
  const aborted = scene.build(volume, {
    signal: abort.signal,
    onProgress({ volume: built, tiles, tileCount }) {
      seen.push(tiles, tileCount);
      assert.equal(built, volume);
      abort.abort(new Error("enough"));
    },
  });
  await assert.rejects(aborted, /enough/);
  assert.deepEqual(seen, [5, 5]);
  const [layer] = scene.components;
  const edited = scene.build(volume, { onProgress: () => scene.removeComponent(layer!) });
  await assert.rejects(edited, { name: "BakeError", message: /edited meanwhile: build it again/ });
  scene.addComponent(layer!);
  const changed = scene.build(volume, {
    onProgress: () => void placed.asset.change({ compressionQuality: "high" }),
  });
  await assert.rejects(changed, /edited meanwhile/);
  placed.asset.change({ compressionQuality: "low" });
  await scene.settled();
  assert.deepEqual(builder.bytes, bytes);
  assert.equal(placed.asset.streamedLowMips, 2);
  assert.equal(atlasBytes(), before, "memory is given back");
});

Deno.test("a device that is lost ends a build by an error, and the next one goes well", async () => {
  using device = await requestDevice();
  await using placed = await placeLowMips(device, GAME);
  const { scene, volume } = placed;
  const { builder } = await scene.build(volume);
  const bytes = builder.bytes!;
  volume.change({ streamingLowMips: 3 });
  await scene.settled();
  const lost = scene.build(volume, { onProgress: () => device.gpu.destroy() });
  await assert.rejects(lost, { name: "DeviceError" });
  assert.deepEqual(builder.bytes, bytes);
  await placed.system.renewed();
  assert.equal((await scene.build(volume)).tileCount, 21);
});

Deno.test("a small budget is enough: a build takes fewer tiles at a time", async () => {
  using device = await requestDevice();
  const made = { asset: { tileSize: 256 }, count: 3 } as const;
  await using small = await placeLowMips(device, { ...made, system: { maxMemoryMb: 12 } });
  await using large = await placeLowMips(device, made);
  const builders = [];
  for (const { scene, volume, system } of [small, large]) {
    builders.push((await scene.build(volume)).builder);
    assert.ok(system.peakMemory <= system.getMemoryInfo().totalBudget);
  }
  assert.deepEqual(builders[0]!.bytes, builders[1]!.bytes, "the same scene gives the same bytes");
});

Deno.test("bad input is refused by name, and changes nothing", async () => {
  using device = await requestDevice();
  await using placed = await placeLowMips(device, { count: 0 });
  const { scene, volume } = placed;
  assert.deepEqual(await scene.buildVirtualTextures(), []);
  await assert.rejects(scene.build(volume), {
    name: "OutOfRangeError",
    message: 'Cannot build low mips of volume "volume" as streamingLowMips must be >= 1: ' +
      "current value is 0",
  });
  volume.change({ streamingLowMips: 1 });
  const virtualTextureBuilder = new VirtualTextureBuilder({ name: "shared" });
  const other = new RuntimeVirtualTextureVolume(new RuntimeVirtualTexture({ name: "other" }), {
    name: "other",
    streamingLowMips: 1,
    virtualTextureBuilder,
  });
  volume.change({ virtualTextureBuilder });
  await scene.addVolume(other);
  await assert.rejects(scene.buildVirtualTextures(), {
    name: "InvalidArgumentError",
    message: 'Cannot build virtual textures as volumes must have builders of their own: "volume" ' +
      'and "other" have "shared"',
  });
  assert.equal(virtualTextureBuilder.generation, 0, "nothing was built");
  await scene.removeVolume(other);
  placed.asset.change({ removeLowMips: 1 });
  await scene.settled();
  await assert.rejects(scene.build(volume), /must be > removeLowMips of .*, 1: current value is 1/);
  await scene.removeVolume(volume);
  await assert.rejects(scene.build(volume), {
    name: "InvalidArgumentError",
    message: /as it is not in the scene: add it first/,
  });
  assert.deepEqual(volume.warnings, []);
  assert.throws(() => volume.change({ streamingLowMips: 16 }), /streamingLowMips must be/);
  assert.throws(
    () => volume.change({ virtualTextureBuilder: {} as VirtualTextureBuilder }),
    /virtualTextureBuilder must be a VirtualTextureBuilder/,
  );
  assert.throws(
    () => new VirtualTextureBuilder({ path: "a", bytes: new Uint8Array() }),
    /as it has one place at most: current ones are path, bytes/,
  );
});
