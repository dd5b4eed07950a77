import assert from "node:assert/strict";
import type { WorldBounds } from "../../../src/geometry/mod.ts";
import { requestDevice } from "../../../src/gpu/mod.ts";
import {
  DecalComponent,
  DeferredComponent,
  type PrimitiveComponent,
} from "../../../src/rvt/component/mod.ts";
import { fileIdentity } from "../../../src/rvt/low_mips/mod.ts";
import { Material } from "../../../src/rvt/material/mod.ts";
import { pause } from "../../streaming/sources.ts";
import { withFolder } from "../../helpers/temporary_folder.ts";
import type { PlacedScene } from "../scene/placed_scene.ts";
import { differingTiles } from "../scene/rebuilt_tiles.ts";
import { tilesShowing } from "../scene/tiles_showing.ts";
import { allTiles, placeLowMips, takeRecorded } from "./low_mip_scene.ts";

/** World lengths of the volume are 16, texels of level 0 a sixteenth. */
const CORNER: WorldBounds = { min: [-1, 4.5, -1], max: [1, 6.5, 1] };

function patch(placed: PlacedScene, color = [1, 0, 0]): DecalComponent {
  return new DecalComponent({
    name: "patch",
    material: new Material({ name: "patch", domain: "virtual_texture", baseColor: color }),
    size: [2, 2],
    transform: { position: [0, 5.5, 0] },
    translucencySortPriority: 1,
    renderToVirtualTextures: [placed.asset],
  });
}

/** A patch that counts how often it is loaded. */
function deferredPatch(
  placed: PlacedScene,
  options: { readonly identity?: string; readonly make?: () => PrimitiveComponent } = {},
) {
  const { identity = "patch 1", make = () => patch(placed) } = options;
  const counted = { loads: 0 };
  const deferred = new DeferredComponent({
    name: "patch",
    bounds: CORNER,
    identity,
    renderToVirtualTextures: [placed.asset],
    load: async () => {
      counted.loads++;
      await pause();
      return make();
    },
  });
  return { deferred, counted };
}

Deno.test("a distant view of baked low mips loads nothing, a near one what it shows", async () => {
  using device = await requestDevice();
  await using whole = await placeLowMips(device, { count: 0 });
  whole.scene.addComponent(patch(whole));
  const wanted = await allTiles(whole);
  // A build loads what it shows, and keeps nothing of it.
  await using made = await placeLowMips(device);
  const built = deferredPatch(made);
  made.scene.addDeferredComponent(built.deferred);
  const { builder } = await made.scene.build(made.volume);
  assert.deepEqual([built.counted.loads, built.deferred.isLoaded], [1, false]);
  assert.equal(made.scene.components.length, 2);
  assert.deepEqual(made.volume.warnings, [], "it is known by its identity");
  await built.deferred.load();
  await made.scene.build(made.volume);
  assert.ok(built.deferred.isLoaded, "what was loaded before stays");
  assert.deepEqual(made.volume.warnings, []);

  await using placed = await placeLowMips(device, { builder, scene: { mode: "game" } });
  const { deferred, counted } = deferredPatch(placed);
  placed.scene.addDeferredComponent(deferred);
  await placed.renderTiles([16, 17, 18, 19, 20]);
  assert.deepEqual(placed.volume.warnings, []);
  const low = await placed.readTiles([16, 17, 18, 19, 20]);
  for (const [tile, planes] of low) assert.deepEqual(planes, wanted.get(tile), `tile ${tile}`);
  const fine = [...Array(16).keys()];
  const shown = tilesShowing(placed, deferred.boxes()).perhaps.filter((tile) => tile < 16);
  assert.ok(shown.length >= 1 && shown.length <= 8);
  await placed.renderTiles(fine.filter((tile) => !shown.includes(tile)));
  assert.equal(counted.loads, 0, "nothing was loaded so far");
  await placed.renderAll();
  assert.equal(counted.loads, 1);
  assert.equal(placed.scene.components.length, 3);
  assert.deepEqual(differingTiles(wanted, await placed.readTiles()), []);
  assert.ok(deferred.unload());
  takeRecorded(placed.texture);
  await placed.renderAll();
  assert.deepEqual(takeRecorded(placed.texture).rendered, [], "tiles stay as they are");
  placed.system.evictTiles();
  await placed.renderTiles([shown[0]!]);
  assert.equal(counted.loads, 2, "what is rendered again is loaded again");
});

