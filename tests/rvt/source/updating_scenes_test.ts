import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e, Material, MaterialInstance } from "../../../src/rvt/material/mod.ts";
import { heightOfLevel, lookDown } from "../../streaming/cameras.ts";
import { insideOf } from "../../streaming/inside.ts";
import { ControlledSource } from "../../streaming/sources.ts";
import {
  allTiles,
  differingTiles,
  EditedSource,
  isFresh,
  makeAsset,
  plane,
  SampledScene,
  volumeOf,
} from "./sampled_scene.ts";

/** A camera that sees part of the world at its finest. */
function cameraAt(x: number, y: number) {
  return { ...lookDown(x, y, heightOfLevel(0) / 16), viewport: [400, 400] as const };
}

/** A scene whose source can be told to fail, and which draws so many tiles in an update. */
async function controlledScene(device: ForgeDevice, drawn = 8) {
  const made = new SampledScene(device);
  const source = new ControlledSource(new EditedSource().tiles());
  const streamed = await made.system.loadTexture(source);
  const asset = makeAsset("ground");
  made.scene.change({ maxUploadsPerFrameInEditor: drawn });
  const color = e.componentMask(e.virtualTextureSample(streamed), "xyz");
  made.scene.addComponent(plane("plane", color, [asset]));
  await made.scene.addVolume(volumeOf(asset));
  return { made, source, streamed, texture: made.textureOf(asset) };
}

Deno.test("after a teleport no tile is shown before it is sharp, with a limit of one tile an update", async () => {
  using device = await requestDevice();
  const { made, texture } = await controlledScene(device, 1);
  using scene = made;
  for (const [x, y] of [[12, 12], [52, 52], [12, 52]] as const) {
    const before = scene.renderings(texture);
    const camera = cameraAt(x, y);
    const { residency } = insideOf(texture);
    const had = residency.slotOf.size;
    for (let frame = 0; frame < 400; frame++) {
      const rendered = scene.renderings(texture);
      const result = scene.system.updateNow(camera);
      await scene.system.finishUpdate({ timeBudgetMs: 2 });
      assert.ok(scene.renderings(texture) <= rendered + 1, "one tile an update");
      if (result.tilesQueued + result.tilesPending === 0) break;
    }
    // Each tile was rendered once; the tail may have been improved.
    const renderings = scene.renderings(texture) - before;
    assert.ok(renderings <= residency.slotOf.size - had + 1, `${renderings} renderings`);
    assert.equal(scene.improvable(texture), 0);
  }
});

Deno.test("a source's tile that cannot be read is left out, and shown once it can", async () => {
  using device = await requestDevice();
  const { made, source, streamed, texture } = await controlledScene(device);
  using scene = made;
  const broken = streamed.grid.tileIndexOf(0, 2, 2);
  let isBroken = true;
  source.before = ({ tile }) => {
    if (isBroken && tile === broken) throw new Error("broken");
  };
  scene.want(texture);
  await scene.system.update(lookDown(1e7, 1e7, 1));
  assert.ok(allTiles(texture).every((tile) => isFresh(texture, tile)), "all were rendered");
  const lacking = scene.improvable(texture);
  assert.ok(lacking > 0 && lacking < texture.grid.tileCount / 2, `${lacking} lack something`);
  isBroken = false;
  for (let round = 0; round < 40 && scene.improvable(texture) > 0; round++) {
    await scene.system.update(lookDown(1e7, 1e7, 1));
    scene.want(texture);
  }
  await scene.load(texture);
  assert.equal(scene.improvable(texture), 0);
  const whole = await controlledScene(device);
  using wanted = whole.made;
  await wanted.load(whole.texture);
  assert.deepEqual(
    differingTiles(await wanted.read(whole.texture), await scene.read(texture)),
    [],
  );
});

Deno.test("a frame at rest asks nothing of sources and renders nothing", async () => {
  using device = await requestDevice();
  const { made, texture } = await controlledScene(device);
  using scene = made;
  const camera = cameraAt(30, 30);
  await scene.system.update(camera);
  await scene.system.flush();
  const before = { ...scene.system.getStatistics() };
  for (let frame = 0; frame < 30; frame++) {
    const { tilesQueued, tilesRequested } = scene.system.updateNow(camera);
    assert.deepEqual([tilesQueued, tilesRequested], [0, 0]);
  }
  assert.equal(scene.system.getStatistics().tilesRequested, before.tilesRequested);
  assert.equal(scene.improvable(texture), 0);
});

Deno.test("a cycle that a change makes is cut and warned of, and mended by another change", async () => {
  using device = await requestDevice();
  using made = new SampledScene(device);
  const { scene } = made;
  const [one, other, third] = ["one", "other", "third"].map((name) => makeAsset(name)) as [
    ReturnType<typeof makeAsset>,
    ReturnType<typeof makeAsset>,
    ReturnType<typeof makeAsset>,
  ];
  const grey = plane("grey", [0.5, 0.5, 0.5], [third]);
  const sample = e.runtimeVirtualTextureSampleParameter("shown", third).baseColor;
  const shows = new Material({ name: "shows", domain: "virtual_texture", baseColor: sample });
  const instance = new MaterialInstance(shows, { name: "instance" });
  const shown = plane("shown", [0, 0, 0], [one]);
  shown.material = instance;
  const copy = plane("copy", e.runtimeVirtualTextureSample(one).baseColor, [other]);
  for (const component of [grey, shown, copy]) scene.addComponent(component);
  for (const asset of [one, other, third]) await scene.addVolume(volumeOf(asset));
  const texture = made.textureOf(one);
  await made.load(texture, [0]);
  const before = (await made.read(texture)).get(0)!;
  const middle = 4 * (72 * 36 + 36);
  assert.equal(before[middle], 188);
  instance.setRuntimeVirtualTexture("shown", other);
  await made.load(texture, [0]);
  assert.equal((await made.read(texture)).get(0)![middle], 0);
  assert.match(made.warnings.messages.join(), /one → other → one/);
  const count = made.warnings.messages.length;
  instance.setRuntimeVirtualTexture("shown", third);
  await made.load(texture, [0]);
  assert.deepEqual((await made.read(texture)).get(0), before);
  assert.equal(made.warnings.messages.length, count);
});
