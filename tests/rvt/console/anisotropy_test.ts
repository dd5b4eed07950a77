import assert from "node:assert/strict";
import {
  DecalComponent,
  expressions as e,
  lookAt,
  Material,
  perspective,
  type Picture,
  planeMesh,
  RuntimeVirtualTextureVolume,
  StaticMeshComponent,
  VirtualTextureConsole,
} from "../../../src/mod.ts";
import { NOON, PictureScene, plainAsset, WORLD } from "../pictures/picture_scene.ts";

/** Looks along stripes, over the ground and nearly in it. */
const CAMERA = {
  position: [8, -1, 0.7],
  view: lookAt([8, -1, 0.7], [8, 8, 0], { up: [0, 0, 1] }),
  projection: perspective({ fovYDegrees: 30, aspect: 2, near: 0.1, far: 100 }),
  width: 192,
  height: 96,
};

/** Ground that shows stripes along y through a runtime virtual texture. */
async function stripedGround(shown: PictureScene): Promise<void> {
  const { scene } = shown;
  const asset = plainAsset({ sizeInTilesLog2: 4 });
  const x = e.componentMask(e.worldPosition(), "x");
  const wave = e.saturate(e.multiply(e.sine(e.multiply(x, 25)), 1000));
  const place = { position: [8, 8, 0] };
  scene.addComponent(
    new DecalComponent({
      material: new Material({
        name: "stripes",
        domain: "virtual_texture",
        baseColor: e.append(e.append(wave, wave), wave),
      }),
      size: [WORLD, WORLD],
      transform: place,
      renderToVirtualTextures: [asset],
    }),
  );
  const { baseColor } = e.runtimeVirtualTextureSample(asset);
  scene.addComponent(
    new StaticMeshComponent({
      material: new Material({ name: "ground", baseColor }),
      mesh: planeMesh({ size: [WORLD, WORLD] }),
      transform: place,
    }),
  );
  await scene.addVolume(
    new RuntimeVirtualTextureVolume(asset, { ...place, scale: [WORLD, WORLD, 4] }),
  );
}

/** Mean difference of neighbours in the rows that show the ground from afar. */
function contrast({ data, width }: Picture): number {
  let sum = 0;
  let count = 0;
  for (let row = 34; row < 60; row++) {
    for (let column = 30; column < width - 30; column++) {
      const at = 4 * (row * width + column);
      sum += Math.abs(data[at]! - data[at + 4]!);
      count++;
    }
  }
  return sum / count;
}

Deno.test("MaxAnisotropy sharpens what is seen nearly along it, and 1 is as without a console", async () => {
  await using shown = await PictureScene.open();
  await stripedGround(shown);
  const plain = await shown.draw(CAMERA, NOON);
  const console = new VirtualTextureConsole(shown.scene);
  const same = await shown.draw(CAMERA, NOON);
  assert.deepEqual(same.data, plain.data, "a console alone changes no picture");
  const pictures = new Map<number, Picture>();
  for (const most of [8, 3, 1]) {
    await console.exec(`r.VT.MaxAnisotropy ${most}`);
    pictures.set(most, await shown.draw(CAMERA, NOON));
  }
  const [eight, three, one] = [...pictures.values()].map(contrast) as [number, number, number];
  assert.deepEqual(pictures.get(1)!.data, plain.data, "negative control: trilinear by default");
  if (shown.device.gpu.features.has("timestamp-query")) {
    shown.system.invalidate(shown.system.textures[0]!);
    await shown.draw(CAMERA, NOON);
    const { gpuMs, tilesDrawn } = console.statistics().updates.most;
    assert.ok(gpuMs! > 0 && tilesDrawn > 0, "what rendering tiles takes is measured by timestamps");
  }
  assert.ok(eight > 1.5 * three && three > 1.5 * one, `${eight}, ${three} and ${one}`);
});