/** The tiles of the world without a patch. */
async function allTilesWithout(device: Parameters<typeof placeLowMips>[0]) {
  await using placed = await placeLowMips(device, { count: 0 });
  return await allTiles(placed);
}

Deno.test("a volume without baked low mips loads all that it shows before it is added", async () => {
  using device = await requestDevice();
  await using whole = await placeLowMips(device, { count: 0 });
  whole.scene.addComponent(patch(whole));
  const wanted = await allTiles(whole);
  await using placed = await placeLowMips(device, { count: 0 });
  const { deferred, counted } = deferredPatch(placed);
  await placed.scene.removeVolume(placed.volume);
  placed.scene.addDeferredComponent(deferred);
  await placed.scene.addVolume(placed.volume);
  assert.equal(counted.loads, 1);
  assert.deepEqual(differingTiles(wanted, await allTiles(placed)), []);
  assert.ok(placed.scene.removeDeferredComponent(deferred));
  assert.ok(!placed.scene.removeDeferredComponent(deferred));
  assert.equal(placed.scene.components.length, 2);
  assert.deepEqual(differingTiles(await allTilesWithout(device), await allTiles(placed)), []);
});

Deno.test("a scene can be closed, and what never comes be taken away, while tiles wait for it", async () => {
  using device = await requestDevice();
  await using placed = await placeLowMips(device, { count: 0 });
  const { scene, volume } = placed;
  const never = () =>
    new DeferredComponent({
      name: "never",
      bounds: CORNER,
      identity: "never",
      renderToVirtualTextures: [placed.asset],
      load: () => new Promise(() => {}),
    });
  await scene.removeVolume(volume);
  const first = never();
  scene.addDeferredComponent(first);
  const added = scene.addVolume(volume);
  await pause(20);
  assert.equal(scene.textureOf(placed.asset), null);
  scene.removeDeferredComponent(first);
  await added;
  await scene.removeVolume(volume);
  scene.addDeferredComponent(never());
  const addedAgain = scene.addVolume(volume);
  await pause(20);
  await scene.close();
  await addedAgain.catch(() => {});
});

Deno.test("another identity, and an edit of what was loaded, make baked tiles stale", async () => {
  using device = await requestDevice();
  await using placed = await placeLowMips(device);
  const { scene, volume } = placed;
  const first = deferredPatch(placed).deferred;
  scene.addDeferredComponent(first);
  await scene.build(volume);
  const isStale = () => volume.warnings.some((text) => text.includes("stale"));
  const component = await first.load() as DecalComponent;
  assert.ok(!isStale());
  component.size = [1, 1];
  assert.ok(isStale(), "edited");
  first.unload();
  assert.ok(!isStale(), "the edit is gone");
  scene.removeDeferredComponent(first);
  assert.ok(isStale(), "removed");
  const second = deferredPatch(placed, { identity: "patch 2" }).deferred;
  scene.addDeferredComponent(second);
  assert.ok(isStale(), "another file");
  assert.ok(!second.isLoaded);
});

Deno.test("baked tiles are stale where a component comes to lie above a deferred one, loaded or not", async () => {
  using device = await requestDevice();
  await using placed = await placeLowMips(device);
  const { scene, volume } = placed;
  const { deferred } = deferredPatch(placed);
  scene.addDeferredComponent(deferred);
  const below = patch(placed, [0, 1, 0]);
  below.translucencySortPriority = 0;
  scene.addComponent(below);
  await scene.build(volume);
  const stale = () => volume.warnings.join();
  assert.equal(stale(), "");
  below.translucencySortPriority = 5;
  assert.match(stale(), /^\d of 5 baked tiles/, "above one that is not loaded");
  below.translucencySortPriority = 0;
  assert.equal(stale(), "");
  const loaded = await deferred.load();
  // Edited, it is known by what it is.
  loaded.transform = { position: [0, 5.4, 0] };
  await scene.build(volume);
  assert.equal(stale(), "");
  loaded.translucencySortPriority = -1;
  assert.match(stale(), /^\d of 5 baked tiles/, "below the other one");
});

Deno.test("of two with one priority, the one that was made first lies below, however they are loaded", async () => {
  using device = await requestDevice();
  const shown: number[][] = [];
  for (const first of [0, 1]) {
    await using placed = await placeLowMips(device, { count: 0 });
    const made = [[1, 0, 0], [0, 1, 0]].map((color) =>
      deferredPatch(placed, { make: () => patch(placed, color) }).deferred
    );
    // Nor does it matter which was added first.
    for (const one of first === 0 ? made : made.toReversed()) {
      placed.scene.addDeferredComponent(one);
    }
    await made[first]!.load();
    await placed.renderAll();
    const { components } = placed.scene;
    const [below, above] = made.map(({ component }) => component!);
    assert.ok(below!.order < above!.order && components.includes(above!));
    assert.ok((below!.id < above!.id) === (first === 0), "as they were loaded");
    shown.push([...(await placed.readTiles()).get(20)![0]!]);
  }
  assert.deepEqual(shown[0], shown[1]);
});

