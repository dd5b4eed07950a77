import assert from "node:assert/strict";
import {
  expressions as e,
  gridMesh,
  Material,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
} from "../../../src/mod.ts";
import { fromAbove, PictureScene, plainAsset, WORLD } from "./picture_scene.ts";

const MIDDLE = [WORLD / 2, WORLD / 2, 0] as const;
const PLACE = { position: MIDDLE, scale: [WORLD, WORLD, 4] } as const;
const NAMES = ["first", "second", "third"] as const;
const SHARE = 0.2;

Deno.test("the feedback is bound with a sampled texture that a volume places, whichever that is", async () => {
  await using pictures = await PictureScene.open();
  const { scene } = pictures;
  const assets = NAMES.map((name) => plainAsset({ name }));
  const [a, b, c] = assets.map((asset) => e.runtimeVirtualTextureSample(asset).baseColor);
  const material = new Material({
    name: "ground",
    baseColor: e.add(e.add(a!, b!), c!),
    rvtOutput: e.runtimeVirtualTextureOutput({ baseColor: [SHARE, SHARE, SHARE] }),
  });
  const ground = new StaticMeshComponent({
    material,
    mesh: gridMesh({ size: [WORLD, WORLD] }),
    transform: { position: MIDDLE },
    renderToVirtualTextures: assets,
  });
  scene.addComponent(ground);
  const volumes = assets.map((asset) => new RuntimeVirtualTextureVolume(asset, PLACE));
  const camera = fromAbove(64);
  const shown = async () => (await pictures.draw(camera)).data[4 * (32 * 64 + 32)]!;
  const shownOf = new Map<number, Set<number>>();
  let placed = 0;
  // Every subset of the three, by way of additions and removals.
  for (const wanted of [1, 3, 2, 6, 4, 5, 7, 0]) {
    for (const [i, volume] of volumes.entries()) {
      if ((wanted & ~placed) >> i & 1) await scene.addVolume(volume);
      if ((placed & ~wanted) >> i & 1) await scene.removeVolume(volume);
    }
    placed = wanted;
    const count = [0, 1, 2].filter((i) => wanted >> i & 1).length;
    shownOf.set(count, (shownOf.get(count) ?? new Set()).add(await shown()));
  }
  const values = [0, 1, 2, 3].map((count) => [...shownOf.get(count)!]);
  assert.deepEqual(values.map(({ length }) => length), [1, 1, 1, 1], `${values}`);
  assert.deepEqual(values.flat(), values.flat().toSorted((one, other) => one - other));
  assert.equal(new Set(values.flat()).size, 4, "each that is placed adds its share");
});
