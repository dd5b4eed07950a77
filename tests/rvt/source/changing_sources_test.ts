import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { DecalComponent } from "../../../src/rvt/component/mod.ts";
import { expressions as e, Material } from "../../../src/rvt/material/mod.ts";
import { type TileGrid, touchTest } from "../../../src/tiles/mod.ts";
import { insideOf } from "../../streaming/inside.ts";
import { pause } from "../../streaming/sources.ts";
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

/** A scene in which an asset shows a streaming texture, and another shows the first. */
async function chain(
  device: ForgeDevice,
  options: ConstructorParameters<typeof SampledScene>[1] = {},
) {
  const made = new SampledScene(device, options);
  const edits = new EditedSource();
  const source = await made.system.loadTexture(edits.tiles());
  const [near, far] = [makeAsset("near"), makeAsset("far", { sizeInTilesLog2: 2 })];
  const color = e.componentMask(e.virtualTextureSample(source), "xyz");
  made.scene.addComponent(plane("shows source", color, [near]));
  const copied = e.runtimeVirtualTextureSample(near).baseColor;
  made.scene.addComponent(plane("shows near", copied, [far]));
  await made.scene.addVolume(volumeOf(far));
  await made.scene.addVolume(volumeOf(near));
  return { made, edits, source, near, far };
}

/**
 * Whether the tiles of a grid are made from some tiles of another one that lies in the same place, both of
 * squares that are powers of 2: each shows the level with texels of its own size.
 */
function showsTiles(
  grid: TileGrid,
  source: TileGrid,
  isTouched: (tile: number) => boolean,
): (tile: number) => boolean {
  return (tile) => {
    const { level, x, y } = grid.addressOf(tile);
    const { width } = grid.level(level);
    const { level: shown, tilesX } = source.levels.find((one) => one.width === width)!;
    const range = (at: number) => {
      const clamped = (texel: number) => Math.min(Math.max(Math.floor(texel / 64), 0), tilesX - 1);
      return [clamped(at * 64 - 4), clamped(at * 64 + 67)] as const;
    };
    const [[x0, x1], [y0, y1]] = [range(x), range(y)];
    for (let row = y0; row <= y1; row++) {
      for (let column = x0; column <= x1; column++) {
        if (isTouched(source.tileIndexOf(shown, column, row))) return true;
      }
    }
    return false;
  };
}

Deno.test("a texture that another one shows is rendered before it", async () => {
  using device = await requestDevice();
  const one = await chain(device);
  using made = one.made;
  const far = made.textureOf(one.far);
  await made.load(far);
  const read = await made.read(far);
  assert.equal(read.size, far.grid.tileCount);
  const other = await chain(device);
  using whole = other.made;
  await whole.load(other.source);
  await whole.load(whole.textureOf(other.near));
  whole.system.invalidate(whole.textureOf(other.far));
  await whole.load(whole.textureOf(other.far));
  assert.deepEqual(differingTiles(read, await whole.read(whole.textureOf(other.far)), 1), []);
});

Deno.test("an edit of a source makes stale what was made from it, also through others, and no more", async () => {
  using device = await requestDevice();
  const { made, edits, source, near, far } = await chain(device);
  using scene = made;
  const [nearTexture, farTexture] = [scene.textureOf(near), scene.textureOf(far)];
  await scene.load(nearTexture);
  await scene.load(farTexture);
  scene.system.invalidate(source, edits.editCell(2, 2));
  scene.system.updateNow({ position: [1e7, 1e7, 1] });
  const isSourceStale = touchTest(source.grid, { x0: 128, y0: 128, x1: 192, y1: 192 }, {
    borderTexels: 4,
  });
  const isNearStale = showsTiles(nearTexture.grid, source.grid, isSourceStale);
  const shows: Record<string, (tile: number) => boolean> = {
    near: isNearStale,
    far: showsTiles(farTexture.grid, nearTexture.grid, isNearStale),
  };
  for (const texture of [nearTexture, farTexture]) {
    const stale = allTiles(texture).filter((tile) => !isFresh(texture, tile));
    assert.deepEqual(stale, allTiles(texture).filter(shows[texture.name]!), texture.name);
    assert.ok(stale.length > 0);
  }
  await scene.load(farTexture);
  await scene.load(nearTexture);
  assert.equal(allTiles(farTexture).every((tile) => isFresh(farTexture, tile)), true);
  assert.equal(allTiles(nearTexture).every((tile) => isFresh(nearTexture, tile)), true);
});