Deno.test("what cannot be loaded is left out with a warning, until a call of its load succeeds", async () => {
  using device = await requestDevice();
  const messages: string[] = [];
  const scene = { logger: { warn: (text: string) => void messages.push(text) } };
  await using placed = await placeLowMips(device, { count: 0, scene });
  let isBroken = true;
  const { deferred } = deferredPatch(placed, {
    make: () => {
      if (isBroken) throw new Error("the file is gone");
      return patch(placed);
    },
  });
  placed.scene.addDeferredComponent(deferred);
  assert.deepEqual(differingTiles(await allTilesWithout(device), await allTiles(placed)), []);
  assert.deepEqual(messages, [
    'the file is gone. Tiles are rendered without deferred component "patch" until a call of its ' +
    "load() succeeds",
  ]);
  assert.match(deferred.failure!.message, /gone/);
  placed.volume.change({ streamingLowMips: 1 });
  await placed.scene.settled();
  await assert.rejects(placed.scene.build(placed.volume), {
    name: "BakeError",
    message: /as deferred component "patch" cannot be loaded: the file is gone/,
  });
  isBroken = false;
  await placed.scene.build(placed.volume);
  assert.equal(deferred.failure, null, "a build tries again");
  await deferred.load();
  assert.equal(deferred.failure, null);
  await using whole = await placeLowMips(device, { count: 0 });
  whole.scene.addComponent(patch(whole));
  assert.deepEqual(differingTiles(await allTiles(whole), await allTiles(placed)), []);
});

Deno.test("a component that is not what was said is refused by name", async () => {
  using device = await requestDevice();
  await using placed = await placeLowMips(device, { count: 0 });
  await using other = await placeLowMips(device, { count: 0 });
  const refused = async (make: () => unknown, message: RegExp) => {
    const { deferred } = deferredPatch(placed, { make: make as () => PrimitiveComponent });
    await assert.rejects(deferred.load(), message);
    assert.match(deferred.failure!.message, message);
    assert.ok(!deferred.isLoaded);
  };
  await refused(() => null, /"patch" as load must give a component: current value is null/);
  await refused(() => patch(other), /must name its textures alone: it names/);
  const outside = patch(placed);
  outside.size = [3, 2];
  await refused(() => outside, /must lie in its bounds, \[-1, 4.5, -1\] to \[1, 6.5, 1\]: current/);
  const { deferred } = deferredPatch(placed);
  placed.scene.addDeferredComponent(deferred);
  assert.throws(() => placed.scene.addDeferredComponent(deferred), /is in the scene already/);
  assert.throws(
    () => placed.scene.addDeferredComponent({} as never),
    /must be a DeferredComponent/,
  );
  const { name, identity, renderToVirtualTextures } = deferred;
  for (const bounds of [null, { min: [0, 0, 0] }, { min: [1, 0, 0], max: [0, 1, 1] }]) {
    const load = () => Promise.resolve(patch(placed));
    const options = { name, identity, renderToVirtualTextures, load, bounds: bounds as never };
    assert.throws(() => new DeferredComponent(options), /deferred component "patch" as (min|max)/);
  }
  const loading = deferred.load();
  deferred.unload();
  await assert.rejects(loading, { name: "DisposedError", message: /as it was unloaded/ });
  assert.equal(deferred.failure, null);
});

Deno.test("files are known by their content, without being loaded", () =>
  withFolder(async (folder) => {
    const [a, b] = [`${folder}/a.glb`, `${folder}/b.glb`];
    await Deno.writeFile(a, new Uint8Array([1, 2, 3]));
    await Deno.writeFile(b, new Uint8Array([1, 2, 3]));
    const before = await fileIdentity([a, b]);
    assert.equal(await fileIdentity([b, a]), before, "names do not count");
    await Deno.writeFile(b, new Uint8Array([1, 2, 4]));
    assert.notEqual(await fileIdentity([a, b]), before);
    await assert.rejects(fileIdentity(`${folder}/c`), { name: "FileError" });
    await assert.rejects(fileIdentity([]), /must be a path or a list of one or more/);
  }));
