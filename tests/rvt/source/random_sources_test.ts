import assert from "node:assert/strict";
import { type ForgeDevice, requestDevice } from "../../../src/gpu/mod.ts";
import { expressions as e } from "../../../src/rvt/material/mod.ts";
import { FillSources } from "../../../src/rvt/source/mod.ts";
import { seededRandom } from "../../helpers/random.ts";
import { heightOfLevel, lookDown } from "../../streaming/cameras.ts";
import { insideOf } from "../../streaming/inside.ts";
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

const MIB = 2 ** 20;

/** Two assets: one shows a streaming texture, turned; the other shows the first, a level finer. */
async function twoAssets(device: ForgeDevice, edits: EditedSource, mebibytes: number) {
  const made = new SampledScene(device, { maxMemoryBytes: mebibytes * MIB });
  const source = await made.system.loadTexture(edits.tiles(1024, "rgba8unorm-srgb"));
  const [near, far] = [makeAsset("near"), makeAsset("far", { sizeInTilesLog2: 2 })];
  const swapped = e.append(
    e.componentMask(e.textureCoordinate(), "y"),
    e.componentMask(e.textureCoordinate(), "x"),
  );
  const color = e.componentMask(e.virtualTextureSample(source, { uv: swapped }), "xyz");
  made.scene.addComponent(plane("shows source", color, [near]));
  const finer = e.runtimeVirtualTextureSample(near, { mipMode: "bias", bias: -1 });
  made.scene.addComponent(plane("shows near", finer.baseColor, [far]));
  await made.scene.addVolume(volumeOf(near));
  await made.scene.addVolume(volumeOf(far));
  return { made, source, textures: [made.textureOf(near), made.textureOf(far)] as const };
}

/** Resident and fresh tiles that differ from those of a system in which there is room for everything. */
async function wrongTiles(
  device: ForgeDevice,
  edits: EditedSource,
  { made, textures }: Pick<Awaited<ReturnType<typeof twoAssets>>, "made" | "textures">,
): Promise<number[][]> {
  const whole = await twoAssets(device, edits, 64);
  using rebuilt = whole.made;
  const wrong: number[][] = [];
  for (const [i, texture] of textures.entries()) {
    await rebuilt.load(whole.textures[i]!);
    const read = await made.read(texture);
    for (const tile of [...read.keys()]) if (!isFresh(texture, tile)) read.delete(tile);
    wrong.push(differingTiles(await rebuilt.read(whole.textures[i]!), read, 2));
  }
  return wrong;
}

async function runRandomSteps(
  scene: Awaited<ReturnType<typeof twoAssets>>,
  edits: EditedSource,
  { seed, steps }: { readonly seed: number; readonly steps: number },
): Promise<void> {
  const random = seededRandom(seed);
  const below = (most: number) => Math.floor(random() * most);
  const { made: { system }, source, textures } = scene;
  const any = () => [source, ...textures][below(3)]!;
  for (let step = 0; step < steps; step++) {
    const camera = {
      ...lookDown(below(64), below(64), heightOfLevel(0) / (4 + below(40))),
      viewport: [300, 300] as const,
    };
    switch (below(7)) {
      case 0:
        system.invalidate(source, edits.editCell(below(16), below(16)));
        break;
      case 1:
        system.evictTiles(any());
        break;
      case 2:
        await system.update(camera);
        break;
      case 3: {
        const texture = any();
        scene.made.want(texture, [below(texture.grid.tileCount), below(texture.grid.tileCount)]);
        break;
      }
      case 4:
        system.invalidate(textures[below(2)]!);
        break;
      default:
        for (let frame = 0; frame < 4; frame++) {
          system.updateNow(camera);
          await system.finishUpdate({ timeBudgetMs: 3 });
        }
    }
  }
}

for (const [seed, mebibytes] of [[1, 4], [2, 2.5]] as const) {
  Deno.test(`after random loads, evictions and edits tiles are those of a rebuild (${seed})`, async () => {
    using device = await requestDevice();
    const edits = new EditedSource();
    const scene = await twoAssets(device, edits, mebibytes);
    using made = scene.made;
    await runRandomSteps(scene, edits, { seed, steps: 25 });
    await made.system.flush();
    for (const texture of scene.textures) {
      assert.equal(insideOf(texture).residency.pendingCount, 0);
      assert.equal(insideOf(texture).pool.residency.neededCount, 0);
      assert.ok(
        allTiles(texture).some((tile) => isFresh(texture, tile)),
        "there is something to compare",
      );
    }
    const wrong = await wrongTiles(device, edits, scene);
    const improvable = scene.textures.map((texture) => made.improvable(texture));
    assert.ok(
      wrong.every(({ length }, i) => length <= improvable[i]!),
      `${JSON.stringify(wrong)} differ, ${improvable} are improvable`,
    );
    if (mebibytes >= 4) assert.deepEqual(improvable, [0, 0]);
  });
}

Deno.test("negative control: where edits of sources are not noticed, tiles differ from a rebuild", async () => {
  using device = await requestDevice();
  const edits = new EditedSource();
  const scene = await twoAssets(device, edits, 8);
  using made = scene.made;
  const { takeStaleTiles } = FillSources.prototype;
  FillSources.prototype.takeStaleTiles = () => [];
  try {
    await runRandomSteps(scene, edits, { seed: 3, steps: 8 });
    await made.system.flush();
    made.system.invalidate(scene.source, edits.editCell(3, 3));
    await made.system.flush();
    const wrong = await wrongTiles(device, edits, scene);
    assert.ok(wrong.flat().length > 0);
  } finally {
    FillSources.prototype.takeStaleTiles = takeStaleTiles;
  }
});
