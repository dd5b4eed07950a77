import assert from "node:assert/strict";
import { BudgetError } from "../../../src/errors.ts";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { RuntimeVirtualTexture } from "../../../src/rvt/asset/mod.ts";
import { DecalComponent } from "../../../src/rvt/component/mod.ts";
import { Material } from "../../../src/rvt/material/mod.ts";
import { RuntimeVirtualTextureScene } from "../../../src/rvt/scene/rvt_scene.ts";
import { RuntimeVirtualTextureVolume } from "../../../src/rvt/volume/mod.ts";
import { VirtualTextureSystem } from "../../../src/streaming/mod.ts";

const PLACE = { position: [8, 8, 0], scale: [16, 16, 4] } as const;
/** Promises that are waited for at most until a volume is removed; later ones find it placed. */
const MOST_TURNS = 30;

/** A scene with a decal, and a volume that is not there yet. */
function makeScene(device: ForgeDevice, { tileSize = 64, maxMemoryMb = 8 } = {}) {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const logger = { debug() {}, info() {}, warn, error: warn };
  const system = new VirtualTextureSystem(device, { maxMemoryMb, tileSize: 64, logger });
  const scene = new RuntimeVirtualTextureScene(system, { logger });
  const asset = new RuntimeVirtualTexture({
    name: "ground",
    materialType: "base_color",
    sizeInTilesLog2: 2,
    tileSize,
    compressTextures: false,
  });
  const decal = new DecalComponent({
    material: new Material({ name: "red", domain: "virtual_texture", baseColor: [1, 0, 0] }),
    size: [4, 4],
    transform: { position: [4, 4, 0] },
    renderToVirtualTextures: [asset],
  });
  scene.addComponent(decal);
  const volume = new RuntimeVirtualTextureVolume(asset, { name: "land", ...PLACE });
  return { warnings, system, scene, asset, decal, volume };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

Deno.test("a volume that is edited and leaves while it is placed is gone, without an error", async () => {
  using device = await requestDevice();
  for (let count = 0; count < MOST_TURNS; count += 3) {
    for (const leaves of ["remove", "close", "change"] as const) {
      const { warnings, system, scene, asset, decal, volume } = makeScene(device);
      if (leaves === "change") {
        await scene.addVolume(volume);
        asset.change({ tileBorder: 2 });
      }
      const added = leaves === "change" ? null : scene.addVolume(volume);
      await turns(count);
      decal.transform = { position: [11, 11, 0] };
      await (leaves === "close" ? scene.close() : scene.removeVolume(volume));
      await added;
      if (leaves !== "close") await scene.settled();
      assert.equal(system.textures.length, 0, `${leaves} after ${count}`);
      assert.deepEqual(warnings, [], `${leaves} after ${count}`);
      await scene.close();
      system.close();
    }
  }
});

Deno.test("a volume that is removed, mended and added again before its first place fails is there", async () => {
  using device = await requestDevice();
  let failed = 0;
  for (let count = 0; count < MOST_TURNS; count++) {
    const { system, scene, asset, volume } = makeScene(device, { tileSize: 1024, maxMemoryMb: 2 });
    const first = scene.addVolume(volume).catch((error) => {
      assert.ok(error instanceof BudgetError);
      failed++;
    });
    await turns(count);
    const removed = scene.removeVolume(volume);
    asset.change({ tileSize: 64 });
    const second = scene.addVolume(volume);
    await Promise.all([first, removed, second]);
    await scene.settled();
    assert.deepEqual(scene.volumes, [volume], `after ${count}`);
    assert.equal(scene.textureOf(asset)?.name, "ground", `after ${count}`);
    assert.equal(system.textures.length, 1, `after ${count}`);
    await scene.close();
    system.close();
  }
  assert.ok(failed > 0, "the first place has failed at times");
});