Deno.test("an edit of a texture that another one shows is seen in both", async () => {
  using device = await requestDevice();
  const { made, near, far } = await chain(device);
  using scene = made;
  const [nearTexture, farTexture] = [scene.textureOf(near), scene.textureOf(far)];
  await scene.load(nearTexture);
  await scene.load(farTexture);
  const before = await scene.read(farTexture);
  const paint = new Material({ name: "red", domain: "virtual_texture", baseColor: [1, 0, 0] });
  const decal = new DecalComponent({
    name: "decal",
    material: paint,
    size: [6, 6],
    transform: { position: [20, 20, 1] },
    renderToVirtualTextures: [near],
  });
  scene.scene.addComponent(decal);
  await scene.load(farTexture);
  const changed = differingTiles(before, await scene.read(farTexture));
  assert.ok(changed.includes(farTexture.grid.tileIndexOf(0, 1, 1)));
  assert.ok(!changed.includes(farTexture.grid.tileIndexOf(0, 3, 3)));
  scene.scene.removeComponent(decal);
  await scene.load(farTexture);
  assert.deepEqual(differingTiles(before, await scene.read(farTexture), 1), []);
});

Deno.test("a source that is unloaded is black from then on, and a warning says so", async () => {
  using device = await requestDevice();
  const { made, source, near } = await chain(device);
  using scene = made;
  const texture = scene.textureOf(near);
  await scene.load(texture);
  await scene.system.unloadTexture(source);
  await scene.load(texture);
  for (const content of (await scene.read(texture)).values()) {
    assert.ok(content.every((value, i) => value === (i % 4 === 3 ? value : 0)));
  }
  assert.deepEqual(scene.warnings.messages, [
    'Texture "source" is sampled by materials and is not loaded: what they sample of it is ' +
    "transparent black",
  ]);
});

Deno.test("an asset that is placed later is shown as soon as it is", async () => {
  using device = await requestDevice();
  const { made, near, far } = await chain(device);
  using scene = made;
  const volume = scene.scene.volumes.find(({ asset }) => asset === near)!;
  const texture = scene.textureOf(far);
  await scene.load(texture);
  const before = await scene.read(texture);
  await scene.scene.removeVolume(volume);
  await scene.load(texture);
  for (const content of (await scene.read(texture)).values()) {
    assert.ok(content.every((value, i) => value === (i % 4 === 3 ? value : 0)));
  }
  await scene.scene.addVolume(volume);
  await scene.load(texture);
  assert.deepEqual(differingTiles(before, await scene.read(texture), 1), []);
});

Deno.test("a lost device renders everything again, after its sources", async () => {
  const device = await requestDevice();
  using _ = device;
  const { made, near } = await chain(device);
  using scene = made;
  const texture = scene.textureOf(near);
  await scene.load(texture);
  const before = await scene.read(texture);
  device.gpu.destroy();
  await pause();
  await scene.system.renewed();
  await scene.load(texture);
  const after = await scene.read(texture);
  assert.equal(after.size, before.size);
  assert.deepEqual(differingTiles(before, after, 1), []);
  assert.equal(insideOf(texture).pool.residency.neededCount, 0);
});

Deno.test("what no material samples any more is followed no more, and its pool keeps nothing free for it", async () => {
  using device = await requestDevice();
  const { made: scene, source, near, far } = await chain(device);
  using made = scene;
  const [shown, copied] = made.scene.components;
  await made.load(made.textureOf(far));
  const sources = () =>
    [source, made.textureOf(near)].map((one) => insideOf(one).pool.residency.sourceCount);
  assert.ok(sources().every((count) => count > 0), "negative control: they are followed");
  shown!.material = plane("plain", e.constant([1, 0, 0]), [near]).material;
  made.scene.removeComponent(copied!);
  await made.load(made.textureOf(far));
  await made.load(made.textureOf(near));
  assert.deepEqual(sources(), [0, 0]);
});
